## The page of a series

series-heading = # { $series }
series-definition = Definition: { $text }.
series-unit = { $kind ->
    [rank] Unit: rank.
    [count] Unit: number.
    [index] Unit: index.
   *[unit] { $prices ->
        [nominal] Unit: { $unit }, current prices.
        [real] Unit: { $unit }, constant prices.
       *[none] Unit: { $unit }.
    }
}
series-source-unit = The data tables hold it in { $own }; 1 { $own } is { $one }.

## The path

series-no-path = { $kind ->
    [ranks] { $n ->
        [one] **Ranks are not joined into a path.** There is one edition, listed below: indices differ
            in whom they rank and how.
       *[other] **Ranks are not joined into a path.** There are { $n } editions, listed below: indices
            differ in whom they rank and how.
    }
   *[levels] { $n ->
        [one] **No path can be reconciled yet.** There is one statement, and no yearly level from
            which the rest could start.
       *[other] **No path can be reconciled yet.** There are { $n } statements, and no yearly level from
            which the rest could start.
    }
}
series-published = **The figure published for { $year } is { $value }.**
series-reconciled =
    Taken together, all statements give { $estimate } (90% interval { $interval }).
series-estimated = { $why ->
    [doubted] **About { $value } in { $year }; the published figure is in doubt** (90% interval
        { $interval }).
    [weak] **About { $value } in { $year }, reported by a weak source only** (90% interval
        { $interval }).
    [summed] **{ $value } in { $year }, the sum of the figures published for its months or quarters** (90%
        interval { $interval }).
    [calculated] **About { $value } in { $year }, calculated from other published figures** (90% interval
        { $interval }).
   *[not-published] **About { $value } in { $year }, not published** (90% interval { $interval }).
}
series-rests = { $span ->
    [year] { $some ->
        [part] It rests on { $used } of { $n } statements.
       *[all] { $n ->
            [one] It rests on one statement.
           *[other] It rests on all { $n } statements.
        }
    }
   *[path] { $some ->
        [part] The path from { $first } on rests on { $used } of { $n } statements.
       *[all] { $n ->
            [one] The path from { $first } on rests on one statement.
           *[other] The path from { $first } on rests on all { $n } statements.
        }
    }
}
series-sums = { $n ->
    [one] It also rests on one figure calculated from others, as a sum or difference.
   *[other] It also rests on { $n } figures calculated from others, as sums or differences.
}
series-origins = Of its { $n } years, { $origins }.
series-origin = { $n ->
    [one] 1 is { $origin }
   *[other] { $n } are { $origin }
}
series-origin-all = All of its { $n } years are { $origin }.
series-statement = { $id } for { $period }
series-marked = { $n ->
    [one] One statement is marked as doubtful and given little weight: { $statements }.
   *[other] { $n } statements are marked as doubtful and given little weight: { $statements }.
}
series-identity =
    For { $year }, { $value } was published, whereas { $other } follows from the other published
    figures of the total and its parts: they do not add up{ $at }.
series-outliers = { $n ->
    [one] One statement does not fit the others and is heavily down-weighted: { $statements }.
   *[other] { $n } statements do not fit the others and are heavily down-weighted: { $statements }.
}
series-agree = { $rest ->
    [others] No other statement contradicts the rest.
   *[all] No statement contradicts the others.
}
series-origins-note =
    How a year is known:

    - **{ origin-published }**: a level on today’s statistical basis was published for the year.
    - **{ origin-derived }**: the year follows from growth rates or from levels on an older basis,
    was calculated from other published figures (as a ratio, a sum or a difference), or was reported
    by a weak source.
    - **{ origin-nowcast }**: only part of the year is known.
    - **{ origin-imputed }**: no usable figure of the series itself was published for the year, or
    at most a bound; the year is estimated from related series, such as those of the region above or of a part,
    and made to add up with the others where it is part of a sum.
    - **{ origin-interpolated }**: no usable figure was published; the path spans the gap, and the
    interval shows how little is known.
    - **{ origin-doubted }**: a figure was published, all other evidence contradicts it, and the
    path follows that evidence.
series-years-head = ## Year by year
series-head-year = Year
series-head-estimate = { $given ->
    [True] Estimate, { $unit }
   *[False] Estimate
}
series-head-interval = 90% interval
series-head-statements = Statements

## What the figures rest on

series-statements =
    ## Statements

    { $path ->
        [True]
            Every statement as published. The column “{ statements-head-fitted }” gives the value of the
            reconciled path in its place, in the unit and on the statistical basis of the statement. A statement that does not fit the others is marked and heavily
            down-weighted.
       *[False] Every statement as published.
    }
series-influence =
    ## How sensitive the last figure is to single statements

    The change of the estimate for { $year } if one statement were left out. Small numbers mean that
    the figure does not depend on a single source.
series-influence-none = No single statement moves it.
series-head-change = { $scale ->
    [logit] Change without it, percentage points
   *[log] Change without it, %
}
series-head-weight = Weight
series-related =
    ## Related series

    The path is reconciled together with those of related series: the region above, its parts, or an
    indicator that it follows. The ratio of two related series moves more slowly than either, so
    that data on one help where there are none on the other.
series-related-rest = { $some ->
    [all] Each moves it by less than { $least }, because its own figures determine it.
   *[rest] { $n ->
        [one] One more moves it by less than { $least }, because its own figures determine it.
       *[other]
            { $n } more move it by less than { $least } each, because its own figures determine it.
    }
}
series-related-table =
    The table gives the change of the estimate for { $year } without each of them.
series-head-relative = Related series
series-head-relation = Relation
relation-followed = the indicator it follows
relation-follows = an indicator that follows it
relation-above = the region above
relation-part = a part of the region
