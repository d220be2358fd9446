"""What customers bought: the transactions with the account that each belongs to, and the days on which each bought."""

from collections.abc import Iterator
from datetime import date

import ibis
import ibis.expr.types as ir

from kam_analysis.ledger.engine.columns import normalised_id
from kam_analysis.ledger.engine.sums import Sums
from kam_analysis.ledger.frames.levels import Customers, Level

# Days of purchase of a company with many rows are ordered in so many parts: of a hundred million rows all at once
# are more than the engine may have.
_PARTS = 8


def of_customers(sums: Sums, customers: Customers, days: tuple[date, date], level: Level | None) -> ir.Table:
    """Rows of some days (both included) under `entity_id` and, at a level, `account_id`.

    Rows without an account, of excluded accounts and of excluded products are not in it.
    """
    rows = sums.without_excluded(sums.within(*days))
    # Ids are read once for each way of writing them and joined: a regular expression for every row takes longer.
    known = sums.once("ids", lambda: [_written(sums.rows)]) if sums.many else _written(rows)
    known = known.mutate(account_id=known.entity_id)
    tops = customers.tops(customers.in_engine(known), level)
    found = rows.rename(row_id="account_id").inner_join(tops, [("row_id", "written_id")])
    return found.drop("row_id", "written_id")


def _written(rows: ir.Table) -> ir.Table:
    """Each way in which an id is written, and the legal entity that it means: written_id, entity_id."""
    written = rows.select(written_id="account_id").distinct()
    known = written.mutate(entity_id=normalised_id(written.written_id))
    return known.filter(known.entity_id.notnull())


def days_of_purchase(sums: Sums, customers: Customers, days: tuple[date, date], level: Level | None) -> ir.Table:
    """The days with rows of each customer: account_id, date, bought (whether a row's revenue is above zero) and gap, the
    days since the one before on which it bought (NULL for the first, and where nothing was bought).

    A gap does not depend on the last of `days`: of many rows all days are put away, and every question reads them there.
    """
    first, last = (ibis.literal(day) for day in days)
    if not sums.many:
        return _with_gaps(_days(of_customers(sums, customers, days, level), "account_id"))
    at_level = "parent" if customers.grouped(level) else "legal_entity"
    every = (date.min, date.max)
    rows = of_customers(sums, customers, every, level)
    ids = sums.once(f"accounts_{at_level}", lambda: [_numbered(rows.select("account_id").distinct())])

    def parts() -> Iterator[ir.Table]:
        numbered = rows.inner_join(ids, "account_id")
        bought = sums.once(f"bought_{at_level}", lambda: [_days(numbered, "number")])
        for part in range(_PARTS):
            yield _with_gaps(bought.filter(bought.number % _PARTS == part))

    known = sums.once(f"days_{at_level}", parts)
    return known.filter(known.date.between(first, last)).inner_join(ids, "number").drop("number")


def _numbered(ids: ir.Table) -> ir.Table:
    """A number for each account: a text beside each of thirty million days would be most of what is read."""
    return ids.mutate(number=ibis.row_number().over(order_by=ids.account_id).cast("int32"))


def _days(rows: ir.Table, key: str) -> ir.Table:
    found = rows.group_by(key, "date").aggregate(bought=(rows.revenue > 0).any())
    return found.mutate(bought=found.bought.fill_null(False))


def _with_gaps(days: ir.Table) -> ir.Table:
    [key] = {"account_id", "number"} & set(days.columns)
    before = days.date.lag().over(group_by=[days[key], days.bought], order_by=days.date)
    gap = days.date.delta(before, unit="day")
    return days.mutate(gap=ibis.ifelse(days.bought, gap, ibis.null(gap.type())))
