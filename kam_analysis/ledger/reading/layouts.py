"""Reports as people print them, tidied into one row a line of business: what a table's layout settings mean.

`kam init` looks at a file through the same function as every report, so that what it shows is what will be read.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from kam_analysis.errors import Problem
from kam_analysis.ledger.reading.made_columns import dated, priced
from kam_analysis.ledger.reading.row_cells import Cells, Laid, blank, name_of, number_in, place_of
from kam_analysis.ledger.reading.written_dates import written
from kam_analysis.ledger.settings.settings import TableSource


@dataclass
class Told:
    """What tidying noticed: totals that do not match their lines, and how many rows were left out."""

    problems: list[Problem] = field(default_factory=list)
    left_out: int = 0


def tidied(rows: Iterable[Sequence[object]], source: TableSource, told: Told | None = None) -> Iterator[Cells]:
    """The header, then one row a line of business, as the layout settings of `source` say.

    `rows` begin with the header; cells are text, or typed as a workbook has them. Columns that the layout makes are
    called as the settings call our `date` and `revenue`, and hold text in the settings' own format.
    """
    told = told or Told()
    read = iter(rows)
    header = unique_names(next(read, ()))
    table: Iterator[Cells] = _lines(header, read, source, told)
    for step, wanted in (
        (_ungrouped, source.heading_rows),
        (_without_totals, source.total_rows or source.sum_rows),
        (_filled_down, source.fill_down),
        (_in_rows, source.columns_across),
        (dated, source.date_parts),
        (priced, source.revenue_from),
    ):
        if wanted:
            header, table = step(header, table, source, told)
    yield list(header)
    yield from table


def unique_names(cells: Sequence[object]) -> list[str]:
    """A header's names: never empty, never twice."""
    names: list[str] = []
    for position, cell in enumerate(cells, 1):
        plain = ("" if cell is None else str(cell)).strip() or f"column {position}"
        names.append(plain if plain not in names else f"{plain} ({position})")
    return names


def _lines(header: list[str], rows: Iterable[Sequence[object]], source: TableSource, told: Told) -> Iterator[Cells]:
    """Rows as wide as the header, without blank ones and repeated headers."""
    for row in rows:
        cells = [*row, *[None] * (len(header) - len(row))]
        filled = [(str(cell).strip(), name) for cell, name in zip(cells, header, strict=False) if not blank(cell)]
        if filled and len(filled) > 1 and all(cell == name for cell, name in filled):
            told.left_out += 1
        elif filled:
            yield cells


@dataclass
class _Group:
    """An open heading, and the sum of the lines below it."""

    name: str
    total: Decimal = Decimal(0)
    lines: int = 0


def _ungrouped(header: list[str], rows: Iterator[Cells], source: TableSource, told: Told) -> Laid:
    """Heading rows name the group of the lines below them; its total row is checked and left out."""
    column = place_of(header, source.heading_rows)
    wider = header if column is not None else [*header, source.heading_rows]
    return wider, _Grouped(wider, len(wider) - 1 if column is None else column, source, told).lines(rows)


class _Grouped:
    def __init__(self, header: list[str], column: int, source: TableSource, told: Told) -> None:
        self.column, self.source, self.told = column, source, told
        self.amount = place_of(header, name_of(source, "revenue"))
        self.whole = _Group("")
        self.open: list[_Group] = []

    def lines(self, rows: Iterator[Cells]) -> Iterator[Cells]:
        for row in rows:
            row += [None] * (self.column + 1 - len(row))
            filled = [cell for cell in row if not blank(cell)]
            first = str(filled[0]).strip()
            if (group := self._totalled(first)) is not None:
                self._close(group, first, row)
            elif len(filled) == 1 and (self.amount is None or blank(row[self.amount])):
                self._begin(first)
            else:
                self._count(row)
                if blank(row[self.column]) and self.open:
                    row[self.column] = self.open[-1].name
                yield row

    def _begin(self, name: str) -> None:
        # A heading after lines is a neighbour's; one after a heading belongs below it.
        if self.open and self.open[-1].lines:
            self.open.pop()
        self.open.append(_Group(name))

    def _count(self, row: Cells) -> None:
        amount = number_in(row[self.amount], self.source) if self.amount is not None else None
        for group in (self.whole, *self.open):
            group.total += amount or 0
        for group in self.open[-1:]:
            group.lines += 1

    def _totalled(self, text: str) -> _Group | None:
        """The group whose total row begins so: "Total Aldwick Mills", or the name before the word."""
        folded = text.casefold()
        for word in (each.casefold() for each in self.source.total_rows or ("Total",)):
            if folded == word:
                return self.whole
            for group in reversed(self.open):
                name = group.name.casefold()
                if folded == f"{name} {word}" or folded in (
                    f"{word}{each}{name}" for each in (" ", " for ", ": ", " - ")
                ):
                    return group
        return None

    def _close(self, group: _Group, text: str, row: Cells) -> None:
        self.told.left_out += 1
        _check(text, row[self.amount] if self.amount is not None else None, group.total, self.source, self.told)
        if group in self.open:
            del self.open[self.open.index(group) :]


