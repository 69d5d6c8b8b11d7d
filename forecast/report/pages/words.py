"""Say the answers in words: natural frequencies, no third digit, and what is not known."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import pandas as pd

from forecast.evidence.evidence import Evidence
from forecast.reconciliation.history import DOUBTED, History, doubted, shown_origins, stated_level
from forecast.report.pages.target.thin import is_thin
from forecast.targets.assess import Assessment, attained

UNIT_NAMES = {
    "亿元": "100 million yuan",
    "亿美元": "100 million US dollars",
    "万人": "10,000 persons",
    "亿件": "100 million parcels",
    "万吨": "10,000 tons",
    "万元/亩": "10,000 yuan per mu",
}
COMPARISONS = {
    "at_least": "at least {v}",
    "exceed": "more than {v}",
    "about": "about {v}",
    "at_most": "at most {v}",
    "rank_within": "rank {v} or better",
}


def number(value: float, unit: str = "") -> str:
    """Format a value with the digits its size deserves.

    Examples
    --------
    >>> number(10508.6), number(716.34, "万人"), number(2.544, "%"), number(50, "rank")
    ('10,509', '716.3 万人', '2.54 %', '50')
    """
    if unit in ("rank", "count"):
        return f"{value:,.0f}"
    size = abs(value)
    digits = 0 if size >= 1000 else 1 if size >= 20 else 2
    text = f"{value:,.{digits}f}"
    if "." in text and digits == 2 and text.endswith("0") and size >= 10:
        text = text[:-1]
    return f"{text} {unit}".strip()


def figure(value: float, unit: str = "") -> str:
    """Format a figure that somebody else stated: all its digits and no more.

    Examples
    --------
    >>> figure(800.0, "万人"), figure(3.4, "%"), figure(10000)
    ('800 万人', '3.4 %', '10,000')
    """
    return f"{value:,.10g} {unit}".strip()


# Names, wordings and titles come from the data: what looks like markup in them is text. Only the
# marks that the sentences of this package use stay alive.
_LABEL, _PAGE = r"[\w ]+", r"[\w.-]+\.html(?:#[\w-]+)?"
_OURS = "\ue000"  # follows a link that `link` made; no cell of the data can hold it
_LINK = rf"\[(?P<label>[^\[\]]*)\]\((?P<address>[^()]*)\){_OURS}"
_OWN = (
    rf"^\#{{1,4}}\ |^-\ |\*\*|\*[A-Z][a-z]+(?:, [a-z ]+)?\*(?=:)|`[^`\n]*`"
    rf"|{_LINK}|\[{_LABEL}\]\({_PAGE}\)"
)
_MARK = r"[\\`*_\[\]!|~$<>&]|(?<=http):|(?<=https):|^[#+=-]|^\d+(?=[.)]\s)"
_ANY = re.compile(f"{_OWN}|(?P<mark>{_MARK})", re.MULTILINE)


def link(text: str, address: str) -> str:
    """Return a link that `markdown` follows; without one if the address is no page of the web.

    Text of the data cannot write one that leads outside the set of pages.
    """
    safe = re.fullmatch(rf"{_PAGE}|https?://[^\s()<>\"']+", address)
    text = text.translate({ord("["): "(", ord("]"): ")"})
    return f"[{text}]({address}){_OURS}" if safe else text


def markdown(text: str) -> str:
    """Return sentences as Markdown, with all markup in them that is not their own as plain text.

    Examples
    --------
    >>> markdown("**Likely:** see the [data page](data-gdp.html). R&D")
    '**Likely:** see the [data page](data-gdp.html). R&amp;D'
    >>> markdown("[click](javascript:alert) *x*")
    '&#91;click&#93;(javascript:alert) &#42;x&#42;'
    >>> markdown(link("a [title]", "https://example.org/a"))
    '[a (title)](https://example.org/a)'
    """

    def replaced(found: re.Match[str]) -> str:
        if found["address"]:
            return f"[{re.sub(_MARK, _as_text, found['label'])}]({found['address']})"
        return _as_text(found) if found["mark"] else found[0]

    return _ANY.sub(replaced, text)


def _as_text(found: re.Match[str]) -> str:
    names = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
    return "".join(names.get(sign, f"&#{ord(sign)};") for sign in found[0])


def plain(text: str) -> str:
    """Take the marks of Markdown out, for a terminal.

    Examples
    --------
    >>> plain("**Likely:** see the [data page](data.html) of `gdp`.")
    'Likely: see the data page of gdp.'
    """
    text = re.sub(r"^#+ .*\n+", "", text)
    text = re.sub(_LINK, r"\g<label>", text)
    text = re.sub(rf"\[({_LABEL})\]\({_PAGE}\)", r"\1", text)
    return re.sub(r"\*\*|`|(?<!\w)\*(?=\w)|(?<=\w)\*(?!\w)", "", text)


def unit_label(unit: str) -> str:
    """Return the unit with its meaning, for the first mention on a page and for axes.

    Examples
    --------
    >>> unit_label("亿元"), unit_label("%")
    ('亿元 (100 million yuan)', '%')
    """
    return f"{unit} ({UNIT_NAMES[unit]})" if unit in UNIT_NAMES else unit


SMALLEST = 0.005  # smallest probability that is said where no record sets a floor


def in_100(probability: float, floor: float | None = None) -> str:
    """Say a probability as a natural frequency.

    Parameters
    ----------
    probability : float
        Between 0 and 1.
    floor : float, optional
        Smallest probability the record supports: at or below it, the words are "fewer than".

    Examples
    --------
    >>> in_100(0.03), in_100(0.004), in_100(0.02, 0.028), in_100(0.99, 0.028)
    ('about 3 in 100', 'fewer than 1 in 100', 'fewer than 3 in 100', 'more than 97 in 100')
    """
    edge = max(floor or 0.0, SMALLEST)
    least = math.ceil(100 * edge - 1e-9)  # nothing nearer to 0 or to 100 is said
    side = _limited(probability, edge)
    if side < 0:
        return f"fewer than {least} in 100"
    if side > 0:
        return f"more than {100 - least} in 100"
    return f"about {min(max(round(100 * probability), 1), 99)} in 100"


def _limited(probability: float, edge: float) -> int:
    """Return -1 where a probability is said as an upper limit, 1 as a lower one, else 0."""
    least = math.ceil(100 * edge - 1e-9)
    if probability <= edge or round(100 * probability) < least:
        return -1
    return int(probability >= 1 - edge or round(100 * probability) > 100 - least)


def short(probability: float, floor: float | None = None) -> str:
    """Say a probability in as few signs as a chart has room for.

    Examples
    --------
    >>> short(0.034), short(0.02, 0.028), short(0.99, 0.028)
    ('3 in 100', '< 3 in 100', '> 97 in 100')
    """
    text = in_100(probability, floor).removeprefix("about ")
    return text.replace("fewer than", "<").replace("more than", ">")


def bound_in_100(least: float) -> str:
    """Say a lower bound of a probability as a natural frequency, rounded down.

    Examples
    --------
    >>> bound_in_100(0.929), bound_in_100(0.97)
    ('92 in 100', '97 in 100')
    """
    return f"{math.floor(100 * least + 1e-9)} in 100"


# Upper ends of the verdicts, the outer ones as the IPCC calls them (Mastrandrea et al. 2010).
SCALE = {
    "extremely unlikely": 0.05,
    "very unlikely": 0.10,
    "unlikely": 1 / 3,
    "about even": 2 / 3,
    "likely": 0.90,
    "very likely": 0.95,
    "extremely likely": 1.0,
}


def likelihood(probability: float, floor: float | None = None) -> str:
    """Return the verdict on a probability, one of the seven of `SCALE`.

    Parameters
    ----------
    probability : float
        Between 0 and 1.
    floor : float, optional
        Smallest probability the record supports. A probability at it is a limit: the verdict is
        that of the limit, with "at most" or "at least" unless no class lies beyond.

    Examples
    --------
    >>> [likelihood(p) for p in (0.01, 0.2, 0.5, 0.8, 0.99)]
    ['extremely unlikely', 'unlikely', 'about even', 'likely', 'extremely likely']
    >>> likelihood(0.11, 0.11), likelihood(0.89, 0.11), likelihood(0.01, 0.03)
    ('at most unlikely', 'at least likely', 'extremely unlikely')
    """
    edge = max(floor or 0.0, SMALLEST)
    side = _limited(probability, edge)
    if side < 0:
        probability = max(probability, edge)
    elif side > 0:
        probability = min(probability, 1 - edge)
    word = next(word for word, limit in SCALE.items() if probability <= limit)
    if not side or word in (next(iter(SCALE)), next(reversed(SCALE))):
        return word
    return f"at {'most' if side < 0 else 'least'} {word}"


def legend() -> str:
    """Return what the verdicts stand for, in chances in 100."""
    first, *middle, last = SCALE
    told = [f"{word}, to {100 * SCALE[word]:.0f}" for word in middle]
    return (
        f"The verdicts, in chances in 100: {first}, up to {100 * SCALE[first]:.0f}; "
        f"{'; '.join(told)}; {last}, above {100 * SCALE[middle[-1]]:.0f}."
    )


def verdict(answer: Assessment) -> str:
    """Return what has to happen to the pace: hold, maintain, accelerate or reverse (UN ESCAP)."""
    if reached(answer):
        return "hold"
    if answer.required is None or not answer.achieved:
        return "not known"
    pace = answer.achieved[max(answer.achieved)]
    if pace * answer.required < 0:
        return "reverse"
    wants_more = str(answer.target["comparison"]) not in ("at_most", "rank_within")
    enough = pace >= answer.required if wants_more else pace <= answer.required
    return "maintain" if enough else "accelerate"


def reached(answer: Assessment) -> bool:
    """Whether the last year of the path meets the target, as published or as estimated."""
    if answer.status == "already_met" or answer.history is None:
        return answer.status == "already_met"
    now = answer.history.figures()[-1:]
    return bool(attained(now, str(answer.target["comparison"]), answer.threshold)[0])


def settled(answer: Assessment) -> str:
    """Return how a target came out that published figures decide; empty where it is open."""
    if answer.status not in ("assessed", "already_met") or answer.floor is not None:
        return ""
    return {1.0: "Met, as published", 0.0: "Not met, as published"}.get(
        -1.0 if answer.probability is None else answer.probability, ""
    )


def rate(growth: float, history: History) -> str:
    """Return growth per year with its sign: one digit for percent, two for percentage points."""
    return f"{growth:+.1f}" if history.scale.name == "log" else f"{growth:+.2f}"


def pace_unit(history: History) -> str:
    """Return the unit of growth per year."""
    if history.scale.name == "linear":
        return "a year" if history.unit in ("count", "rank") else f"{history.unit} a year"
    return "% a year" if history.scale.name == "log" else "percentage points a year"


def goal(answer: Assessment) -> str:
    """Return the target in a phrase: comparison, value, unit, year."""
    row = answer.target
    unit = "" if answer.unit in ("rank", "count") else answer.unit
    items = len(str(row["items"]).split(";"))
    if row["kind"] == "comparison":
        # Of the two parts of a comparison the second is the figure it is compared with.
        other = f"the figure of {answer.parts['part'].iloc[-1].en}"
        if not math.isnan(answer.value):
            other = f"{figure(answer.value)} % of {other}"
        phrase = COMPARISONS[str(row["comparison"])].format(v=other)
    else:
        phrase = COMPARISONS[str(row["comparison"])].format(v=figure(answer.value, unit))
    if row["kind"] == "legs":
        phrase = f"each of {items} places in {phrase}"
    if row["kind"] == "markets":
        phrase = f"{items} markets with {phrase} each"
    if row["kind"] == "count":
        phrase = f"{phrase} new ones"
    return f"{phrase} {'by' if row['kind'] in ('legs', 'count') else 'in'} {answer.year}"


def title(answer: Assessment) -> str:
    """Return the title of a target's page."""
    return f"{answer.target['name']}: {goal(answer)}"


