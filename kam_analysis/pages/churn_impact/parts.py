"""What the page's calculations are given: the ledger's windows, groups of accounts, and assumptions by their names."""

from collections.abc import Iterable, Mapping
from functools import partial

import numpy as np
import numpy.typing as npt
import pandas as pd

from kam_analysis.analysis import losses, recovery
from kam_analysis.analysis.churn import Average
from kam_analysis.ledger import Ledger
from kam_analysis.ledger.period import Period, months_back, twelve_months
from kam_analysis.ledger.settings import Assumption
from kam_analysis.pages.churn_impact.assumed import Otherwise
from kam_analysis.pages.churn_impact.common_causes import Several
from kam_analysis.pages.words import managers, named

SEED = 3
HANGS = "the bad-year loss"


def earlier_years(ledger: Ledger) -> list[Period]:
    """Twelve months that ended one, two and three quarters ago: how new business went then."""
    return [twelve_months(months_back(ledger.as_of, step)) for step in (3, 6, 9)]


def names_of(account_ids: Iterable[str], ledger: Ledger) -> list[str]:
    """How pages call these accounts."""
    ids = pd.Series(list(account_ids), dtype="str")
    return [named(one, name) for one, name in zip(ids, ledger.master.named(ids), strict=True)]


def scaled(chances: pd.DataFrame, factor: float) -> pd.DataFrame:
    """All chances of leaving times a factor, at most 1; who is lost already stays so."""
    if factor == 1:
        return chances
    columns, staying = ["probability", "low", "high"], chances["basis"] != "lost"
    moved = (chances[columns] * factor).clip(upper=1.0)
    return chances.assign(**{each: chances[each].where(~staying, moved[each]) for each in columns})


def by_group(
    exposed: recovery.Exposures, traits: pd.DataFrame, column: str, ledger: Ledger
) -> tuple[recovery.Loss, ...]:
    """The loss of each manager's or industry's accounts, for all alike; none where the column is not known."""
    if column not in traits or traits[column].isna().all():
        return ()
    known, names = managers(ledger), {}
    if column == "account_manager_id" and "manager_name" in known:
        told = known.dropna(subset=["manager_name"])
        names = dict(zip(told["manager_id"].astype(str), told["manager_name"].astype(str), strict=True))
    return recovery.lose_each(exposed, traits, column, names)


def prevention(
    at_stake: pd.DataFrame,
    business: recovery.NewBusiness | None,
    cycle: Assumption,
    ramp: Assumption,
    plan_months: int,
    assumed: Mapping[str, Assumption],
) -> tuple[pd.DataFrame, dict[str, recovery.Effect]]:
    """`recovery.prevention` at the pace of new customers, with the settings' cost of a measure."""
    pace = business.new_customers if business is not None else 0.0
    cost = assumed.get("keeping_cost")
    return recovery.prevention(at_stake, pace, cycle, ramp, plan_months, None if cost is None else cost.value)


def paths(
    exposed: recovery.Exposures,
    year: losses.BadYear | None,
    business: Mapping[str, recovery.NewBusiness | None],
    ramp: Assumption,
    plan_months: int,
) -> losses.TimePaths | None:
    """Month by month, what the accounts of the bad year still bring and what new customers add; None without any."""
    if year is None:
        return None
    pace = business.get(exposed.measure)
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


def hangs_on(
    exposed: recovery.Exposures,
    probability: npt.NDArray[np.float64],
    average: Average | None,
    several: Several,
    otherwise: Otherwise,
    follow: Assumption,
) -> pd.DataFrame:
    """`recovery.bad_year_hangs_on`: all chances within the average's range, and the part lost with a manager."""
    scale = None
    if average is not None and average.value > 0:
        scale = (1.0, average.low / average.value, average.high / average.value)
    made = partial(several.causes, without=otherwise.without)
    # Only where a manager may leave does the part that goes with one matter.
    leaving = several.departures.keys() - otherwise.without.keys()
    return recovery.bad_year_hangs_on(exposed.amounts, probability, made, scale, follow if leaving else None)
