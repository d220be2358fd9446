"""Everything that the question of dependence found, computed once, and all that is shown of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from kam_analysis import given
from kam_analysis.analysis import concentration as kam
from kam_analysis.ledger import Ledger
from kam_analysis.ledger.frames.reconciliation import Control, Reconciliation
from kam_analysis.pages import html
from kam_analysis.pages.about import About, about, wanted_in
from kam_analysis.pages.concentration import (
    advice,
    books,
    charts_activities,
    charts_course,
    charts_largest,
    charts_steps,
    months,
    result,
    tables,
    tables_appendix,
    tables_change,
    tables_growth,
)
from kam_analysis.pages.concentration.answer import worse_somewhere
from kam_analysis.pages.highlighted import highlighted
from kam_analysis.pages.results import Answered, Result
from kam_analysis.pages.shelf import shelved
from kam_analysis.pages.who_acts import WhoActs, who_acts


# A frame equals no frame in one word, and what a prompt shows of it all is its answer.
@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class Found(Answered):
    """How dependent a company is on its largest customers, over the ledger's period, by its measure and level.

    `now` and, a year before, `before` are the books of customers; `companies` is that of legal entities. `activities`
    are totals, product lines, presence and regions, `hidden` the customers that are small in total and large in one
    of them, `units` the unit of each. What the data cannot give is None or empty. `customer` is the account_id that
    is highlighted. `growth` is the year's change by price, volume and mix. Frames: `accounts`, `trend`, `course`,
    `suggested`; `year.bridge.accounts`, `growth.accounts`, `cohorts.course`, `falls.alerts`; `years` (what each bought in
    each of the last years), `forecast.figures` (next year's; None with less than two years);
    `short_falls` of customers with less than two years: account_name, change_share, compared_with (in words).
    """

    about: About
    now: kam.Concentration
    companies: kam.Concentration
    reconciliation: Reconciliation
    before: kam.Concentration | None = None
    groups: Sequence[kam.Group] = ()
    activities: Sequence[kam.Activity] = ()
    units: Mapping[str, str] = field(default_factory=dict)
    hidden: Sequence[kam.Hidden] = ()
    presence_from: float = 0.5
    year: books.Year | None = None
    items_known: bool = True
    growth: kam.PriceVolumeMix | None = None
    cohorts: kam.Cohorts | None = None
    since_known: bool = False
    so_far: tuple[kam.Concentration, kam.Concentration] | None = None
    so_far_days: str = ""
    trend: pd.DataFrame = field(default_factory=pd.DataFrame)
    falls: kam.Falls | None = None
    short_falls: pd.DataFrame = field(default_factory=pd.DataFrame)
    steadiness: kam.Steadiness | None = None
    sureness: Sequence[kam.Sure] = ()
    years: pd.DataFrame = field(default_factory=pd.DataFrame)
    forecast: kam.Forecast | None = None
    suggested: pd.DataFrame = field(default_factory=pd.DataFrame)
    controls: Sequence[Control] = ()
    excluded: Sequence[str] = ()
    credits_subtracted: bool = False
    digits: int = 2
    splits: Mapping[str, kam.TheilSplit] = field(default_factory=dict)
    customer: str = ""
    course: pd.Series | None = None
    seed: int = months.SEED
    acts: WhoActs | None = None

    @property
    def accounts(self) -> pd.DataFrame:
        """The customers, largest first: account_id, account_name, amount, share (0-1), cumulative, abc."""
        return self.now.accounts

    @property
    def mover(self) -> kam.Mover | None:
        """Who moved the share of the five largest most."""
        return kam.top_mover(self.now, self.before) if self.before is not None else None

    @property
    def what_if(self) -> pd.DataFrame:
        """The book as the highlighted customer, else the largest, goes from nothing to twice its size, by factor."""
        return kam.what_if(self.now, self.customer or str(self.accounts["account_id"].iloc[0]))

    def result(self) -> Result:
        """The results document, with the first screen."""
        return result.result(self)

    def actions(self) -> html.Html:
        """What to do, what to ask next."""
        return html.bullets(advice.next_steps(self), shown=html.FIRST_STEPS)

    def caveats(self) -> html.Html:
        """What a reader must know before trusting the figures."""
        return html.bullets(advice.caveats(self))

    pareto = charts_largest.pareto

    def dependence(self) -> html.Html:
        """Where we depend more on one customer than in total, in a sentence."""
        return html.paragraph(worse_somewhere(self))

    activities_chart = charts_activities.activities_chart
    bridge_chart = charts_steps.bridge_chart
    growth_chart = charts_steps.growth_chart
    trend_chart = charts_course.trend_chart
    what_if_chart = charts_course.what_if_chart
    lorenz_chart = charts_largest.lorenz_chart
    accounts_table = tables.accounts
    activities_table = tables.activities
    year_table = tables_change.year_so_far
    pushed_table = tables_change.pushed
    largest_line = tables_change.largest_line
    growth_table = tables_growth.growth_table
    cohorts_table = tables_growth.cohorts_table
    falls_table = tables_change.falls
    groups_table = tables.groups
    suggested_table = tables.suggested
    reconciliation_table = tables_appendix.reconciliation
    sureness_table = tables_appendix.sureness
    forecast_table = tables_appendix.forecast
    steadiness_table = tables_appendix.steadiness
    inequality_table = tables_appendix.inequality
    indices_table = tables_appendix.indices


@shelved
def collect(ledger: Ledger, *, customer: str = "") -> Found:
    """How dependent are we on our largest customers?

    Over the ledger's period, measure and level. `customer`: the id, name or part of a name of an account that is
    highlighted. Raises `SettingsError` where nobody or several are meant.
    """
    now, before = books.book(ledger), books.book_before(ledger)
    companies = books.book(ledger, level="legal_entity")
    shown = highlighted(now, given.text("customer", customer))
    line = about(ledger, now, before=before, wanted=wanted_in(__file__))
    year, days = books.two_years(ledger, now, before), ledger.year_to_date()
    significant, regions = books.significant_activities(ledger, now)
    known, bought, trend = months.history(ledger, now, before), months.years(ledger), months.course(ledger)
    unsteady = months.unsteady(ledger, now, known)
    return Found(
        about=line,
        now=now,
        before=before,
        companies=companies,
        customer=shown,
        groups=kam.groups(now, companies, ledger.master.roots),
        activities=[*significant, *regions],
        units=books.units(ledger, [*significant, *regions]),
        hidden=kam.hidden(significant, max(line.key_share, kam.LEADS_FROM)),
        presence_from=ledger.settings.significance.presence,
        year=year,
        items_known=ledger.has_items,
        growth=books.behind_growth(ledger, year),
        cohorts=books.by_first_year(ledger),
        since_known=ledger.has("accounts", "customer_since"),
        so_far=books.so_far(ledger, days),
        so_far_days=days.label,
        trend=trend,
        course=months.course_of(ledger, trend, book=now, account_id=shown),
        falls=unsteady.falls,
        short_falls=unsteady.short,
        steadiness=unsteady.steadiness,
        sureness=months.sureness(ledger, now, known),
        years=bought,
        forecast=months.next_year(bought),
        suggested=kam.suggested_parents(ledger.identities(), companies, ledger.master.refused),
        reconciliation=ledger.reconciliation(),
        controls=ledger.controls(),
        excluded=books.excluded(ledger),
        credits_subtracted=bool(ledger.settings.tables["transactions"].subtract),
        digits=ledger.settings.minor_digits,
        splits=books.splits(ledger, now),
        acts=who_acts(ledger),
    )


def forecast_of(ledger: Ledger) -> kam.Forecast | None:
    """Next year's concentration alone, for who needs nothing else of this page; None where the data does not say."""
    return months.next_year(months.years(ledger))