def since(history: History) -> str:
    """Return the last published figure, and what speaks of the years after it."""
    last = last_published(history)
    if last is not None:
        said = figure(history.published(last), history.unit)
        head = f"The last published figure is {said} of {last}"
    elif (older := last_on_older_basis(history)) is not None:
        value, last = older
        said = figure(value, history.unit)
        head = f"{_no_figure(history)}; that of {last}, {said}, is on an older one"
    else:
        head = _no_figure(history)
        last = int(max(history.years[history.known], default=history.years[0])) - 1
    told: dict[str, list[int]] = {}
    for year, origin in zip(history.years, shown_origins(history), strict=True):
        if year > last and (how := known_from(history, int(year), origin)):
            told.setdefault(how, []).append(int(year))
    clauses = [_some_years(years, how) for how, years in told.items()]
    doubts = [doubt(row) for year, row in doubted(history).items() if year > last]
    weak = [_weak(row) for _, row in weak_levels(history).iterrows() if row["year"] > last]
    return "; ".join([head, *doubts, *weak, *clauses])


def known_from(history: History, year: int, origin: str) -> str:
    """Return where a year that was not published is known from; empty where it is told apart."""
    if origin != "derived":
        return {
            "nowcast": "is known in part",
            "imputed": "is imputed from related series only",
            "interpolated": "is bridged: nothing speaks of it",
        }.get(origin, "")
    rows = _fitting(history)
    rows = rows[[year in touched for touched in rows["touches"]]]
    levels = rows[(rows["measure"] == "level") & (rows["mark"] != LOW_QUALITY)]
    if ((levels["basis"] == "") & (levels["status"] == "derived")).any():
        return WORKED_OUT
    sources = [
        *(["growth"] if rows["measure"].isin(["growth", "change"]).any() else []),
        *(["a level on an older basis"] if (levels["basis"] != "").any() else []),
    ]
    return f"follows from {' and '.join(sources)}" if sources else ""


