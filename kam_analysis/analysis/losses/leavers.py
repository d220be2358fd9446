"""Only those who leave are drawn: most accounts stay in most scenarios, and cost nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from kam_analysis.analysis.losses.inputs import Floats, Integers

# Accounts of one band are drawn with its largest probability; a ratio of 1.25 wastes a tenth of the draws.
_RATIO = 1.25
# From here on hardly anything is skipped.
_NO_SKIPPING = 0.5
# Below it draws are so rare that wasting most of them costs nothing.
_RARE = 1e-6


@dataclass(frozen=True, eq=False)
class Band:
    """Accounts with nearly the same probability: `members` are positions, `most` is the largest of theirs."""

    members: Integers
    most: float


def bands(probability: Floats) -> list[Band]:
    """Accounts by probability, each band within a ratio of 1.25; those that cannot leave are in none."""
    alive = np.flatnonzero(probability > 0)
    level = np.floor(np.log(np.maximum(probability[alive], _RARE)) / np.log(_RATIO)).astype(np.int64)
    level[probability[alive] > _NO_SKIPPING] = 0
    found = [alive[level == each] for each in np.unique(level)]
    return [Band(members, float(probability[members].max())) for members in found]


def candidates(
    among: Sequence[Band], scenarios: int, rng: np.random.Generator
) -> Iterator[tuple[Integers, Integers, Floats]]:
    """Draws scenario, account and u for all that may leave, band by band.

    Each account has in each scenario a uniform u of its own, and whoever leaves with probability p does
    so where u < p. Only u below the band's largest probability is drawn: the gaps between two such are
    geometric (Devroye, Non-Uniform Random Variate Generation, 1986, X.2), and u is uniform below it.
    """
    for band in among:
        cells = scenarios * band.members.size
        at = _hits(cells, band.most, rng)
        scenario, place = np.divmod(at, band.members.size)
        yield scenario, band.members[place], rng.random(at.size) * band.most


def _hits(cells: int, probability: float, rng: np.random.Generator) -> Integers:
    """Which of so many cells are hit, each with the same probability: positions, ascending."""
    if probability > _NO_SKIPPING:
        return np.flatnonzero(rng.random(cells) < probability)
    rate, found, last = -np.log1p(-probability), [], -1
    while last < cells:
        expected = (cells - last) * probability
        gaps = rng.standard_exponential(int(expected + 4 * np.sqrt(expected) + 8)) / rate
        # A gap past the end is as good as any longer one, and stays a whole number.
        gaps = np.minimum(gaps, cells + 1)
        found.append(last + np.cumsum(gaps.astype(np.int64) + 1))
        last = int(found[-1][-1])
    at = np.concatenate(found)
    return at[: np.searchsorted(at, cells)]
