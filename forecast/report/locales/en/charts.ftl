## What charts share

chart-year = Year
chart-value = Value
chart-figure = Figure
chart-head = { $given ->
    [True] { $name }, { $unit }
   *[False] { $name }
}
chart-interval = { $n }% interval
chart-quantile = { $quantile ->
    [low] 5% quantile
    [q05] 5% quantile
    [q20] 20% quantile
    [q25] 25% quantile
    [q35] 35% quantile
    [q65] 65% quantile
    [q75] 75% quantile
    [q80] 80% quantile
    [high] 95% quantile
    [q95] 95% quantile
   *[median] Median
}
