"""Amounts of a whole order that stand on each of its lines: added up line by line they would count several times.

A shop's export gives the order's subtotal beside each article. What belongs to the line is preferred; where nothing
does, only the owner can say whether equal lines are the order's total or several sales.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from kam_analysis.exports.look import Look
from kam_analysis.ledger.sniffing.choice import Choice
from kam_analysis.ledger.sniffing.guess import Alternative, Question

# Orders of several lines that agree: all but a few, for a correction may stand among them.
_AGREE = 0.95
# Columns of unknown names among which the line's amount is looked for.
_MOST_UNKNOWN = 60
# Half a cent a line, as amounts are rounded.
_CENTS = 0.0051


@dataclass(frozen=True)
class Orders:
    """Lines of orders: which order each row is of, and the amounts that say the same on every line of one."""

    column: int
    order: pd.Series
    amounts: pd.DataFrame
    repeated: tuple[int, ...]

    def once(self, index: int) -> float:
        """The sum of an amount where each order counts once."""
        first = ~self.order.duplicated() | self.order.isna()
        return float(self.amounts[index][first].sum())

    def on_each_line(self, index: int) -> float:
        """The sum of an amount where each line counts."""
        return float(self.amounts[index].sum())


def orders_of(choice: Choice, look: Look, wanted: Sequence[int]) -> Orders | None:
    """Which of the `wanted` amounts are an order's, by the first column of order numbers of which any is; else None."""
    dates = [choice.header[choice.positions["date"]]] if "date" in choice.positions else []
    for column in choice.named("order_id"):
        names = [choice.header[index] for index in wanted]
        rows = look.rows([choice.header[column], *dates], names)
        # The same order billed month by month has a day of its own each time.
        number = rows[choice.header[column]]
        order = number.where(number != "", None)
        if dates:
            order = order.str.cat(rows[dates[0]], sep="\n")
        amounts = rows[names].set_axis(list(wanted), axis=1)
        repeated = tuple(index for index in wanted if _is_repeated(order, amounts[index]))
        if repeated:
            return Orders(column, order, amounts, repeated)
    return None


def _is_repeated(order: pd.Series, amount: pd.Series) -> bool:
    """Whether an amount is one and the same on all lines of nearly every order that has several."""
    told = order.notna() & amount.notna()
    by_order = amount[told].groupby(order[told]).agg(["size", "min", "max"])
    several = by_order[(by_order["size"] > 1) & (by_order["max"] != 0)]
    same = several["max"] - several["min"] < _CENTS
    return len(several) > 0 and float(same.mean()) >= _AGREE


def line_amount(choice: Choice, look: Look, orders: Orders, total: int) -> int | None:
    """A column, of whatever name, whose lines add up to each order's total; None where there is none."""
    known = {index for index, meaning in choice.found.meanings.items() if meaning.ours not in ("revenue", "gross")}
    spare = [index for index in range(len(choice.header)) if index not in known and index not in orders.repeated]
    names = [choice.header[index] for index in spare[:_MOST_UNKNOWN]]
    rows = look.rows([], names) if names else pd.DataFrame()
    for index, name in zip(spare, names, strict=False):
        if name in rows and _adds_up(orders, rows[name], orders.amounts[total]):
            return index
    return None


def _adds_up(orders: Orders, line: pd.Series, total: pd.Series) -> bool:
    told = orders.order.notna() & line.notna() & total.notna()
    if not told.any() or int(told.sum()) < 0.9 * len(line):
        return False
    sums = line[told].groupby(orders.order[told]).agg(["sum", "size"])
    wanted = total[told].groupby(orders.order[told]).first()
    near = (sums["sum"] - wanted).abs() <= _CENTS * sums["size"]
    return bool(near.mean() >= _AGREE) and bool((sums["size"] > 1).any())


def said_of(choice: Choice, orders: Orders, index: int) -> str:
    """That an amount is an order's, with what it would come to both ways."""
    return (
        f"{choice.quote(index)} says the same on each line of one {choice.quote(orders.column)}: "
        f"{orders.on_each_line(index):,.2f} on every line, {orders.once(index):,.2f} once an order"
    )


def once_or_each(choice: Choice, orders: Orders, index: int) -> Question:
    """Whether equal amounts on the lines of an order are its total."""
    choice.positions["order_id"] = orders.column
    answers = (
        Alternative(f"it is the order's: {orders.once(index):,.2f} in all", ("once_per_order = true",)),
        Alternative(f"it is each line's own: {orders.on_each_line(index):,.2f} in all"),
    )
    return Question(f"{said_of(choice, orders, index)}; whose is it?", answers, holds="revenue")
