record-title = # 历史预测检验
record-none = 没有足够长的序列可供检验。
record-lead = **对{ $series }个序列作出的{ $n }次历史预测中，{ $share }的实际结果落在80%预测区间内**。
record-brier = { $sense ->
    [better] 布里尔评分（Brier score）为{ $score }，优于按各倍数事后实际发生比例给出概率的{ $base }（该比例事后方可得知）。
   *[worse] 布里尔评分（Brier score）为{ $score }，不优于按各倍数事后实际发生比例给出概率的{ $base }（该比例事后方可得知）。
}
record-ahead = { $horizons ->
    [1] 提前1年
   *[other] 提前1—{ $horizons }年
}
record-covered = 对数据中全部{ $series }个长度足够的序列，{ record-ahead }的80%预测区间覆盖了{ $n }个实际结果中的{ $hits }个（{ $share }，名义值80%）。
record-covered-panels = 对{ $series }个序列，{ record-ahead }的80%预测区间覆盖了{ $n }个实际结果中的{ $hits }个（{ $share }，名义值80%）。
record-reference = { $n ->
    [0] **这些序列尚无可供检验的历史预测，以下为参考面板的历史预测**：{ $panels }。每次预测仅依据单个序列此前3—10年的数据。
   *[other] **这些序列的历史预测仅有{ $n }次，相当于不足10个独立案例，故与参考面板的历史预测合并检验**：{ $panels }。每次预测仅依据单个序列此前3—10年的数据。
}
record-panel = { $panel ->
    [pwt] 佩恩世界表各国
    [wb] 世界银行《世界发展指标》各国
    [us] 美国各州（经济分析局）
    [de] 德国各县市（各州国民经济核算）
   *[cn] 中国各省份（国家统计局）
}
record-panels-limits =
    权重和离散程度由同一批参考面板估计得到，检验结果因此略偏乐观；参考面板各序列的波动可能小于或大于本数据各序列。
record-question = 检验采用与目标相同的问题：增速能否达到此前五年增速的若干倍（{ $least }—{ $most }倍）。
record-came-true = { $group ->
    [below] 当时给出的概率低于{ $low }的{ $n }个事件中，{ $came }实际发生。
    [between] 概率为{ $low }—20%的{ $n }个事件中，{ $came }实际发生。
   *[above] 概率高于80%的{ $n }个事件中，{ $came }实际发生。
}

record-reliability-head = ## 事件实际发生的频率与所给概率是否一致
record-reliability =
    检验的问题与目标相同：未来五年以内的增速能否达到此前五年增速的若干倍（0—3倍）。每个点代表当时所给概率相近的全部事件；
    由于同一年各序列受共同冲击，区间按年份整体重抽样得出。
record-reliability-chart = 平均概率为{ $low }的事件有{ $low-came }实际发生，平均概率为{ $high }的事件有{ $high-came }实际发生
record-reliability-caption =
    预测校准良好时，100个概率为30%的事件中应有30个发生，点落在虚线上。竖线为90%区间，年份过少时不列；点越大，所含事件越多。
record-axis-given = 所给概率
record-axis-came = 实际发生比例
record-col-given = 所给概率
record-col-average = 平均
record-col-questions = 事件数
record-col-came = 实际发生
record-col-interval = 90%区间
record-interval-none = 年份过少

record-intervals-head = ## 预测区间是否覆盖实际结果

record-replay-head = ## 当年数值的逐月估计精度
record-replay-none = 没有可供实时回测的年份：当时或目前公开的数据过少。
record-replay = **仅用当日已公开的数据，对当年数值的估计误差平均为：{ $third-day }{ $third }，{ $twelfth-day }{ $twelfth }，{ $after-day }{ $after }**（{ $after-day }大部分年度数据已公布）。
record-replay-covered = 全部实际结果中，{ $share }落在90%区间内；{ $day }的覆盖率最低，为{ $least }。
record-replay-note =
    回测年份为{ $years }，范围为规划所在地区及其上级地区此前已有三个年度数据、且当年数据现已公布的全部序列。
    按日期的比较只用各日期均有估计的序列和年份，按月份的比较用全部案例。未注明日期的数据条目，按来源所注月份或年份的最后一日视为公开；
    来源也未注明的，年度数据视为年末两个月后公开，累计数据视为次月末公开。误差以目前已知数值的百分比表示，口径为当日最新口径（该口径有公布数据时）。
