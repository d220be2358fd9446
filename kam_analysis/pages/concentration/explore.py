"""Explore `01_concentration`: another measure, line or period, groups or companies, one customer highlighted."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from kam_analysis.analysis import concentration as kam
from kam_analysis.errors import SettingsError
from kam_analysis.explorer import controls
from kam_analysis.explorer.explorer import Drawing, Explorer, Kept, View
from kam_analysis.explorer.periods import periods
from kam_analysis.ledger import Ledger
from kam_analysis.ledger.opening import require_shares
from kam_analysis.pages import words
from kam_analysis.pages.about import asked_otherwise
from kam_analysis.pages.concentration import found as steps
from kam_analysis.pages.concentration import months
from kam_analysis.pages.concentration.answer import answer, where_it_stands
from kam_analysis.pages.concentration.found import Found
from kam_analysis.pages.highlighted import highlighted

REPORT = "01_concentration"
CHARTS = ("largest", "moved", "course", "what_if")
# A list of suggestions that a browser still opens at once.
SUGGESTED = 300
_SUGGESTION = re.compile(r".*\((?P<id>[^()]*)\)")


def explorer(ledger: Ledger, found: Found) -> Explorer:
    """How concentration looks by another measure, product line, period or level, and where one customer stands.

    Starts at what `ledger` was opened with and `found`. Every number is the notebook's: the same steps and charts.
    """
    views = _Views(ledger, found)
    return Explorer(ledger, REPORT, _controls(ledger), CHARTS, views.look)


def _controls(ledger: Ledger) -> dict[str, controls.Control]:
    measures = {
        each: words.headed(f"{words.measure_name(each)} ({words.unit_of(ledger, each)})") for each in ledger.measures
    }
    found = {
        "measure": controls.choice("Measure", measures, ledger.measure, "What shares are of."),
        "period": controls.choice(
            "Period", periods(ledger), ledger.period_as_written, "Compared with the same days a year before."
        ),
    }
    lines = ledger.product_lines
    if lines:
        options = {"": "All product lines"} | {line: line for line in lines}
        found["line"] = controls.choice("Product line", options, ledger.line, "A small customer can carry a line.")
    if ledger.master.grouped:
        levels = {True: "One customer", False: "Each company for itself"}
        found["parents"] = controls.choice(
            "Companies of a group", levels, ledger.level == "parent", "A group decides as one."
        )
    start = ledger.settings.significance.share
    found["key_share"] = controls.share("Key from a share of", start, max(0.5, start), "The dashed line.")
    found["customer"] = controls.named(
        "Highlight a customer", [], "", "Stands out in every chart; empty: the largest.", "name or number"
    )
    return found


@dataclass(frozen=True)
class _Asked:
    """What the controls ask the ledger for."""

    period: str
    measure: str
    line: str
    parents: bool


class _Views:
    """What was found by what was asked for; what was computed once is kept."""

    def __init__(self, ledger: Ledger, start: Found) -> None:
        self._ledger, self._start = ledger, start
        self._kept = Kept(10_000)

    def look(self, values: Mapping[str, Any]) -> View:
        """What the explorer shows for its controls' values."""
        line, parents = values.get("line", self._ledger.line), values.get("parents", self._ledger.level == "parent")
        asked = _Asked(values["period"], values["measure"], line, parents)
        book = self._book(asked)
        picked, note = self._picked(book, values["customer"])
        found = self._found(asked, key_share=values["key_share"], picked=picked)
        parameters = self._parameters(asked, values["key_share"], picked=picked)
        suggested = {"customer": _suggested(book)}
        return View(lambda: self._said(asked, found), self._charts(asked, found), parameters, note, suggested)

    def _found(self, asked: _Asked, *, key_share: float, picked: str) -> Found:
        """What is cheap of what the notebook would find: the rest follows where a chart needs it."""
        ledger = self._asked(asked)
        about = replace(asked_otherwise(self._start.about, ledger), key_share=key_share)
        return replace(
            self._start, about=about, now=self._book(asked), customer=picked, groups=(), before=None, year=None
        )

    def _said(self, asked: _Asked, found: Found) -> str:
        found = replace(found, before=self._before(asked))
        measure = found.about.measure_words
        place = where_it_stands(found.now, found.before, account_id=found.customer, measure=measure)
        return f"{answer(found)} {place}".strip()

    def _charts(self, asked: _Asked, found: Found) -> dict[str, Drawing]:
        key_share, picked = found.about.key_share, found.customer
        return {
            "largest": Drawing((asked, key_share, picked), found.pareto),
            "moved": Drawing((asked, picked), lambda: replace(found, year=self._year(asked)).bridge_chart()),
            "course": Drawing((asked, picked), lambda: self._with_course(asked, found).trend_chart()),
            "what_if": Drawing((asked, picked), found.what_if_chart),
        }

    def _with_course(self, asked: _Asked, found: Found) -> Found:
        ledger = self._asked(asked)
        # The course over months is the same in every period.
        key = ("course", asked.measure, asked.line, asked.parents)
        trend = self._kept.once(key, lambda: months.course(ledger))
        course = months.course_of(ledger, trend, book=found.now, account_id=found.customer)
        return replace(found, trend=trend, course=course)

    def _asked(self, asked: _Asked) -> Ledger:
        def ask() -> Ledger:
            return self._ledger.asked(asked.period, asked.measure, asked.line, asked.parents)

        return self._kept.once(asked, ask)

    def _book(self, asked: _Asked) -> kam.Concentration:
        def made() -> kam.Concentration:
            found = steps.book(self._asked(asked))
            if not found.n:
                require_shares(self._asked(asked))
            return found

        return self._kept.once(("now", asked), made)

    def _before(self, asked: _Asked) -> kam.Concentration | None:
        return self._kept.once(("before", asked), lambda: steps.book_before(self._asked(asked)))

    def _year(self, asked: _Asked) -> steps.Year | None:
        return self._kept.once(("year", asked), lambda: steps.two_years(self._asked(asked)))

    def _picked(self, book: kam.Concentration, said: str) -> tuple[str, str]:
        """The account that is highlighted; where nobody is meant, why."""
        suggested = _SUGGESTION.fullmatch(said)
        try:
            return highlighted(book, suggested["id"] if suggested else said), ""
        except SettingsError as error:
            return "", str(error)

    def _parameters(self, asked: _Asked, key_share: float, *, picked: str) -> dict[str, object]:
        """What the report must be told: all that is otherwise than in the settings."""
        settings = self._ledger.as_written
        found: dict[str, object] = {}
        if asked.period != settings.period:
            found["period"] = asked.period
        if asked.measure != settings.measure:
            found["measure"] = asked.measure
        if asked.line:
            found["line"] = asked.line
        if asked.parents != settings.parents:
            found["parents"] = "yes" if asked.parents else "no"
        if key_share != settings.significance.share:
            found["key_share"] = key_share
        return found | ({"customer": picked} if picked else {})


def _suggested(now: kam.Concentration) -> list[str]:
    largest = now.accounts.head(SUGGESTED)
    return [f"{name} ({id_})" for id_, name in zip(largest["account_id"], largest["account_name"], strict=True)]
