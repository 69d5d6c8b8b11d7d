expected-head = ## 其他机构的预测
expected-part = { $n ->
   *[other]
        本评估采用了其他机构对{ $places }的{ $n }项预测。采用后，{ $year }年预测中位数为{ $together }；不采用则为{ $alone }。
}
expected-related = 对{ $places }的预测，按两个序列以往预测误差的相关程度影响本指标。
expected-record = { $side ->
    [below]
        此类预测的权重依据国际货币基金组织{ $years }对{ $countries }个国家的增长预测估计：提前一年的预测中，
        实际增速平均比预测低{ $bias }，每100次中有{ $near }次达到预测值；提前三至五年的预测中，每100次有{ $far }次。
   *[above]
        此类预测的权重依据国际货币基金组织{ $years }对{ $countries }个国家的增长预测估计：提前一年的预测中，
        实际增速平均比预测高{ $bias }，每100次中有{ $near }次达到预测值；提前三至五年的预测中，每100次有{ $far }次。
}
expected-prices = 实际增速预测通过预期价格变动影响按现价计算的序列。
expected-no-facts = 目标和预测并非事实，不计入上述年度序列；其对预测的影响程度取决于此类预测的历史表现。
expected-government = { $place }政府

expected-head-of = 对象
expected-head-forecaster = 预测机构
expected-head-published = 发布时间
expected-head-year = 年份
expected-head-forecast = 预测值
expected-head-outcome = 实际值
expected-head-ours = 本报告（90%预测区间）
expected-head-apart = 本报告中位数
expected-head-met = 是否实现
expected-ours = { $median }（{ $interval }）
expected-apart = { $far ->
    [True] { $side ->
        [above] 偏高，其预测低于本报告90%预测区间
       *[below] 偏低，其预测高于本报告90%预测区间
    }
   *[False] { $side ->
        [above] 偏高，其预测在本报告90%预测区间内
        [below] 偏低，其预测在本报告90%预测区间内
       *[within] 一致或在其区间内
    }
}
expected-goal = { $comparison ->
    [at_least] 不低于{ $value }（规划）
    [exceed] 超过{ $value }（规划）
    [at_most] 不高于{ $value }（规划）
    [below] 低于{ $value }（规划）
    [about] { $value }左右（规划）
   *[between] { $value }（规划）
}
expected-like = { $n ->
   *[other] **以往同类目标**：数据中已有结果的{ $indicator }目标共{ $n }项，其中{ $met }项实现。案例过少，不足以计算实现率。
}
expected-met = { $met ->
    [True] 是
   *[False] 否
}
expected-plans = { $n ->
   *[other] 表中其他规划的目标仅供比较，不影响预测。
}
