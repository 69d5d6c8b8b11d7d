"""What changed since the last edition: in results.json, on the pages and on the command line."""

from forecast.report.editions import answers as answers
from forecast.report.editions import chart as chart
from forecast.report.editions import overview as overview
from forecast.report.editions import section as section
