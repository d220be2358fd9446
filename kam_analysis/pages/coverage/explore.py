"""Explore `04_coverage`: another manager's departure, how many follow, who takes over, and whom we know where."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from kam_analysis.analysis import coverage, handover
from kam_analysis.explorer import controls
from kam_analysis.explorer.explorer import Drawing, Explorer, Kept, View
from kam_analysis.ledger import Ledger
from kam_analysis.pages import style, words
from kam_analysis.pages.coverage import charts as figures
from kam_analysis.pages.coverage import findings

REPORT = "04_coverage"
CHARTS = ("departures", "successors", "contacts")
# As `follow_rate` of the report: what the settings say.
AS_SET = -1.0
_HOURS = (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100, 120, 160)
# A list of suggestions that a browser still opens at once.
_SUGGESTED = 300


def explorer(ledger: Ledger, evidence: findings.Evidence, contacts_of: str = "", spare_hours: float = 0.0) -> Explorer:
    """What another manager's departure would cost, who takes over within which hours, and whom we know at an account.

    Starts at what the notebook found, `evidence`, with its parameters `contacts_of` and `spare_hours`. The same
    question is asked of each manager alike.
    """
    team = _Team(ledger, evidence)
    return Explorer(ledger, REPORT, _controls(team, contacts_of, spare_hours), CHARTS, team.look)


def _controls(team: "_Team", contacts_of: str, spare_hours: float) -> dict[str, controls.Control]:
    found = {}
    cost = team.start.leaving.cost
    if cost is not None:
        help = "The same question for each manager alike: nobody's departure is predicted."
        found["leaving"] = controls.choice("If this manager left", _managers(team.start), cost.manager_id, help)
        rate = AS_SET if cost.follow_rate is None else cost.follow_rate.value
        help = "Part of the manager's customers who go along to a competitor; where they are bound to the person, more."
        found["follow_rate"] = controls.steps("Customers who follow", _parts(team.own_rate, rate), rate, help)
        help = "What each can give to new accounts; an account that needs more goes to somebody else, or finds nobody."
        found["spare_hours"] = controls.steps("Successors' spare hours", _hours(team, spare_hours), spare_hours, help)
    if team.contacts is not None and len(team.contacts):
        start = team.label(contacts_of) if contacts_of else ""
        help = "Empty: the key account where most contacts are weaker than wanted."
        found["contacts_of"] = controls.named("See the contacts at", [], start, help, "customer's name or number")
    return found


def _managers(start: findings.Evidence) -> dict[str, str]:
    """Each by the name that the settings allow, with the number where two are called the same."""
    named = {id_: start.manager(id_) for id_ in start.people["account_manager_id"]}
    called = list(named.values())
    return {id_: name if called.count(name) == 1 else f"{name} ({id_})" for id_, name in named.items()}


def _parts(own: float | None, start: float) -> dict[float, str]:
    """The parts that may follow; without an assumption in the settings also none assumed."""
    steps = {round(0.05 * at, 2) for at in range(21)} | {each for each in (own, start) if each is not None}
    return {each: "not assumed" if each < 0 else style.share(each, 0) for each in sorted(steps | ({AS_SET} if own is None else set()))}  # fmt: skip


def _hours(team: "_Team", start: float) -> dict[float, str]:
    usual = "no limit" if findings.spare(team.start.people, team.staff, 0.0) is None else "as recorded"
    return {each: f"{each:g} a month" if each else usual for each in sorted({0.0, start, *map(float, _HOURS)})}


class _Team:
    """The figures of 04 by what was asked for; each is kept by what it depends on."""

    def __init__(self, ledger: Ledger, start: findings.Evidence) -> None:
        self.ledger, self.start = ledger, start
        given = ledger.settings.assumptions.get("follow_rate")
        self.own_rate = None if given is None else given.value
        self._source = words.source(ledger, findings.both_years(ledger)[0])
        self._unit = findings.money_unit(ledger)
        self._kept = Kept(len(start.accounts))

    @cached_property
    def staff(self) -> pd.DataFrame:
        """The managers under the names that the settings allow."""
        return words.managers(self.ledger)

    @cached_property
    def contacts(self) -> pd.DataFrame | None:
        """Contacts under the names that the settings allow; None where there is no such table."""
        return words.records(self.ledger, "contacts")

    @cached_property
    def _traits(self) -> pd.DataFrame:
        return self.ledger.traits()

    @cached_property
    def _interactions(self) -> pd.DataFrame | None:
        return words.records(self.ledger, "interactions")

    @cached_property
    def _today(self) -> pd.DataFrame:
        start = self.start
        return handover.today_hours(self._interactions, self._traits, self.staff, start.accounts, start.as_of)

    def look(self, values: Mapping[str, Any]) -> View:
        """What the explorer shows for its controls' values."""
        leaving, spare = values.get("leaving", ""), values.get("spare_hours", 0.0)
        rate = values.get("follow_rate", AS_SET)
        rate = AS_SET if rate == self.own_rate else rate
        found = self._found(leaving, rate)
        picked, note = self._picked(values.get("contacts_of", ""))
        charts = {}
        if leaving:
            charts["departures"] = Drawing((leaving, rate), lambda: figures.departures_figure(found, self._source, self._unit))  # fmt: skip
            charts["successors"] = Drawing((leaving, spare), lambda: self._successors(found, spare))
        whose = picked or findings.whose_contacts(found.relations.known, found.relations.one_contact, "")
        charts["contacts"] = Drawing(whose, lambda: self._contacts(whose))
        notes = [each for each in (note, self._nobody(leaving)) if each]
        suggested = {"contacts_of": self._suggested(leaving)} if "contacts_of" in values else {}
        return View(
            lambda: self._said(found),
            charts,
            self._parameters(leaving, rate, spare, picked),
            " ".join(notes),
            suggested,
        )

    def _said(self, found: findings.Evidence) -> str:
        return f"{findings.answer(found, self._unit)} {findings.if_some_follow(found, self._unit)}".strip()

    def _found(self, leaving: str, rate: float) -> findings.Evidence:
        """What the notebook would find, but for who is called and who takes over."""
        start = self.start
        if not leaving:
            return start
        transition, follow = findings.rates(self.ledger, rate)
        cost = self._kept.once(
            ("cost", leaving, rate),
            lambda: handover.departure(start.accounts, self._traits, leaving, transition, follow),
        )
        people = self._kept.once(
            ("people", rate),
            lambda: findings.at_other_rates(
                start.people, handover.departures_of_each(start.accounts, self._traits, transition, follow)
            ),
        )
        return replace(start, people=people, leaving=findings.Leaving(cost, start.leaving.calls.iloc[:0], None))

    def _successors(self, found: findings.Evidence, spare: float) -> go.Figure | None:
        cost, start = found.leaving.cost, self.start
        assert cost is not None
        # However many follow, the loss of the change itself decides who takes over.
        taken, nobody = self._kept.once(
            ("taken", cost.manager_id, spare),
            lambda: findings.who_takes(
                cost, start.accounts, self._traits, self.staff, start.as_of, start.people, self._today, spare,
                interactions=self._interactions, contacts=self.contacts,
            ),
        )  # fmt: skip
        left = replace(found.leaving, handover=taken, nobody=nobody)
        return figures.successors_figure(replace(found, leaving=left), self._source, self._unit)

    def _nobody(self, leaving: str) -> str:
        """Why there is no successor at all; empty where there is one."""
        if not leaving:
            return ""
        able = self._kept.once(
            ("able", leaving), lambda: handover.may_take(self.staff, self._traits, self.start.as_of, leaving)
        )
        return "" if able else findings.NOBODY

    def _contacts(self, account_id: str) -> go.Figure | None:
        there = coverage.contact_map(self.contacts, account_id)
        return figures.contacts_figure(there, self.start.customer(account_id), self._source) if len(there) else None

    @cached_property
    def _known(self) -> pd.DataFrame:
        """Accounts with contacts on record, the most sales first: account_id, account_manager_id, label."""
        ids = pd.Index([] if self.contacts is None else self.contacts["account_id"].unique())
        sold = self.start.accounts.set_index("account_id").reindex(ids)
        held = self._traits.reindex(columns=["account_id", "account_manager_id"]).set_index("account_id")
        names = sold["account_name"].where(sold["account_name"].notna(), ids.to_series())
        found = pd.DataFrame({"account_id": ids, "account_manager_id": held["account_manager_id"].reindex(ids).array})
        found["label"] = [_label(id_, words.named(id_, name)) for id_, name in zip(ids, names, strict=True)]
        order = sold["revenue"].reset_index(drop=True).sort_values(ascending=False, kind="stable").index
        return found.loc[order]

    def label(self, account_id: str) -> str:
        """An account as the list of suggestions has it."""
        return _label(account_id, self.start.customer(account_id))

    def _suggested(self, leaving: str) -> list[str]:
        """Whose contacts can be seen, the leaving manager's customers first."""
        own = (self._known["account_manager_id"] == leaving).fillna(False).to_numpy(dtype=bool)
        return pd.concat([self._known["label"][own], self._known["label"][~own]]).head(_SUGGESTED).tolist()

    def _picked(self, said: str) -> tuple[str, str]:
        """The account that is meant by a number, a name or a part of it; where none is, why."""
        said = said.strip()
        if not said:
            return "", ""
        ids, labels = self._known["account_id"], self._known["label"]
        for meant in ((ids == said) | (labels == said), labels.str.casefold().str.contains(said.casefold(), regex=False)):  # fmt: skip
            if meant.sum() == 1:
                return str(ids[meant].iloc[0]), ""
            if meant.any():
                return "", f'Contacts: "{said}" may be any of {int(meant.sum())} customers; write more of the name.'
        return "", f'Contacts: no customer with contacts on record is called "{said}"; write a part of the name, or the number.'  # fmt: skip

    def _parameters(self, leaving: str, rate: float, spare: float, picked: str) -> dict[str, object]:
        """What the report must be told: all that is otherwise than in the settings."""
        settings, usual = self.ledger.as_written, findings.who_leaves(self.start.people, "")
        given = {
            "period": (self.ledger.period_as_written, settings.period),
            "measure": (self.ledger.measure, settings.measure),
            "leaving": (leaving, usual),
            "follow_rate": (rate, AS_SET),
            "spare_hours": (spare, 0.0),
            "contacts_of": (picked, ""),
        }
        return {name: value for name, (value, without) in given.items() if value != without}


def _label(account_id: str, name: str) -> str:
    return f"{name} ({account_id})"
