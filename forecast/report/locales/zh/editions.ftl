## What has changed since the last edition

editions-head = ## 与上一版相比的变化
editions-first = 本版为首版。
editions-added = 本目标为新增目标，上一版（{ $made }）未列入。
editions-without = { $kind ->
    [gained] 上一版（{ $made }）未给出实现概率，本版为{ $now }。
    [lost] 上一版（{ $made }）的实现概率为{ $before }，本版暂不能给出。
   *[none] 与上一版（{ $made }）相同，暂不能给出实现概率。
}
editions-same = { $kind ->
    [same] 实现概率{ $now }，与上一版（{ $made }）相同。
   *[nearly] 实现概率{ $now }，与上一版（{ $made }）基本相同。
}
editions-limit = 实现概率{ $now }，为现有记录所能支持的界限，上一版（{ $made }）亦然（{ $before }）。
editions-moved = { $sense ->
    [up] 与上一版（{ $made }）相比，实现概率由{ $before }升至{ $now }，提高{ $points }。
   *[down] 与上一版（{ $made }）相比，实现概率由{ $before }降至{ $now }，降低{ $points }。
}
editions-verdict = 评估结论由“{ $before }”变为“{ $now }”。
editions-noise = 变动未超出抽样误差的范围。
editions-due = { $alone ->
    [True] { $part ->
        [new] 变动来自新公布的数据。
        [revised] 变动来自数据修订。
        [definitions] 变动来自目标或指标定义的调整。
        [sampling] 变动来自重新抽样。
        [parameters] 变动来自测算设定的调整。
       *[program] 变动来自模型或其校准的调整。
    }
   *[False] { $part ->
        [new] 其中新公布数据的影响最大。
        [revised] 其中数据修订的影响最大。
        [definitions] 其中目标或指标定义调整的影响最大。
        [sampling] 其中重新抽样的影响最大。
        [parameters] 其中测算设定调整的影响最大。
       *[program] 其中模型或其校准调整的影响最大。
    }
}
editions-unsplit = 上一版所用数据已不存在或无法读取，无法说明变动原因。

editions-col-part = 原因
editions-col-points = 对实现概率的影响
editions-col-what = 变动内容
editions-part = { $part ->
    [new] 新公布数据
    [revised] 数据修订
    [definitions] 定义调整
    [sampling] 重新抽样
    [parameters] 测算设定
    [program] 模型与校准
   *[whole] 合计
}
editions-points = { $noise ->
    [True] { $points }（在抽样误差范围内）
   *[False] { $points }
}
editions-what-new = { $n ->
   *[other] 新增数据{ $n }条
}
editions-what-revised = { $withdrawn ->
    [0] { $n ->
       *[other] 修订数据{ $n }条
    }
   *[other] 修订数据{ $n }条，撤销{ $withdrawn }条
}
editions-what-definitions = 目标、指标、统计口径或地区表
editions-what-sampling = 随机种子或模拟路径条数
editions-what-parameters = 数据截止日、所用模型或是否采用其他机构的预测
editions-what-program = { $what ->
    [code] 程序
    [calibration] 校准参数
   *[both] 程序与校准参数
}
editions-order = 各项影响之和等于合计，按表中次序逐项变动测算。

editions-figures = { $every ->
    [0] 数据未有变动。
   *[other] { $n ->
        [0] 共有{ $every }条数据新增、修订或撤销，均与本目标及其相关指标无关。
       *[other] { $shown ->
            [all] 共有{ $every }条数据新增、修订或撤销，下表列出其中与本目标及其相关指标有关的{ $n }条。
           *[some] 共有{ $every }条数据新增、修订或撤销，其中与本目标及其相关指标有关的有{ $n }条，下表列出{ $most }条。
        }
    }
}
editions-col-change = 变动
editions-col-series = 指标
editions-col-period = 时期
editions-col-figure = 内容
editions-col-before = 原数据
editions-col-now = 现数据
editions-change = { $change ->
    [new] 新增
    [revised] 修订
   *[withdrawn] 撤销
}
editions-value = { $value }（{ $status }）

## The chart over editions

editions-chart-title = { $sense ->
    [up] { $n }版评估中，实现概率由{ $before }升至{ $now }
    [down] { $n }版评估中，实现概率由{ $before }降至{ $now }
   *[same] { $n }版评估中，首版与本版的实现概率均为{ $now }
}
editions-chart-caption = 各点为当日一版给出的实现概率（%）。
editions-chart-alt = 折线为各版的实现概率：{ $values }。
editions-chart-one = { $made }：{ $chance }
editions-chart-edition = 版次
editions-chart-now = 本版

## On the overview

editions-overview-first = 本版为首版。
editions-overview-none = 与上一版（{ $made }）相比，各项目标实现概率的变动均未超出抽样误差的范围。
editions-overview = 与上一版（{ $made }）相比，下列目标实现概率的变动超出抽样误差的范围：{ $targets }。
editions-overview-one = { $name }（由{ $before }变为{ $now }）
editions-overview-gained = { $name }（{ $now }，上一版未给出）
editions-overview-lost = { $name }（上一版为{ $before }，本版未给出）
