## The briefing: the plan on a few pages of paper

briefing-title = { $plan }：决策简报
briefing-head = # { $title }
briefing-table-head = ## 各项目标
briefing-targets-head = ## 首要目标与最不确定的目标
briefing-targets = 规划中首项可预测的目标，以及实现与否最不确定的几项目标。
briefing-target = ### { $title }
briefing-moves-head = ## 情景分析
briefing-missing-head = ## 所缺数据
briefing-missing = 补充后可给出实现概率或使概率变动最大的数据（所缺项数少者在前）：
briefing-trust-head = ## 结果的可信程度
briefing-sources-head = ## 数据来源
briefing-sources = 表中“最近数据”（或其组成部分的最新数据）及其来源，全部数据见各目标页面。
briefing-column-target = 目标
briefing-column-period = 时期
briefing-column-source = 来源
