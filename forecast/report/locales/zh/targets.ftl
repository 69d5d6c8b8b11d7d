## Why a target has no probability

reason-no-level = 评估需有已公布的年度数据，且年份须足以支持预测。
reason-not-computed = 该序列无法计算：{ $why }
reason-too-thin = 现有数据不足以支持预测：至少需有{ $years }个年份的数据，且各年间隔不宜过大。
reason-no-family = 序列仅有{ $years }年，现有模型均无法估计。
reason-two-series = 评估需有本地区及对比地区两个序列的多年数据。
reason-two-indicators = 评估需有两个指标的多年年度数据。
reason-all-series = 评估需有所列全部地区的多年年度数据。
reason-no-growth = 评估需有自基年{ $start }年起的年度数据；基年尚未到来的，需有截至目前的多年年度数据。
reason-no-adoption = 计数起始日期不明。
reason-no-count = 规划通过以来的完整累计数尚未公布：有日期记录的事件只能作为下限，其记录是否完整尚不清楚。
reason-no-amounts = 评估需有截至目前的多年年度数据；累计期为{ $years }。
reason-no-times = 评估需有各线路的最快运行时间；超过时限的线路，还需有更快线路的计划开通时间。
reason-no-markets = 评估需有各市场截至目前的多年成交额。
reason-no-editions = 评估需有同一指数至少{ $n }个年度的排名，且来源须注明指数名称。

## What was varied between the lowest and the highest probability

range-families = 各类模型
range-adoption = 规划可能的通过日期
range-journeys = 各线路运行时间可能的联动方式
range-markets = 各市场可能的联动方式
range-experts = 各位专家

## Figures that are missing

missing-adoption = 规划通过日期
missing-count = 规划通过以来的完整累计新增数
missing-level = 年度数据
missing-amount = 年度数额
missing-time = 列车运行图所载时间
missing-time-or-opening = 列车运行图所载时间，或更快线路的计划开通时间
missing-rank = 同一指数的排名

## What experts judge where the target is no single figure

asked = { $kind ->
    [markets] 所列市场中成交额最小者的成交额
    [legs] 所列线路中最长的运行时间
    [count] 规划通过以来的新增数
   *[cumulative] 各年累计数
}
asked-comparison = { $whole ->
    [True] 本地区数值减去对比地区数值
   *[False] 本地区数值减去对比地区数值的{ $share }
}

## Parts of a target

part-event = 事件
part-all-events = 规划通过以来累计
part-when-estimated = { $year }年，估计值
basis-opening = { $lines }开通

## Supposed figures

suppose-count = 截至{ $day }累计{ $n }个
suppose-rank = { $years }排名第{ $rank }位
suppose-journeys = { $n ->
    [one] 该线路目前运行时间不超过{ $limit }
    [2] 两条缺数据的线路目前运行时间均不超过{ $limit }
   *[other] { $n }条缺数据的线路目前运行时间均不超过{ $limit }
}
suppose-opening = { $others ->
    [0] { $year }年前后（误差一年）开通新线路，{ $journey }运行时间为{ $limit }
   *[other] { $year }年前后（误差一年）开通新线路，{ $journey }运行时间为{ $limit }，其余线路均在时限以内
}
suppose-level = { $year }年为{ $level }
suppose-level-growing = { $year }年为{ $level }，此前年均增长{ $growth }
suppose-markets = { $stays ->
    [0] { $markets }{ $level }
   *[other] { $markets }{ $level }，{ $still }维持最近已知水平
}
suppose-ratio = { $year }年为对比地区数值的{ $share }
