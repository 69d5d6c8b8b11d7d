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
takes-value-far = { $value }（偏离{ $distance }个标准差）
takes-value-none = —

## Lead

takes-title = # 目标实现条件——{ $target }
takes-no-goal = 该目标没有可用的预测，无法分析其关联因素；所缺数据见该目标的专页。
takes-lead-now = { $under ->
    [baseline] 目标实现概率{ $chance }。
   *[scenario] 在“{ $scenario }”情景下，目标实现概率{ $chance }。
}
takes-lead-even = { $side ->
    [down] **{ $figure }为{ $value }（预测中位数为{ $expected }）时，实现概率降至50%**。
   *[up] **{ $figure }为{ $value }（预测中位数为{ $expected }）时，实现概率升至50%**。
}
takes-lead-unmoved = **任一关联因素在其预测值上下{ $most }个标准差的范围内变动，实现概率均无变化**。
takes-lead-limited = { $side ->
    [down] **任一关联因素在其预测值上下{ $most }个标准差的范围内变动，实现概率均不会降至50%**。
   *[up] **任一关联因素在其预测值上下{ $most }个标准差的范围内变动，实现概率均不会升至50%**。
}
takes-lead-range = 与实现概率关联最强的是{ $figure }，相应的实现概率由{ $low }变为{ $high }。

## Table

takes-column-figure = 关联因素
takes-column-forecast = 预测值
takes-column-for = 实现概率为{ $chance }
takes-none = 没有可供分析的关联因素。
takes-note =
    表中为实现概率分别为10%、50%和90%时关联因素的相应数值；括号内为该因素自身预测的90%预测区间。
    偏离其预测值超过{ $most }个标准差的数值均予注明，可视为难以达到；“—”表示在{ $reach }个标准差之内未能达到。
    第一行为目标指标自身下一年的增速（下一年即为目标年份的除外），其余各行为与实现概率关联最强的因素。
    以上反映历史上的相关关系：关联因素不一定是目标实现与否的原因，其中能够由政策直接决定的也很少。

## Probability over one figure

takes-response-note = 与实现概率关联最强的因素：{ $figure }。
takes-response-title = { $target }：实现概率与单个关联因素的关系
takes-response-alt =
    曲线表示“{ $target }”目标的实现概率随单个关联因素（{ $figure }）的变化，阴影为该因素自身预测的90%预测区间。
takes-response-usual = 该因素的90%预测区间

## Strongest figures

takes-tornado-head =
    ## 关联最强的因素

    将本地区及上级地区的其他各项指标逐一由其{ $low }分位数变动至{ $high }分位数，其余指标按历史相关程度随之变动。
takes-tornado-title = { $what ->
    [probability] { $target }：各因素取低值和高值时的实现概率
   *[median] { $target }：各因素取低值和高值时{ $year }年的预测中位数
}
takes-tornado-alt = { $what ->
    [probability] { $figures }项其他指标分别取低值和高值时“{ $target }”（{ $year }年）目标的实现概率，虚线为当前的实现概率。
   *[median] { $figures }项其他指标分别取低值和高值时“{ $target }”{ $year }年的预测中位数，虚线为当前的预测中位数。
}
takes-tornado-range = { $low }至{ $high }
takes-tornado-end = { $end ->
    [low] 该因素取{ $quantile }分位数
   *[high] 该因素取{ $quantile }分位数
}

## Path to the target value

takes-path-head = ## 达到目标值的路径
takes-path-title = 预测路径与恰好达到目标值的路径
takes-path-alt = “{ $target }”的两条逐年曲线：一条为预测中位数，另一条为恰好达到目标值的模拟路径的中位数。
takes-path-expected = 预测中位数
takes-path-needed = 恰好达到目标值
takes-path = 路径
takes-path-none = 没有模拟路径能够达到目标值。{ $reason }

## Two figures at once

takes-surface-head = ## 两项关联因素的组合
takes-surface-none = 可供分析的关联因素不足两项。
takes-surface-note = 横轴：{ $across }；纵轴：{ $up }。
takes-surface-title = { $target }：两项关联因素不同组合下的实现概率（%）
takes-surface-alt = 网格表示两项关联因素不同取值下“{ $target }”目标的实现概率，各因素的取值范围为其2.5%至97.5%分位数。
