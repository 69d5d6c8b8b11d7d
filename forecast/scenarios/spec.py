"""A scenario: a name, a story and statements about the future in the language of the evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from numbers import Real

from forecast.evidence.problems import UserError, meant
from forecast.facts import Fact

BASELINE = "baseline"
MEASURES = ("level", "growth", "real_growth", "change", "share")
RELATIVE = ("points", "percent")
BOUNDS = ("lower", "upper")


class ScenarioError(UserError):
    """A scenario that cannot be used; the message says why in plain words."""


class MisfitError(ScenarioError):
    """A statement whose parts do not fit together.

    Attributes
    ----------
    misfits : tuple of (str, str)
        Key, and what was expected.
    """

    def __init__(self, statement: Statement, misfits: Sequence[tuple[str, str]]) -> None:
        told = (f"{k} is {getattr(statement, k)!r}; expected {expected}" for k, expected in misfits)
        super().__init__(". ".join(told))
        self.misfits = tuple(misfits)


class RefusedError(ScenarioError):
    """A scenario that cannot be applied to the draws.

    Attributes
    ----------
    reason : Fact
        Why, as a message of the catalogues with its figures. The page that shows it adds the
        names of `statements` and `series`.
    statements : tuple of Statement
        Those concerned.
    series : tuple of str
        ``region/indicator`` of the series concerned.
    """

    def __init__(
        self,
        text: str,
        reason: Fact,
        statements: Sequence[Statement] = (),
        series: Sequence[str] = (),
    ) -> None:
        super().__init__(text)
        self.reason = reason
        self.statements = tuple(statements)
        self.series = tuple(series)


@dataclass(frozen=True)
class Statement:
    """One statement about the future.

    Attributes
    ----------
    series : str
        ``region/indicator``.
    measure : str
        ``level`` in the indicator's unit; ``growth`` in percent on the year before; ``real_growth``
        of GDP, prices taken out; ``change`` of a share in percentage points; ``share`` in percent
        of another indicator.
    value : float
    years : int or (int, int)
        A year, or the first and last of several: the yearly average over them.
    sd : float
        Standard deviation; 0 is a hard statement.
    relative : str
        ``points`` or ``percent`` from the baseline, whose uncertainty is kept; empty for a figure.
    bound : str
        ``lower``, ``upper`` or empty.
    probability : float
        With which a bound holds.
    of : str
        With ``share``: the indicator it is a share of.
    reason, source : str
        Why this figure, and the key of the source it is taken from, if it is.
    reason_zh : str
        The reason in Chinese.
    """

    series: str
    measure: str
    value: float
    years: int | tuple[int, int]
    sd: float = 0.0
    relative: str = ""
    bound: str = ""
    probability: float = 1.0
    of: str = ""
    reason: str = ""
    source: str = ""
    reason_zh: str = ""

    def __post_init__(self) -> None:
        if wrong := _misfits(self):
            raise MisfitError(self, wrong)

    @property
    def span(self) -> tuple[int, int]:
        """First and last year."""
        return (self.years, self.years) if isinstance(self.years, int) else self.years

    @property
    def region(self) -> str:
        """Key of the region."""
        return self.series.split("/")[0]

    @property
    def indicator(self) -> str:
        """Key of the indicator."""
        return self.series.partition("/")[2]

    @property
    def base(self) -> str:
        """Series that a share is of; empty for other measures."""
        return self.of if "/" in self.of or not self.of else f"{self.region}/{self.of}"


def _one_of(known: Sequence[str], name: str) -> str:
    return f"one of {', '.join(known)}{meant(name, known)}"


def unknown(measure: str, relative: str, bound: str) -> list[tuple[str, str]]:
    """Return which words of a statement are none that it knows: key, and what was expected."""
    words = (
        ("measure", measure, MEASURES),
        ("relative", relative, ("", *RELATIVE)),
        ("bound", bound, ("", *BOUNDS)),
    )
    return [(key, _one_of([*filter(None, of)], word)) for key, word, of in words if word not in of]


def _misfits(s: Statement) -> list[tuple[str, str]]:
    """Return what in a statement does not fit together: key, and what was expected."""
    if not isinstance(s.value, Real):
        return [("value", "a number")]
    years = (s.years,) if isinstance(s.years, int) else s.years
    if isinstance(years, str) or not all(isinstance(year, int) for year in years):
        return [("years", "a year, 2027, or the first and last of several, (2027, 2030)")]
    first, last = s.span
    share = s.measure == "share"
    checks = (
        ("series", "region/indicator, such as country/exports", "/" in s.series),
        ("years", "the first year before the last", first <= last),
        ("sd", "0 or more", s.sd >= 0),
        ("probability", "a number from 0 to 1", 0 <= s.probability <= 1),
        ("probability", "a bound that it is the probability of", s.probability == 1 or s.bound),
        ("bound", "neither sd nor relative beside a bound",
         not s.bound or not (s.sd or s.relative)),
        ("of", "the indicator that a share is of, with measure share only", share == bool(s.of)),
        ("value", "growth above -100 %",
         s.relative or s.measure not in ("growth", "real_growth") or s.value > -100),
        ("value", "a level above 0", s.relative or s.measure != "level" or s.value > 0),
        ("value", "a share between 0 and 100 %", s.relative or not share or 0 < s.value < 100),
        ("relative", "percent for levels only, above -100, and points for the others",
         s.relative != "percent" or (s.measure == "level" and s.value > -100)),
        ("relative", "percent: a level is so many percent above the baseline",
         s.relative != "points" or s.measure != "level"),
    )  # fmt: skip
    misfits = [(key, expected) for key, expected, fits in checks if not fits]
    return unknown(s.measure, s.relative, s.bound) + misfits


@dataclass(frozen=True)
class Scenario:
    """A name, a story and statements about the future.

    Attributes
    ----------
    name : str
    statements : tuple of Statement
        None in the baseline.
    story : str
    channel : str
        By which causal channel the assumptions act on the targets.
    key : str
        The name of its file without the ending.
    digest : str
        Of the file's bytes.
    name_zh, story_zh, channel_zh : str
        Name, story and channel in Chinese.
    """

    name: str
    statements: Sequence[Statement] = ()
    story: str = ""
    key: str = field(default="")
    digest: str = ""
    name_zh: str = ""
    story_zh: str = ""
    channel: str = ""
    channel_zh: str = ""

    def __post_init__(self) -> None:
        if isinstance(self.statements, Statement):
            raise UserError("statements is one Statement; expected a list: [Statement(...)]")
        object.__setattr__(self, "statements", tuple(self.statements))
        object.__setattr__(self, "key", self.key or self.name.lower().replace(" ", "_"))

    def without(self, number: int) -> Scenario:
        """Return the scenario less one of its statements."""
        left = [s for i, s in enumerate(self.statements) if i != number]
        return replace(self, statements=left)
