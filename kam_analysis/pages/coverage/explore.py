"""Explore `04_coverage`: another manager's departure, how many follow, who takes over, and whom we know where."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from kam_analysis.explorer import controls
from kam_analysis.explorer.explorer import Drawing, Explorer, Kept, View
from kam_analysis.explorer.report_line import changed
from kam_analysis.ledger import Ledger
from kam_analysis.pages import style, words
from kam_analysis.pages.coverage.answer import answer, if_some_follow
from kam_analysis.pages.coverage.found import Found
from kam_analysis.pages.coverage.leaving import NOBODY, Leaving, can_be_followed, who_leaves, who_takes
from kam_analysis.pages.coverage.managers import at_other_rates
from kam_analysis.pages.coverage.relations import whose_contacts
from kam_analysis.pages.highlighted import suggestion
from kam_analysis.pages.words import said_in

say = said_in(__file__)

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
    made, start = {}, team.start
    cost = start.leaving.cost
    if cost is not None:
        who, help = _managers(start), say("explorer.leaving_help")
        made["leaving"] = controls.choice(say("explorer.leaving"), who, cost.manager_id, help)
        rate = AS_SET if cost.follow_rate is None else cost.follow_rate.value
        parts, help = _parts(team.own_rate, rate), say("explorer.follow_help")
        made["follow_rate"] = controls.steps(say("explorer.follow"), parts, rate, help)
        hours, help = start.asked.spare_hours, say("explorer.hours_help")
        made["spare_hours"] = controls.steps(say("explorer.hours"), _hours(start, hours), hours, help)
    if start.known.contacts is not None and len(start.known.contacts):
        asked = start.asked.contacts_of
        first = suggestion(asked, start.customer(asked)) if asked else ""
        hint, help = say("explorer.contacts_hint"), say("explorer.contacts_help")
        made["contacts_of"] = controls.named(say("explorer.contacts"), [], first, help, hint)
    return Explorer(ledger, REPORT, made, CHARTS, team.look)


def _managers(start: Found) -> dict[str, str]:
    """Each by the name that the settings allow, with the number where two are called the same."""
    named = {id_: start.manager(id_) for id_ in start.managers["account_manager_id"]}
    called = list(named.values())
    return {id_: name if called.count(name) == 1 else f"{name} ({id_})" for id_, name in named.items()}


def _parts(own: float | None, start: float) -> dict[float, str]:
    """The parts that may follow; without an assumption in the settings also none assumed."""
    steps = {round(0.05 * at, 2) for at in range(21)} | {each for each in (own, start) if each is not None}
    steps |= {AS_SET} if own is None else set()
    return {each: say("explorer.not_assumed") if each < 0 else style.share(each, 0) for each in sorted(steps)}


def _hours(start: Found, asked: float) -> dict[float, str]:
    usual = say("explorer.no_limit" if start.room is None else "explorer.as_recorded")
    steps = sorted({0.0, asked, *map(float, _HOURS)})
    return {each: say("explorer.hours_a_month", hours=f"{each:g}") if each else usual for each in steps}


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
        known = self.start.known
        rows = pd.DataFrame({"account_id": [] if known.contacts is None else known.contacts["account_id"].unique()})
        rows = rows.astype("str").merge(known.sold[["account_id", "account_name", "revenue"]], "left", "account_id")
        owners = known.traits.reindex(columns=["account_id", "account_manager_id"])
        rows = rows.merge(owners, "left", "account_id").sort_values("revenue", ascending=False, kind="stable")
        names = rows["account_name"].where(
            rows["account_name"].notna(), [words.named(each, each) for each in rows["account_id"]]
        )
        return rows.assign(label=[suggestion(*each) for each in zip(rows["account_id"], names, strict=True)])

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
                return "", say("explorer.several", said=said, number=int(meant.sum()))
        return "", say("explorer.none", said=said)

    def _parameters(self, leaving: str, rate: float, hours: float, picked: str) -> dict[str, object]:
        """What the report must be told: all that is otherwise than in the settings."""
        return changed(
            self.ledger,
            leaving=(leaving, who_leaves(self.start.managers)),
            follow_rate=(rate, AS_SET),
            spare_hours=(hours, 0.0),
            contacts_of=(picked, ""),
        )
