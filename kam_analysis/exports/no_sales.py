"""Rows that are no sales, though no status says so: other figures, orders that are cancelled, balances."""

from collections.abc import Iterator, Sequence

from kam_analysis.exports.look import Look
from kam_analysis.ledger.checks.status_words import header_words, meaning_of
from kam_analysis.ledger.reading.folding import folded, words
from kam_analysis.ledger.settings.toml_text import as_key, listed
from kam_analysis.ledger.sniffing import headers
from kam_analysis.ledger.sniffing.guess import Alternative, Question
from kam_analysis.ledger.sniffing.words import meaning

_SALES = "revenue"
_OTHERS = frozenset({"quantity", "cost", "profit", "price", "tax", "discount", "gross", "weighted", "due"})
# More values than these name things, not figures.
_MOST_VALUES = 30


def measures_in_rows(look: Look, spare: Sequence[str]) -> Iterator[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """Columns whose values name figures: the column, the values that are sales, and all of them."""
    rows = look.rows(spare, [])
    for name in spare:
        values = tuple(value for value in rows[name].unique() if value)
        if not 1 < len(values) <= _MOST_VALUES:
            continue
        meant = {value: known.ours for value in values if (known := meaning(value))}
        sales = tuple(value for value in values if meant.get(value) == _SALES)
        if sales and _OTHERS & set(meant.values()) and 2 * len(meant) >= len(values):
            yield name, sales, values


def which_measure(name: str, sales: tuple[str, ...]) -> Question:
    """Several figures that could each be sales: adding them up would count the same sale twice."""
    answers = tuple(Alternative(f"only {each}", (f"keep.{as_key(name)} = {listed([each])}",)) for each in sales)
    text = f'"{name}" says which figure a row gives, and {" and ".join(sales)} could each be sales: which?'
    return Question(text, answers, holds="revenue")


def cancelled_days(look: Look, spare: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Columns of days on which rows ceased to be sales ("Cancelled at"), with how many rows have one; others have none."""
    for name in spare:
        said = words(name)
        when = header_words("when") & set(said)
        if not when or meaning_of(" ".join(word for word in said if word not in when)) != "void":
            continue
        days = look.rows([name], [])[name]
        filled = int((days != "").sum())
        if 0 < filled < len(days):
            yield name, filled


# Columns of text that are looked at.
_MOST_OF_TEXT = 30


def balance_lines(look: Look, names: Sequence[str]) -> Iterator[tuple[str, tuple[str, ...], int]]:
    """Columns in which some lines are called a balance, what was sold before: the column, those values, their rows."""
    words = tuple(folded(word) for word in headers.listed("balances"))
    rows = look.rows(list(names)[:_MOST_OF_TEXT], [])
    for name in rows.columns:
        is_balance = rows[name].map(lambda text: folded(text).startswith(words))
        if is_balance.any() and not is_balance.all():
            yield name, tuple(rows[name][is_balance].unique()), int(is_balance.sum())
