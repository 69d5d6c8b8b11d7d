## What is missing

gap-missing-head = ## What is missing
gap-missing = { $figures }.
gap-missing-line = Missing: { $figures }.
gap-figure = { $dated ->
    [True] { $indicator }, { $places }: { $what } ({ $when })
   *[False] { $indicator }, { $places }: { $what }
}
gap-each-year = each year { $years }
gap-up-to = up to { $day }

gap-target = Target
gap-status-head = Status
gap-missing-column = Missing
gap-known = Data points
gap-status = { $status ->
    [assessed] assessed
    [already_met] already met
    [judgement] judgement
    [partly_known] partly known
   *[not_assessable] not assessable yet
}

## What a figure would tell

gap-head = ## How much the next data could change this
gap-examples =
    Examples: what the probability would be if such figures were published. They are not forecasts of
    those figures.
gap-wander = The supposed levels deviate by { $size } around steady growth.
gap-bounded =
    A supposed total takes the place of the published parts. With a low level or slow growth it can give a lower
    probability than the bound above, which rests on the level and the growth of the parts.
gap-moves =
    If one more figure were known, the probability would move by this much on average, up or down,
    and the 90% interval of the target year would narrow.
gap-suppose = Suppose
gap-then = Probability then
gap-still-none = still none
gap-level-of = Figure
gap-by = Probability moves by
gap-narrower = Interval narrower by
gap-moved = { $limit ->
    [True] at most { $points }
   *[False] { $points }
}
gap-level = level of { $year }

## Which figure to get first

gap-get = Figure
gap-for = Target
gap-effect = Effect
gap-effect-moves =
    would move the probability by { $points } on average and narrow the interval by { $narrower }
gap-effect-opens = { $n ->
    [one] would give a probability
   *[other] together, these { $n } figures would give a probability
}
gap-effect-examples = { $n ->
    [one] { $same ->
        [True] would give a probability ({ $low } for every value supposed)
       *[False] would give a probability ({ $low } to { $high }, by the value supposed)
    }
   *[other] { $same ->
        [True] together, these { $n } figures would give a probability ({ $low } for every value supposed)
       *[False]
            together, these { $n } figures would give a probability ({ $low } to { $high }, by the
            values supposed)
    }
}
gap-nothing = No missing figure would change an answer.
