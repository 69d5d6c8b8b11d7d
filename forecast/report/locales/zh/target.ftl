## The answer on a yearly level

target-head = # { $title }
target-lead = { $thin ->
    [True] **{ $verdict }（数据支撑不足）：实现概率{ $chance }**。
   *[False] **{ $verdict }：实现概率{ $chance }**。
}
target-lead-kept = { $within ->
    [True] **目前处于目标区间内；{ $year }年处于该区间：{ $verdict }，概率{ $chance }**。
   *[False] **目标已提前实现（需巩固）；{ $year }年继续达标：{ $verdict }，概率{ $chance }**。
}
target-past-settled = { $outcome ->
    [met] **目标已实现（以公布数据为准）**。{ $year }年为{ $value }；目标为{ $limit }。
   *[not-met] **目标未实现（以公布数据为准）**。{ $year }年为{ $value }；目标为{ $limit }。
}
target-past-open = { $over ->
        [True] **{ $year }年已结束，但数据尚未公布：目标已实现的概率{ $chance }**。
       *[False] **{ $year }年尚未结束，仅有部分数据：目标实现的概率{ $chance }**。
    }
    综合全部公开数据，估计值为{ $median }（90%可信区间为{ $interval }）；目标为{ $limit }。
target-now-published = { $year }年为{ $value }。
target-now-estimated = { $year }年估计值为{ $value }（90%可信区间为{ $interval }）。
target-now-calculated = { $year }年数值由其他公布数计算，为{ $value }（90%可信区间为{ $interval }）。
target-now-summed = { $year }年各期数合计为{ $value }（90%可信区间为{ $interval }）。
target-kept = 该水平已达到目标，即{ $limit }；关键在于{ $year }年能否保持。
target-outlook = { $year }年预测中位数为{ $median }，90%预测区间为{ $low }—{ $high }。
target-need-reached = 该估计值已达到目标，{ $year }年仍须达标。
target-need = { $n ->
    [1] 达到{ $threshold }，{ $year }年（自{ $first }年初起）需{ $rate }。
   *[other] 达到{ $threshold }，{ $first }—{ $year }年需年均{ $rate }。
}
target-need-range = { $n ->
    [1] 处于{ $range }之间，{ $year }年（自{ $first }年初起）所需变动由{ $least }到{ $most }不等。
   *[other] 处于{ $range }之间，{ $first }—{ $year }年所需变动由年均{ $least }到年均{ $most }不等。
}
target-brought = { $of ->
   *[other] 此前{ $span }年年均{ $rate }。
}
target-strict = { $read ->
    [True] 足额达到{ $value }的概率{ $chance }。
   *[False] 目标按“左右”理解，低于目标{ $tolerance }以内视为达标；足额达到{ $value }的概率{ $chance }。
}
target-not-assessable = **暂不具备评估条件，不给出概率**。{ $reason }
target-held = { $n ->
    [0] 未找到已公布的数据。
   *[other] 相关公开数据条目共{ $n }条，见下表。
}
target-not-assessable-need = 最近一次可估计的水平为{ $last }年的{ $value }，由此到{ $year }年达到目标，需年均{ $rate }。

target-step = **评估结果取决于尚未公布的统计口径调整影响**（“{ $old }”之后改用“{ $new }”），
    该影响估计为{ $step }（90%可信区间为{ $low }至{ $high }）。
target-step-chances = 按区间下限计算，实现概率{ $low }；按区间上限计算，{ $high }；不考虑口径调整，{ $none }。
target-step-today = 现行口径
target-step-effect = 新口径的影响
target-step-change = 旧口径数据的调整幅度
target-step-chance = 实现概率
target-step-at = { $at ->
    [none] 无影响
    [low] 90%区间下限
    [high] 90%区间上限
   *[median] 中位数
}

