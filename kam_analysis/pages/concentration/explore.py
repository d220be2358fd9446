"""Explore `01_concentration`: another measure, line or period, groups or companies, one customer highlighted."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from kam_analysis.analysis import concentration as kam
from kam_analysis.explorer import controls
from kam_analysis.explorer.explorer import Drawing, Explorer, Kept, View
from kam_analysis.explorer.report_line import changed, periods
from kam_analysis.ledger import Ledger
from kam_analysis.ledger.opening import require_shares
from kam_analysis.pages import words
from kam_analysis.pages.about import asked_otherwise
from kam_analysis.pages.concentration import books, months
from kam_analysis.pages.concentration.answer import answer, where_it_stands
from kam_analysis.pages.concentration.found import Found
from kam_analysis.pages.highlighted import picked, suggestion
from kam_analysis.pages.words import said_in

say = said_in(__file__)

REPORT = "01_concentration"
CHARTS = ("largest", "moved", "course", "what_if")
# A list of suggestions that a browser still opens at once.
SUGGESTED = 300


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
    compared, months = say("explorer.period_help"), periods(ledger)
    found = {
        "measure": controls.choice(say("explorer.measure"), measures, ledger.measure, say("explorer.measure_help")),
        "period": controls.choice(say("explorer.period"), months, ledger.period_as_written, compared),
    }
    if ledger.product_lines:
        options = {"": say("explorer.all_lines")} | {line: line for line in ledger.product_lines}
        found["line"] = controls.choice(say("explorer.line"), options, ledger.line, say("explorer.line_help"))
    if ledger.master.grouped:
        levels, help = {True: say("explorer.as_one"), False: say("explorer.each")}, say("explorer.parents_help")
        found["parents"] = controls.choice(say("explorer.parents"), levels, ledger.level == "parent", help)
    start, help = ledger.settings.significance.share, say("explorer.key_share_help")
    found["key_share"] = controls.share(say("explorer.key_share"), start, max(0.5, start), help)
    help, shown = say("explorer.customer_help"), say("explorer.customer_shown")
    found["customer"] = controls.named(say("explorer.customer"), [], "", help, shown)
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
        meant, note = picked(book, values["customer"])
        found = self._found(asked, key_share=values["key_share"], customer=meant)
        parameters = self._parameters(asked, values["key_share"], customer=meant)
        largest = book.accounts.head(SUGGESTED)
        suggested = [*map(suggestion, largest["account_id"], largest["account_name"])]
        said, charts = lambda: self._said(asked, found), self._charts(asked, found)
        return View(said, charts, parameters, note, {"customer": suggested})

    def _found(self, asked: _Asked, *, key_share: float, customer: str) -> Found:
        """What is cheap of what the notebook would find: the rest follows where a chart needs it."""
        ledger = self._asked(asked)
        about = replace(asked_otherwise(self._start.about, ledger), key_share=key_share)
        now = self._book(asked)
        return replace(self._start, about=about, now=now, customer=customer, groups=(), before=None, year=None)

    def _said(self, asked: _Asked, found: Found) -> str:
        found = replace(found, before=self._before(asked))
        measure = found.about.measure_words
        place = where_it_stands(found.now, found.before, account_id=found.customer, measure=measure)
        return f"{answer(found)} {place}".strip()

    def _charts(self, asked: _Asked, found: Found) -> dict[str, Drawing]:
        key_share, customer = found.about.key_share, found.customer
        return {
            "largest": Drawing((asked, key_share, customer), found.pareto),
            "moved": Drawing((asked, customer), lambda: replace(found, year=self._year(asked)).bridge_chart()),
            "course": Drawing((asked, customer), lambda: self._with_course(asked, found).trend_chart()),
            "what_if": Drawing((asked, customer), found.what_if_chart),
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
            found = books.book(self._asked(asked))
            if not found.n:
                require_shares(self._asked(asked))
            return found

        return self._kept.once(("now", asked), made)

    def _before(self, asked: _Asked) -> kam.Concentration | None:
        return self._kept.once(("before", asked), lambda: books.book_before(self._asked(asked)))

    def _year(self, asked: _Asked) -> books.Year | None:
        return self._kept.once(("year", asked), lambda: books.two_years(self._asked(asked)))

    def _parameters(self, asked: _Asked, key_share: float, *, customer: str) -> dict[str, object]:
        """What the report must be told: all that is otherwise than in the settings."""
        settings = self._ledger.as_written
        return changed(
            self._ledger,
            period=(asked.period, settings.period),
            measure=(asked.measure, settings.measure),
            line=(asked.line, ""),
            parents=("yes" if asked.parents else "no", "yes" if settings.parents else "no"),
            key_share=(key_share, settings.significance.share),
            customer=(customer, ""),
        )
