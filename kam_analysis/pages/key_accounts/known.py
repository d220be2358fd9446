"""What the ledger knows of each account, asked once: the frames from which all of 02 is computed."""

from dataclasses import dataclass, replace

import pandas as pd

from kam_analysis.analysis import concentration
from kam_analysis.analysis.concentration import Concentration
from kam_analysis.ledger import Ledger
from kam_analysis.ledger.settings.period import LAST_12_MONTHS
from kam_analysis.pages.concentration.found import months as past


@dataclass(frozen=True, kw_only=True, eq=False)
class Known:
    """`book`: sales of the period; `margin` of the same, `prices` against other buyers, None where the data has none.
    `year` and `year_before`: revenue and margin of the last twelve months and of the twelve before. `habits`, `months`
    (and `quarter`, the same with the last three for recent) and `traits` are the ledger's own, `names` all accounts that
    ever bought, by id."""

    book: Concentration
    traits: pd.DataFrame
    habits: pd.DataFrame
    months: pd.DataFrame
    quarter: pd.DataFrame
    names: pd.Series
    year: pd.DataFrame
    year_before: pd.DataFrame | None
    margin: pd.DataFrame | None
    prices: pd.DataFrame | None

    def once_placed(self) -> "Known":
        """Without what only worth and standing are told by: months and habits of a million accounts are 0.4 GB."""
        return replace(self, habits=self.habits.head(0), months=self.months.head(0), quarter=self.quarter.head(0))


def known(ledger: Ledger) -> Known:
    """All that is asked of the ledger for one page, but for who carries what."""
    habits, money = ledger.habits(), [each for each in ("revenue", "margin") if each in ledger.measures]
    book = concentration.concentrate(ledger.by_account(), ledger.measure)
    history = past.history(ledger, book, None)
    year = ledger.period_of(LAST_12_MONTHS)
    before = ledger.year_before(year)
    return Known(
        book=book,
        traits=ledger.traits(),
        habits=habits,
        months=past.carried(ledger, ledger.month_statistics(), history),
        quarter=past.carried(ledger, ledger.month_statistics(recent=3), history),
        names=habits.set_index("account_id")["account_name"],
        year=ledger.by_account(year, measures=money),
        year_before=ledger.by_account(before, measures=money) if before else None,
        margin=ledger.by_account(measures=["margin"]) if "margin" in money else None,
        prices=ledger.prices() if ledger.has_prices else None,
    )
