"""How far would the figures differ had the same customers' months fallen out differently?"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kam_analysis.analysis.concentration.book import Concentration
from kam_analysis.analysis.concentration.indices import Floats, hhi
from kam_analysis.analysis.concentration.uncertainty import Coverage, Interval, coverage, interval
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
) -> list[Sure]:
    """The page's shares with intervals: accounts fixed, complete months resampled.

    `account_months`: account_id, month, the measure, complete, for the book's largest accounts (at
    most `DRAWN_ONE_BY_ONE` are needed); `all_months`: month, amount, complete, of all customers
    together. The accounts that are not in the first move as one block that keeps its own
    concentration. `trials`: simulated years behind each coverage. Empty with fewer than twelve complete months.
    """
    amounts = matrix(account_months, all_months, measure)
    if amounts.shape[1] < 12:
        return []
    others = book.amounts[account_months["account_id"].nunique() :]
    hhi_of_rest = hhi(others) if others.size else 0.0
    figures: dict[str, Callable[[Floats], float]] = {
        "largest customer": lambda totals: _top(totals, 1),
        "five largest": lambda totals: _top(totals, 5),
        "ten largest": lambda totals: _top(totals, 10),
        "equal customers": lambda totals: _equal(totals, hhi_of_rest),
    }
    return [
        Sure(name, interval(figure, amounts, level, rng), coverage(figure, amounts, level, rng, trials))
        for name, figure in figures.items()
    ]


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


def _top(totals: Floats, n: int) -> float:
    """The n largest named accounts' share of everything above zero; in few steps, for it runs 10,000 times."""
    above = np.maximum(totals, 0.0)
    whole, named = above.sum(), above[:-1]
    kept = max(named.size - n, 0)
    largest = np.partition(named, kept)[kept:] if kept else named
    return float(largest.sum() / whole) if whole > 0 else float("nan")


def _equal(totals: Floats, hhi_of_rest: float) -> float:
    above = np.maximum(totals, 0.0)
    whole, rest = above.sum(), above[-1]
    squares = np.square(above[:-1]).sum() + hhi_of_rest * rest * rest
    return float(whole * whole / squares) if squares > 0 else float("nan")