target-thin-levels = { $n ->
    [0] **数据支撑不足**。没有该指标的年度数据。
   *[other] **数据支撑不足**。现有数据中，该指标有{ $n }个年份的年度数据（{ $years }）。
}
target-thin-doubted = { $n ->
   *[other] { $years }的公布数存疑，未计入其中。
}
target-thin-behind = 最近{ $behind }个完整年度均无数据。
target-thin-relies = { $years }的估计值依据相关指标（{ $series }）推断。
target-thin-few = 数据过少，难以据此判断其增长情况。
target-thin-range = { $year }年的数值可能处于{ $low }—{ $high }之间的任何水平（90%可信区间）。
target-thin-both = 区间两端均已达到目标。
target-thin-need = 由此出发，到{ $year }年达到{ $threshold }，所需增速由年均{ $least }到年均{ $most }不等。
target-thin-rough = 上述概率仅供参考。

## The picture

target-picture = ## 图示
target-picture-known = 目前已知的情况如下。
target-dots = { $lines ->
    [1] 图中{ $n }个点代表{ $year }年{ $n }个可能性相等的取值，位于目标线达标一侧的点所占比例即为达到目标的模拟路径所占比重。
   *[other] 图中{ $n }个点代表{ $year }年{ $n }个可能性相等的取值，位于两条目标线之间的点所占比例即为达到目标的模拟路径所占比重。
}
target-dots-title = { $met ->
   *[other] { $year }年{ $n }个等可能取值中有{ $met }个达到目标
}
target-label-about = { $line ->
    [plan] 规划值（约）{ $value }
   *[met] 达标线{ $value }
}
target-dots-alt = { $met ->
   *[other] { $year }年{ $target }的{ $n }个等可能取值中，有{ $met }个达到目标值{ $threshold }。
}
target-dots-head = 点数
target-label = 目标值{ $value }
target-outcome-met = 达到目标
target-outcome-missed = 未达到目标
target-outcome-tip = 结果
target-fan =
    100次中约有90次，实际值落在整个扇形之内，约60次落在中间和深色区域，约30次落在颜色最深的区域，
    前提是未来与模型所依据的历史相似。各区域逐年成立，不适用于整条路径。扇形旁的数字为中位数。
target-fan-bases = 偏离曲线的点为旧口径数据，曲线已将其换算为现行口径。
target-fan-implied = 点线为规划自通过前最后一个完整年份起所隐含的路径。
target-fan-path = 规划隐含路径
target-fan-title = { $state ->
    [met] { $year }年预测中位数为{ $median }，达到目标（{ $wanted }）
   *[missed] { $year }年预测中位数为{ $median }，未达到目标（{ $wanted }）
}
target-fan-alt = { $target }各年中位数和90%区间：{ $years }。目标值：{ $wanted }。
target-fan-year = { $year }年{ $median }（{ $interval }）
target-fan-median = 预测中位数
target-fan-chance = 达标概率
target-fan-table = 自最近已知年份起逐年列示如下，“达标概率”为当年数值达到目标的概率：
target-band = { $n }%区间
target-band-title = 预测

## The pace

