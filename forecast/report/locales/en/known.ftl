## How years are known

origin-published = published
origin-derived = derived
origin-nowcast = nowcast
origin-imputed = imputed from related series
origin-interpolated = interpolated (no data)
origin-doubted = published (in doubt)

## Last figures

known-published = { $firm ->
    [True] The last published figure is { $value } for { $year }.
   *[False] The last published figure free of doubt is { $value } for { $year }.
}
known-none = { $state ->
    [certain] No figure for a whole year is free of doubt.
    [current-published] No figure on today’s statistical basis has been published.
    [current-certain] No figure on today’s statistical basis is free of doubt.
   *[published] No figure for a whole year has been published.
}
known-older = The last figure on an older basis is { $value } for { $year }.
known-at = { " " }({ $id })
known-weak = { $basis ->
    [older] A weak source reports { $value } for { $year }{ $at }, on an older basis.
   *[same] A weak source reports { $value } for { $year }{ $at }.
}
known-doubt = { $basis ->
    [older]
        The figure of { $value } published for { $year }{ $at } is in doubt: all other evidence
        puts it at { $fitted }, on the same older basis.
   *[same]
        The figure of { $value } published for { $year }{ $at } is in doubt: all other evidence
        puts it at { $fitted }.
}
known-years-nowcast = { $n ->
    [one] { $years } is known only in part.
   *[other] { $years } are known only in part.
}
known-years-imputed = { $n ->
    [one] { $years } is imputed from related series only.
   *[other] { $years } are imputed from related series only.
}
known-years-interpolated = { $n ->
    [one] { $years } is interpolated: there are no data for it.
   *[other] { $years } are interpolated: there are no data for them.
}
known-years-calculated = { $n ->
    [one] { $years } is calculated from other published figures.
   *[other] { $years } are calculated from other published figures.
}
known-years-growth = { $n ->
    [one] { $years } follows from growth.
   *[other] { $years } follow from growth.
}
known-years-older-basis = { $n ->
    [one] { $years } follows from a level on an older basis.
   *[other] { $years } follow from levels on an older basis.
}
known-years-growth-and-older-basis = { $n ->
    [one] { $years } follows from growth and a level on an older basis.
   *[other] { $years } follow from growth and levels on an older basis.
}
known-figure = { $how ->
    [older] { $value } ({ $year }, earlier basis)
    [estimated] about { $value } ({ $year })
    [calculated] { $value } ({ $year }, calculated)
    [summed] { $value } ({ $year }, sum of its parts)
   *[published] { $value } ({ $year })
}
known-nothing = not known
known-step =
    To bring figures on the earlier basis “{ $basis }” onto today’s, they are changed by { $change }
    (90% interval { $low } to { $high }).
