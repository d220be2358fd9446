"""How often do we win an offer, how long does it take, and how much is on offer now?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import sqrt
from statistics import NormalDist
from typing import Literal

import numpy as np
import pandas as pd

from kam_analysis.analysis.frames import takes_frames
from kam_analysis.analysis.recovery.ranges import Range

DAYS_PER_MONTH = 365.25 / 12
Customers = Literal["all", "new", "known"]


@dataclass(frozen=True)
class Selling:
    """What closed and open opportunities tell.

    `won`, `lost`, `open`: their numbers. `win_rate`: won by won and lost (0-1), with its Wilson interval; None
    where none was decided. `cycle_months`: from created to closed of those won: median, with the quartiles as
    low and high; None where no won one has both dates. `average_won`: revenue a year per won one, NaN without.
    `open_amount`: revenue a year on offer; `open_expected`: each times its own probability, times the win rate
    where it has none, NaN where neither is known.
    """

    won: int
    lost: int
    open: int
    win_rate: Range | None
    cycle_months: Range | None
    average_won: float
    open_amount: float
    open_expected: float


@takes_frames
def selling(
    opportunities: pd.DataFrame, customers: Customers = "all", since: date | None = None, level: float = 0.95
) -> Selling:
    """What is our record of winning, and what is in the pipeline?

    `opportunities`: amount (revenue a year if won), and where there are any: status (open / won / lost; missing
    is open), account_id (empty: a new customer), created, closed, probability (0-1). `customers`: "new", "known"
    or "all". `since`: only what was closed on or after it is a record (undated ones then are not); open ones all
    count. Offers that closed quickly are over-represented in a short record: what is slow is still open.

    Raises `ValueError` for other customers, or a level outside (0, 1).

    >>> rows = pd.DataFrame({"amount": [40.0, 60.0, 30.0, 80.0], "status": ["won", "won", "lost", "open"],
    ...                      "created": pd.to_datetime(["2025-01-01"] * 4),
    ...                      "closed": pd.to_datetime(["2025-05-01", "2025-07-01", "2025-03-01", None])})
    >>> found = selling(rows)
    >>> found.won, found.lost, found.average_won, found.open_amount, round(found.open_expected, 1)
    (2, 1, 50.0, 80.0, 53.3)
    >>> round(found.win_rate.value, 2), round(found.win_rate.low, 2), round(found.win_rate.high, 2)
    (0.67, 0.21, 0.94)
    >>> round(found.cycle_months.value, 1)
    4.9
    """
    rows = _chosen(opportunities, customers)
    status = rows["status"].fillna("open") if "status" in rows else pd.Series("open", rows.index)
    dated = pd.Series(True, rows.index)
    if since is not None:
        dated = rows["closed"] >= pd.Timestamp(since) if "closed" in rows else ~dated
    won, lost, still = rows[(status == "won") & dated], rows[(status == "lost") & dated], rows[status == "open"]
    rate = win_rate(len(won), len(lost), level)
    chance = pd.to_numeric(still["probability"]) if "probability" in still else pd.Series(np.nan, still.index)
    if rate is not None:
        chance = chance.fillna(rate.value)
    return Selling(
        len(won),
        len(lost),
        len(still),
        rate,
        _cycle(won),
        float(won["amount"].mean()) if len(won) else float("nan"),
        float(still["amount"].sum()),
        float((still["amount"] * chance).sum(skipna=False)),
    )


def win_rate(won: int, lost: int, level: float = 0.95) -> Range | None:
    """How often do we win, and how sure is that? 0-1, None where nothing was decided.

    The Wilson score interval (Wilson 1927): it stays within 0-1 and holds its level with few offers, where
    value +- two standard errors does not.

    >>> found = win_rate(5, 5)
    >>> found.value, round(found.low, 3), round(found.high, 3)
    (0.5, 0.237, 0.763)
    """
    if not 0 < level < 1:
        raise ValueError(f"level: expected above 0 and below 1, got {level:g}")
    n = won + lost
    if not n:
        return None
    z, share = NormalDist().inv_cdf((1 + level) / 2), won / n
    middle, half = share + z**2 / (2 * n), z * sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    ends = ((middle - half) / (1 + z**2 / n), (middle + half) / (1 + z**2 / n))
    return Range.spanning(share, max(ends[0], 0.0), min(ends[1], 1.0))


@dataclass(frozen=True)
class Pipeline:
    """What must be won, and offered, to bring so much revenue a year.

    `wins`: won offers of average size. `offers` and `amount` (money a year): to be made for them, low at the
    best believable win rate, high at the worst. `open_part`: the part of the loss that open offers are expected
    to bring (0 up; NaN where not known); they are counted on already, so only what exceeds the plan replaces.
    """

    wins: float
    offers: Range
    amount: Range
    open_part: float


def pipeline_needed(revenue: float, found: Selling) -> Pipeline | None:
    """How much must we offer to replace so much revenue a year?

    Revenue by win rate, by the average won amount. The win rate counts offers, so large ones are taken to be won
    as often as small ones. None where nothing was won yet: no rate, nothing guessed. Raises `ValueError` for
    revenue below zero.

    >>> rows = pd.DataFrame({"amount": [50.0, 50.0, 30.0, 30.0], "status": ["won", "won", "lost", "lost"]})
    >>> needed = pipeline_needed(1000.0, selling(rows))
    >>> needed.wins, needed.offers.value, needed.amount.value
    (20.0, 40.0, 2000.0)
    """
    if not revenue >= 0:
        raise ValueError(f"revenue: expected 0 or more, got {revenue:g}")
    rate = found.win_rate
    if rate is None or not found.won or not found.average_won > 0:
        return None
    wins = revenue / found.average_won
    ends = (rate.value, rate.low, rate.high)
    return Pipeline(
        wins,
        Range.spanning(*(wins / end for end in ends)),
        Range.spanning(*(revenue / end for end in ends)),
        found.open_expected / revenue if revenue else float("nan"),
    )


def _chosen(opportunities: pd.DataFrame, customers: str) -> pd.DataFrame:
    expected: Mapping[str, bool | None] = {"all": None, "new": True, "known": False}
    if customers not in expected:
        raise ValueError(f"customers: expected one of {', '.join(expected)}, got {customers}")
    if expected[customers] is None:
        return opportunities
    new = opportunities["account_id"].isna() if "account_id" in opportunities else pd.Series(True, opportunities.index)
    return opportunities[new == expected[customers]]


def _cycle(won: pd.DataFrame) -> Range | None:
    if "created" not in won or "closed" not in won:
        return None
    months = ((won["closed"] - won["created"]).dt.days / DAYS_PER_MONTH).dropna()
    if months.empty:
        return None
    low, middle, high = np.quantile(months.to_numpy(np.float64), [0.25, 0.5, 0.75])
    return Range(float(middle), float(low), float(high))
