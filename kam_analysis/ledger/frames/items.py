"""What does each account buy of each article, in two spans of days: money and quantities, of which prices are made."""

from datetime import date

import ibis
import ibis.expr.types as ir
import pandas as pd

from kam_analysis.ledger.engine.sums import Sums
from kam_analysis.ledger.frames.levels import Customers, Level
from kam_analysis.ledger.frames.purchases import of_customers

# More pairs of account and article fit into no notebook; then product lines stand in for articles.
MOST_PAIRS = 2_000_000
AMOUNTS = ("revenue_before", "revenue", "quantity_before", "quantity", "unpriced_before", "unpriced")

Days = tuple[date, date]


def item_columns(sums: Sums) -> list[str]:
    """The columns that tell items apart, the finest first; none where there are no quantities to go with them."""
    return [name for name in ("product", "product_line") if {name, "quantity"} <= set(sums.columns)]


def items(sums: Sums, customers: Customers, now: Days, before: Days, level: Level | None) -> pd.DataFrame:
    """What `Ledger.by_account_item` says."""
    columns = item_columns(sums)
    for finest in range(len(columns)):
        keys = ["account_id", *columns[finest:]]
        asked = _summed(sums, of_customers(sums, customers, _both(now, before), level), keys, now=now, before=before)
        frame = sums.fetch(asked.limit(MOST_PAIRS + 1))
        if len(frame) <= MOST_PAIRS:
            return _one_line_each(frame.astype(dict.fromkeys(keys, "str") | dict.fromkeys(AMOUNTS, "float64")), keys)
    keys = ["account_id", "product"]
    return pd.DataFrame({name: pd.Series(dtype="str" if name in keys else "float64") for name in (*keys, *AMOUNTS)})


def _both(now: Days, before: Days) -> Days:
    return min(now[0], before[0]), max(now[1], before[1])


def _summed(sums: Sums, rows: ir.Table, keys: list[str], *, now: Days, before: Days) -> ir.Table:
    """Exact sums of both spans, from one pass over the rows."""
    none = ibis.null(rows.revenue.type())
    money: dict[str, ir.Value] = {}
    quantities: dict[str, ir.Value] = {}
    for tail, (first, last) in (("", now), ("_before", before)):
        here = rows.date.between(ibis.literal(first), ibis.literal(last))
        money["revenue" + tail] = ibis.ifelse(here, rows.revenue, none)
        money["unpriced" + tail] = ibis.ifelse(here & rows.quantity.isnull(), rows.revenue, none)
        quantities["quantity" + tail] = ibis.ifelse(here, rows.quantity, ibis.null(rows.quantity.type()))
    summed = sums.added(rows, keys, money, quantities)
    rounded = {name: sums.rounded(summed[name], "revenue").cast("float64") for name in money}
    return summed.select(*keys, **rounded, **{name: summed[name].cast("float64") for name in quantities})


def _one_line_each(frame: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """An article is of one product line, also where a catalogue was put in order between the two years."""
    if len(keys) > 2:
        frame["product_line"] = frame.groupby("product")["product_line"].transform("max").fillna(frame["product_line"])
        if frame.duplicated(keys).any():
            frame = frame.groupby(keys, as_index=False, dropna=False)[list(AMOUNTS)].sum().round(6)
    bought = frame[list(AMOUNTS)].ne(0).any(axis=1)
    return frame.loc[bought, [*keys, *AMOUNTS]].sort_values(keys, ignore_index=True)
