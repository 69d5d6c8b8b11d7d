"""The page on one target, in the modules that its notebook and the command line call."""

from forecast.report.pages.target import glance as glance
from forecast.report.pages.target import meaning as meaning
from forecast.report.pages.target import milestones as milestones
from forecast.report.pages.target import pace as pace
from forecast.report.pages.target import peers as peers
from forecast.report.pages.target import record as record
from forecast.report.pages.target import uncertainty as uncertainty
from forecast.report.pages.target.answer import judgement as judgement
from forecast.report.pages.target.answer import kinds as kinds
from forecast.report.pages.target.answer import lead as lead
from forecast.report.pages.target.answer import parts as parts
from forecast.report.pages.target.answer import thin as thin
