## The questions that a reader asks first

glance-head = ## 要点
glance-question = 问题
glance-answer = 回答
glance-chance = 实现概率有多大？
glance-evidence = 数据截至何时？
glance-changed = 与上一版相比有何变化？
glance-decides = 以何数据为准？
glance-track = 进度如何？
glance-takes = 实现目标需要什么？
glance-record = 此类预测以往是否准确？
glance-sources = 数据来自何处？
glance-assumed = 作了哪些假定？
glance-others = 其他机构如何预测？
glance-next = 下一项数据何时发布？

## Their answers

glance-chance-given = { $state ->
    [met] 目标已实现（以公布数据为准）。
    [not-met] 目标未实现（以公布数据为准）。
    [already-met] 目标已提前实现；{ $year }年继续达标：{ $verdict }，概率{ $chance }。
    [judgement] 专家判断：{ $verdict }，实现概率{ $chance }。
   *[assessed] { $verdict }，实现概率{ $chance }。
}
glance-chance-bound = 概率下限：{ $bound }。无法给出更精确的数值。
glance-chance-none = { $status ->
    [partly_known] 部分数据可得，不给出概率。
   *[not_assessable] 暂不具备评估条件，不给出概率。
}
glance-record-like =
    以往对同类情形的{ $n }次预测中，{ $came }实际发生{ $known ->
        [True] （90%区间为{ $low }至{ $high }）
       *[False] {""}
    }，当时给出的平均概率为{ $given }（约相当于{ $cases }个独立案例）。
glance-record-apart = { $start ->
    [estimated] { $side ->
        [above] 本报告的概率高于该区间：预测以估计值为起点，且检验汇总了全部指标。
       *[below] 本报告的概率低于该区间：预测以估计值为起点，且检验汇总了全部指标。
    }
   *[published] { $side ->
        [above] 本报告的概率高于该区间：检验汇总了全部指标。
       *[below] 本报告的概率低于该区间：检验汇总了全部指标。
    }
}
glance-record-intervals = 提前{ $horizon }年的{ $n }次预测中，80%区间涵盖了{ $share }的实际结果。
glance-record-none = 此类目标尚无以往预测可供检验。
glance-prices = { $prices ->
    [real] 按不变价计算
   *[nominal] 按现价计算
}
glance-basis = 统计口径：{ $basis }
glance-about = “左右”按允许比目标值低{ $tolerance }判定
glance-step = 新口径影响按{ $step }估计
glance-outside = { $n ->
    [0] 未采用其他机构的预测
   *[other] 采用其他机构的{ $n }项预测
}
glance-assumed-count = 事件按固定的速率发生
glance-assumed-rank = 排名的对数服从随机游走
glance-assumed-bound = 各组成部分均计入目标
glance-assumed-legs = 已在时限以内的线路保持不变，新线路在公布的日期之间开通，各线路运行时间的变化相互独立
glance-assumed-markets = 各市场相互独立
glance-assumed-comparison = 各序列预测误差的相关关系与以往相同
glance-assumed-ratio = 各序列预测误差的相关关系与以往相同
glance-assumed-place = 各序列预测误差的相关关系与以往相同
glance-assumed-growth = 基年数值取自每条模拟路径
glance-assumed-cumulative = 已知年份按公布数或估计数计入
glance-evidence-years = 有数据的年份：{ $years }。
glance-sources-last = 最近一期数据来源为{ $publisher }。
glance-others-none = 本评估未采用其他机构的预测；所收录的其他规划也没有相应目标。
glance-others-plans = 其他规划的目标（仅供对照）：{ $plans }。
glance-others-plan = { $goal }（{ $plan }）
glance-standing = { $kind ->
    [flow] 在流量类指标上，
    [stock] 在存量类指标上，
    [share] 在比率类指标上，
   *[other] 在此类指标上，
}所用方法的预测精度在{ $n }种方法中居第{ $place }位，精度最高的是{ $best }。
glance-others-part = 本评估采用了其他机构的{ $n }项预测（{ $names }）。
