"""Which currency amounts are in: a currency column, a code in the header, or signs beside the amounts."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kam_analysis.bundled import tables_beside
from kam_analysis.ledger.settings.toml_text import quoted
from kam_analysis.ledger.sniffing.choice import Choice
from kam_analysis.ledger.sniffing.guess import Alternative, Question
from kam_analysis.ledger.sniffing.scan import Scan
from kam_analysis.ledger.sniffing.wording import counted
from kam_analysis.ledger.sniffing.words import ISO_CODES, SIGNS


@dataclass(frozen=True)
class Money:
    """The currency, where it is known; a hint, where it is only seen; the codes where there are several."""

    currency: str = ""
    hint: str = ""
    currencies: Mapping[str, int] = field(default_factory=dict)
    positions: Mapping[str, int] = field(default_factory=dict)
    said: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()


def currency_of(found: Scan, choice: Choice, header: Sequence[str], preface: str = "") -> Money:
    """The currency of the revenue column, and whether the rows carry several."""
    revenue = choice.positions.get("revenue")
    qualifier = found.meanings[revenue].qualifier.upper() if revenue is not None else ""
    column = next(
        (i for i, known in found.meanings.items() if known.ours == "currency" and found.texts[i].filled), None
    )
    codes = _codes(found, column) if column is not None else Counter()
    if column is not None and not codes:
        said = (f'"{header[column]}" is left out: it does not hold codes such as EUR',)
        return Money(said=said)
    if qualifier in ISO_CODES:
        assert revenue is not None
        ignored = f'; "{header[column]}" is left out' if column is not None and set(codes) != {qualifier} else ""
        return Money(qualifier, said=(f'currency is {qualifier}: "{header[revenue]}" says so{ignored}',))
    if column is not None and qualifier in tables_beside(__file__, "words.toml")["currencies"]["own"]:
        assert revenue is not None
        return Money(said=(f'"{header[revenue]}" is in your own currency, so "{header[column]}" is left out',))
    if column is not None:
        return _from_column(codes, column, header)
    return _from_signs(found, revenue, preface)


def _codes(found: Scan, column: int) -> Counter[str]:
    """Rows per code; empty where the column holds something else."""
    counts: Counter[str] = Counter()
    for text, rows in found.texts[column].distinct.items():
        if text.strip():
            counts[text.strip().upper()] += rows
    good = sum(rows for code, rows in counts.items() if re.fullmatch(r"[A-Z]{3}", code))
    return counts if good == sum(counts.values()) else Counter()


def _from_column(codes: Counter[str], column: int, header: Sequence[str]) -> Money:
    positions = {"currency": column}
    if len(codes) == 1:
        code = next(iter(codes))
        return Money(code, "", codes, positions, (f'currency is {code}: all of "{header[column]}" says so',))
    listed = ", ".join(f"{code} in {counted(rows)}" for code, rows in codes.most_common())
    answers = tuple(
        Alternative(f"report in {code}", (f"currency = {quoted(code)}",)) for code, _ in codes.most_common()
    )
    text = f"amounts are in several currencies ({listed}): which do you report in, and what are the others worth?"
    return Money("", "", dict(codes.most_common()), positions, (), (Question(text, answers, section="rates"),))


def _from_signs(found: Scan, revenue: int | None, preface: str) -> Money:
    signs: Counter[str] = Counter()
    if revenue is not None:
        for sign, rows in found.amounts[revenue].currencies().items():
            signs[SIGNS.get(sign, sign)] += rows
    if not signs:
        titled = {word for word in re.findall(r"\b[A-Z]{3}\b", preface) if word in ISO_CODES}
        code = titled.pop() if len(titled) == 1 else ""
        return Money(
            hint=code, said=(f"the title names {code}; if amounts are in it, say so in the settings",) if code else ()
        )
    if len(signs) == 1:
        code = next(iter(signs))
        return Money(hint=code, said=(f"amounts carry a currency sign; if it is {code}, say so in the settings",))
    listed = ", ".join(f"{code} in {counted(rows)}" for code, rows in signs.most_common())
    text = f"amounts carry several currency signs ({listed}), and signs are not converted; give a column of codes"
    answers = (Alternative("take the amounts as one currency all the same"),)
    return Money(questions=(Question(text, answers, holds="revenue"),))
