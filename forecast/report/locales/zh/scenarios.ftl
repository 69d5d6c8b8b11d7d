## Statements of a scenario

statement-prices = GDP平减指数
statement-series = { $place }{ $indicator }
statement = { $when }{ $place }{ $indicator }{ statement-figure }{ statement-spread }{ statement-odds }
statement-figure = { $form ->
    [percent] { statement-average }{ statement-measure }比基准情景{ statement-side }{ $size }
    [points] { statement-average }{ statement-measure }比基准情景{ statement-side }{ $size }
   *[figure] { $measure ->
        [level] { statement-average }{ statement-measure }{ statement-size }
        [share] { statement-average }{ statement-measure }{ statement-size }
        [change] { $limit ->
            [exactly] { statement-average }{ $side ->
                [down] 降低{ $size }
               *[up] 提高{ $size }
            }
           *[other] { statement-average }{ $side ->
                [down] 降幅{ statement-size }
               *[up] 升幅{ statement-size }
            }
        }
        [real_growth] { $limit ->
            [exactly] { statement-average }{ $side ->
                [down] 实际下降{ $size }
               *[up] 实际增长{ $size }
            }
           *[other] { statement-average }{ $side ->
                [down] 实际降幅{ statement-size }
               *[up] 实际增速{ statement-size }
            }
        }
       *[growth] { $limit ->
            [exactly] { statement-average }{ $side ->
                [down] 下降{ $size }
               *[up] 增长{ $size }
            }
           *[other] { statement-average }{ $side ->
                [down] 降幅{ statement-size }
               *[up] 增速{ statement-size }
            }
        }
    }
}
statement-average = { $several ->
    [True] 年均
   *[False] {""}
}
statement-measure = { $measure ->
    [level] 水平
    [share] 占{ $of }的比重
    [change] 升降幅度
    [real_growth] 实际增速
   *[growth] 增速
}
statement-side = { $side ->
    [down] 低
   *[up] 高
}
statement-size = { $limit ->
    [least] 不低于{ $size }
    [most] 不超过{ $size }
   *[exactly] 为{ $size }
}
statement-spread = { $certain ->
    [True] {""}
   *[False] （标准差{ $spread }）
}
statement-odds = { $sure ->
    [True] {""}
   *[False] （概率{ $odds }）
}

## Why a scenario cannot be applied

refused-not-forecast = { $statements }。{ $series }未纳入联合预测：已知数据过少，或采用线性尺度。
refused-years = { $statements }。预测期为{ $first }—{ $last }年。
refused-change = { $statements }。升降幅度只适用于占比类指标，该指标应设定增速。
refused-growth = { $statements }。增速只适用于总量类指标，该指标应设定升降幅度。
refused-prices = { $statements }。缺少可用于计算实际增速的价格指数。
refused-known = { $statements }。该数据已经公布，且与此不同。
refused-far =
    { $statements }。该设定偏离预测{ $distance }个标准差，超出模拟路径所能支持的范围（最多{ $most }个标准差）。
refused-contradiction = 以下设定相互矛盾：{ $statements }。
refused-far-together =
    以下设定相互矛盾，单独看均有可能，合在一起则偏离预测{ $distance }个标准差：{ $statements }。
refused-unmet = 模拟路径无法满足以下设定：{ $statements }。
refused-few =
    { $statements }。每100条模拟路径中仅有{ $share }条符合该设定，至少需要{ $least }条才能推断其影响。
refused-left =
    { $paths }条模拟路径中仅有{ $left }条符合以下设定，不足以推断其影响（每100条至少需要{ $least }条）：{ $statements }。
refused-sum =
    { $series }：前者为其余各项之和，而{ $year }年的设定数值与此不符：{ $statements }。
refused-part =
    { $series }：前者是后者的一部分，而{ $year }年的设定数值与此不符：{ $statements }。
refused-product =
    { $series }：第一项等于后两项之积，而{ $year }年的设定数值与此不符：{ $statements }。

## Page on scenarios: lead

scenarios-title = # 情景分析
scenarios-refused = **情景不成立：{ $scenario }**。{ $reason }
scenarios-no-goal = 本规划没有以可预测指标衡量的目标。
scenarios-lead = **{ $finding }**。
scenarios-lead-most = 受情景影响最大的目标是{ $target }：在“{ $worst }”情景下实现概率{ $low }，在“{ $best }”情景下{ $high }
scenarios-lead-none = { $scenarios ->
    [0] 没有可与基准情景比较的情景
   *[other] 各情景下，各项目标实现概率的变动均不足{ $notable }个百分点
}
scenarios-changing = { $scenarios ->
    [0] 基准情景下的实现概率
   *[other] { $n ->
        [0] 各情景之间，各项目标实现概率的差异均不足{ $notable }个百分点
       *[other] { $targets }项目标中有{ $n }项的实现概率在各情景之间相差{ $notable }个百分点及以上
    }
}
scenarios-lead-count = { $n ->
    [0] 仅列出基准情景下{ scenarios-targets }的实现概率。
   *[other] { $n }个情景与基准情景进行比较，涉及{ scenarios-targets }。
}
scenarios-targets = { $targets ->
   *[other] { $targets }项可预测的年度数值目标
}
scenarios-lead-meaning =
    每个情景对若干指标的未来数值作出设定，其他指标按历史预测误差的相关程度随之变动。
    结果反映哪些情况往往同时出现，不表示因果关系，也不表示情景本身发生的可能性。
