"""Months, quarters or years across columns: which of them are sales, and which year "last year" is."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from kam_analysis.exports.seen_rows import meanings, sample, total_words
from kam_analysis.ledger.reading.row_cells import blank
from kam_analysis.ledger.reading.written_dates import date_in, last_day
from kam_analysis.ledger.settings.toml_text import as_key, quoted
from kam_analysis.ledger.sniffing.dates import DateColumn
from kam_analysis.ledger.sniffing.formats import Finding
from kam_analysis.ledger.sniffing.guess import Alternative, Question
from kam_analysis.ledger.sniffing.header import Layout
from kam_analysis.ledger.sniffing.words import ACCOUNT_NAME, meaning
from kam_analysis.ledger.sniffing.year_names import YearName, year_name

Names = dict[str, YearName]
# Where a fiscal year over two calendar years may end.
_ENDS = (3, 6, 9)


def columns_across(layout: Layout) -> Finding:
    """The columns that become rows, each with its day; the finest division counts, for coarser ones are its sums."""
    days = {name: day for name in layout.header if (day := date_in(name)) and not _bare_year(name)}
    years = {name: found for name in layout.header if name not in days and (found := year_name(name))}
    if len(set(days.values())) >= 2:
        return _months(layout, days, years)
    quarters = {name: found for name, found in years.items() if found.quarter and found.is_sales}
    if len(quarters) >= 2:
        return _totals(layout, quarters, years, "quarter")
    sales = {name: found for name, found in years.items() if found.is_sales and not found.quarter}
    return _totals(layout, sales, years, "year") if sales else Finding()


def whole_only(span: str) -> str:
    """What a reader is told of totals by year or quarter."""
    return (
        f"these are totals by {span}: shares and changes from {span} to {span} are told, and nothing that needs months"
    )


def _bare_year(name: str) -> bool:
    return bool(re.fullmatch(r"\d{4}", name.strip()))


def _months(layout: Layout, days: dict[str, date], years: Names) -> Finding:
    if len(set(days.values())) < len(days) or "date" in meanings(layout).values():
        return Finding()
    said = [_read(list(days), "its last day"), *_not_counted(years)]
    return Finding({"columns_across": days, **_total_rows(layout)}, tuple(said))


def _read(names: Sequence[str], day: str) -> str:
    if len(names) == 1:
        return f'"{names[0]}" is sales, dated on {day}; empty cells and zeros are none'
    first, last = names[0], names[-1]
    columns = f'{len(names)} columns "{first}" to "{last}"'
    return f"{columns} are read as rows, each dated on {day}; empty cells and zeros are none"


def _not_counted(names: Sequence[str] | Names) -> list[str]:
    listed = ", ".join(f'"{name}"' for name in names)
    return [f"{listed}: no sales of their own, not counted"] if listed else []


def _total_rows(layout: Layout) -> dict[str, Any]:
    words = total_words(sample(layout))
    return {"total_rows": words} if words else {}


def _totals(layout: Layout, sales: Names, years: Names, span: str) -> Finding:
    """Totals of quarters or years: those of one amount, named or to be asked for."""
    groups = _groups(sales)
    if not groups or _has_days_of_its_own(layout, sales, groups[0]):
        return Finding()
    chosen = groups[0]
    others = _not_counted([name for name in years if name not in chosen])
    said = (_read(list(chosen), f"the {span}'s last day"), *others, *_so_far_only(chosen), whole_only(span))
    reading = {"grain": span, **_total_rows(layout)}
    answers = _answers(groups, layout)
    days = {name: found.day(answers.years[0]) for name, found in chosen.items()}
    questions = () if len(answers.ways) == 1 else (_question(answers, groups),)
    return Finding(reading | {"columns_across": days}, said, questions)


def _so_far_only(chosen: Names) -> list[str]:
    """What must be known of columns that hold a part of each year."""
    part = [name for name, each in chosen.items() if set(each.of.split()) & {"ytd", "kumuliert", "cumul"}]
    return [f'"{part[-1]}" is a part of its year: what pages call a year is that part'] if part else []


def _groups(sales: Names) -> list[Names]:
    """Columns of the same amount, each year once; the amounts with most years, and the best names, first."""
    found: dict[str, Names] = {}
    for name, each in sales.items():
        found.setdefault(each.of, {})[name] = each
    whole = [names for names in found.values() if len({_place(each) for each in names.values()}) == len(names)]
    # "N" alone, or "this year" alone, is no comparison and may be anything.
    whole = [names for names in whole if len(names) > 1 or all(each.year for each in names.values())]
    most = max(map(len, whole), default=0)
    most_of = [names for names in whole if len(names) == most]
    best = min((_rank(names) for names in most_of), default=0)
    return [names for names in most_of if _rank(names) == best]


def _place(each: YearName) -> tuple[int | None, int | None, int]:
    return each.year, each.before, each.quarter


def _rank(names: Names) -> int:
    """Net before gross, whatever else they are called."""
    known = meaning(next(iter(names.values())).of)
    return 10 if known and known.ours == "gross" else known.rank if known else 0


def _has_days_of_its_own(layout: Layout, sales: Names, chosen: Names) -> bool:
    """Whether rows are dated themselves: a date column, and customers that come back or an amount beside it."""
    ours = {at: name for at, name in meanings(layout).items() if layout.header[at] not in sales}
    if not {"date", "year"} & set(ours.values()) and not _dates(layout, ours, sales):
        return False
    keys = [at for at, name in ours.items() if name in ("account_id", ACCOUNT_NAME)]
    filled = [row[keys[0]] for row in sample(layout) if not blank(row[keys[0]])] if keys else []
    comes_back = len(set(map(str, filled))) < len(filled)
    return comes_back or not filled or len(chosen) < 2 or "revenue" in ours.values()


def _dates(layout: Layout, ours: dict[int, str], sales: Names) -> bool:
    """Whether a column of an unknown name holds dates."""
    rows = sample(layout)[:1_000]
    unknown = [at for at, name in enumerate(layout.header) if at not in ours and name not in sales]
    for at in unknown:
        column = DateColumn()
        for number, row in enumerate(rows):
            if not blank(row[at]):
                column.add(row[at], number)
        if column.is_date:
            return True
    return False


class _Answers:
    """The ways to date some columns: which year is "this year", on which day fiscal years end."""

    def __init__(self, years: list[int], ways: list[tuple[str, dict[str, date]]], stated: int) -> None:
        self.years, self.ways, self.stated = years, ways, stated


def _answers(groups: list[Names], layout: Layout) -> _Answers:
    stated = _stated(f"{layout.title} {layout.preface}")
    years = list(_this_year(groups[0], stated))
    ways = []
    for names in groups:
        for year in years:
            days = {name: found.day(year) for name, found in names.items()}
            said = (
                f"this year is {year}, last year {year - 1}{_so_far(year)}" if not _anchored(names) else "each as named"
            )
            ways += _with_ends(names, days, said, several=len(groups) > 1)
    return _Answers(years, ways, stated)


def _anchored(names: Names) -> bool:
    return any(each.year for each in names.values())


def _this_year(names: Names, stated: int) -> Iterator[int]:
    """The years that "this year" can be: that of a column named by its year, else the file's own, else the last ones."""
    if _anchored(names):
        yield max(each.year or 0 for each in names.values())
        return
    today = date.today().year
    first = stated or today
    yield from (year for year in (first, first - 1, first + 1) if year <= today)