WORKED_OUT = "was worked out from other published figures"
LOW_QUALITY = "low_quality"  # mark of figures that are evidence on a year, but not its figure


def _fitting(history: History) -> pd.DataFrame:
    """Return the statements that a path rests on: no bounds, and none that does not fit."""
    rows = history.statements
    if rows.empty:
        return rows
    return rows[rows["used"].astype(bool) & ~rows["outlier"].astype(bool) & (rows["bound"] == "")]


def weak_levels(history: History) -> pd.DataFrame:
    """Return the levels from weak sources in years without a published figure that stands."""
    rows = _fitting(history)
    if rows.empty:
        return rows
    pairs = zip(history.years, history.origin, strict=True)
    open_years = [int(year) for year, origin in pairs if origin != "published"]
    weak = (rows["measure"] == "level") & (rows["mark"] == LOW_QUALITY)
    return rows[weak & (rows["status"] != "derived") & rows["year"].isin(open_years)]


def _weak(row: pd.Series) -> str:
    """Say what a weak source reports for a year, as a clause."""
    older = ", on an older basis" if row["basis"] else ""
    return (
        f"{figure(float(row['value']), str(row['unit']))} was reported for {int(row['year'])} by a "
        f"weak source ({row['observation']}){older}"
    )


def _no_figure(history: History) -> str:
    """Say that no figure on today's basis stands: none was published, or what was is doubted."""
    if (history.statements["basis"] == "").all() and not doubted(history):
        known = "is free of doubt" if len(weak_levels(history)) else "was published"
        return f"No figure of a whole year {known}"
    weak = weak_levels(history)
    reference = any(row["basis"] == "" for row in doubted(history).values()) or (
        len(weak) > 0 and bool((weak["basis"] == "").any())
    )
    return f"No figure on today's basis {'is free of doubt' if reference else 'was published'}"


