"""Draws one at a time, for the small tables."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import TypeVar

import numpy as np

from kam_analysis.sample.chance import stream

Thing = TypeVar("Thing")


class Dice:
    """A stream of its own for one small table."""

    def __init__(self, seed: int, concern: str) -> None:
        self._draws = _one_by_one(stream(seed, concern))

    def number(self, low: float = 0.0, high: float = 1.0) -> float:
        """A number from `low` up to `high`."""
        return low + (high - low) * next(self._draws)

    def whole(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both possible."""
        return low + int((high - low + 1) * next(self._draws))

    def happens(self, probability: float) -> bool:
        """Yes, with this probability."""
        return next(self._draws) < probability

    def one_of(self, things: Sequence[Thing]) -> Thing:
        """One of them, all equally likely."""
        return things[self.whole(0, len(things) - 1)]

    def weekday(self, first: date, last: date) -> date:
        """A day from Monday to Friday between two days; a weekend's draw moves to the Friday before."""
        day = first + timedelta(days=self.whole(0, (last - first).days))
        return max(day - timedelta(days=max(0, day.weekday() - 4)), first)


def _one_by_one(rng: np.random.Generator) -> Iterator[float]:
    """The stream's draws; asking for each alone would take forty times as long."""
    while True:
        yield from rng.random(1_000).tolist()
