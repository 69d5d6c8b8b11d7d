## The table of statements

statements-head-id = Id
statements-head-place = Place
statements-head-indicator = Indicator
statements-head-period = Period
statements-head-what = What
statements-head-value = Published
statements-head-fitted = Reconciled
statements-head-status = Status
statements-head-source = Source

measure = { $measure ->
    [level] level
    [growth] growth
    [ytd_level] level, year to date
    [ytd_growth] growth, year to date
    [change] change
    [event] event
    [month_level] level of the month
    [quarter_level] level of the quarter
    [half_level] level of the half-year
    [count_to_date] count since adoption
    [forecast_growth] growth, forecast by others
   *[forecast_level] level, forecast by others
}
statements-what = { $bound ->
    [lower] { statements-of-prices }, at least
    [upper] { statements-of-prices }, at most
   *[none] { statements-of-prices }
}
statements-of-prices = { $prices ->
    [real] { measure }, real
    [nominal] { measure }, nominal
   *[none] { measure }
}

status-census = census
status-final = final
status-revised = revised
status-preliminary = preliminary
status-derived = derived
status-secondary = secondary source
status-unknown = not stated
status-target = target
status-projection = projection
status-second-hand = { $status } (second-hand)

mark-conflict = contradicted by another source
mark-low-quality = doubtful source or definition
mark-mislabelled = wrong period or unit in the source, corrected here

statements-calculated = { $how ->
    [difference] { $value }, calculated: { $plus } less { $minus }
    [sum] { $value }, calculated: sum of { $plus }
   *[months] { $value }, calculated: sum of months and quarters
}
statements-converted = converted at the yearly average { $rate } ({ $indicator }, { $source })
statements-note = { $chinese ->
   *[other] { $note }
}
statements-also = also in: { $sources }
statements-outlier = does not fit the others
statements-unused = not used: { $reason }
unused-an-event = an event
unused-a-forecast-of-others = a forecast by others
unused-a-stock-within-the-year = a stock within the year, not at its end
unused-a-bound-on-part-of-a-year = a bound on part of a year
unused-a-bound-at-the-end-of-the-scale = a bound at the end of the scale
unused-the-months-before-it-are-not-known = the months before it are not known
unused-counted-in-the-sum-through = counted in the sum to { $month }
unused-no-exchange-rate-known = no exchange rate is known
unused-its-basis-cannot-be-joined-to-today-s = its basis cannot be joined to today’s
unused-no-level-within-reach = no level within reach
unused-the-figure-itself-is-published = the figure itself is published

statements-expected = { $kind ->
    [target] { $prices ->
        [real] { $value }, real (target)
        [nominal] { $value }, nominal (target)
       *[none] { $value } (target)
    }
   *[projection] { $prices ->
        [real] { $value }, real
        [nominal] { $value }, nominal
       *[none] { $value }
    }
}

## The chart of a path

statements-origin = Known from
statements-status = Published as
statements-estimate = estimate
statements-as-published = published ({ $status })
statements-chart-title = { $end } in { $last }, after { $start } in { $first }
statements-chart-alt = { $n ->
    [0] { $start } in { $first }; { $end } in { $last } (90% interval { $interval }).
    [one] { $start } in { $first }; { $end } in { $last } (90% interval { $interval }); one published level.
   *[other] { $start } in { $first }; { $end } in { $last } (90% interval { $interval }); { $n } published levels.
}
statements-chart-caption = { $some ->
    [levels] In 90 of 100 such cases the true figure lies within the band around the line. Points are figures as published; those off the line are on an older statistical basis or do not fit the others.
   *[none] In 90 of 100 such cases the true figure lies within the band around the line. No level was published; the points show what each estimate rests on.
}
