"""How a column writes its dates: which part is the day, tried on every row.

A candidate order (day first, month first, year first) falls as soon as one cell cannot be read
with it; what is left at the end is the format, or a question.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from kam_analysis.ledger.reading.written_dates import EXCEL, long_english_months, month_names, plain_word
from kam_analysis.ledger.sniffing.amounts import DIGITS, Sighting

_TIME = r"(?P<time>(?P<gap>[T ])99?:99(?P<seconds>:99(?P<part>\.9+)?)?(?P<half> ?[ap]m)?(?P<zone> ?(?:z|utc|gmt|[+-]99(?::?99)?))?)?"
_NUMERIC = re.compile(
    rf"(?P<a>9{{1,4}})(?P<mark>[-/. ])(?P<b>99?)(?P=mark)(?P<c>9999|99)(?P<dot>\.?){_TIME}", re.IGNORECASE
)
_COMPACT = re.compile(rf"99999999{_TIME}", re.IGNORECASE)
_MONTH = re.compile(r"(?:9999(?P<mark>[-/. ]?)99|99?(?P<back>[-/. ])9999)")
_ASIAN = re.compile(r"9999年99?月(?P<day>99?日)?")
_WEEK = re.compile(r"9999(?P<mark>-?)[wW]99")
_YEAR = re.compile("9999")
_SERIAL = re.compile(r"99999(?:[.,]9+)?")
_WORD = r"(?P<month>[^\W\d_]{3,})\.?"
_NAMED = re.compile(rf"99?(?P<mark>\. |[-/. ]){_WORD}(?:\. |[-/. ])(?P<c>9999|99){_TIME}", re.IGNORECASE)
_OF_NAMED = re.compile(rf"99? de {_WORD} del? (?P<c>9999){_TIME}", re.IGNORECASE)
_US_NAMED = re.compile(rf"{_WORD} 99?, 9999{_TIME}", re.IGNORECASE)
_NAMED_MONTH = re.compile(rf"{_WORD}(?P<mark>[-/. ]|)['’]?(?P<c>9999|99)", re.IGNORECASE)
_YEARS = range(1970, 2101)  # a number such as 12345678 is not a date
_SERIALS = range(25_569, 73_415)  # the same years as Excel counts days
_ZONE = re.compile(r"[0-9]{2}:[0-9]{2}.*(?:[zZ]|UTC|GMT|[+-][0-9]{2}(?::?[0-9]{2})?)$")
_MOST_PATTERNS = 2_000
_MOST_SETTLED = 50_000

WORDS = {
    "dmy": "day{0}month{0}year", "mdy": "month{0}day{0}year", "ymd": "year{0}month{0}day", "ym": "year{0}month", "my": "month{0}year",
    "y": "year", "week": "year{0}week", "serial": "days counted as Excel does",
}  # fmt: skip
_FIXED = {"week": "%G{0}W%V", "serial": EXCEL}


@dataclass
class Family:
    """Cells written alike, apart from the order of day and month: candidates and what ruled others out."""

    mark: str
    year: str  # "%Y" or "%y"
    time: str
    orders: tuple[str, ...]
    named: str = ""  # "%b" or "%B": the month is a word
    rows: int = 0
    first: Sighting | None = None
    against: dict[str, Sighting] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    asian: bool = False
    zoned: Sighting | None = None

    def pattern(self, order: str) -> str:
        """The strptime pattern of one order."""
        if order == "Mdy":
            return f"{self.named} %d, %Y{self.time}"
        if order in _FIXED:
            return _FIXED[order].format(self.mark)
        if self.asian:
            return "%Y年%m月%d日" if "d" in order else "%Y年%m月"
        sign = {"d": "%d", "m": self.named or "%m", "y": self.year}
        return self.mark.join(sign[part] for part in order) + self.time

    @property
    def possible(self) -> tuple[str, ...]:
        """The orders in which every cell is a date."""
        return tuple(order for order in self.orders if order not in self.against)

    @property
    def choices(self) -> tuple[str, ...]:
        """The orders between which nothing decides. With dots the day comes first everywhere in the world."""
        possible = self.possible
        if self.mark == "." and "dmy" in possible:
            return ("dmy",)
        if "ymd" in possible and self.year == "%Y" and self.mark:
            return ("ymd",)
        return possible

    def add(self, text: str, row: int) -> bool:
        """Try a cell with each order; False where it is a date in none."""
        self.first = self.first or Sighting(text, row)
        self.zoned = self.zoned or (Sighting(text, row) if self.time and _ZONE.search(text) else None)
        self.rows += 1
        day = text if not self.time else re.split(r"(?<=\d)[T ](?=\d?\d:)", text)[0]
        if day in self.seen:
            return True
        good = [order for order in self.orders if _is_date(day, self, order)]
        if not good:
            self.rows -= 1
            return False
        self.seen.add(day)
        for order in self.orders:
            if order not in good:
                self.against.setdefault(order, Sighting(text, row))
        return True


def _is_date(day: str, family: Family, order: str) -> bool:
    try:
        if family.named:
            word = "".join(re.findall(r"[^\W\d_]{3,}", day)[:1])
            return month_names().get(plain_word(word)) is not None
        if order == "serial":
            return int(re.split("[.,]", day)[0]) in _SERIALS
        if order == "week":
            return 1 <= int(day[-2:]) <= 53 and int(day[:4]) in _YEARS
        if family.asian:
            parts = re.findall(r"\d+", day)
        elif order == "y":
            parts = [day]
        elif order == "ym" and not family.mark:
            parts = [day[:4], day[4:]]
        elif not family.mark:
            cut = (4, 6) if order == "ymd" else (2, 4)
            parts = [day[: cut[0]], day[cut[0] : cut[1]], day[cut[1] :]]
        else:
            parts = day.split(family.mark)
        value = dict(zip(order, map(int, parts), strict=True))
        year = value["y"] if family.year == "%Y" else _century(value["y"])
        date(year, value.get("m", 1), value.get("d", 1))
    except ValueError:
        return False
    return year in _YEARS


def _century(year: int) -> int:
    return 1900 + year if year >= 69 else 2000 + year  # as strptime has it


class DateColumn:
    """The families of one column's cells, row by row."""

    def __init__(self) -> None:
        self.readable = 0
        self.typed = 0
        self.unreadable: list[Sighting] = []
        self.unreadable_count = 0
        self.families: dict[tuple[str, str, str, bool, tuple[str, ...]], Family] = {}
        self._patterns: dict[str, Family | None] = {}
        self._settled: dict[str, Family] = {}  # cells seen before: days repeat

    def add(self, cell: object, row: int) -> bool:
        """Count one cell that is not blank; whether it is a date."""
        if isinstance(cell, date | datetime):
            self.readable += 1
            self.typed += 1
            return True
        known = self._settled.get(cell) if isinstance(cell, str) else None
        if known is not None:
            known.rows += 1
            self.readable += 1
            return True
        text = str(cell).strip()
        family = self._family(text)
        if family is not None and family.add(text, row):
            self.readable += 1
            if len(self._settled) < _MOST_SETTLED:
                self._settled[str(cell)] = family
            return True
        self.unreadable_count += 1
        if len(self.unreadable) < 5:
            self.unreadable.append(Sighting(text, row))
        return False

    def forget(self, cell: object) -> None:
        """Take back a cell that was no date: its row turned out to be a total line."""
        self.unreadable_count -= 1
        text = str(cell).strip()
        self.unreadable = [seen for seen in self.unreadable if seen.text != text]

    def _family(self, text: str) -> Family | None:
        shape = text.translate(DIGITS)
        if shape not in self._patterns:
            if len(self._patterns) >= _MOST_PATTERNS or len(shape) > 40:
                return None
            found = _new_family(shape)
            if found is not None:
                key = (found.mark, found.year, found.time, bool(found.named), found.orders)
                found = self.families.setdefault(key, found)
            self._patterns[shape] = found
        return self._patterns[shape]

    @property
    def is_date(self) -> bool:
        """At least nine in ten of the cells are dates; the others are said by the check."""
        return self.readable > 0 and self.readable >= 9 * self.unreadable_count

    def used(self) -> list[Family]:
        """The families that occur, the most frequent first."""
        return sorted((family for family in self.families.values() if family.rows), key=lambda family: -family.rows)


