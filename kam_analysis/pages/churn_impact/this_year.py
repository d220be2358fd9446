"""When can each customer be gone, and so what does a loss cost within the next twelve months?"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from kam_analysis.analysis import losses, recovery
from kam_analysis.analysis.concentration.indices import Floats
from kam_analysis.ledger import Ledger
from kam_analysis.ledger.settings.period import Period
from kam_analysis.pages.churn_impact.overrides import Overrides
from kam_analysis.pages.churn_impact.what_goes import earned
from kam_analysis.pages.churn_impact.who_may_leave import SEED
from kam_analysis.pages.coverage.departures import Departures
from kam_analysis.pages.words import listed, said_in

if TYPE_CHECKING:
    from kam_analysis.pages.churn_impact.found import Found

say = said_in(__file__)

_YEAR, _DAYS_PER_MONTH = 12, 365.25 / 12


@dataclass(frozen=True, kw_only=True)
class LeavingCase:
    """A departure that is on file and announced, with the large customers that may go along.

    `name` of the manager, `last_day`, `names` of those customers; `loss`: they and what the hand-over takes of the others.
    """

    name: str
    last_day: date
    names: list[str]
    loss: recovery.Loss


def leaving_case(
    exposed: recovery.Exposures, departing: Departures, worst: Sequence[recovery.Loss], *, without: Collection[str] = ()
) -> LeavingCase | None:
    """The departure on file that puts most at risk, as one case with the large customers that are not the company's.

    Large are the customers of the worst cases, else the largest that the manager has. None where no departure is
    announced, or the manager's customers bring nothing; departures of `without`, by manager_id, do not count.
    """
    rows = departing.managers
    rows = rows[rows["announced"] & (rows["chance"] > 0) & rows["leaving_on"].notna()]
    rows = rows[~rows["account_manager_id"].isin(list(without))]
    found = []
    for row in rows.to_dict("records"):
        held = departing.of(str(row["account_manager_id"])).accounts
        theirs = exposed.accounts[exposed.accounts["account_id"].isin(held["account_id"])]
        if theirs.empty:
            continue
        loyal = held.loc[held["bond"].eq("company").fillna(False), "account_id"]
        large = theirs["account_id"].isin(worst[-1].account_ids) & ~theirs["account_id"].isin(loyal)
        along = theirs[large] if large.any() else theirs.head(1)
        names, name = along["account_name"].astype(str).tolist(), departing.told[str(row["account_manager_id"])]
        label = say("called.leaves_with", manager=name, accounts=listed(names))
        part = departing.transition.value
        loss = recovery.lose_with_manager(exposed, along["account_id"], held["account_id"], part, label)
        last_day = pd.Timestamp(row["leaving_on"]).date()
        found.append(LeavingCase(name=name, last_day=last_day, names=names, loss=loss))
    return max(found, key=lambda case: case.loss.exposure, default=None)


def own_case(exposed: recovery.Exposures, departing: Departures, asked: Overrides) -> recovery.Loss | None:
    """The reader's own worst case: these customers, and what the hand-over takes of the others of managers who leave.

    None where nothing is asked for. Raises `ValueError` for an account that never bought, and for a manager of none.
    """
    if not asked.leaving:
        return recovery.lose_named(exposed, asked.lost_accounts) if asked.lost_accounts else None
    held = pd.concat([departing.of(each).accounts["account_id"] for each in asked.leaving])
    found = recovery.lose_with_manager(exposed, asked.lost_accounts, held, departing.transition.value)
    names, along = " and ".join(asked.leaving.values()), f", with {found.label}" if found.accounts else ""
    return replace(found, label=f"{names} {'leave' if len(asked.leaving) > 1 else 'leaves'}{along}")


def held_until(ledger: Ledger, account_ids: pd.Series) -> pd.DataFrame:
    """For how long each of these still buys if it leaves, as `losses.under_contract`."""
    return losses.under_contract(ledger.contracts(), account_ids, ledger.as_of)


def past_falls(ledger: Ledger, *, days: Period, measure: str, gone: pd.Series) -> losses.Falls | None:
    """By how much customers fell that stayed, in every whole year that there is; None below 24 months of sales."""
    pairs, now, last = [], earned(ledger, days), ledger.year_before(days)
    while last is not None:
        before = earned(ledger, last)
        pairs.append((now, before))
        now, last = before, ledger.year_before(last)
    return losses.falls(pairs, measure, gone=set(gone)) if pairs else None


def strikes_in(found: "Found", causes: Sequence[losses.CommonCause]) -> list[int]:
    """The month in which each cause strikes: the one after a last day that is on file; 0 for any."""
    rows = found.departing.managers
    days = dict(zip(rows["account_manager_id"].astype(str), rows["leaving_on"], strict=True))
    known = {each.name: days[key] for key, each in found.common.departures.items() if pd.notna(days[key])}
    today = found.about.as_of
    return [months_until(today, known[each.name]) + 1 if each.name in known else 0 for each in causes]


def months_until(today: date, day: pd.Timestamp) -> int:
    """Whole months from today to a day, 0 or more."""
    return max(round((day - pd.Timestamp(today)).days / _DAYS_PER_MONTH), 0)


def paths(found: "Found", year: losses.BadYear, *, amounts: Floats, months: int) -> losses.TimePaths:
    """Month by month what these amounts of the year's customers still bring, as contracts and last days have it."""
    held = found.held.iloc[year.assessed]
    pace = found.pace.get(found.exposed.measure)
    won = max(pace.new_customers.value, 0.0) if pace is not None else 0.0
    return losses.time_paths(
        amounts,
        year.own,
        causes=year.causes,
        months=months,
        notice_months=held["notice_months"].to_numpy(),
        ends_in=held["ends_in"].to_numpy(),
        strikes_in=strikes_in(found, year.causes),
        new_per_month=won / _YEAR,
        ramp_months=max(1, round(found.assumed["ramp_months"].value)),
        seed=SEED,
    )


