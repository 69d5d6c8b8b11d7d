## The answer on a yearly level

target-head = # { $title }
target-lead = { $thin ->
    [True] **{ $verdict }, on thin evidence: { $chance }.**
   *[False] **{ $verdict }: { $chance }.**
}
target-lead-kept = { $within ->
    [True] **At present within the range; it is { $verdict } that it lies within it in { $year }: { $chance }.**
   *[False] **Already met; it is { $verdict } that it remains met in { $year }: { $chance }.**
}
target-past-settled = { $outcome ->
    [met] **Met, as published.** The figure for { $year } is { $value }; the target is { $limit }.
   *[not-met] **Not met, as published.** The figure for { $year } is { $value }; the target is { $limit }.
}
target-past-open = { $over ->
        [True] **{ $year } is over, but its figure is not published: the probability that the target was met is { $chance }.**
       *[False] **{ $year } is not over, and known in part: the probability that the target is met is { $chance }.**
    } All statements together put it at { $median } (90% interval { $interval }); the
    target is { $limit }.
target-now-published = It was { $value } in { $year }.
target-now-estimated = The estimate for { $year } is { $value } (90% interval { $interval }).
target-now-calculated = The figure for { $year }, calculated from other published figures, is { $value } (90% interval { $interval }).
target-now-summed = The figures for the parts of { $year } add up to { $value } (90% interval { $interval }).
target-kept = This meets the target ({ $limit }). The question is whether { $year } still does.
target-outlook =
    The median forecast for { $year } is { $median }; in 90 of 100 simulated paths the
    figure lies between { $low } and { $high }.
target-need-reached = That estimate already meets the target; { $year } is to meet it too.
target-need = { $n ->
    [one] Reaching { $threshold } requires { $rate } in { $year }.
   *[other] Reaching { $threshold } requires { $rate } in the { $n } years { $first } to { $year }.
}
target-need-range = { $n ->
    [one] Reaching { $range } requires between { $least } and { $most } in { $year }.
   *[other] Reaching { $range } requires between { $least } and { $most } in the { $n } years { $first } to { $year }.
}
target-brought = { $of ->
    [amounts] The past { $span } years brought { $rate }.
   *[changes] The figure { $rate } over the past { $span } years.
}
target-strict = { $read ->
    [True] For the full { $value } the probability is { $chance }.
   *[False]
        The target is read as “about”: a shortfall of up to { $tolerance } counts as met. For the full
        { $value } the probability is { $chance }.
}
target-not-assessable = **Not assessable yet: no probability is given.** { $reason }
target-held = { $n ->
    [0] No published figure was found.
    [one] One published statement bears on it; it is listed below.
   *[other] { $n } published statements bear on it; they are listed below.
}
target-not-assessable-need =
    From the last level with an estimate, { $value } in { $last }, the target requires { $rate } up
    to { $year }.

target-step = **The answer rests on the unpublished effect of a new statistical basis** ({ $new }, after
    { $old }), estimated at { $step } (90% interval { $low } to { $high }).
target-step-chances =
    The probability is { $low } at the lower end, { $high } at the upper end and { $none } without any
    effect.
target-step-today = today’s basis
target-step-effect = Effect of the new basis
target-step-change = Change of older figures
target-step-chance = Probability
target-step-at = { $at ->
    [none] no effect
    [low] lower end of the 90% interval
    [high] upper end of the 90% interval
   *[median] median
}

target-thin-levels = { $n ->
    [0] **Thin evidence.** The data contain no yearly level of this series.
    [one] **Thin evidence.** The data contain yearly levels of this series for one year ({ $years }).
   *[other] **Thin evidence.** The data contain yearly levels of this series for { $n } years ({ $years }).
}
target-thin-doubted = { $n ->
    [one] The one published for { $years } is in doubt and not among them.
   *[other] Those published for { $years } are in doubt and not among them.
}
target-thin-behind = The last { $behind } complete years are not among them.
target-thin-relies = The estimates for { $years } rely on { $series }.
target-thin-few = So few levels are little evidence on its growth.
target-thin-range = The figure for { $year } may lie anywhere between { $low } and { $high } (90% interval).
target-thin-both = Both ends already meet the target.
target-thin-need = From there, { $threshold } in { $year } requires between { $least } and { $most }.
target-thin-rough = Treat this probability as tentative.

