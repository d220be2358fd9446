"""A number that is not known for sure: its value and how far it may lie to either side."""

from dataclasses import dataclass
from math import isfinite
from typing import Protocol


class Assumed(Protocol):
    """Anything with a value and its range, such as an assumption of the settings."""

    @property
    def value(self) -> float:
        """The number to reckon with."""
        ...

    @property
    def low(self) -> float:
        """The lowest that is still believable."""
        ...

    @property
    def high(self) -> float:
        """The highest that is still believable."""
        ...


@dataclass(frozen=True)
class Range:
    """A value within its range, in the unit of what it is a range of.

    Raises `ValueError` unless all three are finite and low <= value <= high.

    >>> Range(6, 3, 12).value
    6
    """

    value: float
    low: float
    high: float

    def __post_init__(self) -> None:
        if not all(map(isfinite, (self.value, self.low, self.high))) or not self.low <= self.value <= self.high:
            raise ValueError(f"range: expected low <= value <= high, got {self.low} <= {self.value} <= {self.high}")

    @classmethod
    def spanning(cls, value: float, *ends: float) -> "Range":
        """The value with whatever it becomes at the ends of what it rests on, in any order.

        >>> Range.spanning(5, 9, 2)
        Range(value=5.0, low=2.0, high=9.0)
        """
        return cls(float(value), float(min(value, *ends)), float(max(value, *ends)))


def ranged(
    given: float | tuple[float, float, float] | Assumed,
    name: str,
    least: float = float("-inf"),
    most: float = float("inf"),
) -> Range:
    """A plain number is a range without width; (value, low, high) and an assumption keep their own.

    Raises `ValueError`, naming what it is, for a range upside down or beyond `least` to `most`.

    >>> ranged(5.5, "cycle_months", 0)
    Range(value=5.5, low=5.5, high=5.5)
    """
    if isinstance(given, tuple):
        ends = given
    else:
        ends = (given, given, given) if isinstance(given, int | float) else (given.value, given.low, given.high)
    try:
        found = Range(*map(float, ends))
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None
    if found.low < least or found.high > most:
        within = f"at least {least:g}" + (f" and at most {most:g}" if isfinite(most) else "")
        raise ValueError(f"{name}: expected {within}, got {found.low:g} to {found.high:g}")
    return found
