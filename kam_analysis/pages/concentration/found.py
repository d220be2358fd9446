"""Everything that the question of dependence found, computed once, and all that is shown of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from kam_analysis import given
from kam_analysis.analysis import concentration as kam
from kam_analysis.ledger import Ledger
from kam_analysis.ledger.frames.reconciliation import Control, Reconciliation
from kam_analysis.ledger.settings.period import Period
from kam_analysis.pages import html, words
from kam_analysis.pages.about import About, about
from kam_analysis.pages.answered import Answered
from kam_analysis.pages.concentration import (
    advice,
    charts_activities,
    charts_course,
    charts_growth,
    charts_largest,
    charts_movement,
    result,
    tables,
    tables_appendix,
    tables_change,
    tables_cohorts,
    tables_growth,
)
from kam_analysis.pages.concentration.answer import worse_somewhere
from kam_analysis.pages.concentration.months import (
    SEED,
    carried,
    course,
    course_of,
    fell_within_a_year,
    history,
    next_year,
    sureness,
    years,
)
from kam_analysis.pages.frame import Source
from kam_analysis.pages.highlighted import highlighted
from kam_analysis.pages.results import Result
from kam_analysis.pages.shelf import shelved
from kam_analysis.pages.who_acts import WhoActs, who_acts

_WANTED = {
    ("accounts", "account_name"): "names of accounts (a customer master)",
    ("accounts", "parent_id"): "which companies belong to one parent",
    ("transactions", "cost"): "cost per line, so that margin can be seen",
    ("transactions", "product_line"): "product lines",
}
_GROUPINGS = {"industry": "Industry", "region": "Region", "account_manager_id": "Account manager"}
_LARGEST = 10


@dataclass(frozen=True, kw_only=True)
class Year:
    """Two years beside each other: `now` and `before` as books, `bridge` from one to the other, `pushed` through
    whom the concentration changed, `source` the words for their days."""

    now: kam.Concentration
    before: kam.Concentration
    bridge: kam.Bridge
    pushed: kam.HhiChange
    source: Source

    @property
    def entered_and_left(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Who came into the ten largest, and who dropped out."""
        return kam.entered_and_left(self.now, self.before, _LARGEST)


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
    year: Year | None = None
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
    seed: int = SEED
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
    bridge_chart = charts_movement.bridge_chart
    growth_chart = charts_growth.growth_chart
    trend_chart = charts_course.trend_chart
    what_if_chart = charts_course.what_if_chart
    lorenz_chart = charts_largest.lorenz_chart
    accounts_table = tables.accounts
    activities_table = tables.activities
    year_table = tables_change.year_so_far
    pushed_table = tables_change.pushed
    largest_line = tables_change.largest_line
    growth_table = tables_growth.growth_table
    cohorts_table = tables_cohorts.cohorts_table
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
    now, before, companies = book(ledger), book_before(ledger), book(ledger, level="legal_entity")
    shown = highlighted(now, given.text("customer", customer))
    line = about(ledger, now, before=before, wanted=_WANTED)
    year = two_years(ledger)
    significant, regions = significant_activities(ledger, now)
    known, bought = history(ledger, now, before), years(ledger)
    months, trend, days = carried(ledger, ledger.month_statistics(), known), course(ledger), ledger.year_to_date()
    quarter = carried(ledger, ledger.month_statistics(recent=3), known)
    return Found(
        about=line,
        now=now,
        before=before,
        companies=companies,
        customer=shown,
        groups=kam.groups(now, companies, ledger.master.roots),
        activities=[*significant, *regions],
        units=_units(ledger, [*significant, *regions]),
        hidden=kam.hidden(significant, max(line.key_share, kam.LEADS_FROM)),
        presence_from=ledger.settings.significance.presence,
        year=year,
        items_known=ledger.has_items,
        growth=behind_growth(ledger, year),
        cohorts=by_first_year(ledger),
        since_known=ledger.has("accounts", "customer_since"),
        so_far=_so_far(ledger, days),
        so_far_days=days.label,
        trend=trend,
        course=course_of(ledger, trend, book=now, account_id=shown),
        falls=kam.falls(months),
        short_falls=fell_within_a_year(months, quarter),
        steadiness=kam.steadiness(months, now),
        sureness=sureness(ledger, now, known),
        years=bought,
        forecast=next_year(bought),
        suggested=kam.suggested_parents(ledger.identities(), companies, ledger.master.refused),
        reconciliation=ledger.reconciliation(),
        controls=ledger.controls(),
        excluded=_excluded(ledger),
        credits_subtracted=bool(ledger.settings.tables["transactions"].subtract),
        digits=ledger.settings.minor_digits,
        splits=_splits(ledger, now),
        acts=who_acts(ledger),
    )


