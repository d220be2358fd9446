"""If one manager left: what it costs, who is called, who takes over, and what past hand-overs cost us."""

from dataclasses import dataclass, field

import pandas as pd

from kam_analysis.analysis import handover
from kam_analysis.ledger import Ledger
from kam_analysis.pages.coverage.departures import Departures
from kam_analysis.pages.coverage.known import Known
from kam_analysis.pages.words import said_in

say = said_in(__file__)

# Why there is no successor.
NOBODY = say("caveats.nobody_takes_over")
# From this part of their hours on record, what is left of them is known.
_NEARLY_ALL = 0.8


@dataclass(frozen=True, kw_only=True)
class Leaving:
    """If one manager left: `cost` account by account, `calls` of all their accounts, `takes` who takes them over.

    `cost` is None where nobody is known to look after an account; `takes` None where nobody could take over, and
    `nobody` says why. `notices`: those among them whose last day for notice is near, of `notices_near`.
    """

    cost: handover.Departure | None = None
    calls: pd.DataFrame = field(default_factory=pd.DataFrame)
    takes: handover.Handover | None = None
    nobody: str = ""
    notices: pd.DataFrame = field(default_factory=pd.DataFrame)


@dataclass(frozen=True, kw_only=True)
class OwnLoss:
    """What past hand-overs cost: `told` is None where transactions name nobody; after `unseen` nothing was bought."""

    told: handover.OwnTransition | None = None
    unseen: int = 0


def who_leaves(managers: pd.DataFrame, asked: str = "") -> str:
    """Whose departure is looked at: the one asked for, else whose last day is known, else who holds most."""
    if asked or not len(managers):
        return asked
    on_file = managers[managers["leaving_on"].notna()]
    return str((on_file if len(on_file) else managers)["account_manager_id"].iloc[0])


def if_leaves(
    manager_id: str,
    departing: Departures,
    *,
    known: Known,
    accounts: pd.DataFrame,
    room: pd.Series | None,
    spare_hours: float,
) -> Leaving:
    """What this manager's departure costs, who calls whom, who takes over; nothing of all that without a manager.

    `accounts`: account_id, account_name, account_manager_id, revenue, is_key and hours a month; `room` as of `room_of`.
    """
    if not manager_id:
        return Leaving()
    key_ids = accounts.loc[accounts["is_key"], "account_id"].tolist()
    cost = departing.of(manager_id, sales=_bought_again(manager_id, known))
    takes, nobody = who_takes(cost, accounts, known=known, room=room, spare_hours=spare_hours)
    near = handover.notices_near(departing.customers, known.traits, known.as_of)
    return Leaving(
        cost=cost,
        calls=handover.call_list(cost.accounts, key_ids, known.staff, manager_id, known.as_of),
        takes=takes,
        nobody=nobody,
        notices=near[near["account_manager_id"] == manager_id],
    )


def _bought_again(manager_id: str, known: Known) -> pd.DataFrame | None:
    """What this manager's accounts buy again and what anew; of all accounts it would be pairs by the million."""
    if known.lines is None:
        return None
    theirs = known.traits.loc[known.traits["account_manager_id"] == manager_id, "account_id"]
    before = known.lines_before
    if before is not None:
        kept = before["account_id"].isin(theirs)
        kept.iloc[:1] = True  # no row at all would say that nobody knows the year before
        before = before[kept]
    return handover.resale_and_new(known.lines[known.lines["account_id"].isin(theirs)], before)


def who_takes(
    cost: handover.Departure, accounts: pd.DataFrame, *, known: Known, room: pd.Series | None, spare_hours: float
) -> tuple[handover.Handover | None, str]:
    """`handover.hand_over` of the leaving manager's accounts; without any successor None, and why."""
    if not can_be_followed(cost.manager_id, known):
        return None, NOBODY
    if spare_hours:
        everybody = pd.Index(known.staff["manager_id"]).union(accounts["account_manager_id"].dropna().unique())
        room = pd.Series(float(spare_hours), index=everybody)
    found = handover.hand_over(
        cost.accounts,
        accounts,
        known.traits,
        known.staff,
        known.as_of,
        cost.manager_id,
        interactions=known.interactions,
        contacts=known.contacts,
        hours=None if room is None else accounts.set_index("account_id")["hours"].fillna(0.0),
        spare=room,
    )
    return found, ""


def can_be_followed(manager_id: str, known: Known) -> bool:
    """Is there any other account manager who stays?"""
    return bool(handover.may_take(known.staff, known.traits, known.as_of, manager_id))


def room_of(managers: pd.DataFrame) -> pd.Series | None:
    """Hours a month that each may take on, by manager: what is left, of those whose hours are nearly all on record.

    None where nobody's are known: then the number of accounts alone is limited. `managers` with hours_per_month and
    hours_recorded.
    """
    known = managers.set_index("account_manager_id")
    recorded = known["hours_recorded"] >= _NEARLY_ALL * known["hours_per_month"]
    left = (known["hours_per_month"] - known["hours_recorded"]).clip(lower=0)[recorded]
    return left if len(left) else None


def own_loss(ledger: Ledger) -> OwnLoss:
    """What past hand-overs cost us, from who sold to each legal entity, and how many hand-overs that cannot tell of."""
    if not ledger.has("transactions", "account_manager_id") or not ledger.told_by_month:
        return OwnLoss()
    held, always = ledger.held_by(level="legal_entity"), ledger.period_of("all")
    months = ledger.months_side_by_side(always, measure="revenue")
    owners = ledger.table("accounts").reindex(columns=["account_id", "account_manager_id"])
    told = handover.own_transition(handover.handovers(held), months, ledger.as_of)
    return OwnLoss(told=told, unseen=len(handover.unseen(held, owners, ledger.as_of)))
