"""What do we lose if accounts leave, and how likely is each amount?"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import numpy.typing as npt
import pandas as pd

from kam_analysis.analysis.losses.causes import CommonCause, checked_causes
from kam_analysis.analysis.losses.computed import computed
from kam_analysis.analysis.losses.inputs import Floats, count, fixed, money, number, shares
from kam_analysis.analysis.losses.overlaps import parted
from kam_analysis.analysis.losses.partly import pieces
from kam_analysis.analysis.losses.simulated import SEED, error_of, simulated

# Up to so many causes that overlap with others are looked at in each of their states.
MOST_OVERLAPPING = 10
# Sums of probabilities are exact to about this; a level that a sum of them meets is met.
_ROUNDING = 1e-12


def whatever_the_weight(shares: Floats, weight: Floats) -> Floats:
    """Each account's part of a loss where nothing changes it. A function with a name, so that results can be stored."""
    return shares


@dataclass(frozen=True, eq=False)
class LossDistribution:
    """The money that may be lost, with its probabilities.

    `losses`: amounts, ascending, shape (m,). `probabilities`: of each, shape (m,), adding up to 1.
    `mean`, `std`: expected loss and standard deviation, exact whatever the grid (but for `std` of a
    simulation). `method`: how it was worked out, in words for a page. `error_bound`: money, see below.

    Computed, the error is that of the grid. `quantile(q)` is within `error_bound` of the exact quantiles
    at levels no further than 1e-6 from q; `expected_shortfall(q)` is at most `error_bound` too high, for
    q up to 1 - 1e-6, and never too low; `probability_above(x)` lies between the exact figures at
    x + error_bound, less 1e-6, and x - error_bound, plus 1e-6. Where all losses are multiples of one step
    the bound is rounding. Simulated, it is 3.3 standard errors (999 of 1,000) of whichever is less certain,
    quantile or expected shortfall, at the worst of the levels 50, 90, 95 and 99%.
    """

    losses: Floats
    probabilities: Floats
    mean: float
    std: float
    method: str
    error_bound: float
    _shares: Callable[[Floats], Floats] = field(repr=False)

    def quantile(self, q: float) -> float:
        """What loss is not exceeded with probability `q`? The smallest x with P(L <= x) >= q, 0 < q < 1."""
        return float(self.losses[self._place(q)])

    def expected_shortfall(self, q: float) -> float:
        """What do the worst 1 - `q` of cases cost on average? quantile + E[(L - quantile)+] / (1 - q).

        Acerbi & Tasche, On the coherence of expected shortfall, 2002; Rockafellar & Uryasev 2002.
        """
        at = self._place(q)
        beyond = ((self.losses[at:] - self.losses[at]) * self.probabilities[at:]).sum()
        return float(self.losses[at] + beyond / (1 - q))

    def probability_above(self, x: float) -> float:
        """How likely is a loss of more than `x` (money)? P(L > x), 0-1."""
        amount = number("x", x, -np.inf)
        # An amount that is a point of the grid but for rounding is that point.
        above = self.losses > amount + 1e-9 * abs(amount)
        return float(min(self.probabilities[above].sum(), 1.0))

    def contributions(self, q: float) -> Floats:
        """What does each account bring to `expected_shortfall(q)`? Money, shape (n,), in exposure's order.

        E[its loss | total beyond the quantile]; an atom at the quantile is shared in proportion. They add
        up to the expected shortfall (Euler allocation: Tasche, Risk contributions and performance
        measurement, 1999).
        """
        at = self._place(q)
        weight = np.zeros(self.losses.size)
        weight[at + 1 :] = 1.0
        atom, beyond = self.probabilities[at], self.probabilities[at + 1 :].sum()
        weight[at] = min(max((1 - q - beyond) / atom, 0.0), 1.0) if atom > 0 else 0.0
        return fixed(self.shares(weight / (1 - q)))

    def shares(self, weight: Floats) -> Floats:
        """E[each account's loss * weight of the total], money, shape (n,); `weight`: of each of `losses`."""
        return self._shares(weight)

    def exceedance(self, points: int = 200) -> pd.DataFrame:
        """How likely is it to lose more than this? The curve's points: loss (money) and probability (0-1).

        `points` amounts, evenly from 0 to the loss that one year in ten thousand exceeds.
        """
        amounts = np.linspace(0, self.quantile(0.9999), count("points", points, 2))
        tail = np.append(self.probabilities[::-1].cumsum()[::-1], 0.0)
        at = np.searchsorted(self.losses, amounts * (1 + 1e-9), side="right")
        return pd.DataFrame({"loss": amounts, "probability": tail[at].clip(0, 1)})

    def _place(self, q: float) -> int:
        """Where the quantile at a level is among the losses."""
        if not 0 < q < 1:
            raise ValueError(f"q: expected a level above 0 and below 1, such as 0.95, got {q}")
        place = np.searchsorted(self.probabilities.cumsum(), q - _ROUNDING)
        return min(int(place), self.losses.size - 1)


