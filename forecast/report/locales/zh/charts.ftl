## What charts share

chart-year = 年份
chart-value = 数值
chart-figure = 项目
chart-head = { $given ->
    [True] { $name }（{ $unit }）
   *[False] { $name }
}
chart-interval = { $n }%区间
chart-quantile = { $quantile ->
    [low] 5%分位数
    [q05] 5%分位数
    [q20] 20%分位数
    [q25] 25%分位数
    [q35] 35%分位数
    [q65] 65%分位数
    [q75] 75%分位数
    [q80] 80%分位数
    [high] 95%分位数
    [q95] 95%分位数
   *[median] 中位数
}
