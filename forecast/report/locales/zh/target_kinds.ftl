## The answer on a target that is no yearly level

kind-open = { $status ->
    [partly_known] **部分数据可得，不给出概率**。
   *[not_assessable] **暂不具备评估条件，不给出概率**。
}
kind-settled = { $outcome ->
    [met] **目标已实现（以公布数据为准）**。
   *[not-met] **目标未实现（以公布数据为准）**。
}

kind-count-goal = 目标为{ $goal }。
kind-counted = { $n ->
   *[other] 自规划通过至{ $day }，累计{ $n }个。
}
kind-counted-later = { $n ->
   *[other] 此后又有{ $n }个见于公开数据。
}
kind-no-events = 现有数据中没有规划通过以来注明日期的事件。
kind-events = 规划通过以来至少有{ $n }个：{ $events }。
kind-event = { $event }（{ $published }）

kind-journeys = { $state ->
    [met] { $named ->
        [0] 按最近公布的运行时间，{ $of }条线路中有{ $n }条不超过{ $limit }。
       *[other] 按最近公布的运行时间，{ $of }条线路中有{ $n }条不超过{ $limit }（{ $names }）。
    }
    [not-met] { $named ->
        [0] { $of }条中有{ $n }条最近公布的运行时间超过{ $limit }，且{ $year }年前没有已宣布的线路可使其达标。
       *[other] { $of }条中有{ $n }条最近公布的运行时间超过{ $limit }（{ $names }），且{ $year }年前没有已宣布的线路可使其达标。
    }
    [forecast] { $named ->
        [0] { $of }条中有{ $n }条待已宣布的线路开通后可达标。
       *[other] { $of }条中有{ $n }条待已宣布的线路开通后可达标（{ $names }）。
    }
   *[unknown] { $named ->
        [0] { $of }条线路中有{ $n }条情况不明。
       *[other] { $of }条线路中有{ $n }条情况不明（{ $names }）。
    }
}

kind-figures = 最近公布的数据：{ $figures }。
kind-figure = { $state ->
    [older] { $part }无现行口径的年度数据
    [none] { $part }未找到已公布的数据
   *[known] { $part }{ $figure }
}

kind-now = { $kind ->
    [comparison] { $year }年为对比数值的{ $value }。
   *[other] { $year }年为{ $value }。
}
kind-base = { $origin ->
    [published] 基年{ $year }年为{ $value }。
   *[estimated] 基年{ $year }年约为{ $value }（估计值）。
}
kind-base-ahead = 基年{ $year }年尚未到来；{ $last }年为{ $value }。
kind-base-unknown = 基年{ $year }年无数据，现有数据始于{ $first }年。
kind-grown = { $unit ->
    [index] { $year }年指数为{ $value }。
    [yearly] 至{ $year }年变动{ $value }。
   *[total] 至{ $year }年累计变动{ $value }。
}
kind-place = 按{ $year }年数据，在{ $of }个地区中居第{ $rank }位。
kind-need-sum = { $sense ->
    [more] 达到{ $limit }，{ $first }—{ $year }年需年均{ $rate }。
   *[less] 不超过{ $limit }，{ $first }—{ $year }年可用年均{ $rate }。
}
kind-rank = { $n ->
   *[other] { $year }年排名第{ $rank }位；已知{ $n }个年度的榜单。
}
kind-rank-lists = { $n ->
    [1] 现有数据中有1份榜单列出排名：{ $when }排名第{ $rank }位。
   *[other] 现有数据中有{ $n }份榜单列出排名，最近一次为{ $when }，排名第{ $rank }位。
}
kind-rank-mark = 该条目标注为“{ $mark }”。

kind-sum = { $n ->
    [1] { $start }年为{ $done }。
   *[other] { $start }—{ $last }年累计{ $done }。
}
kind-sum-estimated = { $n ->
   *[other] 其中{ $years }为估计值。
}

kind-outlook-legs = 届时（{ $year }年）平均有{ $mean }条线路在时限以内。
kind-outlook-comparison = { $year }年预测中位数为对比数值的{ $median }，90%预测区间为{ $interval }。
kind-outlook-growth = { $unit ->
    [index] { $year }年指数预测中位数为{ $median }，90%预测区间为{ $interval }。
    [yearly] 到{ $year }年变动的预测中位数为{ $median }，90%预测区间为{ $interval }。
   *[total] 到{ $year }年累计变动的预测中位数为{ $median }，90%预测区间为{ $interval }。
}
kind-outlook-ratio = { $year }年预测中位数为{ $median }，90%预测区间为{ $interval }。
kind-outlook-place = { $year }年位次的预测中位数为第{ $median }位，90%预测区间为第{ $interval }位。
kind-outlook-count = 到{ $year }年累计数的预测中位数为{ $median }，90%预测区间为{ $interval }。
kind-outlook-rank = { $year }年排名的预测中位数为第{ $median }位，90%预测区间为第{ $interval }位。
kind-outlook-cumulative = 到{ $year }年累计值的预测中位数为{ $median }，90%预测区间为{ $interval }。