def _so_far(year: int) -> str:
    if year < date.today().year:
        return ""
    counts = f"it is in no figure unless as_of = {year}-12-31 stands at the top, and compared with no year"
    return f" ({year} is not over: {counts})"


def _with_ends(names: Names, days: dict[str, date], said: str, several: bool) -> list[tuple[str, dict[str, date]]]:
    listed = ", ".join(f'"{name}"' for name in names)
    about = f"sales are {listed}: {said}" if several else said
    if not any(each.two_years for each in names.values()):
        return [(about, days)]
    ends = {month: {name: last_day(day.year, month) for name, day in days.items()} for month in _ENDS}
    return [(f"{about}, its last day {max(each.values())}", each) for each in ends.values()]


def _stated(text: str) -> int:
    """The latest year that a title or a file's name states; 0 for none."""
    found = re.findall(r"(?<!\d)((?:19|20)\d\d)(?:[01]\d(?:[0-3]\d)?)?(?!\d)", text)
    return max((int(year) for year in found if int(year) <= date.today().year), default=0)


def _question(answers: _Answers, groups: list[Names]) -> Question:
    lines = [
        Alternative(about, (f"columns_across = {{ {', '.join(f'{as_key(n)} = {d}' for n, d in days.items())} }}",))
        for about, days in answers.ways
    ]
    listed = " and ".join(quoted(name) for name in groups[0])
    if len(groups) > 1:
        text = "which of the columns are sales?"
    elif _anchored(groups[0]):
        text = f"on which day do the years {listed} end?"
    else:
        hint = f"; the file's name or title says {answers.stated}" if answers.stated else ""
        text = f"which years are {listed}{hint}?"
    return Question(text, tuple(lines), holds="file")
