"""Which sheet of a workbook holds the sales, and which sheets with the same columns are read as one."""

from collections.abc import Mapping, Sequence

from kam_analysis.ledger.reading.row_cells import blank
from kam_analysis.ledger.reading.workbooks import Workbook
from kam_analysis.ledger.reading.written_dates import date_in, month_names, plain_word
from kam_analysis.ledger.settings.toml_text import listed, quoted
from kam_analysis.ledger.sniffing.guess import Alternative, Question
from kam_analysis.ledger.sniffing.header import Row, named
from kam_analysis.ledger.sniffing.words import ACCOUNT_NAME, meaning
from kam_analysis.ledger.sniffing.year_names import year_name

Headers = Mapping[str, Row]


def of_sales(headers: Headers, known: Mapping[str, int]) -> str:
    """The sheet that has a customer, a day and an amount, the first of equals; then the one with most known names."""
    return max(headers, key=lambda title: (_needed(headers[title][1]), known[title]))


def _needed(cells: Sequence[object]) -> int:
    names = [str(cell) for cell in cells if not blank(cell)]
    ours = {found.ours for name in names if (found := meaning(name))}
    across = sum(date_in(name) is not None or year_name(name) is not None for name in names) > 1
    has_day, has_amount = bool({"date", "year"} & ours) or across, bool({"revenue", "gross", "price"} & ours) or across
    return bool({"account_id", ACCOUNT_NAME} & ours) + has_day + has_amount


def read_as_one(
    book: Workbook, title: str, headers: Headers
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[Question, ...]]:
    """The sheets that are read together with `title`, what is said of it, and what must be asked.

    Sheets of months or years are parts of one whole; others of the same columns ("Plan", "Actual") may be anything, and
    a sheet whose rows are all in the others would count twice.
    """
    number, names = headers[title][0], named(headers[title][1])
    alike = [each for each, (row, cells) in headers.items() if row == number and named(cells) == names]
    if len(alike) < 2:
        return (), (), ()
    shown = ", ".join(f'"{each}"' for each in alike)
    if all(map(_is_time, alike)) and not _repeats(book, alike, number):
        return tuple(alike), (f"sheets {shown} have the same columns and are read as one",), ()
    return (), (), (_which(alike, shown),)


def _is_time(title: str) -> bool:
    """Whether a sheet is called by a month, a quarter or a year."""
    found = year_name(title)
    words = [plain_word(word) for word in title.split()]
    return (
        bool(found and found.is_sales) or date_in(title) is not None or (len(words) == 1 and words[0] in month_names())
    )


def _repeats(book: Workbook, titles: Sequence[str], number: int) -> bool:
    """Whether all rows of a sheet stand in the others, too."""
    rows = {each: {tuple(map(str, row)) for at, row in book.rows(each) if at > number} for each in titles}
    return any(
        rows[each] and rows[each] <= set().union(*(rows[other] for other in titles if other != each)) for each in titles
    )


def _which(titles: Sequence[str], shown: str) -> Question:
    one = (Alternative(f'sheet "{title}" alone', (f"sheet = {quoted(title)}",)) for title in titles)
    whole = Alternative("all of them as one", (f"sheets = {listed(titles)}",))
    return Question(f"sheets {shown} have the same columns: which are the sales?", (*one, whole), holds="account_id")