## The picture

target-picture = ## The picture
target-picture-known = What is known so far.
target-dots = { $lines ->
    [one] Each dot is one of { $n } equally likely values for { $year }. The share of dots on the target’s side of the line is that of simulated paths that meet the target.
   *[other] Each dot is one of { $n } equally likely values for { $year }. The share of dots between the lines is that of simulated paths that meet the target.
}
target-dots-title = { $met ->
    [one] { $met } of { $n } equally likely values for { $year } meets the target
   *[other] { $met } of { $n } equally likely values for { $year } meet the target
}
target-label-about = { $line ->
    [plan] plan: about { $value }
   *[met] counts as met: { $value }
}
target-dots-alt = { $met ->
    [one] { $met } of { $n } equally likely values of { $target } in { $year } meets the target of { $threshold }.
   *[other] { $met } of { $n } equally likely values of { $target } in { $year } meet the target of { $threshold }.
}
target-dots-head = Dots
target-label = target { $value }
target-outcome-met = target met
target-outcome-missed = target missed
target-outcome-tip = Outcome
target-fan =
    In 90 of 100 such cases the outcome lies within the fan, in 60 within the two darker bands and in 30
    within the darkest band, provided that the future resembles the past to which the models were
    fitted. The bands hold year by year, not for whole paths. The numbers beside the fan are its medians.
target-fan-bases =
    Points off the line are figures on older statistical bases, which the line converts to today’s.
target-fan-implied =
    The dotted line is the path that the plan implied from the last complete year before its adoption.
target-fan-path = path implied by the plan
target-fan-title = { $state ->
    [met] The median forecast for { $year }, { $median }, meets the target ({ $wanted })
   *[missed] The median forecast for { $year }, { $median }, does not meet the target ({ $wanted })
}
target-fan-alt = { $target }, median and 90% interval by year: { $years }. Target: { $wanted }.
target-fan-year = { $year } { $median } ({ $interval })
target-fan-median = forecast (median)
target-fan-chance = Target met
target-fan-table = Year by year, from the last year known; “target met” is the probability that the figure of that year meets the target:
target-band = { $n } in 100
target-band-title = Forecast

## The pace

