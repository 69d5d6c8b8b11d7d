"""When figures come out, as their publication so far tells: the calendar of releases."""

from forecast.report.releases.upcoming import Calendar as Calendar
