"""The months of the largest customers, read once: what ranges, falls and the forecast rest on."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from kam_analysis.analysis import concentration as kam
from kam_analysis.analysis.concentration.fluctuation import LONGEST
from kam_analysis.ledger import Ledger
from kam_analysis.ledger.settings.period import LAST_12_MONTHS, Period, months_back
from kam_analysis.pages import words

# Of the draws; any number would do, a fixed one lets reruns agree.
SEED = 1
# Years of changes that say something of the next one.
_YEARS = 5
History = tuple[pd.DataFrame, pd.DataFrame]


def history(ledger: Ledger, now: kam.Concentration, before: kam.Concentration | None) -> History:
    """The largest customers of the period and of the year before by month, and all together, up to the as-of date.

    Five years back, or as far as the period goes: account_id, month, the measure, complete; month, amount, complete.
    """
    ids = now.accounts["account_id"]
    if before is not None:
        ids = pd.concat([ids, before.accounts["account_id"]]).drop_duplicates()
    known = ledger.period_of("all")
    first = min(ledger.period.first, max(known.first, months_back(known.last, LONGEST)))
    window = Period(first, max(known.last, ledger.period.last), known.label)
    return ledger.by_account_month(ids.head(kam.DRAWN_ONE_BY_ONE), window), ledger.by_month(window)


def carried(ledger: Ledger, statistics: pd.DataFrame, history: History) -> pd.DataFrame:
    """The ledger's month statistics with how much of a month carries into the next, for `falls` and `every_fall`."""
    return kam.with_carried(statistics, history[0], ledger.measure)


@dataclass(frozen=True, kw_only=True)
class Unsteady:
    """`falls` and `steadiness` of the book, `short` the falls of customers with less than two years; see `Found`."""

    falls: kam.Falls | None
    short: pd.DataFrame
    steadiness: kam.Steadiness | None


def unsteady(ledger: Ledger, now: kam.Concentration, history: History) -> Unsteady:
    """How customers buy from month to month: of a million the statistics are too large to be kept beside the rest."""
    half, quarter = (carried(ledger, ledger.month_statistics(recent=n), history) for n in (6, 3))
    short = fell_within_a_year(half, quarter)
    return Unsteady(falls=kam.falls(half), short=short, steadiness=kam.steadiness(half, now))


def sureness(ledger: Ledger, now: kam.Concentration, history: History) -> list[kam.Sure]:
    """The page's shares with ranges: months after the period are not looked at."""
    accounts, totals = (frame[frame["month"] <= pd.Timestamp(ledger.period.last)] for frame in history)
    inside = totals["complete"] & (totals["month"] >= pd.Timestamp(ledger.period.first).replace(day=1))
    rng = np.random.default_rng(SEED)
    return kam.sureness(accounts, totals, now, ledger.measure, rng, months=int(inside.sum()))


def years(ledger: Ledger) -> pd.DataFrame:
    """What each customer bought in the last twelve months, and in the same months of each year before, up to five.

    account_id, then a column of amounts per year by the days it covers, the oldest first; zero where nothing was bought.
    """
    period: Period | None = ledger.period_of(LAST_12_MONTHS)
    found: list[pd.Series] = []
    while period is not None and len(found) < _YEARS:
        bought = ledger.by_account(period).set_index("account_id")[ledger.measure]
        found.append(bought.rename(f"12 months to {period.last.isoformat()}"))
        period = ledger.year_before(period)
    return pd.concat(found[::-1], axis=1).fillna(0.0).rename_axis("account_id").reset_index()


def next_year(years: pd.DataFrame, level: float = 0.95) -> kam.Forecast | None:
    """Next year's concentration with a range; None where the data does not say."""
    return kam.forecast(years.drop(columns="account_id").to_numpy(dtype=np.float64), level, np.random.default_rng(SEED))


def fell_within_a_year(half: pd.DataFrame, quarter: pd.DataFrame) -> pd.DataFrame:
    """Who fell, of the customers whose history is too short for a year before: the steepest fall first."""
    found = kam.every_fall(half, quarter).merge(half[["account_id", "account_name"]], on="account_id")
    fell = found[found["fell"] & (found["compared_with"] != kam.YEAR_BEFORE)]
    return fell.sort_values(["change_share", "account_id"], ignore_index=True)


def course(ledger: Ledger) -> pd.DataFrame:
    """Shares of the largest over twelve months to each month's end."""
    return kam.trend(ledger.rolling())


def course_of(ledger: Ledger, trend: pd.DataFrame, *, book: kam.Concentration, account_id: str) -> pd.Series | None:
    """An account's share in each of the trend's windows, under its name; None for no account."""
    names = book.accounts.loc[book.accounts["account_id"] == account_id, "account_name"]
    if names.empty or trend.empty:
        return None
    months = ledger.by_account_month([account_id], ledger.period_of("all"))
    return kam.share_over_time(trend, months, ledger.measure).rename(words.named(account_id, names.iloc[0]))
