"""Who sold to each account, and when?"""

from datetime import date

import ibis.expr.types as ir
import pandas as pd

from kam_analysis.errors import DataError
from kam_analysis.ledger.engine.columns import normalised_id
from kam_analysis.ledger.engine.sums import Sums
from kam_analysis.ledger.frames.levels import Customers, Level
from kam_analysis.ledger.frames.purchases import of_customers

_KEYS = ["account_id", "account_manager_id"]
_KINDS = {
    "account_id": "str",
    "account_manager_id": "str",
    "first_day": "datetime64[us]",
    "last_day": "datetime64[us]",
    "rows": "int64",
    "revenue": "float64",
}


def held_by(sums: Sums, customers: Customers, days: tuple[date, date], level: Level | None) -> pd.DataFrame:
    """What `Ledger.held_by` says; `days` are the first and the last that count."""
    if "account_manager_id" not in sums.columns:
        raise DataError("transactions: no account_manager_id, so nothing says who sold; add the column to the settings")
    rows = _with_seller(of_customers(sums, customers, days, level))
    frame = sums.fetch(_days(rows).inner_join(_money(sums, rows), _KEYS))
    return frame[list(_KINDS)].astype(_KINDS).sort_values(_KEYS, ignore_index=True)


def sold_most(recent: pd.DataFrame, ever: pd.DataFrame) -> pd.Series:
    """Who sold most to each account lately, else who sold last at all; by account_id, ties by the manager's id.

    Frames of `held_by`: of the last months, and of all data.
    """
    lately = recent[recent["revenue"] > 0].sort_values(["revenue", "account_manager_id"], ascending=[False, True])
    last = ever.sort_values(["last_day", "account_manager_id"], ascending=[False, True], na_position="last")
    first = pd.concat([lately, last]).drop_duplicates("account_id")
    return first.set_index("account_id")["account_manager_id"]


def _with_seller(rows: ir.Table) -> ir.Table:
    """Only rows that name a manager, by the id as people know it, read once for each way of writing it."""
    written = rows.select(written="account_manager_id").distinct()
    known = written.mutate(seller=normalised_id(written.written))
    found = rows.inner_join(known.filter(known.seller.notnull()), rows.account_manager_id == known.written)
    return found.drop("account_manager_id", "written").rename(account_manager_id="seller")


def _days(rows: ir.Table) -> ir.Table:
    """A credit note that is written in the old manager's name is no sale of his."""
    sold = rows.revenue > 0
    days = {"first_day": rows.date.min(where=sold), "last_day": rows.date.max(where=sold)}
    return rows.group_by(_KEYS).aggregate(**days, rows=rows.count())


def _money(sums: Sums, rows: ir.Table) -> ir.Table:
    """Revenue, to the minor unit per legal entity as everywhere."""
    exact = sums.added(rows, ["entity_id", *_KEYS], {"revenue": rows.revenue})
    return exact.group_by(_KEYS).aggregate(revenue=sums.rounded(exact.revenue, "revenue").sum().cast("float64"))
