"""What the page's calculations are given: parameters checked, names, whose departure, and what fits whom."""

from collections.abc import Mapping
from datetime import date

import pandas as pd

from kam_analysis.analysis import coverage, handover
from kam_analysis.errors import DataError, Problem, nearest
from kam_analysis.ledger import Ledger
from kam_analysis.ledger.period import Period
from kam_analysis.ledger.settings import Assumption
from kam_analysis.pages.words import managers

# What this page takes for given, by the settings' names.
ASSUMED = ("follow_rate", "contact_turnover", "hours_elasticity", "key_account_hours", "churn_probability")
# From this part of their hours on record, what is left of them is known.
_NEARLY_ALL = 0.8
_SET_HERE = "set for this report"
# Why there is no successor.
NOBODY = "There is nobody who could take over: no other account manager stays. Name one in the table managers."


def check_parameters(
    ledger: Ledger, traits: pd.DataFrame, leaving: str, contacts_of: str, spare_hours: float, follow_rate: float
) -> None:
    """Are the manager and the account known, and can the numbers be? Raises `DataError` with all that is wrong."""
    problems = []
    holding = set(traits["account_manager_id"].dropna()) if "account_manager_id" in traits else set()
    if leaving and leaving not in holding:
        known = ledger.table("managers")
        called = known[known["manager_name"] == leaving]["manager_id"].tolist() if "manager_name" in known else []
        hint = f'the id of {leaving} is "{called[0]}"' if called else nearest(leaving, holding)
        problems.append(Problem("leaving", "", f'expected the id of an account manager with accounts, got "{leaving}"', hint))  # fmt: skip
    if contacts_of and contacts_of not in set(traits["account_id"]):
        problems.append(Problem("contacts_of", "", f'expected the id of an account, got "{contacts_of}"', nearest(contacts_of, traits["account_id"])))  # fmt: skip
    if not 0 <= spare_hours <= 744:
        problems.append(Problem("spare_hours", "", f"expected hours a month, 0 or more, got {spare_hours:g}", "0 means no limit"))  # fmt: skip
    if not follow_rate <= 1:
        problems.append(Problem("follow_rate", "", f"expected a share 0-1, got {follow_rate:g}", "below 0 means as the settings say"))  # fmt: skip
    if problems:
        raise DataError(problems=problems)


def both_years(ledger: Ledger) -> tuple[Period, Period | None]:
    """The last twelve months and those before; None where the data does not cover them."""
    year = ledger.period_of("last_12_months")
    return year, ledger.year_before(year)


def lines(ledger: Ledger, days: Period | None) -> pd.DataFrame | None:
    """Sales by account and product line; None where the data tells no lines, or there are no days."""
    return ledger.by_account_line(days, measure="revenue") if ledger.lines and days else None


def rates(ledger: Ledger, follow_rate: float = -1.0) -> tuple[handover.Rate, handover.Rate | None]:
    """The published loss in a change of manager, and how many customers follow: `follow_rate` where it is 0 or more.

    Below 0 the company's own assumption, None without one. The range of that moves in proportion with what is asked
    for, so that customers bound to the person still follow more often than others; without one there is no range.
    """
    given = ledger.settings.assumptions.get("follow_rate")
    own = None if given is None else handover.Rate(given.value, given.low, given.high, given.source)
    if follow_rate < 0:
        return handover.TRANSITION, own
    if own is None or not own.value > 0:
        return handover.TRANSITION, handover.Rate(follow_rate, follow_rate, follow_rate, _SET_HERE)
    part = follow_rate / own.value
    low, high = min(part * own.low, follow_rate), min(max(part * own.high, follow_rate), 1.0)
    return handover.TRANSITION, handover.Rate(follow_rate, low, high, f"{_SET_HERE}, the range in proportion")


def assumed_rates(transition: handover.Rate, follow: handover.Rate | None) -> dict[str, Assumption]:
    """What `rates` gives as lines of the page's assumptions."""
    found = {"transition_rate": transition} | ({} if follow is None else {"follow_rate": follow})
    return {name: Assumption(name, each.value, each.low, each.high, each.source) for name, each in found.items()}


def who_leaves(people: pd.DataFrame, leaving: str) -> str:
    """Whose departure is looked at: the one asked for, else whose last day is known, else who holds most."""
    if leaving or not len(people):
        return leaving
    known = people[people["leaving_on"].notna()]
    return str((known if len(known) else people)["account_manager_id"].iloc[0])


def side_by_side(people: pd.DataFrame, attended: pd.DataFrame, departures: pd.DataFrame) -> pd.DataFrame:
    """One row per manager: what is looked after, whether it was grown, what a departure would cost."""
    found = people.set_index("account_manager_id")
    for other in (coverage.by_manager(attended), departures):
        held = other.dropna(subset="account_manager_id").set_index("account_manager_id")
        found = found.join(held[held.columns.difference(found.columns, sort=False)])
    return found.reset_index()


def at_other_rates(people: pd.DataFrame, departures: pd.DataFrame) -> pd.DataFrame:
    """The managers side by side with what a departure costs by the rates of these `departures_of_each`."""
    costs = departures.set_index("account_manager_id")
    names = [name for name in map(str, costs) if name.startswith(("transition", "further", "at_risk"))]
    return people.assign(**{name: people["account_manager_id"].map(costs[name]) for name in names})


def idle_without_manager(accounts: pd.DataFrame, traits: pd.DataFrame) -> int:
    """How many accounts of the master have no manager and bought nothing; 0 where no table names managers."""
    if "account_manager_id" not in traits:
        return 0
    nobody = traits[traits["account_manager_id"].isna()]
    return int((~nobody["account_id"].isin(accounts["account_id"])).sum())


