"""Explore `04_coverage`: another manager's departure, how many follow, who takes over, and whom we know where."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from kam_analysis.explorer import controls
from kam_analysis.explorer.explorer import Drawing, Explorer, Kept, View
from kam_analysis.ledger import Ledger
from kam_analysis.pages import style, words
from kam_analysis.pages.coverage.answer import answer, if_some_follow
from kam_analysis.pages.coverage.found import Found
from kam_analysis.pages.coverage.leaving import NOBODY, Leaving, can_be_followed, who_leaves, who_takes
from kam_analysis.pages.coverage.managers import at_other_rates
from kam_analysis.pages.coverage.relations import whose_contacts

REPORT = "04_coverage"
CHARTS = ("departures", "successors", "contacts")
# As `follow_rate` of the report: what the settings say.
AS_SET = -1.0
_HOURS = (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100, 120, 160)
# A list of suggestions that a browser still opens at once.
_SUGGESTED = 300


def explorer(ledger: Ledger, found: Found) -> Explorer:
    """What another manager's departure would cost, who takes over within which hours, and whom we know at an account.

    Starts at what the notebook found. The same question is asked of each manager alike.
    """
    team = _Team(ledger, found)
    return Explorer(ledger, REPORT, _controls(team), CHARTS, team.look)


def _controls(team: "_Team") -> dict[str, controls.Control]:
    made, start = {}, team.start
    cost = start.leaving.cost
    if cost is not None:
        help = "The same question for each manager alike: nobody's departure is predicted."
        made["leaving"] = controls.choice("If this manager left", _managers(start), cost.manager_id, help)
        rate = AS_SET if cost.follow_rate is None else cost.follow_rate.value
        help = "Part of the manager's customers who go along to a competitor; where they are bound to the person, more."
        made["follow_rate"] = controls.steps("Customers who follow", _parts(team.own_rate, rate), rate, help)
        hours = start.asked.spare_hours
        help = "What each can give to new accounts; an account that needs more goes to somebody else, or finds nobody."
        made["spare_hours"] = controls.steps("Successors' spare hours", _hours(start, hours), hours, help)
    if start.known.contacts is not None and len(start.known.contacts):
        asked = start.asked.contacts_of
        first = _label(asked, start.customer(asked)) if asked else ""
        help = "Empty: the key account where most contacts are weaker than wanted."
        made["contacts_of"] = controls.named("See the contacts at", [], first, help, "customer's name or number")
    return made


def _managers(start: Found) -> dict[str, str]:
    """Each by the name that the settings allow, with the number where two are called the same."""
    named = {id_: start.manager(id_) for id_ in start.managers["account_manager_id"]}
    called = list(named.values())
    return {id_: name if called.count(name) == 1 else f"{name} ({id_})" for id_, name in named.items()}


def _parts(own: float | None, start: float) -> dict[float, str]:
    """The parts that may follow; without an assumption in the settings also none assumed."""
    steps = {round(0.05 * at, 2) for at in range(21)} | {each for each in (own, start) if each is not None}
    steps |= {AS_SET} if own is None else set()
    return {each: "not assumed" if each < 0 else style.share(each, 0) for each in sorted(steps)}


def _hours(start: Found, asked: float) -> dict[float, str]:
    usual = "no limit" if start.room is None else "as recorded"
    return {each: f"{each:g} a month" if each else usual for each in sorted({0.0, asked, *map(float, _HOURS)})}


class _Team:
    """What was found, asked otherwise; each part is kept by what it depends on."""

    def __init__(self, ledger: Ledger, start: Found) -> None:
        self.ledger, self.start = ledger, start
        self.own_rate = None if start.departing.own is None else start.departing.own.value
        self._kept = Kept(len(start.accounts))

    def look(self, values: Mapping[str, Any]) -> View:
        """What the explorer shows for its controls' values."""
        leaving, hours = values.get("leaving", ""), values.get("spare_hours", 0.0)
        rate = values.get("follow_rate", AS_SET)
        rate = AS_SET if rate == self.own_rate else rate
        found = self._found(leaving, rate)
        picked, note = self._picked(values.get("contacts_of", ""))
        whose = picked or whose_contacts(found.relations)
        charts = {"contacts": Drawing(whose, lambda: found.contacts_chart(whose))}
        if leaving:
            charts["departures"] = Drawing((leaving, rate), found.departures_chart)
            charts["successors"] = Drawing((leaving, hours), lambda: self._successors(found, hours))
        notes = [each for each in (note, self._nobody(leaving)) if each]
        return View(
            lambda: f"{answer(found)} {if_some_follow(found)}".strip(),
            charts,
            self._parameters(leaving, rate, hours, picked),
            " ".join(notes),
            {"contacts_of": self._suggested(leaving)} if "contacts_of" in values else {},
        )

    def _found(self, leaving: str, rate: float) -> Found:
        """What the notebook would find, but for who is called and who takes over."""
        start = self.start
        if not leaving:
            return start
        departing = self._kept.once(("departing", rate), lambda: start.departing.if_follow(rate))
        cost = self._kept.once(("cost", leaving, rate), lambda: departing.of(leaving))
        managers = self._kept.once(("managers", rate), lambda: at_other_rates(start.managers, departing))
        return replace(start, departing=departing, managers=managers, leaving=Leaving(cost=cost))

    def _successors(self, found: Found, hours: float) -> go.Figure | None:
        cost, start = found.leaving.cost, self.start
        assert cost is not None
        # However many follow, the loss of the change itself decides who takes over.
        takes, _ = self._kept.once(
            ("takes", cost.manager_id, hours),
            lambda: who_takes(cost, start.accounts, known=start.known, room=start.room, spare_hours=hours),
        )
        return replace(found, leaving=replace(found.leaving, takes=takes)).successors_chart()

    def _nobody(self, leaving: str) -> str:
        """Why there is no successor at all; empty where there is one."""
        if not leaving:
            return ""
        able = self._kept.once(("able", leaving), lambda: can_be_followed(leaving, self.start.known))
        return "" if able else NOBODY

    @cached_property
    def _known(self) -> pd.DataFrame:
        """Accounts with contacts on record, the most sales first: account_id, account_manager_id, label."""
        start = self.start
        ids = pd.Series(
            [] if start.known.contacts is None else start.known.contacts["account_id"].unique(), dtype="str"
        )
        sold, owners = (
            frame.set_index("account_id")
            for frame in (start.known.sold, start.known.traits.reindex(columns=["account_id", "account_manager_id"]))
        )
        named = ids.map(sold["account_name"])
        labels = [
            _label(id_, words.named(id_, id_) if pd.isna(name) else name) for id_, name in zip(ids, named, strict=True)
        ]
        rows = pd.DataFrame(
            {"account_id": ids, "account_manager_id": ids.map(owners["account_manager_id"]), "label": labels}
        )
        return rows.loc[ids.map(sold["revenue"]).sort_values(ascending=False, kind="stable").index]

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
        part = labels.str.casefold().str.contains(said.casefold(), regex=False)
        for meant in ((ids == said) | (labels == said), part):
            if meant.sum() == 1:
                return str(ids[meant].iloc[0]), ""
            if meant.any():
                return "", f'Contacts: "{said}" may be any of {int(meant.sum())} customers; write more of the name.'
        return "", f'No customer with contacts on record matches "{said}". Type part of the name or the number.'

    def _parameters(self, leaving: str, rate: float, hours: float, picked: str) -> dict[str, object]:
        """What the report must be told: all that is otherwise than in the settings."""
        settings, usual = self.ledger.as_written, who_leaves(self.start.managers)
        given = {
            "period": (self.ledger.period_as_written, settings.period),
            "measure": (self.ledger.measure, settings.measure),
            "leaving": (leaving, usual),
            "follow_rate": (rate, AS_SET),
            "spare_hours": (hours, 0.0),
            "contacts_of": (picked, ""),
        }
        return {name: value for name, (value, without) in given.items() if value != without}


def _label(account_id: str, name: str) -> str:
    return f"{name} ({account_id})"
