## The questions that a reader asks first

glance-head = ## At a glance
glance-question = Question
glance-answer = Answer
glance-chance = What is the probability?
glance-evidence = How recent is the evidence?
glance-changed = What changed since the last edition?
glance-decides = Which figure decides?
glance-track = Is it on track?
glance-takes = What would it take?
glance-record = How accurate were such forecasts?
glance-sources = What are the sources?
glance-assumed = What is assumed?
glance-others = What do others expect?
glance-next = When is the next figure due?

## Their answers

glance-chance-given = { $state ->
    [met] Met, as published.
    [not-met] Not met, as published.
    [already-met] Already met. { $verdict } to remain met in { $year }: { $chance }.
    [judgement] { $verdict }, in the judgement of experts: { $chance }.
   *[assessed] { $verdict }: { $chance }.
}
glance-chance-bound = Lower bound: { $bound }. No more precise figure can be given.
glance-chance-none = { $status ->
    [partly_known] No probability can be given; part of the evidence is known.
   *[not_assessable] No probability can be given yet.
}
glance-record-like =
    In { $n } comparable past cases the event occurred in { $came }{ $known ->
        [True] { " " }(90% interval { $low } to { $high })
       *[False] {""}
    }; the forecasts had given it { $given } on average (equivalent to about { $cases } independent { $cases ->
        [one] case
       *[other] cases
    }).
glance-record-apart = { $start ->
    [estimated] { $side ->
        [above] The probability given here is higher: it starts from an estimate, and the record pools all series.
       *[below] The probability given here is lower: it starts from an estimate, and the record pools all series.
    }
   *[published] { $side ->
        [above] The probability given here is higher: the record pools all series.
       *[below] The probability given here is lower: the record pools all series.
    }
}
glance-record-intervals = { $horizon ->
    [one] The 80% interval covered { $share } of { outcomes } one year ahead.
   *[other] The 80% interval covered { $share } of { outcomes } { $horizon } years ahead.
}
glance-record-none = There are no past forecasts of this kind.
glance-prices = { $prices ->
    [real] constant prices
   *[nominal] current prices
}
glance-basis = statistical basis: { $basis }
glance-about = “about” allows a shortfall of { $tolerance }
glance-step = an estimated effect of { $step } of the new statistical basis
glance-outside = { $n ->
    [0] forecasts by others are not used
    [one] one forecast by others is used
   *[other] { $n } forecasts by others are used
}
glance-assumed-count = events occur at a steady rate
glance-assumed-rank = the log of the rank follows a random walk
glance-assumed-bound = each published part counts for the target
glance-assumed-legs = journeys within the time stay so; new lines open between the announced dates; timetables change independently of one another
glance-assumed-markets = the markets are independent of one another
glance-assumed-comparison = forecast errors of the series move together as in the past
glance-assumed-ratio = forecast errors of the series move together as in the past
glance-assumed-place = forecast errors of the series move together as in the past
glance-assumed-growth = the base year counts as estimated in each simulated path
glance-assumed-cumulative = known years count as published or estimated
glance-evidence-years = Years with data: { $years }.
glance-sources-last = The last known figure is from { $publisher }.
glance-others-none = No forecast by others is part of the answer, and no other plan in the data has a target for it.
glance-others-plans = Targets of other plans, for comparison: { $plans }.
glance-others-plan = { $goal } ({ $plan })
glance-standing = { $kind ->
    [flow] On the flows in the data
    [stock] On the stocks in the data
    [share] On the shares in the data
   *[other] On such series in the data
} the method used ranks { $place } of { $n } by accuracy; the best was { $best }.
glance-others-part = { $n ->
    [one] One forecast by others is part of the answer ({ $names }).
   *[other] { $n } forecasts by others are part of the answer ({ $names }).
}
