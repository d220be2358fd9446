"""What a payment service pays out is no sale: its fee is missing from it, and what was given back stands elsewhere."""

from collections.abc import Sequence

import pandas as pd

from kam_analysis.exports.agreement import holds
from kam_analysis.exports.look import Look
from kam_analysis.ledger.sniffing.choice import Choice
from kam_analysis.ledger.sniffing.guess import Alternative, Question
from kam_analysis.ledger.sniffing.words import tokens


def before_fees(choice: Choice, rows: pd.DataFrame, good: Sequence[int]) -> list[int]:
    """Amounts without those from which only a fee is missing: that is a cost, the sale was more."""
    left = list(good)
    for fee in choice.amounts("fee"):
        for paid_out in good if (rows[fee].fillna(0) != 0).any() else ():
            whole = [each for each in good if each != paid_out and holds(rows[paid_out] + rows[fee].abs(), rows[each])]
            if whole and paid_out in left:
                left.remove(paid_out)
                choice.said.append(
                    f"{choice.quote(paid_out)} is {choice.quote(whole[0])} less {choice.quote(fee)}: what was paid out, not sold"
                )
    return left


def ask_refunds(choice: Choice, look: Look) -> None:
    """Money given back in a column of its own: the amounts beside it are more than was sold."""
    index = choice.positions.get("revenue")
    if index is None or any(word.startswith("net") for word in tokens(choice.header[index])):
        return  # net sales are what remains, by their name
    for refund in choice.amounts("refunded"):
        rows = look.rows([], [choice.header[index], choice.header[refund]])
        back = float(rows[choice.header[refund]].abs().sum())
        if not back:
            continue
        text = (
            f"{choice.quote(refund)} holds {back:,.2f} that was given back: is {choice.quote(index)} before it? "
            "Then a query can take it off: select *, amount - refunded as revenue"
        )
        answers = (Alternative(f"{choice.quote(index)} is what remains", ()),)
        choice.questions.append(Question(text, answers, holds="revenue"))