target-pace-head = { $sense ->
    [falls] ## 尚需变动与已实现变动
    [more] ## 尚需数额与已实现数额
    [less] ## 尚可用数额与已发生数额
   *[rises] ## 尚需增速与已实现增速
}
target-pace = { $verdict ->
    [hold] **目标已提前实现，需巩固**。
    [hold-range] **目前处于目标区间内，需继续保持**。
    [reached-range] **据现有估计目前处于目标区间内，需继续保持**。
    [reached] **据现有估计目标已实现，需巩固**。
    [maintain] { $sense ->
        [falls] **保持现有降幅即可**。
        [more] **保持现有年度数额即可**。
        [less] **保持现有年度数额即可**。
       *[rises] **保持现有增速即可**。
    }
    [accelerate] { $sense ->
        [falls] **降幅需扩大**。
        [more] **年度数额需提高**。
        [less] **年度数额需降低**。
       *[rises] **增速需加快**。
    }
    [ease] **变动需放缓**。
    [reverse] **需扭转变动方向**。
   *[not-known] **以往增速缺乏足够数据**。
}
target-pace-some = { $sense ->
    [falls] **保持近{ $enough }年的降幅即可实现目标，仅保持近{ $short }年的降幅则不足**。
    [more] **保持近{ $enough }年的年均数额即可实现目标，仅保持近{ $short }年的年均数额则不足**。
    [less] **保持近{ $enough }年的年均数额即可实现目标，保持近{ $short }年的年均数额则超出**。
   *[rises] **保持近{ $enough }年的增速即可实现目标，仅保持近{ $short }年的增速则不足**。
}
target-pace-allowed = { $sense ->
   *[other] 即使年均{ $rate }，仍可达标。
}
target-pace-allowed-range = { $sense ->
   *[other] 由年均{ $least }到年均{ $most }，均可达标。
}
target-pace-required = { $sense ->
    [less] 尚可用年均{ $rate }。
   *[other] 尚需年均{ $rate }。
}
target-pace-required-range = { $sense ->
    [less] 尚可用由年均{ $least }到年均{ $most }。
   *[other] 尚需由年均{ $least }到年均{ $most }。
}
target-pace-achieved = 已实现：{ $paces }。
target-pace-span = 近{ $span }年年均{ $rate }
target-pace-estimated = { $rebased ->
    [True] { $n ->
       *[other] 其中{ $years }的现行口径数值为估计值。
    }
   *[False] { $n ->
       *[other] 其中{ $years }的数值为估计值。
    }
}
target-pace-calculated = { $n ->
   *[other] { $years }的数值由其他公布数计算得出。
}
target-pace-bar = { $kind ->
    [achieved] 已实现（{ $first }—{ $last }年）
    [enough] 仍可达标（{ $first }—{ $last }年）
    [most] 至多（{ $first }—{ $last }年）
    [least] 至少（{ $first }—{ $last }年）
   *[needed] 尚需（{ $first }—{ $last }年）
}
target-pace-kind = { $kind ->
    [achieved] 已实现
    [enough] 仍可达标
   *[needed] 尚需
}
target-pace-title = { $state ->
    [allowed] 即使年均{ $rate }，仍可达标
    [alone] { $sense ->
        [less] 到{ $year }年尚可用年均{ $rate }
       *[other] 到{ $year }年尚需年均{ $rate }
    }
   *[required] { $sense ->
        [less] 到{ $year }年尚可用年均{ $rate }，近{ $span }年年均{ $achieved }
       *[other] 到{ $year }年尚需年均{ $rate }，近{ $span }年年均{ $achieved }
    }
}
target-pace-between = { $least }至{ $most }
target-pace-caption = { $state ->
    [allowed] 柱形为已实现的变动，标记为仍能达标的变动界限。
   *[required] 蓝色柱形为已实现的变动，橙色柱形为达标所需的变动。
}
target-pace-alt = { $sense ->
    [more] 年度数额，{ $unit }。
    [less] 年度数额，{ $unit }。
   *[rises] 变动幅度，{ $unit }。
}
target-pace-tip = 变动类别
target-growth-tip = 年均变动
target-pace-axis = { $given ->
    [True] 年均变动（{ $unit }）
   *[False] 年均变动
}

## Uncertainty

