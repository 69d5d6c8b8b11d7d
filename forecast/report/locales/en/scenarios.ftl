## Statements of a scenario

statement-prices = Price level of GDP
statement-series = { $indicator }, { $place }
statement = { $indicator }, { $place }: { statement-figure } in { $when }{ statement-spread }{ statement-odds }
statement-figure = { $form ->
    [percent] { $several ->
        [True] average level { $size } { statement-side }
       *[False] level { $size } { statement-side }
    }
    [points] { statement-measure } { $size }{ statement-average } { statement-side }
   *[figure] { $measure ->
        [level] { $several ->
            [True] average level of { statement-size }
           *[False] level of { statement-size }
        }
        [share] share of { statement-size } of { $of }{ statement-average }
        [change] { $side ->
            [down] fall of { statement-size }{ statement-average }
           *[up] rise of { statement-size }{ statement-average }
        }
        [real_growth] { $side ->
            [down] real fall of { statement-size }{ statement-average }
           *[up] real growth of { statement-size }{ statement-average }
        }
       *[growth] { $side ->
            [down] fall of { statement-size }{ statement-average }
           *[up] growth of { statement-size }{ statement-average }
        }
    }
}
statement-average = { $several ->
    [True] {" "}a year
   *[False] {""}
}
statement-measure = { $measure ->
    [level] level
    [share] share of { $of }
    [change] change
    [real_growth] real growth
   *[growth] growth
}
statement-side = { $side ->
    [down] below the baseline
   *[up] above the baseline
}
statement-size = { $limit ->
    [least] at least { $size }
    [most] at most { $size }
   *[exactly] { $size }
}
statement-spread = { $certain ->
    [True] {""}
   *[False] , standard deviation { $spread }
}
statement-odds = { $sure ->
    [True] {""}
   *[False] , with a probability of { $odds }
}

## Why a scenario cannot be applied

refused-not-forecast = { $statements }. { $series } is not forecast with the others: too little is known of it, or it is on a linear scale.
refused-years = { $statements }. The forecast covers { $first } to { $last }.
refused-change = { $statements }. A change is stated for shares; state growth for this figure.
refused-growth = { $statements }. Growth is stated for levels; state a change for this figure.
refused-prices = { $statements }. No price index is known from which real growth could be computed.
refused-known = { $statements }. The figure is known already and is a different one.
refused-far =
    { $statements }. This lies { $distance } standard deviations from the forecast; the simulated paths
    support at most { $most }.
refused-contradiction = These statements contradict one another: { $statements }.
refused-far-together =
    These statements contradict one another. Each is possible alone; together they lie { $distance }
    standard deviations from the forecast: { $statements }.
refused-unmet = The simulated paths cannot be brought to these statements: { $statements }.
refused-few =
    { $statements }. This holds in { $share } of 100 simulated paths; at least { $least } are needed to say
    what would follow.
refused-left =
    The statements hold in { $left } of { $paths } simulated paths, too few to say what would follow (at
    least { $least } in 100): { $statements }.
refused-sum =
    { $series }: the first is the sum of the others, and the figures stated for { $year } do not add up:
    { $statements }.
refused-part =
    { $series }: the first is a part of the second, and the figures stated for { $year } are not:
    { $statements }.
refused-product =
    { $series }: the first is the second times the third, and the figures stated for { $year } are not:
    { $statements }.

## Page on scenarios: lead

scenarios-title = # Scenarios
scenarios-refused = **Not possible: { $scenario }.** { $reason }
scenarios-no-goal = No target of the plan depends on a series that could be forecast.
scenarios-lead = **{ $finding }.**
scenarios-lead-most = The target that depends most on the scenario is { $target }: from { $low } ({ $worst }) to { $high }
    ({ $best })
scenarios-lead-none = { $scenarios ->
    [0] There is no scenario to compare with the baseline
   *[other] No scenario changes the probability of a target by { $notable } in 100 or more
}
scenarios-changing = { $scenarios ->
    [0] Probabilities without a scenario
   *[other] { $n ->
        [0] Under no scenario does the probability of a target change by { $notable } in 100 or more
        [one] Of { $targets } targets, one has a probability that differs by { $notable } in 100 or more between scenarios
       *[other] Of { $targets } targets, { $n } have a probability that differs by { $notable } in 100 or more between scenarios
    }
}
scenarios-lead-count = { $n ->
    [0] The baseline alone is shown, for { scenarios-targets }.
    [one] One scenario is compared with the baseline for { scenarios-targets }.
   *[other] { $n } scenarios are compared with the baseline for { scenarios-targets }.
}
scenarios-targets = { $targets ->
    [one] the one target on a yearly level with a forecast
   *[other] the { $targets } targets on yearly levels with a forecast
}
scenarios-lead-meaning =
    A scenario states some figures of the future; all others move with them as far as past forecast errors
    moved together. It shows which outcomes go together. It shows neither causes nor how likely the scenario
    itself is.
