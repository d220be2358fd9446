"""The loss distribution by generating functions: from accounts and causes to probabilities on a grid."""

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from kam_analysis.analysis.losses.generating import Block, product, pull_back
from kam_analysis.analysis.losses.grid import Grid, error_bound, grid
from kam_analysis.analysis.losses.inputs import Floats, Integers, fixed
from kam_analysis.analysis.losses.leaves import Leaves, blocks, pulled, totals
from kam_analysis.analysis.losses.overlaps import Parting
from kam_analysis.analysis.losses.partly import Pieces

Worked = tuple[Floats, Floats, float, float, str, float, Callable[[Floats], Floats]]


def computed(each: Pieces, parting: Parting, at_stake: Integers, mean: float) -> Worked:
    """Losses, probabilities, mean, deviation, method, error bound and the way to the accounts' shares.

    `each`: the accounts, those that a cause can take in part as several. `at_stake`: positions of those that can lose
    anything; only they are looked at.
    """
    loss, lost, causes = each.loss, each.lost, each.causes
    steps = grid(loss[at_stake], lost[at_stake], 2 ** len(parting.crossing))
    chance = [causes[at].probability for at in (*parting.crossing, *parting.apart)]
    gate = _gates(each, parting)
    leaves, families = _leaves(each, gate, parting, at_stake, steps)
    parts = [totals(one) for one in leaves]
    root = product(_blocks(leaves, parts), np.repeat(families, [len(one) for one in parts]).tolist(), chance)
    probabilities = root.rows.clip(0, None)
    losses = steps.step * np.arange(probabilities.size)
    spread = steps.above * (1 - steps.above)
    # The splits add exactly this to the variance, for they are independent of what is lost.
    added = steps.step**2 * float(lost[at_stake] @ spread)
    variance = float(probabilities @ (losses - mean) ** 2) - added
    bound = _bound(each, gate, parting, at_stake, steps, chance)
    back = partial(_shares, leaves=leaves, root=root, chance=chance, step=steps.step, account=each.account)
    method = _method(steps, losses.size, parting)
    return fixed(losses), fixed(probabilities), mean, float(np.sqrt(max(variance, 0.0))), method, bound, back


def _gates(each: Pieces, parting: Parting) -> Integers:
    """By which of the causes, crossing ones first, it is decided whether a piece counts; -1 for none."""
    place = {cause: at for at, cause in enumerate((*parting.crossing, *parting.apart))}
    return np.array([place.get(int(cause), -1) for cause in each.gate], dtype=np.int64)


def _counting(states: Floats, gate: Integers, side: Integers, causes: Sequence[int]) -> Floats:
    """Probabilities by state with nothing lost of pieces that do not count in it; shapes (..., states) and (...)."""
    numbers = np.arange(states.shape[-1])
    for at, cause in enumerate(causes):
        struck = (numbers >> (len(causes) - 1 - at)) & 1
        states = np.where((gate == cause)[..., None] & (struck != side[..., None]), 0.0, states)
    return states


def _leaves(
    each: Pieces, gate: Integers, parting: Parting, at_stake: Integers, steps: Grid
) -> tuple[list[Leaves], list[int]]:
    """Blocks of accounts with the same causes, and the family of each: the group whose cause they share."""
    groups = parting.group[at_stake]
    crossed = parting.crossed[at_stake] > 0
    kind = crossed @ (1 << np.arange(crossed.shape[1]))
    order = np.lexsort((steps.point, kind, groups))
    changes = np.flatnonzero((np.diff(groups[order]) != 0) | (np.diff(kind[order]) != 0)) + 1
    found, families = [], []
    for members in np.split(order, changes):
        group = int(groups[members[0]])
        open_ = tuple(np.flatnonzero(crossed[members[0]]).tolist())
        for table, points in blocks(members, steps.point):
            taken = [parting.crossed[at_stake[table], cause] for cause in open_]
            if group >= 0:
                taken.append(parting.taken[at_stake[table]])
            named = (*open_, len(parting.crossing) + group) if group >= 0 else open_
            who = at_stake[table]
            states = _counting(_by_state(each.own[who], taken), gate[who], each.side[who], named)
            found.append(Leaves(named, at_stake[table], points, steps.above[table], states))
            families.append(group)
    return found, families


