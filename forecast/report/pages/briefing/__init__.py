"""The whole plan on six pages of paper, for those who decide."""

from forecast.report.pages.briefing import sections

__all__ = ["sections"]
