"""Random numbers and splits that give the same bytes on every machine.

Only `Generator.random()` is used: numpy keeps its stream, while the distribution methods may
change between versions. Curves are built from sums, products and square roots, which IEEE 754
defines to the last bit; `exp` and `log` differ by processor.
"""

from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def stream(seed: int, concern: str) -> np.random.Generator:
    """A generator of its own for one concern, so that a change in one leaves the others' draws alone."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, crc32(concern.encode())])))


def bell(rng: np.random.Generator, *shape: int) -> Floats:
    """Draws with mean 0 and standard deviation 1, bell-shaped and within 3.5: the sum of four uniforms."""
    total = rng.random(shape)
    for _ in range(3):
        total = total + rng.random(shape)
    return np.asarray((total - 2.0) * np.sqrt(3.0))


def growth(rate: Floats) -> Floats:
    """Nearly exp(rate) for rates within about 6, by six squarings of 1 + rate/64."""
    result = np.asarray(1.0 + rate / 64.0)
    for _ in range(6):
        result = result * result
    return result


def bell_quantile(p: Floats) -> Floats:
    """Nearly the normal quantile for 0 < p < 1: Tukey's lambda distribution with lambda 1/8."""
    low, high = p, 1.0 - p
    for _ in range(3):
        low, high = np.sqrt(low), np.sqrt(high)
    return np.asarray(5.41 * (low - high))


def split(totals: Integers, counts: Integers, weights: Floats) -> Integers:
    """Whole numbers in proportion to `weights` that add up exactly to each group's total.

    Groups lie one after another: `counts[g]` (at least 1) weights belong to `totals[g]`. Weights may
    be negative (credit notes) as long as each group's weights sum to more than zero. Rounding the
    running sum instead of the parts leaves no remainder to place.
    """
    ends = np.cumsum(counts)
    running = np.cumsum(weights)
    before = np.repeat(np.concatenate(([0.0], running))[ends - counts], counts)
    whole = np.repeat(running[ends - 1], counts) - before
    reached = np.rint(np.repeat(totals, counts) * ((running - before) / whole)).astype(np.int64)
    parts = np.diff(reached, prepend=0)
    parts[ends - counts] = reached[ends - counts]
    return parts


def split_by(key: Integers, totals: Integers, weights: Floats) -> Integers:
    """Like `split` for rows in any order: row i belongs to group `key[i]` with `totals[key[i]]`."""
    order = np.argsort(key, kind="stable")
    groups, counts = np.unique(key[order], return_counts=True)
    result = np.empty(len(key), dtype=np.int64)
    result[order] = split(totals[groups], counts, weights[order])
    return result
