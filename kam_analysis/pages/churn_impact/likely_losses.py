"""How likely is each loss, what does a bad year cost, and what would change that?"""

from collections.abc import Collection, Sequence
from functools import partial

import numpy as np
import numpy.typing as npt
import pandas as pd

from kam_analysis.analysis import churn, losses, recovery
from kam_analysis.ledger import Ledger
from kam_analysis.ledger.settings import Assumption
from kam_analysis.pages.churn_impact.common_causes import CommonCauses
from kam_analysis.pages.churn_impact.who_may_leave import MayLeave

SEED = 3


def scaled(chances: pd.DataFrame, factor: float) -> pd.DataFrame:
    """All chances of leaving times a factor, at most 1; who is lost already stays so."""
    if factor == 1:
        return chances
    columns, staying = ["probability", "low", "high"], chances["basis"] != "lost"
    moved = (chances[columns] * factor).clip(upper=1.0)
    return chances.assign(**{each: chances[each].where(~staying, moved[each]) for each in columns})


def chance_of(exposed: recovery.Exposures, chances: pd.DataFrame) -> npt.NDArray[np.float64]:
    """Each customer's chance of leaving in exposure's order; NaN where not assessed."""
    by_account = chances.set_index("account_id")["probability"]
    return by_account.reindex(exposed.accounts["account_id"]).to_numpy(np.float64)


def bad_year(
    exposed: recovery.Exposures, chances: pd.DataFrame, *, causes: Sequence[losses.CommonCause]
) -> losses.BadYear | None:
    """The losses of a year with these common causes; None where no customer has a chance of leaving."""
    return losses.bad_year(exposed.amounts, chance_of(exposed, chances), causes)


def margin_by_month(
    exposed: recovery.Exposures,
    year: losses.BadYear | None,
    *,
    pace: recovery.NewBusiness | None,
    ramp: Assumption,
    plan_months: int,
) -> losses.TimePaths | None:
    """Month by month, what the customers of the bad year still bring and what new ones add; None without any.

    `pace`: of new business in the money of the exposure; None brings none.
    """
    if year is None:
        return None
    won = max(pace.new_customers.value, 0.0) if pace is not None else 0.0
    return losses.time_paths(
        exposed.amounts[year.assessed],
        year.own,
        causes=year.causes,
        months=plan_months,
        new_per_month=won / 12,
        ramp_months=max(1, round(ramp.value)),
        seed=SEED,
    )


def sensitivity(
    exposed: recovery.Exposures,
    chances: pd.DataFrame,
    *,
    may_leave: MayLeave,
    common: CommonCauses,
    without: Collection[str],
    follow: Assumption,
) -> pd.DataFrame:
    """What the bad-year loss depends on: all chances within the average's range, and the part lost with a manager.

    `without`: keys of the causes that do not count.
    """
    scale, average = None, may_leave.average
    if average is not None and average.value > 0:
        scale = (1.0, average.low / average.value, average.high / average.value)
    return recovery.bad_year_sensitivity(
        exposed.amounts,
        chance_of(exposed, chances),
        causes=partial(common.counted, without=without),
        scale=scale,
        # Only where a manager may leave does the part that goes with one matter.
        follow=follow if common.departures.keys() - set(without) else None,
    )


def backtest(ledger: Ledger, may_leave: MayLeave) -> tuple[churn.Backtest, churn.Rules]:
    """How often such chances were right in the past, and by which rules that was tested."""
    rules = churn.rules_for_test(ledger.overview.first, ledger.as_of, horizon_months=may_leave.rules.horizon_months)
    return churn.backtest(may_leave.past, np.random.default_rng(SEED), rules=rules), rules
