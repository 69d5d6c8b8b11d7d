## Values

year = { $year }年
year-range = { $first }—{ $last }年
range-signed = { $low }至{ $high }
range = { $low }—{ $high }
amount = { $joined ->
    [True] { $number }{ $unit }
   *[False] { $number } { $unit }
}
percent = { $number }%
permille = { $number }‰
percent-yearly = 年均{ $number }%
points = { $n ->
   *[other] { $number }个百分点
}
rate-percent = { $sign ->
    [down] 下降{ $size }%
   *[up] 增长{ $size }%
}
rate-points = { $sign ->
    [down] 降低{ $size }个百分点
   *[up] 提高{ $size }个百分点
}
rate-amount = { $size }
rate-units = { $sign ->
    [down] 减少{ $size }
   *[up] 增加{ $size }
}

moved-percent = { $sign ->
    [down] 下降{ $size }%
    [none] 持平
   *[up] 增长{ $size }%
}
moved-points = { $sign ->
    [down] 降低{ $size }个百分点
    [none] 持平
   *[up] 提高{ $size }个百分点
}
moved-units = { $sign ->
    [down] 减少{ $size }
    [none] 持平
   *[up] 增加{ $size }
}

unit-ratio = { $top }/{ $bottom }
unit-magnitude = { $per ->
   *[other] { $power ->
        [1] 十{ $thing }
        [2] 百{ $thing }
        [3] 千{ $thing }
        [4] 万{ $thing }
        [5] 十万{ $thing }
        [6] 百万{ $thing }
        [7] 千万{ $thing }
        [8] 亿{ $thing }
        [9] 十亿{ $thing }
        [10] 百亿{ $thing }
        [11] 千亿{ $thing }
       *[12] 万亿{ $thing }
    }
}
unit-thing = { $n ->
   *[other] { $thing ->
        [CNY] 元
        [day] 天
        [ha] 公顷
        [hour] 小时
        [household] 户
        [kg] 公斤
        [km] 公里
        [km2] 平方公里
        [kW] 千瓦
        [kWh] 千瓦时
        [m] 米
        [m2] 平方米
        [m3] 立方米
        [minute] 分钟
        [mu] 亩
        [MW] 兆瓦
        [MWh] 兆瓦时
        [GW] 吉瓦
        [GWh] 吉瓦时
        [TWh] 太瓦时
        [parcel] 件
        [person] 人
        [pp] 个百分点
        [tonne] 吨
       *[other] { $name }
    }
}

## Chances and verdicts

chance = { $side ->
    [below] 低于{ $n }%
    [above] 高于{ $n }%
   *[at] 约{ $n }%
}
chance-short = { $side ->
    [below] <{ $n }%
    [above] >{ $n }%
   *[at] { $n }%
}
chance-bare = { $side ->
    [below] <{ $n }
    [above] >{ $n }
   *[at] { $n }
}
chance-bound = { $n }%
verdict = { $limit ->
    [most] { verdict-word }（概率为上限）
    [least] { verdict-word }（概率为下限）
   *[exactly] { verdict-word }
}
verdict-word = { $word ->
    [extremely-unlikely] 预计难以实现
    [very-unlikely] 实现难度很大
    [unlikely] 实现难度较大
    [about-even] 可能性大致各半
    [likely] 较有可能实现
    [very-likely] 很有可能实现
   *[extremely-likely] 极有可能实现
}
legend =
    实现可能性分级（按实现概率）：预计难以实现，不超过{ $extremely-unlikely }%；实现难度很大，不超过{ $very-unlikely }%；
    实现难度较大，不超过{ $unlikely }%；可能性大致各半，不超过{ $about-even }%；较有可能实现，不超过{ $likely }%；
    很有可能实现，不超过{ $very-likely }%；极有可能实现，高于{ $very-likely }%。

## Titles and targets

plan-title = { $plan }实现可能性评估
target-title = { $target }：{ $goal }
goal-of-other = { $n ->
    [1] { $whole ->
        [True] { $other }
       *[False] { $other }数值的{ $share }
    }
   *[other] { $whole ->
        [True] { $other }的平均值
       *[False] { $other }平均值的{ $share }
    }
}
goal-limit = { $comparison ->
    [exceed] 超过{ $value }
    [about] { $value }左右
    [at_most] 不超过{ $value }
    [below] 低于{ $value }
    [between] 处于{ $value }之间
    [rank_within] 进入前{ $value }名
   *[at_least] 达到{ $value }以上
}
goal-change = { $comparison ->
    [exceed] 超过{ $value }
    [about] { $value }左右
    [at_most] 不超过{ $value }
    [below] 少于{ $value }
    [between] { $value }
   *[at_least] { $value }以上
}
goal-growth = { $unit ->
    [index] { $year }年（{ $first }年=100）{ goal-limit }
    [yearly] { $sense ->
        [fall] { $first }—{ $year }年年均下降{ goal-change }
        [change] { $first }—{ $year }年年均变动{ goal-change }
       *[growth] { $first }—{ $year }年年均增长{ goal-change }
    }
   *[total] { $sense ->
        [fall] { $first }—{ $year }年累计下降{ goal-change }
        [growth] { $first }—{ $year }年累计增长{ goal-change }
       *[change] { $first }—{ $year }年累计变动{ goal-change }
    }
}
goal-sum = { $first }—{ $year }年累计{ goal-change }
goal-place = { $year }年在{ $of }个地区中进入前{ $value }名
goal-count = { $comparison ->
    [exceed] 到{ $year }年新增超过{ $value }个
    [about] 到{ $year }年新增{ $value }个左右
    [at_most] 到{ $year }年新增不超过{ $value }个
    [below] 到{ $year }年新增少于{ $value }个
    [between] 到{ $year }年新增{ $value }个
   *[at_least] 到{ $year }年新增{ $value }个以上
}
goal = { $kind ->
    [legs] 到{ $year }年前往{ $items }个地点均{ goal-limit }
    [markets] { $year }年{ $items }个市场各{ goal-limit }
    [count] { goal-count }
    [comparison] { $year }年{ $comparison ->
        [exceed] 高于{ $value }
        [at_most] 不高于{ $value }
        [below] 低于{ $value }
        [between] 处于{ $value }之间
       *[at_least] 不低于{ $value }
    }
   *[other] { $year }年{ goal-limit }
}
limit-about = { $value }左右，按不低于{ $threshold }判定（允许比目标值低{ $tolerance }）
pace-unit = { $scale ->
    [log] %
    [logit] 百分点
    [number] {""}
   *[linear] { $unit }
}
method-name = { $method ->
    [arima] ARIMA模型
    [damped-drift] 阻尼漂移模型
    [damped-trend] 阻尼趋势指数平滑
    [drift] 带漂移项的随机游走
    [local-trend] 局部线性趋势模型
    [prophet] Prophet模型
    [theta] Theta模型
    [learned-ensemble] 加权组合预测
    [families-pooled] 等权组合预测
    [no-change] 维持不变
   *[other] { $label }
}
method-row = { method-name }
fiscal = 年份为财政年度（{ $begin }至次年{ $end }）；{ $year }年（数据中记为{ $number }年）指{ $first }至{ $last }。
series-kind = { $kind ->
    [flow] 流量指标
    [stock] 存量指标
    [share] 比重指标
    [rate] 比率指标
    [duration] 时长指标
    [rank] 位次指标
   *[count] 计数指标
}