def loss_distribution(
    exposure: npt.ArrayLike,
    probability: npt.ArrayLike,
    severity: npt.ArrayLike = 1.0,
    causes: Sequence[CommonCause] = (),
    *,
    seed: int = SEED,
) -> LossDistribution:
    """How much may we lose within the horizon, and how likely is that?

    `exposure`: money per account, shape (n,), zero or more. `probability`: that an account's own cause
    strikes, 0-1, shape (n,) or one number. `severity`: the share of the exposure that is then lost, 0-1,
    shape (n,) or one number. `causes`: what can take several at once. An account is lost if its own cause
    strikes, or if a common cause strikes of which it is a member and takes it; all are independent. Of a member
    that stays, a cause that has struck takes its `part_lost`. Where the probabilities are of leaving for whatever
    reason, pass what `own_probability` leaves of them.

    Computed, not simulated: generating functions on a grid of losses, each loss shared between the two
    points beside it so that its mean stays; common causes in any number as long as no account is in two of
    them, and beside those at most ten that overlap with others. With more it is simulated, with `seed`,
    and `method` says so. No account, or none with anything to lose, is a loss of 0.

    Raises `ValueError` for exposures that are negative or missing, probabilities, severities and levels
    out of range, lengths that differ, members that are not among the accounts, and where two causes take a part of
    one account.

    >>> found = loss_distribution([100, 50], [0.1, 0.2])
    >>> found.mean, found.quantile(0.9), round(found.probability_above(0), 6)
    (20.0, 50.0, 0.28)
    >>> round(found.expected_shortfall(0.9), 6), found.contributions(0.9).round(6).tolist()
    (110.0, [100.0, 10.0])
    """
    amounts = money("exposure", exposure)
    loss = amounts * shares("severity", severity, amounts.size)
    own = shares("probability", probability, amounts.size)
    known = checked_causes(amounts.size, causes)
    each = pieces(loss, own, known)
    at_stake = np.flatnonzero((each.loss > 0) & (each.lost > 0))
    mean = float(each.loss @ each.lost)
    if not at_stake.size:
        return _nothing(amounts.size)
    parting = parted(each.loss.size, each.causes)
    if len(parting.crossing) > MOST_OVERLAPPING:
        return LossDistribution(*simulated(each, mean, len(parting.crossing), seed))
    return LossDistribution(*computed(each, parting, at_stake, mean))


def of_draws(drawn: Floats, method: str) -> LossDistribution:
    """The distribution of simulated losses, each as likely as the others; whose they are is not known of them.

    `drawn`: money, zero or more, shape (m,), at least one. `method`: how they were drawn, in words for a page.

    >>> found = of_draws(np.array([0.0, 10.0, 0.0, 30.0]), "by hand")
    >>> found.mean, found.quantile(0.7), found.probability_above(5)
    (10.0, 10.0, 0.5)
    """
    losses = np.sort(money("drawn", drawn))
    equal = np.full(losses.size, 1 / losses.size)
    unknown = np.full(1, np.nan)
    return LossDistribution(
        fixed(losses),
        fixed(equal),
        float(losses.mean()),
        float(losses.std()),
        method,
        error_of(losses),
        partial(whatever_the_weight, unknown),
    )


def _nothing(n: int) -> LossDistribution:
    """A loss of 0 for certain."""
    nothing = fixed(np.zeros(1)), fixed(np.ones(1))
    return LossDistribution(*nothing, 0.0, 0.0, "nothing to lose", 0.0, partial(whatever_the_weight, np.zeros(n)))
