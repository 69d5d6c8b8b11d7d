## The calendar of releases

release-period = { $form ->
    [year] { $year }
    [month] { $last }
    [part] { $first } to { $last } { $year }
   *[parts] { $first } to { $last }
}
release-of-series = { $series }, { $period }
release-years = { $years }
release-by = { $form ->
    [year] in the course of { $year }
   *[month] by { $month }
}
release-next = { $known ->
    [True] The figure for { $figure } is expected { $when } from { $publisher } ({ release-habit }).
   *[False] The figure for { $figure } is expected { $when } ({ release-habit }); the data name no publisher.
}
release-habit = { $of ->
    [own] { $n ->
        [one] as the one release that is dated suggests
       *[other] as { $n } earlier releases suggest
    }
    [region] { $n ->
        [one] as one release of this kind in the region suggests
       *[other] as { $n } releases of this kind in the region suggest
    }
   *[parent] { $n ->
        [one] as one release for the region above suggests
       *[other] as { $n } releases for the region above suggest
    }
}
release-overdue = { $n ->
    [one] Not in the data: { $figures }, expected { $when }.
   *[other] Not in the data: { $figures }; the last of them was expected { $when }.
}
release-earlier = Figures for shorter parts of that year should be out as well, and are not in the data either.
release-newest = The newest figure of this series was published { $published }.
release-head-plan = ## Next releases
release-note =
    By when figures are expected follows from the dates on which earlier ones came out, series by series.
release-none = The data do not show when further figures are published.
release-overdue-head = ### Overdue
release-overdue-note = { $n ->
    [one] One figure was expected by now and is not in the data. It may have been published.
   *[other] { $n } figures were expected by now and are not in the data. They may have been published. Of each series only the newest is listed.
}
release-col-when = Expected
release-col-figure = Figure
release-col-publisher = Publisher
release-col-targets = Targets
release-nobody = not known
page-evidence = { $stale ->
    [True] Evidence to { $newest }; what has been published since is not in the data.
   *[False] Evidence to { $newest }.
}
page-as-of = As of { $day }: nothing published later is used; the newest figure is of { $newest }.
page-made = Made on { $made }.
