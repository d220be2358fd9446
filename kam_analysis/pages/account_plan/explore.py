"""Explore `05_account_plan`: pick an account, and everything follows."""

from collections.abc import Mapping
from typing import Any

from kam_analysis.errors import SettingsError
from kam_analysis.explorer import controls
from kam_analysis.explorer.explorer import Drawing, Explorer, Kept, View
from kam_analysis.ledger import Ledger
from kam_analysis.pages.account_plan.answer import answer
from kam_analysis.pages.account_plan.found import Found, collect
from kam_analysis.pages.account_plan.words_actions import what
from kam_analysis.pages.highlighted import suggestion, typed
from kam_analysis.pages.words import said_in

say = said_in(__file__)

REPORT = "05_account_plan"
CHARTS = ("sales", "white_space", "contacts")
_SUGGESTED = 300


def explorer(ledger: Ledger, found: Found) -> Explorer:
    """The plan of another account: its answer and actions, its sales, what it could still buy, whom we know there.

    Starts at what the notebook found.
    """
    return Explorer(ledger, REPORT, {"account_id": _control(found)}, CHARTS, _Plans(ledger, found).look)


def _control(start: Found) -> controls.Control:
    return controls.named("Account", [], _label(start, start.account_id), say("explore.help"), say("explore.example"))


def _label(start: Found, account_id: str) -> str:
    return suggestion(account_id, start.company.keys.name(account_id))


class _Plans:
    """The plans that were looked at, by account."""

    def __init__(self, ledger: Ledger, start: Found) -> None:
        self._ledger, self._start, self._kept = ledger, start, Kept(1)
        keys = start.company.keys
        largest = keys.book.accounts["account_id"].head(_SUGGESTED).tolist()
        self._suggested = [_label(start, each) for each in dict.fromkeys([*keys.ordered, *largest])][:_SUGGESTED]

    def look(self, values: Mapping[str, Any]) -> View:
        """What the explorer shows for the account that is picked."""
        asked, note = typed(str(values["account_id"])), ""
        try:
            found = self._kept.once(asked, lambda: collect(self._ledger, asked))
        except SettingsError as error:
            found, note = self._start, str(error)
        of = found.account_id
        charts = {"sales": Drawing(of, found.sales_chart), "white_space": Drawing(of, found.white_space_chart)}
        if found.contacts is not None and len(found.contacts) > 1:
            charts["contacts"] = Drawing(of, lambda: found.company.people.contacts_chart(of))
        parameters = {} if of == self._first else {"account_id": of}
        return View(
            lambda: _said(found), charts, parameters=parameters, note=note, suggested={"account_id": self._suggested}
        )

    @property
    def _first(self) -> str:
        """Whose plan it is where nobody is named."""
        return str(next(iter(self._start.company.keys.ordered), ""))


def _said(found: Found) -> str:
    first = [what(each, found.unit) for each in found.actions_found[:1]]
    return " ".join([answer(found), *(say("explore.first", action=each) for each in first)])
