## The answer on a target that is no yearly level

kind-open = { $status ->
    [partly_known] **Partly known: no probability is given.**
   *[not_assessable] **Not assessable yet: no probability is given.**
}
kind-settled = { $outcome ->
    [met] **Met, as published.**
   *[not-met] **Not met, as published.**
}

kind-count-goal = The target is { $goal }.
kind-counted = { $n ->
    [one] One was counted from the adoption of the plan to { $day }.
   *[other] { $n } were counted from the adoption of the plan to { $day }.
}
kind-counted-later = { $n ->
    [one] One more has become known since.
   *[other] { $n } more have become known since.
}
kind-no-events = No dated event since the adoption of the plan is in the data.
kind-events = At least { $n } since the adoption of the plan: { $events }.
kind-event = { $event } { $published }

kind-journeys = { $state ->
    [met] { $named ->
        [0] Within { $limit } by the latest published time: { $n } of { $of } journeys.
       *[other] Within { $limit } by the latest published time: { $n } of { $of } journeys ({ $names }).
    }
    [not-met] { $named ->
        [0]
            Not within { $limit } when last published, and no announced line changes that by { $year }:
            { $n } of { $of }.
       *[other]
            Not within { $limit } when last published, and no announced line changes that by { $year }:
            { $n } of { $of } ({ $names }).
    }
    [forecast] { $named ->
        [0] Due to become fast enough when an announced line opens: { $n } of { $of }.
       *[other] Due to become fast enough when an announced line opens: { $n } of { $of } ({ $names }).
    }
   *[unknown] { $named ->
        [0] Not known: { $n } of { $of }.
       *[other] Not known: { $n } of { $of } ({ $names }).
    }
}

kind-figures = Last published: { $figures }.
kind-figure = { $state ->
    [older] { $part }: no yearly figure on today’s basis
    [none] { $part }: no published figure in the data
   *[known] { $part }: { $figure }
}

kind-now = { $kind ->
    [comparison] In { $year } it was { $value } of the figure it is compared with.
   *[other] It was { $value } in { $year }.
}
kind-base = { $origin ->
    [published] The level of the base year, { $year }, was { $value }.
   *[estimated] The level of the base year, { $year }, is estimated at { $value }.
}
kind-base-ahead = The base year, { $year }, is still ahead; the level of { $last } was { $value }.
kind-base-unknown = No figure of the base year, { $year }, is known; the first is of { $first }.
kind-grown = { $unit ->
    [index] The index stood at { $value } in { $year }.
    [yearly] The change until { $year } was { $value }.
   *[total] The change until { $year } was { $value }.
}
kind-place = By the figures of { $year } the place is { $rank } of { $of }.
kind-need-sum = { $sense ->
    [more] Reaching { $limit } requires { $rate } on average from { $first } to { $year }.
   *[less] Staying within { $limit } leaves { $rate } on average from { $first } to { $year }.
}
kind-rank = { $n ->
    [one] In { $year } the rank was { $rank }; one edition is known.
   *[other] In { $year } the rank was { $rank }; { $n } editions are known.
}
kind-rank-lists = { $n ->
    [one] One list in the data gives a rank: { $rank } { $when }.
   *[other] { $n } lists in the data give a rank; the latest is { $rank } { $when }.
}
kind-rank-mark = That entry is marked: { $mark }.

kind-sum = { $n ->
    [one] The amount for { $start } was { $done }.
   *[other] From { $start } to { $last } the sum came to { $done }.
}
kind-sum-estimated = { $n ->
    [one] { $years } is an estimate.
   *[other] { $years } are estimates.
}

kind-outlook-legs = On average { $mean } journeys are within the time in { $year }.
kind-outlook-comparison =
    The median forecast for { $year } is { $median } of the figure it is compared with (90% interval
    { $interval }).
kind-outlook-growth = { $unit ->
    [index] The median forecast for { $year } is { $median } (90% interval { $interval }).
    [yearly] The median forecast of the change to { $year } is { $median } (90% interval { $interval }).
   *[total] The median forecast of the change to { $year } is { $median } (90% interval { $interval }).
}
kind-outlook-ratio = The median forecast for { $year } is { $median } (90% interval { $interval }).
kind-outlook-place = The median forecast of the place in { $year } is { $median } (90% interval { $interval }).
kind-outlook-count =
    The median forecast of the number by { $year } is { $median } (90% interval { $interval }).
