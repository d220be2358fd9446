"""How likely is each loss, what does a bad year cost, and what would change that?"""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from kam_analysis.analysis import churn, losses, recovery
from kam_analysis.pages.churn_impact import this_year
from kam_analysis.pages.churn_impact.who_may_leave import SEED, MayLeave

if TYPE_CHECKING:
    from kam_analysis.pages.churn_impact.found import Found


def scaled(chances: pd.DataFrame, factor: float) -> pd.DataFrame:
    """All chances of leaving times a factor, at most 1; who is lost already stays so."""
    if factor == 1:
        return chances
    columns, staying = ["probability", "low", "high"], chances["basis"] != "lost"
    moved = (chances[columns] * factor).clip(upper=1.0)
    return chances.assign(**{each: chances[each].where(~staying, moved[each]) for each in columns})


def chance_of(found: "Found") -> npt.NDArray[np.float64]:
    """Each customer's chance of leaving as it was estimated, in exposure's order; NaN where not assessed.

    What could take several at once may make it likelier: see `raised`.
    """
    by_account = found.chances.set_index("account_id")["probability"]
    return by_account.reindex(found.exposed.accounts["account_id"]).to_numpy(np.float64)


def raised(found: "Found") -> pd.DataFrame:
    """All chances for whatever reason, as `CommonCauses.raised`: those that count, and those that pages show."""
    return found.common.raised(found.chances, without=found.overrides.without)


def bad_year(found: "Found", *, leaving: bool = True) -> losses.BadYear | None:
    """The losses of a year with what could take several at once, without any manager's departure unless `leaving`.

    What customers that stay buy less is in it, where the past tells that.

    None where no customer has a chance of leaving.
    """
    causes = found.common.counted(without=found.overrides.without, leaving=leaving)
    return losses.bad_year(found.exposed.amounts, chance_of(found), causes=causes, past=found.past_falls)


def margin_by_month(found: "Found") -> losses.TimePaths | None:
    """Month by month, what the customers of the bad year still bring and what new ones add; None without any."""
    year = found.bad_year
    if year is None:
        return None
    return this_year.paths(found, year, amounts=year.amounts, months=found.overrides.plan_months)


def sensitivity(found: "Found") -> pd.DataFrame:
    """What the bad-year loss depends on: all chances within their common range, and how many follow a manager."""
    scale = _common_range(found.may_leave)
    follow = found.assumed.get("follow_rate") if found.may_go else None
    ends = {} if follow is None else {follow.low: "_low", follow.high: "_high", follow.value: ""}
    return recovery.bad_year_sensitivity(
        found.exposed.amounts,
        chance_of(found),
        causes=lambda part: found.common.counted(without=found.overrides.without, end=ends.get(part, "")),
        scale=scale,
        # Only where a manager may leave does it matter how many follow.
        follow=follow,
        past=found.past_falls,
    )


def _common_range(may_leave: MayLeave) -> tuple[float, float, float] | None:
    """By what all chances may be too high or too low together, as factors; None where that is not known."""
    leavers, chances = may_leave.leavers, may_leave.chances
    if may_leave.told is not None and leavers.least < leavers.expected < leavers.most:
        return 1.0, leavers.least / leavers.expected, leavers.most / leavers.expected
    stay = chances[chances["probability"].notna() & (chances["basis"] != "lost")]
    said = stay["probability"].sum()
    if may_leave.told is not None or not said > 0:
        return None
    low, high = (float(stay[end].fillna(stay["probability"]).sum() / said) for end in ("low", "high"))
    return (1.0, low, high) if low < high else None


def backtest(may_leave: MayLeave) -> churn.Backtest:
    """How often such chances were right in the past."""
    rng = np.random.default_rng(SEED)
    return churn.backtest(may_leave.days, rng, contracts=may_leave.contracts, parents=may_leave.parents)