record-day = { $years ->
    [mixed] { $step ->
        [12] 年度末
        [15] 年度结束后第3个月
       *[other] 年度第{ $step }个月末
    }
    [calendar] { $step ->
        [15] 次年{ $month }
       *[other] { $month }末
    }
   *[fiscal] { $step ->
        [15] 财年结束后的{ $month }
       *[other] { $month }末
    }
}
record-method = { $method ->
    [error] 本报告估计
   *[naive] 沿用上年增速
}
record-releases-chart = 当年数值估计的平均误差：{ $first-day }为{ $first }，{ $last-day }为{ $last }
record-releases-about = { $years }当年数值估计的平均误差：{ $first-day }为{ $first }，{ $last-day }为{ $last }；按上年增速外推，起初为{ $naive }。
record-releases-caption = { $years }各年的平均绝对误差，按估计日期列示，并与按上年增速外推的结果比较。
record-col-day = 截至
record-col-method = 方法
record-col-mean = 平均误差
record-col-median = 误差中位数
record-col-naive = 沿用上年增速
record-col-cases = 案例数
record-col-covered = { $level }%区间覆盖率
record-col-months = 已公布月份
record-months-head = ### 按已公布的月份
record-months = { $span ->
    [none] 无
    [to-3] 3个月以内
    [to-6] 4—6个月
    [to-9] 7—9个月
    [to-11] 10—11个月
   *[year] 全年
}

record-hidden-head = ## 缺失的年度数据能否估计出来
record-hidden-none = 没有前后均有数据的年份，无法进行留出检验。
record-hidden =
    将各序列首末年份之间已公布的年度数据（连同其全部转引）逐一剔除，再用其余数据估计：**误差中位数为{ $error }，{ $n }个数据中{ $share }落在90%区间内**（{ $places }）。
record-hidden-place = { $place }{ $share }
record-hidden-lowest = 其中{ $kind }的覆盖率最低：{ $n }个数据中，{ $share }落在区间内。
record-hidden-basis = 旧口径数据按旧口径估计。
record-all = 全部
record-col-levels = 数据范围

record-scores-head = ## 与简单方法比较
record-scores =
    各方法预测相同的序列、起点和提前年数，均未校准离散程度；单元格中的数字依次为提前一年、两年及以上的结果。
    CRPS（连续分级概率评分）为预测分布与实际结果的平均距离，以加权组合预测为1，越大越差；“80%区间覆盖率”为落在80%区间内的实际结果比重，应为80；
    布里尔评分衡量对各增速倍数所给的概率，越小越好，恒取50%时为0.250。
record-scores-none = 没有足够长的序列。
record-col-crps = { $horizons ->
    [one] CRPS（提前1年）
   *[other] CRPS（提前1—{ $horizons }年）
}
record-col-brier = 布里尔评分
record-without-head = ### 不含2020年和2021年
record-flows-head = ### 流量指标
record-shares-head = ### 比重指标
record-nothing = 无。

record-limits-head = ## 本检验未包括的内容
record-limits =
    历史序列为目前口径衔接后的年度序列在各起点处截断的结果，不含当时尚未发生的修订所带来的误差。离散程度按其他各年的误差校准；
    加权组合预测的权重来自其他面板数据，见`data/calibration.json`。同一年各序列受共同冲击，按提前年数分，案例分别约相当于{ $worth }个独立案例。
record-limits-panels =
    加权组合预测的权重和离散程度由同一批参考面板估计得到（见`data/calibration.json`），检验结果因此略偏乐观；参考面板各序列的波动可能小于或大于本数据各序列。
    同一年各序列受共同冲击，按提前年数分，案例分别约相当于{ $worth }个独立案例。