target-uncertainty-head = ## 该概率的可靠程度
target-share = { $limit ->
    [True] 在{ $n }条模拟路径中，达到目标的占比{ $chance }。
   *[False] 在{ $n }条模拟路径中，达到目标的占比{ $chance }（抽样误差{ $error }）。
}
target-how = { $method ->
    [learned] 模拟路径由加权组合预测生成：六种简单预测方法按在其他数据集上估计的权重和离散程度加以组合，增速向全部同类指标的增速收缩。
   *[pooled] 模拟路径由下列模型生成，各模型权重相等，增速逐年阻尼。
}
target-spread = { $direction ->
    [wider] 根据全部指标和该指标的历史预测误差校准，离散程度扩大至原来的{ $factor }倍。
   *[narrower] 根据全部指标和该指标的历史预测误差校准，离散程度收窄至原来的{ $factor }倍。
}
target-models = { $same ->
    [True] 单独采用任一模型，实现概率均{ $low }。
   *[False] 单独采用各模型，实现概率从{ $low }到{ $high }不等。
}
target-models-one = 单独采用{ $model }，实现概率{ $chance }。
target-models-outside = { $side ->
    [higher] { $others ->
        [True] 加权组合预测给出的概率高于所有单一模型：前者考虑了全部指标的增长情况和其他机构的预测，后者只考虑该指标自身的增长。
       *[False] 加权组合预测给出的概率高于所有单一模型：前者考虑了全部指标的增长情况，后者只考虑该指标自身的增长。
    }
   *[lower] { $others ->
        [True] 加权组合预测给出的概率低于所有单一模型：前者考虑了全部指标的增长情况和其他机构的预测，后者只考虑该指标自身的增长。
       *[False] 加权组合预测给出的概率低于所有单一模型：前者考虑了全部指标的增长情况，后者只考虑该指标自身的增长。
    }
}
target-ever-met = { $kept ->
    [True] 根据已公布数据，目标于{ $year }年首次实现。
   *[False] 根据已公布数据，目标于{ $year }年首次实现，但{ $last }年未达标。
}
target-ever-not = 根据已公布数据，截至{ $year }年目标从未实现。
target-ever = { $n ->
    [1] { $years }达到目标的概率{ $chance }（在模拟路径中的占比：{ $shares }）。
   *[other] { $years }中至少有一年达到目标的概率{ $chance }（首次达标年份在模拟路径中的占比：{ $shares }）。
}
target-first-year = { $year }年{ $chance }
target-models-title = { $same ->
    [True] 各模型给出的实现概率相同：{ $low }
   *[False] 各模型给出的实现概率从{ $low }到{ $high }
}
target-models-alt = { $year }年{ $target }的中位数和实现概率：{ $values }。
target-models-one-value = { $model }{ $median }，{ $chance }
target-models-caption =
    100次中约有90次，实际值落在细线范围内，约50次落在粗条之内；白色标记为中位数。首行为{ $method }，其余为仅用本序列拟合的各单一模型。各行均标出目标值。
target-model-tip = 模型
target-chance-tip = 实现概率
target-standing = { $kind ->
    [flow] **对流量类指标，更简单的方法表现更好**。按连续分级概率评分（CRPS），加权组合预测在{ $n }种方法中列第{ $place }位；最优方法（{ $best }）各预测期的CRPS为其{ $least }至{ $most }倍（见[历史预测检验](track_record.html)）。
    [stock] **对存量类指标，更简单的方法表现更好**。按连续分级概率评分（CRPS），加权组合预测在{ $n }种方法中列第{ $place }位；最优方法（{ $best }）各预测期的CRPS为其{ $least }至{ $most }倍（见[历史预测检验](track_record.html)）。
    [share] **对比率类指标，更简单的方法表现更好**。按连续分级概率评分（CRPS），加权组合预测在{ $n }种方法中列第{ $place }位；最优方法（{ $best }）各预测期的CRPS为其{ $least }至{ $most }倍（见[历史预测检验](track_record.html)）。
   *[other] **对此类指标，更简单的方法表现更好**。按连续分级概率评分（CRPS），加权组合预测在{ $n }种方法中列第{ $place }位；最优方法（{ $best }）各预测期的CRPS为其{ $least }至{ $most }倍（见[历史预测检验](track_record.html)）。
}

## The record

target-record-head = ## 同类预测的历史检验
target-record-series = { $of ->
    [1] 该指标
   *[other] 计算本目标所用各序列
}
outcomes = { $n }次
target-record-own = { $horizon ->
   *[other] 以{ $years }为起点对{ target-record-series }作提前{ $horizon }年的预测，{ outcomes }中有{ $hits }次实际值落在80%预测区间内。
}
target-record-short = { $of ->
    [1] 该指标的序列过短，无法检验其历史预测。
   *[other] 计算本目标所用各序列均过短，无法检验其历史预测。
}
target-record-none = 没有可供检验的历史预测。
target-record-figure = 以下检验针对计算本目标所用的年度数值；所计算的指标本身尚无历史预测可供检验。
target-record-all = { $horizon ->
   *[other] 对全部{ $series }个长度足够的指标作提前{ $horizon }年的预测，{ outcomes }中有{ $hits }次实际值落在80%预测区间内（{ $share }，名义水平为80%）。
}
target-record-panels = { $horizon ->
   *[other] 对{ $series }个序列作提前{ $horizon }年的预测，{ outcomes }中有{ $hits }次实际值落在80%预测区间内（{ $share }，名义水平为80%）。
}
target-record-limits =
    每次历史预测的离散程度按其他所有年份的误差校准。历史数据为目前口径衔接后的序列，在各预测起点截断；
    当时因后续修订产生的误差未计入，同一年份的各指标受共同冲击影响。
