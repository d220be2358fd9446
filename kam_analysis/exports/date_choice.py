"""Which column says when: a date by name, else the only column of dates, else a year and a month side by side."""

from kam_analysis.exports.look import Look
from kam_analysis.ledger.reading.written_dates import month_names, plain_word
from kam_analysis.ledger.settings.toml_text import quoted
from kam_analysis.ledger.sniffing.choice import Choice
from kam_analysis.ledger.sniffing.wording import counted

# The rank of a month among names of dates.
_MONTH = 6


def pick_date(choice: Choice, look: Look) -> None:
    """The column of dates, or what makes one; asked where none is known, or the one named holds something else."""
    found = choice.found
    named = choice.named("date")
    good = [index for index in named if found.dates[index].is_date]
    if good:
        choice.settle("date", good, [index for index in named if found.meanings[index].rank < _MONTH or index in good])
        return
    if _by_parts(choice, look):
        return
    others = [index for index, column in found.dates.items() if index not in named and column.is_date]
    lines = {index: _format_line(choice, index) for index in others}
    if len(others) == 1 and lines[others[0]] is not None and not named:
        choice.positions["date"] = others[0]
        choice.said.append(f"date is {choice.quote(others[0])}: the only column of dates")
        return
    why = no_dates(choice, named[0]) if named else "no header is known to be a sale's date"
    candidates = {index: lines.get(index) or () for index in (*others, *named[:1])}
    choice.ask_for("date", candidates, why)


def no_dates(choice: Choice, index: int) -> str:
    """What a column that is called a date holds instead."""
    column = choice.found.dates[index]
    if not column.unreadable:
        return f"{choice.quote(index)} is empty where dates such as 2025-12-31 were expected"
    shown = ", ".join(seen.text[:40] for seen in column.unreadable)
    return (
        f"{choice.quote(index)} should hold dates such as 31.12.2025, 12/31/2025 or 2025-12-31, "
        f"and holds something else in {counted(column.unreadable_count)} ({shown})"
    )


def _format_line(choice: Choice, index: int) -> tuple[str, ...] | None:
    """The line for a column's date format, none where it needs none; None where it is open."""
    families = choice.found.dates[index].used()
    if not families or all(each.orders == ("ymd",) and each.mark == "-" for each in families):
        return ()
    patterns = {each.pattern(order) for each in families for order in each.choices or each.orders}
    return (f"date_format = {quoted(patterns.pop())}",) if len(patterns) == 1 else None


def _by_parts(choice: Choice, look: Look) -> bool:
    """Whether a year and a month stand beside each other; then they are the date."""
    months = [
        *choice.named("month_number"),
        *(i for i in choice.named("date") if choice.found.meanings[i].rank == _MONTH),
    ]
    for year in choice.named("year"):
        for month in months:
            rows = look.rows([choice.header[year], choice.header[month]], [])
            rows = rows[(rows != "").all(axis=1)]
            if len(rows) and rows.iloc[:, 0].map(_is_year).all() and rows.iloc[:, 1].map(_is_month).all():
                choice.made_of["date_parts"] = {"year": choice.header[year], "month": choice.header[month]}
                choice.said.append(f"date is made of {choice.quote(year)} and {choice.quote(month)}")
                return True
    return False


def _is_year(text: str) -> bool:
    plain = text.removesuffix(".0")
    return plain.isdigit() and 1990 <= int(plain) <= 2100


def _is_month(text: str) -> bool:
    plain = text.removesuffix(".0").removesuffix("月").strip(". ")
    return (plain.isdecimal() and 1 <= int(plain) <= 12) or plain_word(text) in month_names()
