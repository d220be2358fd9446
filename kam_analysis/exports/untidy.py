"""What is in an export that is no line of business: totals, repeated headers, blank rows, notes."""

from collections.abc import Iterator

from kam_analysis.ledger.sniffing.formats import Finding
from kam_analysis.ledger.sniffing.header import Layout
from kam_analysis.ledger.sniffing.scan import Scan
from kam_analysis.ledger.sniffing.wording import counted, shown

# More different notes than these are headings of groups, not a report's foot.
_MOST_NOTES = 5
_NOTE_LENGTH = 30


def total_rows(found: Scan, layout: Layout) -> Finding:
    """The words that mark total lines, for the settings, and what is left out, in plain words."""
    words = _outermost([word for word, _ in found.total_words.most_common()])
    notes = [note[:_NOTE_LENGTH].strip() for note in found.notes] if len(found.notes) <= _MOST_NOTES else []
    untidy = found.totals or found.repeated_headers or found.ragged or found.blank
    marks = (*words, *notes) or (("Total",) if untidy else ())
    is_file_of_text = "skip_rows" in layout.reading or "header_row" in layout.reading
    return Finding(
        {"total_rows": marks} if marks and is_file_of_text else {}, tuple(_said(found, words, is_file_of_text))
    )


def _outermost(words: list[str]) -> list[str]:
    """Without the words that begin with another one of them: "Total" finds "Total général" too."""
    return [
        word
        for word in words
        if not any(word != other and word.casefold().startswith(other.casefold()) for other in words)
    ]


def _said(found: Scan, words: list[str], read: bool) -> Iterator[str]:
    if found.totals:
        named = f" ({', '.join(words)})" if words else ""
        first = f", such as {shown(found.first_total)}" if found.first_total else ""
        fate = "left out" if read else "to be taken out of the file: kam check lists them"
        yield f"{counted(found.totals, 'total line')}{named} {fate}{first}"
    if found.repeated_headers:
        yield f"{counted(found.repeated_headers, 'repeated header')} left out"
    if found.blank:
        yield f"{counted(found.blank, 'blank row')} left out"
    if found.notes:
        count, note = sum(found.notes.values()), next(iter(found.notes))
        fate = "left out" if len(found.notes) <= _MOST_NOTES else "without date and amount: kam check lists them"
        yield f'{counted(count, "line")} of text such as "{note[:60]}" {fate}'
    if found.undated_count:
        example = shown(found.undated[0])
        yield f"{counted(found.undated_count)} without a date and without a word for a total, such as {example}: kam check lists them"
