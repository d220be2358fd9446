"""Everything that `06_leadership_brief` tells: the other pages' findings on two days, and what follows from both."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from kam_analysis import given
from kam_analysis.analysis.concentration import concentrate
from kam_analysis.errors import SettingsError
from kam_analysis.ledger import Ledger
from kam_analysis.pages import history as kept_history
from kam_analysis.pages.about import About, about, wanted_in
from kam_analysis.pages.history import History
from kam_analysis.pages.html import Html, bullets, together
from kam_analysis.pages.leadership_brief import at_stake, charts_at_stake, result, tables
from kam_analysis.pages.leadership_brief.asks import Ask, asks
from kam_analysis.pages.leadership_brief.changes import Change, changes
from kam_analysis.pages.leadership_brief.decided import decided
from kam_analysis.pages.leadership_brief.five_figures import Watched, watched
from kam_analysis.pages.leadership_brief.other_pages import (
    Pages,
    YearAgo,
    earlier_day,
    forecast_of_a_year_ago,
    pages_of,
    pages_on,
)
from kam_analysis.pages.leadership_brief.people_kept import KeptBack
from kam_analysis.pages.results import Answered, Result
from kam_analysis.pages.words import said_in

say = said_in(__file__)


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Found(Answered):
    """What leadership must know and decide; every figure is another page's, to the digit.

    `now` and `before`: what 01 to 04 found today and on the earlier day `since` (None: the data does not reach back, as
    `why_not_before` says). `figures`: the five watched ones. `changes` since then; `compared`: whether a report of that day
    was kept. `asks`: at most three things to decide. Frames: `decisions`, `risks`, `opportunities`, `against_plan` (worst
    cases against budget and break-even), `voice` (one customer's words). `year_ago`: 01's forecast of then.
    """

    about: About
    now: Pages
    before: Pages | None
    since: date
    asked_since: str
    why_not_before: str
    history: History
    compared: bool
    figures: Sequence[Watched]
    changes: Sequence[Change]
    asks: Sequence[Ask]
    decisions: pd.DataFrame
    has_decisions: bool
    risks: pd.DataFrame
    opportunities: pd.DataFrame
    against_plan: pd.DataFrame
    voice: pd.DataFrame
    year_ago: YearAgo | None

    @property
    def unit(self) -> str:
        """The currency of all amounts."""
        return self.about.currency

    @property
    def earned(self) -> str:
        """What there is to lose, as pages name it."""
        return self.now.losses.earned if self.now.losses is not None else "sales"

    def result(self) -> Result:
        """The results document, with the first screen."""
        return result.result(self)

    def actions(self) -> Html:
        """What to decide: options, owner, day, and the cost of not deciding; then what changed since the last report."""
        return together(tables.asks_list(self), tables.changes(self))

    def caveats(self) -> Html:
        """What to know before trusting the brief; what the check says of the data stands on the pages it is from."""
        return bullets(result.own_caveats(self))

    changes_table = tables.changes_table
    asks_table = tables.asks_table
    decisions_table = tables.decisions_table
    figures_table = tables.figures_table
    risks_table = tables.risks_table
    opportunities_table = tables.opportunities_table
    losses_table = tables.losses_table
    contingency_table = tables.contingency_table
    forecast_table = tables.forecast_table
    voice_said = tables.voice_said
    chart_note = tables.chart_note
    at_stake_chart = charts_at_stake.at_stake_chart


def collect(ledger: Ledger, *, since: Any = "") -> Found:
    """What must leadership know and decide this period?

    `since`: the earlier day that everything is compared with; empty: that of the newest report that is kept, else the day
    three months before. Raises `SettingsError` for a day that is not before the ledger's own.
    """
    asked = given.day("since", since)
    if asked is not None and asked >= ledger.as_of:
        raise SettingsError(say("page.since_too_late", as_of=ledger.as_of, asked=asked))
    history = kept_history.of_run(ledger)
    day = earlier_day(ledger, history, asked)
    before, why_not = pages_on(ledger, day)
    year_ago = forecast_of_a_year_ago(ledger)
    now = pages_of(ledger)  # last: in a run, the other reports have found it meanwhile
    figures, kept = watched(now, before, history), KeptBack(ledger)
    year = ledger.period_of("last_12_months")
    money = ledger.by_account(year, measures=["revenue"])
    return Found(
        about=about(ledger, concentrate(money, "revenue"), period=year, measure="revenue", wanted=wanted_in(__file__)),
        now=now,
        before=before,
        since=day,
        asked_since=asked.isoformat() if asked else "",
        why_not_before=why_not,
        history=history,
        compared=any(each.as_of == day for each in history.records),
        figures=figures,
        changes=changes(ledger, now, before, figures=figures, history=history),
        asks=asks(ledger, now),
        decisions=decided(ledger, since=day, kept=kept),
        has_decisions=ledger.has("decisions"),
        risks=at_stake.risks(now),
        opportunities=at_stake.opportunities(ledger, now),
        against_plan=at_stake.against_plan(now),
        voice=at_stake.voice(ledger, now, kept=kept),
        year_ago=year_ago,
    )
