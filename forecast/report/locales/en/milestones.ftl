## The path that a plan implied, and when the median meets the target

milestones-head = ## Milestones
milestones-no-path = { $lacking ->
    [adoption] The data do not say when the plan was adopted, so the path that it implied is not known.
    [met] The target was already met in { $year }, the last complete year before the plan was adopted; it implied no growth from there.
   *[base] The path that the plan implied begins in { $year }, the last complete year before it was adopted; the figure of that year is not known.
}
milestones-path = { $origin ->
    [published] In { $base }, the last complete year before the plan was adopted, the published figure was { $start }. From there, reaching { $value } in { $year } implied { $rate }.
    [calculated] In { $base }, the last complete year before the plan was adopted, the figure was { $start } (calculated from other published figures). From there, reaching { $value } in { $year } implied { $rate }.
    [estimated] In { $base }, the last complete year before the plan was adopted, the figure was { $start } (our estimate). From there, reaching { $value } in { $year } implied { $rate }.
   *[rebased] In { $base }, the last complete year before the plan was adopted, the figure was { $start } (our estimate on today’s basis). From there, reaching { $value } in { $year } implied { $rate }.
}
milestones-stated =
    On the earlier basis { $stated } had been published for { $base }, from which the plan implied { $rate }. The
    figure for { $year } will be on today’s basis or a later one, so the path starts from the converted figure.
milestones-rounding = Changes and gaps are computed before rounding.
milestones-reading = Reaching { $limit }, which still counts as “about”, implied { $rate }.
milestones-gap = { $origin ->
    [published] { $side ->
        [on] The published figure for { $year }, { $now }, is on the path to { $end }.
        [ahead] The published figure for { $year }, { $now }, is { $gap } ahead of the path to { $end } ({ $path }).
       *[behind] The published figure for { $year }, { $now }, is { $gap } behind the path to { $end } ({ $path }).
    }
    [calculated] { $side ->
        [on] The figure calculated for { $year }, { $now }, is on the path to { $end }.
        [ahead] The figure calculated for { $year }, { $now }, is { $gap } ahead of the path to { $end } ({ $path }).
       *[behind] The figure calculated for { $year }, { $now }, is { $gap } behind the path to { $end } ({ $path }).
    }
   *[estimated] { $side ->
        [on] The estimate for { $year }, { $now }, is on the path to { $end }.
        [ahead] The estimate for { $year }, { $now }, is { $gap } ahead of the path to { $end } ({ $path }).
       *[behind] The estimate for { $year }, { $now }, is { $gap } behind the path to { $end } ({ $path }).
    }
}
milestones-gap-reading = { $side ->
    [on] It is on the path to { $end }.
    [ahead] It is { $gap } ahead of the path to { $end } ({ $path }).
   *[behind] It is { $gap } behind the path to { $end } ({ $path }).
}
milestones-met = { $case ->
    [since] { $origin ->
        [published] According to published figures the target has been met since { $met }.
       *[estimated] According to current estimates the target has been met since { $met }.
    }
    [early] The median forecast meets the target in { $met }, { $late ->
        [one] one year
       *[other] { $late } years
    } early.
    [on-time] The median forecast meets the target in { $met }, the target year.
    [late] At the pace of the median forecast ({ $rate }) the target would be met in { $met }, { $late ->
        [one] one year
       *[other] { $late } years
    } late.
    [beyond] At the pace of the median forecast ({ $rate }) the target would not be met before { $met }.
   *[never] At the pace of the median forecast ({ $rate }) the target would not be met in any year.
}
milestones-value = { $case ->
    [since] The full { $value } has been exceeded since { $met }.
    [early] It reaches the full { $value } in { $met }.
    [on-time] It reaches the full { $value } in { $met }.
    [late] The full { $value } would be reached in { $met }.
    [beyond] The full { $value } would not be reached before { $met }.
   *[never] The full { $value } would not be reached in any year.
}
milestones-next =
    The first year to be checked is { $year }: the median forecast is { $median }; in 90 of 100 simulated paths the
    figure lies in the range { $interval }.
milestones-brief-gap = { $side ->
    [on] On the path that the plan implied in { $year }.
    [ahead] { $gap } ahead of the path that the plan implied, in { $year }.
   *[behind] { $gap } behind the path that the plan implied, in { $year }.
}
milestones-brief-met = { $case ->
    [since] { $origin ->
        [published] Met since { $met }.
       *[estimated] Met since { $met } by our estimate; no figure has been published that shows it.
    }
    [beyond] At the median pace not met before { $met }.
    [never] Not met at the median pace.
    [late] Met only in { $met }, if growth went on at the median pace.
   *[on-time] Met in { $met } at the median pace.
}
milestones-brief-next = Expected for { $year }: { $median } (90% interval { $interval }).
milestones-col-year = Year
milestones-col-figure = { $unit ->
    [none] Figure
   *[other] Figure, { $unit }
}
milestones-col-path = { $points ->
    [True] Path to { $end } (gap, percentage points)
   *[False] Path to { $end } (gap)
}
milestones-col-chance = Target met
milestones-figure = { $origin ->
    [published] { $value } (published)
    [calculated] { $value } (calculated)
    [estimated] { $value } (estimate)
   *[forecast] { $value } (median)
}
milestones-against = { $path } ({ $gap })
milestones-outcome = { $met ->
    [True] yes
   *[False] no
}
