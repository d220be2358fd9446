"""How a loss is made up for by new business, and what keeping a key account may cost instead."""

from collections.abc import Mapping, Sequence

import pandas as pd

from kam_analysis.analysis import recovery
from kam_analysis.ledger import Ledger
from kam_analysis.ledger.period import Period, months_back, twelve_months
from kam_analysis.ledger.settings import Assumption
from kam_analysis.pages.churn_impact.what_goes import earned
from kam_analysis.pages.churn_impact.who_may_leave import MayLeave
from kam_analysis.pages.key_accounts.who_is_key import who_is_key

Paces = Mapping[str, recovery.NewBusiness | None]


def new_business(ledger: Ledger, now: pd.DataFrame, *, days: Period, may_leave: MayLeave) -> Paces:
    """The pace at which we win business, by measure; None where there are not two years of sales.

    `now`: what was earned on `days`. Years that ended one, two and three quarters ago tell how far it varies.
    """
    money = [each for each in ("revenue", "margin") if each in now]
    last_year = ledger.year_before(days)
    if last_year is None:
        return dict.fromkeys(money)
    years = [twelve_months(months_back(ledger.as_of, step)) for step in (3, 6, 9)]
    pairs = [(earned(ledger, year), earned(ledger, then)) for year in years if (then := ledger.year_before(year))]
    today = may_leave.past[-1]
    known = today.loc[today["first_day"].dt.date < last_year.first, "account_id"]
    before = earned(ledger, last_year)
    return {each: recovery.new_business(now, before, measure=each, earlier=known, others=pairs) for each in money}


def way_back(
    case: recovery.Loss | None,
    pace: recovery.NewBusiness | None,
    *,
    assumed: Mapping[str, Assumption],
    plan_months: int,
) -> recovery.ComingThrough | None:
    """How one loss is made up for at this pace; None without a loss or a pace."""
    if case is None:
        return None
    cycle, ramp = assumed["sales_cycle_months"], assumed["ramp_months"]
    return recovery.coming_through(case, pace, cycle_months=cycle, ramp_months=ramp, plan_months=plan_months)


def recovery_of(
    cases: Sequence[recovery.Loss], paces: Paces, *, assumed: Mapping[str, Assumption], plan_months: int
) -> pd.DataFrame:
    """Every loss at every pace, as `recovery.recovery_table`; empty where no pace is known."""
    ways = [way_back(case, pace, assumed=assumed, plan_months=plan_months) for case in cases for pace in paces.values()]
    return recovery.recovery_table(ways)


def keeping(
    ledger: Ledger,
    accounts: pd.DataFrame,
    *,
    pace: recovery.NewBusiness | None,
    assumed: Mapping[str, Assumption],
    plan_months: int,
) -> pd.DataFrame:
    """What keeping each key account may cost, and by how much a programme must lower the chance of leaving to pay.

    `accounts`: account_id, account_name, exposure, probability; `pace` in the money of the exposure. Returns the rows
    of `recovery.prevention`, the dearest loss first, with effect_needed (0-1) and can_pay where the settings give
    `keeping_cost`, what a programme costs.
    """
    keys = accounts[accounts["account_id"].isin(who_is_key(ledger)["account_id"])]
    cost = assumed.get("keeping_cost")
    kept, effects = recovery.prevention(
        keys,
        pace.new_customers if pace is not None else 0.0,
        cycle_months=assumed["sales_cycle_months"],
        ramp_months=assumed["ramp_months"],
        plan_months=plan_months,
        cost=None if cost is None else cost.value,
    )
    found = [effects.get(str(each)) for each in kept["account_id"]]
    return kept.assign(
        effect_needed=pd.Series([each.needed if each else None for each in found], dtype="float64"),
        can_pay=pd.Series([each.can_pay if each else None for each in found], dtype="object"),
    )
