"""Where every amount of the source is, and how its total stands against finance's own."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pandas as pd

from kam_analysis.ledger.engine.sales_rows import unread_words
from kam_analysis.ledger.settings.period import Period, fiscal_year, months_back, twelve_months


@dataclass(frozen=True)
class LeftOut:
    """Rows that are no sales for one reason, such as "Status: Cancelled"; the reason says where amounts are unread."""

    reason: str
    rows: int
    amount: float


@dataclass(frozen=True)
class Reconciliation:
    """Where every amount of the period is; `total` is the sum of the other six, exactly.

    Money in the reporting currency; `*_accounts` and `*_rows` count what the amounts stand for. `left_out` are rows
    that the settings keep from being sales, by their `reasons`: rows without a date, which could be of any period,
    are among them always.
    """

    period: Period
    measure: str
    total: float
    in_shares: float
    without_account: float
    set_aside: float
    excluded: float
    left_out: float
    rounding: float
    accounts: int
    set_aside_accounts: int
    excluded_accounts: int
    without_account_rows: int
    reasons: tuple[LeftOut, ...] = ()

    @property
    def sold(self) -> float:
        """What of the total is sales: all but what is left out."""
        return round(self.total - self.left_out, 6)


def reconciled(
    period: Period,
    measure: str,
    sums: pd.DataFrame,
    excluded: pd.Series,
    accounts: pd.DataFrame,
    left_out: pd.DataFrame,
    digits: int,
) -> Reconciliation:
    """Where every amount of the period is: `sums` of all legal entities, those `excluded`, `accounts` at a level,
    and what is `left_out` of them all as no sales."""
    reasons = tuple(
        LeftOut(
            str(row["reason"]) + unread_words(int(row["unread"])), int(row["rows"]), round(float(row["amount"]), digits)
        )
        for row in left_out.to_dict("records")
    )
    nobody, aside = sums["account_id"].isna(), accounts[measure] <= 0
    parts = {
        "in_shares": accounts.loc[~aside, measure].sum(),
        "without_account": sums.loc[nobody, measure].sum(),
        "set_aside": accounts.loc[aside, measure].sum(),
        "excluded": sums.loc[excluded, measure].sum() + sums["excluded"].sum(),
        "left_out": sum(each.amount for each in reasons),
        "rounding": sums["residue"].sum() + left_out["amount"].sum() - sum(each.amount for each in reasons),
    }
    rounded = {name: round(float(amount), digits if name != "rounding" else 6) for name, amount in parts.items()}
    counts = {
        "accounts": int((~aside).sum()),
        "set_aside_accounts": int(aside.sum()),
        "excluded_accounts": int(excluded.sum()),
        "without_account_rows": int(sums.loc[nobody, "rows"].sum()),
    }
    total = round(sum(rounded.values()), 6)
    return Reconciliation(period, measure, total, **rounded, **counts, reasons=reasons)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Control:
    """Sales of one fiscal year beside finance's own total; `partly` where the year is not over or not all there.

    `of_months`: of twelve calendar months instead, whose totals add up to `finance`; `year` is their label then.
    """

    year: str
    measure: str
    ledger: float
    finance: float
    partly: bool
    of_months: bool = False

    @property
    def difference(self) -> float:
        """Ledger less finance."""
        return self.ledger - self.finance


def told_by_finance(
    totals: Mapping[str, Decimal], year_starts: int, as_of: date
) -> Iterator[tuple[str, Period, Decimal, bool]]:
    """What can be held against finance's `totals`: a label, the days, their total, and whether months make it up.

    Each fiscal year that is given, then the newest twelve months up to `as_of` of which every month is given.
    """
    for year in sorted(each for each in totals if "-" not in each):
        yield year, fiscal_year(int(year), year_starts), totals[year], False
    given = {months_back(date.fromisoformat(f"{each}-01"), -1) for each in totals if "-" in each}
    for after in sorted(given, reverse=True):
        months = [f"{months_back(after, back):%Y-%m}" for back in range(1, 13)]
        window = twelve_months(date.fromordinal(after.toordinal() - 1))
        if window.last <= as_of and all(each in totals for each in months):
            yield window.label, window, sum((totals[each] for each in months), Decimal(0)), True
            return
