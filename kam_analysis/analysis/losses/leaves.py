"""Accounts that the same common causes can take: their total loss, one account after the other."""

from dataclasses import dataclass

import numpy as np

from kam_analysis.analysis.losses.inputs import Floats, Integers

# Beyond so many accounts it is quicker to multiply two blocks by their transforms.
_BLOCK = 64
# From so many accounts on the same point, blocks of them are worked through side by side.
_SIDE_BY_SIDE = 128


@dataclass(frozen=True, eq=False)
class Leaves:
    """Blocks of accounts that share their common causes, worked through side by side.

    In one step the blocks' accounts are on the same point of the grid: `point`, shape (steps,).
    `account`: positions, shape (steps, blocks); one past the last for none. `above`: the part on the next
    point, shape (steps, blocks). `probability`: of being lost, shape (steps, blocks, states), by state of
    `causes`: the first cause's state changes slowest.
    """

    causes: tuple[int, ...]
    account: Integers
    point: Integers
    above: Floats
    probability: Floats

    @property
    def reach(self) -> Integers:
        """By how many points each step can lengthen the total."""
        return self.point + (self.above > 0).any(axis=1)


def blocks(order: Integers, point: Integers) -> list[tuple[Integers, Integers]]:
    """Accounts of one kind cut into blocks: pairs of positions, shape (steps, blocks), and points (steps,).

    `order`: positions by ascending `point`. Accounts on the same point, of which there are many only
    where they are small, stand side by side; of the others each block is alone.
    """
    found = []
    here = point[order]
    value, start, number = np.unique(here, return_index=True, return_counts=True)
    alone = np.ones(order.size, dtype=bool)
    for at in np.flatnonzero(number >= _SIDE_BY_SIDE):
        many = number[at] // _BLOCK
        taken = slice(start[at], start[at] + many * _BLOCK)
        alone[taken] = False
        found.append((order[taken].reshape(_BLOCK, many), np.full(_BLOCK, value[at])))
    left = order[alone]
    for begun in range(0, left.size, _BLOCK):
        each = left[begun : begun + _BLOCK]
        found.append((each[:, None], point[each]))
    return found


def totals(leaves: Leaves, before: list[Floats] | None = None) -> Floats:
    """The probability of each total: shape (blocks, states, points).

    Each account multiplies by 1 - p + p ((1 - above) z^point + above z^(point + 1)); only sums of positive
    terms, so that no probability is too large for it. `before`: is filled with the totals before each step.
    """
    reach = leaves.reach.tolist()
    found = np.zeros((*leaves.probability.shape[1:], sum(reach) + 1))
    found[..., 0] = 1.0
    # Fresh memory for every product would cost more than the product.
    space = np.empty((2, *found.shape))
    p, above = leaves.probability[..., None], leaves.above[..., None, None]
    size = 1
    for at, point in enumerate(leaves.point.tolist()):
        known, lost, next_one = found[..., :size], space[0, ..., :size], space[1, ..., :size]
        if before is not None:
            before.append(known.copy())
        np.multiply(known, p[at], out=lost)
        known -= lost
        if reach[at] > point:
            np.multiply(lost, above[at], out=next_one)
            lost -= next_one
            found[..., point + 1 : point + 1 + size] += next_one
        found[..., point : point + size] += lost
        size += reach[at]
    return found


def pulled(leaves: Leaves, weight: Floats) -> Floats:
    """What each account brings to a weighted sum over totals: shape (steps, blocks), in steps of the grid.

    `weight`: of each total, shape (blocks, states, points). For each account E[its loss * weight of the
    total]: going back, the weight is carried from the total with an account to the total without it, and
    meets what the accounts before it add up to. Nothing is divided, so that p = 1 is no special case.
    """
    before: list[Floats] = []
    totals(leaves, before)
    found = np.zeros(leaves.account.shape)
    reach = leaves.reach
    for at in range(len(reach) - 1, -1, -1):
        point, size = int(leaves.point[at]), before[at].shape[-1]
        p, above = leaves.probability[at], leaves.above[at]
        here, next_one = weight[..., point : point + size], 0.0
        if reach[at] > point:
            after = weight[..., point + 1 : point + 1 + size] * above[:, None, None]
            here = here * (1 - above[:, None, None])
            next_one = np.einsum("brm,brm,br->b", before[at], after, p) * (point + 1)
            weight = weight[..., :size] * (1 - p[:, :, None]) + (here + after) * p[:, :, None]
        else:
            weight = weight[..., :size] * (1 - p[:, :, None]) + here * p[:, :, None]
        found[at] = np.einsum("brm,brm,br->b", before[at], here, p) * point + next_one
    return found
