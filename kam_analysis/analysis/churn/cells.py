"""Which accounts can be drawn together, so that a million of them cost what some thousands do?"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

# Of more accounts than this the largest are drawn one by one, half as many, and the rest in cells.
ONE_BY_ONE, CELLS = 10_000, 2_000


@dataclass(frozen=True)
class Cells:
    """Accounts of the same kind and nearly the same chance of leaving. `of`: the cell of each account."""

    of: Integers

    @property
    def number(self) -> Integers:
        """How many accounts each cell has."""
        return np.bincount(self.of)

    @property
    def first(self) -> Integers:
        """One account of each cell, which speaks for the others."""
        return np.unique(self.of, return_index=True)[1]

    def mean(self, values: npt.NDArray[np.generic]) -> Floats:
        """Of each cell."""
        return np.asarray(np.bincount(self.of, values.astype(np.float64)) / self.number)

    def leave(self, chances: Floats, rng: np.random.Generator) -> Floats:
        """How many of each cell leave; shape of `chances`, (draws, cells)."""
        gone, several = (rng.random(chances.shape) < chances).astype(np.float64), self.number > 1
        if several.any():
            gone[:, several] = rng.binomial(self.number[several], chances[:, several])
        return gone

    def taken(self, gone: Floats, amounts: Floats, rng: np.random.Generator) -> Floats:
        """What leaves with so many of each cell: mean and variance of so many of its amounts, taken without putting back."""
        mean, number = self.mean(amounts), self.number
        if (number == 1).all():
            return np.asarray(gone @ mean)
        spread = np.maximum(self.mean(amounts**2) - mean**2, 0)
        variance = (gone * (number - gone)) @ (spread / np.maximum(number - 1, 1))
        return np.maximum(gone @ mean + np.sqrt(variance) * rng.standard_normal(len(gone)), 0)


def cells(kind: Integers, chance: Floats, amount: Floats, one_by_one: int = ONE_BY_ONE, most: int = CELLS) -> Cells:
    """Each account alone up to `one_by_one` of them; of more the largest half as many, the others by `kind` and chance.

    `kind`, `chance` (0-1), `amount`: one per account. Cells of one kind have the same number of accounts, about as
    many as there are others by `most`.

    >>> cells(np.array([0, 0, 0, 1, 1]), np.array([0.1, 0.5, 0.1, 0.2, 0.2]), np.array([1.0, 1, 1, 9, 1]), 2, 2).of.tolist()
    [1, 2, 1, 0, 3]
    """
    if len(chance) <= one_by_one:
        return Cells(np.arange(len(chance)))
    order, alone = np.argsort(-amount, kind="stable"), one_by_one // 2
    others = order[alone:]
    others = others[np.lexsort((chance[others], kind[others]))]
    begins = np.diff(kind[others], prepend=-1) != 0
    at = np.arange(len(others))
    within = at - np.maximum.accumulate(np.where(begins, at, 0))
    of = np.empty(len(chance), dtype=np.int64)
    of[order[:alone]] = np.arange(alone)
    of[others] = alone - 1 + np.cumsum(begins | (within % -(-len(others) // most) == 0))
    return Cells(of)
