"""How often is each account among the best, without ranking all of them under each weighting?"""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

# Products of 64 accounts by 192 weightings stay on one core: split among several, such thin ones take many
# times longer on a busy machine. 32 of them at once stay in the processor's cache.
_ROWS, _WEIGHTINGS, _AT_ONCE = 64, 192, 32
# What is far below is told apart in single precision; eight sums of numbers up to 1 are right to a millionth.
_MARGIN = 1e-5
# Equal accounts differ by what their sums leave in the last digits; they are equal.
_TIE = 1e-12


def times_among_best(values: Floats, k: int, draws: int, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Under how many of `draws` weightings is each account among the best `k`?

    `values`: shape (n, m), 0-1, NaN where not assessed, at least one known in every row; 1 <= k <= n.
    Weights are uniform on the simplex, a score is the weighted mean over what is known, equal ones go by
    the order of rows. Shape (n,), exact for the weightings drawn: only accounts that certainly stay below
    k others are passed over, so a million of them need no ranking.
    """
    known, filled = ~np.isnan(values), np.nan_to_num(values)
    tiles, hits = _tiled(filled, known), np.zeros(len(values), dtype=np.int64)
    leaders = _leaders(filled, known, k)
    for weights in _weightings(values.shape[1], draws, rng):
        floor = np.partition(_scores(filled[leaders], known[leaders], weights), -k, axis=1)[:, -k]
        near = _reaching(tiles, known, weights, floor)
        hits[near] += _among_best(_scores(filled[near], known[near], weights), k)
        # Whoever was among the best once keeps the floor high.
        leaders = np.union1d(leaders, near[hits[near] > 0])
    return hits


def places_among_best(values: Floats, most: int, draws: int, rng: np.random.Generator) -> npt.NDArray[np.int32]:
    """Under how many of `draws` weightings does each account take place 1, 2, ... `most`?

    Otherwise as `times_among_best`, of the same weightings: the first k places together are its count for k.
    Shape (n, most), 1 <= most <= n.
    """
    known, filled = ~np.isnan(values), np.nan_to_num(values)
    tiles, hits = _tiled(filled, known), np.zeros((len(values), most), dtype=np.int32)
    leaders = _leaders(filled, known, most)
    for weights in _weightings(values.shape[1], draws, rng):
        floor = np.partition(_scores(filled[leaders], known[leaders], weights), -most, axis=1)[:, -most]
        near = _reaching(tiles, known, weights, floor)
        best = _best_in_order(_scores(filled[near], known[near], weights), most)
        counts = np.bincount((best * most + np.arange(most)).ravel(), minlength=near.size * most)
        hits[near] += counts.reshape(near.size, most).astype(np.int32)
        leaders = np.union1d(leaders, near[np.unique(best)])
    return hits


def _weightings(m: int, draws: int, rng: np.random.Generator) -> Iterator[Floats]:
    for begun in range(0, draws, _WEIGHTINGS):
        # Exponential draws, divided by their sum, are uniform on the simplex.
        drawn = rng.standard_exponential((min(_WEIGHTINGS, draws - begun), m))
        yield drawn / drawn.sum(axis=1, keepdims=True)


def _scores(filled: Floats, known: npt.NDArray[np.bool_], weights: Floats) -> Floats:
    """Weighted means over what is known: shape (weightings, accounts)."""
    points = weights @ filled.T
    return points if known.all() else points / (weights @ known.T)


def _leaders(filled: Floats, known: npt.NDArray[np.bool_], k: int) -> npt.NDArray[np.int64]:
    """The best k under equal weights and under each criterion's weight doubled: a floor for the first weightings."""
    m = filled.shape[1]
    weights = (np.ones((m + 1, m)) + np.eye(m + 1, m)) / m
    # One weighting at a time: of a million accounts all of them would be 300 MB.
    best = [np.argpartition(_scores(filled, known, each), -k)[-k:] for each in weights]
    return np.unique(np.concatenate(best))


def _tiled(filled: Floats, known: npt.NDArray[np.bool_]) -> npt.NDArray[np.float32]:
    """Values, what is known where not all is, and ones, side by side, in tiles of 64 accounts."""
    holes = ~known.all(axis=0)
    wide = np.column_stack([filled, known[:, holes], np.ones(len(filled))]).astype(np.float32)
    rows = -len(wide) % _ROWS
    return np.pad(wide, ((0, rows), (0, 0))).reshape(-1, _ROWS, wide.shape[1])


def _reaching(
    tiles: npt.NDArray[np.float32], known: npt.NDArray[np.bool_], weights: Floats, floor: Floats
) -> npt.NDArray[np.int64]:
    """Accounts that come to the floor under any of the weightings, or nearly so."""
    holes, below = ~known.all(axis=0), -floor[:, None] * weights
    # points / weight known >= floor, without the division: points - floor * weight known >= 0.
    columns = [weights, below[:, holes], below[:, ~holes].sum(axis=1, keepdims=True)]
    wide = np.ascontiguousarray(np.hstack(columns).T.astype(np.float32))
    found = [
        np.matmul(tiles[at : at + _AT_ONCE], wide).max(axis=2).ravel() >= -_MARGIN
        for at in range(0, len(tiles), _AT_ONCE)
    ]
    return np.flatnonzero(np.concatenate(found)[: len(known)])


def _among_best(scores: Floats, k: int) -> npt.NDArray[np.int64]:
    """In how many rows each column is among the k highest; equal ones by their order."""
    n = scores.shape[1]
    last = np.partition(scores, n - k, axis=1)[:, n - k, None]
    inside = scores >= last - _TIE
    crowded = np.flatnonzero(inside.sum(axis=1) > k)
    for at in crowded:
        above = scores[at] > last[at] + _TIE
        equal = np.flatnonzero(inside[at] & ~above)
        inside[at, equal[k - int(above.sum()) :]] = False
    return inside.sum(axis=0)


def _best_in_order(scores: Floats, k: int) -> npt.NDArray[np.int64]:
    """The columns of the k highest in each row, the highest first; equal ones by their order. Shape (rows, k)."""
    n = scores.shape[1]
    columns = np.argpartition(scores, n - k, axis=1)[:, n - k :]
    last = np.take_along_axis(scores, columns, axis=1).min(axis=1, keepdims=True)
    # With all that equal the last one, so that the first of them can be told.
    wide = int((scores >= last - _TIE).sum(axis=1).max())
    if wide > k:
        columns = np.argpartition(scores, n - wide, axis=1)[:, n - wide :]
    there = np.take_along_axis(scores, columns, axis=1)
    order = np.argsort(-there, axis=1)
    columns, there = np.take_along_axis(columns, order, axis=1), np.take_along_axis(there, order, axis=1)
    steps = np.diff(there, axis=1) < -_TIE
    tied = np.flatnonzero(~steps.all(axis=1))
    if tied.size:
        groups = np.cumsum(np.pad(steps[tied], ((0, 0), (1, 0))), axis=1)
        columns[tied] = np.take_along_axis(columns[tied], np.lexsort((columns[tied], groups), axis=1), axis=1)
    return columns[:, :k]
