"""Dates as exports write them: months by name in eleven languages, months and weeks alone, day numbers, offsets."""

from datetime import date

import ibis
import pytest
from babel import Locale

from kam_analysis.ledger.engine import columns
from kam_analysis.ledger.reading.written_dates import LANGUAGES, date_in, written
from kam_analysis.ledger.settings.settings import TableSource

ENGINE = ibis.duckdb.connect()


def days(texts: list[str], pattern: str = "", zone: str = "") -> list[str | None]:
    table = ibis.memtable({"at": list(range(len(texts))), "text": texts}, schema={"at": "int64", "text": "string"})
    source = TableSource("transactions", date_format=pattern, time_zone=zone)
    read = table.select("at", day=columns.day(table.text, source)).order_by("at")
    return [day and day.isoformat() for day in ENGINE.to_pyarrow(read)["day"].to_pylist()]


@pytest.mark.parametrize(
    ("texts", "pattern", "expected"),
    [
        (["2025-01-31T23:30:00Z", "2025-02-15T10:00:00+01:00", "2025-01-31 23:30:00.123-0500", "2025-01-31 10:00", "2025-01-31"], "", ["2025-01-31", "2025-02-15", "2025-01-31", "2025-01-31", "2025-01-31"]),
        (["31.01.2025 23:30 +01:00", "31.01.2025 23:30"], "%d.%m.%Y %H:%M", ["2025-01-31", "2025-01-31"]),
        (["45678", "45678.75", "45678,75", "1", "0", "99999999", "abc"], "excel", ["2025-01-21", "2025-01-21", "2025-01-21", "1899-12-31", None, None, None]),
        (["2025-01", "2024-02", "2025-13"], "%Y-%m", ["2025-01-31", "2024-02-29", None]),
        (["01/2025", "12/2025"], "%m/%Y", ["2025-01-31", "2025-12-31"]),
        (["202502"], "%Y%m", ["2025-02-28"]),
        (["2025-W03", "2025-W01", "2020-W53"], "%G-W%V", ["2025-01-16", "2025-01-02", "2020-12-31"]),
        (["2024"], "%Y", ["2024-12-31"]),
        (["Jan 2024", "Februar 2024", "MÄRZ 2024", "avr. 2024", "août 2024", "Şubat 2024", "KASIM 2024", "Foo 2024", "2024"], "%b %Y", ["2024-01-31", "2024-02-29", "2024-03-31", "2024-04-30", "2024-08-31", "2024-02-29", "2024-11-30", None, None]),
        (["31. Dez 2025", "1. Januar 2025", "31 grudnia 2025", "31 de diciembre de 2025", "32 Dez 2025"], "%d. %b %Y", ["2025-12-31", "2025-01-01", "2025-12-31", "2025-12-31", None]),
        (["31-Dec-25", "31/dez/25", "31.dic.25"], "%d-%b-%y", ["2025-12-31"] * 3),
        (["March 4, 2025", "Sept. 30, 2025"], "%B %d, %Y", ["2025-03-04", "2025-09-30"]),
        (["31 Dec 2025 2:05 PM", "31 Dec 2025 12:05 am"], "%d %b %Y %I:%M %p", ["2025-12-31", "2025-12-31"]),
        (["2025年1月31日"], "%Y年%m月%d日", ["2025-01-31"]),
        (["20250131"], "%Y%m%d", ["2025-01-31"]),
    ],
)  # fmt: skip
def test_ways_of_writing_a_date(texts: list[str], pattern: str, expected: list[str | None]) -> None:
    assert days(texts, pattern) == expected


@pytest.mark.parametrize(
    ("zone", "expected"),
    [("Europe/Berlin", ["2025-02-01", "2025-02-15", "2025-06-30", "2025-01-31", "2025-03-02"]), ("America/New_York", ["2025-01-31", "2025-02-14", "2025-06-30", "2025-01-31", "2025-03-01"])],
)  # fmt: skip
def test_a_stated_zone_decides_the_day(zone: str, expected: list[str]) -> None:
    texts = [
        "2025-01-31T23:30:00Z",
        "2025-02-15T00:30:00+01:00",
        "2025-06-30T21:59:00Z",
        "2025-01-31T23:30:00",
        "2025-03-01T23:30:00-05:00",
    ]
    assert days(texts, zone=zone) == expected


def test_every_months_name_in_every_language_is_read_by_engine_and_python() -> None:
    names, expected = [], []
    for language in LANGUAGES:
        for context, width in (("format", "wide"), ("format", "abbreviated"), ("stand-alone", "wide")):
            for number, name in Locale.parse(language).months[context][width].items():
                if name.rstrip(".").isalpha() and not name.endswith("月"):
                    names += [f"{name} 2023", f"{name.upper()} 2023"]
                    expected += [number] * 2
    assert [int(day[5:7]) if day else None for day in days(names, "%b %Y")] == expected
    assert [day.month if (day := date_in(name)) else None for name in names] == expected


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Jan 2024", "2024-01-31"), ("Jan-24", "2024-01-31"), ("janv. 2024", "2024-01-31"), ("2024-02", "2024-02-29"), ("02/2024", "2024-02-29"), ("202402", "2024-02-29"),
        ("2024", "2024-12-31"), ("2024-03-31", "2024-03-31"), ("2024年3月", "2024-03-31"), ("Jan", None), ("Total", None), ("Q1 2024", None), ("Sales Jan 2024", None), ("12345", None),
    ],
)  # fmt: skip
def test_headers_that_are_months_or_years(header: str, expected: str | None) -> None:
    found = date_in(header)
    assert (found and found.isoformat()) == expected


@pytest.mark.parametrize("pattern", ["", "excel", "%d.%m.%Y", "%d-%b-%y"])
def test_a_typed_day_is_written_as_it_is_read(pattern: str) -> None:
    day = date(2025, 1, 21)
    assert days([written(day, TableSource("transactions", date_format=pattern))], pattern) == [day.isoformat()]
