"""The books of 01: who bought in the ledger's period, in the year before, by company, and what is in them."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from kam_analysis.analysis import concentration as kam
from kam_analysis.ledger import Ledger
from kam_analysis.ledger.settings.period import Period
from kam_analysis.pages import words
from kam_analysis.pages.frame import Source
from kam_analysis.pages.words import words_in

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


def two_years(
    ledger: Ledger, own: kam.Concentration | None = None, own_before: kam.Concentration | None = None
) -> Year | None:
    """The period and the year before it, else the last twelve months and those before; None without sales then.

    `own` and `own_before` are the books of the period and of the year before it, as far as they are there.
    """
    recent, prior = compared_periods(ledger)
    if prior is None:
        return None
    this_year, last_year = ledger.by_account(recent), ledger.by_account(prior)
    if own is not None and own_before is not None:
        now, before = own, own_before
    else:
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


def so_far(ledger: Ledger, days: Period) -> tuple[kam.Concentration, kam.Concentration] | None:
    """The fiscal year so far and the same days a year before; None without sales then."""
    earlier = ledger.year_before(days)
    if earlier is None:
        return None
    now, before = (kam.concentrate(ledger.by_account(each), ledger.measure) for each in (days, earlier))
    return (now, before) if before.n else None


def units(ledger: Ledger, found: Sequence[kam.Activity]) -> dict[str, str]:
    """The unit of each activity's amounts, by the activity."""
    of = {each.activity: each.name if each.kind == "measure" else ledger.measure for each in found}
    return {activity: words.unit_of(ledger, measure) for activity, measure in of.items()}


def excluded(ledger: Ledger) -> list[str]:
    """Accounts and products that the settings exclude, accounts by name."""
    ids = pd.Series(list(ledger.settings.excluded_accounts), dtype=object)
    return [*ledger.master.named(ids), *ledger.settings.excluded_products]


def splits(ledger: Ledger, now: kam.Concentration) -> dict[str, kam.TheilSplit]:
    """How much of the inequality lies between industries, regions and account managers, by the grouping's name."""
    ids = now.accounts["account_id"]
    groups = {
        said: ids.map(ledger.master.attribute(name))
        for name, said in words_in(__file__, "groupings").items()
        if ledger.has("accounts", name)
    }
    return {said: kam.theil_decomposition(now.amounts, labels) for said, labels in groups.items()}
