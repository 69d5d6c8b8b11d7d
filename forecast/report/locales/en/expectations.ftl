expected-head = ## Forecasts by others
expected-part = { $n ->
    [one]
        One forecast by others, for { $places }, is part of this answer. With it the median for { $year }
        is { $together }; without it, { $alone }.
   *[other]
        { $n } forecasts by others, for { $places }, are part of this answer. With them the median for
        { $year } is { $together }; without them, { $alone }.
}
expected-related =
    Forecasts for { $places } affect this series to the extent that past forecast errors of the two moved
    together.
expected-record = { $side ->
    [below]
        The weight of such forecasts was estimated from the growth forecasts of the IMF for { $countries }
        countries, { $years }: one year ahead, growth was on average { $bias } below the forecast, and
        reached it in { $near } of 100 cases; three to five years ahead, in { $far } of 100.
   *[above]
        The weight of such forecasts was estimated from the growth forecasts of the IMF for { $countries }
        countries, { $years }: one year ahead, growth was on average { $bias } above the forecast, and
        reached it in { $near } of 100 cases; three to five years ahead, in { $far } of 100.
}
expected-prices =
    A forecast of real growth affects a series in current prices through the expected change of prices.
expected-no-facts =
    Targets and projections are not facts: they are no part of the path above, and affect the forecast as
    far as the record of such forecasts warrants.
expected-government = Government of { $place }

expected-head-of = For
expected-head-forecaster = Forecaster
expected-head-published = Published
expected-head-year = Year
expected-head-forecast = Forecast
expected-head-outcome = Outcome
expected-head-ours = Ours (90% interval)
expected-head-apart = Our median
expected-head-met = Met
expected-ours = { $median } ({ $interval })
expected-apart = { $far ->
    [True] { $side ->
        [above] higher; theirs is below our 90% interval
       *[below] lower; theirs is above our 90% interval
    }
   *[False] { $side ->
        [above] higher; theirs is within our 90% interval
        [below] lower; theirs is within our 90% interval
       *[within] the same, or within theirs
    }
}
expected-goal = { $comparison ->
    [at_least] at least { $value } (plan)
    [exceed] more than { $value } (plan)
    [at_most] at most { $value } (plan)
    [below] less than { $value } (plan)
    [about] about { $value } (plan)
   *[between] { $value } (plan)
}
expected-like = { $n ->
    [one] **Like targets of the past:** the data contain one earlier target on { $indicator } whose outcome is published; { $met ->
        [0] it was missed
       *[other] it was met
    }. One case proves little.
   *[other] **Like targets of the past:** of { $n } earlier targets on { $indicator } whose outcome is published, { $met } were met. So few cases give no rate.
}
expected-met = { $met ->
    [True] yes
   *[False] no
}
expected-plans = { $n ->
    [one] The target of another plan stands in the table for comparison; it does not affect the forecast.
   *[other] The targets of other plans stand in the table for comparison; they do not affect the forecast.
}
