"""The one date format and the one amount format of an export, or the question between several."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kam_analysis.ledger.settings.toml_text import quoted
from kam_analysis.ledger.sniffing.amounts import SUFFIXES, AmountColumn, Sighting, amount_format
from kam_analysis.ledger.sniffing.choice import Choice
from kam_analysis.ledger.sniffing.dates import WORDS, Family
from kam_analysis.ledger.sniffing.guess import Alternative, Question
from kam_analysis.ledger.sniffing.scan import Scan
from kam_analysis.ledger.sniffing.wording import counted, shown

_SIGN_WORDS = {",": "a decimal comma", ".": "a decimal point"}
_MARK_WORDS = {",": "commas", ".": "points", " ": "spaces", "'": "apostrophes"}
_MINUS_WORDS = {"behind": "a minus behind the amount", "parentheses": "parentheses for negative amounts"}


@dataclass(frozen=True)
class Finding:
    """Arguments of `TableSource`, sentences, and questions, about one side of a file."""

    reading: Mapping[str, Any] = field(default_factory=dict)
    said: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()


def dates_of(found: Scan, choice: Choice, header: Sequence[str]) -> Finding:
    """How the date column is written; typed dates need nothing."""
    index = choice.positions["date"]
    column, name = found.dates[index], header[index]
    families = column.used()
    said = [*_not_dates(column.unreadable_count, column.unreadable, name), *_offsets(families)]
    if not families:
        return Finding(said=(f'"{name}" holds typed dates', *said))
    if all(family.orders == ("ymd",) and family.mark == "-" and "%p" not in family.time for family in families):
        return Finding(said=(f"dates read as year-month-day, such as {shown(_first(families[0]))}", *said))
    answers = [(family, order) for family in families for order in family.choices or family.orders]
    if len(answers) == 1:
        family, order = answers[0]
        return Finding({"date_format": family.pattern(order)}, (_date_evidence(family, order), *said))
    return Finding(said=tuple(said), questions=(_date_question(families, answers, name),))


def _first(family: Family) -> Sighting:
    assert family.first is not None
    return family.first


def _not_dates(count: int, examples: list[Sighting], name: str) -> list[str]:
    if count <= 0 or not examples:
        return []
    return [f'no date in {counted(count, "cell")} of "{name}", such as {shown(examples[0])}: kam check lists them']


def spoken(family: Family, order: str) -> str:
    """A date format in words, such as day.month.year."""
    if order == "Mdy":
        return "month day, year"
    if family.asian:
        return "year, month, day" if "d" in order else "year, month"
    return WORDS[order].format(family.mark)


def _date_evidence(family: Family, order: str) -> str:
    said = f"dates read as {spoken(family, order)}{_DATED_ON.get(order, '')}"
    against = list(dict.fromkeys(map(shown, family.against.values())))
    if against:
        return f"{said}: {' with '.join(against)} can be nothing else"
    if len(family.orders) > 1 and family.mark == ".":
        return f"{said}, such as {shown(_first(family))}: where dates have points, the day comes first"
    return f"{said}, such as {shown(_first(family))}"


# Where a date says less than a day.
_DATED_ON = {
    "ym": ", on the month's last day",
    "my": ", on the month's last day",
    "week": ", on the week's Thursday",
    "y": ", on the year's last day",
}


def _offsets(families: list[Family]) -> list[str]:
    zoned = next((family.zoned for family in families if family.zoned), None)
    if zoned is None:
        return []
    return [
        f'a time with an offset counts on the day as it is written, such as {shown(zoned)}; time_zone = "Europe/Berlin" in the settings counts it there'
    ]


def _date_question(families: list[Family], answers: list[tuple[Family, str]], name: str) -> Question:
    alternatives = tuple(
        Alternative(
            f"{spoken(f, order)}{' with a time' * bool(f.time)}", (f"date_format = {quoted(f.pattern(order))}",)
        )
        for f, order in answers
    )
    if len(families) > 1:
        forms = ", ".join(f"{shown(_first(family))} ({counted(family.rows)})" for family in families)
        text = f'"{name}" writes dates in several ways: {forms}; one can be read, so export it again with one'
    elif not families[0].choices:
        clash = " and ".join(shown(seen) for seen in families[0].against.values())
        text = f'"{name}" contradicts itself: {clash} cannot be the same way of writing a date'
    else:
        text = f'is {shown(_first(families[0]))} of "{name}" day or month first? No row has a day above 12'
    return Question(text, alternatives, holds="date")


def amounts_of(found: Scan) -> Finding:
    """How the file writes amounts: every column of amounts that is used is evidence."""
    used = {index: column for index, column in found.amounts.items() if column.is_amount}
    used = {index: column for index, column in used.items() if index in found.meanings} or used
    textual = [column for column in used.values() if column.typed < column.readable]
    if not textual:
        return Finding(said=("amounts are typed numbers",))
    form = amount_format(textual)
    firsts = {kind: seen for column in textual for kind, seen in column.firsts("negative").items()}
    said = [f"{words} understood: {shown(firsts[kind])}" for kind, words in _MINUS_WORDS.items() if kind in firsts]
    if form.choices:
        return Finding(said=tuple(said), questions=(_amount_question(form.choices, form.open, form.conflict),))
    words = _SIGN_WORDS[form.decimal] + (f", {_MARK_WORDS[form.thousands]} for thousands" if form.thousands else "")
    if form.evidence:
        said.insert(0, f"amounts have {words}: {shown(form.evidence)} can be nothing else")
    else:
        said.insert(0, "amounts are whole numbers" + (f" with {_MARK_WORDS[form.thousands]}" if form.thousands else ""))
    reading: dict[str, Any] = {"decimal": form.decimal, "thousands": form.thousands}
    letters = _letters(textual)
    return Finding({**reading, **letters.reading}, (*said, *letters.said), letters.questions)


def _letters(columns: list[AmountColumn]) -> Finding:
    """Letters that stand for thousands and millions, where a column has them throughout."""
    firsts = {letters: seen for column in columns for letters, seen in column.firsts("suffix").items()}
    if not firsts:
        return Finding()
    factors = {letters: SUFFIXES[letters] for letters in firsts}
    meant = ", ".join(f"{shown(seen)} as times {factors[letters]:,}" for letters, seen in firsts.items())
    if not (plain := next((seen for column in columns if (seen := column.beside_suffixes)), None)):
        return Finding({"suffixes": factors}, (f"letters behind amounts are read: {meant}",))
    line = f"suffixes = {{ {', '.join(f'{letters} = {factor}' for letters, factor in factors.items())} }}"
    answers = (Alternative("as they are written, each with its own letters or none", (line,)),)
    text = f"some amounts have letters and others have none: {meant}, beside {shown(plain)}"
    return Finding(questions=(Question(text, answers, holds="revenue"),))


def not_amounts(found: Scan, choice: Choice, header: Sequence[str]) -> list[str]:
    """What is no amount in the columns that are taken."""
    said = []
    for ours in ("revenue", "cost", "margin", "quantity"):
        index = choice.positions.get(ours)
        column = found.amounts.get(index) if index is not None else None
        if index is not None and column is not None and column.unreadable:
            count, example = column.unreadable_count, shown(column.unreadable[0])
            said.append(f'no amount in {counted(count, "cell")} of "{header[index]}", such as {example}')
    return said


def _amount_question(choices: tuple[str, ...], seen: Sighting | None, conflict: tuple[Sighting, ...]) -> Question:
    answers = []
    for decimal in choices:
        other = "." if decimal == "," else ","
        about = f"{_SIGN_WORDS[decimal]}, {_MARK_WORDS[other]} for thousands"
        answers.append(Alternative(about, (f"decimal = {quoted(decimal)}", f"thousands = {quoted(other)}")))
    if conflict:
        text = f"amounts contradict each other: {' and '.join(map(shown, conflict))}; export them in one way"
    else:
        assert seen is not None
        sign = next(sign for sign in seen.text if sign in ".,")
        word = "point" if sign == "." else "comma"
        text = f"is the {word} of {shown(seen)} a thousands mark or a decimal sign? No other amount settles it"
    return Question(text, tuple(answers), holds="revenue")
