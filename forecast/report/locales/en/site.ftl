## The frame of every page

site-language = English
site-editions = Other languages
site-skip = Skip to the content
site-pages = Pages
site-contents = On this page
site-provenance = Where this page comes from
site-parameters = Parameters
site-name = Name
site-value = Value
site-meaning = Meaning
site-code = The code of this page
site-table = Table
site-filter = Filter the table:
site-companions = See also
site-alone = This page is not beside the other pages of its report. Links marked ° lead to those and open only in the complete folder.
site-licence =
    To cite: title of the page, plan, and the day it was made, as given below. The
    code is under the MIT licence, the compilation of data that comes with it under CC BY 4.0; the figures
    are those of the publishers named.
site-caution =
    Model-based estimates from published figures; not an official forecast of any government body.

site-picture = a picture without a description
site-chart = chart
site-chart-menu = Save the chart
site-chart-svg = Save as SVG
site-chart-figures = Show the figures
site-chart-csv = Save the figures (CSV)
site-chart-png = Save as PNG

## The menu

site-overview = Overview
site-briefing = Briefing
site-track-record = Track record
site-scenarios = Scenarios
site-targets = Targets
site-data = Data
site-further = Further pages
site-takes = What it takes: { $target }

## Provenance

site-run = Run
site-made = Made
site-data-digest = Data (SHA-256)
site-program = Program
site-method = Method
site-method-learned = learned ensemble
site-results = All results
site-results-where = results.xlsx, results.csv, results.parquet and results.json in the folder of the set

## A page that could not be made

site-failed = This page could not be made. The other pages are not affected.
site-failure = What happened:
site-detail = Technical detail
site-trouble-cell = Cell { $cell } of { $notebook } ended with { $error }
site-trouble-died = { $how ->
    [memory] The Python process that computes the page ended (signal { $n }, perhaps for lack of memory).
    [signal] The Python process that computes the page ended (signal { $n }).
    [status] The Python process that computes the page ended (exit status { $n }).
   *[unknown] The Python process that computes the page ended.
}
site-trouble-timeout = It made no progress for { $seconds } s and was stopped.
site-trouble-flood = { $notebook } printed so much that it was stopped.
site-trouble-unwritten = The page could not be written: { $error }
site-trouble-other = { $error }
site-advice = { $status ->
    [died] Close other programs or run fewer processes at once (--jobs 1), then run forecast report again. Pages that nothing changed are not computed again.
    [timeout] Allow more time (--timeout) or wait until the machine is less busy, then run forecast report again. Pages that nothing changed are not computed again.
   *[failed] Another run will end in the same way. Correct the data, the notebook or the program that the technical detail names, then run forecast report again.
}
site-last-good = The last good version of this page, computed on { $day }
site-last-none = None of the sets that are kept has a good version of this page.
site-notebook = The notebook, as far as it ran

## Parameters

parameter-plan = key of the plan in data/plans.csv; empty: the first
parameter-target = key of the target in data/targets.csv
parameter-horizon-year = ask about another year than the plan's; 0: the plan's
parameter-indicator = key of the indicator in data/indicators.csv
parameter-region = key of the region in data/regions.csv; empty: that of the first plan
parameter-names = scenarios to compare, names of files in data/scenarios; empty: all
parameter-figures = figures, such as "region/indicator growth 2026-2027"; empty: the strongest
parameter-scenario = starting point, a file of data/scenarios
parameter-data = folder of the data tables; empty: the repository's own
parameter-as-of = use only what was published by this date, YYYY-MM-DD; empty: everything
parameter-draws = simulated paths
parameter-seed = random seed; the same seed gives the same page
parameter-families = component models to pool instead; empty: the learned ensemble
parameter-outside = whether forecasts by others enter the forecast: all or none
parameter-since = file of the edition before, in reports/editions; empty: no comparison
parameter-lang = language of the page: en or zh
