## Sources: ranks, and the small print of a source

rank-official = 官方发布
rank-yearbook = 统计年鉴
rank-international = 国际组织
rank-press = 新闻媒体
rank-secondary = 二手资料
rank-mirror = 转载
source-no-publisher = 发布单位不详
source-dated = { $title }（{ $date }）
source-first = 数据首次公布于{ $date }
source-at = 见于{ $host }

## The list of sources

sources-head =
    ## 数据来源

    按可靠程度排列：官方发布、统计年鉴、国际组织、新闻媒体、二手资料（汇编资料或出处不明的报道）、转载（原文在其他网站上的副本）。仅对已核实的网站设链接，其余只列网站名称。
sources-head-rank = 来源等级
sources-head-count = 数据条数
sources-rivals = { $year }年的公布数中，{ $better }的来源优于{ $other }。
sources-rival = { $value }（{ $at }{ $rank }）
sources-rival-at = { $id }，

## The grade of the data

quality-head = ## 数据质量与来源
quality-grade = { $grade ->
    [A] **数据质量：A（良好）**。
    [B] **数据质量：B（尚可）**。
    [C] **数据质量：C（较弱）**。
   *[D] **数据质量：D（薄弱）**。
}
sources-counted = 已公布数据{ $n }条，来自{ $sources }个来源，按来源等级：{ $ranks }。
sources-counted-rank = { $rank }{ $n }条
sources-second-hand = 最近一期（{ $year }年）数据系转引（来源等级：{ $rank }）。
quality-see = 评级方法见{ $page }。
quality-see-page = 总览页说明
quality-col-component = 评级项目
quality-col-grade = 等级
quality-col-why = 依据
quality-recency = 时效
quality-length = 长度
quality-basis = 口径
quality-sources = 来源
quality-nothing = 尚未收录年度数据或完整计数。
quality-why-recency = { $behind ->
    [0] 应已公布的年度数据均已取得。
   *[other] 应已公布而尚缺的年度数据有{ $behind }年。
}
quality-why-length = { $n ->
   *[other] 有{ $n }个年份公布了数据。
}
quality-why-basis = { $place ->
    [A] 各年数值均未注明为旧口径。
    [B] 最近一年为现行统计口径；此前{ $n }个年份为旧口径，按估计的口径调整幅度衔接。
   *[C] 最近一年仍为旧口径，按估计的口径调整幅度与现行口径衔接。
}
quality-why-sources = { $n ->
    [1] { $own ->
        [1] 唯一有数值的年份有官方发布、统计年鉴或国际组织的来源。
       *[0] { $reported ->
            [1] 唯一有数值的年份仅见于新闻媒体。
           *[0] 唯一有数值的年份仅见于二手资料或转载。
        }
    }
   *[other] 最近{ $n }个有数值的年份中，{ $own ->
        [0] 均无官方发布、统计年鉴或国际组织的来源
       *[other] { $own }个有官方发布、统计年鉴或国际组织的来源
    }，{ $reported ->
        [0] 也均无新闻媒体的报道
       *[other] { $reported }个有上述来源或新闻媒体的报道
    }；{ $publishers ->
        [0] 发布单位均不详。
       *[other] 已知的不同发布单位有{ $publishers }家。
    }
}
quality-explained-head = 数据质量评级方法
quality-explained =
    ## { quality-explained-head }

    每项目标、每个序列的数据质量分为A（良好）、B（尚可）、C（较弱）、D（薄弱）四级，由四个项目评定：

    - **时效**：应已公布而尚缺数据的年份数。A：{ $behind-a }年；B：{ $behind-b }年；C：{ $behind-c }年；D：更多。
    - **长度**：公布了年度数值的年份数。A：不少于{ $levels-a }年；B：不少于{ $levels-b }年；C：不少于{ $levels-c }年；D：更少。
    - **口径**：A：均为现行统计口径；B：较早年份按估计的口径调整幅度衔接；C：最近一年亦为旧口径；D：没有年度数值。
    - **来源**（最近{ $recent }个有数值的年份）：A：均有官方发布、统计年鉴或国际组织的来源；B：均有上述来源或新闻媒体的报道，且发布单位不止一家；C：半数以上有；D：不足半数。

    总评比最弱项目高一级；另有项目低于此级的，以该项目为准。时效或长度为C、D的，称为数据支撑不足。
overview-col-quality = 数据质量
glance-sources-told = { $dated ->
    [True] { $figures }最新数据公布于{ $newest }。数据质量：{ $grade }。
   *[False] { $figures }数据质量：{ $grade }。
}