def book(ledger: Ledger, level: str | None = None) -> kam.Concentration:
    """The customers of the period, or the legal entities."""
    return kam.concentrate(ledger.by_account(level=level), ledger.measure)  # type: ignore[arg-type]


def book_before(ledger: Ledger) -> kam.Concentration | None:
    """The customers of the same days a year before; None where the data does not cover them."""
    earlier = ledger.year_before()
    return kam.concentrate(ledger.by_account(earlier), ledger.measure) if earlier else None


def significant_activities(ledger: Ledger, now: kam.Concentration) -> tuple[list[kam.Activity], list[kam.Activity]]:
    """Totals, product lines and presence; and the regions, in which nobody is key for being the only one."""
    rule, of = ledger.settings.significance, ledger.measure
    totals = [kam.activity(ledger.by_account(measures=[name]), "measure", name, name, now) for name in ledger.measures]
    lines = ledger.by_account_line() if ledger.lines else None
    regions = ledger.by_account_region() if ledger.regions else None
    by_line = kam.activities(lines, "product_line", of, rule.from_share, now, rule.always)
    by_region = kam.activities(regions, "region", of, rule.from_share, now, rule.always)
    found = [*totals, *by_line, kam.presence(regions, of, now)]
    return [each for each in found if each], by_region


def two_years(ledger: Ledger) -> Year | None:
    """The period and the year before it, else the last twelve months and those before; None without sales then."""
    recent, prior = compared_periods(ledger)
    if prior is None:
        return None
    this_year, last_year = ledger.by_account(recent), ledger.by_account(prior)
    now, before = (kam.concentrate(frame, ledger.measure) for frame in (this_year, last_year))
    if not before.n:
        return None
    bridge = kam.bridge(this_year, last_year, ledger.measure, ledger.digits())
    change = kam.hhi_change(now, before)
    return Year(now=now, before=before, bridge=bridge, pushed=change, source=words.source(ledger, recent))


def compared_periods(ledger: Ledger) -> tuple[Period, Period | None]:
    """The period, else the last twelve months; and the same days a year before, None where the data lacks them."""
    recent = ledger.period if ledger.year_before() else ledger.period_of("last_12_months")
    return recent, ledger.year_before(recent)


def behind_growth(ledger: Ledger, year: Year | None) -> kam.PriceVolumeMix | None:
    """The year's change by price, volume and mix; None without quantities, or where figures are not of sales."""
    recent, prior = compared_periods(ledger)
    if year is None or prior is None or ledger.measure != "revenue" or not ledger.has_items:
        return None
    items = ledger.by_account_item(recent, prior)
    return kam.price_volume_mix(items, year.bridge, ledger.digits()) if len(items) else None


def by_first_year(ledger: Ledger) -> kam.Cohorts | None:
    """Customers by the year in which they first bought; None with a single year."""
    sales = ledger.by_account_year(compared_periods(ledger)[0].last)
    if sales["year"].nunique() < 2:
        return None
    listed = ledger.records("accounts")
    since = listed.groupby("account_id")["customer_since"].min() if "customer_since" in listed else None
    return kam.cohorts(sales, ledger.measure, since, ledger.digits())


def _so_far(ledger: Ledger, days: Period) -> tuple[kam.Concentration, kam.Concentration] | None:
    earlier = ledger.year_before(days)
    if earlier is None:
        return None
    now, before = (kam.concentrate(ledger.by_account(each), ledger.measure) for each in (days, earlier))
    return (now, before) if before.n else None


def _units(ledger: Ledger, found: Sequence[kam.Activity]) -> dict[str, str]:
    of = {each.activity: each.name if each.kind == "measure" else ledger.measure for each in found}
    return {activity: words.unit_of(ledger, measure) for activity, measure in of.items()}


def _excluded(ledger: Ledger) -> list[str]:
    ids = pd.Series(list(ledger.settings.excluded_accounts), dtype=object)
    return [*ledger.master.named(ids), *ledger.settings.excluded_products]


def _splits(ledger: Ledger, now: kam.Concentration) -> dict[str, kam.TheilSplit]:
    ids = now.accounts["account_id"]
    groups = {
        said: ids.map(ledger.master.attribute(name))
        for name, said in _GROUPINGS.items()
        if ledger.has("accounts", name)
    }
    return {said: kam.theil_decomposition(now.amounts, labels) for said, labels in groups.items()}
