"""Everything that `04_coverage` found, once: who owns which relationship, and what is at risk if a manager leaves."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from kam_analysis.analysis import coverage
from kam_analysis.analysis.concentration import concentrate
from kam_analysis.analysis.coverage.relationships import noted
from kam_analysis.analysis.handover import Allocation
from kam_analysis.ledger import Ledger
from kam_analysis.ledger.settings.settings import Assumption
from kam_analysis.pages import assumed, words
from kam_analysis.pages.about import About, about, unmatched, wanted_in
from kam_analysis.pages.churn_impact.common_causes import common_causes
from kam_analysis.pages.coverage import (
    advice,
    charts_contacts,
    charts_departure,
    result,
    tables_contacts,
    tables_departure,
    tables_people,
)
from kam_analysis.pages.coverage.departures import Departures, departures, who_may_leave
from kam_analysis.pages.coverage.known import Asked, Known, as_asked, check, told_by
from kam_analysis.pages.coverage.leaving import Leaving, OwnLoss, if_leaves, own_loss, room_of, who_leaves
from kam_analysis.pages.coverage.managers import (
    Ownership,
    Rated,
    attended_by,
    better_hours,
    by_account,
    managers_of,
    moves_among,
    ownership_of,
    practised_at,
    rated,
    without_ratings,
)
from kam_analysis.pages.coverage.relations import Relations, relations_of, whose_contacts
from kam_analysis.pages.html import Html, bullets
from kam_analysis.pages.key_accounts.who_is_key import who_is_key
from kam_analysis.pages.results import Answered, Result
from kam_analysis.pages.shelf import shelved

# What this page takes for given, by the settings' names.
ASSUMED = (
    "follow_rate", "contact_turnover", "hours_elasticity", "key_account_hours", "churn_probability", "own_estimate_odds",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class Found(Answered):
    """What each manager looks after, what their departure does, and how well we know the customers.

    The frames: `accounts` (all that count, see `departures`: account_id, account_name, revenue and, where known,
    margin, of twelve months; account_manager_id, bond, ends_on, notice_by, is_key, probability of leaving within a year for
    whatever reason, with `low` and `high` where there is a range, its `estimate` before what could take several at once, hours a month),
    `managers` (a row each: what they look after, whether it grew, what their departure costs), `departures` (that
    cost), `calls`, `handover`, `contacts` (a row per person), `hours`, `practice` and `moves` (of key accounts).

    `attended` of `coverage.attention`, with whom each account's manager is `rated_as`: persons one by one or teams, as
    the settings say; then no frame but `accounts` names the manager too. `rated` are those figures, `room` is of
    `room_of`; `allocation` None where no hours are on record. `unmatched` says that the ids of list and sales nearly
    match: then there is no answer and no figure.
    """

    about: About
    asked: Asked
    known: Known
    unmatched: tuple[str, ...]
    accounts: pd.DataFrame
    managers: pd.DataFrame
    departing: Departures
    ownership: Ownership
    attended: pd.DataFrame
    rated: Rated
    room: pd.Series | None
    leaving: Leaving
    own: OwnLoss
    moves: pd.DataFrame
    relations: Relations
    allocation: Allocation | None
    practised: coverage.Practice
    assumptions: Mapping[str, Assumption]

    @property
    def key_ids(self) -> list[str]:
        """The key accounts among those that count, the largest first."""
        return self.accounts.loc[self.accounts["is_key"], "account_id"].tolist()

    @property
    def departures(self) -> pd.DataFrame:
        """What the departure of each manager does, as of `Departures`."""
        return self.departing.managers

    @property
    def calls(self) -> pd.DataFrame:
        """Who calls whom, when and why: if the manager looked at leaves, then the yearly calls from above."""
        return tables_departure.calls(self)

    @property
    def handover(self) -> pd.DataFrame:
        """Who takes which account of the manager looked at, and on which day; empty where nobody could."""
        given = self.leaving.takes
        return pd.DataFrame(columns=tables_departure.HANDOVER) if given is None else given.accounts

    @property
    def contacts(self) -> pd.DataFrame:
        """Everybody we know at customers, with the account's name and whether we speak to them (`live`)."""
        names = self.known.sold[["account_id", "account_name"]]
        return noted(self.known.contacts).merge(names, "left", "account_id")

    @property
    def hours(self) -> pd.DataFrame:
        """Hours a month by account, today and where they keep and win most; empty where none are on record."""
        if self.allocation is None:
            return self.accounts.iloc[:0].assign(rated_as="")
        rows = self.allocation.accounts
        rows = rows.assign(rated_as=self.rated.names(rows["account_manager_id"]))
        return rows if self.rated.individuals else rows.drop(columns="account_manager_id")

    @property
    def practice(self) -> pd.DataFrame:
        """What each key account has of five basics; NA where no table tells."""
        return self.practised.grid

    @property
    def earned(self) -> str:
        """What hours keep and win, and what depends on a contact, as pages name it."""
        return "margin" if "margin" in self.accounts else "sales"

    @property
    def leaver(self) -> str:
        """The manager whose departure is looked at, as pages name them; empty where nobody is known."""
        return "" if self.leaving.cost is None else self.manager(self.leaving.cost.manager_id)

    @property
    def last_day(self) -> date | None:
        """The last day of that manager, where it is on file."""
        if self.leaving.cost is None:
            return None
        rows = self.managers[self.managers["account_manager_id"] == self.leaving.cost.manager_id]
        day = rows["leaving_on"].iloc[0]
        return None if pd.isna(day) else day.date()

    @property
    def kept_back(self) -> bool:
        """Whether the last day that this page tells of is not announced: then it stands here alone."""
        if self.last_day is None or self.leaving.cost is None:
            return False
        rows = self.departures[self.departures["account_manager_id"] == self.leaving.cost.manager_id]
        return not rows["announced"].eq(True).any()

    def as_announced(self) -> "Found":
        """What this page would tell if no last day were on file but those that are announced."""
        told = self.departures.set_index("account_manager_id")["announced"].eq(True)
        known_to_all = self.managers["account_manager_id"].map(told).eq(True)
        managers = self.managers.assign(leaving_on=self.managers["leaving_on"].where(known_to_all))
        leaver, staff = who_leaves(managers), self.known.staff
        # Others who leave are not named, and still take no accounts over.
        hidden = (staff["manager_id"] == leaver) & ~bool(told.get(leaver, False))
        known = replace(self.known, staff=staff.assign(leaving_on=staff["leaving_on"].mask(hidden)))
        spare = self.asked.spare_hours
        leaving = if_leaves(
            leaver, self.departing, known=known, accounts=self.accounts, room=self.room, spare_hours=spare
        )
        return replace(self, known=known, managers=managers, leaving=leaving)

    @property
    def on_one(self) -> pd.DataFrame:
        """All accounts with one live contact."""
        return self.relations.hanging[self.relations.hanging["live"] == 1]

    @property
    def overdue(self) -> int | None:
        """Key accounts without a call from above within a year; None where nobody can tell."""
        return None if self.relations.called is None else int(self.relations.due["overdue"].sum())

    def manager(self, manager_id: object) -> str:
        """A manager as pages name them; empty for nobody."""
        return self.known.manager(manager_id)

    def customer(self, account_id: str) -> str:
        """An account as pages name it."""
        sold = self.known.sold
        names = sold.loc[sold["account_id"] == account_id, "account_name"]
        return str(names.iloc[0]) if len(names) else words.named(account_id, account_id)

    def result(self) -> Result:
        """The results document, with the first screen."""
        return result.result(self)

    actions = advice.actions
    departures_chart = charts_departure.departures_chart
    successors_chart = charts_departure.successors_chart

    def contacts_chart(self, account_id: str = "") -> go.Figure | None:
        """Whom we know at one account; without one, where most contacts are weaker than wanted."""
        return charts_contacts.contacts_chart(
            self, account_id or whose_contacts(self.relations, self.asked.contacts_of)
        )

    hours_chart = charts_contacts.hours_chart
    managers_table = tables_people.managers_table
    attention_table = tables_people.attention_table
    slipping_table = tables_people.slipping_table
    practice_table = tables_people.practice_table
    short_table = tables_people.short_table
    cost_notes = tables_departure.cost_notes
    calls_table = tables_departure.calls_table
    plan_table = tables_departure.plan_table
    handover_table = tables_departure.handover_table
    moves_table = tables_departure.moves_table
    hours_table = tables_people.hours_table
    hours_by_manager_table = tables_people.hours_by_manager_table
    one_contact_table = tables_contacts.one_contact_table
    known_table = tables_contacts.known_table
    strengths_table = tables_contacts.strengths_table
    strangers_table = tables_contacts.strangers_table
    executive_calls_table = tables_contacts.executive_calls_table
    heard_table = tables_contacts.heard_table
    voices_table = tables_contacts.voices_table
    silent_line = tables_contacts.silent_line

    def assumptions_table(self) -> Html:
        """What the page takes for given."""
        return assumed.assumptions_table(self.assumptions, self.about.unit)

    def caveats(self) -> Html:
        """What to know before trusting the figures."""
        return bullets(result.caveats(self))


