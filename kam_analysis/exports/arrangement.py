"""How a report is laid out, where it is not one row a line: found in its rows, tidied, and said before it counts."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from kam_analysis.bundled import tables_beside
from kam_analysis.exports.across import columns_across, whole_only
from kam_analysis.exports.seen_rows import how_written, meanings, number_of, sample, total_words
from kam_analysis.ledger.reading.layouts import tidied
from kam_analysis.ledger.reading.row_cells import blank
from kam_analysis.ledger.reading.written_dates import month_names, plain_word
from kam_analysis.ledger.settings.settings import TableSource
from kam_analysis.ledger.settings.toml_text import quoted
from kam_analysis.ledger.sniffing.formats import Finding
from kam_analysis.ledger.sniffing.guess import Alternative, Question
from kam_analysis.ledger.sniffing.header import Layout, Row
from kam_analysis.ledger.sniffing.wording import counted
from kam_analysis.ledger.sniffing.words import ACCOUNT_NAME, total_word

_LOOKED_AT = 50_000
_ACCOUNT = ("account_id", ACCOUNT_NAME)


def arranged(layout: Layout) -> Layout:
    """The layout with its rows tidied, where they need it; what was found stands in `reading`, `said` and `questions`."""
    for find in (columns_across, _headings, _as_above, _parts_of_dates, _parts_of_amounts, _sums):
        found = find(layout)
        if found.reading or found.questions:
            layout = tidy(layout, found)
    return layout


def tidy(layout: Layout, found: Finding) -> Layout:
    """A layout as its settings read it: the same function tidies it for every report."""
    before = layout.rows
    written = how_written(layout) | {key: value for key, value in found.reading.items() if key in _KEYS}
    source = TableSource("transactions", **written)
    header = tuple(map(str, next(tidied([layout.header], source)))) if source.is_laid_out else layout.header

    def rows() -> Iterator[Row]:
        number = [0]

        def cells() -> Iterator[Sequence[object]]:
            yield layout.header
            for number[0], row in before():
                yield row

        lines = tidied(cells(), source)
        next(lines)
        for line in lines:
            yield number[0], line

    return replace(
        layout, header=header, rows=rows if source.is_laid_out else before, reading={**layout.reading, **found.reading},
        said=(*layout.said, *found.said), questions=(*layout.questions, *found.questions),
    )  # fmt: skip


_KEYS = ("fill_down", "heading_rows", "columns_across", "date_parts", "revenue_from", "discount_unit", "sum_rows", "total_rows", "columns",
         "decimal", "thousands")  # fmt: skip


def _named(layout: Layout, part: str) -> int | None:
    wanted = tables_beside(__file__, "words.toml")["parts"][part]
    return next(
        (
            at
            for at, name in enumerate(layout.header)
            if " ".join(re.sub("[_.]", " ", name).casefold().split()) in wanted
        ),
        None,
    )


def _headings(layout: Layout) -> Finding:
    """Groups under heading rows, as accounting programs print them."""
    rows, ours = sample(layout), meanings(layout)
    alone = [
        (at, column)
        for at, row in enumerate(rows)
        if (column := _only_text(row)) is not None and not total_word(str(row[column]))
    ]
    lines = [
        row
        for row in rows
        if sum(not blank(cell) for cell in row) > 1 and not any(isinstance(c, str) and total_word(c) for c in row)
    ]
    columns = {column for _, column in alone}
    before_lines = [at for at, _ in alone if at + 1 < len(rows) and _only_text(rows[at + 1]) is None]
    if len(columns) != 1 or len(before_lines) < 2 or not lines:
        return Finding()
    column = columns.pop()
    accounts = [at for at, name in ours.items() if name in _ACCOUNT]
    if any(not blank(row[at]) for row in lines for at in accounts):
        return Finding()
    name = layout.header[column] if column in accounts else next((layout.header[at] for at in accounts), "Customer")
    words = total_words(rows)
    heading = rows[alone[0][0]][column]
    said = (
        f'rows in which only "{heading}" or the like stands are headings: the lines below are theirs, in "{name}"; '
        "their totals are checked and left out"
    )
    reading: dict[str, Any] = {"heading_rows": name} | ({"total_rows": words} if words else {})
    return Finding(reading, (said,))


def _only_text(row: Sequence[object]) -> int | None:
    """The column of the one filled cell of a row, where that is text and no amount or date."""
    filled = [at for at, cell in enumerate(row) if not blank(cell)]
    cell = row[filled[0]] if len(filled) == 1 else None
    return (
        filled[0]
        if isinstance(cell, str) and number_of(cell) is None and not re.fullmatch(r"[\d./: -]+", cell.strip())
        else None
    )


def _as_above(layout: Layout) -> Finding:
    """Empty cells that mean the same as above."""
    if layout.reading.get("heading_rows"):
        return Finding()
    rows, ours = sample(layout), meanings(layout)
    key = next((at for at, name in ours.items() if name in _ACCOUNT), None)
    money = [at for at, name in ours.items() if name in ("revenue", "gross")]
    dates = [at for at, name in ours.items() if name == "date"]
    if key is None or not money or not rows or blank(rows[0][key]):
        return Finding()
    lines = [
        row
        for row in rows
        if any(number_of(row[at]) is not None for at in money)
        and not any(isinstance(c, str) and total_word(c) for c in row)
    ]
    others = [at for at in range(len(layout.header)) if at not in (key, *money)]
    empty = [
        row
        for row in lines
        if blank(row[key]) and any(not blank(row[at]) and number_of(row[at]) is None for at in others)
    ]
    if len(empty) < 0.2 * len(lines) or not empty:
        return Finding()
    filled = [row for row in lines if not blank(row[key])]
    same = [
        at
        for at in range(len(layout.header))
        if at not in money and all(blank(row[at]) for row in empty) and any(not blank(row[at]) for row in filled)
    ]
    names = [layout.header[at] for at in same]
    listed = ", ".join(f'"{name}"' for name in names)
    reading = {"fill_down": tuple(names), **({"total_rows": words} if (words := total_words(rows)) else {})}
    if dates and all(at in same for at in dates):  # without a date they are no rows at all
        return Finding(reading, (f"empty cells of {listed} mean the same as above, in {counted(len(empty))}",))
    line = f"fill_down = [{', '.join(map(quoted, names))}]"
    answers = (
        Alternative(f"the same as above: {listed}", (line,)),
        Alternative("nobody: these sales have no customer"),
    )
    return Finding(
        questions=(
            Question(f"what do empty cells of {listed} mean, in {counted(len(empty))}?", answers, holds="account_id"),
        )
    )


def _parts_of_dates(layout: Layout) -> Finding:
    """Year and month in columns of their own, and no date beside them."""
    parts = {part: at for part in ("year", "quarter", "month", "day") if (at := _named(layout, part)) is not None}
    dates = [at for at, ours in meanings(layout).items() if ours == "date" and at not in parts.values()]
    rows = sample(layout)[:1000]
    if dates or "year" not in parts or not rows or not _hold(parts, rows):
        return Finding()
    if "month" in parts:
        parts.pop("quarter", None)
    else:
        parts.pop("day", None)
    names = {part: layout.header[at] for part, at in parts.items()}
    listed = " and ".join(f'"{name}"' for name in names.values())
    reading = {"date_parts": names}
    span = TableSource("", date_parts=names).span
    said = f"the date is {listed}" + ("" if span == "day" else f", on the {span}'s last day")
    return Finding(reading, (said, whole_only(span)) if span in ("quarter", "year") else (said,))


def _hold(parts: dict[str, int], rows: Sequence[Sequence[object]]) -> bool:
    """Whether the columns hold years and months, in nine of ten rows."""

    def good(part: str, cell: object) -> bool:
        text = str(cell).strip().removesuffix(".0")
        if part == "year":
            return bool(re.fullmatch(r"(?:19|20)\d\d", text))
        if part == "month" and plain_word(text) in month_names():
            return True
        digits = text.lstrip("QqTtKk").removesuffix("月")
        return digits.isascii() and digits.isdigit() and int(digits) <= {"quarter": 4, "month": 12, "day": 31}[part]

    filled = [[(part, row[at]) for part, at in parts.items()] for row in rows if not blank(row[parts["year"]])]
    return bool(filled) and sum(all(good(*pair) for pair in row) for row in filled) >= 0.9 * len(filled)


def _parts_of_amounts(layout: Layout) -> Finding:
    """Quantity and price, and no amount beside them."""
    parts = {part: at for part in ("quantity", "price", "discount") if (at := _named(layout, part)) is not None}
    if {"revenue", "gross"} & set(meanings(layout).values()) or not {"quantity", "price"} <= set(parts):
        return Finding()
    names = {part: layout.header[at] for part, at in parts.items()}
    reading: dict[str, Any] = {"revenue_from": names, **how_written(layout)}
    said = f'revenue is "{names["quantity"]}" times "{names["price"]}"'
    if "discount" not in parts:
        return Finding(reading, (said,))
    unit = _discount_unit(names["discount"], [row[parts["discount"]] for row in sample(layout)])
    if unit:
        words = {"percent": "in per cent", "fraction": "as a fraction", "amount": "as an amount"}
        return Finding(reading | {"discount_unit": unit}, (f'{said} less "{names["discount"]}" {words[unit]}',))
    answers = tuple(
        Alternative(about, (f"discount_unit = {quoted(each)}",))
        for each, about in (("percent", "per cent of the line"), ("amount", "an amount of money off the line"))
    )
    text = f'is "{names["discount"]}" per cent or money?'
    return Finding(reading | {"discount_unit": "percent"}, (said,), (Question(text, answers, holds="file"),))


def _discount_unit(name: str, cells: Sequence[object]) -> str:
    texts = [str(cell) for cell in cells if not blank(cell)]
    if "%" in name or "percent" in name.casefold() or any("%" in text for text in texts):
        return "percent"
    values = [abs(value) for text in texts if (value := number_of(text)) is not None]
    if max(values, default=0) <= 1:
        return "fraction"
    return "amount" if max(values) > 100 else ""


def _sums(layout: Layout) -> Finding:
    """Rows without a date whose amounts are the sum of those above: totals without a word."""
    ours = meanings(layout)
    dates = [at for at, name in ours.items() if name == "date"]
    money = [at for at, name in ours.items() if name == "revenue"]
    if len(dates) != 1 or not money or layout.reading.get("columns_across"):
        return Finding()
    undated = matched = bare = since = whole = 0
    for row in sample(layout):
        value = number_of(row[money[0]])
        if value is None or any(isinstance(cell, str) and total_word(cell) for cell in row):
            continue
        if blank(row[dates[0]]):
            undated += 1
            bare += all(number_of(cell) is not None for cell in row if not blank(cell))
            matched += bool(value) and value in (since, whole)
            since = 0
        else:
            since, whole = since + value, whole + value
    if not undated or undated != matched or bare == undated:  # bare amounts are left out anyway
        return Finding()
    columns = {"date": layout.header[dates[0]], "revenue": layout.header[money[0]]}
    said = f"{counted(undated)} without a date with the sum of the rows above: totals, left out"
    return Finding({"sum_rows": True, "columns": columns}, (said,))
