"""Explore `01_concentration`: another measure, line or period, groups or companies, one customer followed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from kam_analysis.analysis import concentration as kam
from kam_analysis.errors import SettingsError
from kam_analysis.explorer import controls
from kam_analysis.explorer.explorer import Drawing, Explorer, Kept, View
from kam_analysis.explorer.periods import periods
from kam_analysis.ledger import Ledger
from kam_analysis.ledger.opening import require_shares
from kam_analysis.pages import words
from kam_analysis.pages.concentration import charts as figures
from kam_analysis.pages.concentration import findings

REPORT = "01_concentration"
CHARTS = ("largest", "moved", "course", "what_if")
# A list of suggestions that a browser still opens at once.
SUGGESTED = 300
_SUGGESTION = re.compile(r".*\((?P<id>[^()]*)\)")


def explorer(ledger: Ledger) -> Explorer:
    """How concentration looks by another measure, product line, period or level, and where one customer stands.

    Starts at what `ledger` was opened with. Every number is the notebook's: the same analysis and figures.
    """
    books = _Books(ledger)
    return Explorer(ledger, REPORT, _controls(ledger), CHARTS, books.look)


def _controls(ledger: Ledger) -> dict[str, controls.Control]:
    measures = {
        each: words.headed(f"{words.measure_name(each)} ({words.unit_of(ledger, each)})") for each in ledger.measures
    }
    found = {
        "measure": controls.choice("Measure", measures, ledger.measure, "What shares are of."),
        "period": controls.choice("Period", periods(ledger), ledger.period_as_written, "Compared with the same days a year before."),
    }  # fmt: skip
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
    found["key_share"] = controls.share(
        "Key from a share of", start, max(0.5, start), "The broken line among the bars."
    )
    found["customer"] = controls.named(
        "Follow a customer", [], "", "Stands out in every chart; empty: the largest.", "name or number"
    )
    return found


@dataclass(frozen=True)
class _Asked:
    """What the controls ask the ledger for."""

    period: str
    measure: str
    line: str
    parents: bool


class _Books:
    """The figures of 01 by what was asked for; what was computed once is kept."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._kept = Kept(10_000)

    def look(self, values: Mapping[str, Any]) -> View:
        """What the explorer shows for its controls' values."""
        line, parents = values.get("line", self._ledger.line), values.get("parents", self._ledger.level == "parent")
        asked = _Asked(values["period"], values["measure"], line, parents)
        now = self._now(asked)
        picked, note = self._picked(now, values["customer"])
        return View(
            lambda: self._said(asked, picked),
            self._charts(asked, values["key_share"], picked),
            self._parameters(asked, values["key_share"], picked),
            note,
            {"customer": _suggested(now)},
        )

    def _said(self, asked: _Asked, picked: str) -> str:
        now, before, measure = self._now(asked), self._before(asked), words.measure_words(self._asked(asked))
        found = findings.answer(now, before, [], None, measure)
        return f"{found} {findings.where_it_stands(now, before, picked, measure)}".strip()

    def _charts(self, asked: _Asked, key_share: float, picked: str) -> dict[str, Drawing]:
        return {
            "largest": Drawing((asked, key_share, picked), lambda: self._largest(asked, key_share, picked)),
            "moved": Drawing((asked, picked), lambda: self._moved(asked, picked)),
            "course": Drawing((asked, picked), lambda: self._course(asked, picked)),
            "what_if": Drawing((asked, picked), lambda: self._what_if(asked, picked)),
        }

    def _largest(self, asked: _Asked, key_share: float, picked: str) -> go.Figure:
        ledger = self._asked(asked)
        return figures.pareto(
            self._now(asked), words.source(ledger), words.unit(ledger), words.measure_words(ledger), key_share, picked
        )

    def _moved(self, asked: _Asked, picked: str) -> go.Figure | None:
        ledger = self._asked(asked)
        recent = ledger.period if self._before(asked) else ledger.period_of("last_12_months")
        prior = ledger.year_before(recent)
        if prior is None:
            return None
        bridge = kam.bridge(ledger.by_account(recent), ledger.by_account(prior), asked.measure, ledger.digits())
        if not bridge.opening:
            return None
        source = words.source(ledger, recent)
        return figures.bridge_figure(bridge, source, words.unit(ledger), words.measure_words(ledger), picked)

    def _course(self, asked: _Asked, picked: str) -> go.Figure | None:
        ledger = self._asked(asked)
        # The course over months is the same in every period.
        trend = self._kept.once(
            ("course", asked.measure, asked.line, asked.parents), lambda: kam.trend(ledger.rolling())
        )
        if len(trend) < figures.TREND_FROM:
            return None
        followed = findings.course(ledger, trend, self._now(asked), picked)
        return figures.trend_figure(trend, words.source(ledger), words.measure_words(ledger), followed)

    def _what_if(self, asked: _Asked, picked: str) -> go.Figure:
        ledger, now = self._asked(asked), self._now(asked)
        names = now.accounts.set_index("account_id")["account_name"]
        chosen = picked or names.index[0]
        return figures.what_if_figure(
            kam.what_if(now, chosen), names[chosen], words.source(ledger), words.measure_words(ledger)
        )

    def _asked(self, asked: _Asked) -> Ledger:
        def ask() -> Ledger:
            return self._ledger.asked(asked.period, asked.measure, asked.line, asked.parents)

        return self._kept.once(asked, ask)

    def _now(self, asked: _Asked) -> kam.Concentration:
        def concentrate() -> kam.Concentration:
            ledger = self._asked(asked)
            now = kam.concentrate(ledger.by_account(), asked.measure)
            if not now.n:
                require_shares(ledger)
            return now

        return self._kept.once(("now", asked), concentrate)

    def _before(self, asked: _Asked) -> kam.Concentration | None:
        def concentrate() -> kam.Concentration | None:
            ledger = self._asked(asked)
            earlier = ledger.year_before()
            return kam.concentrate(ledger.by_account(earlier), asked.measure) if earlier else None

        return self._kept.once(("before", asked), concentrate)

    def _picked(self, now: kam.Concentration, said: str) -> tuple[str, str]:
        """The account that is followed; where nobody is meant, why."""
        suggested = _SUGGESTION.fullmatch(said)
        try:
            return findings.followed(now, suggested["id"] if suggested else said), ""
        except SettingsError as error:
            return "", str(error)

    def _parameters(self, asked: _Asked, key_share: float, picked: str) -> dict[str, object]:
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