target-pace-head = { $sense ->
   *[other] ## Pace required and pace achieved
}
target-pace = { $verdict ->
    [hold] **The target is met and has to be maintained.**
    [hold-range] **The figure is at present within the range and has to stay there.**
    [reached-range] **On current estimates the figure is within the range and has to stay there.**
    [reached] **On current estimates the target is met and has to be maintained.**
    [maintain] **Keeping the pace would be enough.**
    [accelerate] { $sense ->
        [falls] **The fall has to be faster.**
        [more] **The yearly amounts have to rise.**
        [less] **The yearly amounts have to fall.**
       *[rises] **The pace has to rise.**
    }
    [ease] **The pace has to slow down.**
    [reverse] **The direction has to turn.**
   *[not-known] **The past pace is not known well enough.**
}
target-pace-some = { $sense ->
   *[other] **Keeping the pace of the last { $enough } years would be enough, that of the last { $short } years would not.**
}
target-pace-allowed = { $sense ->
   *[other] The target would still be met at { $rate }.
}
target-pace-allowed-range = { $sense ->
   *[other] The target would still be met at any pace from { $least } to { $most }.
}
target-pace-required = { $sense ->
    [less] Allowed: { $rate }.
   *[other] Required: { $rate }.
}
target-pace-required-range = { $sense ->
    [less] Allowed: between { $least } and { $most }.
   *[other] Required: between { $least } and { $most }.
}
target-pace-achieved = Achieved: { $paces }.
target-pace-span = { $rate } over the last { $span } years
target-pace-estimated = { $rebased ->
    [True] { $n ->
        [one] The level of { $years } on today’s basis is an estimate.
       *[other] The levels of { $years } on today’s basis are estimates.
    }
   *[False] { $n ->
        [one] The level of { $years } is an estimate.
       *[other] The levels of { $years } are estimates.
    }
}
target-pace-calculated = { $n ->
    [one] The level of { $years } is calculated from other published figures.
   *[other] The levels of { $years } are calculated from other published figures.
}
target-pace-bar = { $kind ->
    [achieved] achieved { $first }–{ $last }
    [enough] still enough { $first }–{ $last }
    [most] at most { $first }–{ $last }
    [least] at least { $first }–{ $last }
   *[needed] required { $first }–{ $last }
}
target-pace-kind = { $kind ->
    [achieved] achieved
    [enough] still enough
   *[needed] required
}
target-pace-title = { $state ->
    [allowed] { $sense ->
        *[other] The target would still be met at { $rate }
    }
    [alone] { $sense ->
        [less] Allowed up to { $year }: { $rate }
       *[other] Required up to { $year }: { $rate }
    }
   *[required] { $sense ->
        [less] Allowed up to { $year }: { $rate }; over the last { $span } years: { $achieved }
       *[other] Required up to { $year }: { $rate }; achieved over the last { $span } years: { $achieved }
    }
}
target-pace-between = { $least } to { $most }
target-pace-caption = { $state ->
    [allowed] Bars are changes that took place; the mark is the change at which the target would still be met.
   *[required] Blue bars are changes that took place, orange bars those still required to meet the target.
}
target-pace-alt = { $sense ->
    [more] Yearly amounts, { $unit }.
    [less] Yearly amounts, { $unit }.
   *[rises] Pace, { $unit }.
}
target-pace-tip = Pace
target-growth-tip = Change
target-pace-axis = { $given ->
   *[other] { $unit }
}

## Uncertainty

target-uncertainty-head = ## How certain is this probability?
target-share = { $limit ->
    [True] Of { $n } simulated paths, { $chance } meet the target.
   *[False] Of { $n } simulated paths, { $chance } meet the target (sampling error { $error }).
}
target-how = { $method ->
    [learned] They come from the learned ensemble: six simple component forecasts, combined with weights and a spread estimated on other data sets, with growth shrunk towards that of all series of its kind.
   *[pooled] They come from the models below, pooled with equal weight and with damped growth.
}
target-spread = { $direction ->
    [wider] Their spread is widened by a factor of { $factor }, as calibrated on past forecasts of all series and of this one.
   *[narrower] Their spread is narrowed by a factor of { $factor }, as calibrated on past forecasts of all series and of this one.
}
target-models = { $same ->
    [True] Every model, taken alone, gives { $low }.
   *[False] The models, taken alone, range from { $low } to { $high }.
}
target-models-one = { $model }, taken alone, gives { $chance }.
target-models-outside = { $side ->
    [higher] { $others ->
        [True] The learned ensemble gives a higher probability than any of them: it takes into account the growth of all series of the data and forecasts by others, they only the growth of this series.
       *[False] The learned ensemble gives a higher probability than any of them: it takes into account the growth of all series of the data, they only that of this series.
    }
   *[lower] { $others ->
        [True] The learned ensemble gives a lower probability than any of them: it takes into account the growth of all series of the data and forecasts by others, they only the growth of this series.
       *[False] The learned ensemble gives a lower probability than any of them: it takes into account the growth of all series of the data, they only that of this series.
    }
}
target-ever-met = { $kept ->
    [True] On published figures, the target was first met in { $year }.
   *[False] On published figures, the target was first met in { $year }, and is not met by those of { $last }.
}
target-ever-not = On published figures, the target was met in no year up to { $year }.
target-ever = { $n ->
    [one] The probability of meeting it in { $years } is { $chance } (share of the simulated paths: { $shares }).
   *[other] The probability of meeting it in at least one of the years { $years } is { $chance } (first year in which it is met, share of the simulated paths: { $shares }).
}
target-first-year = { $year }: { $chance }
target-models-title = { $same ->
    [True] Model by model, the probability is the same: { $low }
   *[False] Model by model, the probability ranges from { $low } to { $high }
}
target-models-alt = { $target } in { $year }, median and probability: { $values }.
target-models-one-value = { $model } { $median }, { $chance }
target-models-caption =
    In 90 of 100 such cases the outcome lies on the line, in 50 within the thick bar; the white mark is
    the median. First the { $method }, then each statistical model fitted to this series alone. The target is marked in every row.
