## The calendar of releases

release-period = { $form ->
    [year] { $year }年
    [month] { $last }
    [part] { $year }年{ $first }至{ $last }
   *[parts] { $first }至{ $last }
}
release-of-series = { $series }（{ $period }）
release-years = { $years }
release-by = { $form ->
    [year] { $year }年内
   *[month] { $month }底前
}
release-next = { $known ->
    [True] { $figure }数据预计{ $when }由{ $publisher }发布（{ release-habit }）。
   *[False] { $figure }数据预计{ $when }发布（{ release-habit }）；现有数据未载明发布机构。
}
release-habit = { $of ->
    [own] 依据以往{ $n }次发布的日期推算
    [region] 依据本地区同类数据以往{ $n }次发布的日期推算
   *[parent] 依据上级地区以往{ $n }次发布的日期推算
}
release-overdue = { $n ->
    [1] 尚未收录：{ $figures }数据（应于{ $when }发布）。
   *[other] 尚未收录：{ $figures }数据（最近一项应于{ $when }发布）。
}
release-earlier = 该年较短时段的数据也应已发布，同样尚未收录。
release-newest = 该指标最新数据发布于{ $published }。
release-head-plan = ## 近期数据发布安排
release-note = 预计发布时间根据各指标以往的发布日期逐项推算。
release-none = 现有数据无法表明后续数据何时发布。
release-overdue-head = ### 应已发布
release-overdue-note = { $n ->
   *[other] 有{ $n }项数据按以往规律应已发布，但尚未收录。每个指标仅列最近一项。
}
release-col-when = 预计发布时间
release-col-figure = 数据
release-col-publisher = 发布机构
release-col-targets = 相关目标
release-nobody = 不详
page-evidence = { $stale ->
    [True] 数据截至{ $newest }，此后发布的数据尚未收录。
   *[False] 数据截至{ $newest }。
}
page-as-of = 仅采用截至{ $day }公布的数据，其中最新数据发布于{ $newest }。
page-made = 本页制作于{ $made }。
