record-title = # How did such forecasts do before?
record-none = No series is long enough to test forecasts of it.
record-lead = **Of { $n } past forecasts, on { $series } series, { $share } of the outcomes lay within the 80% interval.**
record-brier = { $sense ->
    [better] Their Brier score is { $score }, better than the { $base } of quoting for each multiple the share that came true, which is known only afterwards.
   *[worse] Their Brier score is { $score }, no better than the { $base } of quoting for each multiple the share that came true, which is known only afterwards.
}
record-ahead = { $horizons ->
    [one] one year ahead
   *[other] 1 to { $horizons } years ahead
}
record-covered = { $series ->
    [one] Over the one series of the data that is long enough
   *[other] Over all { $series } series of the data that are long enough
}, { record-ahead }, the 80% interval covered { $hits } of { outcomes } ({ $share }; nominal 80%).
record-covered-panels = Over { $series } series, { record-ahead }, the 80% interval covered { $hits } of { outcomes } ({ $share }; nominal 80%).
record-reference = { $n ->
    [0] **There are no past forecasts of these series. Those of the reference panels are shown**: { $panels }. Each is of one series alone, from three to ten years of its past.
    [one] **There is one past forecast of these series, which is too few. Those of the reference panels are counted with it**: { $panels }. Each is of one series alone, from three to ten years of its past.
   *[other] **There are { $n } past forecasts of these series, worth fewer than ten independent ones. Those of the reference panels are counted with them**: { $panels }. Each is of one series alone, from three to ten years of its past.
}
record-panel = { $panel ->
    [pwt] countries of the Penn World Table
    [wb] countries of the World Development Indicators
    [us] states of the US (Bureau of Economic Analysis)
    [de] districts of Germany (accounts of the Länder)
   *[cn] provinces of China (National Bureau of Statistics)
}
record-panels-limits =
    The weights and the spread were estimated on the same panels, so that this record flatters them a little. The series
    of the panels may be calmer or more volatile than these.
record-question =
    Past forecasts are scored on the question that a target poses: whether growth would reach a multiple
    ({ $least } to { $most }) of the pace of the five years before.
record-came-true = { $group ->
    [below] Of { $n } events given less than { $low }, { $came } came true.
    [between] Of { $n } given { $low } to 20%, { $came } came true.
   *[above] Of { $n } given more than 80%, { $came } came true.
}

record-reliability-head = ## Did events come true as often as forecast?
record-reliability =
    The question is that of a target: does growth reach a multiple (0 to 3) of the pace of the five years before, up
    to five years ahead? Each point stands for all past events given about the same probability; whole years are
    resampled for the interval, because all series of a year share its shock.
record-reliability-chart = Events given { $low } on average came true in { $low-came } of cases, those given { $high } in { $high-came }
record-reliability-caption =
    Of 100 events given 30%, 30 come true if forecasts are well calibrated: points then lie on the
    dashed line. The upright line is the 90% interval, missing where the years are too few; the larger a
    point, the more events it stands for.
record-axis-given = probability given
record-axis-came = share that came true
record-col-given = Given
record-col-average = On average
record-col-questions = Events
record-col-came = Came true
record-col-interval = 90% interval
record-interval-none = too few years

record-intervals-head = ## Did the intervals cover the outcomes?

record-replay-head = ## How certain was the running year, month by month?
record-replay-none = No running year can be replayed: too little was public then, or is by now.
record-replay = **With only what was public on the day, the estimate of the running year was off by { $third } on average at the
    { $third-day }, by { $twelfth } at the { $twelfth-day } and by { $after } in the { $after-day }**, when most levels
    are out.
record-replay-covered =
    Of all outcomes, { $share } lay within the 90% intervals; by the day of the estimate, the share was lowest at
    { $least } ({ $day }).
record-replay-note =
    The replay covers { $years }, for all series of the plan’s region and its parents that had three yearly
    levels before, and for which a level of the year has been published since. The days are compared on the series
    and years that were estimated on all of them; the months on all there are. A statement without a date counts as
    public on the last day of the month or year that its source names; without that, a yearly figure two
    months after the end of its year, a cumulative one at the end of the following month. Errors are in percent of the level
    known today, on the basis that was the newest on the day where the level was published on it.
record-day = { $years ->
    [mixed] { $step ->
        [3] end of the third month
        [6] end of the sixth month
        [9] end of the ninth month
        [12] end of the year
       *[15] third month after the year
    }
   *[other] { $step ->
        [15] { $month } after
       *[other] end of { $month }
    }
}
record-method = { $method ->
    [error] reconciled estimate
   *[naive] last growth repeated
}
record-releases-chart = Mean error of the running year’s estimate: { $first } ({ $first-day }), { $last } ({ $last-day })
record-releases-about =
    Mean error of the estimates of the running years { $years }: { $first } ({ $first-day }), { $last }
    ({ $last-day }); with the last growth repeated, { $naive } at first.
record-releases-caption =
    The mean absolute error over the years { $years }, by the day on which the estimate would have been
    made, beside that of repeating the last growth.
record-col-day = As of
record-col-method = Method
record-col-mean = Mean error
record-col-median = Median error
record-col-naive = Last growth repeated
record-col-cases = Cases
record-col-covered = { $level }% covered
record-col-months = Months published
record-months-head = ### By the months that were published
record-months = { $span ->
    [none] none
    [to-3] up to 3
    [to-6] 4 to 6
    [to-9] 7 to 9
    [to-11] 10 or 11
   *[year] the year itself
}

record-hidden-head = ## Would a missing level have been found?
record-hidden-none = No level stands between two others, so no hold-out test is possible.
record-hidden =
    Every published yearly level between a series’ first and last was held out in turn, with all its copies, and
    estimated from what is left: **the median error is { $error }, and { $share } of the { $n } levels lay in the 90%
    interval** ({ $places }).
record-hidden-place = { $place } { $share }
record-hidden-lowest = Coverage was lowest for { $kind }: { $share } of { $n }.
record-hidden-basis = A level on an older basis is estimated on that basis.
record-all = all
record-col-levels = Levels of

record-scores-head = ## Against simpler methods
record-scores =
    All methods forecast the same series, origins and years ahead, before any calibration of the spread; the figures
    in a cell stand for one, two and more years ahead. CRPS is the mean distance of the forecast distribution from
    the outcome, relative to the learned ensemble (higher is worse); “80% covered” is the percentage of outcomes in
    the 80% interval and should be 80; the Brier score judges the probabilities given to the multiples of the pace
    (lower is better; a constant probability of 50% has 0.250).
record-scores-none = No series is long enough.
record-col-crps = { $horizons ->
    [one] CRPS, one year ahead
   *[other] CRPS, 1 to { $horizons } years ahead
}
record-col-brier = Brier score
record-without-head = ### Without 2020 and 2021
record-flows-head = ### Flows
record-shares-head = ### Shares
record-nothing = None.

record-limits-head = ## What this record leaves out
record-limits =
    The past is today’s reconciled history, cut off at each origin: the error that later revisions added at the time
    is not in it. The spread is calibrated on the errors of all other years; the weights of the learned ensemble come
    from other data sets, named in `data/calibration.json`. Series of one year share its shock: by years ahead, the
    cases are worth about { $worth } independent ones.
record-limits-panels =
    The weights and the spread of the learned ensemble were estimated on the same panels, named in `data/calibration.json`,
    so that this record flatters them a little; the series of the panels may be calmer or more volatile than these.
    Series of one year share its shock: by years ahead, the cases are worth about { $worth } independent ones.