target-model-tip = Model
target-chance-tip = Target met
target-standing = { $kind ->
    [flow] **On the flows in the data simpler methods did better.** By CRPS the learned ensemble ranks { $place } of { $n } methods; the best, { $best }, had { $least } to { $most } times its CRPS, by years ahead ([track record](track_record.html)).
    [stock] **On the stocks in the data simpler methods did better.** By CRPS the learned ensemble ranks { $place } of { $n } methods; the best, { $best }, had { $least } to { $most } times its CRPS, by years ahead ([track record](track_record.html)).
    [share] **On the shares in the data simpler methods did better.** By CRPS the learned ensemble ranks { $place } of { $n } methods; the best, { $best }, had { $least } to { $most } times its CRPS, by years ahead ([track record](track_record.html)).
   *[other] **On such series in the data simpler methods did better.** By CRPS the learned ensemble ranks { $place } of { $n } methods; the best, { $best }, had { $least } to { $most } times its CRPS, by years ahead ([track record](track_record.html)).
}

## The record

target-record-head = ## Track record of such forecasts
target-record-series = { $of ->
    [one] this series
   *[other] the series it is computed from
}
outcomes = { $n ->
    [one] { $n } outcome
   *[other] { $n } outcomes
}
target-record-own = { $horizon ->
    [one] In forecasts of { target-record-series } one year ahead, from { $years }, the 80% interval covered { $hits } of { outcomes }.
   *[other] In forecasts of { target-record-series } { $horizon } years ahead, from { $years }, the 80% interval covered { $hits } of { outcomes }.
}
target-record-short = { $of ->
    [one] The series is too short to test forecasts of it against outcomes.
   *[other] The series it is computed from are too short to test forecasts of them against outcomes.
}
target-record-none = There is no past forecast to judge by.
target-record-figure =
    The record is that of forecasts of yearly levels, which this target is computed from; there are no past
    forecasts of the computed figure itself.
target-record-all = { $horizon ->
    [one] Over all { $series } series in the data that are long enough, one year ahead, the 80% interval covered { $hits } of { outcomes } ({ $share }; nominal 80%).
   *[other] Over all { $series } series in the data that are long enough, { $horizon } years ahead, the 80% interval covered { $hits } of { outcomes } ({ $share }; nominal 80%).
}
target-record-panels = { $horizon ->
    [one] Over { $series } series, one year ahead, the 80% interval covered { $hits } of { outcomes } ({ $share }; nominal 80%).
   *[other] Over { $series } series, { $horizon } years ahead, the 80% interval covered { $hits } of { outcomes } ({ $share }; nominal 80%).
}
target-record-limits =
    The spread of each past forecast is calibrated on the errors of all other years. The past is
    today’s reconciled history, cut off at each origin: the error that later revisions added at the
    time is not in the record, and series of one year share its shocks.
