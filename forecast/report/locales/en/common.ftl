## Values

year = { $year }
year-range = { $first } to { $last }
range = { $low } to { $high }
range-signed = { $low } to { $high }
amount = { $joined ->
    [True] { $number } { $unit }
   *[False] { $number } { $unit }
}
percent = { $number }%
permille = { $number }‰
percent-yearly = { $number }% a year
points = { $n ->
    [one] { $number } percentage point
   *[other] { $number } percentage points
}
rate-percent = { $number }% a year
rate-points = { $number } percentage points a year
rate-amount = { $size } a year
rate-units = { $sign ->
    [down] −{ $size } a year
   *[up] +{ $size } a year
}

moved-percent = { $sign ->
    [down] fell by { $size }% a year
    [none] did not change
   *[up] rose by { $size }% a year
}
moved-points = { $sign ->
    [down] fell by { $size } percentage points a year
    [none] did not change
   *[up] rose by { $size } percentage points a year
}
moved-units = { $sign ->
    [down] fell by { $size } a year
    [none] did not change
   *[up] rose by { $size } a year
}

unit-ratio = { $top } per { $bottom }
unit-magnitude = { $power ->
    [1] { $per ->
        [1] 10 { $thing }
       *[0] ten { $thing }
    }
    [2] { $per ->
        [1] 100 { $thing }
       *[0] hundred { $thing }
    }
    [3] { $per ->
        [1] 1,000 { $thing }
       *[0] thousand { $thing }
    }
    [4] 10,000 { $thing }
    [5] 100,000 { $thing }
    [6] million { $thing }
    [7] 10 million { $thing }
    [8] 100 million { $thing }
    [9] billion { $thing }
    [10] 10 billion { $thing }
    [11] 100 billion { $thing }
   *[12] trillion { $thing }
}
unit-thing = { $n ->
    [one] { $thing ->
        [CNY] yuan
        [day] day
        [ha] hectare
        [hour] hour
        [household] household
        [km2] km²
        [m2] m²
        [m3] m³
        [minute] minute
        [parcel] parcel
        [person] person
        [pp] percentage point
        [tonne] tonne
       *[other] { $name }
    }
   *[other] { $thing ->
        [CNY] yuan
        [day] days
        [ha] hectares
        [hour] hours
        [household] households
        [km2] km²
        [m2] m²
        [m3] m³
        [minute] minutes
        [parcel] parcels
        [person] people
        [pp] percentage points
        [tonne] tonnes
       *[other] { $name }
    }
}

## Chances and verdicts

chance = { $side ->
    [below] fewer than { $n } in 100
    [above] more than { $n } in 100
   *[at] about { $n } in 100
}
chance-short = { $side ->
    [below] < { $n } in 100
    [above] > { $n } in 100
   *[at] { $n } in 100
}
chance-bare = { $side ->
    [below] < { $n }
    [above] > { $n }
   *[at] { $n }
}
chance-bound = { $n } in 100
verdict = { $limit ->
    [most] { verdict-word } at best
    [least] at least { verdict-word }
   *[exactly] { verdict-word }
}
verdict-word = { $word ->
    [extremely-unlikely] extremely unlikely
    [very-unlikely] very unlikely
    [unlikely] unlikely
    [about-even] about even
    [likely] likely
    [very-likely] very likely
   *[extremely-likely] extremely likely
}
legend =
    The verdicts, in chances in 100: extremely unlikely, up to { $extremely-unlikely }; very unlikely, to
    { $very-unlikely }; unlikely, to { $unlikely }; about even, to { $about-even }; likely, to { $likely };
    very likely, to { $very-likely }; extremely likely, above { $very-likely }.

## Titles and targets

plan-title = { $plan }: how likely is each target?
target-title = { $target }: { $goal }
goal-of-other = { $n ->
    [one] { $whole ->
        [True] the figure of { $other }
       *[False] { $share } of the figure of { $other }
    }
   *[other] { $whole ->
        [True] the mean of { $other }
       *[False] { $share } of the mean of { $other }
    }
}
goal-limit = { $comparison ->
    [exceed] more than { $value }
    [about] about { $value }
    [at_most] at most { $value }
    [below] below { $value }
    [between] from { $value }
    [rank_within] rank { $value } or better
   *[at_least] at least { $value }
}
goal-change = { $comparison ->
    [exceed] more than { $value }
    [about] about { $value }
    [at_most] at most { $value }
    [below] less than { $value }
    [between] { $value }
   *[at_least] at least { $value }
}
goal-growth = { $unit ->
    [index] { goal-limit } in { $year } ({ $first } = 100)
    [yearly] { $sense ->
        [fall] a fall of { goal-change } a year from { $first } to { $year }
        [change] a change of { goal-change } a year from { $first } to { $year }
       *[growth] growth of { goal-change } a year from { $first } to { $year }
    }
   *[total] { $sense ->
        [fall] a fall of { goal-change } from { $first } to { $year }
        [growth] growth of { goal-change } from { $first } to { $year }
       *[change] a change of { goal-change } from { $first } to { $year }
    }
}
goal-sum = { goal-change } in all from { $first } to { $year }
goal-place = place { $value } or better among { $of } in { $year }
goal-count = { goal-limit } new ones by { $year }
goal = { $kind ->
    [legs] each of { $items } places in { goal-limit } by { $year }
    [markets] { $items } markets with { goal-limit } each in { $year }
    [count] { goal-count }
   *[other] { goal-limit } in { $year }
}
limit-about =
    about { $value }, read as at least { $threshold }: a shortfall of { $tolerance } still counts as met
pace-unit = { $scale ->
    [log] % a year
    [logit] percentage points a year
    [number] a year
   *[linear] { $unit } a year
}
method-name = { $method ->
    [families-pooled] models pooled with equal weight
   *[other] { $label }
}
method-row = { $method ->
    [learned-ensemble] Learned ensemble
    [families-pooled] Models pooled with equal weight
    [no-change] No change
   *[other] { $label }
}
fiscal = Years are fiscal years, { $begin } to { $end }; { $year }, numbered { $number } in the data, is { $first } to { $last }.
series-kind = { $kind ->
    [flow] flows
    [stock] stocks
    [share] shares
    [rate] rates
    [duration] durations
    [rank] ranks
   *[count] counts
}
