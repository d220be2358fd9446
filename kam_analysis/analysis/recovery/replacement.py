"""How long does it take to replace a loss, and how much money is missing until then?"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from kam_analysis.analysis.recovery.new_business import NewBusiness
from kam_analysis.analysis.recovery.ranges import Assumed, Range
from kam_analysis.analysis.recovery.time_course import (
    missing_until,
    months_to_replace,
    replaced_after,
    way_of_replacing,
)
from kam_analysis.analysis.recovery.worst_cases import Loss

# Sales plans look three years ahead; what takes longer is not replaced "within the plan".
PLAN_MONTHS = 36
MILESTONES = (12, 24, 36)


@dataclass(frozen=True)
class Replacement:
    """How a loss is made up for by new business, month by month.

    `loss` money a year, `pace` won a year, `cycle_months` and `ramp_months` as given. `months`: until replaced,
    None where that is beyond `plan_months` or never; `months_low` with all three at their good ends (fast pace,
    short cycle and ramp), `months_high` at their bad ends: the true one lies between unless an assumption breaks.
    `months_of_any_length`: without the plan's limit, infinite for never. `gap`: money missing in all until replaced or the plan ends.
    `path`: month (0 to the plan's end), replaced (a year's money, at most the loss) and share (0-1) and gap
    (missing in all so far), each with _low and _high, by size.
    """

    loss: float
    pace: Range
    cycle_months: Range
    ramp_months: Range
    plan_months: int
    months: float | None
    months_low: float | None
    months_high: float | None
    months_of_any_length: float
    gap: Range
    path: pd.DataFrame

    def at(self, months: Iterable[int] = MILESTONES) -> pd.DataFrame:
        """The rows of `path` at these months, those within the plan."""
        return self.path[self.path["month"].isin(list(months))].reset_index(drop=True)


def replacement(
    loss: float,
    pace: float | Assumed,
    cycle_months: float | Assumed,
    ramp_months: float | Assumed,
    plan_months: int = PLAN_MONTHS,
) -> Replacement:
    """How long until new business makes up for a loss?

    `loss`: money a year, lost at once at month 0. `pace`: new business won a year, in the same money (below zero:
    none). `cycle_months`: until what is sought because of the loss brings
    a first order. `ramp_months`: from there to a new customer's full size. Cycle and ramp as in `time_course`.
    Nothing is discounted. No band is a confidence interval: it moves all assumptions together.

    Raises `ValueError` for a loss, cycle or ramp below zero, a plan below one month, a range upside down.

    >>> found = replacement(240.0, pace=Range(120, 60, 240), cycle_months=6, ramp_months=Range(12, 0, 12))
    >>> found.months, found.months_low, found.months_high
    (36.0, 18.0, None)
    >>> found.at([12, 24])[["month", "replaced", "replaced_low", "replaced_high"]].values.tolist()
    [[12.0, 15.0, 7.5, 120.0], [24.0, 120.0, 60.0, 240.0]]
    >>> found.gap.value
    475.0
    """
    if not 0 <= loss < float("inf"):
        raise ValueError(f"loss: expected 0 or more, got {loss:g}")
    if plan_months < 1:
        raise ValueError(f"plan_months: expected at least 1, got {plan_months}")
    speed, cycle, ramp = way_of_replacing(pace, cycle_months, ramp_months)
    middle = (speed.value, cycle.value, ramp.value)
    bad, good = (speed.low, cycle.high, ramp.high), (speed.high, cycle.low, ramp.low)
    ways = [middle, bad, good]
    lengths = [float(months_to_replace(loss, *way)) for way in ways]
    gaps = [float(missing_until(plan_months, loss, *way)) for way in ways]
    months, longest, shortest = (length if length <= plan_months else None for length in lengths)
    return Replacement(
        loss,
        speed,
        cycle,
        ramp,
        plan_months,
        months,
        shortest,
        longest,
        lengths[0],
        Range.spanning(*gaps),
        _path(loss, ways, plan_months),
    )


@dataclass(frozen=True)
class ComingThrough:
    """A loss against two paces of new business, which are the same whatever is lost.

    `by_new_customers`: as if the growth of those that stay paid for usual losses; `growth_covers_losses` says
    whether it did. `by_net`: after usual losses: what is left of new, returned and grown business. `years`: how long
    at the faster and at the slower of the two, sales cycle and ramp included; infinite for never.
    `new_customers_needed` and `average_accounts`: how many new customers of average first-year size, or accounts
    as large as the mean of those that stay, equal the loss; NaN where there are none.
    """

    label: str
    measure: str
    by_new_customers: Replacement
    by_net: Replacement
    growth_covers_losses: bool
    new_customers_needed: float
    average_accounts: float

    @property
    def years(self) -> tuple[float, float]:
        """The time to replace the loss in years, at the faster and at the slower pace."""
        ends = sorted(each.months_of_any_length / 12 for each in (self.by_new_customers, self.by_net))
        return ends[0], ends[1]


def coming_through(
    loss: Loss,
    business: NewBusiness | None,
    cycle_months: float | Assumed,
    ramp_months: float | Assumed,
    plan_months: int = PLAN_MONTHS,
) -> ComingThrough | None:
    """How do we come through this loss, at the pace that the ledger shows?

    `business` by revenue replaces the revenue lost; by margin it replaces the exposure, which must then be
    margin. Its paces are taken as they are, whichever accounts are lost, so that losing more never takes less time to
    replace: whose growth must not count is left out of `business` beforehand. None, where no pace is known, gives None.
    Raises as `replacement` does.

    >>> from kam_analysis.analysis.recovery import exposures, lose_largest, new_business
    >>> year = pd.DataFrame({"account_id": ["a", "b"], "account_name": ["A", "B"], "revenue": [90.0, 50.0]})
    >>> next_year = pd.DataFrame({"account_id": ["a", "b", "c"], "account_name": ["A", "B", "C"],
    ...                           "revenue": [100.0, 40.0, 30.0]})
    >>> lost = lose_largest(exposures(next_year), 1)
    >>> business = new_business(next_year, year).without(["a"])
    >>> found = coming_through(lost, business, cycle_months=6, ramp_months=0)
    >>> found.by_new_customers.pace.value, found.by_net.pace.value, found.growth_covers_losses
    (30.0, 20.0, False)
    >>> found.by_new_customers.months, found.by_net.months_of_any_length, found.average_accounts
    (None, 66.0, 2.857142857142857)
    >>> [round(each, 2) for each in found.years]
    [3.83, 5.5]
    """
    if business is None:
        return None
    amount = loss.revenue if business.measure == "revenue" else loss.exposure
    paces = (business.new_customers, business.net)
    ways = [replacement(amount, pace, cycle_months, ramp_months, plan_months) for pace in paces]
    moves = business.moves
    staying = moves.loc[(moves["now"] > 0) & ~moves["account_id"].isin(loss.account_ids), "now"]
    return ComingThrough(
        loss.label,
        business.measure,
        ways[0],
        ways[1],
        business.growth_covers_losses,
        amount / business.average_new,
        amount / float(staying.mean()) if len(staying) else float("nan"),
    )


def recovery_table(cases: Iterable[ComingThrough | None], months: Iterable[int] = MILESTONES) -> pd.DataFrame:
    """How do we come through each worst case, in two rows per case, one per pace? A case of None has no rows.

    Returns label, measure, pace ("new_customers" or "net"), loss and pace_a_year (money a year), years (until replaced,
    sales cycle and ramp included; infinite for never), months, months_low, months_high (NaN: not within the plan), gap,
    gap_low, gap_high (money missing in all), then for each of `months` within the plan share_12, share_12_low,
    share_12_high (0-1, replaced by then).
    """
    wanted = list(months)
    return pd.DataFrame(
        [
            {"label": case.label, "measure": case.measure, "pace": name} | _row(way, wanted)
            for case in cases
            if case is not None
            for name, way in (("new_customers", case.by_new_customers), ("net", case.by_net))
        ]
    )


def _row(way: Replacement, months: list[int]) -> dict[str, float]:
    given = {"months": way.months, "months_low": way.months_low, "months_high": way.months_high}
    row = {"loss": way.loss, "pace_a_year": way.pace.value, "years": way.months_of_any_length / 12}
    row |= {name: float("nan") if value is None else value for name, value in given.items()}
    row |= {"gap": way.gap.value, "gap_low": way.gap.low, "gap_high": way.gap.high}
    for step in way.at(months).to_dict("records"):
        row |= {f"share_{step['month']}{end}": step[f"share{end}"] for end in ("", "_low", "_high")}
    return row


def _path(loss: float, ways: list[tuple[float, float, float]], plan_months: int) -> pd.DataFrame:
    months = np.arange(plan_months + 1)
    # One frame at the end: a column at a time takes longer than all the reckoning.
    path: dict[str, npt.ArrayLike] = {"month": months}
    replaced = [np.minimum(replaced_after(months, *way), loss) for way in ways]
    # No loss is a loss that is replaced.
    shares = [each / loss if loss else np.ones(months.size) for each in replaced]
    gaps = [missing_until(months, loss, *way) for way in ways]
    for name, found in (("replaced", replaced), ("share", shares), ("gap", gaps)):
        path[name] = found[0]
        path[f"{name}_low"], path[f"{name}_high"] = np.minimum(*found[1:]), np.maximum(*found[1:])
    return pd.DataFrame(path)
