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
expected-head-alone = Own forecast
expected-head-together = Combined
expected-head-outcome = Outcome
