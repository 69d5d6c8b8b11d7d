## Related figures

takes-figure = { $indicator }, { $place }: { statement-measure }{ statement-average }, { $when }
takes-axis = { $unit ->
    [none] { takes-measure }{ statement-average }: { $indicator }, { $place }
   *[other] { takes-measure }{ statement-average }, { $unit }: { $indicator }, { $place }
}
takes-measure = { $measure ->
    [level] Level
    [share] Share of { $of }
    [change] Change
    [real_growth] Real growth
   *[growth] Growth
}
takes-axis-chance = probability, in 100
takes-forecast = { $middle } ({ $low } to { $high })
takes-value = { $value }
takes-value-far = { $value } ({ $distance } sd off)
takes-value-none = –

## Lead

takes-title = # What it would take: { $target }
takes-no-goal = This target has no forecast, so no figure can be varied. Its own page lists what is missing.
takes-lead-now = { $under ->
    [baseline] Probability of meeting the target: { $chance }.
   *[scenario] Probability of meeting the target under the scenario “{ $scenario }”: { $chance }.
}
takes-lead-even = { $side ->
    [down] **The probability falls to 50 in 100 where the following figure is { $value } instead of the expected
        { $expected }**: { $figure }.
   *[up] **The probability rises to 50 in 100 where the following figure is { $value } instead of the expected
        { $expected }**: { $figure }.
}
takes-lead-unmoved = **The probability stays as it is when any one related figure varies by up to { $most } standard deviations
    of its own forecast.**
takes-lead-limited = { $side ->
    [down] **The probability does not fall to 50 in 100 when a single related figure varies by up to { $most }
        standard deviations of its own forecast.**
   *[up] **The probability does not rise to 50 in 100 when a single related figure varies by up to { $most }
        standard deviations of its own forecast.**
}
takes-lead-range = It varies most, from { $low } to { $high }, with this figure: { $figure }.

## Table

takes-column-figure = Related figure
takes-column-forecast = Forecast
takes-column-for = For { $chance }
takes-none = No related figure can be varied.
takes-note =
    Values of a related figure that go with a probability of 10, 50 and 90 in 100. In brackets: the 90% interval
    of the figure’s own forecast. A value more than { $most } standard deviations (sd) from that forecast is
    marked; treat it as out of reach. A dash: not reached within { $reach } standard deviations. The first row is
    the target’s own growth in the next year, unless that is the target year; the others are the figures with
    which the probability varies most. These are associations found in the past: a related figure need not be a
    cause of the target, and few of them can be set by policy.

## Probability over one figure

takes-response-note = The probability varies most with this figure: { $figure }.
takes-response-title = Probability of { $target } by the value of one related figure
takes-response-alt =
    Line of the probability of meeting the target { $target } over the values of one figure ({ $figure }). The
    shaded band is the 90% interval of that figure’s own forecast.
takes-response-usual = 90% interval of the figure’s forecast

## Strongest figures

takes-tornado-head =
    ## Figures most closely related to the target

    Each other figure of the region and its parents is varied from its { $low } to its { $high } quantile; all
    others move with it as they moved together in the past.
takes-tornado-title = { $what ->
    [probability] Probability of { $target }, each figure low and high
   *[median] Median of { $target } in { $year }, each figure low and high
}
takes-tornado-alt = { $what ->
    [probability]
        Probability of meeting the target { $target } in { $year } when each of { $figures } other figures is low
        or high. The dashed line is the present probability.
   *[median]
        Median forecast of { $target } in { $year } when each of { $figures } other figures is low or high. The
        dashed line is the present median.
}
takes-tornado-range = { $low } to { $high }
takes-tornado-end = { $end ->
    [low] figure at its { $quantile } quantile
   *[high] figure at its { $quantile } quantile
}

## Path to the target value

takes-path-head = ## The path to the target value
takes-path-title = Expected path, and the path that just reaches the target value
takes-path-alt =
    Two lines of { $target } by year: the median of the forecast, and the median of the simulated paths that just
    reach the target value.
takes-path-expected = expected
takes-path-needed = just reaching the target value
takes-path = Path
takes-path-none = No simulated path leads to the target value. { $reason }

## Two figures at once

takes-surface-head = ## Two related figures at once
takes-surface-none = Fewer than two related figures can be varied.
takes-surface-note = To the right: { $across }. Upwards: { $up }.
takes-surface-title = Probability of { $target } for combinations of two figures, in 100
takes-surface-alt =
    Grid of the probability of meeting the target { $target } for values of two figures, each from its 2.5% to its
    97.5% quantile.