kind-outlook-rank = The median forecast of the rank in { $year } is { $median } (90% interval { $interval }).
kind-outlook-cumulative =
    The median forecast of the sum to { $year } is { $median } (90% interval { $interval }).

## How its probability comes about

kind-method-count =
    Events are assumed to occur at a steady rate, which is estimated from the count to date (a Poisson
    process; the rate has the prior of Jeffreys). The probability is exact; there are no past cases of
    this kind to compare it with.
kind-method-rank =
    The log of the rank is assumed to follow a random walk, with steps estimated from the editions
    known and from a prior of about 30% a year. The probability is exact; there are no past cases of
    this kind to compare it with.
kind-method-legs =
    A journey that was within the time is assumed to stay so. Another becomes so when an announced line
    opens, on a date between the earliest and the latest stated; journeys over one line share its date.
    Without such a line, timetables are assumed to change as little as the published ones have, and
    journeys independently of one another.
kind-method-markets = Each market is forecast by itself; together they are assumed to be independent.
kind-method-comparison =
    Each series is forecast by itself; their draws are joined as the errors of past forecasts have gone
    together, and the figure is computed in every draw. Of several other regions the plain mean counts.
kind-method-ratio =
    Each of the two series is forecast by itself; their draws are joined as the errors of past forecasts
    have gone together, and the ratio is computed in every draw.
kind-method-place =
    The series of every region of the list is forecast by itself; their draws are joined as the errors of
    past forecasts have gone together, and the place is counted in every draw. The largest figure has the
    first place.
kind-method-growth =
    Growth is computed in every draw of the series, from the base year of that draw: where the base year is
    an estimate or still ahead, its uncertainty is part of it.
kind-method-cumulative =
    The sum is computed in every draw of the series: the years known, and the draws of the years to come.
kind-method-range = Over the { $varied }, the probability ranges from { $low } to { $high }.
kind-method-error = The sampling error is { $error }.

## In a cell of a table

brief-count = { $complete ->
    [True] { $n }
   *[False] at least { $n }
}
brief-legs-unknown = none of { $of } known
brief-legs = { $unknown ->
    [0] { $met } of { $of } met
   *[other] { $met } of { $of } met, { $unknown } not known
}
brief-rank = { $doubtful ->
    [True] rank { $rank } ({ $when }, doubtful)
   *[False] rank { $rank } ({ $when })
}
brief-figure = { $value } ({ $year })
brief-series = { $kind ->
    [markets] figures for { $n } of { $of } markets
   *[comparison] figures for { $n } of { $of } series
}

## A lower bound from published parts

bound-head = { $state ->
    [none] **Partly known, with a lower bound: no probability is given.**
   *[some] **Partly known, with a lower bound of the probability: { $bound }.**
}
bound-parts = { $n ->
    [one] No total has been published. { $parts }, a published part of it, bounds it from below.
   *[other] No total has been published. { $parts }, published parts of it, bound it from below.
}
bound-level = { $n ->
    [one] It comes to about { $median } in { $year } (90% interval { $interval }).
   *[other] Added up, they come to about { $median } in { $year } (90% interval { $interval }).
}
bound-ahead = The median forecast for { $year } is { $median } (90% interval { $interval }).
bound-too-little =
    That is { $share } of the { $threshold } that meet the target, too little for a probability to follow
    from it.
bound-threshold = The target counts as met from { $threshold }.
bound-overlap = { $state ->
    [none]
        Whether they overlap has not been published. If they overlap entirely, only the largest counts, and it
        gives no probability that can be distinguished from zero. Each is taken to count for the target.
   *[some]
        Whether they overlap has not been published. If they overlap entirely, only the largest counts, which
        gives the smaller bound. Each is taken to count for the target.
}
bound-more = Anything else that counts makes the probability larger.
bound-short = { $overlap ->
    [never] at least { $apart }
    [none] at least { $apart } only if its parts do not overlap
   *[some] at least { $alone }; at least { $apart } if its parts do not overlap
}
bound-brief = { $n ->
    [one] known part: about { $value } ({ $year })
   *[other] known parts, added up: about { $value } ({ $year })
}
bound-method =
    Each part is forecast by itself; their draws are joined as the errors of past forecasts have gone
    together. The largest part of each draw is a lower bound of the level however much the parts overlap,
    their sum is one if they do not, and the probabilities of both are lower bounds of the target’s. A part
    without a forecast counts as nothing. Each part is taken to count for the target.

