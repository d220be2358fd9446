"""What does a manager's departure do, and which accounts are whose? One computation for every page that says it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from kam_analysis.analysis import coverage, handover
from kam_analysis.analysis.losses import CommonCause
from kam_analysis.ledger import Ledger
from kam_analysis.ledger.settings.settings import Assumption
from kam_analysis.pages import words
from kam_analysis.pages.churn_impact.who_may_leave import who_may_leave as who_may_leave

# How pages other than 04 call a manager who may leave, until it is announced.
UNNAMED = "an account manager"
_SET_HERE = "set for this report"
_OF_MANAGERS = [
    "account_manager_id", "manager_name", "leaving_on", "accounts", "revenue", "revenue_share", "margin", "margin_share",
    "chance", "announced",
]  # fmt: skip
_YEAR = pd.DateOffset(years=1)


@dataclass(frozen=True, kw_only=True)
class Departures:
    """What the departure of each manager does, one at a time.

    `managers`: a row per manager with accounts (see `departures` for which count), largest sales first:
    account_manager_id, manager_name, leaving_on (NaT where none is on file), accounts (number), revenue and margin
    (above zero, of twelve months) with revenue_share and margin_share (of all such accounts, 0-1); then money a year,
    each with _low and _high: transition (the hand-over alone), further (lost beyond that if customers follow, NaN
    without an assumption), at_risk (both) and, where margin is known, at_risk_margin; further_company,
    further_person and further_unknown are the parts of `further` by what the accounts are bound to; notices_near
    where contracts are known. `chance` that they leave within a year (NaN where nothing says so) and `announced`
    are those of `who_may_go`.

    `customers`: account_id, account_name, revenue and, where known, margin of all accounts, those of nobody too;
    `traits` what else is known of them. `transition` and `follow` are the rates, `own` the company's own assumption.
    """

    managers: pd.DataFrame
    customers: pd.DataFrame
    traits: pd.DataFrame
    as_of: date
    transition: handover.Rate
    follow: handover.Rate | None
    own: handover.Rate | None

    @property
    def assumptions(self) -> dict[str, Assumption]:
        """The rates as lines of a page's assumptions."""
        rates = {"transition_rate": self.transition} | ({} if self.follow is None else {"follow_rate": self.follow})
        return {name: Assumption(name, each.value, each.low, each.high, each.source) for name, each in rates.items()}

    def of(self, manager_id: str, *, sales: pd.DataFrame | None = None) -> handover.Departure:
        """One manager's departure account by account; `sales` as of `handover.resale_and_new`."""
        return handover.departure(self.customers, self.traits, manager_id, self.transition, self.follow, sales)

    def causes(self, account_ids: Sequence[str], *, end: str = "") -> dict[str, CommonCause]:
        """The departures that have a chance, by manager_id: what each takes of these accounts; members by position.

        Of what follows by its bond all is lost, of what stays the hand-over takes its part. `end` of the range of those
        that follow: "_low", "_high" or "". Accounts without sales above zero have nothing at risk. Named as `told`.
        """
        place, found = {id_: at for at, id_ in enumerate(account_ids)}, {}
        told = self.told
        for row in self.managers[self.managers["chance"] > 0].sort_values("account_manager_id").to_dict("records"):
            key = str(row["account_manager_id"])
            theirs = self.of(key).accounts
            theirs = theirs[(theirs["revenue"] > 0) & theirs["account_id"].isin(place)]
            if len(theirs):
                members = [place[each] for each in theirs["account_id"]]
                follow = theirs[f"follow{end}"].fillna(0.0).tolist()
                found[key] = CommonCause(row["chance"], members, follow, told[key], self.transition.value)
        return found

    @property
    def told(self) -> dict[str, str]:
        """Those who may leave by manager_id, as pages other than 04 name them."""
        return _told(self.managers.rename(columns={"account_manager_id": "manager_id"}))

    def if_follow(self, follow_rate: float | None) -> "Departures":
        """The same at another rate of customers who follow, 0-1; None or below 0: the company's own assumption."""
        follow = _follow(self.own, follow_rate)
        each = handover.departures_of_each(self.customers, self.traits, self.transition, follow, self.as_of)
        costs = each.set_index("account_manager_id").drop(columns=["accounts", "revenue", "revenue_share"])
        known = self.managers[[name for name in self.managers if name in _OF_MANAGERS]]
        return replace(self, follow=follow, managers=known.join(costs, on="account_manager_id"))


