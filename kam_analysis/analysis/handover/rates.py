"""How much of a customer's sales goes: a rate with its range and source, and amounts of money that follow from it."""

from dataclasses import dataclass
from math import isfinite


@dataclass(frozen=True)
class Rate:
    """A part of annual sales that goes: `value` within `low` to `high`, at most 1, and where it is from.

    Below 0 sales rise: a company's own history may say so. Raises `ValueError` for anything else.

    >>> Rate(0.3, 0.1, 0.2, "a guess")
    Traceback (most recent call last):
    ...
    ValueError: rate: expected low <= value <= high <= 1, got 0.1 <= 0.3 <= 0.2 (a guess)
    """

    value: float
    low: float
    high: float
    source: str

    def __post_init__(self) -> None:
        fits = all(map(isfinite, (self.value, self.low, self.high))) and self.low <= self.value <= self.high <= 1
        if not fits:
            got = f"{self.low:g} <= {self.value:g} <= {self.high:g} ({self.source})"
            raise ValueError(f"rate: expected low <= value <= high <= 1, got {got}")


@dataclass(frozen=True)
class Amount:
    """Money that follows from rates: at their values, and with all of them at their low or high ends."""

    value: float
    low: float
    high: float


# Not a rate at which customers leave: sales that are lost on customers who get another representative.
TRANSITION = Rate(
    0.154,
    0.132,
    0.176,
    "13.2 to 17.6% of the annual sales of customers who change representative, at one firm"
    " (Shi, Sridhar, Grewal and Lilien, Journal of Marketing 81(2), 2017); the middle is ours",
)
