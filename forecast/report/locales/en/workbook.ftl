## results.xlsx: names of sheets, what they hold, heads of columns

workbook-about = About
workbook-newest = Evidence to
workbook-unknown = not known
workbook-targets = Targets
workbook-targets-about =
    The plan’s targets: what is asked, the probability, the forecast of the target year, the last value and the pace.
    A probability at the lowest supported one is an upper limit: past forecasts do not support a smaller one.
workbook-scenarios = Scenarios
workbook-scenarios-about =
    Each target under each scenario, beside the baseline. A scenario is an assumption, not a forecast.
workbook-quantiles = Forecast by year
workbook-quantiles-about =
    Quantiles of each year ahead. Each holds for its year alone; a whole path leaves a band more often than one year does.
workbook-history = History
workbook-history-about =
    The yearly path of each series as the published figures add up to it, on today’s statistical basis, with its 90% interval.
workbook-sources = Sources
workbook-sources-about =
    Where the figures of these series were published. Addresses are text, not links.
workbook-refused = not possible
workbook-mirror-yes = copy
workbook-comparison = { $comparison ->
    [exceed] more than
    [about] about
    [at_most] at most
    [below] below
    [between] between
    [rank_within] rank or better
   *[at_least] at least
}
workbook-kind = { $kind ->
    [yearbook] yearbook
    [bulletin] statistical communique
    [government_report] government report
    [customs] customs
    [statistics_bureau] statistics bureau
    [census] census
    [dataset] data set
    [news] press
    [plan] plan
   *[secondary] secondary source
}

workbook-head-target = Target
workbook-head-comparison = Asked for
workbook-head-value = Target value
workbook-head-value-to = Upper end of a range
workbook-head-threshold = Limit that counts as met
workbook-head-unit = Unit
workbook-head-year = Year
workbook-head-status = Status
workbook-head-probability = Probability (%)
workbook-head-said = Probability as stated
workbook-head-floor = Lowest supported probability (%)
workbook-head-low = Lowest over models (%)
workbook-head-high = Highest over models (%)
workbook-head-baseline = Probability in the baseline (%)
workbook-head-link = Link to the target
workbook-link = { $reliable ->
    [True] reliable, or the baseline
   *[False] not reliable: a difference from the baseline is no finding
}
workbook-head-q05 = 5% quantile
workbook-head-q20 = 20% quantile
workbook-head-q35 = 35% quantile
workbook-head-q50 = Median
workbook-head-q65 = 65% quantile
workbook-head-q80 = 80% quantile
workbook-head-q95 = 95% quantile
workbook-head-median = Median
workbook-head-last-year = Last year known or estimated
workbook-head-last-value = Last value
workbook-head-origin = Known from
workbook-head-required = Growth needed
workbook-head-achieved = Growth achieved
workbook-head-pace-unit = Unit of growth
workbook-head-pace = Pace
workbook-head-scenario = Scenario
workbook-head-series = Series
workbook-head-estimate = Estimate
workbook-head-source = Source
workbook-head-publisher = Publisher
workbook-head-published = Published
workbook-head-kind = Kind
workbook-head-address = Address
workbook-head-mirror = Copy on another site
workbook-head-key = Key
