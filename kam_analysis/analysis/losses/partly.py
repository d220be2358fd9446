"""Accounts of which a common cause takes a part where it does not take all: each as pieces that are lost or not.

Once such a cause strikes, a part of the account is lost for certain, and the rest if the account leaves; unless it
strikes, the account leaves as a whole or not at all. So an account becomes three pieces: the whole, which only counts
unless the cause strikes; the rest and the part, which only count if it does. Given what has struck, the pieces are
independent, so that nothing is approximated.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from kam_analysis.analysis.losses.causes import CommonCause
from kam_analysis.analysis.losses.inputs import Floats, Integers

# What a cause must take at least to be known as one that decides whether a piece counts.
_LEAST = float(np.finfo(np.float64).tiny)


@dataclass(frozen=True, eq=False)
class Pieces:
    """What can be lost, piece by piece: money, own probability, probability for whatever reason, shape (pieces,).

    `gate`: the cause that decides whether a piece counts, -1 for none; `side`: 1 if it must have struck, 0 if not.
    `account`: whose piece it is. `causes`: the same causes with pieces as members.
    """

    loss: Floats
    own: Floats
    lost: Floats
    gate: Integers
    side: Integers
    account: Integers
    causes: Sequence[CommonCause]


def pieces(loss: Floats, own: Floats, causes: Sequence[CommonCause]) -> Pieces:
    """Every account as one piece, those that a cause can take in part as three.

    Raises `ValueError` where more than one cause takes a part of an account.
    """
    by, part = _parted_by(loss.size, causes)
    split = np.flatnonzero(by >= 0)
    n = loss.size
    size = n + 2 * split.size
    rest, first = n + np.arange(split.size), n + split.size + np.arange(split.size)
    account = np.concatenate([np.arange(n), split, split])
    gate = np.full(size, -1)
    gate[split] = gate[rest] = by[split]
    side = np.zeros(size, dtype=np.int64)
    side[rest] = 1
    money = loss[account]
    money[rest] *= 1 - part[split]
    money[first] *= part[split]
    takes = _taken(n, causes)
    struck = 1 - (1 - own[split]) * (1 - takes[by[split], split]) if split.size else np.zeros(0)
    alone = own[account]
    # If the cause has struck, what is left of the own chance and what the cause takes are one.
    alone[rest] = alone[first] = 0.0
    found = [_among(each, at, place=(rest, first), split=split, by=by, struck=struck) for at, each in enumerate(causes)]
    chance = np.array([each.probability for each in causes])
    strikes = chance[by[split]] if split.size else np.zeros(0)
    kept = 1 - chance[:, None] * takes
    kept[by[split], split] = 1.0
    others = kept.prod(axis=0)
    # Without causes exactly the own one.
    lost = own + (1 - own) * (1 - others)
    rest_lost = strikes * (1 - (1 - struck) * others[split])
    every = np.concatenate([lost, rest_lost, strikes])
    every[split] *= 1 - strikes
    return Pieces(money, alone, every, gate, side, account, found)


def _parted_by(n: int, causes: Sequence[CommonCause]) -> tuple[Integers, Floats]:
    """Which cause takes a part of each account, -1 for none, and which part."""
    by, part = np.full(n, -1), np.zeros(n)
    for at, cause in enumerate(causes):
        members = np.asarray(cause.members, dtype=np.int64)[cause.parts > 0]
        if cause.probability > 0 and members.size:
            if (by[members] >= 0).any():
                raise ValueError(f"{cause.name or f'cause {at}'}: an account of which another takes a part already")
            by[members], part[members] = at, cause.parts[cause.parts > 0]
    return by, part


def _taken(n: int, causes: Sequence[CommonCause]) -> Floats:
    found = np.zeros((len(causes), n))
    for at, cause in enumerate(causes):
        found[at, list(cause.members)] = cause.losses
    return found


def _among(
    cause: CommonCause,
    at: int,
    *,
    place: tuple[Integers, Integers],
    split: Integers,
    by: Integers,
    struck: Floats,
) -> CommonCause:
    """A cause with the pieces that it can take: of those that it gates it decides all, of others it takes as before."""
    rest, first = place
    members, losses = np.asarray(cause.members, dtype=np.int64), cause.losses
    own = by[split] == at
    taken = losses.copy()
    # The whole never counts once this has struck: it is a member so that it is known to depend on it.
    taken[by[members] == at] = 1.0
    position = {int(account): number for number, account in enumerate(split)}
    each_loss = zip(members.tolist(), losses, strict=True)
    other = [(rest[position[m]], loss) for m, loss in each_loss if m in position and by[m] != at]
    more = [np.array([each for each, _ in other], dtype=np.int64), rest[own], first[own]]
    much = [np.array([each for _, each in other]), np.maximum(struck[own], _LEAST), np.ones(int(own.sum()))]
    return replace(
        cause,
        members=np.concatenate([members, *more]).tolist(),
        loss_probability=np.concatenate([taken, *much]).tolist(),
        part_lost=0.0,
    )
