## The page of a series

series-heading = # { $series }
series-definition = 定义：{ $text }。
series-unit = { $kind ->
    [rank] 单位：名次。
    [count] 单位：个。
    [index] 单位：指数。
   *[unit] { $prices ->
        [nominal] 单位：{ $unit }，按现价计算。
        [real] 单位：{ $unit }，按可比价格计算。
       *[none] 单位：{ $unit }。
    }
}
series-source-unit = 数据表以“{ $own }”为单位，即{ $one }。

## The path

series-no-path = { $kind ->
    [ranks] { $n ->
       *[other] **排名不衔接为年度序列**。共有{ $n }期排名，见下表：各指数的评价对象和方法不同。
    }
   *[levels] { $n ->
       *[other] **暂不能形成年度序列**。共有{ $n }条数据，但没有可作为起点的年度数值。
    }
}
series-published = **{ $year }年公布数为{ $value }**。
series-reconciled = 综合全部数据，估计值为{ $estimate }（90%可信区间为{ $interval }）。
series-estimated = { $why ->
    [doubted] **{ $year }年约为{ $value }，公布数存疑**（90%可信区间为{ $interval }）。
    [weak] **{ $year }年约为{ $value }，仅有可靠性较低的来源**（90%可信区间为{ $interval }）。
    [summed] **{ $year }年为{ $value }，系已公布的各月或各季度数合计**（90%可信区间为{ $interval }）。
    [calculated] **{ $year }年约为{ $value }，由其他已公布数据推算**（90%可信区间为{ $interval }）。
   *[not-published] **{ $year }年约为{ $value }，尚未公布**（90%可信区间为{ $interval }）。
}
series-rests = { $span ->
    [year] { $some ->
        [part] 该值依据{ $n }条数据中的{ $used }条得出。
       *[all] { $n ->
           *[other] 该值依据全部{ $n }条数据得出。
        }
    }
   *[path] { $some ->
        [part] { $first }年以来的序列依据{ $n }条数据中的{ $used }条得出。
       *[all] { $n ->
           *[other] { $first }年以来的序列依据全部{ $n }条数据得出。
        }
    }
}
series-sums = { $n ->
   *[other] 另有{ $n }个数值由其他数据加减推算。
}
series-origins = 共{ $n }个年度值，其中{ $origins }。
series-origin = { $n ->
   *[other] { $origin }{ $n }个
}
series-origin-all = { $n }个年度值的数据依据均为“{ $origin }”。
series-statement = { $id }（{ $period }）
series-marked = { $n ->
   *[other] 有{ $n }条数据标注为存疑，仅赋予较小权重：{ $statements }。
}
series-identity =
    { $year }年公布数为{ $value }，而由总量与分项的其他公布数推算为{ $other }，二者不平衡{ $at }。
series-outliers = { $n ->
   *[other] 有{ $n }条数据与其他数据不一致，基本不计入：{ $statements }。
}
series-agree = { $rest ->
    [others] 其余数据之间没有矛盾。
   *[all] 各条数据之间没有矛盾。
}
series-origins-note =
    各年数据依据的含义如下：

    - **{ origin-published }**：该年公布了现行统计口径的数值。
    - **{ origin-derived }**：该年数值由增速或旧口径数值推算，或由其他公布数据（比率、合计或差额）计算得出，或仅见于可靠性较低的来源。
    - **{ origin-nowcast }**：仅有该年部分时段的数据。
    - **{ origin-imputed }**：该年没有本指标可用的公布数，或至多有上下限；数值由相关指标（如上级地区或所辖地区的数据）估计，属于某一总量分项的，与其他分项保持平衡。
    - **{ origin-interpolated }**：没有可用的公布数，以插值填补；区间宽度反映所知之少。
    - **{ origin-doubted }**：该年有公布数，但与其余全部数据矛盾，序列以其余数据为准。
series-years-head = ## 分年数据
series-head-year = 年份
series-head-estimate = { $given ->
    [True] 估计值（{ $unit }）
   *[False] 估计值
}
series-head-interval = 90%区间
series-head-statements = 数据条目

## What the figures rest on

series-statements =
    ## 公开数据条目

    { $path ->
        [True] 以下为按公布原样列出的全部数据条目。“{ statements-head-fitted }”一栏为口径衔接后的序列在相应位置的数值，按该条目的单位和统计口径列示。与其他数据不一致的条目已注明，基本不计入。
       *[False] 以下为按公布原样列出的全部数据条目。
    }
series-influence =
    ## 最近一期数值对单条数据的敏感性

    表中为剔除某一条数据后，{ $year }年估计值的变化。数值小，说明估计值不依赖单一来源。
series-influence-none = 剔除任何一条数据均不影响估计值。
series-head-change = { $scale ->
    [logit] 剔除后的变化（个百分点）
   *[log] 剔除后的变化（%）
}
series-head-weight = 权重
series-related =
    ## 相关指标

    本序列与相关指标的序列一并衔接。相关指标包括上级地区、所辖地区的同一指标，以及本地区走势与之相随的指标。两个相关指标之比的变动慢于各自的变动，因此一方缺少数据时，可借助另一方的数据。
series-related-rest = { $some ->
    [all] 各相关指标的影响均小于{ $least }，因为本指标自身的数据已足以确定其数值。
   *[rest] { $n ->
       *[other] 另有{ $n }个相关指标的影响均小于{ $least }，因为本指标自身的数据已足以确定其数值。
    }
}
series-related-table = 下表为剔除各相关指标后{ $year }年估计值的变化。
series-head-relative = 相关指标
series-head-relation = 关系
relation-followed = 走势与之相随的指标
relation-follows = 走势随本指标的指标
relation-above = 上级地区
relation-part = 所辖地区
