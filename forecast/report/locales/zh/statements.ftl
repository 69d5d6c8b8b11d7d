## The table of statements

statements-head-id = 条目
statements-head-place = 地区
statements-head-indicator = 指标
statements-head-period = 时期
statements-head-what = 内容
statements-head-value = 公布数
statements-head-fitted = 衔接后数值
statements-head-status = 数据性质
statements-head-source = 来源

measure = { $measure ->
    [level] 年度数值
    [growth] 比上年增长
    [ytd_level] 年内累计数值
    [ytd_growth] 年内累计同比增长
    [change] 比上年变动
    [event] 事件
    [month_level] 当月数值
    [quarter_level] 当季数值
    [half_level] 半年数值
    [count_to_date] 规划通过以来累计数
    [forecast_growth] 其他机构预测的增速
   *[forecast_level] 其他机构预测的数值
}
statements-what = { $bound ->
    [lower] { statements-of-prices }（下限）
    [upper] { statements-of-prices }（上限）
   *[none] { statements-of-prices }
}
statements-of-prices = { $prices ->
    [real] { measure }，可比价格
    [nominal] { measure }，现价
   *[none] { measure }
}

status-census = 普查数
status-final = 最终数
status-revised = 修订数
status-preliminary = 初步数
status-derived = 推算数
status-secondary = 转引数
status-unknown = 未注明
status-target = 预期目标
status-projection = 预测
status-second-hand = { $status }（转引）

mark-conflict = 与其他来源不一致
mark-low-quality = 来源或定义存疑
mark-mislabelled = 来源所注时期或单位有误，此处已更正

statements-calculated = { $how ->
    [difference] { $value }，由{ $plus }减去{ $minus }推算
    [sum] { $value }，由{ $plus }相加推算
   *[months] { $value }，由各月或各季度数据相加推算
}
statements-converted = 按年平均汇率{ $rate }折算（{ $indicator }，{ $source }）
statements-note = { $chinese ->
    [True] { $note }
   *[False] 英文备注：{ $note }
}
statements-also = 另见：{ $sources }
statements-outlier = 与其他数据不一致
statements-unused = 未采用：{ $reason }
unused-an-event = 事件
unused-a-forecast-of-others = 其他机构的预测
unused-a-stock-within-the-year = 年内时点数，非年末数
unused-a-bound-on-part-of-a-year = 年内部分时段的上下限
unused-a-bound-at-the-end-of-the-scale = 取值范围端点上的上下限
unused-the-months-before-it-are-not-known = 此前月份数据缺失
unused-counted-in-the-sum-through = 已计入截至{ $month }的累计数
unused-no-exchange-rate-known = 缺少汇率
unused-its-basis-cannot-be-joined-to-today-s = 口径无法与现行口径衔接
unused-no-level-within-reach = 邻近年份没有数值可供衔接
unused-the-figure-itself-is-published = 该年数据已公布

statements-expected = { $kind ->
    [target] { $prices ->
        [real] { $value }，可比价格（预期目标）
        [nominal] { $value }，现价（预期目标）
       *[none] { $value }（预期目标）
    }
   *[projection] { $prices ->
        [real] { $value }，可比价格
        [nominal] { $value }，现价
       *[none] { $value }
    }
}

## The chart of a path

statements-origin = 数据依据
statements-status = 公布数性质
statements-estimate = 估计值
statements-as-published = 公布数（{ $status }）
statements-chart-title = { $last }年为{ $end }，{ $first }年为{ $start }
statements-chart-alt = { $n ->
    [0] { $first }年为{ $start }，{ $last }年为{ $end }（90%可信区间{ $interval }）。
   *[other] { $first }年为{ $start }，{ $last }年为{ $end }（90%可信区间{ $interval }），另有{ $n }个公布数。
}
statements-chart-caption = { $some ->
    [levels] 100次中约有90次，实际数值落在曲线周围的区域之内。点为公布数；偏离曲线的点为旧口径数据，或与其他数据不一致。
   *[none] 100次中约有90次，实际数值落在曲线周围的区域之内。该指标没有公布年度数值，点的形状表示各年估计值的依据。
}
