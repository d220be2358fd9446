"""Would an account be among the best however we weigh the criteria? Drawn over all weights at once."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from kam_analysis.analysis.frames import takes_frames
from kam_analysis.analysis.segments.ranking import places_among_best, times_among_best
from kam_analysis.analysis.segments.value import criteria_of, value_scores, weights_of

Floats = npt.NDArray[np.float64]

# From this part of the weightings on an account is firm; the house's own choice.
FIRM = 0.9


@dataclass(frozen=True)
class Acceptability:
    """In what share of weightings each account is among the best `k`.

    `top`: shape (n,), 0-1. `error`: shape (n,), the simulation's standard error of it. `k` is the number
    asked for, or the number of accounts that can be ranked where there are fewer; `draws` the weightings drawn.
    """

    top: Floats
    error: Floats
    k: int
    draws: int


def acceptability(scaled: Floats, k: int, draws: int, rng: np.random.Generator) -> Acceptability:
    """In what share of all possible weightings is each account among the best `k`?

    `scaled`: shape (n, m), criteria on 0-1, 1 the best; NaN where not assessed. Weights are drawn
    uniformly from the simplex; an account's score is the weighted mean over its own assessed criteria.
    Equal accounts rank in the order of rows. An account without any assessed criterion is never among
    the best. With fewer accounts than `k` all that can be ranked are in, and the result's `k` is smaller.

    The error is the deviation of what `draws` weightings leave uncertain, and not 0 where all agree
    (Laplace's rule). Raises `ValueError` for k or draws below 1, for values outside 0-1 and for anything
    but two dimensions. Rank acceptability of SMAA-2: Lahdelma & Salminen 2001, after Lahdelma, Hokkanen
    & Salminen 1998.

    >>> rows = np.array([[1.0, 1.0], [0.8, 0.0], [0.0, 0.4]])  # the second leads the third from w = 1/3
    >>> found = acceptability(rows, 2, 20_000, np.random.default_rng(1))
    >>> found.top.round(1).tolist()
    [1.0, 0.7, 0.3]
    """
    values, ranked = _checked(scaled, k=k, draws=draws)
    best = min(k, ranked.size)
    hits = np.zeros(len(values))
    if best:
        hits[ranked] = times_among_best(values[ranked], best, draws, rng)
    return _told(hits, best, draws)


@dataclass(frozen=True)
class Places:
    """How often each account takes each of the first places, over all weightings at once.

    `hits`: shape (n, most), read-only: the weightings in which it takes place 1, 2, ...; `draws` of them were drawn.
    """

    hits: npt.NDArray[np.int32]
    draws: int

    def best(self, k: int) -> Acceptability:
        """What `acceptability` gives for the best k; raises `ValueError` for k below 1 and beyond the places."""
        if not 1 <= k <= self.hits.shape[1]:
            raise ValueError(f"k: expected 1 to {self.hits.shape[1]}, got {k}")
        ranked = int((self.hits.sum(axis=0) > 0).sum())
        return _told(self.hits[:, :k].sum(axis=1).astype(np.float64), min(k, ranked), self.draws)


def places(scaled: Floats, most: int, draws: int, rng: np.random.Generator) -> Places:
    """`acceptability` for the best 1, 2, ... `most` in one go: for whoever tries several numbers.

    Inputs and errors as there; with the same seed `best(k)` is what `acceptability` gives for k.

    >>> found = places(np.array([[1.0, 1.0], [0.8, 0.0], [0.0, 0.4]]), 3, 20_000, np.random.default_rng(1))
    >>> [found.best(k).top.round(1).tolist() for k in (1, 2, 3)]
    [[1.0, 0.0, 0.0], [1.0, 0.7, 0.3], [1.0, 1.0, 1.0]]
    """
    values, ranked = _checked(scaled, most=most, draws=draws)
    hits = np.zeros((len(values), most), dtype=np.int32)
    if ranked.size:
        hits[ranked, : min(most, ranked.size)] = places_among_best(values[ranked], min(most, ranked.size), draws, rng)
    hits.flags.writeable = False
    return Places(hits, draws)


def _checked(scaled: Floats, **numbers: int) -> tuple[Floats, npt.NDArray[np.int64]]:
    """The values, and the rows that can be ranked."""
    values = np.asarray(scaled, dtype=np.float64)
    if values.ndim != 2:
        raise ValueError(f"scaled: expected two dimensions, accounts by criteria, got {values.ndim}")
    if ((values < 0) | (values > 1)).any():
        raise ValueError(f"scaled: expected 0 to 1, got {np.nanmin(values):g} to {np.nanmax(values):g}")
    for name, number in numbers.items():
        if number < 1:
            raise ValueError(f"{name}: expected at least 1, got {number}")
    return values, np.flatnonzero(~np.isnan(values).all(axis=1))


def _told(hits: Floats, best: int, draws: int) -> Acceptability:
    expected = (hits + 1) / (draws + 2)
    return Acceptability(hits / draws, np.sqrt(expected * (1 - expected) / (draws + 3)), best, draws)


def firm(found: Acceptability, least: float = FIRM) -> npt.NDArray[np.str_]:
    """Which accounts belong among the best in nearly all ways to weigh the criteria?

    "firm" from `least` of the weightings on (0-1), else "borderline"; shape (n,).
    """
    return np.where(found.top >= least, "firm", "borderline")


@takes_frames
def changes_place(
    scaled: pd.DataFrame, weights: Mapping[str, float] | None, k: int, step: float = 0.10
) -> pd.DataFrame:
    """Who comes among the best `k` and who drops out when one weight moves by ten points?

    `scaled`: account_id and criteria on 0-1. `weights` as in `value_scores`; they count relative to the
    sum over the criteria that are there. Returns two rows per criterion, up and down: criterion, step
    (the points that its weight moves, 0-1; fewer where it meets 0 or 1, none where it is there already),
    entered and left (account_ids, best first). The other weights keep their proportions; where they are
    all 0, what is freed goes to them in equal parts. Ties rank in the order of rows. Raises `ValueError`
    for k below 1, a step outside (0, 1] and for weights as `value_scores` does.
    """
    if k < 1 or not 0 < step <= 1:
        raise ValueError(f"k and step: expected at least 1 and above 0 to 1, got {k} and {step}")
    names, every = criteria_of(scaled), weights_of(weights)
    base = np.array([every[name] for name in names])
    # With one criterion, or no weight on any that is there, nothing can move.
    base = base / base.sum() if len(names) > 1 and base.sum() > 0 else base[:0]
    before = _best(scaled, dict(zip(names, base, strict=False)), k) if base.size else []
    rows = []
    for at, points in ((at, points) for at in range(base.size) for points in (step, -step)):
        moved = _moved(base, at, points)
        if moved[at] != base[at]:
            after = _best(scaled, dict(zip(names, moved, strict=True)), k)
            entered = tuple(each for each in after if each not in before)
            left = tuple(each for each in before if each not in after)
            rows.append((names[at], round(float(moved[at] - base[at]), 12), entered, left))
    return pd.DataFrame(rows, columns=["criterion", "step", "entered", "left"])


def _moved(base: Floats, at: int, points: float) -> Floats:
    """Weights with one of them moved by some points within 0-1; all add up to 1."""
    target = min(max(base[at] + points, 0.0), 1.0)
    others = np.delete(base, at)
    parts = others / others.sum() if others.sum() > 0 else np.full(others.size, 1 / others.size)
    return np.insert(parts * (1 - target), at, target)


def _best(scaled: pd.DataFrame, weights: Mapping[str, float], k: int) -> list[str]:
    """The best k by score, those with a score only."""
    found = value_scores(scaled, weights)
    # Of equal ones the first rows.
    return list(found.assign(score=found["score"].round(12)).dropna().nlargest(k, "score")["account_id"])
