"""How a loss is made up for by new business, and what keeping a key account may cost instead."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from kam_analysis.analysis import recovery
from kam_analysis.ledger import Ledger
from kam_analysis.ledger.settings.period import Period, months_back, twelve_months
from kam_analysis.pages.churn_impact.what_goes import earned
from kam_analysis.pages.churn_impact.who_may_leave import MayLeave

if TYPE_CHECKING:
    from kam_analysis.pages.churn_impact.found import Found

Paces = Mapping[str, recovery.NewBusiness | None]


def new_business(
    ledger: Ledger, now: pd.DataFrame, *, days: Period, may_leave: MayLeave, worst: Sequence[recovery.Loss]
) -> Paces:
    """The pace at which we win business, by measure; None where there are not two years of sales.

    `now`: what was earned on `days`. Years that ended one, two and three quarters ago tell how far it varies. What the
    customers of the `worst` cases did does not count, unless they are new: they are what may be lost, so they replace
    nothing. So the pace is the same in every case.
    """
    money, last_year = [each for each in ("revenue", "margin") if each in now], ledger.year_before(days)
    if last_year is None:
        return dict.fromkeys(money)
    years = [twelve_months(months_back(ledger.as_of, step)) for step in (3, 6, 9)]
    today, before = may_leave.today, earned(ledger, last_year)
    known = today.loc[today["first_day"].dt.date < last_year.first, "account_id"]
    large = {each for case in worst for each in case.account_ids} & {*before["account_id"], *known}

    def others() -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
        """One pair at a time: of a million customers all of them would be half a gigabyte."""
        for year in years:
            if then := ledger.year_before(year):
                yield earned(ledger, year), earned(ledger, then)

    paces = {each: recovery.new_business(now, before, measure=each, earlier=known, others=others()) for each in money}
    return {each: pace if pace is None else pace.without(large) for each, pace in paces.items()}


def way_back(found: "Found", case: recovery.Loss | None, *, measure: str = "revenue") -> recovery.ComingThrough | None:
    """How a loss is made up for at our pace of new business; None without a loss or a pace."""
    if case is None:
        return None
    cycle, ramp = found.assumed["sales_cycle_months"], found.assumed["ramp_months"]
    plan = found.overrides.plan_months
    return recovery.coming_through(
        case, found.pace.get(measure), cycle_months=cycle, ramp_months=ramp, plan_months=plan
    )


def every_way(found: "Found") -> pd.DataFrame:
    """Every worst case at every pace, as `recovery.recovery_table`; empty where no pace is known."""
    ways = [way_back(found, case, measure=each) for case in found.every_case() for each in found.pace]
    return recovery.recovery_table(ways)


def keeping(found: "Found", key_ids: pd.Series) -> pd.DataFrame:
    """What keeping each of these may cost, and by how much a programme must lower the chance of leaving to pay.

    The chance is that of leaving for whatever reason, its manager's departure too. A customer that is kept leaves later
    with its chance as estimated: what takes several at once has then been survived.

    Returns the rows of `recovery.prevention`, the dearest loss first, with effect_needed (0-1) and can_pay where the
    settings give `keeping_cost`, what a programme costs.
    """
    accounts, cost = found.accounts.assign(later=found.accounts["estimate"]), found.assumed.get("keeping_cost")
    kept, effects = recovery.prevention(
        accounts[accounts["account_id"].isin(key_ids)],
        found.overrides.plan_months,
        cost=None if cost is None else cost.value,
    )
    each = [effects.get(str(account_id)) for account_id in kept["account_id"]]
    return kept.assign(
        effect_needed=pd.Series([one.needed if one else None for one in each], dtype="float64"),
        can_pay=pd.Series([one.can_pay if one else None for one in each], dtype="object"),
    )


def renewals(found: "Found", ledger: Ledger, key_ids: pd.Series) -> pd.DataFrame:
    """What giving way on price at the renewal of each key account costs, as `recovery.concessions`.

    Empty without contracts, or where the settings do not say how much of the price is given up.
    """
    given, rows = found.assumed.get("renewal_concession"), found.accounts
    if given is None or not ledger.has("contracts"):
        return pd.DataFrame()
    rows = rows.loc[
        rows["account_id"].isin(key_ids), ["account_id", "account_name", "revenue", "exposure", "probability"]
    ]
    return recovery.concessions(rows, ledger.contracts(), ledger.as_of, given)