def doubt(row: pd.Series) -> str:
    """Return why a published figure is not the estimate of its year, as a clause.

    The estimate is told in the unit and on the basis of the figure, as the statement is fitted.
    """
    older = ", on the same older basis" if row["basis"] else ""
    return (
        f"{figure(float(row['value']), str(row['unit']))} was published for {int(row['year'])} "
        f"({row['observation']}) and is doubted: all other evidence puts it at "
        f"{number(float(row['fitted']))}{older}"
    )


ORIGINS = {DOUBTED: "published, but doubted"}  # origins whose name is not what is shown


def told_origin(history: History) -> str:
    """Return where the last year of a path is known from."""
    origin = shown_origins(history)[-1]
    return ORIGINS.get(origin, origin)


def _some_years(years: Sequence[int], how: str) -> str:
    """Say the same of some years."""
    if len(years) > 1:
        verb, rest = how.split(" ", 1)
        plural = {"is": "are", "was": "were", "follows": "follow"}
        how = f"{plural[verb]} {re.sub(r'of it$', 'of them', rest)}"
    return f"{runs(years)} {how}" if years else ""


def runs(years: Sequence[int]) -> str:
    """Return years in words, what is consecutive together.

    Examples
    --------
    >>> runs([2018, 2020, 2021, 2022]), runs([2024, 2025])
    ('2018 and 2020 to 2022', '2024 and 2025')
    """
    told: list[list[int]] = []
    for year in years:
        if told and year == told[-1][-1] + 1:
            told[-1].append(year)
        else:
            told.append([year])
    texts = [
        text
        for run in told
        for text in ([f"{run[0]} to {run[-1]}"] if len(run) > 2 else [str(year) for year in run])
    ]
    return " and ".join(t for t in (", ".join(texts[:-1]), *texts[-1:]) if t)


