"""Which common causes can take the same accounts, and which of them must be looked at state by state?"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from kam_analysis.analysis.losses.causes import CommonCause
from kam_analysis.analysis.losses.inputs import Floats, Integers


@dataclass(frozen=True, eq=False)
class Parting:
    """Causes parted into those that overlap with others and those that then no longer do.

    `crossing`: positions of the causes to be looked at state by state. `apart`: positions of the others,
    no two of which have an account in common. `group`: per account the place in `apart` of the cause that
    can take it, -1 for none; `taken`: with which probability it then does. `crossed`: the same for the
    crossing ones, shape (n, crossing); 0 where it is not a member.
    """

    crossing: tuple[int, ...]
    apart: tuple[int, ...]
    group: Integers
    taken: Floats
    crossed: Floats


def parted(n: int, causes: Sequence[CommonCause]) -> Parting:
    """The fewest causes that must be looked at state by state, taken one after the other.

    The cause that has accounts in common with the most others goes first (of equals the first in order),
    until no two of the rest have any. Causes that cannot strike or take nobody count for neither.
    """
    takers = [_taken(cause) for cause in causes]
    alive = [at for at, cause in enumerate(causes) if cause.probability > 0 and takers[at][0].size]
    shared = _shared(n, [takers[at][0] for at in alive])
    crossing: list[int] = []
    while (others := shared.sum(axis=1)).any():
        worst = int(others.argmax())
        crossing.append(worst)
        shared[worst] = shared[:, worst] = False
    apart = [at for at in range(len(alive)) if at not in crossing]
    group, taken = np.full(n, -1), np.zeros(n)
    for place, at in enumerate(apart):
        members, losses = takers[alive[at]]
        group[members], taken[members] = place, losses
    crossed = np.zeros((n, len(crossing)))
    for place, at in enumerate(sorted(crossing)):
        members, losses = takers[alive[at]]
        crossed[members, place] = losses
    return Parting(tuple(alive[at] for at in sorted(crossing)), tuple(alive[at] for at in apart), group, taken, crossed)


def _taken(cause: CommonCause) -> tuple[Integers, Floats]:
    """Members that the cause can really take, and with which probability."""
    losses = cause.losses
    return np.asarray(cause.members, dtype=np.int64)[losses > 0], losses[losses > 0]


def _shared(n: int, members: Sequence[Integers]) -> npt.NDArray[np.bool_]:
    """Whether two causes have an account in common: shape (causes, causes), False on the diagonal."""
    counts = np.array([each.size for each in members], dtype=np.int64)
    columns = np.concatenate([np.zeros(0, dtype=np.int64), *members])
    rows = np.repeat(np.arange(counts.size), counts)
    of = sparse.csr_array((np.ones(columns.size), (rows, columns)), shape=(counts.size, n))
    found = np.asarray((of @ of.T).todense()) > 0
    np.fill_diagonal(found, False)
    return found
