## What is missing

gap-missing-head = ## 缺少的数据
gap-missing = { $figures }。
gap-missing-line = 缺少的数据：{ $figures }。
gap-figure = { $dated ->
    [True] { $places }{ $indicator }：{ $what }（{ $when }）
   *[False] { $places }{ $indicator }：{ $what }
}
gap-each-year = { $years }各年
gap-up-to = 截至{ $day }

gap-target = 目标
gap-status-head = 评估状态
gap-missing-column = 缺少的数据
gap-known = 数据条目数
gap-status = { $status ->
    [assessed] 已评估
    [already_met] 已提前实现
    [judgement] 专家判断
    [partly_known] 部分数据可得
   *[not_assessable] 暂不具备评估条件
}

## What a figure would tell

gap-head = ## 新数据对评估结果的影响
gap-examples = 以下为示例：假如公布此类数据，实现概率将为多少。示例并非对这些数据的预测。
gap-wander = 假设的各年水平围绕平稳增长路径上下波动{ $size }。
gap-bounded = 示例以假设的总量代替已公布的组成部分：假设的总量较低或增长较慢时，所得概率可能低于上述下限，因为该下限依据的是各组成部分的已知水平和增速。
gap-moves = 假如再获得一项数据，实现概率平均变动（上升或下降）的幅度以及目标年份90%预测区间收窄的幅度如下。
gap-suppose = 假设
gap-then = 相应的实现概率
gap-still-none = 仍无法给出
gap-level-of = 数据
gap-by = 实现概率平均变动
gap-narrower = 区间收窄
gap-moved = { $limit ->
    [True] 至多{ $points }
   *[False] { $points }
}
gap-level = { $year }年数据

## Which figure to get first

gap-get = 数据
gap-for = 目标
gap-effect = 作用
gap-effect-moves = 可使实现概率平均变动{ $points }，预测区间收窄{ $narrower }
gap-effect-opens = { $n ->
    [1] 即可给出实现概率
   *[other] 获得全部{ $n }项数据后即可给出实现概率
}
gap-effect-examples = { $n ->
    [1] { $same ->
        [True] 即可给出实现概率（各示例均为{ $low }）
       *[False] 即可给出实现概率（各示例中为{ $low }至{ $high }）
    }
   *[other] { $same ->
        [True] 获得全部{ $n }项数据后即可给出实现概率（各示例均为{ $low }）
       *[False] 获得全部{ $n }项数据后即可给出实现概率（各示例中为{ $low }至{ $high }）
    }
}
gap-nothing = 现有缺口中，没有任何一项数据会改变评估结果。
