"""Opening and closing balances among the lines: what was sold before counts once more in them."""

from collections.abc import Iterator, Sequence

from kam_analysis.exports.look import Look
from kam_analysis.ledger.reading.folding import folded
from kam_analysis.ledger.sniffing.headers import listed

# Columns of text that are looked at.
_MOST_COLUMNS = 30


def balance_lines(look: Look, names: Sequence[str]) -> Iterator[tuple[str, tuple[str, ...], int]]:
    """Columns in which some lines are called a balance: the column, those values, and their rows."""
    words = tuple(folded(word) for word in listed("balances"))
    rows = look.rows(list(names)[:_MOST_COLUMNS], [])
    for name in rows.columns:
        is_balance = rows[name].map(lambda text: folded(text).startswith(words))
        if is_balance.any() and not is_balance.all():
            yield name, tuple(rows[name][is_balance].unique()), int(is_balance.sum())
