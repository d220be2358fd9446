"""What the other pages found on one day; a page that fails is named, and the brief goes on without it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import TypeVar

from kam_analysis.analysis.concentration import Forecast
from kam_analysis.errors import KamError
from kam_analysis.ledger import Ledger
from kam_analysis.ledger.settings.period import months_back
from kam_analysis.pages import style
from kam_analysis.pages.account_plan.company import company
from kam_analysis.pages.account_plan.found import Found as AccountPlan
from kam_analysis.pages.account_plan.found import collect as account_plan
from kam_analysis.pages.churn_impact.found import Found as Losses
from kam_analysis.pages.churn_impact.found import collect as churn_impact
from kam_analysis.pages.concentration.found import Found as Dependence
from kam_analysis.pages.concentration.found import collect as concentration
from kam_analysis.pages.concentration.found import forecast_of
from kam_analysis.pages.coverage.found import Found as People
from kam_analysis.pages.coverage.found import collect as coverage
from kam_analysis.pages.history import History
from kam_analysis.pages.key_accounts.found import Found as Keys
from kam_analysis.pages.key_accounts.found import collect as key_accounts
from kam_analysis.pages.results import Figure, Result
from kam_analysis.pages.words import said_in

DEPENDENCE, KEYS, LOSSES, PEOPLE = "01_concentration", "02_key_accounts", "03_churn_impact", "04_coverage"
say = said_in(__file__)

_HOLIDAYS = timedelta(days=7)  # a year that begins on one has no sales on its first days
_QUARTER = 3  # months: how far a first brief looks back
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Pages:
    """The findings of 01 to 04 as of one day; None where a page failed, and `failed` says why by report."""

    as_of: date
    dependence: Dependence | None = None
    keys: Keys | None = None
    losses: Losses | None = None
    people: People | None = None
    failed: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def results(self) -> dict[str, Result]:
        """What each page publishes, by report."""
        found = {DEPENDENCE: self.dependence, KEYS: self.keys, LOSSES: self.losses, PEOPLE: self.people}
        return {report: each.result() for report, each in found.items() if each is not None}

    def figure(self, report: str, name: str) -> Figure | None:
        """A figure that a page publishes; None where it has none, or does not assess it."""
        result = self.results.get(report)
        found = None if result is None else result.figures.get(name)
        return None if found is None or found.value is None else found


def pages_of(ledger: Ledger, *, whole: bool = True) -> Pages:
    """The four pages as of the ledger's day. `whole`: with what plans need, which are then quick to make."""
    failed: dict[str, str] = {}

    def tried(report: str, collect: Callable[[Ledger], T]) -> T | None:
        try:
            return collect(ledger)
        except (KamError, ValueError) as error:
            failed[report] = str(error).splitlines()[0]
            return None

    dependence = tried(DEPENDENCE, concentration)
    together = tried("", company) if whole else None
    failed.pop("", None)
    return Pages(
        as_of=ledger.as_of,
        dependence=dependence,
        keys=together.keys if together else tried(KEYS, key_accounts),
        losses=together.losses if together else tried(LOSSES, churn_impact),
        people=together.people if together else tried(PEOPLE, coverage),
        failed=failed,
    )


def plan_of(ledger: Ledger, account_id: str) -> AccountPlan | None:
    """The plan for one account; None where it cannot be made."""
    try:
        return account_plan(ledger, account_id)
    except (KamError, ValueError):
        return None


def earlier_day(ledger: Ledger, history: History, since: date | None) -> date:
    """The day of the last report: the one asked for, else the newest in the history, else a quarter before."""
    return since or history.before(ledger.as_of) or months_back(ledger.as_of, _QUARTER)


def pages_on(ledger: Ledger, day: date) -> tuple[Pages | None, str]:
    """The same pages as of an earlier day; None where the data does not cover the twelve months before it, and why.

    Figures of fewer months would be held against those of twelve.
    """
    first, needed = ledger.overview.first, months_back(day, 12)
    if first > needed + _HOLIDAYS:
        return None, say("changes.too_short", first=style.day(first), day=style.day(day))
    try:
        return pages_of(ledger.at(day), whole=False), ""
    except (KamError, ValueError) as error:
        return None, str(error).splitlines()[0]


@dataclass(frozen=True, kw_only=True)
class YearAgo:
    """Of what 01 found a year before its `forecast` for the year that has passed since."""

    forecast: Forecast


def forecast_of_a_year_ago(ledger: Ledger) -> YearAgo | None:
    """01's forecast of a year before, and nothing else of that page; None where there was none."""
    try:
        forecast = forecast_of(ledger.at(months_back(ledger.as_of, 12)))
    except (KamError, ValueError):
        return None
    return None if forecast is None else YearAgo(forecast=forecast)
