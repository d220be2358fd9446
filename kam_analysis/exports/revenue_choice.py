"""Which column is net sales, and what a line cost: by name, then by what the amounts of each row make up together."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from kam_analysis.exports.agreement import holds, same
from kam_analysis.exports.amount_units import unit_lines
from kam_analysis.exports.look import Look
from kam_analysis.exports.payouts import before_fees
from kam_analysis.exports.repeated_amounts import Orders, line_amount, once_or_each, orders_of, said_of
from kam_analysis.ledger.settings.toml_text import as_key, quoted
from kam_analysis.ledger.sniffing.choice import SPOKEN, Choice, pick_optional
from kam_analysis.ledger.sniffing.guess import Alternative, Question
from kam_analysis.ledger.sniffing.wording import counted
from kam_analysis.ledger.sniffing.words import runs_on


def pick_revenue(choice: Choice, look: Look) -> None:
    """The column of net sales, or quantity and price that make it; asked where nothing is sure to be one."""
    orders = orders_of(choice, look, [*choice.amounts("revenue"), *choice.amounts("gross")])
    if orders is not None:
        _of_lines(choice, look, orders)
    else:
        _by_name_and_sum(choice, look, choice.amounts("revenue"), choice.amounts("gross"))


def _of_lines(choice: Choice, look: Look, orders: Orders) -> None:
    """Some amounts are a whole order's: what is the line's own goes before them, else its owner says whose they are."""
    every, every_gross = choice.amounts("revenue"), choice.amounts("gross")
    total = orders.repeated[0]
    good, good_gross = ([index for index in each if index not in orders.repeated] for each in (every, every_gross))
    line = line_amount(choice, look, orders, total)
    choice.said.append(said_of(choice, orders, total))
    if line is not None and (not good or line in good):
        choice.positions["revenue"] = line
        choice.said.append(f"revenue is {choice.quote(line)}: its lines add up to {choice.quote(total)}")
    elif good or _product(choice, _rows(choice, look)) is not None:
        _by_name_and_sum(choice, look, good, good_gross)
    else:
        _by_name_and_sum(choice, look, every, every_gross)
        if "revenue" in choice.positions:
            choice.said.pop(choice.said.index(said_of(choice, orders, total)))
            choice.questions.append(once_or_each(choice, orders, choice.positions["revenue"]))


def _by_name_and_sum(choice: Choice, look: Look, good: Sequence[int], good_gross: Sequence[int]) -> None:
    net, gross = choice.named("revenue"), choice.named("gross")
    rows = _rows(choice, look)
    good = before_fees(choice, rows, good)
    if proven := _net_of(choice, rows, [*good, *good_gross]):
        amount, tax, total = proven
        choice.positions["revenue"] = amount
        choice.said.append(
            f"revenue is {choice.quote(amount)}: with {choice.quote(tax)} it makes {choice.quote(total)}, so it is the net amount"
        )
    elif good and not (
        _any_amount(choice, good) and (_made_with_tax(choice, rows, good) or _with_tax(choice, rows, good))
    ):
        choice.settle("revenue", _once(rows, choice.best(good)), [*net, *good_gross])
    elif not good and not _by_price(choice, rows):
        if good_gross:
            _ask_gross(choice, good_gross[0])
        else:
            _ask(choice, *(net or gross)[:1])


def _rows(choice: Choice, look: Look) -> pd.DataFrame:
    """Rows of every column of amounts that is known, by position."""
    kinds = ("revenue", "gross", "tax", "price", "quantity", "discount", "profit", "cost", "fee", "refunded")
    wanted = [index for ours in kinds for index in choice.amounts(ours)]
    found = look.rows([], [choice.header[index] for index in wanted])
    found.columns = pd.Index(wanted)
    return found


def _net_of(choice: Choice, rows: pd.DataFrame, amounts: Sequence[int]) -> tuple[int, int, int] | None:
    """An amount, a tax and a total that are one sum in every row, the tax somewhere not zero."""
    for tax in choice.amounts("tax"):
        if not (rows[tax].fillna(0) != 0).any():
            continue
        for amount in amounts:
            for total in (each for each in amounts if each != amount):
                if holds(rows[amount] + rows[tax], rows[total]):
                    return amount, tax, total
    return None


def _any_amount(choice: Choice, good: Sequence[int]) -> bool:
    """Whether the best name says nothing of net or gross."""
    return choice.found.meanings[good[0]].rank == 2


def _product(choice: Choice, rows: pd.DataFrame) -> tuple[pd.Series, dict[str, str]] | None:
    """Quantity times price, less the discount where that is a share, and the settings that say so."""
    quantities, prices = choice.amounts("quantity"), choice.amounts("price")
    if not quantities or not prices:
        return None
    made = {"quantity": choice.header[quantities[0]], "price": choice.header[prices[0]]}
    amount = rows[quantities[0]] * rows[prices[0]]
    for discount in choice.amounts("discount")[:1]:
        shares = rows[discount].fillna(0)
        if (shares != 0).any() and ((shares >= 0) & (shares < 1)).all():
            return amount * (1 - shares), made | {"discount": choice.header[discount]}
    return amount, made


def _made_with_tax(choice: Choice, rows: pd.DataFrame, good: Sequence[int]) -> bool:
    """Whether the only amount is quantity times price with tax on it: then those two are the net amount."""
    product = _product(choice, rows)
    if product is None:
        return False
    for tax in choice.amounts("tax"):
        if (rows[tax].fillna(0) != 0).any() and holds(product[0] + rows[tax], rows[good[0]]):
            choice.made_of["revenue_from"] = product[1]
            choice.said.append(
                f"revenue is {_spoken(product[1])}: with {choice.quote(tax)} it makes {choice.quote(good[0])}, so it is the net amount"
            )
            return True
    return False


def _with_tax(choice: Choice, rows: pd.DataFrame, good: Sequence[int]) -> bool:
    """Whether an amount stands beside a tax, and may hold it: then it is asked."""
    taxes = [tax for tax in choice.amounts("tax") if (rows[tax].fillna(0) != 0).any()]
    product = _product(choice, rows)
    if not taxes or (product is not None and holds(product[0], rows[good[0]])):
        return False
    answers = tuple(Alternative(f"{choice.quote(i)} is net", (choice.line("revenue", i),)) for i in choice.best(good))
    if product is not None:
        answers += (Alternative(f"take {_spoken(product[1])}", (_made_line("revenue_from", product[1]),)),)
    text = (
        f"{choice.quote(good[0])} stands beside {choice.quote(taxes[0])}: does it hold the tax? Net amounts are meant"
    )
    choice.questions.append(Question(text, answers, holds="revenue"))
    choice.positions["revenue"] = good[0]
    return True


def _once(rows: pd.DataFrame, best: list[int]) -> list[int]:
    """Equally good names of columns that say the same in every row need no question."""
    others = [index for index in best[1:] if index not in rows or not same(rows[best[0]], rows[index])]
    return [best[0], *others]


def _by_price(choice: Choice, rows: pd.DataFrame) -> bool:
    """Whether quantity and price make the amount that is not there; a discount that may be money or per cent is asked."""
    product = _product(choice, rows)
    if product is None or choice.amounts("gross"):
        return False
    amount, made = product
    discounts = [each for each in choice.amounts("discount") if (rows[each].fillna(0) != 0).any()]
    if discounts and "discount" not in made:
        name = choice.quote(discounts[0])
        answers = (
            Alternative(f"{name} is in the price already", (_made_line("revenue_from", made),)),
            Alternative(
                f"{name} is taken off, as per cent",
                (_made_line("revenue_from", made | {"discount": choice.header[discounts[0]]}),),
            ),
        )
        text = f"no column holds the line's amount; is it {_spoken(made)} less {name}?"
        choice.questions.append(Question(text, answers, holds="revenue"))
        return True
    choice.made_of["revenue_from"] = made
    total = float(np.nansum(amount))
    choice.said.append(
        f"revenue is {_spoken(made)}, for no column holds the line's amount: {total:,.2f} in the rows looked at"
    )
    return True


def _spoken(made: dict[str, str]) -> str:
    less = f' less "{made["discount"]}"' if "discount" in made else ""
    return f'"{made["quantity"]}" x "{made["price"]}"{less}'


def _made_line(key: str, made: dict[str, str]) -> str:
    return f"{key} = {{ {', '.join(f'{as_key(name)} = {quoted(theirs)}' for name, theirs in made.items())} }}"


def _ask_gross(choice: Choice, index: int) -> None:
    answers = (Alternative(f"take the gross amounts of {choice.quote(index)}", (choice.line("revenue", index),)),)
    text = f"only gross amounts ({choice.quote(index)}) are there; net ones are meant"
    choice.questions.append(Question(text, answers, holds="revenue"))


def _no_amounts(choice: Choice, index: int) -> str:
    column = choice.found.amounts[index]
    if not column.unreadable:
        return f"{choice.quote(index)} is empty where amounts were expected"
    shown = ", ".join(seen.text[:40] for seen in column.unreadable)
    return f"{choice.quote(index)} should hold amounts, and holds something else in {counted(column.unreadable_count)} ({shown})"


def _ask(choice: Choice, *named: int) -> None:
    """Columns of amounts whose names say nothing, then those that say what is no sale."""
    found = choice.found
    unknown = [i for i, column in found.amounts.items() if i not in found.meanings and column.is_amount]
    unknown = [i for i in unknown if not (i in found.dates and found.dates[i].is_date)]
    # Amounts have cents, numbers of things do not.
    unknown.sort(key=lambda index: not found.amounts[index].firsts("decimal"))
    doubtful = [*choice.amounts("weighted"), *choice.amounts("due")]
    why = _no_amounts(choice, named[0]) if named else "no header is known to be an amount of sales"
    if doubtful:
        names = " and ".join(map(choice.quote, doubtful[:3]))
        why = f"{names} {'are' if len(doubtful) > 1 else 'is'} no sales: what is expected, paid or still open"
    if running := [choice.quote(index) for index in unknown if runs_on(choice.header[index])]:
        why += f"; {' and '.join(running)} seems to go on from row to row, and only the differences would be sales"
    if choice.named("price") and not choice.named("quantity"):
        why += "; a price without a quantity makes no amount, but a query can: select *, quantity * price as revenue"
    candidates = dict.fromkeys([*unknown, *named, *doubtful])
    choice.ask_for("revenue", {index: unit_lines(choice.header[index]) for index in candidates}, why)


def pick_cost(choice: Choice, look: Look) -> None:
    """What a line cost, or what it earned: a profit gives the cost, but for one that may be a percentage."""
    pick_optional(choice, "cost")
    profits = [index for index in choice.amounts("profit") if choice.filled(index)]
    if "cost" in choice.positions or not profits:
        return
    index = profits[0]
    said = f"{SPOKEN['margin']} is {choice.quote(index)}: cost is revenue less it"
    if choice.found.meanings[index].rank or choice.found.meanings[index].loose:
        rows = look.rows([], [choice.header[index]])
        if not (rows[choice.header[index]].abs() > 100).any():
            choice.said.append(f"{choice.quote(index)} is left out: it may be a percentage")
            return
    choice.positions["margin"] = index
    choice.said.append(said)


def price_doubts(choice: Choice, look: Look, made: Mapping[str, str]) -> Iterator[Question]:
    """Prices that are of more pieces than one, where revenue is made of them."""
    if not made:
        return
    for index in choice.named("price_unit"):
        name = choice.header[index]
        pieces = look.rows([], [name])[name]
        if not (pieces.fillna(1) != 1).any():
            continue
        query = f'quantity * price / "{name}" as revenue'
        text = (
            f'"{made["price"]}" is for as many pieces as "{name}" says, up to {pieces.max():,.0f}: "{made["quantity"]}" times '
            f"it is too much; a query divides: select *, {query}"
        )
        answers = (Alternative(f'"{made["price"]}" is for one piece all the same'),)
        yield Question(text, answers, holds="file")
