"""The page on what one target would take: values of related figures, and the path to the target."""

from forecast.report.pages.what_it_takes.charts import required, response, surface, tornado
from forecast.report.pages.what_it_takes.sentences import (
    lead,
    note,
    response_note,
    surface_note,
    takes,
    title,
    tornado_note,
)

__all__ = [
    "lead",
    "note",
    "required",
    "response",
    "response_note",
    "surface",
    "surface_note",
    "takes",
    "title",
    "tornado",
    "tornado_note",
]