scenarios-lead-years = 各目标所用年度的起始月份不同，按年度编号相互对应。

## Probabilities and medians

scenarios-chart-alt = 每项目标占一行，各情景下的实现概率以不同标记标在0—100%的坐标轴上。
scenarios-chart-caption = 标记表示各情景下每100条模拟路径中实现目标的条数。某情景与某项目标无可靠关联的，该行不作标记。
scenarios-chart-axis = 实现概率（%）
scenarios-chances-head =
    ## 实现概率

    点击目标名称可查看该目标的专页。{ scenarios-unlinked }
scenarios-medians-head =
    ## 预测中位数

    若某项目标在各情景下均难以实现，可比较目标年份的预测中位数。“†”的含义同上。
scenarios-unlinked =
    标有“†”的数值虽与基准情景不同，但没有可靠关联：该情景所设定的各项指标与该目标的历史预测误差相关系数，
    其90%区间均包含零，不能视为结论。
scenarios-column-target = 目标
scenarios-column-scenario = 情景
scenarios-column-value = 目标值
scenarios-column-chance = 实现概率

## Several targets

scenarios-together-head =
    ## 多项目标同时实现的概率

    各项目标所依据的指标相互关联，目标的实现与否也因此相互关联。
scenarios-all = { $n ->
    [1] 唯一一项可预测的年度数值目标的实现概率：{ $chance }。
   *[other] { $n }项可预测的年度数值目标全部实现的概率：{ $chance }。
}
scenarios-most = 其中至少{ $k }项实现的概率：{ $chance }（若各项目标相互独立：{ $alone }）。
scenarios-column-or-more = 至少{ $k }项
scenarios-ties-head = 基准情景下关联最强且关联可靠的目标组合（实现概率）
scenarios-ties-none = 实现概率处于上下限之间的目标中，没有两项具有可靠关联，根据历史误差无法判断哪些目标往往同时实现。
scenarios-ties-pair = { $a }与{ $b }
scenarios-column-pair = A与B
scenarios-column-both = 同时实现
scenarios-column-apart = 若相互独立
scenarios-column-a-if-b = B实现时A实现
scenarios-column-a-if-not-b = B未实现时A实现
scenarios-column-b-if-a = A实现时B实现
scenarios-column-b-if-not-a = A未实现时B实现

## Scenario by scenario

scenarios-details-head =
    ## 各情景的设定

    与基准情景的距离以模拟路径的标准差计：约三分之一的路径偏离超过1个标准差，约二十分之一超过2个标准差。
scenarios-name = ### { $scenario }
scenarios-channel = 传导渠道：{ $channel }
scenarios-assumption = - **{ $statement }**{ $measured ->
    [True] （偏离{ $distance }个标准差）。{ $reason }
   *[False] 。{ $reason }
}{ $sourced ->
    [True] 资料来源：{ $source }。
   *[False] {""}
}
scenarios-baseline = 不作任何假设，即现有预测。
scenarios-distance = { $size ->
    [none] 与基准情景的距离：不足单个指标的0.1个标准差，几乎没有偏离。
    [small] 与基准情景的距离：相当于单个指标偏离{ $surprise }个标准差，属于正常波动范围。
   *[large] 与基准情景的距离：相当于单个指标偏离{ $surprise }个标准差，约每{ $rarity }条模拟路径中有1条偏离到这一程度。
}
scenarios-sample = 相对熵为{ $entropy }；若仅采用加权方法，{ $paths }条模拟路径的有效样本量为{ $effective }条。
scenarios-extreme = **应视为极端情形**，而非预测。
scenarios-moved = 实现概率变动最大的目标：{ $changes }。
scenarios-change = { $target }由{ $before }变为{ $after }
scenarios-noise = 无可靠关联、不能视为结论的变动：{ $changes }。
scenarios-unmoved = 有可靠关联的各项目标，实现概率的变动均不足{ $notable }个百分点。
scenarios-parts-head = 与各项设定相对应的实现概率：
scenarios-column-statement = 设定
scenarios-column-baseline = 基准情景
scenarios-column-without = 去除该设定
scenarios-column-alone = 仅保留该设定

## Method

scenarios-method =
    ## 计算方法

    各指标沿用其专页的模拟路径，由Copula函数确定路径之间的对应关系；相关系数根据历史预测误差估计，
    因年份有限而向零大幅收缩，同一年份的冲击同时作用于所有指标。在每条路径中，各分项之和等于总量，
    任一分项不超过其总量，以占比表示的指标由相应占比推算。
    情景设定的数值（确定值或带标准差）使路径移动（条件预测）；上下限设定使路径加权（熵倾斜）。
    结果反映历史上的相关关系，而非因果关系。

## Command line

scenarios-terminal-target = 目标
scenarios-terminal-year = 年份
scenarios-terminal-baseline = 基准情景
scenarios-terminal-scenario = 本情景
scenarios-terminal-median = 中位数
scenarios-terminal-median-scenario = 本情景中位数
