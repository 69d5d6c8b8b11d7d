## The path that a plan implied, and when the median meets the target

milestones-head = ## 年度进度
milestones-no-path = { $lacking ->
    [adoption] 数据中没有规划通过的日期，无法推算规划隐含的年度进度。
    [met] 规划通过前的最后一个完整年度（{ $year }年）已达到目标，无隐含的年度进度。
   *[base] 规划隐含的年度进度应从通过前的最后一个完整年度（{ $year }年）算起，但该年数值未知。
}
milestones-path = { $origin ->
    [published] 规划通过前的最后一个完整年度为{ $base }年，当年公布值为{ $start }；由此到{ $year }年达到{ $value }，隐含年均{ $rate }。
    [calculated] 规划通过前的最后一个完整年度为{ $base }年，当年数值由其他公布数计算为{ $start }；由此到{ $year }年达到{ $value }，隐含年均{ $rate }。
    [estimated] 规划通过前的最后一个完整年度为{ $base }年，当年数值估计为{ $start }；由此到{ $year }年达到{ $value }，隐含年均{ $rate }。
   *[rebased] 规划通过前的最后一个完整年度为{ $base }年，当年数值按现行口径估计为{ $start }；由此到{ $year }年达到{ $value }，隐含年均{ $rate }。
}
milestones-stated =
    { $base }年按旧口径公布的数值为{ $stated }，由此计算的隐含速度为年均{ $rate }。{ $year }年数据将采用现行口径或更新的口径，
    因此上述进度从换算后的数值算起。
milestones-rounding = 变动和差距按四舍五入前的数值计算。
milestones-reading = 按“左右”的判定标准达到{ $limit }，隐含年均{ $rate }。
milestones-gap = { $origin ->
    [published] { $side ->
        [on] { $year }年公布值为{ $now }，与达到{ $end }的进度一致。
        [ahead] { $year }年公布值为{ $now }，比达到{ $end }的进度（{ $path }）超前{ $gap }。
       *[behind] { $year }年公布值为{ $now }，比达到{ $end }的进度（{ $path }）落后{ $gap }。
    }
    [calculated] { $side ->
        [on] { $year }年由公布数计算的数值为{ $now }，与达到{ $end }的进度一致。
        [ahead] { $year }年由公布数计算的数值为{ $now }，比达到{ $end }的进度（{ $path }）超前{ $gap }。
       *[behind] { $year }年由公布数计算的数值为{ $now }，比达到{ $end }的进度（{ $path }）落后{ $gap }。
    }
   *[estimated] { $side ->
        [on] { $year }年估计值为{ $now }，与达到{ $end }的进度一致。
        [ahead] { $year }年估计值为{ $now }，比达到{ $end }的进度（{ $path }）超前{ $gap }。
       *[behind] { $year }年估计值为{ $now }，比达到{ $end }的进度（{ $path }）落后{ $gap }。
    }
}
milestones-gap-reading = { $side ->
    [on] 与达到{ $end }的进度则一致。
    [ahead] 与达到{ $end }的进度（{ $path }）相比，则超前{ $gap }。
   *[behind] 与达到{ $end }的进度（{ $path }）相比，则落后{ $gap }。
}
milestones-met = { $case ->
    [since] { $origin ->
        [published] 据已公布数据，{ $met }年起已达到目标。
       *[estimated] 据现有估计，{ $met }年起已达到目标。
    }
    [early] 按预测中位数，目标将于{ $met }年实现，提前{ $late }年。
    [on-time] 按预测中位数，目标将于{ $met }年如期实现。
    [late] 按预测中位数的变动速度（年均{ $rate }），目标将于{ $met }年实现，推迟{ $late }年。
    [beyond] 按预测中位数的变动速度（年均{ $rate }），{ $met }年以前难以实现目标。
   *[never] 按预测中位数的变动速度（年均{ $rate }），目标无法实现。
}
milestones-value = { $case ->
    [since] { $met }年起已达到{ $value }的全额目标。
    [early] { $value }的全额目标将于{ $met }年实现。
    [on-time] { $value }的全额目标将于{ $met }年实现。
    [late] 按此速度，{ $met }年方可达到{ $value }的全额目标。
    [beyond] { $value }的全额目标在{ $met }年以前难以实现。
   *[never] { $value }的全额目标无法实现。
}
milestones-next = 最先可供检验的是{ $year }年：预测中位数为{ $median }，90%预测区间为{ $interval }。
milestones-brief-gap = { $side ->
    [on] { $year }年与规划隐含的进度一致。
    [ahead] { $year }年比规划隐含的进度超前{ $gap }。
   *[behind] { $year }年比规划隐含的进度落后{ $gap }。
}
milestones-brief-met = { $case ->
    [since] { $origin ->
        [published] { $met }年起已达到目标。
       *[estimated] 据估计{ $met }年起已达到目标，尚无公布数据可资证实。
    }
    [beyond] 按预测中位数，{ $met }年以前难以实现。
    [never] 按预测中位数无法实现。
    [late] 若一直保持预测中位数的变动速度，{ $met }年方可实现。
   *[on-time] 按预测中位数，{ $met }年实现。
}
milestones-brief-next = { $year }年预测中位数为{ $median }（90%预测区间为{ $interval }）。
milestones-col-year = 年份
milestones-col-figure = { $unit ->
    [none] 数值
   *[other] 数值（{ $unit }）
}
milestones-col-path = { $points ->
    [True] 达到{ $end }的进度（差距，百分点）
   *[False] 达到{ $end }的进度（差距）
}
milestones-col-chance = 是否达标
milestones-figure = { $origin ->
    [published] { $value }（公布）
    [calculated] { $value }（计算得出）
    [estimated] { $value }（估计）
   *[forecast] { $value }（中位数）
}
milestones-against = { $path }（{ $gap }）
milestones-outcome = { $met ->
    [True] 是
   *[False] 否
}