## The table of parts

parts-head-count = ## Event by event
parts-head-rank = ## Edition by edition
parts-head-legs = ## Journey by journey
parts-head-markets = ## Market by market
parts-head-comparison = ## The series compared
parts-head-growth = ## The series
parts-head-ratio = ## The two series
parts-head-place = ## Region by region
parts-head-level = ## Published parts
parts-head-cumulative = ## Year by year
parts-label = { $kind ->
    [markets] Market
    [legs] Journey
    [count] Event
    [rank] List
    [comparison] Region
    [place] Region
    [growth] Series
    [ratio] Series
    [cumulative] Year
   *[level] Part
}
parts-last = Last known
parts-state-head = State
parts-chance = Probability
parts-from = From
parts-state = { $state ->
    [met] met
    [not-met] not met
    [forecast] forecast
    [known] known
    [estimated] estimated
    [no-forecast] no forecast
   *[unknown] unknown
}
parts-value = { $kind ->
    [rank] rank { $value }
    [count] { $value }
   *[unit] { $value }
}
parts-figure = { $bound ->
    [lower] at least { parts-value }
    [upper] at most { parts-value }
   *[none] { parts-value }
}
parts-figure-dated = { $bound ->
    [lower] at least { parts-value } ({ $when })
    [upper] at most { parts-value } ({ $when })
   *[none] { parts-value } ({ $when })
}

## What experts judge

judgement-lead = **A judgement, not a forecast from figures: { $verdict }, { $chance }.**
judgement-experts = { $n ->
    [one]
        One expert judged the figure for { $year }: the median is { $median }, the 90% interval
        { $interval }.
   *[other]
        { $n } experts judged the figure for { $year }: the median is { $median }, the 90% interval
        { $interval }.
}
judgement-asked = The figure judged is the { $asked }.
judgement-no-figures = From published figures alone no probability can be given.
judgement-head = ## What experts judge
judgement-note = **This is judgement, not a forecast from figures.** Each expert gave quantiles of the figure; the
    distribution that fits them best is used, and several experts count equally.
judgement-beside =
    Their probability is { $judged }; the forecast from figures, which leads this page, gives
    { $chance }.
judgement-head-expert = Expert
judgement-head-date = Date
judgement-head-median = Median
judgement-head-interval = 90% interval
judgement-head-fitted = Distribution
judgement-head-chance = Probability
judgement-head-why = Reason
judgement-distribution = { $name ->
    [normal] normal
    [lognormal] lognormal
    [beta] beta
   *[Student-t] Student-t
}

## Which release decides

release-head = ## Which release decides
release-at-once = { $kind ->
    [legs] The timetable on { $day } decides; it can be known at once.
   *[count] The number reached by { $day } decides; it can be known at once.
}
release-unknown = { $kind ->
    [rank]
        The list of { $year } decides. The data do not show when it is published, or whether it is
        published at all.
   *[other]
        The figure for { $year } decides. The data do not show when it is published, or whether it is
        published at all.
}
release-decides = { $known ->
    [True]
        The figure for { $year } decides. It is expected { $when } from { $publisher } ({ release-habit });
        it may be revised later.
   *[False]
        The figure for { $year } decides. It is expected { $when } ({ release-habit }); it may be revised
        later.
}
release-preliminary = The figure of { $value } for { $year } meets the target and is not final.
release-revisions = { $pairs ->
    [0] The data contain no pair of a preliminary and a later figure; a usual revision is taken to be { $size }.
    [one] One pair of a preliminary and a later figure in the data differs by about { $size }.
   *[other] { $pairs } pairs of a preliminary and a later figure in the data differ by about { $size }, at most by { $largest }.
}
release-revision-needed = To miss the target, the figure would have to be revised by more than { $gap }.
release-revised-away = The probability that it no longer meets the target after revision is { $chance }.
