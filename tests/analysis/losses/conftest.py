"""The reference: every outcome of every account and cause, one by one."""

from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np
import pytest

from kam_analysis.analysis.losses import CommonCause


@dataclass
class Outcomes:
    """All 2^n outcomes: who is lost (outcomes, n), what each loses (outcomes, n), how likely (outcomes,)."""

    lost: np.ndarray
    losses: np.ndarray
    probability: np.ndarray

    @cached_property
    def total(self):
        # Sums of the same amounts in another order are the same total.
        return self.losses.sum(axis=1).round(9)

    def mean(self):
        return float(self.probability @ self.total)

    def std(self):
        return float(np.sqrt(self.probability @ (self.total - self.mean()) ** 2))

    def quantile(self, q):
        totals, place = np.unique(self.total, return_inverse=True)
        reached = np.bincount(place, self.probability).cumsum() >= q - 1e-13
        return float(totals[reached.argmax()])

    def shortfall(self, q):
        at = self.quantile(q)
        return at + float(self.probability @ np.maximum(self.total - at, 0)) / (1 - q)

    def above(self, x):
        return float(self.probability[self.total > x].sum())

    def contributions(self, q):
        at = self.quantile(q)
        beyond, atom = self.total > at, self.total == at
        share = (1 - q - self.probability[beyond].sum()) / self.probability[atom].sum()
        return (self.probability * (beyond + share * atom)) @ self.losses / (1 - q)


def enumerated(exposure, probability, severity=1.0, causes=()):
    exposure, probability = np.asarray(exposure, dtype=float), np.asarray(probability, dtype=float)
    n = exposure.size
    lost = np.array(list(product((False, True), repeat=n)), dtype=bool).reshape(-1, n)
    likely = np.zeros(len(lost))
    for struck in product((False, True), repeat=len(causes)):
        weight, kept = 1.0, 1 - probability
        for cause, on in zip(causes, struck, strict=True):
            weight *= cause.probability if on else 1 - cause.probability
            for member, taken in zip(cause.members, cause.losses, strict=True):
                kept[member] *= 1 - taken if on else 1
        likely += weight * np.where(lost, 1 - kept, kept).prod(axis=1)
    return Outcomes(lost, lost * (exposure * severity), likely)


def random_causes(rng, n, many, overlapping):
    """So many causes; with accounts in common, or of accounts dealt out."""
    dealt = np.array_split(rng.permutation(n), many) if many else []
    found = []
    for each in dealt:
        members = rng.choice(n, rng.integers(1, n + 1), replace=False) if overlapping else each
        taken = rng.random(members.size) if rng.random() < 0.5 else float(rng.random())
        found.append(CommonCause(float(rng.choice([0.05, 0.3, 0.7])), members.tolist(), taken))
    return found


@pytest.fixture(name="enumerated")
def _enumerated():
    return enumerated


@pytest.fixture(name="random_causes")
def _random_causes():
    return random_causes
