"""Which rows of an export are sales: what its status columns say, and what only its owner can."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from kam_analysis.exports.dated_totals import dated_totals
from kam_analysis.exports.look import Look
from kam_analysis.exports.no_sales import balance_lines, cancelled_days, measures_in_rows, which_measure
from kam_analysis.ledger.checks.statuses import StatusColumn
from kam_analysis.ledger.settings.toml_text import as_key, listed
from kam_analysis.ledger.sniffing.choice import Choice
from kam_analysis.ledger.sniffing.guess import Alternative, Question
from kam_analysis.ledger.sniffing.wording import counted

# More columns than these are not all statuses of one row.
_MOST_COLUMNS = 4
_MOST_STAGES = 40
# Columns of a wide file in which figures are looked for by name.
_MOST_LOOKED_AT = 60


@dataclass
class SalesRows:
    """Arguments of `TableSource`, sentences, and questions."""

    keep: dict[str, tuple[str, ...]] = field(default_factory=dict)
    drop: dict[str, tuple[str, ...]] = field(default_factory=dict)
    subtract: dict[str, tuple[str, ...]] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    columns: list[StatusColumn] = field(default_factory=list)


def sales_rows(choice: Choice, look: Look) -> SalesRows:
    """What keep, drop and subtract should say of this export."""
    header, taken = choice.header, set(choice.positions.values())
    taken |= {index for index in (choice.account_name,) if index is not None}
    spare = [name for index, name in enumerate(header) if index not in taken]
    revenue, made = choice.positions.get("revenue"), choice.made_of.get("revenue_from", {})
    worth = made or ({} if revenue is None else {"revenue": header[revenue]})
    result = SalesRows()
    figures = _figures(look, result, spare[:_MOST_LOOKED_AT])
    for column in look.statuses(spare, worth)[:_MOST_COLUMNS]:
        if column.name in figures:
            continue
        result.columns.append(column)
        if column.certain:
            _decide(result, column)
        else:
            result.questions.append(_question(column))
    if not any(column.keep or column.asked for column in result.columns):
        _ask_probability(choice, look, result)
    amounts = {header[index] for index in (*choice.found.amounts, *choice.found.dates)}
    _leave_out_by_name(look, result=result, spare=spare, texts=[name for name in header if name not in amounts])
    _leave_out_totals(choice, look, result)
    return result


def _figures(look: Look, result: SalesRows, spare: Sequence[str]) -> set[str]:
    """Columns that name the figure of each row: of those only sales are kept."""
    found = set()
    for name, sales, values in measures_in_rows(look, spare):
        found.add(name)
        if len(sales) > 1:
            result.questions.append(which_measure(name, sales))
        else:
            result.keep[name] = sales
            others = ", ".join(each for each in values if each not in sales)
            result.said.append(f'"{name}" says which figure a row gives: only {sales[0]} is sales, not {others}')
    return found


def _leave_out_by_name(look: Look, *, result: SalesRows, spare: Sequence[str], texts: Sequence[str]) -> None:
    """Rows with a day on which they were cancelled, and those that are called a balance."""
    free = [name for name in spare if name not in {*result.keep, *result.drop, *result.subtract}]
    for name, rows in cancelled_days(look, free):
        result.keep[name] = ("",)
        result.said.append(f'rows with a day in "{name}" are left out as no sales: {counted(rows)}')
    texts = [name for name in texts if name not in {*result.keep, *result.drop, *result.subtract}]
    for name, values, rows in balance_lines(look, texts):
        result.drop[name] = values
        result.said.append(f'"{name}": {", ".join(values[:4])} in {counted(rows)} carry a balance, left out')


def _leave_out_totals(choice: Choice, look: Look, result: SalesRows) -> None:
    for totals in dated_totals(choice, look):
        if totals.question:
            result.questions.append(totals.question)
        elif totals.column not in {*result.keep, *result.drop, *result.subtract}:
            result.drop[totals.column] = totals.values
            result.said.append(totals.said)


def _decide(result: SalesRows, column: StatusColumn) -> None:
    name = column.name
    if column.keep:
        result.keep[name] = column.keep
        result.said.append(f'sales are the rows whose "{name}" is {" or ".join(column.keep)}: {column.told}')
        return
    parts = []
    if column.drop:
        result.drop[name] = column.drop
        are = "is" if len(column.drop) == 1 else "are"
        parts.append(f"{', '.join(each or '(empty)' for each in column.drop)} {are} left out as no sales")
    if column.subtract:
        result.subtract[name] = column.subtract
        parts.append(f"{', '.join(column.subtract)} count{'s' * (len(column.subtract) == 1)} against sales")
    result.said.append(f'"{name}": {" and ".join(parts)}: {column.told}')


def _lines(
    column: StatusColumn, drop: Sequence[str], subtract: Sequence[str], keep: Sequence[str] = ()
) -> tuple[str, ...]:
    given = (("keep", keep), ("drop", drop), ("subtract", subtract))
    return tuple(f"{key}.{as_key(column.name)} = {listed(values)}" for key, values in given if values)


def _question(column: StatusColumn) -> Question:
    """What only the owner knows, with rows and money of each value."""
    unsure, every = column.unsure, [each.text for each in column.values]
    text = f'which values of "{column.name}" are sales? {column.told}'
    if column.asked:
        single = [each.text for each in column.values if each.text]
        answers = [Alternative(f"only {each}", _lines(column, (), (), [each])) for each in single[:4]]
        if len(single) == 2:
            turned = [Alternative(f"{each} counts against the other", _lines(column, (), [each])) for each in single]
            answers = [*turned, *answers]
    elif column.keep:
        answers = [
            Alternative(f"only {', '.join(column.keep)}", _lines(column, (), (), column.keep)),
            Alternative(f"{', '.join([*column.keep, *unsure])}", _lines(column, (), (), [*column.keep, *unsure])),
        ]
    else:
        named = ", ".join(each or "(empty)" for each in unsure)
        answers = [
            Alternative(
                f"{named} are sales", _lines(column, column.drop, column.subtract) or _lines(column, (), (), every)
            ),
            Alternative(f"{named} are no sales", _lines(column, [*column.drop, *unsure], column.subtract)),
            Alternative(f"{named} count against sales", _lines(column, column.drop, [*column.subtract, *unsure])),
        ]
    every_row = Alternative("every row is a sale", _lines(column, (), (), every))
    return Question(text, (*answers, every_row), holds="revenue")


def _ask_probability(choice: Choice, look: Look, result: SalesRows) -> None:
    """A chance of winning beside the amounts, and no stage: deals, of which nobody says whether they are won."""
    for index in choice.named("probability")[:1]:
        name = choice.header[index]
        values = list(look.rows([name], [])[name].unique())
        if len(values) > _MOST_STAGES or not any(values):
            continue
        won = _surely(values)
        column = StatusColumn(name, ())
        answers = (Alternative(f"only what is won: {', '.join(won)}", _lines(column, (), (), won)),) if won else ()
        text = f'"{name}" says how likely these deals are: which of them are won? Expected money is no sales'
        every = Alternative("every row is a sale", _lines(column, (), (), values))
        result.questions.append(Question(text, (*answers, every), holds="revenue"))


def _surely(values: Sequence[str]) -> list[str]:
    """The values that say 100 per cent, or 1 where none says more."""
    numbers = {each: re.sub(r"[%\s]", "", each).replace(",", ".") for each in values}
    chances = {each: float(number) for each, number in numbers.items() if re.fullmatch(r"\d+(\.\d*)?", number)}
    top = 100.0 if any(chance > 1 for chance in chances.values()) else 1.0
    return [each for each, chance in chances.items() if chance == top]


def undated_question(choice: Choice, look: Look, rows: SalesRows) -> tuple[Question, ...]:
    """Rows without a date that are no totals: left out, or mended in the export."""
    date = choice.positions.get("date")
    if date is None or not choice.found.undated_count or rows.questions:
        return ()
    count = look.undated(choice.header[date], rows.columns)
    if not count:
        return ()
    text = f"{counted(count)} without a date: leave them out (they are counted), or mend the export?"
    return (Question(text, (Alternative("leave them out", ('undated = "leave_out"',)),), holds="date"),)
