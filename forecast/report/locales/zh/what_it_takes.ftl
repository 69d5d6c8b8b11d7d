## Related figures

takes-figure = { $when }{ $place }{ $indicator }{ statement-average }{ statement-measure }
takes-axis = { $unit ->
    [none] { $place }{ $indicator }{ statement-average }{ takes-measure }
   *[other] { $place }{ $indicator }{ statement-average }{ takes-measure }（{ $unit }）
}
takes-measure = { $measure ->
    [level] 水平
    [share] 占{ $of }的比重
    [change] 升降幅度
    [real_growth] 实际增速
   *[growth] 增速
}
takes-axis-chance = 实现概率（%）
takes-forecast = { $middle }（{ $low }至{ $high }）
takes-value = { $value }
takes-value-none = —
takes-change = { $low } → { $high }
takes-relation = { $kind ->
    [self] 目标指标自身
    [part] 核算关系（分项或总量）
    [link] 相关系数{ $correlation }（{ $low }至{ $high }），{ $years ->
       *[other] { $years }年
    }
   *[none] 无可靠关联
}

## Lead

takes-title = # 目标实现条件——{ $target }
takes-no-goal = 该目标没有可用的预测，无法分析其关联指标；所缺数据见该目标的专页。
takes-lead-now = { $under ->
    [baseline] 目标实现概率{ $chance }。
   *[scenario] 在“{ $scenario }”情景下，目标实现概率{ $chance }。
}
takes-pace = { $state ->
    [missed] { $side ->
        [down] { $sense ->
            [falls] **若{ $years }年均降幅小于{ $rate }，目标将无法实现**。
           *[rises] **只有{ $years }年均降幅超过{ $rate }，目标才会落空**。
        }
       *[up] { $sense ->
            [falls] **只有{ $years }年均增幅超过{ $rate }，目标才会落空**。
           *[rises] **若{ $years }年均增幅低于{ $rate }，目标将无法实现**。
        }
    }
   *[needed] { $side ->
        [down] { $sense ->
            [falls] **实现目标需{ $years }年均下降{ $rate }**。
           *[rises] **{ $years }年均降幅不超过{ $rate }即可实现目标**。
        }
       *[up] { $sense ->
            [falls] **{ $years }年均增幅不超过{ $rate }即可实现目标**。
           *[rises] **实现目标需{ $years }年均{ takes-rise }{ $rate }**。
        }
    }
}
takes-rise = { $points ->
    [True] 提高
   *[False] 增长
}
takes-past = { $n ->
   *[other] { $state ->
        [missed] 在有数据或估计值的{ $n }个以往{ takes-span }时段（相互重叠）中，{ $times ->
            [0] 从未低于这一速度
           *[other] 有{ $times }个低于这一速度
        }。
       *[needed] 在有数据或估计值的{ $n }个以往{ takes-span }时段（相互重叠）中，{ $times ->
            [0] 从未达到这一速度
           *[other] 有{ $times }个达到这一速度
        }。
    }
}
takes-span = { $span ->
   *[other] { $span }年
}
takes-lead-even = { $figure }须为{ $value }（预测中位数为{ $expected }），实现概率方为50%。

## Sections

takes-note =
    ## 与实现概率相关联的指标

    下表列出某项指标分别处于其自身90%预测区间下端和上端时目标的实现概率（%），以及实现概率为50%时该指标的数值
    （“—”表示在其预测值上下{ $reach }个标准差之内没有这样的数值）。其他指标按历史预测误差的相关程度随之变动。
    相关系数附有90%区间和所依据的年数，误差持续性较强的折算为较少年数。
    以上均为相关关系，不是因果关系；相关系数不是政策所能设定的。
takes-inside =
    ### { $place }自身的指标

    这些指标反映{ $place }自身情况，其中部分可由本地施加影响。目标指标的分项和总量与其为核算关系，不构成影响因素。
takes-outside =
    ### 外部条件

    { $place }以上地区的指标，{ $place }无法决定。
takes-left =
    { $n ->
       *[other] 另有{ $n }项指标经检验未列入
    }：{ $unlinked }项与目标无可靠关联（历史预测误差相关系数的90%区间包含零）{ takes-left-still }。完全无关的指标中，约十分之一会因偶然而通过这一检验。
takes-left-still = { $still ->
    [0] {""}
   *[other] ，{ $still }项虽有关联，但对实现概率的影响不足{ $notable }个百分点
}
takes-nothing = { $n ->
    [0] 数据中没有其他指标具备可与该目标相联系的历史预测记录。
   *[other] 共检验{ $n }项关联指标，均不能使实现概率明显变动：{ takes-nothing-why }
}
takes-nothing-why = { $unlinked ->
    [0] { takes-nothing-still }
   *[other] { $still ->
        [0] { $unlinked }项与目标无可靠关联（历史预测误差相关系数的90%区间包含零）。
       *[other] { $unlinked }项与目标无可靠关联（历史预测误差相关系数的90%区间包含零）；{ takes-nothing-still }
    }
}
takes-nothing-still = { $still ->
   *[other] { $still }项有可靠关联，但在其90%预测区间两端之间，实现概率的变动不足{ $notable }个百分点，在{ $reach }个标准差之内也不会达到50%。
}

## Table

takes-column-figure = 关联指标
takes-column-chance = 实现概率（低 → 高）
takes-column-even = 实现概率为50%
takes-column-forecast = 预测值（90%预测区间）
takes-column-relation = 关系

## Strongest figures

takes-row = { $place }{ $indicator }
takes-tornado-title = { $target }：实现概率随{ $series }由{ $low }变为{ $high }
takes-tornado-alt =
    { $n ->
       *[other] { $n }项指标
    }分别处于其预测区间两端时“{ $target }”目标的实现概率。变动最大的是{ $figure }：
    为{ $from }时实现概率{ $low }，为{ $to }时{ $high }。虚线为当前的实现概率，即{ $now }。
takes-tornado-caption = 该指标处于其90%预测区间下端或上端时，每100条模拟路径中实现目标的条数。
takes-tornado-end = { $end ->
    [low] 该指标处于预测区间下端
   *[high] 该指标处于预测区间上端
}

## Probability over one figure

takes-response-title = { $target }：{ $from }时实现概率{ $low }，{ $to }时{ $high }（{ $series }）
takes-response-alt =
    曲线表示“{ $target }”目标的实现概率随一项指标（{ $figure }）的变化：为{ $from }时{ $low }，为{ $to }时{ $high }，
    二者为该指标自身90%预测区间的两端。
takes-response-caption = 曲线：该指标取相应数值时，每100条模拟路径中实现目标的条数。阴影：100次中有90次该指标落在此范围内。
takes-response-usual = 该指标的90%预测区间

## Path to the target value

takes-path-head = ## 达到目标值的路径
takes-path-title = { $year }年预测中位数为{ $baseline }，目标值为{ $needed }
takes-path-alt =
    “{ $target }”的两条逐年曲线：一条为预测中位数（{ $year }年{ $baseline }），另一条为恰好达到目标值的模拟路径的中位数（{ $needed }）。
takes-path-caption = 均为中位数：每100条同类模拟路径中，50条高于该线，50条低于该线。
takes-path = { $end ->
    [baseline] 预测中位数
   *[needed] 恰好达到目标值
}
takes-path-tip = 路径
takes-path-none = 没有模拟路径能够达到目标值。{ $reason }