def _check(text: str, cell: object, total: Decimal, source: TableSource, told: Told) -> None:
    said = number_in(cell, source)
    if said is not None and said != total:
        rule = f'"{text}" says {said:,.2f}, its lines add up to {total:,.2f}'
        remedy = "the lines are counted; look for one that is missing or double"
        told.problems.append(Problem(source.file, name_of(source, "revenue"), rule, remedy, severity="warning"))


def _without_totals(header: list[str], rows: Iterator[Cells], source: TableSource, told: Told) -> Laid:
    """Without the rows that a word of `total_rows`, or their sum, makes a total; a customer called Total stays."""
    amounts = _amounts(header, source)
    texts = [at for at in range(len(header)) if at not in amounts]
    names = [*source.date_parts.values()] or [name_of(source, "date")]
    dates = [at for name in names if (at := place_of(header, name)) is not None]

    def lines() -> Iterator[Cells]:
        since, whole = [Decimal(0)] * len(amounts), [Decimal(0)] * len(amounts)
        for row in rows:
            values = [number_in(row[at], source) or Decimal(0) for at in amounts]
            adds_up = any(values) and values in (since, whole)
            text = next((str(row[at]).strip() for at in texts if not blank(row[at])), "")
            undated = all(blank(row[at]) or _has_word(str(row[at]), source) for at in dates)
            if undated and _is_total(text, adds_up, row, texts, source):
                told.left_out += 1
                if any(values) and not adds_up:
                    _check(text, row[amounts[0]], since[0], source, told)
                since = [Decimal(0)] * len(amounts)
                continue
            since = [a + b for a, b in zip(since, values, strict=True)]
            whole = [a + b for a, b in zip(whole, values, strict=True)]
            yield row

    return header, lines()


def _amounts(header: list[str], source: TableSource) -> list[int]:
    names = [*source.columns_across] or [name_of(source, "revenue")]
    return [at for name in names if (at := place_of(header, name)) is not None]


def _is_total(text: str, adds_up: bool, row: Cells, texts: list[int], source: TableSource) -> bool:
    is_word = text.casefold() in (word.casefold() for word in source.total_rows)
    if is_word or (_has_word(text, source) and (adds_up or not source.columns_across)):
        return True
    # With cells that mean "as above", a line may be as large as the one above it: only bare amounts are a total.
    only_amounts = all(blank(row[at]) or number_in(row[at], source) is not None for at in texts)
    return adds_up and source.sum_rows and (only_amounts or not source.fill_down)


def _has_word(text: str, source: TableSource) -> bool:
    return text.strip().casefold().startswith(tuple(word.casefold() for word in source.total_rows))


def _filled_down(header: list[str], rows: Iterator[Cells], source: TableSource, told: Told) -> Laid:
    """An empty cell means the same as above."""
    columns = [at for name in source.fill_down if (at := place_of(header, name)) is not None]

    def lines() -> Iterator[Cells]:
        above: dict[int, object] = {}
        for row in rows:
            for at in columns:
                if blank(row[at]):
                    row[at] = above.get(at)
                else:
                    above[at] = row[at]
            yield row

    return header, lines()


def _in_rows(header: list[str], rows: Iterator[Cells], source: TableSource, told: Told) -> Laid:
    """Months or years across columns as rows; nothing and zero are no sale."""
    across = [
        (at, written(day, source))
        for name, day in source.columns_across.items()
        if (at := place_of(header, name)) is not None
    ]
    made = [name_of(source, "date"), name_of(source, "revenue")]
    taken = {at for at, _ in across} | {at for name in made if (at := place_of(header, name)) is not None}
    kept = [at for at in range(len(header)) if at not in taken]

    def lines() -> Iterator[Cells]:
        for row in rows:
            for at, day in across:
                if not blank(row[at]) and number_in(row[at], source) != 0:
                    yield [*(row[each] for each in kept), day, row[at]]

    return [*(header[at] for at in kept), *made], lines()
