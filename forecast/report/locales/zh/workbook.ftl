## results.xlsx: names of sheets, what they hold, heads of columns

workbook-about = 说明
workbook-newest = 数据截至
workbook-unknown = 不详
workbook-targets = 目标
workbook-targets-about =
    规划各项目标的目标值、实现概率、目标年份预测、最近数据和增速。概率等于“可支持的最低概率”时表示上限，历史预测检验不支持更低的概率。
workbook-scenarios = 情景
workbook-scenarios-about =
    各情景下各项目标的结果，并列出基准情景。情景是假设，不是预测。
workbook-quantiles = 分年预测
workbook-quantiles-about =
    未来各年的分位数。每个区间只针对单一年份，整条路径超出区间的可能性更大。
workbook-history = 历史数据
workbook-history-about =
    由已公布数据得出的各序列年度值（现行统计口径）及其90%区间。
workbook-sources = 来源
workbook-sources-about =
    各序列数据的公布来源。网址为文本，不设链接。
workbook-refused = 无法成立
workbook-mirror-yes = 转载
workbook-comparison = { $comparison ->
    [exceed] 超过
    [about] 约
    [at_most] 不超过
    [below] 低于
    [between] 介于
    [rank_within] 名次不低于
   *[at_least] 不低于
}
workbook-kind = { $kind ->
    [yearbook] 统计年鉴
    [bulletin] 统计公报
    [government_report] 政府工作报告
    [customs] 海关
    [statistics_bureau] 统计局
    [census] 普查
    [dataset] 数据集
    [news] 新闻
    [plan] 规划
   *[secondary] 二手来源
}

workbook-head-target = 目标
workbook-head-comparison = 要求
workbook-head-value = 目标值
workbook-head-value-to = 区间上限
workbook-head-threshold = 达标标准
workbook-head-unit = 单位
workbook-head-year = 年份
workbook-head-status = 状态
workbook-head-probability = 实现概率（%）
workbook-head-said = 实现概率（表述）
workbook-head-floor = 可支持的最低概率（%）
workbook-head-low = 各模型最低（%）
workbook-head-high = 各模型最高（%）
workbook-head-baseline = 基准情景实现概率（%）
workbook-head-link = 与目标的关联
workbook-link = { $reliable ->
    [True] 可靠，或为基准情景
   *[False] 不可靠：与基准情景之差不构成结论
}
workbook-head-q05 = 5%分位数
workbook-head-q20 = 20%分位数
workbook-head-q35 = 35%分位数
workbook-head-q50 = 中位数
workbook-head-q65 = 65%分位数
workbook-head-q80 = 80%分位数
workbook-head-q95 = 95%分位数
workbook-head-median = 中位数
workbook-head-last-year = 最近年份（公布或估计）
workbook-head-last-value = 最近数据
workbook-head-origin = 数据性质
workbook-head-required = 尚需年均增速
workbook-head-achieved = 已实现年均增速
workbook-head-pace-unit = 增速单位
workbook-head-pace = 增速要求
workbook-head-scenario = 情景
workbook-head-series = 序列
workbook-head-estimate = 估计值
workbook-head-source = 来源
workbook-head-publisher = 发布单位
workbook-head-published = 发布日期
workbook-head-kind = 类别
workbook-head-address = 网址
workbook-head-mirror = 转载网址
workbook-head-key = 代码
