"""What keeps quantity times price from being the amount: a price for a hundred pieces."""

from collections.abc import Iterator, Mapping

from kam_analysis.exports.look import Look
from kam_analysis.ledger.sniffing.choice import Choice
from kam_analysis.ledger.sniffing.guess import Alternative, Question


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
