"""Amounts in thousands, millions or cents, as their header says: as they stand, every total would be wrong by that."""

import re
from collections.abc import Mapping
from functools import lru_cache

from kam_analysis.bundled import tables_beside
from kam_analysis.exports.look import Look
from kam_analysis.ledger.reading.folding import folded, parted
from kam_analysis.ledger.sniffing import headers
from kam_analysis.ledger.sniffing.choice import Choice
from kam_analysis.ledger.sniffing.guess import Alternative, Question

# k€ and T$ are thousands, m£ millions.
_SIGNS = {"k": "1000", "t": "1000", "m": "1000000"}
_WORDS = {"1000": "thousands", "1000000": "millions", "0.01": "hundredths", "10000": "ten thousands"}


@lru_cache
def _known() -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Factors by word, and by the signs inside one."""
    document = tables_beside(headers.__file__, "units/words.toml")
    by_word = {word: factor for factor, words in document.items() if factor != "within" for word in words}
    return by_word, {signs: str(factor) for signs, factor in document["within"].items()}


def unit_of(header: str) -> str:
    """By how much amounts under a header are to be multiplied, as the settings write it; empty where it says nothing.

    >>> unit_of("Net sales (USD '000)"), unit_of("Umsatz in T€"), unit_of("amount_cents"), unit_of("Net sales")
    ('1000', '1000', '0.01', '')
    """
    by_word, within = _known()
    said = folded(parted(header))
    found = [by_word[word] for word in re.findall(r"[^\W_]+", said) if word in by_word]
    found += [_SIGNS[letter] for letter in re.findall(r"\b([ktm])[€$£]", said)]
    found += [factor for signs, factor in within.items() if signs in said]
    return found[0] if found else ""


def ask_unit(choice: Choice, look: Look) -> None:
    """Where the header of revenue names another unit than one: is it so, with the total both ways."""
    index = choice.positions.get("revenue")
    unit = unit_of(choice.header[index]) if index is not None else ""
    if index is None or not unit:
        return
    total = float(look.rows([], [choice.header[index]])[choice.header[index]].sum())
    text = f"{choice.quote(index)} seems to be in {_WORDS[unit]}: is it?"
    answers = (
        Alternative(f"yes: {total * float(unit):,.2f} in the rows looked at", unit_lines(choice.header[index])),
        Alternative(f"no, as the amounts stand: {total:,.2f}"),
    )
    choice.questions.append(Question(text, answers, holds="revenue"))


def unit_lines(header: str) -> tuple[str, ...]:
    """The settings' line for a header that names a unit; none for one that does not."""
    unit = unit_of(header)
    return (f"amount_unit = {unit}",) if unit else ()