def spare(people: pd.DataFrame, staff: pd.DataFrame, spare_hours: float) -> pd.Series | None:
    """Hours a month that each may take on, by manager: as asked for, else what is left where nearly all are on record.

    None where nobody's are known: then the number of accounts alone is limited.
    """
    if spare_hours:
        return pd.Series(float(spare_hours), index=pd.Index(staff["manager_id"]).union(people["account_manager_id"]))
    known = people.set_index("account_manager_id")
    recorded = known["hours_recorded"] >= _NEARLY_ALL * known["hours_per_month"]
    left = (known["hours_per_month"] - known["hours_recorded"]).clip(lower=0)[recorded]
    return left if len(left) else None


def who_takes(
    cost: handover.Departure,
    accounts: pd.DataFrame,
    traits: pd.DataFrame,
    staff: pd.DataFrame,
    as_of: date,
    people: pd.DataFrame,
    today: pd.DataFrame,
    spare_hours: float,
    interactions: pd.DataFrame | None = None,
    contacts: pd.DataFrame | None = None,
) -> tuple[handover.Handover | None, str]:
    """`handover.hand_over` of the leaving manager's accounts; without any successor None, and why."""
    hours, room = today.set_index("account_id")["hours"].fillna(0.0), spare(people, staff, spare_hours)
    if not handover.may_take(staff, traits, as_of, cost.manager_id):
        return None, NOBODY
    found = handover.hand_over(
        cost.accounts, accounts, traits, staff, as_of, cost.manager_id,
        interactions=interactions, contacts=contacts, hours=hours if room is not None else None, spare=room,
    )  # fmt: skip
    return found, ""


def better_hours(
    accounts: pd.DataFrame,
    today: pd.DataFrame,
    chance: pd.Series,
    to_win: pd.Series,
    key_ids: list[str],
    staff: pd.DataFrame,
    assume: Mapping[str, Assumption],
) -> handover.Allocation | None:
    """`handover.allocate_hours` from what the page knows; None where no hours are on record.

    Where nobody knows a chance of leaving it is taken for none: hours then go where something is to be won.
    """
    if not today["hours"].notna().any():
        return None
    earned = "margin" if "margin" in accounts else "revenue"
    rows = accounts[["account_id", "account_name"]].merge(today[["account_id", "account_manager_id", "hours"]], on="account_id")  # fmt: skip
    ids = rows["account_id"]
    rows = rows.assign(
        at_stake=ids.map(accounts.set_index("account_id")[earned]).fillna(0.0), probability=ids.map(chance).fillna(0.0).clip(0, 1),
        to_win=ids.map(to_win).fillna(0.0), is_key=ids.isin(key_ids),
    )  # fmt: skip
    capacity = staff.set_index("manager_id")["hours_per_month"] if "hours_per_month" in staff else None
    # Hours on record are a part of all hours: a minimum in real hours is no measure for them.
    least = 0.0 if capacity is None else assume["key_account_hours"].value
    return handover.allocate_hours(rows, capacity, assume["hours_elasticity"].value, key_hours=least)


def heard(
    ledger: Ledger,
    feedback: pd.DataFrame | None,
    accounts: pd.DataFrame,
    before: pd.DataFrame | None,
    traits: pd.DataFrame,
    key_ids: list[str],
) -> pd.DataFrame:
    """`coverage.heard`; empty where names are not shown in full, for what customers say has names in it."""
    found = coverage.heard(feedback, accounts, before, traits, key_ids, ledger.as_of)
    return found if ledger.settings.names == "full" else found.iloc[:0]


def own_loss(ledger: Ledger) -> tuple[handover.OwnTransition | None, int]:
    """What past hand-overs cost us, from who sold to each legal entity, and how many hand-overs that cannot tell of.

    None where the transactions name nobody, or tell no months.
    """
    if not ledger.has("transactions", "account_manager_id") or not ledger.told_by_month:
        return None, 0
    held = ledger.held_by(level="legal_entity")
    always = ledger.period_of("all")
    sold = ledger.by_account(always, level="legal_entity", measures=["revenue"])["account_id"]
    months = ledger.by_account_month(sold, always, level="legal_entity", measure="revenue")
    owners = ledger.table("accounts").reindex(columns=["account_id", "account_manager_id"])
    unseen = handover.unseen(held, owners, ledger.as_of)
    return handover.own_transition(handover.handovers(held), months, ledger.as_of), len(unseen)


def renewals_of(manager_id: str, accounts: pd.DataFrame, traits: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """`handover.renewals_near` of one manager's customers."""
    near = handover.renewals_near(accounts, traits, as_of)
    return near[near["account_manager_id"] == manager_id]


def names(ledger: Ledger) -> dict[str, str]:
    """Managers' names by id, as the settings allow them."""
    staff = managers(ledger)
    if "manager_name" not in staff:
        return {}
    told = staff.dropna(subset="manager_name")
    return dict(zip(told["manager_id"].astype(str), told["manager_name"].astype(str), strict=True))


def whose_contacts(known: pd.DataFrame, one_contact: pd.DataFrame, contacts_of: str) -> str:
    """Whose contacts are drawn: the account asked for, else the key account where most are weaker than wanted.

    Of one contact a picture says nothing that the list does not. Without key accounts, whoever leads that list.
    """
    if contacts_of:
        return contacts_of
    several = known[known["contacts"] > 1].sort_values("below_wanted", ascending=False, kind="stable")
    for frame in (several, known, one_contact):
        if len(frame):
            return str(frame["account_id"].iloc[0])
    return ""
