"""Totals that have a date, so that they look like sales: "Total" among the customers, a subtotal at each month's end.

A word alone proves nothing ("Total Energies" buys too): a line is a total where it is the sum of others. A bare word
whose sum does not come out is asked about.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from kam_analysis.exports.look import Look
from kam_analysis.ledger.settings.toml_text import as_key, listed
from kam_analysis.ledger.sniffing.choice import Choice
from kam_analysis.ledger.sniffing.guess import Alternative, Question
from kam_analysis.ledger.sniffing.wording import counted
from kam_analysis.ledger.sniffing.words import group_word, total_word

# Columns that are looked at for words of totals, the customers' own first.
_MOST_COLUMNS = 30
# Half a cent a row would be too wide for large files: amounts are rounded to cents at most twice.
_CENTS = 0.011


@dataclass(frozen=True)
class Totals:
    """Values of one column that are totals: to be left out, with what is said; or a question."""

    column: str
    values: tuple[str, ...] = ()
    said: str = ""
    question: Question | None = None


def dated_totals(choice: Choice, look: Look) -> Iterator[Totals]:
    """Each column with values that are totals, or may be: of those only a customer's name is asked about."""
    customers = {choice.header[index] for index in _customers(choice)}
    for name, rows, labels in _columns_with_words(choice, look):
        every = tuple(dict.fromkeys(labels[labels != ""]))
        adds_up = _add_up(rows, labels)
        if adds_up and _is_sure(rows, labels):
            count = counted(int((labels != "").sum()))
            yield Totals(name, every, f'"{name}": {", ".join(every[:4])} in {count} are the sums of others, left out')
        elif doubtful := _doubtful(every, adds_up, name in customers):
            worth = float(rows["amount"][labels.isin(doubtful)].sum())
            yield Totals(name, question=_customer_or_total(name, doubtful, worth))


def _doubtful(every: tuple[str, ...], adds_up: bool, is_customer: bool) -> tuple[str, ...]:
    """What must be asked about: sums that may be chance, and customers who are called by nothing but the word."""
    if adds_up:
        return every
    return tuple(each for each in every if _is_bare(each) and total_word(each)) if is_customer else ()


def _customer_or_total(name: str, values: tuple[str, ...], worth: float) -> Question:
    """A customer who is called by a word for a total, where the sums do not prove what it is."""
    text = f'is {", ".join(values)} of "{name}" a total of other rows, or sales of its own? It makes {worth:,.2f}'
    answers = (
        Alternative("a total: left out", (f"drop.{as_key(name)} = {listed(values)}",)),
        Alternative("sales of its own"),
    )
    return Question(text, answers, holds="revenue")


def _is_bare(label: str) -> bool:
    return group_word(label).casefold() == label.casefold()


def _is_sure(rows: pd.DataFrame, labels: pd.Series) -> bool:
    """Whether the words say the same as the sums: one "Total Energies" may have another customer's amount by chance."""
    found = labels[labels != ""]
    names = set(rows["name"][labels == ""])
    plain = found.map(lambda label: _is_bare(label) or _named(label) in names)
    return bool(plain.all()) or len(found) > 1


def _named(label: str) -> str:
    """Whose total it is: "Subtotal for Alder" is Alder's."""
    return label[len(group_word(label)) :].strip(" :-").removeprefix("for ").strip()


def _customers(choice: Choice) -> list[int]:
    found = (choice.positions.get("account_id"), choice.account_name)
    return [index for index in found if index is not None]


def _columns_with_words(choice: Choice, look: Look) -> Iterator[tuple[str, pd.DataFrame, pd.Series]]:
    """Columns in which some cells begin with a word for a total: rows with day, customer and amount, and those cells."""
    if not {"date", "revenue"} <= set(choice.positions):
        return
    taken = {choice.positions["date"], *choice.found.amounts}
    customers = _customers(choice)
    wanted = [*customers, *(i for i in range(len(choice.header)) if i not in taken and i not in customers)]
    names = [choice.header[index] for index in wanted[:_MOST_COLUMNS]]
    texts = [choice.header[choice.positions["date"]], *names]
    rows = look.rows(texts, [choice.header[choice.positions["revenue"]]])
    rows = rows[rows[texts[0]] != ""].reset_index(drop=True)
    for name in names:
        labels = rows[name].where(rows[name].map(lambda text: bool(group_word(text))), "")
        if (labels != "").any() and (labels == "").any():
            customer = rows[choice.header[customers[0]]] if customers and name != choice.header[customers[0]] else ""
            plain = pd.DataFrame({"day": rows[texts[0]], "customer": customer, "name": rows[name]})
            yield name, plain.assign(amount=rows[choice.header[choice.positions["revenue"]]].fillna(0)), labels


def _add_up(rows: pd.DataFrame, labels: pd.Series) -> bool:
    """Whether every line with such a word is the sum of lines without one."""
    is_total = labels != ""
    if not (rows["amount"][is_total] != 0).any():
        return False
    lines = rows[~is_total]
    block = is_total.cumsum().shift(fill_value=0)
    since = lines["amount"].groupby(block[~is_total]).sum()
    running = rows["amount"].where(~is_total, 0).cumsum()
    days, names = (lines.groupby(key)["amount"].sum() for key in ("day", "name"))
    of_customer = lines.groupby(["customer", "day"])["amount"].sum(), lines.groupby("customer")["amount"].sum()
    for at in rows.index[is_total]:
        row = rows.loc[at]
        sums = [
            since.get(block[at], 0),
            running[at],
            running.iloc[-1],
            days.get(row["day"], 0),
            names.get(_named(row["name"]), 0),
        ]
        if row["customer"]:
            sums += [of_customer[0].get((row["customer"], row["day"]), 0), of_customer[1].get(row["customer"], 0)]
        if not any(abs(row["amount"] - each) <= _CENTS for each in sums):
            return False
    return True