target-wanted = { $bound ->
    [least] 目标要求的增长不低于此前五年平均增速的{ $ratio }倍（{ target-scale }）。
   *[most] 目标要求的增长不高于此前五年平均增速的{ $ratio }倍（{ target-scale }）。
}
target-wanted-fall = { $bound ->
    [least] { $before ->
        [fall] 目标要求的降幅不低于此前五年平均降幅的{ $ratio }倍（{ target-scale }）。
       *[rise] 目标要求的降幅不低于此前五年平均增幅的{ $ratio }倍（{ target-scale }）。
    }
   *[most] { $before ->
        [fall] 目标允许的降幅不超过此前五年平均降幅的{ $ratio }倍（{ target-scale }）。
       *[rise] 目标允许的降幅不超过此前五年平均增幅的{ $ratio }倍（{ target-scale }）。
    }
}
target-wanted-rise = { $bound ->
    [least] 目标要求的增幅不低于此前五年平均降幅的{ $ratio }倍（{ target-scale }）。
   *[most] 目标允许的增幅不超过此前五年平均降幅的{ $ratio }倍（{ target-scale }）。
}
target-wanted-same = { $bound ->
    [least] 对此前上升的指标，同类情形指增长不低于此前五年平均增速的{ $ratio }倍。
   *[most] 对此前上升的指标，同类情形指增长不高于此前五年平均增速的{ $ratio }倍。
}
target-wanted-between = { $of ->
    [pace] 目标要求的增长与此前五年平均增速之差为该增速绝对值的{ $low }倍至{ $high }倍（{ target-scale }）。
   *[step] 目标要求的增长与此前五年平均增速之差为该指标年度变动标准差的{ $low }倍至{ $high }倍（{ target-scale }）。
}
target-wanted-steps = { $bound ->
    [least] { $side ->
        [above] 目标要求的增速至少比此前五年平均增速高出该指标年度变动标准差的{ $steps }倍（{ target-scale }）。
       *[below] 增速即使比此前五年平均增速低该指标年度变动标准差的{ $steps }倍，仍可达标（{ target-scale }）。
    }
   *[most] { $side ->
        [above] 增速即使比此前五年平均增速高出该指标年度变动标准差的{ $steps }倍，仍可达标（{ target-scale }）。
       *[below] 目标要求的增速至少比此前五年平均增速低该指标年度变动标准差的{ $steps }倍（{ target-scale }）。
    }
}
target-scale = { $scale ->
    [log] 按对数增长计
    [logit] 按对数几率变动计：比重离50%越远，1个百分点对应的变动越大，因此与按百分点计算的倍数不同
   *[linear] 按年变动量计
}
target-like = { $horizon ->
   *[other] 对同类情形作提前{ $horizon }年的{ $n }次历史预测中，{ $came }实际发生（90%区间为{ $low }至{ $high }，约相当于{ $cases }个独立案例）；当时给出的平均概率为{ $given }。
}
target-like-few = { $horizon ->
   *[other] 对同类情形作提前{ $horizon }年的{ $n }次历史预测中，{ $came }实际发生；当时给出的平均概率为{ $given }。{ target-like-worth }
}
target-like-worth = 约相当于{ $cases }个独立案例，年份过少，无法判断这一概率偏高或偏低。
target-like-bias = { $bias ->
    [low] 这一概率偏低。
   *[high] 这一概率偏高。
}
target-apart = { $start ->
    [estimated] { $side ->
        [above] 本报告给出的概率（{ $chance }）高于该区间：该预测以估计值而非公布数据为起点，且检验结果汇总了全部指标，其离散程度和增速与该指标不同。
       *[below] 本报告给出的概率（{ $chance }）低于该区间：该预测以估计值而非公布数据为起点，且检验结果汇总了全部指标，其离散程度和增速与该指标不同。
    }
   *[published] { $side ->
        [above] 本报告给出的概率（{ $chance }）高于该区间：检验结果汇总了全部指标，其离散程度和增速与该指标不同。
       *[below] 本报告给出的概率（{ $chance }）低于该区间：检验结果汇总了全部指标，其离散程度和增速与该指标不同。
    }
}
target-apart-limit = 本页给出的界限（{ $chance }）位于上述区间之内，与历史检验并不矛盾。
target-floor-none = { $horizon ->
   *[other] 在提前{ $horizon }年的预测中，没有任何事件的概率低于{ $least }。
}
target-floor-given = { $horizon ->
   *[other] 在提前{ $horizon }年的预测中，概率低于{ $least }的事件（含增速达到和低于某一倍数两个方向）共{ $n }个，约相当于{ $cases }个独立案例，其中{ $came }实际发生。
}
target-floor = 在80%的置信水平下，历史检验不能排除低于{ $edge }%的任何概率，因此不给出更接近0或100%的概率：“低于{ $edge }%”是上限，“高于{ $top }%”是下限，均不是估计值。
target-next-year =
    { $year }年目标设定于{ $when }年。提前一年以内设定目标的部门所掌握的信息多于该指标的历史数据：
    对其他地区的此类目标，本报告方法给出的概率能较好地区分各地区的先后次序，但对实现目标的个数判断有误。
    请将这一概率与其他地区比较，不宜作为频率解读。