target-wanted = { $bound ->
    [least] The target requires at least { $ratio } times the pace of the five years before ({ target-scale }).
   *[most] The target requires at most { $ratio } times the pace of the five years before ({ target-scale }).
}
target-wanted-fall = { $bound ->
    [least] { $before ->
        [fall] The target requires a fall of at least { $ratio } times that of the five years before ({ target-scale }).
       *[rise] The target requires a fall of at least { $ratio } times the rise of the five years before ({ target-scale }).
    }
   *[most] { $before ->
        [fall] The target allows a fall of at most { $ratio } times that of the five years before ({ target-scale }).
       *[rise] The target allows a fall of at most { $ratio } times the rise of the five years before ({ target-scale }).
    }
}
target-wanted-rise = { $bound ->
    [least] The target requires a rise of at least { $ratio } times the fall of the five years before ({ target-scale }).
   *[most] The target allows a rise of at most { $ratio } times the fall of the five years before ({ target-scale }).
}
target-wanted-same = { $bound ->
    [least] For a series that rose, the same event is growth of at least { $ratio } times its pace.
   *[most] For a series that rose, the same event is growth of at most { $ratio } times its pace.
}
target-wanted-between = { $of ->
    [pace] The target requires growth that differs from the pace of the five years before by { $low } to { $high } times the size of that pace ({ target-scale }).
   *[step] The target requires growth that differs from the pace of the five years before by { $low } to { $high } standard deviations of the series’ yearly changes ({ target-scale }).
}
target-wanted-steps = { $bound ->
    [least] { $side ->
        [above] The target requires growth that exceeds the pace of the five years before by at least { $steps } standard deviations of the series’ yearly changes ({ target-scale }).
       *[below] The target allows growth to fall short of the pace of the five years before by up to { $steps } standard deviations of the series’ yearly changes ({ target-scale }).
    }
   *[most] { $side ->
        [above] The target allows growth to exceed the pace of the five years before by up to { $steps } standard deviations of the series’ yearly changes ({ target-scale }).
       *[below] The target requires growth that falls short of the pace of the five years before by at least { $steps } standard deviations of the series’ yearly changes ({ target-scale }).
    }
}
target-scale = { $scale ->
    [log] growth in logs
    [logit] growth in log odds, where a percentage point is the larger a step the further a share lies from 50%: the paces in percentage points have another ratio
   *[linear] change a year
}
target-like = { $horizon ->
    [one] In { $n } comparable past cases, one year ahead, the event occurred in { $came } (90% interval { $low } to { $high }; equivalent to about { $cases } independent cases). The forecasts had given it { $given } on average.
   *[other] In { $n } comparable past cases, { $horizon } years ahead, the event occurred in { $came } (90% interval { $low } to { $high }; equivalent to about { $cases } independent cases). The forecasts had given it { $given } on average.
}
target-like-few = { $n ->
    [one] { $horizon ->
        [one] There is one comparable past case one year ahead; a single case cannot show whether its probability ({ $given }) was too high or too low.
       *[other] There is one comparable past case { $horizon } years ahead; a single case cannot show whether its probability ({ $given }) was too high or too low.
    }
   *[other] { $horizon ->
        [one] In { $n } comparable past cases, one year ahead, the event occurred in { $came }; the forecasts had given it { $given } on average. { target-like-worth }
       *[other] In { $n } comparable past cases, { $horizon } years ahead, the event occurred in { $came }; the forecasts had given it { $given } on average. { target-like-worth }
    }
}
target-like-worth = { $cases ->
    [one] They are equivalent to about one independent case: so few years cannot show whether that was too high or too low.
   *[other] They are equivalent to about { $cases } independent cases: so few years cannot show whether that was too high or too low.
}
target-like-bias = { $bias ->
    [low] That was too low.
   *[high] That was too high.
}
target-apart = { $start ->
    [estimated] { $side ->
        [above] The probability given here, { $chance }, lies above that interval: its forecast starts from an estimate, not from a published figure, and the record pools all series, whose spread and growth differ from those of this one.
       *[below] The probability given here, { $chance }, lies below that interval: its forecast starts from an estimate, not from a published figure, and the record pools all series, whose spread and growth differ from those of this one.
    }
   *[published] { $side ->
        [above] The probability given here, { $chance }, lies above that interval: the record pools all series, whose spread and growth differ from those of this one.
       *[below] The probability given here, { $chance }, lies below that interval: the record pools all series, whose spread and growth differ from those of this one.
    }
}
target-apart-limit = The limit given here, { $chance }, lies within that interval: the record does not contradict it.
target-floor-none = { $horizon ->
    [one] One year ahead, no event was ever given less than { $least }.
   *[other] { $horizon } years ahead, no event was ever given less than { $least }.
}
target-floor-given = { $horizon ->
    [one] Of { $n } past events in either direction (at least, or less than, a multiple of the pace) that forecasts one year ahead had given less than { $least }, { $came } occurred; they are equivalent to about { $cases } independent { $cases ->
        [one] case
       *[other] cases
    }.
   *[other] Of { $n } past events in either direction (at least, or less than, a multiple of the pace) that forecasts { $horizon } years ahead had given less than { $least }, { $came } occurred; they are equivalent to about { $cases } independent { $cases ->
        [one] case
       *[other] cases
    }.
}
target-floor =
    With 80% confidence the record rules out no probability below { $edge } in 100, so none nearer to 0
    or to 100 is given: “fewer than { $edge } in 100” is an upper limit and “more than
    { $top } in 100” a lower one; neither is an estimate.
