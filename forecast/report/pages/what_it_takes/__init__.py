"""The page on what one target would take: growth, related figures, and the path to the target."""

from forecast.report.pages.what_it_takes.charts import required as required
from forecast.report.pages.what_it_takes.charts import response as response
from forecast.report.pages.what_it_takes.charts import tornado as tornado
from forecast.report.pages.what_it_takes.sentences import lead as lead
from forecast.report.pages.what_it_takes.sentences import path_head as path_head
from forecast.report.pages.what_it_takes.sentences import related as related
from forecast.report.pages.what_it_takes.sentences import takes as takes
from forecast.report.pages.what_it_takes.sentences import title as title
