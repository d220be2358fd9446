"""What we earn with each customer, and what goes with the largest, a manager's or an industry's."""

from typing import TYPE_CHECKING

import pandas as pd

from kam_analysis.analysis import concentration, recovery, segments
from kam_analysis.analysis.losses import Contracted, contracted
from kam_analysis.analysis.recovery import Exposures
from kam_analysis.ledger import Ledger
from kam_analysis.ledger.settings.period import Period, months_back
from kam_analysis.pages import words
from kam_analysis.pages.churn_impact.who_may_leave import MayLeave
from kam_analysis.pages.coverage.departures import Departures
from kam_analysis.pages.own_people import OurPeople

if TYPE_CHECKING:
    from kam_analysis.pages.churn_impact.found import Found

_GROUP = ["accounts", "revenue", "revenue_share", "exposure", "exposure_share"]


def earned(ledger: Ledger, days: Period) -> pd.DataFrame:
    """Sales and, where there is a cost, margin of every customer on these days."""
    return ledger.by_account(days, measures=[each for each in ("revenue", "margin") if each in ledger.measures])


def exposures(now: pd.DataFrame, may_leave: MayLeave) -> recovery.Exposures:
    """What there is to lose with each customer that is not lost already; `now` as `earned` gives it."""
    return recovery.exposures(words.called(now[~now["account_id"].isin(may_leave.gone)]))


def names_of(ledger: Ledger, account_ids: pd.Series) -> list[str]:
    """How pages call these accounts."""
    ids = account_ids.astype("str").reset_index(drop=True)
    return [words.named(one, name) for one, name in zip(ids, ledger.master.named(ids), strict=True)]


def with_names(ledger: Ledger, rows: pd.DataFrame) -> pd.DataFrame:
    """The same rows with account_name, as pages call each."""
    return rows.assign(account_name=names_of(ledger, rows["account_id"]))


def power_after(
    exposed: recovery.Exposures, case: recovery.Loss | None, *, now: pd.DataFrame, traits: pd.DataFrame
) -> pd.DataFrame:
    """On whom we would depend once this loss has happened; empty without one."""
    if case is None:
        return pd.DataFrame(columns=["account_name", "reading"])
    book, strength = concentration.concentrate(now, "revenue"), segments.barriers(traits)
    known = segments.dependence(book, None, traits=traits, strength=strength)
    return recovery.balance_after(exposed, case, known=known)


def departures_by_manager(departing: Departures) -> pd.DataFrame:
    """What goes with each manager's customers, and the part of it that a departure may cost; for all alike.

    Returns manager_name (as the settings allow it), accounts, revenue and exposure (margin, sales where there is no
    cost; money a year), revenue_share and exposure_share (0-1), then lost, lost_low and lost_high, what 04 says of it:
    the hand-over and those who follow. The largest exposure first.
    """
    rows = departing.managers
    earned, lost = ("margin", "at_risk_margin") if "at_risk_margin" in rows else ("revenue", "at_risk")
    found = pd.DataFrame(
        {
            "manager_name": rows["manager_name"].astype("object").fillna(rows["account_manager_id"]),
            **{name: rows[name] for name in ("accounts", "revenue", "revenue_share")},
            "exposure": rows[earned],
            "exposure_share": rows[f"{earned}_share"],
            **{f"lost{end}": rows[f"{lost}{end}"] for end in ("", "_low", "_high")},
        }
    )
    return found.sort_values("exposure", ascending=False, kind="stable", ignore_index=True)


def by_trait(exposed: recovery.Exposures, traits: pd.DataFrame, *, column: str) -> pd.DataFrame:
    """What goes with the customers that share a trait, such as their industry, the largest exposure first.

    Returns the column, accounts, revenue and exposure (money a year) and their shares (0-1); no rows where the trait
    is not known.
    """
    known = column in traits and traits[column].notna().any()
    cases = recovery.lose_each(exposed, traits, column=column) if known else ()
    rows = [{column: each.label} | {name: getattr(each, name) for name in _GROUP} for each in cases]
    return pd.DataFrame(rows, columns=[column, *_GROUP])


def under_contract(ledger: Ledger, exposed: Exposures) -> Contracted | None:
    """`losses.contracted` of the customers that there are to lose; None where none of them has a contract that runs."""
    if not ledger.has("contracts"):
        return None
    found = contracted(exposed.accounts, ledger.contracts(), ledger.as_of, ledger.digits(exposed.measure))
    return found if len(found.contracts) else None


def within_a_year(found: "Found") -> float:
    """What can be given notice within twelve months, that at will included: money a year."""
    assert found.contracted is not None
    rows = found.contracted.contracts
    end = pd.Timestamp(months_back(found.about.as_of, -12))
    soon = (rows["when"] != "too late") & ~(rows["notice_by"] > end)
    return found.contracted.total("at_will") + float(rows.loc[soon, "exposure_bound"].sum())


def owners(ledger: Ledger, departing: Departures) -> dict[str, str]:
    """By account_id, the name of its account manager; of one whose departure is announced, of whom they report to.

    Nobody while a departure is known that is not announced: to pass over one manager among all others would tell.
    """
    rows, traits = departing.managers, ledger.traits()
    if ((rows["chance"] > 0) & ~rows["announced"]).any() or "account_manager_id" not in traits:
        return {}
    staff, leaving = OurPeople(ledger.staff(), ledger.as_of), set(rows.loc[rows["chance"] > 0, "account_manager_id"])
    found = {}
    for row in traits[["account_id", "account_manager_id"]].dropna().astype(str).to_dict("records"):
        manager, above = row["account_manager_id"], staff.above(row["account_manager_id"])
        person = (above[0] if above else None) if manager in leaving else staff.person(manager)
        if person is not None:
            found[str(row["account_id"])] = person.name
    return found
