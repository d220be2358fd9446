"""What kind of work does an account need: rescue it, find out what changed, win more, or keep it as it is?"""

import calendar
import math
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pandas as pd

from kam_analysis.analysis.concentration import YEAR_BEFORE
from kam_analysis.analysis.frames import takes_frames
from kam_analysis.bundled import tables_beside

# In order of urgency: the first kind with a rule that fires is the account's.
WORK = ("rescue", "assessment", "pursuit", "review")

Flags = npt.NDArray[np.bool_]
Columns = dict[str, pd.Series]


@dataclass(frozen=True)
class Rules:
    """The thresholds, each inclusive and each a parameter; where no source exists, the reason is said.

    unhappy: satisfaction (0-10) up to which a customer is a detractor (Reichheld, HBR Dec 2003: 0-6).
    happy: from which it is content enough to be asked for more; above the middle of the passives (7-8).
    notice_within: last days for notice within so many days are near; half a year is the amber light in use elsewhere.
    margin_fall: loss of margin in the share of sales (0.03 is three points) that needs an explanation; a
        price concession of 3% takes about that much.
    growth: rise in sales on the year before (0.25 is a quarter) that promises more; a price rise or the
        market's growth stay below it.
    headroom: unbought part of the account's spend; from a half on, others together sell it more than we.
    strong_growth: rise that promises more where its spend is not known: half as much again.
    silent_times, silent_days: silence by its own longest gap, and in days, where no stage is given; as in
        `lifecycle.Cuts`.
    """

    unhappy: float = 6.0
    happy: float = 8.0
    notice_within: int = 180
    margin_fall: float = 0.03
    growth: float = 0.25
    headroom: float = 0.50
    strong_growth: float = 0.50
    silent_times: float = 1.5
    silent_days: int = 90


_WORDS = tables_beside(__file__, "words.toml")
NOT_ASSESSED: str = _WORDS["rules"]["not_assessed"]


@dataclass(frozen=True)
class _Rule:
    """`name` is where `words.toml` tells the rule with its thresholds; `shown` are the columns whose figures fired it."""

    work: str
    name: str
    shown: tuple[str, ...]
    fires: Callable[[Columns, Rules], pd.Series]


def _danger(columns: Columns) -> pd.Series:
    """Sales fell beyond their usual ups and downs, or stopped."""
    return columns["fell"] | columns["silent"]


def _silent(columns: Columns, rules: Rules) -> pd.Series:
    # A stage knows whether two purchases make a rhythm; a bare multiple does not.
    short = columns["silence"] < rules.silent_days
    by_times = (columns["silence_times"] >= rules.silent_times) & ~short
    return by_times.where(columns["stage"] == "", columns["stage"].isin(["quiet", "lost"]))


def _notice(columns: Columns, rules: Rules) -> pd.Series:
    # Below zero it is too late for notice: nothing is decided before the next time.
    return columns["days_to_notice"].between(0, rules.notice_within)


def _unhappy(columns: Columns, rules: Rules) -> pd.Series:
    return columns["satisfaction"] <= rules.unhappy


def _rival(columns: Columns) -> pd.Series:
    return columns["competitor"] != ""


def _margin_down(columns: Columns, rules: Rules) -> pd.Series:
    # Two margins' difference leaves a float's residue: 0.26 - 0.29 is three points.
    return columns["margin_change"] <= -rules.margin_fall + 1e-12