target-like-title = 以往事件按所给概率分组的实际发生比例
target-like-finding = { $n ->
   *[other] 以往{ $n }个概率为{ $band }%的事件中，{ $came }实际发生
}
target-like-alt = 按所给概率分组的实际发生比例：{ $bands }。
target-like-band = { $n ->
   *[other] { $band }%组为{ $came }（{ $n }个）
}
target-like-caption =
    每个点为所给概率相近的以往事件中实际发生的比例，竖线为其90%区间。灰色方框为该组概率范围，预测校准良好时点应落在其中。
    菱形标出本目标所在的组。{ $bound ->
        [least] 事件指增速达到此前五年平均增速的若干倍（{ $least }至{ $most }倍）。
       *[most] 事件指增速低于此前五年平均增速的若干倍（{ $least }至{ $most }倍）。
    }此处只计与目标方向相同的事件，上文确定概率界限时两个方向的事件均计入。
target-like-axis = 预测概率（%）
target-given-tip = 预测概率（%）
target-came-tip = 实际发生比例
target-cases-tip = 案例数
target-coverage-nominal = 名义水平{ $share }
target-coverage-axis = 提前年数
target-came-percent = 实际发生比例（%）
target-coverage-percent = 覆盖率（%）
target-coverage-title = { $panels ->
    [True] 历史80%预测区间覆盖了{ $n }个实际结果中的{ $hits }个（{ $share }，参考面板）
   *[False] 历史80%预测区间覆盖了{ $n }个实际结果中的{ $hits }个（{ $share }，全部指标）
}
target-coverage-alt = 各提前年数下历史80%预测区间的覆盖率：{ $values }。
target-coverage-at = { $horizon ->
   *[other] 提前{ $horizon }年{ $share }
}
target-coverage-caption = 无论提前几年，80%的区间应覆盖100个实际结果中的80个。
target-covered-tip = 覆盖率

## What the target means

target-meaning-head = ## 目标的含义
target-wording = 规划表述（摘要）：{ $wording }。
target-reading = 本报告的理解：{ $reading }
target-limit = 判定标准：{ $limit }。
target-remark = 备注：{ $note }。
target-source = { $chinese ->
    [True] 目标来源（{ $plan }）：{ $source }。
   *[False] 目标来源：{ $plan }，据外文资料{ $source }。
}
target-source-none = 数据中未注明目标来源。
target-known-head = ## 已知数据
target-known-listed = 下表列出与该目标有关的全部公开数据条目。
target-known = 下表列出该指标的全部公开数据条目，及其与预测起点序列（口径衔接后）的吻合程度。“衔接后数值”按各条目的单位和统计口径列示，因此旧口径条目与图中的现行口径数值不同。逐年序列见{ $page }。
target-known-page = 数据页
target-known-related = { $size ->
    [small] 该指标与相关指标联合衔接，其中影响最大的为{ $series }（对最近一年影响很小）。
   *[large] 该指标与相关指标联合衔接，其中影响最大的为{ $series }。
}
target-none-held = 未找到已公布的数据。
