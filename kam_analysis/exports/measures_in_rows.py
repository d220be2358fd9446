"""Several figures in one column of values: a row says "Revenue", the next "Quantity", and only the first is sales."""

from collections.abc import Iterator, Sequence

from kam_analysis.exports.look import Look
from kam_analysis.ledger.settings.toml_text import as_key, listed
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