_SALES = ("fell_by", "silent_for")
_LOOKED_AT = ("growth_share", "satisfaction", "bond", "days_to_notice")
_RULES = (
    # Before all others: what has left cannot be rescued.
    _Rule("assessment", "left", ("left_on",), lambda c, r: c["left"]),
    _Rule("rescue", "leaving", ("left_on",), lambda c, r: c["leaving"]),
    _Rule("rescue", "fell_and_rival", (*_SALES, "competitor"), lambda c, r: _danger(c) & _rival(c)),
    _Rule("rescue", "fell_and_unhappy", (*_SALES, "satisfaction"), lambda c, r: _danger(c) & _unhappy(c, r)),
    _Rule(
        "rescue",
        "notice_rival_unhappy",
        ("days_to_notice", "competitor", "satisfaction"),
        lambda c, r: _notice(c, r) & _rival(c) & _unhappy(c, r),
    ),
    _Rule("rescue", "compares", ("compares_on", "competitor"), lambda c, r: c["compares"]),
    _Rule(
        "rescue",
        "manager_joins_rival",
        ("manager_joins", "days_to_notice"),
        lambda c, r: _notice(c, r) & _rival(c) & (c["manager_joins"].str.casefold() == c["competitor"].str.casefold()),
    ),
    _Rule("assessment", "fell", ("fell_by",), lambda c, r: c["fell"]),
    _Rule("assessment", "silent", ("silent_for",), lambda c, r: c["silent"]),
    _Rule(
        "assessment",
        "notice_and_margin",
        ("days_to_notice", "margin_change"),
        lambda c, r: _notice(c, r) & _margin_down(c, r),
    ),
    _Rule("assessment", "notice_and_rival", ("days_to_notice", "competitor"), lambda c, r: _notice(c, r) & _rival(c)),
    _Rule("assessment", "margin", ("margin_change",), _margin_down),
    _Rule("assessment", "unhappy", ("satisfaction",), _unhappy),
    _Rule(
        "pursuit",
        "grew_with_headroom",
        ("growth_share", "headroom_share"),
        lambda c, r: (c["growth_share"] >= r.growth) & (c["headroom_share"] >= r.headroom),
    ),
    _Rule(
        "pursuit",
        "grew_strongly",
        ("growth_share",),
        lambda c, r: (c["growth_share"] >= r.strong_growth) & c["headroom_share"].isna(),
    ),
    _Rule(
        "pursuit",
        "happy_with_headroom",
        ("satisfaction", "headroom_share"),
        lambda c, r: (c["satisfaction"] >= r.happy) & (c["headroom_share"] >= r.headroom) & ~_rival(c),
    ),
    _Rule("review", "no_sign", _LOOKED_AT, lambda c, r: c["judged"]),
    # Not assessed is not none.
    _Rule("review", "not_assessed", _LOOKED_AT, lambda c, r: pd.Series(True, c["fell"].index)),
)

_NUMBERS = (
    "change_share", "satisfaction", "days_to_notice", "headroom_share", "growth_share", "margin_change",
    "silence_times", "silence",
)  # fmt: skip


@takes_frames
def kinds_of_work(frame: pd.DataFrame, rules: Rules = Rules(), as_of: date | None = None) -> pd.DataFrame:
    """Which kind of work does each account need, by which rule, on which figures?

    `frame`: one row per account with account_id and any of: fell (whether `concentration.every_fall` sees
    one), change_share (of that fall, below 0), compared_with (with which months, in words; "" where a fall
    cannot be told, as where neither this nor fell is given), satisfaction (0-10), competitor (text), days_to_notice (below 0: too late
    for notice this time),
    headroom_share (unbought part of its spend, 0-1), growth_share (sales by the year before less 1; from
    -1 up), bond ("company" or "person"), margin_change (margin's share of sales now less before; -0.04 is
    four points down), silence_times (silence by its own longest gap), silence (days), stage (of `lifecycle`;
    where given it decides on silence), left_on, compares_on (when it said that it looks at other offers, see
    `looks_elsewhere`), manager_joins (where its account manager goes, once that is announced). What is missing fires no rule. `as_of` tells an announced
    leaving from one that happened, and gives the last day for notice its date; without it left_on
    has happened, and that day is told in days.

    Returns account_id, work (one of WORK), rule (the first one that fired, in words) and figures (of all
    rules of that kind that fired; for a review what was looked at; "" where nothing is known), in the
    frame's order. One empty month fires nothing: `falls` lets it pass.

    >>> frame = pd.DataFrame({"account_id": ["a", "b"], "fell": [True, False], "change_share": [-0.28, None],
    ...                       "competitor": ["Brenntal", None], "satisfaction": [7.0, 9.0]})
    >>> found = kinds_of_work(frame)
    >>> found["work"].tolist()
    ['rescue', 'review']
    >>> found["figures"].tolist()
    ['sales down 28% on the same months a year before; competitor Brenntal', 'satisfaction 9 of 10']
    """
    columns = _columns(frame, rules, as_of)
    fired = np.column_stack([rule.fires(columns, rules).to_numpy(dtype=bool) for rule in _RULES])
    kinds = np.array([WORK.index(rule.work) for rule in _RULES])
    first = fired.argmax(axis=1)
    words = [_in_words(rule, rules) for rule in _RULES]
    shown = [_figures(columns, at, fired[at] & (kinds == kinds[n]), as_of) for at, n in enumerate(first)]
    return pd.DataFrame(
        {
            "account_id": frame["account_id"].to_numpy(),
            "work": pd.array([_RULES[n].work for n in first], dtype="str"),
            "rule": pd.array([words[n] for n in first], dtype="str"),
            "figures": pd.array(shown, dtype="str"),
        }
    )


