## Why a target has no probability

reason-no-level = An assessment requires a published yearly level and enough years to forecast from.
reason-not-computed = The series cannot be computed. { $why }
reason-too-thin =
    Too little is known to forecast from: it takes { $years } years with evidence, not too far apart.
reason-no-family = No family of models can work with { $years } years.
reason-two-series =
    An assessment requires both series, the region’s own and the one it is compared with, for several
    years.
reason-two-indicators = An assessment requires the yearly levels of both indicators for several years.
reason-all-series = An assessment requires the yearly levels of all regions of the list for several years.
reason-no-growth =
    An assessment requires yearly levels from the base year, { $start }, on; if that year is still ahead,
    for several years up to now.
reason-no-adoption = It is not known from which date events count.
reason-no-count =
    No complete count since the adoption of the plan has been published: dated events alone are a
    lower bound, and it is not known how complete their list is.
reason-no-amounts =
    An assessment requires yearly amounts for several years up to now; the sum is over { $years }.
reason-no-times =
    An assessment requires the fastest scheduled time of every journey, and the planned opening of a
    faster line for each that takes longer.
reason-no-markets =
    An assessment requires the yearly turnover of each market for several years up to now.
reason-no-editions =
    An assessment requires the rank in { $n } or more yearly editions of the same index, from a source
    that names the index.

## What was varied between the lowest and the highest probability

range-families = single models
range-adoption = days on which the plan may have been adopted
range-journeys = ways in which the timetables of the journeys may change together
range-markets = ways in which the markets may move together
range-experts = experts

## Figures that are missing

missing-adoption = the date on which the plan was adopted
missing-count = complete count of new ones since the plan was adopted
missing-level = yearly level
missing-amount = yearly amount
missing-time = fastest scheduled time
missing-time-or-opening = fastest scheduled time, or the planned opening of a faster line
missing-rank = rank in the same index

## What experts judge where the target is no single figure

asked = { $kind ->
    [markets] turnover of the smallest market of the list
    [legs] longest of the travel times of the list
    [count] number of new ones since the plan was adopted
   *[cumulative] sum over the years
}
asked-comparison = { $whole ->
    [True] own figure less the one it is compared with
   *[False] own figure less { $share } of the one it is compared with
}

## Parts of a target

part-event = event
part-all-events = all since adoption
part-when-estimated = { $year }, an estimate
basis-opening = opening of { $lines }

## Supposed figures

suppose-count = { $n } in all up to { $day }
suppose-rank = rank { $rank } in { $years }
suppose-journeys = { $n ->
    [one] the journey takes { $limit } or less today
    [2] both missing journeys take { $limit } or less today
   *[other] all { $n } missing journeys take { $limit } or less today
}
suppose-opening = { $others ->
    [0] a line opens about { $year }, give or take a year: { $journey } in { $limit }
   *[other]
        a line opens about { $year }, give or take a year: { $journey } in { $limit }, the others are
        within the time
}
suppose-level = { $level } in { $year }
suppose-level-growing = { $level } in { $year }, after growth of { $growth } a year
suppose-markets = { $stays ->
    [0] { $markets }: { $level }
   *[other] { $markets }: { $level }; { $still } as last known
}
suppose-ratio = { $share } of the other figure in { $year }