def departures(ledger: Ledger, *, follow_rate: float | None = None, lost: Iterable[str] | None = None) -> Departures:
    """What would it cost if each of the managers left, and which accounts count as theirs?

    An account counts as a manager's when all three hold:

    1. The customer list names them for it today; where no list does, they sold most to it in the twelve months
       (`Ledger.traits`). Who sold it in the past does not count.
    2. It bought in the twelve months to `as_of`: there are sales or credit notes of it, whatever their sum.
    3. It is not lost already: it has not left, and has not been silent for so long that it counts as lost
       (`who_may_leave`). There is nobody to call there, and nothing to hand over.

    At the ledger's level, so the companies of a group are one account. Shares are of all accounts of 2 and 3, with a
    manager or without. `follow_rate` (0-1) is the part of customers who follow; None or below 0: the settings' own
    assumption, none where they give none. `lost`: the ids of 3, for whoever has asked `who_may_leave` already.
    """
    gone = who_may_leave(ledger).gone if lost is None else pd.Series(list(lost), dtype="str")
    money = [each for each in ("revenue", "margin") if each in ledger.measures]
    sold = words.called(ledger.by_account(ledger.period_of("last_12_months"), measures=money))
    customers, traits = sold[~sold["account_id"].isin(gone)].reset_index(drop=True), ledger.traits()
    given = ledger.settings.assumptions.get("follow_rate")
    own = None if given is None else handover.Rate(given.value, given.low, given.high, given.source)
    looked_after = coverage.manager_table(customers, traits, ledger.staff())
    going = who_may_go(ledger).set_index("manager_id")
    ids = looked_after["account_manager_id"]
    looked_after = looked_after.assign(
        chance=ids.map(going["chance"]).astype("float64"), announced=ids.map(going["announced"]).eq(True)
    )
    found = Departures(
        managers=looked_after[_OF_MANAGERS],
        customers=customers,
        traits=traits,
        as_of=ledger.as_of,
        transition=handover.TRANSITION,
        follow=own,
        own=own,
    )
    return found.if_follow(follow_rate)


def who_may_go(ledger: Ledger) -> pd.DataFrame:
    """Whose departure has a chance within a year: manager_id, manager_name, chance (0-1), announced, told.

    The settings' own `departure_probability`, else 1 for a last day on file that is no more than a year ahead. Until
    `announced_on` has come, or where it is empty, 04 alone names who leaves: `told` is how other pages call them. The
    money that it moves counts everywhere.
    """
    known = ledger.staff()
    known = known.reindex(columns=["manager_id", "manager_name", "leaving_on", "announced_on", "departure_probability"])
    today = pd.Timestamp(ledger.as_of)
    soon = pd.to_datetime(known["leaving_on"]) <= today + _YEAR
    chance = (
        pd.to_numeric(known["departure_probability"])
        .astype("float64")
        .where(lambda given: given.notna(), soon.map({True: 1.0}))
    )
    found = known.assign(
        manager_name=known["manager_name"].astype("object").fillna(known["manager_id"]),
        chance=chance,
        announced=pd.to_datetime(known["announced_on"]) <= today,
    )
    found = found[found["chance"].notna()].sort_values("manager_id", ignore_index=True)
    told = _told(found)
    found["told"] = found["manager_id"].map(told).astype("str")
    return found[["manager_id", "manager_name", "chance", "announced", "told"]]


def _told(managers: pd.DataFrame) -> dict[str, str]:
    going = managers[managers["chance"].notna()].sort_values("manager_id")
    kept = going.loc[~going["announced"], "manager_id"].tolist()
    unnamed = {id_: UNNAMED if len(kept) == 1 else f"{UNNAMED} ({at})" for at, id_ in enumerate(kept, 1)}
    named = dict(zip(going["manager_id"].astype(str), going["manager_name"].astype(str), strict=True))
    return named | unnamed


def _follow(own: handover.Rate | None, asked: float | None) -> handover.Rate | None:
    """How many customers follow. The range moves in proportion with what is asked for.

    So customers who are bound to the person still follow more often than others; without an own assumption there is
    no range.
    """
    if asked is None or asked < 0:
        return own
    if own is None or not own.value > 0:
        return handover.Rate(asked, asked, asked, _SET_HERE)
    part = asked / own.value
    low, high = min(part * own.low, asked), min(max(part * own.high, asked), 1.0)
    return handover.Rate(asked, low, high, f"{_SET_HERE}, the range in proportion")