def _by_state(own: Floats, taken: Sequence[Floats]) -> Floats:
    """The probability of being lost by state of the causes, the first cause's state changing slowest."""
    kept = (1 - own)[..., None]
    for each in taken:
        both = kept[..., None] * np.stack([np.ones_like(each), 1 - each], axis=-1)[..., None, :]
        kept = both.reshape(*own.shape, 2 * kept.shape[-1])
    return 1 - kept


def _blocks(leaves: Sequence[Leaves], parts: Sequence[Floats]) -> list[Block]:
    """One block per column of each of the leaves, its states as axes of two."""
    found: list[Block] = []
    for each, rows in zip(leaves, parts, strict=True):
        for row in rows:
            shape = (*(2,) * len(each.causes), row.shape[-1])
            found.append(Block(each.causes, row.reshape(shape), leaf=len(found)))
    return found


def _shares(
    weight: Floats, leaves: Sequence[Leaves], root: Block, chance: Sequence[float], step: float, account: Integers
) -> Floats:
    """E[each account's loss * weight of the total], shape (n,), money."""
    carried = dict(pull_back(root, weight, chance))
    found = np.zeros(account.size)
    done = 0
    for each in leaves:
        many, states = each.account.shape[1], each.probability.shape[2]
        size = int(each.reach.sum()) + 1
        known = np.zeros((many, states, size))
        for at in range(many):
            rows = carried[done + at].reshape(states, -1)
            known[at, :, : rows.shape[-1]] = rows
        done += many
        found[each.account] = step * pulled(each, known)
    return np.bincount(account, found).astype(np.float64)


def _bound(
    each: Pieces, gate: Integers, parting: Parting, at_stake: Integers, steps: Grid, chance: Sequence[float]
) -> float:
    """`error_bound` with what it asks for: the spread per state of the crossing causes and group."""
    crossing = len(parting.crossing)
    split = np.flatnonzero(steps.above > 0)
    largest = float(np.maximum(steps.above[split], 1 - steps.above[split]).sum())
    who = at_stake[split]
    weight = np.ones(1)
    for q in chance[:crossing]:
        weight = (weight[:, None] * np.array([1 - q, q])).ravel()
    # Place 0 is for accounts that no cause apart can take.
    place = parting.group[who] + 1
    spread = steps.above[split] * (1 - steps.above[split])
    # The cause apart of each comes last: its states are neighbours, first not struck, then struck.
    taken = [*(parting.crossed[who, cause] for cause in range(crossing)), parting.taken[who]]
    by = np.minimum(gate[who], crossing)
    lost = _counting(_by_state(each.own[who], taken), by, each.side[who], range(crossing + 1))
    alone, struck = spread[:, None] * lost[:, 0::2], spread[:, None] * lost[:, 1::2]
    table = np.zeros((2**crossing, len(parting.apart) + 1, 2))
    np.add.at(table[:, :, 0].T, place, alone)
    np.add.at(table[:, :, 1].T, place, struck)
    return error_bound(steps, table, np.array([0.0, *chance[crossing:]]), weight, largest)


def _method(steps: Grid, points: int, parting: Parting) -> str:
    exact = "exactly, " if not (steps.above > 0).any() else ""
    states = 2 ** len(parting.crossing)
    causes = "one overlapping cause" if states == 2 else f"{len(parting.crossing)} overlapping causes"
    crossing = f"; {causes} in all {states:,} states" if states > 1 else ""
    return f"computed {exact}on a grid of {points:,} amounts{crossing}"
