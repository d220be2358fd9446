"""What an account is worth beside its sales: the criteria, each with its direction, unit and method."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
import pandas as pd

from kam_analysis.analysis.concentration import Concentration
from kam_analysis.analysis.frames import takes_frames
from kam_analysis.analysis.segments.joining import of_accounts
from kam_analysis.bundled import tables_beside

# Beyond three deviations a change is as sure as it gets; more would let one wild account set the scale.
GROWTH_CAP = 3.0
# Two half-years are never comparable to better than a tenth: without it, one per cent more of a
# perfectly steady account would count as much as a doubling.
GROWTH_FLOOR = 0.10
# A standard deviation of fewer changes says nothing; as in `concentration.falls`.
FEWEST_CHANGES = 6
# Credit notes of a tenth of sales are as troublesome as can be. The house's own choice.
CREDITED_WORST = 0.10
_DAYS_PER_YEAR = 365.25


@dataclass(frozen=True, kw_only=True)
class Known:
    """What the criteria are made of, in the rows of the book: frames and columns that are not there are None."""

    sales: pd.Series
    margin: pd.DataFrame | None = None
    served: pd.DataFrame | None = None
    habits: pd.DataFrame | None = None
    traits: pd.DataFrame | None = None
    changes: pd.DataFrame | None = None
    as_of: date | None = None
    cost_per_order: float | None = None

    def of(self, frame: pd.DataFrame | None, column: str) -> pd.Series | None:
        """One column of one of the frames; None where the data has none."""
        return None if frame is None or column not in frame else frame[column]


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """One thing that makes an account valuable.

    Declared once, its words in `words.toml`: whoever lists criteria takes them from `CRITERIA`.
    `direction` says whether more or less of it is better; `method` how the figure is made, `short` the same in the few
    words that fit below a slider, `needs` the data without which it is not assessed, all in words for the page.
    `figure` makes it, in `unit`, of what is known; None where the data gives nothing.
    """

    name: str
    label: str
    direction: Literal["more", "less"] = "more"
    unit: str
    method: str
    short: str
    needs: str
    figure: Callable[[Known], pd.Series | None]


@takes_frames
def raw_criteria(
    book: Concentration,
    margin: pd.DataFrame | None = None,
    served: pd.DataFrame | None = None,
    habits: pd.DataFrame | None = None,
    statistics: pd.DataFrame | None = None,
    traits: pd.DataFrame | None = None,
    as_of: date | None = None,
    cost_per_order: float | None = None,
) -> pd.DataFrame:
    """What does the data say about each account, criterion by criterion?

    `book`: sales of twelve months; its accounts are the rows of the result. `margin`: account_id, margin.
    `served`: account_id, amount (regions), as `presence` gives. `habits`: account_id, orders, sold,
    credited (at most 0), first_day. `statistics`: account_id and the month statistics of the ledger.
    `traits`: account_id and of annual_spend, customer_since, distance_km, service_complexity what there
    is. `as_of`: the day to which years count. `cost_per_order`: what handling one order costs.

    Returns account_id and a column per criterion of `CRITERIA` that the data gives, in the criterion's
    unit; NaN where an account is not assessed. Frames may hold other accounts, which are left out.
    """
    rows = book.accounts[["account_id"]].reset_index(drop=True)
    frames = {
        "margin": margin,
        "served": served,
        "habits": habits,
        "traits": traits,
        "changes": None if statistics is None else _changes(statistics),
    }
    theirs = {name: each if each is None else of_accounts(each, rows["account_id"]) for name, each in frames.items()}
    sales = book.accounts["amount"].reset_index(drop=True)
    known = Known(sales=sales, as_of=as_of, cost_per_order=cost_per_order, **theirs)
    found = {each.name: each.figure(known) for each in CRITERIA}
    columns = {name: each.astype(np.float64) for name, each in found.items() if each is not None}
    return rows.assign(**{name: each for name, each in columns.items() if each.notna().any()})


@takes_frames
def growth(statistics: pd.DataFrame, months: int = 6) -> pd.Series:
    """Has an account grown by more than its months vary anyway?

    `statistics`: account_id, recent (the last `months` months), year_before (the same a year earlier),
    and number, sum and sum of squares of its earlier months' changes on the year before (changes,
    changes_sum, changes_squares). Returns by account_id the relative change divided by its uncertainty:
    the deviation of the earlier changes over as many months, relative to the year before, and a tenth at
    least; capped at 3 either way. NaN without a year before or with fewer than 6 earlier changes.

    A steady customer that grew by 20% has grown by two tenths:

    >>> growth(pd.DataFrame({"account_id": ["a"], "recent": [120.0], "year_before": [100.0],
    ...                      "changes": [6], "changes_sum": [0.0], "changes_squares": [0.0]})).round(6).tolist()
    [2.0]
    """
    n = statistics["changes"].clip(lower=2)
    spread = (statistics["changes_squares"] - statistics["changes_sum"] ** 2 / n).clip(lower=0) / (n - 1)
    before = statistics["year_before"].where(
        (statistics["year_before"] > 0) & (statistics["changes"] >= FEWEST_CHANGES)
    )
    change = (statistics["recent"] - before) / before
    uncertainty = np.sqrt(months * spread / before**2 + GROWTH_FLOOR**2)
    found = (change / uncertainty).clip(-GROWTH_CAP, GROWTH_CAP)
    return found.set_axis(statistics["account_id"])


@takes_frames
def continuity(statistics: pd.DataFrame) -> pd.Series:
    """In what part of the last twelve months did an account buy evenly? 0-1, by account_id.

    `statistics`: account_id, months (complete ones, twelve at most), amount and squares (sum of the
    months' squares). The effective number of months, amount^2 / squares, of all: equal purchases in
    three of twelve months give 0.25, in all of them 1. 0 where nothing was bought net of credit notes.

    >>> continuity(pd.DataFrame({"account_id": ["a"], "months": [12], "amount": [30.0], "squares": [300.0]})).tolist()
    [0.25]
    """
    even = statistics["amount"].clip(lower=0) ** 2 / statistics["squares"].where(statistics["squares"] > 0, 1.0)
    return (
        (even / statistics["months"].where(statistics["months"] > 0)).clip(upper=1).set_axis(statistics["account_id"])
    )


def _changes(statistics: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame({"even": continuity(statistics), "growth": growth(statistics)}).reset_index()


def _profit(known: Known) -> pd.Series | None:
    margin, orders = known.of(known.margin, "margin"), known.of(known.habits, "orders")
    if margin is None or orders is None or known.cost_per_order is None:
        return margin
    return margin - known.cost_per_order * orders.fillna(0)


def _tenure(known: Known) -> pd.Series | None:
    """Years since the earlier of what the master says and the first purchase."""
    said = (known.of(known.traits, "customer_since"), known.of(known.habits, "first_day"))
    days = [pd.to_datetime(each) for each in said if each is not None]
    if not days or known.as_of is None:
        return None
    began = pd.concat(days, axis=1).min(axis=1)
    return ((pd.Timestamp(known.as_of) - began).dt.days / _DAYS_PER_YEAR).clip(lower=0)


def _longevity(known: Known) -> pd.Series | None:
    tenure, even = _tenure(known), known.of(known.changes, "even")
    return tenure if tenure is None or even is None else tenure * even.astype(np.float64)


def _headroom(known: Known) -> pd.Series | None:
    spend = known.of(known.traits, "annual_spend")
    return None if spend is None else (spend - known.sales.to_numpy()).clip(lower=0)


def _ease(known: Known) -> pd.Series | None:
    """Mean of what is known of: complexity (5 is 0, 1 is 1), credit notes (a tenth of sales is 0), size of orders.

    An average order o beside the median account's m counts o / (o + m): 0.5 for the median account.
    """
    sold, credited, orders = (known.of(known.habits, name) for name in ("sold", "credited", "orders"))
    complexity, parts = known.of(known.traits, "service_complexity"), []
    if complexity is not None:
        parts.append((5 - complexity) / 4)
    if sold is not None and credited is not None:
        parts.append((1 + credited / sold.where(sold > 0) / CREDITED_WORST).clip(0, 1))
    if sold is not None and orders is not None:
        order = sold.where(sold > 0) / orders.where(orders > 0)
        parts.append(order / (order + order.median()))
    return pd.concat(parts, axis=1).mean(axis=1) if parts else None


# In the order of pages; the settings' own list of names (`kam_analysis.ledger.settings.settings`) is held to this one by a test.
_FIGURES: dict[str, Callable[[Known], pd.Series | None]] = {
    "volume": lambda known: known.sales,
    "profit": _profit,
    "reach": lambda known: known.of(known.served, "amount"),
    "nearness": lambda known: known.of(known.traits, "distance_km"),
    "longevity": _longevity,
    "growth": lambda known: known.of(known.changes, "growth"),
    "headroom": _headroom,
    "ease": _ease,
}
_WORDS = tables_beside(__file__, "words.toml")["criteria"]
CRITERIA = tuple(Criterion(name=name, figure=figure, **_WORDS[name]) for name, figure in _FIGURES.items())
