## What has changed since the last edition

editions-head = ## What has changed since the last edition
editions-first = This is the first edition.
editions-added = The target is new: the last edition, of { $made }, did not have it.
editions-without = { $kind ->
    [gained] The last edition, of { $made }, gave no probability; it is now { $now }.
    [lost] The last edition, of { $made }, gave a probability of { $before }; none can be given now.
   *[none] As in the last edition, of { $made }, no probability can be given.
}
editions-same = { $kind ->
    [same] The probability is { $now }, as in the last edition, of { $made }.
   *[nearly] The probability is { $now }, almost the same as in the last edition, of { $made }.
}
editions-limit =
    The probability is { $now }, the limit of what the record supports, as it was in the last edition, of
    { $made } ({ $before }).
editions-moved = { $sense ->
    [up]
        Since the last edition, of { $made }, the probability has risen by { $points }, from { $before }
        to { $now }.
   *[down]
        Since the last edition, of { $made }, the probability has fallen by { $points }, from { $before }
        to { $now }.
}
editions-verdict = The verdict has changed from { $before } to { $now }.
editions-noise = A change of this size may be sampling error alone.
editions-due = { $alone ->
    [True] { $part ->
        [new] It is due to new figures.
        [revised] It is due to revised figures.
        [definitions] It is due to changed definitions of the target or of the series.
        [sampling] It is due to another sample of simulated paths.
        [parameters] It is due to other settings.
       *[program] It is due to a change of the model or its calibration.
    }
   *[False] { $part ->
        [new] New figures account for the largest part.
        [revised] Revised figures account for the largest part.
        [definitions] Changed definitions of the target or of the series account for the largest part.
        [sampling] Another sample of simulated paths accounts for the largest part.
        [parameters] Other settings account for the largest part.
       *[program] A change of the model or its calibration accounts for the largest part.
    }
}
editions-unsplit =
    What it is due to cannot be told: the data of that edition are no longer there or cannot be read.

editions-col-part = Cause
editions-col-points = Effect on the probability
editions-col-what = What changed
editions-part = { $part ->
    [new] New figures
    [revised] Revised figures
    [definitions] Definitions
    [sampling] Sampling
    [parameters] Settings
    [program] Model and calibration
   *[whole] Total
}
editions-points = { $noise ->
    [True] { $points } (within sampling error)
   *[False] { $points }
}
editions-what-new = { $n ->
    [one] One figure in the data
   *[other] { $n } figures in the data
}
editions-what-revised = { $withdrawn ->
    [0] { $n ->
        [one] One figure in the data
       *[other] { $n } figures in the data
    }
   *[other] { $n } revised and { $withdrawn } withdrawn in the data
}
editions-what-definitions = Tables of targets, indicators, statistical bases or regions
editions-what-sampling = Seed or number of simulated paths
editions-what-parameters = Last day of the evidence, models used, or forecasts by others
editions-what-program = { $what ->
    [code] The program
    [calibration] The calibration
   *[both] The program and the calibration
}
editions-order =
    The effects add up to the total. They were found by making one change after the other, in the order
    of the table.

editions-figures = { $every ->
    [0] No figure in the data has changed.
    [one] { $n ->
        [0] One figure in the data is new, revised or withdrawn; it is not on this target or a series that matters to it.
       *[other] One figure in the data is new, revised or withdrawn, and it bears on this target.
    }
   *[other] { $n ->
        [0]
            { $every } figures in the data are new, revised or withdrawn, none of them on this target or a series that
            matters to it.
       *[other] { $shown ->
            [all]
                { $every } figures in the data are new, revised or withdrawn. The table lists those on this target and on
                the series that matter to it ({ $n }).
           *[some]
                { $every } figures in the data are new, revised or withdrawn. The table lists { $most } of the { $n } on
                this target and on the series that matter to it.
        }
    }
}
editions-col-change = Change
editions-col-series = Series
editions-col-period = Period
editions-col-figure = Figure
editions-col-before = Before
editions-col-now = Now
editions-change = { $change ->
    [new] new
    [revised] revised
   *[withdrawn] withdrawn
}
editions-value = { $value } ({ $status })

## The chart over editions

editions-chart-title = { $sense ->
    [up] The probability has risen over { $n } editions, from { $before } to { $now }
    [down] The probability has fallen over { $n } editions, from { $before } to { $now }
   *[same] The probability is as in the first of { $n } editions: { $now }
}
editions-chart-caption = Each point is the probability that the edition of that day gave, in 100.
editions-chart-alt = Line of the probability in each edition: { $values }.
editions-chart-one = { $made }: { $chance }
editions-chart-edition = Edition
editions-chart-now = this edition

## On the overview

editions-overview-first = This is the first edition of these pages.
editions-overview-none =
    Since the last edition, of { $made }, no probability has changed by more than sampling error may
    explain.
editions-overview =
    Since the last edition, of { $made }, these probabilities have changed by more than sampling error
    may explain: { $targets }.
editions-overview-one = { $name } (from { $before } to { $now })
editions-overview-gained = { $name } ({ $now }, none before)
editions-overview-lost = { $name } (none now, { $before } before)
