"""The page on what one target would take: values of related figures, and the path to the target."""

from forecast.report.pages.what_it_takes.charts import required as required
from forecast.report.pages.what_it_takes.charts import response as response
from forecast.report.pages.what_it_takes.charts import surface as surface
from forecast.report.pages.what_it_takes.charts import tornado as tornado
from forecast.report.pages.what_it_takes.sentences import lead as lead
from forecast.report.pages.what_it_takes.sentences import note as note
from forecast.report.pages.what_it_takes.sentences import response_note as response_note
from forecast.report.pages.what_it_takes.sentences import surface_note as surface_note
from forecast.report.pages.what_it_takes.sentences import takes as takes
from forecast.report.pages.what_it_takes.sentences import title as title
from forecast.report.pages.what_it_takes.sentences import tornado_note as tornado_note