@shelved
def collect(
    ledger: Ledger, *, leaving: Any = "", contacts_of: Any = "", spare_hours: Any = 0.0, follow_rate: Any = -1.0
) -> Found:
    """All of it, of the twelve months to the ledger's day; its period and measure only say who is key.

    `leaving`: the manager_id looked at in depth (else whose last day is on file, else who holds most); `contacts_of`:
    the account_id whose contacts are drawn; `spare_hours` a month that each successor can take on (0: as recorded,
    else no limit); `follow_rate`: the part of customers who follow to a competitor, 0-1 (below 0: as the settings say).
    Raises `SettingsError` or `DataError` for parameters that cannot be.
    """
    known = told_by(ledger)
    asked = as_asked(leaving, contacts_of, spare_hours=spare_hours, follow_rate=follow_rate).told(ledger)
    check(asked, known)
    # Before the rest is there: who sold to a million accounts fills the engine's memory beside these frames.
    own = own_loss(ledger)
    may_leave, given = who_may_leave(ledger), assumed.assumptions(ledger, ASSUMED)
    departing = departures(ledger, follow_rate=asked.follow_rate, lost=may_leave.gone)
    causes = common_causes(ledger, departing.customers["account_id"].tolist(), traits=known.traits, departing=departing)
    accounts = by_account(departing, who_is_key(ledger), known=known, chances=causes.raised(may_leave.chances))
    attended, book = attended_by(known), concentrate(known.sold, "revenue")
    managers, each = managers_of(departing, known=known, attended=attended), ledger.settings.individuals
    room, ratings = (
        room_of(managers),
        rated(managers, attended, staff=known.staff, named=known.manager, individuals=each),
    )
    attended = attended.assign(rated_as=ratings.names(attended["account_manager_id"]))
    if not each:
        managers, attended = without_ratings(managers), attended.drop(columns="account_manager_id")
    leaver, turnover = who_leaves(managers, asked.leaving), given["contact_turnover"].value
    relations = relations_of(accounts, known=known, turnover=turnover, full_names=ledger.settings.names == "full")
    return Found(
        about=about(
            ledger, book, period=ledger.period_of("last_12_months"), measure="revenue", wanted=wanted_in(__file__)
        ),
        asked=asked,
        known=known,
        unmatched=tuple(unmatched(ledger, book)),
        accounts=accounts,
        managers=managers,
        departing=departing,
        ownership=ownership_of(accounts, known),
        attended=attended,
        rated=ratings,
        room=room,
        leaving=if_leaves(leaver, departing, known=known, accounts=accounts, room=room, spare_hours=asked.spare_hours),
        own=own,
        moves=moves_among(accounts, known),
        relations=relations,
        allocation=better_hours(accounts, known=known, assumptions=given),
        practised=practised_at(accounts, known=known, called=relations.called),
        assumptions=given | departing.assumptions,
    )
