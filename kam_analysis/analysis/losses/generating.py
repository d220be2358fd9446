"""The distribution of a total: blocks multiplied together, common causes mixed in where their last member is.

The probabilities of a total are the coefficients of its generating function. Given what has struck,
accounts are independent and their generating functions multiply; a cause then mixes two such products,
(1 - q) * without + q * with. A block keeps one row for each state of the causes that can take its accounts;
when two blocks meet and no other block has an account of a cause, its two rows become one. A cause whose
accounts are taken by no other so never costs more than one row, however many such causes there are.
"""

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import fft

from kam_analysis.analysis.losses.inputs import Floats

# Up to so many products two short rows are multiplied term by term: quicker, and without rounding's floor.
_SHORT = 20_000
# What is cut off at the far end of each block; all blocks together stay far below 1e-9.
_NEGLIGIBLE = 1e-15
_STRIDE = 256


@dataclass(frozen=True, eq=False)
class Block:
    """Some accounts' total: `rows` has an axis of two (not struck, struck) per open cause, and one of points.

    `open`: causes that can also take accounts elsewhere, or have not been mixed yet. `closed`: those mixed
    last. `parts`: the two blocks it was made of, none for a leaf; `leaf`: which one, counted from 0.
    """

    open: tuple[int, ...]
    rows: Floats
    closed: tuple[int, ...] = ()
    parts: tuple["Block", "Block"] | None = None
    leaf: int = -1


def product(leaves: Sequence[Block], families: Sequence[int], chance: Sequence[float]) -> Block:
    """The total of all leaves, all causes mixed: a block without open causes.

    `families`: a label per leaf; those with the same one are multiplied first, and so close the cause
    that they share. `chance`: the probability of each cause.
    """
    carriers = Counter(cause for leaf in leaves for cause in leaf.open)
    ready = []
    members: dict[int, list[Block]] = {}
    for leaf, family in zip(leaves, families, strict=True):
        members.setdefault(family, []).append(_closed(leaf, carriers, chance))
    for each in members.values():
        ready.append(_multiplied(each, carriers, chance))
    return _multiplied(ready, carriers, chance)


def pull_back(root: Block, weight: Floats, chance: Sequence[float]) -> Iterator[tuple[int, Floats]]:
    """The weights of a sum over totals, carried back to every leaf: pairs of leaf and weights by its rows.

    `weight`: per point of the root. If the weighted sum is S, a leaf's weights w have S = sum(w * its rows):
    the other leaves are summed out, the causes by their chances.
    """
    waiting = [(root, weight)]
    while waiting:
        block, known = waiting.pop()
        known = _spread(known, block.open, block.closed, chance)
        if block.parts is None:
            yield block.leaf, known
        else:
            first, second = block.parts
            wide = tuple(sorted({*first.open, *second.open}))
            waiting.append((first, _correlated(known, wide, second, first)))
            waiting.append((second, _correlated(known, wide, first, second)))


def _multiplied(blocks: Sequence[Block], carriers: Counter[int], chance: Sequence[float]) -> Block:
    """The product of blocks, the shortest two first, as long as there are two."""
    heap = [(each.rows.shape[-1], at, each) for at, each in enumerate(blocks)]
    heapq.heapify(heap)
    for count in range(len(heap), 2 * len(heap) - 1):
        _, _, first = heapq.heappop(heap)
        _, _, second = heapq.heappop(heap)
        found = _product_of_two(first, second, carriers, chance)
        heapq.heappush(heap, (found.rows.shape[-1], count, found))
    return heap[0][2]


def _product_of_two(first: Block, second: Block, carriers: Counter[int], chance: Sequence[float]) -> Block:
    wide = tuple(sorted({*first.open, *second.open}))
    carriers.subtract(set(first.open) & set(second.open))
    closing = tuple(each for each in wide if carriers[each] == 1)
    still = tuple(each for each in wide if each not in closing)
    size = first.rows.shape[-1] + second.rows.shape[-1] - 1
    if not wide and first.rows.size * second.rows.size <= _SHORT:
        return Block((), _cut(np.convolve(first.rows, second.rows)), (), (first, second))
    length = fft.next_fast_len(size, real=True)
    spectrum = _aligned(fft.rfft(first.rows, length), first.open, wide)
    spectrum = spectrum * _aligned(fft.rfft(second.rows, length), second.open, wide)
    # Mixed before the way back: fewer rows to transform.
    rows = fft.irfft(_mixed(spectrum, wide, closing, chance), length)[..., :size]
    return Block(still, _cut(rows), closing, (first, second))


def _closed(leaf: Block, carriers: Counter[int], chance: Sequence[float]) -> Block:
    """A leaf with the causes mixed that no other leaf has."""
    closing = tuple(each for each in leaf.open if carriers[each] == 1)
    still = tuple(each for each in leaf.open if each not in closing)
    return Block(still, _cut(_mixed(leaf.rows, leaf.open, closing, chance)), closing, None, leaf.leaf)


def _mixed(rows: Floats, causes: tuple[int, ...], closing: Iterable[int], chance: Sequence[float]) -> Floats:
    """Rows with some causes mixed, the last axis first so that the others keep their place."""
    for cause in sorted(closing, reverse=True):
        axis = causes.index(cause)
        without, struck = np.take(rows, 0, axis), np.take(rows, 1, axis)
        rows = (1 - chance[cause]) * without + chance[cause] * struck
    return rows


def _spread(weight: Floats, still: tuple[int, ...], closed: tuple[int, ...], chance: Sequence[float]) -> Floats:
    """The weights of rows as they were before `closed` were mixed: the way back of `_mixed`."""
    wide = sorted({*still, *closed})
    for cause in sorted(closed):
        both = [(1 - chance[cause]) * weight, chance[cause] * weight]
        weight = np.stack(both, axis=wide.index(cause))
    return weight


def _aligned(rows: Floats, causes: tuple[int, ...], wide: tuple[int, ...]) -> Floats:
    """Rows with an axis of one for each cause of `wide` that they do not depend on."""
    shape = tuple(2 if each in causes else 1 for each in wide)
    return rows.reshape(*shape, rows.shape[-1])


def _correlated(weight: Floats, wide: tuple[int, ...], other: Block, one: Block) -> Floats:
    """The weights of a product carried back to one factor: the other's totals summed out."""
    size, cut = one.rows.shape[-1], weight.shape[-1]
    length = fft.next_fast_len(size + other.rows.shape[-1] - 1, real=True)
    spectrum = fft.rfft(weight[..., : min(cut, length)], length)
    spectrum = spectrum * _aligned(fft.rfft(other.rows, length), other.open, wide).conj()
    gone = tuple(at for at, each in enumerate(wide) if each not in one.open)
    return fft.irfft(spectrum.sum(axis=gone), length)[..., :size]


def _cut(rows: Floats) -> Floats:
    """Rows without the far end where nothing worth counting is left."""
    size = rows.shape[-1]
    mass = rows.reshape(-1, size).sum(axis=0) if rows.ndim > 1 else rows
    # From the end, first in strides, then one by one.
    starts = np.arange(0, size, _STRIDE)
    tail = np.add.reduceat(mass, starts)[::-1].cumsum()
    stride = starts.size - 1 - min(int(np.searchsorted(tail, _NEGLIGIBLE)), starts.size - 1)
    end = min((stride + 1) * _STRIDE, size)
    beyond = tail[starts.size - 2 - stride] if end < size else 0.0
    fine = beyond + mass[stride * _STRIDE : end][::-1].cumsum()
    return rows[..., : end - min(int(np.searchsorted(fine, _NEGLIGIBLE)), end - stride * _STRIDE - 1)]
