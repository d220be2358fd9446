"""Months: what customers bought by calendar month, computed in the engine from one table of month sums.

Only complete calendar months are compared. A month is complete where it ends by the as-of date and
lies in the data; a week is allowed at either end, since few companies invoice on every day.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import reduce
from operator import add

import ibis
import ibis.expr.types as ir
import pandas as pd

from kam_analysis.ledger.engine.sums import Sums, exact_sum, month_number
from kam_analysis.ledger.engine.transactions import Overview
from kam_analysis.ledger.frames.levels import Customers, Level

# A wrong date of 1900 must not make a thousand empty months: what looks back looks back this far.
HISTORY = 120


class Months:
    """Questions about calendar months; `last_day` is the ledger's as-of date, `told` whether the data tells months.

    In the engine a month is its number, year x 12 + month - 1, so that all engines count alike.
    """

    def __init__(
        self, sums: Sums, customers: Customers, overview: Overview, last_day: date, *, told: bool = True
    ) -> None:
        self._sums, self._customers, self._last_day = sums, customers, last_day
        day = timedelta(days=1)
        # One past the month of the day before a month's first week ends, and of the week after the last row.
        self.first = month_number(overview.first - 7 * day) + 1
        self.last = month_number(min(last_day, overview.last + 7 * day) + day) - 1
        if not told:  # of totals by quarter or year no month is known, so none is complete
            self.last = self.first - 1

    def by_account(
        self, members: list[str] | None, level: Level | None, measure: str, window: tuple[date, date], filled: bool
    ) -> pd.DataFrame:
        """Chosen legal entities (None: all), summed at a level: account_id, month, the measure, complete; zero-filled."""
        rows = self._entities(measure)
        chosen = rows.filter(rows.account_id.notnull() if members is None else rows.account_id.isin(members))
        frame = self._fetch(chosen.mutate(**{measure: chosen.rounded.cast("float64")}).drop("amount", "rounded"))
        frame = self._customers.at_level(frame, ["account_id", "month"], [measure], level)
        first, last = map(month_number, window)
        if not filled:
            frame = frame[frame["month"].between(first, last)].reset_index(drop=True)
            return self._dated(frame.assign(complete=self._complete(frame["month"])))
        began = frame.groupby("account_id", as_index=False)["month"].min()
        grid = began.merge(pd.DataFrame({"each": range(first, last + 1)}), how="cross")
        grid = grid.loc[grid["each"] >= grid["month"], ["account_id", "each"]].rename(columns={"each": "month"})
        whole = grid.merge(frame, how="left", on=["account_id", "month"]).fillna({measure: 0.0})
        return self._dated(whole.assign(complete=self._complete(whole["month"])))

    def side_by_side(self, measure: str, window: tuple[date, date]) -> pd.DataFrame:
        """What `Ledger.months_side_by_side` says."""
        first, last = (month_number(day) for day in window)
        months = range(max(first, self.first), min(last, self.last) + 1)
        rows = self._entities(measure)
        amount = rows.rounded.cast("float64")
        columns = {f"month_{each}": amount.max(where=rows.month == each) for each in months}
        frame = self._fetch(rows.group_by("account_id").aggregate(**columns)).sort_values(
            "account_id", ignore_index=True
        )
        days = [pd.Timestamp(each // 12, each % 12 + 1, 1).as_unit("us") for each in months]
        bought = frame[list(columns)].notna().any(axis="columns")
        return frame[["account_id", *columns]].set_axis(["account_id", *days], axis="columns")[bought.to_numpy()]

    def totals(self, level: Level | None, measure: str, window: tuple[date, date]) -> pd.DataFrame:
        """All customers by month: month, amount, accounts, complete; zero where nothing was sold."""
        rows = self._at_level(level, measure)
        found = rows.group_by("month").aggregate(
            amount=rows.amount.sum().cast("float64"), accounts=(rows.amount > 0).sum()
        )
        first, last = map(month_number, window)
        frame = self._fetch(found).set_index("month").reindex(range(first, last + 1), fill_value=0).reset_index()
        frame = frame.astype({"amount": "float64", "accounts": "int64"})
        return self._dated(frame.assign(complete=self._complete(frame["month"])))

    def rolling(self, level: Level | None, measure: str, tops: Sequence[int]) -> pd.DataFrame:
        """What `Ledger.rolling` says."""
        ends = list(range(max(self.first + 11, self.last - HISTORY + 1), self.last + 1))
        # Every window reads a year of months again; below so many rows one query for all windows is quicker.
        size = 1 if self._sums.many else max(1, len(ends))
        parts = [
            self._fetch(self._windows(ends[at : at + size], level, measure, tops)) for at in range(0, len(ends), size)
        ]
        names = ["month", "accounts", "total", "squares", *(f"top_{n}" for n in tops)]
        found = pd.concat(parts) if parts else pd.DataFrame(columns=names)
        found = found.set_index("month").reindex(ends, fill_value=0).rename_axis("month").reset_index()[names]
        return self._dated(found.astype({name: "int64" if name == "accounts" else "float64" for name in names[1:]}))

    def statistics(self, level: Level | None, measure: str, recent: int) -> pd.DataFrame:
        """What `Ledger.month_statistics` says, without names."""
        if not 1 <= recent <= 12:
            raise ValueError(f"recent: expected 1 to 12 months, got {recent}")
        depth = min(self.last - self.first, HISTORY - 1)
        if depth < 0:
            return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in _STATISTICS.items()})
        frame = self._fetch(_statistics(_years(self._at_level(level, measure), self.last, depth), recent, depth))
        frame = frame.sort_values("account_id", ignore_index=True)
        since = frame.pop("since")
        frame["months"] = (since + 1).clip(upper=12)
        frame["changes"] = (since - 11 - recent).clip(lower=0)
        frame["month"] = self.last - since
        return self._dated(frame).rename(columns={"month": "first_month"}).astype(_STATISTICS)[list(_STATISTICS)]

    def _entities(self, measure: str) -> ir.Table:
        """Legal entities by month: account_id, month, amount (exact) and rounded (to the minor unit)."""
        return self._customers.in_engine(self._sums.by_month(measure, self._last_day))

    def _at_level(self, level: Level | None, measure: str) -> ir.Table:
        """Accounts at a level by month, to the minor unit per legal entity: account_id, month, amount."""
        rows = self._entities(measure)
        rows = rows.select("account_id", "month", amount=rows.rounded)
        if not self._customers.grouped(level):
            return rows
        tops = self._customers.tops(rows, level)
        return tops.group_by("account_id", "month").aggregate(amount=tops.amount.sum())

    def _windows(self, ends: list[int], level: Level | None, measure: str, tops: Sequence[int]) -> ir.Table:
        """Twelve months to each of `ends`: each legal entity rounded once, as in `Ledger.by_account`."""
        rows = self._entities(measure)
        pairs = pd.DataFrame([(end - back, end) for end in ends for back in range(12)], columns=["month", "window"])
        spine = ibis.memtable(pairs, schema={"month": "int32", "window": "int32"})
        joined = rows.inner_join(spine, "month")
        summed = joined.group_by("account_id", "window").aggregate(amount=joined.amount.sum())
        found = summed.mutate(amount=self._sums.rounded(summed.amount, measure))
        if self._customers.grouped(level):
            found = self._customers.tops(found, level)
            found = found.group_by("account_id", "window").aggregate(amount=found.amount.sum())
        found = found.filter(found.amount > 0)
        order = [ibis.desc(found.amount), found.account_id]
        ranked = found.mutate(rank=ibis.row_number().over(group_by=found.window, order_by=order))
        value = ranked.amount.cast("float64")
        return ranked.group_by(month=ranked.window).aggregate(
            accounts=ranked.count(),
            total=ranked.amount.sum().cast("float64"),
            squares=exact_sum(value * value),
            **{f"top_{n}": ranked.amount.sum(where=ranked["rank"] < n).cast("float64") for n in tops},
        )

    def _complete(self, months: pd.Series) -> pd.Series:
        return months.between(self.first, self.last)

    def _fetch(self, expression: ir.Table) -> pd.DataFrame:
        return self._sums.fetch(expression)

    def _dated(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Month numbers as the first days of the months."""
        months = frame["month"].astype("int64")
        days = pd.to_datetime(pd.DataFrame({"year": months // 12, "month": months % 12 + 1, "day": 1}))
        return frame.assign(month=days.astype("datetime64[us]"))


_STATISTICS = {
    "account_id": "str",
    "first_month": "datetime64[us]",
    "months": "int64",
    "amount": "float64",
    "squares": "float64",
    "recent": "float64",
    "recent_squares": "float64",
    "recent_least": "float64",
    "year_before": "float64",
    "worst_change": "float64",
    "changes": "int64",
    "changes_sum": "float64",
    "changes_squares": "float64",
}


def _years(rows: ir.Table, last: int, depth: int) -> ir.Table:
    """A row per account and place in the year: amounts of the latest year (y0), of the year before (y1) and so on.

    `place` 0 is the latest complete month, 11 the month after its own a year ago; `since` is the months
    from an account's first purchase to the latest month. A year's change is then two columns of one row.
    """
    rows = rows.filter(rows.month <= last)
    back = last - rows.month
    rows = rows.mutate(back=back, place=back % 12)
    zero = ibis.literal(0).cast("decimal(38, 6)")
    years = {}
    for year in range(depth // 12 + 2):
        here = (rows.back >= 12 * year) & (rows.back < 12 * year + 12) & (rows.back <= depth)
        years[f"y{year}"] = ibis.coalesce(rows.amount.sum(where=here), zero)
    found = rows.group_by("account_id", "place").aggregate(**years, oldest=rows.back.max())
    first = found.group_by("account_id").aggregate(since=ibis.least(found.oldest.max(), depth))
    return found.inner_join(first, "account_id")


def _statistics(years: ir.Table, recent: int, depth: int) -> ir.Table:
    """From a row per account and place in the year to a row per account."""
    place, since = years.place, years.since
    none = years.y0 - years.y0
    late = place < recent
    value = years.y0.cast("float64")
    changes, latest = [], none
    for year in range(depth // 12 + 1):
        change = years[f"y{year}"] - years[f"y{year + 1}"]
        compared = place + 12 * year + 12 <= since
        if year == 0:
            latest = ibis.ifelse(late & compared & (change < 0), change, none)
            compared &= ~late
        changes.append(ibis.ifelse(compared, change, none))
    seen, low = late.sum(), ibis.coalesce(years.y0.min(where=late), none.min())
    return years.group_by("account_id").aggregate(
        since=since.max(),
        amount=years.y0.sum().cast("float64"),
        squares=exact_sum(value * value),
        recent=ibis.ifelse(late, years.y0, none).sum().cast("float64"),
        recent_squares=exact_sum(ibis.ifelse(late, value * value, 0.0)),
        # A month without any purchase in any year has no row.
        recent_least=ibis.ifelse(seen < ibis.least(recent, since.max() + 1), ibis.least(low, none.min()), low).cast(
            "float64"
        ),
        year_before=ibis.ifelse(late, years.y1, none).sum().cast("float64"),
        worst_change=latest.min().cast("float64"),
        changes_sum=reduce(add, changes).sum().cast("float64"),
        changes_squares=exact_sum(reduce(add, [each * each for each in map(_float, changes)])),
    )


def _float(amount: ir.Value) -> ir.Value:
    return amount.cast("float64")