def last_published(history: History) -> int | None:
    """Return the last year of which a level on today's basis was published."""
    found = [int(y) for y, o in zip(history.years, history.origin, strict=True) if o == "published"]
    return found[-1] if found else None


def last_on_older_basis(history: History) -> tuple[float, int] | None:
    """Return the last level that was published on a basis older than today's, with its year."""
    rows = _fitting(history)
    if rows.empty:
        return None
    good = (rows["measure"] == "level") & (rows["mark"] != LOW_QUALITY)
    rows = rows[good & (rows["basis"] != "")]
    if rows.empty:
        return None
    last = rows.sort_values("year", kind="stable").iloc[-1]
    return stated_level(last), int(last["year"])


# Thin evidence ----------------------------------------------------------------------------------

LEAST_INFLUENCE = 0.005  # percent or points: less is not shown
SMALL_INFLUENCE = 0.1  # less is said to matter little


def near(history: History) -> pd.DataFrame:
    """Return the relatives that move the last estimate at all, those that matter most first."""
    size = history.related["influence"].abs().sort_values(ascending=False)
    return history.related.reindex(size[size >= LEAST_INFLUENCE].index)


def year_span(years: pd.Series) -> str:
    """Return the first and the last of some years in words."""
    first, last = int(years.min()), int(years.max())
    return str(first) if first == last else f"{first} to {last}"


RECORD_LIMITS = (
    "The spread of each past forecast is scaled by what all other years ask for. The past is "
    "today's reconciled history, cut off at each origin: the error that later revisions added "
    "at the time is not in the record, and series of one year share its shocks."
)


def coverage(cases: pd.DataFrame, years: str) -> str:
    """Return how often past intervals held, over all series."""
    if cases.empty:
        return "There is no past forecast to judge by."
    hit, n = int(cases["inside"].sum()), len(cases)
    return (
        f"Over all {cases['series'].nunique()} series of our data that are long enough, {years} "
        f"ahead, the 80 % interval held {hit} of {n} times ({100 * hit / n:.0f} %; 80 % would be "
        f"right)."
    )


# The plan -------------------------------------------------------------------------------------


