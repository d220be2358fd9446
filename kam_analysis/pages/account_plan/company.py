"""What 02, 03 and 04 found of the whole company: every plan takes its account's part of it."""

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import pandas as pd

from kam_analysis.analysis import plans
from kam_analysis.ledger import Ledger
from kam_analysis.pages.churn_impact.found import Found as Losses
from kam_analysis.pages.churn_impact.found import collect as churn_impact
from kam_analysis.pages.coverage.found import Found as People
from kam_analysis.pages.coverage.found import collect as coverage
from kam_analysis.pages.key_accounts.found import Found as Keys
from kam_analysis.pages.key_accounts.found import collect as key_accounts
from kam_analysis.pages.shelf import shelved

_PAST_YEARS = 5


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class Company:
    """`keys` of 02, `losses` of 03, `people` of 04, `lines` of `Lines`; None where the data tells no lines apart."""

    keys: Keys
    losses: Losses
    people: People
    lines: "Lines | None"


@dataclass(frozen=True, kw_only=True)
class Lines:
    """`by_line`: what each account bought of each line in twelve months, as `plans.sales_by_line`; `industry` by
    account_id; `starts`: how often a line was begun in our own history."""

    by_line: pd.DataFrame
    industry: pd.Series | None
    starts: plans.LineStarts


_known: WeakKeyDictionary[Ledger, Company] = WeakKeyDictionary()


def company(ledger: Ledger) -> Company:
    """All three, once for a ledger: the next plan from it costs little."""
    if ledger not in _known:
        _known[ledger] = Company(
            keys=key_accounts(ledger), losses=churn_impact(ledger), people=coverage(ledger), lines=lines(ledger)
        )
    return _known[ledger]


@shelved
def lines(ledger: Ledger) -> Lines | None:
    """Who buys which line, and how often a line was begun in as many past years as the data has."""
    if not ledger.lines:
        return None
    year = ledger.period_of("last_12_months")
    years = [year]
    while len(years) <= _PAST_YEARS and (earlier := ledger.year_before(years[0])) is not None:
        years.insert(0, earlier)
    sold = [plans.sales_by_line(ledger.by_account_line(each, measure="revenue", named=False)) for each in years]
    traits = ledger.traits()
    industry = traits.set_index("account_id")["industry"] if "industry" in traits else None
    return Lines(by_line=sold[-1], industry=industry, starts=plans.line_starts(sold, industry=industry))
