## The same indicator in other regions

peers-head = ## 与其他地区比较
peers-note = { $n ->
   *[other] 数据中另有{ $n }个地区公布了该指标。{ peers-order }
}
peers-order = { $order ->
    [growth] 增速按相同年份计算；{ $own }列首位，其余按增速排列。
   *[relation] 增速截至各地区最近一个已知年份，按五年或其中已知的年份计算。各地区年份不同，因此不按增速排列，只宜比较年份相同的地区。
}
peers-place = 按{ $year }年数值，{ $own }在数据所含的{ $n }个同级地区中居第{ $rank }位。
peers-rank = 按相同年份的增速，{ $own }在{ $n }个同级地区中居第{ $rank }位。
peers-none-beside = 数据中没有同级相邻地区的数值，无法给出排名。
peers-relation = { $relation ->
    [own] 本地区
    [above] 上级地区
    [beside] 同级地区
   *[below] 下属地区
}
peers-growth = { $rate }（{ $first }—{ $last }年）
peers-col-region = 地区
peers-col-relation = 关系
peers-col-year = 最近已知年份
peers-col-figure = 数值
peers-col-growth = 年均变动
peers-col-path = { $scale ->
    [log] 走势，首年=100（灰线为本地区）
   *[other] 走势（灰线为本地区）
}
