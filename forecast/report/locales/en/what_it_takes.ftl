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
takes-value-none = –
takes-change = { $low } → { $high }
takes-relation = { $kind ->
    [self] the target’s own figure
    [part] accounting (part or whole)
    [link] correlation { $correlation } ({ $low } to { $high }), { $years ->
        [one] { $years } year
       *[other] { $years } years
    }
   *[none] no reliable link
}

## Lead

takes-title = # What it would take: { $target }
takes-no-goal = This target has no forecast, so no figure can be varied. Its own page lists what is missing.
takes-lead-now = { $under ->
    [baseline] Probability of meeting the target: { $chance }.
   *[scenario] Probability of meeting the target under the scenario “{ $scenario }”: { $chance }.
}
takes-pace = { $state ->
    [missed] { $side ->
        [down] { $sense ->
            [falls] **It is missed if the figure falls by less than { $rate } a year on average in { $years }.**
           *[rises] **It is missed only if the figure falls by more than { $rate } a year on average in { $years }.**
        }
       *[up] { $sense ->
            [falls] **It is missed only if the figure rises by more than { $rate } a year on average in { $years }.**
           *[rises] **It is missed if the figure rises by less than { $rate } a year on average in { $years }.**
        }
    }
   *[needed] { $side ->
        [down] { $sense ->
            [falls] **It takes a fall of { $rate } a year on average in { $years }.**
           *[rises] **It is met if the figure falls by no more than { $rate } a year on average in { $years }.**
        }
       *[up] { $sense ->
            [falls] **It is met if the figure rises by no more than { $rate } a year on average in { $years }.**
           *[rises] **It takes { takes-rise } of { $rate } a year on average in { $years }.**
        }
    }
}
takes-rise = { $points ->
    [True] a rise
   *[False] growth
}
takes-past = { $n ->
    [one] { $state ->
        [missed] Of earlier periods of { takes-span }, one has data or estimates; the pace { $times ->
            [0] was not
           *[other] was
        } below what is needed.
       *[needed] Of earlier periods of { takes-span }, one has data or estimates; the pace needed was { $times ->
            [0] not reached
           *[other] reached
        }.
    }
   *[other] { $state ->
        [missed] In the { $n } earlier periods of { takes-span } with data or estimates (overlapping), the pace was { $times ->
            [0] never too slow
            [one] too slow once
           *[other] too slow { $times } times
        }.
       *[needed] In the { $n } earlier periods of { takes-span } with data or estimates (overlapping), the pace needed was { $times ->
            [0] never reached
            [one] reached once
           *[other] reached { $times } times
        }.
    }
}
takes-span = { $span ->
    [one] one year
   *[other] { $span } years
}
takes-lead-even =
    For a 50 in 100 chance, the following figure would have to be { $value } instead of the expected
    { $expected }: { $figure }.

## Sections

takes-note =
    ## Figures that the probability goes along with

    The tables give the probability of meeting the target, in 100, when a figure lies at the lower and at the
    upper end of the 90% interval of its own forecast, and the value at which the chance is 50 in 100 (a dash:
    none within { $reach } standard deviations of that forecast). All other figures move along as past forecast
    errors moved together. A correlation of past errors is given with its 90% interval and the years behind it,
    fewer where errors persist. These are associations, not causes: no policy sets a correlation.
takes-inside =
    ### Figures of { $place } itself

    They are reported for { $place }, where some of them can also be influenced. Parts and wholes of the
    target’s own figure are linked to it by accounting, which is no influence.
takes-outside =
    ### Outside conditions

    Figures of the regions above { $place }. They are not decided in { $place }.
takes-left =
    { $n ->
        [one] One further figure was tried and left out
       *[other] { $n } further figures were tried and left out
    }: { $unlinked } without a reliable link to the target (the 90% interval of the correlation of past errors
    includes zero){ takes-left-still }. About one in ten figures without any connection passes this test by chance.
takes-left-still = { $still ->
    [0] {""}
   *[other] , { $still } with a link, but with less than { $notable } in 100 of effect
}
takes-nothing = { $n ->
    [0] No other figure of the data has a record of past forecasts to be related to the target.
    [one] { $unlinked ->
        [0] One related figure was tried. It has a reliable link to the target, but changes the probability by less than { $notable } in 100 between the ends of its 90% forecast interval, and never to 50 in 100 within { $reach } standard deviations.
       *[other] One related figure was tried. It has no reliable link to the target (the 90% interval of the correlation of past errors includes zero).
    }
   *[other] { $n } related figures were tried, and not one moves the probability noticeably: { takes-nothing-why }
}
takes-nothing-why = { $unlinked ->
    [0] { takes-nothing-still }
    [one] { $still ->
        [0] one has no reliable link to the target (the 90% interval of the correlation of past errors includes zero).
       *[other] one has no reliable link to the target (the 90% interval of the correlation of past errors includes zero), and { takes-nothing-still }
    }
   *[other] { $still ->
        [0] { $unlinked } have no reliable link to the target (the 90% interval of the correlation of past errors includes zero).
       *[other] { $unlinked } have no reliable link to the target (the 90% interval of the correlation of past errors includes zero), and { takes-nothing-still }
    }
}
takes-nothing-still = { $still ->
    [one] one with a reliable link changes it by less than { $notable } in 100 between the ends of its 90% forecast interval, and never to 50 in 100 within { $reach } standard deviations.
   *[other] { $still } with a reliable link change it by less than { $notable } in 100 between the ends of their 90% forecast intervals, and never to 50 in 100 within { $reach } standard deviations.
}

## Table

takes-column-figure = Related figure
takes-column-chance = Probability, low → high
takes-column-even = For 50 in 100
takes-column-forecast = Forecast (90% interval)
takes-column-relation = Relation

## Strongest figures

takes-row = { $place }: { $indicator }
takes-tornado-title = { $target }: { $low } to { $high } with { $series }
takes-tornado-alt =
    Probability of meeting the target { $target } at both ends of the forecasts of { $n ->
        [one] one figure
       *[other] { $n } figures
    }. The largest change goes with { $figure }: { $low } at { $from }, { $high } at { $to }. The dashed line is
    the present probability, { $now }.
takes-tornado-caption =
    Of 100 simulated futures with the figure at the low or high end of its own 90% interval, so many meet the target.
takes-tornado-end = { $end ->
    [low] figure at the low end of its forecast
   *[high] figure at the high end of its forecast
}

## Probability over one figure

takes-response-title = { $target }: { $low } at { $from }, { $high } at { $to } ({ $series })
takes-response-alt =
    Line of the probability of meeting the target { $target } over the values of one figure ({ $figure }):
    { $low } at { $from } and { $high } at { $to }, the ends of the 90% interval of the figure’s own forecast.
takes-response-caption =
    Line: of 100 simulated futures with this value of the figure, so many meet the target. Shaded: in 90 of 100 the figure lies here.
takes-response-usual = 90% interval of the figure’s forecast

## Path to the target value

takes-path-head = ## The path to the target value
takes-path-title = In { $year }: { $baseline } expected, { $needed } needed
takes-path-alt =
    Two lines of { $target } by year: the median of the forecast, { $baseline } in { $year }, and the median of
    the simulated paths that just reach the target value, { $needed }.
takes-path-caption = Medians: 50 of 100 simulated paths of each kind lie above the line, 50 below.
takes-path = { $end ->
    [baseline] expected
   *[needed] just reaching the target value
}
takes-path-tip = Path
takes-path-none = No simulated path leads to the target value. { $reason }