def _columns(frame: pd.DataFrame, rules: Rules, as_of: date | None) -> Columns:
    """Every column the rules read, by position: numbers with NaN, texts with "", flags."""
    missing = pd.Series(np.nan, range(len(frame)))

    def given(name: str) -> pd.Series:
        return frame[name].reset_index(drop=True) if name in frame else missing

    columns: Columns = {name: pd.to_numeric(given(name)).astype(np.float64) for name in _NUMBERS}
    for name in ("competitor", "bond", "stage", "compared_with", "manager_joins"):
        columns[name] = given(name).astype(object).fillna("").astype(str).str.strip()
    columns["judged"] = columns["compared_with"] != "" if "compared_with" in frame else given("fell").notna()
    columns["fell"] = given("fell").astype(object).fillna(False).astype(bool)
    columns["left_on"] = pd.to_datetime(given("left_on"))
    columns["compares_on"] = pd.to_datetime(given("compares_on"))
    columns["compares"] = columns["compares_on"].notna()
    later = columns["left_on"] > pd.Timestamp(as_of or date.max).as_unit("s")
    columns["leaving"], columns["left"] = later, columns["left_on"].notna() & ~later
    columns["silent"] = _silent(columns, rules)
    # A figure is shown where it fired: others' falls and gaps would be read as reasons.
    columns["fell_by"] = columns["change_share"].where(columns["fell"])
    columns["silent_for"] = columns["silence_times"].where(columns["silent"])
    return columns


def _in_words(rule: _Rule, rules: Rules) -> str:
    return _WORDS["rules"][rule.name].format(points=100 * rules.margin_fall, **asdict(rules))


def _figures(columns: Columns, at: int, fired: Flags, as_of: date | None) -> str:
    names = [name for rule, on in zip(_RULES, fired, strict=True) if on for name in rule.shown]
    against = columns["compared_with"].iloc[at] or YEAR_BEFORE
    told = [_told(name, columns[name].iloc[at], against, as_of) for name in dict.fromkeys(names) if name in columns]
    return "; ".join(each for each in told if each)


def _told(name: str, value: object, against: str, as_of: date | None) -> str:
    """One figure with its unit, a fall held against some months, a coming day by its date; "" where it is missing."""
    said: str = _WORDS["figures"][name]
    if isinstance(value, str):
        return said.format(value) if value else ""
    if isinstance(value, pd.Timestamp):
        return said.format(_day(value))
    number = float(value) if isinstance(value, float) else math.nan
    if math.isnan(number):
        return ""
    if math.isinf(number):
        return "no sales in the year before"
    if name == "days_to_notice" and number < 0:
        return "too late for notice this time"
    if name == "days_to_notice" and as_of:
        return str(_WORDS["figures"]["notice_on"]).format(_day(as_of + timedelta(days=number)))
    scaled = 100 * number if name in _IN_PERCENT else number
    if name == "growth_share" and abs(scaled) < 0.5:
        return "sales unchanged"
    return said.format(abs(scaled), "down" if number < 0 else "up", against)


def _day(day: date) -> str:
    return f"{day.day} {calendar.month_abbr[day.month]} {day.year}"


_IN_PERCENT = ("fell_by", "growth_share", "headroom_share", "margin_change")


def rules_in_words(rules: Rules = Rules()) -> list[tuple[str, str]]:
    """Every rule with its thresholds, as (kind of work, words), in the order in which they are tried."""
    return [(rule.work, _in_words(rule, rules)) for rule in _RULES]
