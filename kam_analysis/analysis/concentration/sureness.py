"""How far would the page's figures differ without the luck of the months in which customers bought?"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kam_analysis.analysis.concentration.book import Concentration
from kam_analysis.analysis.concentration.indices import Floats, hhi
from kam_analysis.analysis.concentration.uncertainty import (
    LEAST_MONTHS,
    Coverage,
    Interval,
    coverages,
    intervals,
)
from kam_analysis.analysis.frames import takes_frames

# A larger book's other customers move as one block: together they vary far less than any of these.
DRAWN_ONE_BY_ONE = 1_000


@dataclass(frozen=True)
class Sure:
    """One figure in words, its interval, and how often such intervals held the truth in a simulation."""

    name: str
    interval: Interval
    coverage: Coverage


@takes_frames
def sureness(
    account_months: pd.DataFrame,
    all_months: pd.DataFrame,
    book: Concentration,
    measure: str,
    rng: np.random.Generator,
    level: float = 0.95,
    trials: int = 100,
    *,
    months: int | None = None,
) -> list[Sure]:
    """The page's shares with ranges: accounts fixed, what each may be expected to buy in the period drawn.

    `account_months`: account_id, month, the measure, complete, for the largest accounts of the book and of the time
    before (at most `DRAWN_ONE_BY_ONE` are needed), over the whole history up to the period's end; `all_months`:
    month, amount, complete, of all customers together. `months`: how many of the complete months are the period's
    (None: all). The accounts that are not in the first move as one block that keeps its own concentration.
    `trials`: simulated histories behind each coverage. Empty with fewer than twelve complete months in the period.
    """
    amounts = matrix(account_months, all_months, measure)
    period = amounts.shape[1] if months is None else months
    if not LEAST_MONTHS <= period <= amounts.shape[1]:
        return []
    others = book.amounts[~book.accounts["account_id"].isin(account_months["account_id"]).to_numpy()]
    hhi_of_rest = hhi(others) if others.size else 0.0
    figures: dict[str, Callable[[Floats], Floats]] = {
        "largest customer": lambda totals: _top(totals, 1),
        "five largest": lambda totals: _top(totals, 5),
        "ten largest": lambda totals: _top(totals, 10),
        "equal customers": lambda totals: _equal(totals, hhi_of_rest),
    }
    measures = list(figures.values())
    ranges = intervals(measures, amounts, level, rng, months=period)
    found = coverages(measures, amounts, level, rng, trials, months=period)
    return [Sure(*each) for each in zip(figures, ranges, found, strict=True)]


def matrix(account_months: pd.DataFrame, all_months: pd.DataFrame, measure: str) -> Floats:
    """Accounts by complete month, shape (accounts + 1, months); the last row is all other customers."""
    complete = all_months.loc[all_months["complete"], ["month", "amount"]].set_index("month")["amount"]
    known = account_months[account_months["complete"]]
    table = known.pivot_table(index="account_id", columns="month", values=measure, aggfunc="sum", fill_value=0.0)
    months = table.columns.intersection(complete.index)
    named = table[months].to_numpy(dtype=np.float64)
    rest = complete.loc[months].to_numpy(dtype=np.float64) - named.sum(axis=0)
    # Where every customer is named, what is left of the totals is a float's residue.
    rest[np.abs(rest) < 1e-9 * np.abs(complete.loc[months].to_numpy()).max(initial=0.0)] = 0.0
    return np.vstack([named, rest])


def _top(totals: Floats, n: int) -> Floats:
    """The n largest named accounts' share of everything above zero, in each of the draws."""
    above = np.maximum(totals, 0.0)
    whole, named = above.sum(axis=1), above[:, :-1]
    kept = max(named.shape[1] - n, 0)
    largest = np.partition(named, kept, axis=1)[:, kept:] if kept else named
    return np.divide(largest.sum(axis=1), whole, out=np.full(whole.size, np.nan), where=whole > 0)


def _equal(totals: Floats, hhi_of_rest: float) -> Floats:
    above = np.maximum(totals, 0.0)
    whole, rest = above.sum(axis=1), above[:, -1]
    squares = np.square(above[:, :-1]).sum(axis=1) + hhi_of_rest * rest * rest
    return np.divide(whole * whole, squares, out=np.full(whole.size, np.nan), where=squares > 0)