scenarios-lead-years =
    The years of these targets do not begin in the same month: a year of one goes together with the year of
    the same number of another.

## Probabilities and medians

scenarios-chart-alt =
    A row per target with a mark per scenario on an axis from 0 to 100 in 100.
scenarios-chart-caption =
    A mark gives how many of 100 simulated futures under a scenario meet the target. A scenario without a reliable link to a target has no mark in its row.
scenarios-chart-axis = probability, in 100
scenarios-chances-head =
    ## Probabilities, in 100

    The name of a target leads to its own page. { scenarios-unlinked }
scenarios-medians-head =
    ## Median forecasts

    If a target is out of reach in every scenario, compare the medians of the target year. The dagger
    (†) has the same meaning as above.
scenarios-unlinked =
    A dagger (†) marks a difference from the baseline without a reliable link: for every figure the scenario
    states, the 90% interval of the correlation of past errors with the target includes zero. Such a difference
    is no finding.
scenarios-column-target = Target
scenarios-column-scenario = Scenario
scenarios-column-value = Target value
scenarios-column-chance = Probability

## Several targets

scenarios-together-head =
    ## Targets taken together

    Targets are met or missed together as far as the figures behind them move together.
scenarios-all = { $n ->
    [one] Probability that the one target on a yearly level with a forecast is met: { $chance }.
   *[other] Probability that all { $n } targets on yearly levels with a forecast are met: { $chance }.
}
scenarios-most =
    Probability that at least { $k } of them are met: { $chance } (if they were independent: { $alone }).
scenarios-column-or-more = { $k } or more
scenarios-ties-head = Most strongly related pairs of targets with a reliable link, in the baseline; probabilities in 100
scenarios-ties-none =
    No two targets with a probability between its limits have a reliable link: past errors do not tell which are
    met or missed together.
scenarios-ties-pair = { $a } and { $b }
scenarios-column-pair = A and B
scenarios-column-both = Both
scenarios-column-apart = If independent
scenarios-column-a-if-b = A if B
scenarios-column-a-if-not-b = A if not B
scenarios-column-b-if-a = B if A
scenarios-column-b-if-not-a = B if not A

## Scenario by scenario

scenarios-details-head =
    ## What each scenario assumes

    Distances from the baseline are in standard deviations (sd) of its simulated paths: one path in three lies
    farther off than one, one in twenty farther than two.
scenarios-name = ### { $scenario }
scenarios-channel = Channel: { $channel }
scenarios-assumption = - **{ $statement }**{ $measured ->
    [True] {" "}({ $distance } sd). { $reason }
   *[False] . { $reason }
}{ $sourced ->
    [True] {" "}Source: { $source }.
   *[False] {""}
}
scenarios-baseline = Nothing is assumed: these are the forecasts as they stand.
scenarios-distance = { $size ->
    [none]
        Distance from the baseline: less than 0.1 standard deviations of one figure, which is
        practically no departure.
    [small]
        Distance from the baseline: as unusual as { $surprise } standard deviations of one figure, which is an
        ordinary departure.
   *[large]
        Distance from the baseline: as unusual as { $surprise } standard deviations of one figure; 1 in
        { $rarity } simulated paths departs as far.
}
scenarios-sample =
    Relative entropy: { $entropy }; effective sample size under weighting alone: { $effective } of { $paths }
    simulated paths.
scenarios-extreme = **Read it as an extreme case**, not as a forecast.
scenarios-moved = Largest changes: { $changes }.
scenarios-change = { $target } { $before } → { $after }
scenarios-noise = No reliable link, and therefore no finding: { $changes }.
scenarios-unmoved = No probability with a reliable link changes by { $notable } in 100 or more.
scenarios-parts-head = What goes with each statement; probabilities in 100:
scenarios-column-statement = Statement
scenarios-column-baseline = Baseline
scenarios-column-without = Without it
scenarios-column-alone = It alone

## Method

scenarios-method =
    ## How this is computed

    Every series keeps the simulated paths of its own page. A copula orders them, with correlations estimated
    from past forecast errors and shrunk strongly because the years are few; the shock of a calendar year
    reaches all series together. In every path the parts of a total add up to it, no part exceeds its total,
    and a figure that is known by its share of another follows from that share.
    Figures of a scenario, certain or with a standard deviation, move the paths (a conditional forecast);
    bounds weight them (entropic tilting). The results are associations found in the past, not cause and
    effect.

## Command line

scenarios-terminal-target = target
scenarios-terminal-year = year
scenarios-terminal-baseline = baseline
scenarios-terminal-scenario = scenario
scenarios-terminal-median = median
scenarios-terminal-median-scenario = median in the scenario
