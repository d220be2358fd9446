"""Tables of a TOML file: known keys with values of their kind; everything else becomes a problem, all of them at once."""

from collections.abc import Iterator, Mapping
from datetime import date
from math import isfinite
from typing import Any

from kam_analysis.errors import Problem, nearest
from kam_analysis.ledger.settings.settings import TableSource

# No figure of a company is larger, and an exact decimal holds it with its cents.
LARGEST_NUMBER = 10**15
_LONGEST = 80  # signs of a key or a value that a message repeats


class Sections:
    """Looks at tables of the TOML file called `file`, and remembers every problem on the way."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def complain(self, where: str, rule: str, remedy: str) -> None:
        """A problem more: where, what is wrong or expected and received, what to do."""
        self.problems.append(Problem(self.file, shortened(where), rule, remedy))

    def section(self, found: Any, where: str, known: Mapping[str, Any]) -> dict[str, Any]:
        """The known keys of one table with usable values; the others become problems."""
        if not isinstance(found, dict):
            self.complain(where, f"expected a table, got {named(found)}", f"write it as [{where}]")
            return {}
        good = {}
        for key, value in found.items():
            at = f"{where}.{key}" if where else key
            if key not in known:
                self.complain(at, "is not a setting", nearest(key, known))
            elif not fits(value, known[key]):
                self.complain(at, f"expected {wanted(known[key])}, got {named(value)}", "correct the value")
            else:
                good[key] = value
        return good

    def named_sections(
        self, top: Mapping[str, Any], key: str, known: Mapping[str, Any], needed: tuple[str, ...]
    ) -> dict[str, dict[str, Any]]:
        """Sections such as `[measures.visits]`, each with its needed keys."""
        result = {}
        for name, found in top.get(key, {}).items():
            section = self.section(found, f"{key}.{name}", known)
            there = found if isinstance(found, dict) else {}
            for each in (each for each in needed if each not in there):
                self.complain(f"{key}.{name}.{each}", "is missing", "add it")
            if all(each in section for each in needed):
                result[name] = section
        return result

    def in_range(self, section: dict[str, Any], where: str, keys: tuple[str, ...]) -> None:
        """These are shares (0-1), where they are given."""
        for key in keys:
            if key in section and not 0 <= section[key] <= 1:
                self.complain(f"{where}.{key}", f"expected a share 0-1, got {section[key]}", "write 10% as 0.10")


def fits(value: Any, kind: type) -> bool:
    """Is it of this kind? Whole numbers are numbers, too; what is infinite, none, or beyond any company is not."""
    if kind is float:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        return number and abs(value) <= LARGEST_NUMBER and isfinite(value)
    if kind is int:  # bool is an int: not meant
        return type(value) is int and abs(value) <= LARGEST_NUMBER
    if kind is date:  # datetime is a date: not meant
        return type(value) is date
    return isinstance(value, kind)


def wanted(kind: type) -> str:
    """A kind in words."""
    words = {
        str: "text in quotes",
        int: "a whole number",
        float: "a number",
        bool: "true or false",
        date: "a date such as 2025-12-31",
        list: "a list",
        dict: "a table",
    }
    return words[kind]


def named(value: Any) -> str:
    """A value as a message shows it: short, and never what is nested in it."""
    match value:
        case str():
            return f'"{shortened(value)}"'
        case bool():
            return str(value).lower()
        case int() | float():
            return f"the number {value if abs(value) <= LARGEST_NUMBER else _rough(value)}"
        case dict() | list():
            return wanted(type(value))
    return str(value)


def _rough(value: float) -> str:
    """A number that may have more digits than can be written."""
    try:
        return f"{float(value):g}"
    except OverflowError:
        return "of more than 300 digits"


def shortened(text: str) -> str:
    """The beginning of a long text, on one line."""
    flat = " ".join(text.split())
    return flat if len(flat) <= _LONGEST else f"{flat[:_LONGEST]}..."


_PARTS = {"date_parts": ("year", "quarter", "month", "day"), "revenue_from": ("quantity", "price", "discount")}
_NEEDED = {"date_parts": ("year",), "revenue_from": ("quantity", "price")}
_EXAMPLES = {
    "date_parts": 'date_parts = { year = "Year", month = "Month" }',
    "revenue_from": 'revenue_from = { quantity = "Qty", price = "Unit price" }',
}
_CHOICES = {"discount_unit": ("percent", "fraction", "amount"), "grain": ("day", "month", "quarter", "year")}


def layout_faults(source: TableSource) -> Iterator[tuple[str, str, str]]:
    """Each fault: its key, what is wrong, and the remedy."""
    if source.is_laid_out and not source.file:
        yield "file", "is missing: layouts are those of files", "write the query so that it gives one row a line"
    for key in _PARTS:
        yield from _parts(key, getattr(source, key))
    for column, day in source.columns_across.items():
        if type(day) is not date:
            remedy = 'write the day on which the column counts: columns_across = { "Jan 2025" = 2025-01-31 }'
            yield f"columns_across.{column}", f"expected a date, got {named(day)}", remedy
    for key, choices in _CHOICES.items():
        value = getattr(source, key)
        if value and value not in choices:
            yield key, f'expected one of {", ".join(choices)}, got "{value}"', "choose one of them"
    if "discount" in source.revenue_from and not source.discount_unit:
        yield (
            "discount_unit",
            "is missing",
            'say what a discount of 10 is: discount_unit = "percent", "fraction" or "amount"',
        )


def _parts(key: str, found: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for part, column in found.items():
        if part not in _PARTS[key]:
            yield f"{key}.{part}", f"expected one of {', '.join(_PARTS[key])}", f"write it as {_EXAMPLES[key]}"
        elif not isinstance(column, str):
            yield f"{key}.{part}", f"expected the name of your column, got {named(column)}", "put it in quotes"
    for part in _NEEDED[key]:
        if found and part not in found:
            yield f"{key}.{part}", "is missing", f"write it as {_EXAMPLES[key]}"