def _new_family(shape: str) -> Family | None:
    kinds: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], str], Family | None]], ...] = (
        (_NUMERIC, _numeric),
        (_COMPACT, _compact),
        (_MONTH, _month),
        (_YEAR, lambda match, time: Family("", "%Y", "", ("y",))),
        (_WEEK, lambda match, time: Family(match["mark"], "%Y", "", ("week",))),
        (_SERIAL, lambda match, time: Family("", "%Y", "", ("serial",))),
        (_ASIAN, lambda match, time: Family("", "%Y", "", ("ymd",) if match["day"] else ("ym",), asian=True)),
        (_NAMED, _named),
        (_OF_NAMED, lambda match, time: Family(" ", "%Y", time, ("dmy",), _month_sign(match["month"]))),
        (_US_NAMED, _us_named),
        (_NAMED_MONTH, _named_month_alone),
    )
    for kind, build in kinds:
        match = kind.fullmatch(shape)
        if match:
            return build(match, _time(match) if "time" in match.groupdict() else "")
    return None


def _numeric(match: re.Match[str], time: str) -> Family | None:
    first, last = len(match["a"]), len(match["c"])
    if match["dot"] or first == 3:
        return None
    if first == 4:
        return Family(match["mark"], "%Y", time, ("ymd",)) if last == 2 else None
    if last == 4:
        return Family(match["mark"], "%Y", time, ("dmy", "mdy"))
    return Family(match["mark"], "%y", time, ("dmy", "mdy", "ymd"))


def _compact(match: re.Match[str], time: str) -> Family:
    return Family("", "%Y", time, ("ymd", "dmy", "mdy"))


def _month(match: re.Match[str], time: str) -> Family:
    return Family(match["back"], "%Y", "", ("my",)) if match["back"] else Family(match["mark"], "%Y", "", ("ym",))


def _named_month_alone(match: re.Match[str], time: str) -> Family | None:
    named = _month_sign(match["month"])
    year = "%Y" if len(match["c"]) == 4 else "%y"
    return Family(match["mark"] or " ", year, "", ("my",), named) if named else None


def _named(match: re.Match[str], time: str) -> Family | None:
    year = "%Y" if len(match["c"]) == 4 else "%y"
    named = _month_sign(match["month"])
    return Family(match["mark"], year, time, ("dmy",), named) if named else None


def _us_named(match: re.Match[str], time: str) -> Family | None:
    named = _month_sign(match["month"])
    return Family(" ", "%Y", time, ("Mdy",), named) if named else None


def _month_sign(word: str) -> str:
    """The sign for a month's name in any language, "" where the word is none; a long English one has its own."""
    if plain_word(word) not in month_names():
        return ""
    return "%B" if plain_word(word) in long_english_months() else "%b"


def _time(match: re.Match[str]) -> str:
    if not match["time"]:
        return ""
    hours = "%I" if match["half"] else "%H"
    seconds = ":%S" if match["seconds"] else ""
    part = ".%f" if match["part"] else ""
    half = (" %p" if match["half"].startswith(" ") else "%p") if match["half"] else ""
    return f"{match['gap']}{hours}:%M{seconds}{part}{half}"
