"""What tells who leaves beside its rhythm: each signal with its direction, its scale and its words."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

Values = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Feature:
    """A column of `snapshot` that tells of leaving.

    column: of the snapshot. sign: +1 where more of it can only raise the probability, -1 where it can only lower it. scaled: a monotone
    transform, so that far values do not rule. words: what it says of one account. name: the signal itself, in words.
    """

    column: str
    name: str
    sign: int
    scaled: Callable[[Values], Values]
    words: Callable[[float], str]


def _change(value: float) -> str:
    """(later - earlier)/(later + earlier) as people say it."""
    if value <= -1:
        return "nothing bought in the last half-year"
    if value >= 1:
        return "nothing bought in the half-year before the last"
    percent = 100 * ((1 + value) / (1 - value) - 1)
    if abs(percent) < 0.5:
        return "buys as in the half-year before"
    return f"bought {abs(percent):.0f}% {'less' if percent < 0 else 'more'} than in the half-year before"


def _counted(number: float, one: str, several: str) -> str:
    return f"{number:.0f} {one if round(number) == 1 else several}" if number else f"no {several}"


# In the order in which a small history affords them.
FEATURES = (
    Feature("half_change", "the change between half-years", -1, lambda x: x, _change),
    Feature(
        "complaints",
        "complaints",
        1,
        np.log1p,
        lambda n: _counted(n, "complaint", "complaints") + " in twelve months",
    ),
    Feature(
        "products",
        "how many products each buys",
        -1,
        np.log1p,
        lambda n: f"buys {_counted(n, 'product', 'products')}",
    ),
    Feature("tenure_years", "time as a customer", -1, np.log1p, lambda x: f"a customer for {x:.1f} years"),
    Feature("credit_share", "credit notes", 1, np.sqrt, lambda x: f"{100 * x:.1f}% of its purchases credited"),
    Feature(
        "contract_share",
        "contracts",
        -1,
        lambda x: x,
        lambda x: f"a contract for {100 * x:.0f}% of the time ahead" if x else "no contract",
    ),
)


def scaled(frame: pd.DataFrame, features: tuple[Feature, ...]) -> Values:
    """Accounts by features, each transformed; NaN where missing."""
    columns = [each.scaled(frame[each.column].to_numpy(np.float64, na_value=np.nan)) for each in features]
    return np.column_stack(columns) if columns else np.empty((len(frame), 0))
