"""What does a bad year cost: customers that leave, one by one or several at once, and those that stay and buy less?"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from kam_analysis.analysis.losses.both_parts import leaving_and_buying_less
from kam_analysis.analysis.losses.buying_less import BuyingLess, Falls, buying_less
from kam_analysis.analysis.losses.causes import CommonCause, all_cause_probability, own_probability
from kam_analysis.analysis.losses.distribution import LossDistribution, loss_distribution
from kam_analysis.analysis.losses.inputs import Floats, Integers, fixed, money


@dataclass(frozen=True, eq=False)
class BadYear:
    """The loss distribution with common causes and, at the same chance of leaving for each account, without.

    `joint`: with the causes and, where it is known, what buying less takes; `less`: that part, None where not assessed.
    `assessed`: positions of the accounts with a chance of leaving, the only ones in it;
    `amounts`: what those earn; `own` and `causes`: what can take them, members by position among
    those assessed; `exposure_left_out`: what the others earn. `floored`: positions of
    accounts whose causes alone exceed their figure: with the causes they are likelier to leave than it says.
    """

    joint: LossDistribution
    less: BuyingLess | None
    assessed: Integers
    amounts: Floats
    own: Floats
    causes: tuple[CommonCause, ...]
    exposure_left_out: float
    floored: Integers
    accounts: int

    @cached_property
    def alone(self) -> LossDistribution:
        """Every account on its own, as likely to leave as with the causes."""
        # Computed where it is asked for: it costs as much as the joint one.
        parted = [each for each in self.causes if (each.parts > 0).any()]
        others = [each for each in self.causes if each not in parted]
        # What takes a part of an account strikes each by itself.
        apart = [
            CommonCause(each.probability, [member], taken, each.name, part)
            for each in parted
            for member, taken, part in zip(each.members, each.losses.tolist(), each.parts.tolist(), strict=True)
        ]
        return _year(self.amounts, all_cause_probability(self.own, others), apart, self.less)

    @property
    def at_stake(self) -> Floats:
        """What each would earn: its amount less the part by which it is expected to fall."""
        return self.amounts if self.less is None else self.amounts * (1 - self.less.expected)

    @property
    def expected_leaving(self) -> float:
        """What is expected to go with customers that leave, the cost of hand-overs too; money a year."""
        return float(self.amounts @ (1 - self._kept))

    @property
    def expected_less(self) -> float:
        """What customers that stay are expected to buy less, money a year; NaN where not assessed."""
        return float(self.amounts * self._kept @ self.less.expected) if self.less is not None else float("nan")

    @cached_property
    def _kept(self) -> Floats:
        """The part of each customer's money that leaving and hand-overs are expected to leave, 0-1."""
        found = 1 - self.own
        for cause in self.causes:
            members = np.asarray(cause.members, dtype=np.int64)
            stays = (1 - cause.losses) * (1 - cause.parts)
            found[members] *= 1 - cause.probability + cause.probability * stays
        return found

    def contributions(self, q: float) -> Floats:
        """Each account's part of the expected shortfall at level `q`, 0-1, in exposure's order; NaN if not assessed."""
        found = np.full(self.accounts, np.nan)
        parts = self.joint.contributions(q)
        found[self.assessed] = parts / parts.sum() if parts.sum() > 0 else 0.0
        return fixed(found)


def bad_year(
    exposure: npt.ArrayLike,
    probability: npt.ArrayLike,
    causes: Sequence[CommonCause] = (),
    past: Falls | None = None,
) -> BadYear | None:
    """What do we lose in a year, whatever takes them?

    `exposure`: money, at least 0; `probability`: all-cause chance of leaving, 0-1, NaN where not assessed; both of
    shape (n,). `causes`: members by position. What remains of each chance once the causes are taken out is its
    own cause; where the causes alone exceed it, the higher chance holds on both sides, so that both distributions
    have the same mean and differ only in what happens together. `past`: by how much customers fell that stayed, of
    `falls`; what those that stay buy less is added by it, independent of who leaves; without it that part is not
    assessed. None where no account is assessed. Raises `ValueError` as `loss_distribution` and `own_probability` do.

    >>> found = bad_year([10.0, 20.0, 30.0], [0.1, 0.2, float("nan")], [CommonCause(0.1, [1, 2], 0.5)])
    >>> round(found.joint.mean, 6), round(found.alone.mean, 6), found.exposure_left_out
    (5.0, 5.0, 30.0)
    """
    amounts, chance = money("exposure", exposure), np.asarray(probability, dtype=np.float64)
    if chance.shape != amounts.shape:
        raise ValueError(f"probability: expected one per account, {amounts.size}, got {chance.size}")
    assessed = np.flatnonzero(~np.isnan(chance))
    if not assessed.size:
        return None
    place = dict(zip(assessed.tolist(), range(assessed.size), strict=True))
    among = [among for cause in causes if (among := _among(cause, place)) is not None]
    own = own_probability(chance[assessed], among)
    less = None if past is None else buying_less(amounts[assessed], past)
    return BadYear(
        _year(amounts[assessed], own.own, among, less),
        less,
        fixed(assessed),
        fixed(amounts[assessed]),
        own.own,
        tuple(among),
        float(np.delete(amounts, assessed).sum()),
        fixed(assessed[own.floored]),
        amounts.size,
    )


def _year(amounts: Floats, own: Floats, causes: Sequence[CommonCause], less: BuyingLess | None) -> LossDistribution:
    if less is None:
        return loss_distribution(amounts, own, causes=causes)
    return leaving_and_buying_less(own, causes, less)


def _among(cause: CommonCause, place: dict[int, int]) -> CommonCause | None:
    """The cause with those of its members that are assessed."""
    kept = [at for at, member in enumerate(cause.members) if member in place]
    if not kept:
        return None
    members = [place[cause.members[at]] for at in kept]
    return CommonCause(cause.probability, members, cause.losses[kept].tolist(), cause.name, cause.parts[kept].tolist())
