"""Tables in docs that are made from code: held against it by the tests, and written by `make tables`."""

import os
from pathlib import Path

RELIABILITY = Path(__file__).parents[1] / "docs" / "reliability.md"


def keep(name: str, table: str, page: Path = RELIABILITY) -> None:
    """Assert that a page of docs has this table between its marks; with KAM_WRITE_TABLES set, put it there."""
    text = page.read_text(encoding="utf-8")
    start, end = f"<!-- {name}: made by make tables -->\n", f"\n<!-- end of {name} -->"
    before, _, rest = text.partition(start)
    there, _, after = rest.partition(end)
    if os.environ.get("KAM_WRITE_TABLES"):
        page.write_text(before + start + table + end + after, encoding="utf-8")
        return
    assert there == table, f"docs/{page.name}: the table {name} is not the code's; run: make tables"


def markdown(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """A table; what would end a cell or be read as a tag is escaped."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(map(_cell, row)) + " |" for row in lines)


def _cell(text: str) -> str:
    for sign in "\\|<*_`~[":
        text = text.replace(sign, "\\" + sign)
    return " ".join(text.split())