def _last_day(found: "Found") -> int:
    """Months until the first of the managers of the reader's own case leaves; 0 where no last day is on file."""
    rows = found.departing.managers
    days = rows.loc[rows["account_manager_id"].isin(list(found.overrides.leaving)), "leaving_on"].dropna()
    return months_until(found.about.as_of, days.min()) if len(days) else 0


def lost_this_year(found: "Found") -> losses.LossDistribution | None:
    """What the next twelve months may cost: each loss from the month on in which it can begin; None without chances."""
    year = found.bad_year
    if year is None:
        return None
    drawn = paths(found, year, amounts=year.at_stake, months=_YEAR).lost_within(_YEAR)
    leaving = losses.of_draws(drawn, f"{drawn.size:,} simulated years, seed {SEED}")
    return leaving if year.less is None else losses.with_buying_less(leaving, year.less)


@dataclass(frozen=True, kw_only=True)
class Going:
    """Who goes in a worst case, and when: `rows` of `Exposures.known`, the part `lost` of each (0-1), and the months
    for which each still buys (`until`)."""

    rows: pd.DataFrame
    lost: Floats
    until: Floats


def going(found: "Found", case: recovery.Loss) -> Going:
    """Each customer stops when its contract or notice allows, those of a departure not before the last day; what a
    hand-over takes of the others goes from then on."""
    known, gone = found.exposed.known, found.leaving_case
    rows = known[case.lost_of(known["account_id"]) > 0].reset_index(drop=True)
    lost, held = case.lost_of(rows["account_id"]), found.held.set_index("account_id")
    until = rows["account_id"].map(held["ends_in"] + held["notice_months"]).fillna(0).to_numpy(float)
    from_day = months_until(found.about.as_of, pd.Timestamp(gone.last_day)) if gone and case is gone.loss else 0
    if case is found.named:
        from_day = _last_day(found)
    return Going(rows=rows, lost=lost, until=np.maximum(np.where(lost < 1, 0.0, until), from_day))


def cash(found: "Found", traits: pd.DataFrame) -> pd.DataFrame:
    """The first worst case month by month, as `recovery.cash_by_month`; empty where no margin is known or nothing lost."""
    case = found.first_case
    if case is None or not found.exposed.has_margin:
        return pd.DataFrame()
    goes = going(found, case)
    rows, lost = goes.rows, goes.lost
    owed = rows["account_id"].map(traits.set_index("account_id")["receivables"]) if "receivables" in traits else None
    cut, month = found.assumed.get("fixed_cost_cut"), found.assumed["fixed_cost_cut_months"]
    cover = recovery.cover(found.exposed, case, found.fixed)
    return recovery.cash_by_month(
        rows["exposure"].clip(lower=0).to_numpy(float) * lost,
        rows["revenue"].clip(lower=0).to_numpy(float) * lost,
        goes.until,
        0.0 if owed is None else pd.to_numeric(owed).to_numpy(float) * lost,
        cut=cut.value * cover.stranded.value if cut is not None and cover is not None else 0.0,
        cut_from=month.value,
    )
