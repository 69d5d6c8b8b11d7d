## The findings

overview-title = # { $title }
overview-lead = { $n ->
   *[other] **{ $n }项目标中，目前可给出实现概率的有{ $known }项，其中{ $likely }项的实现概率高于一半**。
}
overview-met = 已提前实现：{ $targets }。
overview-within = 目前处于目标区间内：{ $targets }。
overview-kept = { $settled ->
    [met] { $name }（以公布数据为准）
   *[open] { $name }（继续达标的概率{ $chance }）
}
overview-missed = 未实现（以公布数据为准）：{ $targets }。
overview-verdict = { $verdict }：{ $targets }。
overview-chance-of = { $name }（{ $chance }）
overview-judged = 仅依据专家判断：{ $targets }。
overview-bounded = 可由已公布的组成部分得出概率下限：{ $targets }。
overview-bounded-one = { $name }（{ $bound }）
overview-thin = 数据支撑不足（年度数据少或近年无数据）：{ $targets }。
overview-rest = { $n ->
   *[other] 另有{ $n }项目标暂不能给出实现概率
}{ $partly ->
    [0] {""}
   *[other] ，其中{ $partly }项所需数据部分可得
}。最为需要的数据及其作用见下文。
overview-alone = 各项概率均针对单项目标：逐项看较有可能实现的目标，同时实现的可能性未必高。

overview-chance = { $settled ->
    [met] 已实现（公布数据）
    [not-met] 未实现（公布数据）
   *[open] { $mark ->
        [thin] { $chance }（数据不足）
        [judgement] { $chance }（专家判断）
       *[other] { $chance }
    }
}

## The chart

overview-chart = { $likely ->
    [0] 有实现概率的{ $n }项目标中，没有一项实现的可能性大于不实现
   *[other] 有实现概率的{ $n }项目标中，{ $likely }项实现的可能性大于不实现
}{ $bounded ->
    [0] {""}
   *[other] ；另有{ $bounded }项仅有概率下限，其中{ $sure }项的下限高于一半
}
overview-chart-about = 各项目标的实现概率：{ $chances }。
overview-chart-one = { $target }{ $chance }
overview-chart-caption = { $bounded ->
    [0] { $rest ->
        [0] 圆点为实现概率，其两侧的横条为不同模型的结果区间。没有圆点的横条为界限，并含不同模型的结果区间：历史案例不足以支持更接近0或100%的概率。
       *[other] 圆点为实现概率，其两侧的横条为不同模型的结果区间。没有圆点的横条为界限，并含不同模型的结果区间：历史案例不足以支持更接近0或100%的概率。另有{ $rest }项目标没有概率，列于表中。
    }
   *[other] { $rest ->
        [0] 圆点为实现概率，其两侧的横条为不同模型的结果区间。没有圆点的横条为界限，并含不同模型的结果区间：历史案例不足以支持更接近0或100%的概率，或由已公布的最大组成部分给出概率下限（无论各部分是否重叠）。
       *[other] 圆点为实现概率，其两侧的横条为不同模型的结果区间。没有圆点的横条为界限，并含不同模型的结果区间：历史案例不足以支持更接近0或100%的概率，或由已公布的最大组成部分给出概率下限（无论各部分是否重叠）。另有{ $rest }项目标两者皆无，列于表中。
    }
}
overview-chart-axis = 实现概率（%）
overview-chart-from = 最低
overview-chart-to = 最高

## Target by target

overview-by-target-head = ## 分项目标
overview-by-target =
    点击名称可查看各目标的预测、依据和历史检验。“最近数据”为最近一次公布的数值，“约”表示该年尚无公布数据，为本报告估计值。
    “尚需”和“已实现”均为年均增速：前者自最近一年（公布或估计）至目标年份，后者为此前五年；比重类指标以百分点计；按“左右”理解的目标，尚需增速按容许下限计算。
    “增速要求”指达到目标需要保持水平、保持现有增速（近三年增速不足时注明近五年）、加快还是扭转趋势。小字为不同模型的结果区间。“数据不足”指概率所依据的年度数据少或近年无数据。
    “<n%”指低于n%，即历史预测检验所能支持的最低概率，因同类案例多少而异，依据见各目标页。
overview-range = { $varied }：{ $low }%—{ $high }%
overview-col-target = 目标
overview-col-chance = 实现概率
overview-col-goal = 规划目标
overview-col-known = 最近数据
overview-col-needed = 尚需年均增速
overview-col-achieved = 已实现年均增速
overview-col-pace = 增速要求
overview-growth = { $scale ->
    [log] { $number }%
    [logit] { $number }个百分点
   *[linear] { $number }{ $unit }
}
pace-word = { $verdict ->
    [hold] 保持水平
    [maintain] 保持现有增速
    [maintain-some] 保持近{ $span }年增速
    [accelerate] 需加快
    [ease] 需放缓
    [reverse] 需扭转趋势
   *[not-known] 不详
}

## What is missing

overview-missing-head = ## 暂不能依据公布数据给出概率的目标
overview-missing-none = 各项目标均有实现概率。
overview-next-head = ## 优先补充的数据
overview-next =
    先列可使目标具备评估条件的数据，所需数据少的在前；再列对概率影响最大的数据。命令`forecast gaps`可列出全部清单。

## How far to trust the numbers

overview-trust-head = ## 结果的可信程度
overview-trust = { $own ->
    [True] 实现概率即达到目标的模拟路径所占比重。模拟路径由加权组合预测得出：对六种简单预测方法加权组合，权重和离散程度由其他面板数据的历史误差学习得到，增速向数据中同类指标的总体水平收缩，离散程度再按本数据各序列的历史预测误差校准。好的方法应使80%的实际结果落入80%预测区间，被判为可能性低的事件也应很少发生。
   *[False] 实现概率即达到目标的模拟路径所占比重。模拟路径由加权组合预测得出：对六种简单预测方法加权组合，权重和离散程度由其他面板数据的历史误差学习得到，增速向数据中同类指标的总体水平收缩。好的方法应使80%的实际结果落入80%预测区间，被判为可能性低的事件也应很少发生。
}
overview-reliability = 历史上增速达到既往增速若干倍的频率，按当时给出的概率分组：
overview-record = 详见[历史预测检验](track_record.html)。

## The data

overview-data-head = ## 数据
overview-data = 每个数值均来自注明来源的公开数据条目。各指标页面列出公布的数据、口径衔接的方法以及相互矛盾之处。
overview-col-series = 指标
overview-col-statements = 数据条目数
overview-col-first = 起始年份
overview-col-last = 最近年份
overview-col-estimate = 估计值
overview-col-misfits = 降权条目数
overview-last = { $year }年（{ $origin }）
overview-no-path = 无年度序列
