"""What does each account pay for the same products, against the other buyers of them?"""

from datetime import date

import ibis
import ibis.expr.types as ir
import pandas as pd

from kam_analysis.ledger.engine.sums import Sums, exact_sum
from kam_analysis.ledger.frames.levels import Customers, Level
from kam_analysis.ledger.frames.purchases import of_customers

# What a price is compared with: one other buyer would be a comparison with that one's conditions.
OTHER_BUYERS = 2

_KINDS = {"account_id": "str"} | dict.fromkeys(("paid", "at_others", "price_index", "compared"), "float64")


def has_prices(sums: Sums) -> bool:
    """Whether the transactions have what a price is made of."""
    return {"product", "quantity"} <= set(sums.columns)


def prices(sums: Sums, customers: Customers, days: tuple[date, date], level: Level | None, digits: int) -> pd.DataFrame:
    """What `Ledger.prices` says; `days` are the period's first and last, `digits` those of money."""
    if not has_prices(sums):
        return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in _KINDS.items()})
    rows = of_customers(sums, customers, days, level)
    frame = sums.fetch(_compared(sums, rows.filter(rows.revenue > 0)))
    frame = frame.sort_values("account_id", ignore_index=True)
    frame["price_index"] = frame["exact"] / frame["at_others"].where(frame["at_others"] > 0)
    frame["compared"] = frame["exact"] / frame["sold"]
    frame["at_others"] = frame["at_others"].round(digits)
    return frame[list(_KINDS)].astype(_KINDS)


def _compared(sums: Sums, rows: ir.Table) -> ir.Table:
    """A row per account: all that it bought, and of the articles with enough other buyers, paid and at their prices."""
    # What has no quantity or no name counts as bought and has no price.
    named = ibis.ifelse(rows.quantity > 0, rows["product"], ibis.null("string"))
    money, amounts = {"amount": rows.revenue}, {"quantity": rows.quantity}
    bought = sums.added(rows.mutate(article=named), ["account_id", "article"], money, amounts)
    priced = bought.filter(bought.article.notnull())
    articles = priced.group_by("article").aggregate(
        everybody=priced.amount.sum(), pieces=priced.quantity.sum(), buyers=priced.count()
    )
    both = bought.left_join(articles, "article")
    enough = (both.buyers > OTHER_BUYERS).fill_null(False)
    price = _float(both.everybody - both.amount) / _float(both.pieces - both.quantity).nullif(0)
    paid = ibis.ifelse(enough, both.amount, both.amount - both.amount).sum()
    return both.group_by("account_id").aggregate(
        sold=_float(both.amount.sum()),
        exact=_float(paid),
        paid=_float(sums.rounded(paid, "revenue")),
        at_others=exact_sum(price * _float(both.quantity), where=enough).fill_null(0.0),
    )


def _float(amount: ir.Value) -> ir.Value:
    return amount.cast("float64")
