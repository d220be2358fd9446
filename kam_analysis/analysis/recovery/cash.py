"""What is missing in cash, month by month, once these accounts leave?"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from kam_analysis.analysis.concentration.indices import Floats

_YEAR = 12


def cash_by_month(
    margin: npt.ArrayLike,
    revenue: npt.ArrayLike,
    last_months: npt.ArrayLike = 0,
    receivables: npt.ArrayLike = 0.0,
    *,
    cut: float = 0.0,
    cut_from: float = 0.0,
    months: int = _YEAR,
) -> pd.DataFrame:
    """How much cash does the loss of these accounts take in each month?

    `margin` and `revenue`: what goes with each account, money a year, shape (n,). `last_months`: for how many more
    months each still buys (notice, or the end of its contract). `receivables`: what each owes today (NaN: not known,
    taken as none). What it bought last is still paid for after it has gone, at the speed at which it pays today:
    receivables by a month's revenue is the time that takes; while the cost of what is no longer sold is saved at once. So
    receivables come in once, on top. `cut`: fixed costs that can be saved, money a year, from `cut_from` months on after
    the first account has gone. New business that comes anyway is no credit. Nothing is discounted, and everybody pays.

    Returns month (from 1), margin_lost (at or below zero), receivables_in and costs_cut (at or above zero), cash (their
    sum) and cash_so_far, money. Raises `ValueError` for lengths that differ and months below 1.

    >>> cash_by_month([120.0], [600.0], [1], [75.0], months=4)[["margin_lost", "receivables_in", "cash"]].values.tolist()
    [[0.0, 0.0, 0.0], [-10.0, 50.0, 40.0], [-10.0, 25.0, 15.0], [-10.0, 0.0, -10.0]]
    """
    if months < 1:
        raise ValueError(f"months: expected at least 1, got {months}")
    lost, sold = np.atleast_1d(np.asarray(margin, np.float64)), np.atleast_1d(np.asarray(revenue, np.float64))
    if lost.shape != sold.shape:
        raise ValueError(f"revenue: expected one per account, {lost.size}, got {sold.size}")
    stops = np.broadcast_to(np.asarray(last_months, np.float64), lost.shape)
    owed = np.broadcast_to(np.nan_to_num(np.asarray(receivables, np.float64)), lost.shape)
    month = np.arange(1, months + 1)
    gone = month[:, None] > stops
    first = float(stops.min()) if stops.size else 0.0
    parts = {
        "margin_lost": 0.0 - (gone * lost / _YEAR).sum(axis=1),
        "receivables_in": _paid(month, stops, owed, sold / _YEAR).sum(axis=1),
        "costs_cut": np.where(month > first + cut_from, cut / _YEAR, 0.0) * bool(stops.size),
    }
    cash = np.asarray(sum(parts.values()))
    return pd.DataFrame({"month": month} | parts | {"cash": cash, "cash_so_far": cash.cumsum()})


def _paid(month: npt.NDArray[np.int64], stops: Floats, owed: Floats, monthly: Floats) -> Floats:
    """What each account still pays in each month after it has stopped buying: a month's revenue, until nothing is owed."""
    since = np.maximum(month[:, None] - stops, 0.0)
    # Whoever owes, and has not bought in the year, pays in the first month.
    speed = np.where(monthly > 0, monthly, owed)
    so_far = np.minimum(since * speed, owed)
    before = np.minimum(np.maximum(since - 1, 0.0) * speed, owed)
    return np.asarray(so_far - before)
