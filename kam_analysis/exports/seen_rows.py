"""A layout's rows as what is looked for in them sees them: wide, not blank, with their numbers."""

import re
from collections.abc import Sequence
from itertools import islice
from typing import Any

from kam_analysis.ledger.reading.row_cells import blank, number_in
from kam_analysis.ledger.settings.settings import TableSource
from kam_analysis.ledger.sniffing.amounts import AmountColumn, amount_format, read_shape
from kam_analysis.ledger.sniffing.header import Layout
from kam_analysis.ledger.sniffing.words import meaning, total_word

_LOOKED_AT = 50_000


def how_written(layout: Layout) -> dict[str, Any]:
    """How the file writes its numbers, where one way fits all of them: totals are compared with sums."""
    column = AmountColumn()
    for number, row in islice(layout.rows(), 5_000):
        for cell in row:
            if isinstance(cell, str) and read_shape(cell):
                column.add(cell, number)
    form = amount_format([column])
    return {} if form.choices else {"decimal": form.decimal, "thousands": form.thousands}


def sample(layout: Layout) -> list[Sequence[object]]:
    """The first rows that are not blank, each as wide as the header."""
    rows = ([*cells, *[None] * (len(layout.header) - len(cells))] for _, cells in islice(layout.rows(), _LOOKED_AT))
    return [row for row in rows if not all(map(blank, row))]


def meanings(layout: Layout) -> dict[int, str]:
    """Which of our columns each name means, by position."""
    names = (re.sub(r" \(\d+\)$", "", name) for name in layout.header)
    return {at: known.ours for at, name in enumerate(names) if (known := meaning(name))}


def number_of(cell: object) -> Any:
    """A cell's number whatever its signs mean: two ways of reading are tried."""
    found = number_in(cell, _POINT)
    return number_in(cell, _COMMA) if found is None else found


_POINT = TableSource("", thousands=",")
_COMMA = TableSource("", decimal=",", thousands=".")


def total_words(rows: Sequence[Sequence[object]]) -> tuple[str, ...]:
    """The words for totals with which cells begin, each once."""
    return tuple(
        dict.fromkeys(word for row in rows for cell in row if isinstance(cell, str) and (word := total_word(cell)))
    )
