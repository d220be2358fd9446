"""What customers bought: the transactions with the account that each belongs to, in the engine."""

from datetime import date

import ibis.expr.types as ir

from kam_analysis.ledger.engine.columns import normalised_id
from kam_analysis.ledger.engine.sums import Sums
from kam_analysis.ledger.frames.levels import Customers, Level


def of_customers(sums: Sums, customers: Customers, days: tuple[date, date], level: Level | None) -> ir.Table:
    """Rows of some days (both included) under `entity_id` and, at a level, `account_id`.

    Rows without an account, of excluded accounts and of excluded products are not in it.
    """
    rows = sums.without_excluded(sums.within(*days))
    # Ids are read once for each way of writing them and joined: a regular expression for every row takes longer.
    written = rows.select(written_id="account_id").distinct()
    known = written.mutate(entity_id=normalised_id(written.written_id))
    known = known.mutate(account_id=known.entity_id).filter(known.entity_id.notnull())
    tops = customers.tops(customers.in_engine(known), level)
    found = rows.rename(row_id="account_id").inner_join(tops, [("row_id", "written_id")])
    return found.drop("row_id", "written_id")