## How its probability comes about

kind-method-count =
    假定事件按固定的速率发生，速率由截至目前的累计数估计（泊松过程，速率采用杰弗里斯先验）。
    概率为精确值；此类目标尚无历史案例可供检验。
kind-method-rank =
    假定排名的对数服从随机游走，步长由已知各年度榜单和每年约30%的先验估计。
    概率为精确值；此类目标尚无历史案例可供检验。
kind-method-legs =
    假定已在时限以内的线路保持不变。其余线路在已宣布的新线路开通后达标，开通日期介于公布的最早日期与最晚日期之间，
    共用同一新线路的各条线路开通日期相同。没有新线路时，假定运行时间的变化与以往公布的变化同样微小，且各线路相互独立。
kind-method-markets = 各市场分别预测，并假定相互独立。
kind-method-comparison =
    各序列分别预测，再按历史预测误差的相关关系将其模拟值联合，逐条路径计算对比结果。对比多个地区时取简单平均值。
kind-method-ratio =
    两个序列分别预测，再按历史预测误差的相关关系将其模拟值联合，逐条路径计算比值。
kind-method-place =
    所列各地区的序列分别预测，再按历史预测误差的相关关系将其模拟值联合，逐条路径计算位次。数值最大者居第1位。
kind-method-growth =
    在该序列的每条模拟路径中，由该路径的基年计算变动；基年为估计值或尚未到来时，其不确定性一并计入。
kind-method-cumulative =
    在该序列的每条模拟路径中计算累计数：已知年份取已知数，未来年份取模拟值。
kind-method-range = 按{ $varied }计算，实现概率从{ $low }到{ $high }不等。
kind-method-error = 抽样误差为{ $error }。

## In a cell of a table

brief-count = { $complete ->
    [True] { $n }个
   *[False] 至少{ $n }个
}
brief-legs-unknown = { $of }条均不明
brief-legs = { $unknown ->
    [0] { $of }条中{ $met }条达标
   *[other] { $of }条中{ $met }条达标，{ $unknown }条不明
}
brief-rank = { $doubtful ->
    [True] 第{ $rank }位（{ $when }，存疑）
   *[False] 第{ $rank }位（{ $when }）
}
brief-figure = { $value }（{ $year }年）
brief-series = { $kind ->
    [markets] { $of }个市场中{ $n }个有数据
   *[comparison] { $of }个序列中{ $n }个有数据
}

## A lower bound from published parts

bound-head = { $state ->
    [none] **部分数据可得，仅有下限，不给出概率**。
   *[some] **部分数据可得，仅可给出概率下限：{ $bound }**。
}
bound-parts = { $n ->
    [1] 总量尚未公布，已公布的组成部分{ $parts }构成其下限。
   *[other] 总量尚未公布，已公布的组成部分{ $parts }构成其下限。
}
bound-level = { $n ->
    [1] { $year }年约为{ $median }（90%可信区间为{ $interval }）。
   *[other] { $year }年合计约为{ $median }（90%可信区间为{ $interval }）。
}
bound-ahead = { $year }年预测中位数为{ $median }，90%预测区间为{ $interval }。
bound-too-little = 这仅相当于达标所需{ $threshold }的{ $share }，不足以据此给出概率。
bound-threshold = 达到{ $threshold }即为实现目标。
bound-overlap = { $state ->
    [none] 各组成部分是否重叠未见公布。若完全重叠，只计其中最大的一项，所得概率与零无法区分。本报告假定各组成部分均计入目标。
   *[some] 各组成部分是否重叠未见公布。若完全重叠，只计其中最大的一项，即得出较低的下限。本报告假定各组成部分均计入目标。
}
bound-more = 若还有其他部分计入目标，实现概率将更高。
bound-short = { $overlap ->
    [never] 不低于{ $apart }
    [none] 仅在各组成部分互不重叠时不低于{ $apart }
   *[some] 不低于{ $alone }；若各组成部分互不重叠，则不低于{ $apart }
}
bound-brief = { $n ->
    [1] 已知组成部分约{ $value }（{ $year }年）
   *[other] 已知组成部分合计约{ $value }（{ $year }年）
}
bound-method =
    各组成部分分别预测，再按历史预测误差的相关关系将其模拟值联合。无论各部分是否重叠，每条路径中最大的一项都是总量的下限；
    若互不重叠，各项合计也是总量的下限。两者达标的概率均为目标实现概率的下限。没有预测的部分按零计算，并假定各组成部分均计入目标。

