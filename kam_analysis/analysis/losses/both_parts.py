"""What does a year cost when customers leave and those that stay buy less? Both parts of the same customers, added up."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import product as every

import numpy as np

from kam_analysis.analysis.losses.buying_less import BuyingLess, on_grid
from kam_analysis.analysis.losses.causes import CommonCause
from kam_analysis.analysis.losses.distribution import (
    MOST_OVERLAPPING,
    LossDistribution,
    loss_distribution,
    whatever_the_weight,
)
from kam_analysis.analysis.losses.generating import Block, product, pull_back
from kam_analysis.analysis.losses.inputs import Floats, Integers, fixed
from kam_analysis.analysis.losses.overlaps import parted

# A sum of fewer is not told by a normal distribution: each is looked at.
_FEWEST = 30
# The levels at which a quantile is within the error bound of the exact one lie no further away than this.
_AWAY = 1e-6


def leaving_and_buying_less(own: Floats, causes: Sequence[CommonCause], less: BuyingLess) -> LossDistribution:
    """The losses of a year: a customer that leaves takes all, one that stays takes its fall.

    `own`: the chance that each leaves by its own cause, 0-1, shape (n,); `causes` as in `loss_distribution`: of a
    member that stays they take their part first, and it falls from what is left. Falls are independent of who leaves.

    Given what has struck, customers are independent: each is a row of probabilities on a grid of amounts, the rows of
    those whose falls move the sum little added up as a normal distribution, and the causes are mixed in as in
    `loss_distribution`. With more than ten causes that overlap it is simulated who leaves, and the falls are added
    to that (`with_buying_less`).

    >>> from kam_analysis.analysis.losses.buying_less import Falls, buying_less
    >>> less = buying_less(np.array([100.0]), Falls(np.array([90.0, 110.0]), np.array([0.0, 0.5]), 1))
    >>> found = leaving_and_buying_less(np.array([0.2]), [], less)  # 0 with 0.4, 50 with 0.4, 100 with 0.2
    >>> round(found.mean, 6), round(found.probability_above(1), 6), round(found.quantile(0.85), 6)
    (40.0, 0.6, 100.0)
    """
    n = less.amounts.size
    groups = parted(n, [replace(each, loss_probability=_takes(each), part_lost=0.0) for each in causes])
    if len(groups.crossing) > MOST_OVERLAPPING:
        return with_buying_less(loss_distribution(less.amounts * (1 - less.expected), own, causes=causes), less)
    leaves = [_leaf(at, own, causes, less) for at in less.alone.tolist()] + _rest(own, causes, less)
    families = [int(groups.group[at[0]]) for at, _ in leaves]
    blocks = [replace(block, leaf=place) for place, (_, block) in enumerate(leaves)]
    chance = [each.probability for each in causes]
    root = product(blocks, families, chance)
    probabilities = root.rows.clip(0, None)
    losses = less.step * np.arange(probabilities.size)
    mean = float(losses @ probabilities)
    back = partial(_shares, root=root, leaves=leaves, chance=chance, less=less)
    return LossDistribution(
        fixed(losses),
        fixed(probabilities / probabilities.sum()),
        mean,
        float(np.sqrt(max(float(probabilities @ (losses - mean) ** 2), 0.0))),
        f"computed on a grid of {losses.size:,} amounts, leaving and buying less together",
        # Each amount is shared between two points, so the sum is moved by independent steps (Hoeffding 1963).
        less.step * float(np.sqrt(len(leaves) / 2 * np.log(2 / _AWAY))),
        back,
    )


def _takes(cause: CommonCause) -> list[float]:
    """What a cause does to each member, so that those it takes in part only are members too."""
    return np.maximum(cause.losses, cause.parts).tolist()


def _leaf(at: int, own: Floats, causes: Sequence[CommonCause], less: BuyingLess) -> tuple[Integers, Block]:
    """One customer: a row of probabilities per state of the causes that can take it."""
    open_, states = _states(np.array([at]), own, causes)
    falls, amount = less.falls_of(at), less.amounts[at]
    rows = []
    for lost, part in states:
        stays = amount * (part[0] + (1 - part[0]) * falls)
        row = on_grid(stays, less.step, size=int(np.ceil(amount / less.step)) + 2)
        row *= 1 - lost[0]
        rows.append(row + lost[0] * on_grid(np.array([amount]), less.step, size=row.size))
    shape = (*(2,) * len(open_), rows[0].size)
    return np.array([at]), Block(open_, np.array(rows).reshape(shape))


def _rest(own: Floats, causes: Sequence[CommonCause], less: BuyingLess) -> list[tuple[Integers, Block]]:
    """The many small ones, those with the same causes together: their sum as a normal distribution per state."""
    found: list[tuple[Integers, Block]] = []
    for members in _alike(less.rest, causes):
        if members.size < _FEWEST:
            found += [_leaf(at, own, causes, less) for at in members.tolist()]
            continue
        amounts, expected, variance = (each[members] for each in (less.amounts, less.expected, less.variance))
        open_, states = _states(members, own, causes)
        sums = []
        for lost, part in states:
            stays, kept = part + (1 - part) * expected, (1 - part) ** 2 * variance
            mean = lost + (1 - lost) * stays
            square = lost + (1 - lost) * (stays**2 + kept)
            sums.append((float(amounts @ mean), float(np.sqrt(amounts**2 @ np.maximum(square - mean**2, 0.0)))))
        size = int(np.ceil(max(mean + 5 * spread for mean, spread in sums) / less.step)) + 2
        rows = np.array([on_grid(less.normal(mean, spread), less.step, size=size) for mean, spread in sums])
        found.append((members, Block(open_, rows.reshape((*(2,) * len(open_), size)))))
    return found


def _alike(members: Integers, causes: Sequence[CommonCause]) -> list[Integers]:
    """Customers by which causes can take them."""
    kind = np.zeros(members.size, dtype=np.int64)
    for cause in causes:
        inside = np.isin(members, np.asarray(cause.members, dtype=np.int64))
        kind = np.unique(2 * kind + inside, return_inverse=True)[1]
    return [members[kind == each] for each in np.unique(kind)]


def _states(
    members: Integers, own: Floats, causes: Sequence[CommonCause]
) -> tuple[tuple[int, ...], list[tuple[Floats, Floats]]]:
    """The causes that can take these, all alike, and per state the chance of leaving and the part that is lost of those who stay."""
    open_ = tuple(at for at, cause in enumerate(causes) if members[0] in cause.members)
    taken = []
    for at in open_:
        place = {member: number for number, member in enumerate(causes[at].members)}
        number = [place[int(member)] for member in members]
        taken.append((causes[at].losses[number], causes[at].parts[number]))
    states = []
    for struck in every((0, 1), repeat=len(open_)):
        kept, whole = 1 - own[members], np.ones(members.size)
        for (loss, part), has in zip(taken, struck, strict=True):
            kept, whole = kept * (1 - loss * has), whole * (1 - part * has)
        states.append((1 - kept, 1 - whole))
    return open_, states


def _shares(
    weight: Floats, *, root: Block, leaves: Sequence[tuple[Integers, Block]], chance: Sequence[float], less: BuyingLess
) -> Floats:
    """E[each account's loss * weight of the total], shape (n,), money; of those added up in proportion to their mean."""
    found = np.zeros(less.amounts.size)
    for place, carried in pull_back(root, weight, chance):
        members, block = leaves[place]
        rows = block.rows[..., : carried.shape[-1]]
        known = float((carried * rows * (less.step * np.arange(rows.shape[-1]))).sum())
        size = less.amounts[members]
        found[members] += known * size / size.sum()
    return found


def with_buying_less(leaving: LossDistribution, less: BuyingLess) -> LossDistribution:
    """The simulated losses of a year through leaving, with what buying less takes added.

    `leaving`: of exposures less the part that is expected to fall, `less.amounts * (1 - less.expected)`: so a customer
    that leaves takes on average what it earned, and its fall is not lost twice. The two parts count as independent, so
    that large losses come out a little larger than they are. Whose the losses are is not known of it.

    >>> from kam_analysis.analysis.losses.buying_less import Falls, buying_less
    >>> less = buying_less(np.array([100.0]), Falls(np.array([90.0, 110.0]), np.array([0.0, 0.5]), 1))
    >>> found = with_buying_less(loss_distribution([75.0], [0.2]), less)
    >>> round(found.mean, 6), round(found.probability_above(60), 6)  # 0.2 x 75 + 25; it leaves
    (40.0, 0.2)
    """
    step = less.step
    gone = on_grid(leaving.losses, step, size=int(leaving.losses[-1] / step) + 2, weights=leaving.probabilities)
    both = product([Block((), gone), Block((), less.probabilities)], [0, 0], []).rows.clip(0, None)
    unknown = np.full(less.amounts.size, np.nan)
    return LossDistribution(
        fixed(step * np.arange(both.size)),
        fixed(both / both.sum()),
        leaving.mean + less.mean,
        float(np.sqrt(leaving.std**2 + less.amounts**2 @ less.variance)),
        f"{leaving.method}; what buying less takes added on a grid of {both.size:,} amounts",
        leaving.error_bound + step * float(np.sqrt(less.alone.size / 2 * np.log(2 / _AWAY))),
        partial(whatever_the_weight, unknown),
    )
