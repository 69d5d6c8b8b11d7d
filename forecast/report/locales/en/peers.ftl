## The same indicator in other regions

peers-head = ## How others did
peers-note = { $n ->
    [one] One other region in the data has published figures of this indicator. { peers-order }
   *[other] { $n } other regions in the data have published figures of this indicator. { peers-order }
}
peers-order = { $order ->
    [growth] Growth is compared over the same years; { $own } stands first, the others in the order of growth.
   *[relation] Growth is up to the last published year of each, over five years or as many of them as are published. The years differ, so the regions are not in the order of growth: compare only those with the same years.
}
peers-place =
    By the figure for { $year }, { $own } ranks { $rank } of the { $n } regions with the same parent in the data.
peers-rank = By growth over the same years, { $own } ranks { $rank } of { $n } regions with the same parent.
peers-none-beside = The data contain no figures of neighbouring regions of the same rank, so there is no ranking among them.
peers-relation = { $relation ->
    [own] this region
    [above] region above
    [beside] same parent
   *[below] part of it
}
peers-growth = { $rate } ({ $first }–{ $last })
peers-col-region = Region
peers-col-relation = Relation
peers-col-year = Last year known
peers-col-figure = Figure
peers-col-growth = Growth a year
peers-col-path = { $scale ->
    [log] Path, first year = 100 (grey: this region)
   *[other] Path (grey: this region)
}
