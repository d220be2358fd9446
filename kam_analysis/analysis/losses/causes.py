"""What could take several accounts at once, and what remains of an account's own probability beside it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kam_analysis.analysis.losses.inputs import Floats, Integers, fixed, number, numbers, refuse, shares

# A difference below this is what rounding leaves, not causes that exceed the figure.
_ROUNDING = 1e-12


@dataclass(frozen=True)
class CommonCause:
    """What could take several accounts at once: their manager leaves, a downturn, a partner changes sides.

    `probability`: that it strikes within the horizon, 0-1. `members`: positions of the accounts it can
    take, in exposure's order, from 0. `loss_probability`: that it takes a member once it has struck, 0-1;
    one number for all or one per member. `part_lost`: the part of a member that is lost for certain once it has
    struck, also where the member stays (what a change of hands costs), 0-1, given likewise. `name`: how pages call
    it. All strikes are independent. Raises `ValueError` for anything else; that members are among the accounts is
    checked where those are known.

    >>> CommonCause(0.1, [0, 2], 0.5, "Reiter leaves").members
    (0, 2)
    """

    probability: float
    members: Sequence[int]
    loss_probability: float | Sequence[float]
    name: str = ""
    part_lost: float | Sequence[float] = 0.0

    def __post_init__(self) -> None:
        what = self.name or "a common cause"
        object.__setattr__(self, "probability", number(f"{what}, probability", self.probability, 0, 1))
        members = _positions(f"{what}, members", self.members)
        object.__setattr__(self, "members", tuple(members.tolist()))
        for name in ("loss_probability", "part_lost"):
            given = getattr(self, name)
            taken = shares(f"{what}, {name}", given, members.size)
            object.__setattr__(self, name, float(given) if np.ndim(given) == 0 else tuple(taken.tolist()))

    @property
    def losses(self) -> Floats:
        """The loss probability of each member, shape (members,)."""
        return self._of_each(self.loss_probability)

    @property
    def parts(self) -> Floats:
        """The part of each member that is lost for certain, shape (members,)."""
        return self._of_each(self.part_lost)

    def _of_each(self, given: float | Sequence[float]) -> Floats:
        return np.full(len(self.members), given) if isinstance(given, float) else np.array(given)


@dataclass(frozen=True)
class OwnProbability:
    """What remains of each account's probability for causes of its own.

    `own`: shape (n,), 0-1, in exposure's order. `floored`: positions where the causes alone exceed the
    all-cause figure: there `own` is 0, and the account's probability is higher with the causes than without.
    """

    own: Floats
    floored: Integers


def own_probability(all_cause: npt.ArrayLike, causes: Sequence[CommonCause]) -> OwnProbability:
    """What is left of the chance of leaving once what the common causes bring is taken out?

    `all_cause`: shape (n,), 0-1, the chance of leaving for whatever reason. Passing the result to
    `loss_distribution` with the same causes keeps every account's chance, so that the causes change only
    what happens together. own = 1 - (1 - all_cause) / prod(1 - probability * loss_probability), at least 0.

    An account that a cause surely takes keeps nothing of its own. Raises `ValueError` for probabilities
    outside 0-1 or missing and for members that are not among the accounts.

    >>> found = own_probability([0.2, 0.2, 0.01], [CommonCause(0.1, [1, 2], 0.5)])
    >>> found.own.round(6).tolist(), found.floored.tolist()
    ([0.2, 0.157895, 0.0], [2])
    """
    values = numbers("all_cause", all_cause)
    if values.ndim == 0:
        raise ValueError(f"all_cause: expected one probability per account, got the single number {values:g}")
    values = shares("all_cause", values, values.size)
    kept = kept_by_causes(values.size, causes)
    own = 1 - np.divide(1 - values, kept, out=np.ones_like(values), where=kept > 0)
    floored = np.flatnonzero(1 - kept > values + _ROUNDING)
    return OwnProbability(fixed(own.clip(0, 1)), fixed(floored))


def all_cause_probability(probability: npt.ArrayLike, causes: Sequence[CommonCause], n: int | None = None) -> Floats:
    """How likely is each account to be lost for whatever reason, of its own or in common?

    `probability`: that its own cause strikes, shape (n,), 0-1, or one number for all `n`. Shape (n,), 0-1:
    1 - (1 - probability) * prod(1 - cause's probability * loss_probability). Errors as `own_probability`.

    >>> all_cause_probability([0.2, 0.0], [CommonCause(0.5, [0, 1], 0.5)]).tolist()
    [0.4, 0.25]
    """
    size = np.size(np.asarray(probability)) if n is None else n
    own = shares("probability", probability, size)
    # Without causes exactly the own one.
    return own + (1 - own) * (1 - kept_by_causes(size, causes))


def kept_by_causes(n: int, causes: Sequence[CommonCause]) -> Floats:
    """The chance that no common cause takes an account: shape (n,); checks the members."""
    kept = np.ones(n)
    for cause in checked_causes(n, causes):
        kept[list(cause.members)] *= 1 - cause.probability * cause.losses
    return kept


def checked_causes(n: int, causes: Sequence[CommonCause]) -> list[CommonCause]:
    """The causes as a list; raises `ValueError` where a member is not among `n` accounts."""
    found = list(causes)
    for at, cause in enumerate(found):
        if not isinstance(cause, CommonCause):
            raise ValueError(f"causes: expected CommonCause, got {type(cause).__name__} at position {at}")
        members = np.asarray(cause.members, dtype=np.int64)
        what = cause.name or f"cause {at}"
        refuse(f"{what}, members", f"positions from 0 to {n - 1}, of {n} accounts", members >= n, members)
    return found


def _positions(name: str, members: Sequence[int]) -> Integers:
    found = np.atleast_1d(numbers(name, members))
    refuse(name, "positions: whole numbers from 0", ~((found >= 0) & (found == np.floor(found))), found)
    positions = found.astype(np.int64)
    repeated = np.ones(positions.size, dtype=bool)
    repeated[np.unique(positions, return_index=True)[1]] = False
    refuse(name, "every position once", repeated, positions)
    return positions
