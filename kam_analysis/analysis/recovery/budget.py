"""What does the budget expect of the twelve months that a loss would fall into?"""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from kam_analysis.analysis.frames import takes_frames


@dataclass(frozen=True)
class BudgetYear:
    """Twelve budgeted months: `first` and `last` (first days of months), and their sums.

    `coming`: they begin with the month after the as-of date's; else they are the last twelve months that are
    budgeted, the as-of date's month among them. `revenue` and `margin` are NaN where not budgeted.
    """

    first: date
    last: date
    coming: bool
    revenue: float
    margin: float


@takes_frames
def budget_year(budget: pd.DataFrame | None, as_of: date) -> BudgetYear | None:
    """Against which twelve budgeted months is a loss held?

    `budget`: month (any day of it), and revenue, margin and product_line where there are any. The coming
    twelve months where all are budgeted; else the last twelve budgeted months, where they are consecutive and
    hold the as-of date's month; else None: a shorter budget would make a loss look larger than it is.
    In a month, rows without a product line are its total; where there is none, its lines add up.

    >>> months = pd.date_range("2026-01-01", periods=12, freq="MS")
    >>> rows = pd.DataFrame({"month": months, "revenue": [10.0] * 12})
    >>> found = budget_year(rows, date(2026, 9, 18))
    >>> found.first.isoformat(), found.last.isoformat(), found.coming, found.revenue, found.margin
    ('2026-01-01', '2026-12-01', False, 120.0, nan)
    >>> budget_year(rows, date(2027, 1, 31)) is None
    True
    """
    if budget is None or budget.empty:
        return None
    months = by_month(budget)
    here = pd.Period(as_of, "M")
    for coming, wanted in (
        (True, pd.period_range(here + 1, periods=12, freq="M")),
        (False, pd.period_range(end=months.index.max(), periods=12, freq="M")),
    ):
        if wanted.isin(months.index).all() and (coming or here in wanted):
            first, last = (month.to_timestamp().date() for month in (wanted[0], wanted[-1]))
            sums = months.loc[wanted].sum(min_count=12)
            return BudgetYear(first, last, coming, float(sums["revenue"]), float(sums["margin"]))
    return None


def by_month(budget: pd.DataFrame) -> pd.DataFrame:
    """Budgeted revenue and margin by month (a period); NaN where not budgeted."""
    rows = pd.DataFrame({"month": pd.to_datetime(budget["month"]).dt.to_period("M")})
    for name in ("revenue", "margin"):
        rows[name] = pd.to_numeric(budget[name]) if name in budget else float("nan")
    whole = budget["product_line"].isna() if "product_line" in budget else pd.Series(True, budget.index)
    # A total beside its lines would count the month twice.
    kept = rows[whole | ~rows["month"].isin(rows.loc[whole, "month"])]
    return kept.groupby("month")[["revenue", "margin"]].sum(min_count=1)
