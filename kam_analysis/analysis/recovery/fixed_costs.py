"""Who pays for what stays when an account goes: stranded fixed costs, break-even, and what loss we can absorb?"""

from dataclasses import dataclass
from typing import Protocol

from kam_analysis.analysis.recovery.exposure import Exposures
from kam_analysis.analysis.recovery.ranges import Assumed, Range, ranged
from kam_analysis.analysis.recovery.worst_cases import Loss


class Exceedance(Protocol):
    """What a distribution of losses must tell here."""

    def probability_above(self, x: float) -> float:
        """The chance that more than `x` is lost within its horizon, 0-1."""
        ...


@dataclass(frozen=True)
class Cover:
    """How fixed costs are covered with and without the accounts that are lost, money a year.

    `stranded`: the part of fixed costs that the lost margin paid for, in proportion; the others must carry it.
    `result_before` and `result_after`: all margin less fixed costs. `break_even_before` and `break_even_after`:
    sales at which margin pays fixed costs, at the margin of all and of those that stay; None where that margin
    is not above zero. `below_after`: fixed costs are no longer paid, at the value of the assumption.
    """

    fixed_costs: Range
    stranded: Range
    result_before: Range
    result_after: Range
    break_even_before: Range | None
    break_even_after: Range | None

    @property
    def below_after(self) -> bool:
        """Whether the business without them loses money."""
        return self.result_after.value < 0


@dataclass(frozen=True)
class Absorbable:
    """The margin a year that can be lost before break-even, and how likely more is lost.

    `margin`: all margin less fixed costs, at least 0, with the range of the fixed costs. `below_already`: fixed
    costs are not paid today. `largest`: so many of the largest can be lost together with break-even still
    reached. `probability`: that more than `margin` is lost (0-1), at its value and at its ends; None without
    a distribution.
    """

    margin: Range
    below_already: bool
    largest: int
    probability: Range | None


def fixed_costs(
    found: Exposures, share_of_margin: float | Assumed | None = None, amount: float | Assumed | None = None
) -> Range | None:
    """What are fixed costs a year, from an assumption that is a share of all margin, or an amount?

    None where exposure is not margin, where neither is given, or a share is to be taken of a margin that is not
    above zero: nothing is guessed. Raises `ValueError` where both
    are given or one is below zero. A share is of the company's own margin, accounts below zero included.

    >>> from kam_analysis.analysis.recovery import exposures
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"account_id": ["a"], "account_name": ["A"], "revenue": [100.0], "margin": [40.0]})
    >>> fixed_costs(exposures(rows), share_of_margin=Range(0.75, 0.5, 0.8))
    Range(value=30.0, low=20.0, high=32.0)
    """
    if share_of_margin is not None and amount is not None:
        raise ValueError("fixed costs: expected a share of margin or an amount, got both")
    if not found.has_margin or (share_of_margin is None and amount is None):
        return None
    if amount is not None:
        return ranged(amount, "fixed costs", 0)
    assert share_of_margin is not None
    share = ranged(share_of_margin, "fixed costs' share of margin", 0)
    if found.earned <= 0:
        return None
    return Range.spanning(*(end * found.earned for end in (share.value, share.low, share.high)))


def cover(found: Exposures, loss: Loss, fixed: float | Assumed | None) -> Cover | None:
    """What do fixed costs do to us once these accounts are gone?

    `fixed`: fixed costs a year, money, that stay after the loss; None gives None, so does an exposure that is
    not margin. A loss counts with its margin above zero; accounts set aside are no relief. With no margin at
    all, nothing is stranded in proportion.

    >>> from kam_analysis.analysis.recovery import exposures, lose_largest
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"account_id": ["a", "b"], "account_name": ["A", "B"],
    ...                      "revenue": [100.0, 100.0], "margin": [30.0, 20.0]})
    >>> found = cover(exposures(rows), lose_largest(exposures(rows), 1), 40.0)
    >>> found.stranded.value, found.result_before.value, found.result_after.value, found.below_after
    (24.0, 10.0, -20.0, True)
    >>> found.break_even_before.value, found.break_even_after.value
    (160.0, 200.0)
    """
    if fixed is None or not found.has_margin:
        return None
    costs = ranged(fixed, "fixed costs", 0)
    ends = (costs.value, costs.low, costs.high)
    part = loss.exposure / found.earned if found.earned > 0 else 0.0
    left, sales = found.earned - loss.exposure, found.revenue - loss.revenue
    return Cover(
        costs,
        Range.spanning(*(end * part for end in ends)),
        Range.spanning(*(found.earned - end for end in ends)),
        Range.spanning(*(left - end for end in ends)),
        _break_even(ends, found.earned, found.revenue),
        _break_even(ends, left, sales),
    )


def absorbable(
    found: Exposures, fixed: float | Assumed | None, distribution: Exceedance | None = None
) -> Absorbable | None:
    """How much can we lose before break-even, and how likely is more?

    `fixed` as in `cover`. `distribution`: of the margin lost within a year, as `losses.loss_distribution`
    gives. None where fixed costs or margin are not known. A loss that leaves nothing over is still absorbed.

    >>> from kam_analysis.analysis.recovery import exposures
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"account_id": ["a", "b"], "account_name": ["A", "B"],
    ...                      "revenue": [100.0, 100.0], "margin": [30.0, 20.0]})
    >>> found = absorbable(exposures(rows), 15.0)
    >>> found.margin.value, found.below_already, found.largest
    (35.0, False, 1)
    """
    if fixed is None or not found.has_margin:
        return None
    costs = ranged(fixed, "fixed costs", 0)
    over = [found.earned - end for end in (costs.value, costs.low, costs.high)]
    margin = Range.spanning(*(max(each, 0.0) for each in over))
    largest = int((found.amounts.cumsum() <= margin.value).sum()) if over[0] >= 0 else 0
    chance = None
    if distribution is not None:
        ends = (margin.value, margin.low, margin.high)
        chance = Range.spanning(*(float(distribution.probability_above(end)) for end in ends))
    return Absorbable(margin, over[0] < 0, largest, chance)


def _break_even(costs: tuple[float, float, float], margin: float, sales: float) -> Range | None:
    if margin <= 0 or sales <= 0:
        return None
    return Range.spanning(*(end * sales / margin for end in costs))
