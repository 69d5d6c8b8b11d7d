## How years are known

origin-published = 已公布
origin-derived = 推算
origin-nowcast = 即时预测
origin-imputed = 由相关指标推断
origin-interpolated = 插值（无数据）
origin-doubted = 已公布（存疑）

## Last figures

known-published = { $firm ->
    [True] 最近一期公布数为{ $year }年的{ $value }。
   *[False] 最近一期可靠公布数为{ $year }年的{ $value }。
}
known-none = { $state ->
    [certain] 尚无可靠的全年数据。
    [current-published] 现行统计口径下的数据尚未公布。
    [current-certain] 现行统计口径下尚无可靠的数据。
   *[published] 全年数据尚未公布。
}
known-older = 旧口径的最近一期数据为{ $year }年的{ $value }。
known-at = （条目{ $id }）
known-weak = { $basis ->
    [older] 据可靠性较低的来源，{ $year }年为{ $value }{ $at }，为旧口径。
   *[same] 据可靠性较低的来源，{ $year }年为{ $value }{ $at }。
}
known-doubt = { $basis ->
    [older]
        { $year }年公布数{ $value }{ $at }存疑：按其余全部数据测算，同一旧口径下应为{ $fitted }。
   *[same]
        { $year }年公布数{ $value }{ $at }存疑：按其余全部数据测算，应为{ $fitted }。
}
known-years-nowcast = { $n ->
   *[other] { $years }仅有部分时段的数据。
}
known-years-imputed = { $n ->
   *[other] { $years }仅由相关指标推断。
}
known-years-interpolated = { $n ->
   *[other] { $years }无数据，为插值估计。
}
known-years-calculated = { $n ->
   *[other] { $years }由其他已公布数据推算。
}
known-years-growth = { $n ->
   *[other] { $years }由增速推算。
}
known-years-older-basis = { $n ->
   *[other] { $years }由旧口径数据换算。
}
known-years-growth-and-older-basis = { $n ->
   *[other] { $years }由增速和旧口径数据推算。
}
known-figure = { $how ->
    [older] { $value }（{ $year }年，旧口径）
    [estimated] 约{ $value }（{ $year }年）
    [calculated] { $value }（{ $year }年，由公布数计算）
    [summed] { $value }（{ $year }年，分期数合计）
   *[published] { $value }（{ $year }年）
}
known-nothing = 暂无数据
known-step =
    将“{ $basis }”的数据衔接至现行口径，调整幅度为{ $change }（90%可信区间为{ $low }至{ $high }）。