## The table of parts

parts-head-count = ## 逐项事件
parts-head-rank = ## 各年度榜单
parts-head-legs = ## 各条线路
parts-head-markets = ## 各个市场
parts-head-comparison = ## 对比的序列
parts-head-growth = ## 序列
parts-head-ratio = ## 两个序列
parts-head-place = ## 各地区情况
parts-head-level = ## 已公布的组成部分
parts-head-cumulative = ## 各年情况
parts-label = { $kind ->
    [markets] 市场
    [legs] 线路
    [count] 事件
    [rank] 榜单
    [comparison] 地区
    [place] 地区
    [growth] 序列
    [ratio] 序列
    [cumulative] 年份
   *[level] 组成部分
}
parts-last = 最近数据
parts-state-head = 状态
parts-chance = 实现概率
parts-from = 依据
parts-state = { $state ->
    [met] 已达标
    [not-met] 未达标
    [forecast] 预测
    [known] 已公布
    [estimated] 估计
    [no-forecast] 无预测
   *[unknown] 不明
}
parts-value = { $kind ->
    [rank] 第{ $value }位
    [count] { $value }个
   *[unit] { $value }
}
parts-figure = { $bound ->
    [lower] 不低于{ parts-value }
    [upper] 不超过{ parts-value }
   *[none] { parts-value }
}
parts-figure-dated = { $bound ->
    [lower] 不低于{ parts-value }（{ $when }）
    [upper] 不超过{ parts-value }（{ $when }）
   *[none] { parts-value }（{ $when }）
}

## What experts judge

judgement-lead = **专家判断（并非依据数据的预测）：{ $verdict }，实现概率{ $chance }**。
judgement-experts = { $n ->
   *[other] { $n }位专家对{ $year }年的数值作出判断：中位数为{ $median }，90%区间为{ $interval }。
}
judgement-asked = 判断对象为{ $asked }。
judgement-no-figures = 仅凭已公布的数据无法给出概率。
judgement-head = ## 专家判断
judgement-note = **此为专家判断，并非依据数据的预测**。每位专家给出该数值的若干分位数，取拟合最好的分布；各位专家权重相同。
judgement-beside = 专家给出的实现概率{ $judged }；本页开头依据数据的预测为{ $chance }。
judgement-head-expert = 专家
judgement-head-date = 日期
judgement-head-median = 中位数
judgement-head-interval = 90%区间
judgement-head-fitted = 分布
judgement-head-chance = 实现概率
judgement-head-why = 理由
judgement-distribution = { $name ->
    [normal] 正态分布
    [lognormal] 对数正态分布
    [beta] 贝塔分布
   *[Student-t] t分布
}

## Which release decides

release-head = ## 以何数据为准
release-at-once = { $kind ->
    [legs] 以{ $day }的列车运行图为准，届时即可知晓。
   *[count] 以截至{ $day }的累计数为准，届时即可知晓。
}
release-unknown = { $kind ->
    [rank] 以{ $year }年榜单为准。现有数据无法表明该榜单何时发布、是否发布。
   *[other] 以{ $year }年数据为准。现有数据无法表明该数据何时发布、是否发布。
}
release-decides = { $known ->
    [True] 以{ $year }年数据为准，预计{ $when }由{ $publisher }发布（{ release-habit }），此后可能修订。
   *[False] 以{ $year }年数据为准，预计{ $when }发布（{ release-habit }），此后可能修订。
}
release-preliminary = { $year }年的{ $value }已达到目标，但尚非最终数。
release-revisions = { $pairs ->
    [0] 现有数据中没有可供对比的初步数与后续修订数，一般修订幅度按{ $size }计。
    [1] 现有数据中有1对初步数与后续修订数，两者相差约{ $size }。
   *[other] 现有数据中有{ $pairs }对初步数与后续修订数，两者相差约{ $size }，最多相差{ $largest }。
}
release-revision-needed = 修订幅度须超过{ $gap }，才会由达标变为不达标。
release-revised-away = 修订后不再达标的概率{ $chance }。