def plan_title(evidence: Evidence, plan: str) -> str:
    """Return the title of the overview page."""
    row = evidence.plan(plan)
    return f"{row['name']}: how likely is each target?"


def overview(answers: Sequence[Assessment]) -> str:
    """Return the findings over all targets of a plan."""
    known = [a for a in answers if a.status in ("assessed", "already_met")]
    judged = [a for a in answers if a.status == "judgement"]
    partly = [a for a in answers if a.status == "partly_known"]
    met = [a for a in known if a.status == "already_met"]
    likely = [a for a in known if a.probability is not None and a.probability > 0.5]
    top = (
        f"**Of {len(answers)} target{'' if len(answers) == 1 else 's'}, {len(known)} can be given "
        "a probability today; "
        f"{len(likely)} of these {'is' if len(likely) == 1 else 'are'} more likely than not.**"
    )
    parts = [top]
    if met:
        names = ", ".join(
            f"{_name(a)} ({'as published' if settled(a) else f'{_chance(a)} to stay'})" for a in met
        )
        parts.append(f"Already reached: {names}.")
    missed = [a for a in known if settled(a) and a not in met]
    if missed:
        parts.append(f"Not met, as published: {', '.join(_name(a) for a in missed)}.")
    still_open = [a for a in known if a not in met and a not in missed]
    sides = ("at least ", "", "at most ")
    verdicts = [f"{side}{word}" for word in reversed(SCALE) for side in sides]
    for word in verdicts:
        named = [
            f"{_name(a)} ({_chance(a)})"
            for a in still_open
            if likelihood(a.probability or 0.0, a.floor) == word
        ]
        if named:
            parts.append(f"{word.capitalize()}: {', '.join(named)}.")
    if judged:
        names = ", ".join(f"{_name(a)} ({_chance(a)})" for a in judged)
        parts.append(f"On the judgement of experts alone: {names}.")
    bounded = [a for a in partly if a.bound is not None and a.bound.at_least is not None]
    if bounded:
        names = ", ".join(
            f"{_name(a)} (at least {bound_in_100(a.bound.at_least)})" for a in bounded
        )
        parts.append(f"Bounded from below by published parts: {names}.")
    shaky = [a for a in known if is_thin(a)]
    if shaky:
        parts.append(
            "On thin evidence, few yearly levels or none of the last years: "
            f"{', '.join(_name(a) for a in shaky)}."
        )
    rest = len(answers) - len(known) - len(judged)
    more = []
    if rest:
        some = f"; of {len(partly)} of these, some of what they ask is known" if partly else ""
        more.append(
            f"{rest} target{'' if rest == 1 else 's'} cannot be given a probability "
            f"yet{some}; below is what is missing, and what each figure would tell."
        )
    more.append(
        "Each chance stands for one target alone: targets that are likely one by one can be "
        "unlikely together."
    )
    return f"{' '.join(parts)}\n\n{' '.join(more)}"


def _name(answer: Assessment) -> str:
    return str(answer.target["name"])


def _chance(answer: Assessment) -> str:
    return in_100(answer.probability or 0.0, answer.floor)


# The data -------------------------------------------------------------------------------------


def page_name(region: str, indicator: str) -> str:
    """Return the file name of a series' page."""
    return f"data-{region}-{indicator}.html"


def series_title(evidence: Evidence, region: str, indicator: str) -> str:
    """Return the title of a series' page."""
    return f"{place(evidence, region)}: {evidence.indicator(indicator)['name']}"


def place(evidence: Evidence, region: str) -> str:
    """Return a region's name."""
    return str(evidence.regions.set_index("region").loc[region, "name"])


def steps(history: History) -> str:
    """Return the steps between statistical bases in words."""
    told = [
        f"figures on the basis `{s.basis}` are changed by {s.percent:+.1f} % "
        f"({s.low:+.1f} to {s.high:+.1f})"
        for s in history.steps.itertuples()
    ]
    return "To bring older bases onto today's, " + "; ".join(told) + "." if told else ""
