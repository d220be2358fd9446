"""How does each account buy: how often, how long silent, how many orders, how much of it returned?"""

from datetime import date

import ibis
import ibis.expr.types as ir
import pandas as pd

from kam_analysis.ledger.engine.columns import normalised_id
from kam_analysis.ledger.engine.sums import Sums, exact_sum
from kam_analysis.ledger.frames.levels import Customers, Level
from kam_analysis.ledger.frames.purchases import days_of_purchase, of_customers
from kam_analysis.ledger.settings.period import Period

_KINDS = {
    "account_id": "str",
    "first_day": "datetime64[us]",
    "last_day": "datetime64[us]",
    "purchase_days": "int64",
    "mean_gap": "float64",
    "typical_gap": "float64",
    "longest_gap": "float64",
    "silence": "float64",
    "orders": "int64",
    "lines": "int64",
    "sold": "float64",
    "credited": "float64",
    "products": "int64",
    "product_lines": "int64",
}


def habits(
    sums: Sums,
    customers: Customers,
    known: tuple[date, date],
    period: Period,
    level: Level | None,
    line: str | None,
    *,
    orders: bool = True,
) -> pd.DataFrame:
    """What `Ledger.habits` says, without names.

    `known` is the first day of the data and the as-of date; `line` the column that tells product lines apart.
    """
    as_of = known[1]
    rows = of_customers(sums, customers, known, level)
    inside = rows.filter(rows.date.between(ibis.literal(period.first), ibis.literal(min(period.last, as_of))))
    # One after the other: of a hundred million rows they do not fit into the engine's memory together.
    frame = sums.fetch(_rhythm(days_of_purchase(sums, customers, known, level)))
    frame = frame.sort_values("account_id", ignore_index=True)
    for part in (_counts(inside, line, orders=orders), _money(sums, inside)):
        frame = _beside(frame, sums.fetch(part))
    counted = [name for name, kind in _KINDS.items() if kind == "int64" and name in frame]
    frame = frame.fillna(dict.fromkeys([*counted, "sold", "credited"], 0))
    between = (frame["last_day"] - frame["first_day"]).dt.days
    frame["mean_gap"] = between / (frame["purchase_days"] - 1).where(frame["purchase_days"] > 1)
    frame["silence"] = (pd.Timestamp(as_of) - frame["last_day"]).dt.days
    names = [name for name in _KINDS if name in frame]
    return frame[names].astype({name: _KINDS[name] for name in names})


def without_days(frame: pd.DataFrame) -> pd.DataFrame:
    """Habits of totals by quarter or year: what a day of purchase or a credit note would tell is not known.

    Silence stays: a total is dated on the last day that it covers, so nobody has been silent for less.
    """
    unknown = dict.fromkeys(
        ("purchase_days", "mean_gap", "typical_gap", "longest_gap", "sold", "credited"), float("nan")
    )
    return frame.drop(columns=["orders", "lines"], errors="ignore").assign(**unknown)


def _rhythm(days: ir.Table) -> ir.Table:
    """On how many days an account bought, the first and the last, and the time between two of them."""
    return days.group_by("account_id").aggregate(
        first_day=days.date.min(where=days.bought),
        last_day=days.date.max(where=days.bought),
        purchase_days=days.date.count(where=days.bought),
        longest_gap=days.gap.max(),
        typical_gap=(exact_sum(days.gap.cast("float64").ln()) / days.gap.count().nullif(0)).exp(),
    )


def _counts(rows: ir.Table, line: str | None, *, orders: bool) -> ir.Table:
    """Orders, rows, and how many products and lines were bought; what came back is no purchase."""
    number = normalised_id(rows.order_id) if "order_id" in rows.columns else ibis.null("string")
    rows = rows.mutate(number=number)
    bought = rows.revenue > 0
    # Rows without a number are one order a day.
    number_of = rows.number.nunique(where=bought) + rows.date.nunique(where=bought & rows.number.isnull())
    counted = {"orders": number_of} if orders else {}
    columns = {"products": "product" if "product" in rows.columns else None, "product_lines": line}
    breadth = {name: rows[column].nunique(where=bought) for name, column in columns.items() if column}
    return rows.group_by("account_id").aggregate(**counted, lines=rows.count(), **breadth)


def _money(sums: Sums, rows: ir.Table) -> ir.Table:
    """Sales and credit notes, to the minor unit per legal entity as everywhere."""
    none = ibis.null(rows.revenue.type())
    money = {
        "sold": ibis.ifelse(rows.revenue > 0, rows.revenue, none),
        "credited": ibis.ifelse(rows.revenue < 0, rows.revenue, none),
    }
    exact = sums.added(rows, ["entity_id", "account_id"], money)
    return exact.group_by("account_id").aggregate(
        **{name: sums.rounded(exact[name], "revenue").sum().cast("float64") for name in money}
    )


def _beside(frame: pd.DataFrame, part: pd.DataFrame) -> pd.DataFrame:
    """The frame with the part's columns, by account; missing where it does not have one."""
    places = pd.Index(part["account_id"]).get_indexer(pd.Index(frame["account_id"]))
    found = part.drop(columns="account_id").reset_index(drop=True)
    return frame.join(found.reindex(places).set_axis(frame.index)) if len(part) else frame.join(found)
