## The findings

overview-title = # { $title }
overview-lead = { $n ->
    [one] **Of { $n } target, { $known } can be given a probability today; { $likely } more likely than not.**
   *[other] **Of { $n } targets, { $known } can be given a probability today; of these, { $likely ->
        [0] none is
        [one] { $likely } is
       *[other] { $likely } are
    } more likely than not to be met.**
}
overview-met = Already met: { $targets }.
overview-within = At present within the range: { $targets }.
overview-kept = { $settled ->
    [met] { $name } (as published)
   *[open] { $name } ({ $chance } to remain met)
}
overview-missed = Not met, as published: { $targets }.
overview-verdict = { $verdict }: { $targets }.
overview-chance-of = { $name } ({ $chance })
overview-judged = On expert judgement alone: { $targets }.
overview-bounded = Bounded from below by published parts: { $targets }.
overview-bounded-one = { $name } ({ $bound })
overview-thin = On thin evidence, with few yearly levels or none for recent years: { $targets }.
overview-rest = { $n ->
    [one] { $n } target cannot be given a probability yet
   *[other] { $n } targets cannot be given a probability yet
}{ $partly ->
    [0] {""}
    [one] ; for { $partly } of them, part of what it requires is known
   *[other] ; for { $partly } of them, part of what they require is known
}. The missing figures that would help most, and what they would show, are listed below.
overview-alone =
    Each probability refers to one target alone: targets that are likely one by one can be unlikely together.

overview-chance = { $settled ->
    [met] met, as published
    [not-met] not met, as published
   *[open] { $mark ->
        [thin] { $chance } (thin)
        [judgement] { $chance } (judgement)
       *[other] { $chance }
    }
}

## The chart

overview-chart = { $likely ->
    [0] None of the { $n } targets with a probability is more likely than not to be met
    [one] { $likely } of the { $n } targets with a probability is more likely than not to be met
   *[other] { $likely } of the { $n } targets with a probability are more likely than not to be met
}{ $bounded ->
    [0] {""}
    [one] { $sure ->
        [0] ; one has a lower bound of it below one half
       *[other] ; one more is so by a lower bound
    }
   *[other] ; of { $bounded } with a lower bound of it, { $sure } by that bound
}
overview-chart-about = Probability of meeting each target: { $chances }.
overview-chart-one = { $target } { $chance }
overview-chart-caption = { $bounded ->
    [0] { $rest ->
        [0] A dot is the probability, the bar around it its range over the models. A bar without a dot is a limit with the range over the models: the past cases support nothing nearer to 0 or to 100.
        [one] A dot is the probability, the bar around it its range over the models. A bar without a dot is a limit with the range over the models: the past cases support nothing nearer to 0 or to 100. One target has no probability; it is in the table.
       *[other] A dot is the probability, the bar around it its range over the models. A bar without a dot is a limit with the range over the models: the past cases support nothing nearer to 0 or to 100. { $rest } targets have no probability; they are in the table.
    }
   *[other] { $rest ->
        [0] A dot is the probability, the bar around it its range over the models. A bar without a dot is a limit with the range over the models: the past cases support nothing nearer to 0 or to 100, or the largest published part bounds the probability from below, however much the parts overlap.
        [one] A dot is the probability, the bar around it its range over the models. A bar without a dot is a limit with the range over the models: the past cases support nothing nearer to 0 or to 100, or the largest published part bounds the probability from below, however much the parts overlap. One target has neither; it is in the table.
       *[other] A dot is the probability, the bar around it its range over the models. A bar without a dot is a limit with the range over the models: the past cases support nothing nearer to 0 or to 100, or the largest published part bounds the probability from below, however much the parts overlap. { $rest } targets have neither; they are in the table.
    }
}
overview-chart-axis = chances in 100
overview-chart-from = Lowest
overview-chart-to = Highest

## Target by target

overview-by-target-head = ## Target by target
overview-by-target =
    Each name links to the page of the target, with the forecast, the evidence and the track record. “Last known” is
    the last published figure; “about” marks an estimate for a year without one. “Needed” and “achieved” are growth
    per year: from the last year, published or estimated, to the target year, and over the five years before (pp:
    percentage points). “Pace” is what growth has to do: hold the level, maintain the pace (of five years, where that
    of three would not do), accelerate, or reverse.
    A target “about” a figure is met from the lower end of its tolerance on, and the growth needed leads there.
    Small print: what the choice of model does to the probability.
    “Thin”: the probability rests on few yearly levels, or on none for recent years. “< n”: fewer than n in 100, the
    least that the record of past forecasts supports. It differs with the number of past cases of the kind: the page
    of each target gives its own.
overview-range = { $varied }: { $low } to { $high }
overview-col-target = Target
overview-col-chance = Probability
overview-col-goal = Plan
overview-col-known = Last known
overview-col-needed = Needed a year
overview-col-achieved = Achieved
overview-col-pace = Pace
overview-growth = { $scale ->
    [log] { $number }%
    [logit] { $number } pp
   *[linear] { $number } { $unit }
}
pace-word = { $verdict ->
    [hold] hold
    [maintain] maintain
    [maintain-some] keep the { $span }-year pace
    [accelerate] accelerate
    [ease] slow down
    [reverse] reverse
   *[not-known] not known
}

## What is missing

overview-missing-head = ## Targets without a probability from published figures
overview-missing-none = Every target has a probability.
overview-next-head = ## Which figure to obtain next
overview-next =
    First what would give a target a probability at all, the fewest figures first; then what would move a probability
    most. The command `forecast gaps` of the program prints the whole list.

## How far to trust the numbers

overview-trust-head = ## How far to trust these numbers
overview-trust = { $own ->
    [True] Every probability is the share of simulated paths in which the target is met. The paths come from the learned ensemble: six simple forecasts, combined with weights and a spread estimated on other data sets, with growth shrunk towards that of all series of the same kind in the data, and with a spread calibrated on past forecasts of these series. A good method would have 80 of 100 outcomes inside its 80% intervals, and events it calls unlikely would be rare.
   *[False] Every probability is the share of simulated paths in which the target is met. The paths come from the learned ensemble: six simple forecasts, combined with weights and a spread estimated on other data sets, with growth shrunk towards that of all series of the same kind in the data. A good method would have 80 of 100 outcomes inside its 80% intervals, and events it calls unlikely would be rare.
}
overview-reliability = How often growth reached a multiple of its past pace, by the probability given:
overview-record = More on the [track record](track_record.html).

## The data

overview-data-head = ## The data
overview-data =
    Every figure comes from a published statement with its source. One page per series shows what was published, how
    it was reconciled, and where statements disagree.
overview-col-series = Series
overview-col-statements = Statements
overview-col-first = From
overview-col-last = Last year
overview-col-estimate = Estimate
overview-col-misfits = Down-weighted
overview-last = { $year } ({ $origin })
overview-no-path = no path
