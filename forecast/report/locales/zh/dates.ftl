published = { $form ->
   *[other] { $when }
}
evidence-own = { $state ->
    [undated] { $period }年数据未注明发布日期；有发布日期的本目标相关数据最近一次发布于{ $own }，全部数据最近一次发布于{ $published }。
   *[dated] 本目标相关数据最近一次发布于{ $own }，全部数据最近一次发布于{ $published }。
}
evidence-compared = { $lacking ->
    [date]
        本目标相关数据均无发布日期；对比数据最近一次发布于{ $compared }，全部数据最近一次发布于{ $published }。
   *[figure]
        尚无本目标相关数据；对比数据最近一次发布于{ $compared }，全部数据最近一次发布于{ $published }。
}
evidence-none = { $lacking ->
    [date] 本目标相关数据均无发布日期；全部数据最近一次发布于{ $published }。
   *[figure] 尚无本目标相关数据；全部数据最近一次发布于{ $published }。
}