target-next-year =
    The target for { $year } was set in { $when }. Officials who set a target a year ahead or less
    know more than the past of the series: on such targets of other regions the probabilities ranked the
    regions well, but were wrong about how many targets were met. Compare this probability with those of
    other regions; do not read it as a frequency.
target-like-title = How often past events occurred, by the probability given
target-like-finding = { $n ->
    [one] The one past event that was given { $band }% occurred in { $came } of cases
   *[other] Of { $n } past events that were given { $band }%, { $came } occurred
}
target-like-alt = Share that occurred, by the probability given: { $bands }.
target-like-band = { $n ->
    [one] given { $band }%, { $came } of one
   *[other] given { $band }%, { $came } of { $n }
}
target-like-caption =
    Each point is the share of past events that occurred among those given about the same probability;
    the line is its 90% interval. The grey box is the band of probabilities itself, where points of
    well-calibrated forecasts lie. The diamond marks the band of this target. { $bound ->
        [least] An event is growth of at least { $least } to { $most } times the pace of the five years before.
       *[most] An event is growth of less than { $least } to { $most } times the pace of the five years before.
    } Only events in the direction of the target are counted here; those above that set the limit of
    probabilities are in both.
target-like-axis = probability given, %
target-given-tip = Given, %
target-came-tip = Occurred
target-cases-tip = Cases
target-coverage-nominal = nominal { $share }
target-coverage-axis = years ahead
target-came-percent = Occurred, %
target-coverage-percent = Covered, %
target-coverage-title = { $panels ->
    [True] Past 80% intervals covered { $hits } of { outcomes } ({ $share }), reference panels
   *[False] Past 80% intervals covered { $hits } of { outcomes } ({ $share }), all series of the data
}
target-coverage-alt = Outcomes covered by past 80% intervals, by years ahead: { $values }.
target-coverage-at = { $horizon ->
    [one] one year { $share }
   *[other] { $horizon } years { $share }
}
target-coverage-caption = An 80% interval is to cover 80 of 100 outcomes, however many years ahead it was made.
target-covered-tip = Covered

## What the target means

target-meaning-head = ## What the target means
target-wording = The plan, in short: { $wording }.
target-reading = Reading: { $reading }
target-limit = Counted as met: { $limit }.
target-remark = Remark: { $note }.
target-source = { $chinese ->
   *[other] Source of the target ({ $plan }): { $source }.
}
target-source-none = The data name no source of the target.
target-known-head = ## What is known
target-known-listed = Every statement in the data that bears on this target.
target-known =
    Every statement the data contain on this indicator, and how it fits the reconciled path from which
    the forecast starts: “Reconciled” is the value of that path in the unit and on the statistical basis of the
    statement, so that figures on an earlier basis differ from the chart, which is on today’s. The path year by year
    is on the { $page }.
target-known-page = data page
target-known-related = { $size ->
    [small] It is reconciled together with its related series, above all { $series } (they hardly move the last year).
   *[large] It is reconciled together with its related series, above all { $series }.
}
target-none-held = No published figure has been found.
