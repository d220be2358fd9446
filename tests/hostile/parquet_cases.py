"""Parquet files: damaged ones, and types that no sales table should have."""

import io
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from hostile_case import GOOD, SALES, TOP, Build, Case, files, only, refused, right

PARQUET = TOP + SALES.replace("sales.csv", "sales.parquet")
DAYS = [date(2025, 1, 31), date(2025, 2, 28)]
PLAIN = {"account_id": ["Aldwick", "Bexhill"], "date": DAYS, "revenue": [300.0, 200.0]}


def encoded(columns: dict[str, Any] | pa.Table, **how: Any) -> bytes:
    """The bytes of a Parquet file."""
    table = columns if isinstance(columns, pa.Table) else pa.table(columns)
    out = io.BytesIO()
    pq.write_table(table, out, **how)
    return out.getvalue()


def with_columns(**columns: Any) -> Build:
    """The plain table with other columns in the place of its own."""
    return lambda folder: files(PARQUET, sales__parquet=encoded(PLAIN | columns))(folder)


def damaged(start: float, end: float) -> Build:
    """A thousand rows, of whose bytes those between two parts of the file are overwritten."""

    def build(folder: Path) -> None:
        data = bytearray(encoded({name: list(values) * 500 for name, values in PLAIN.items()}, compression="zstd"))
        a, b = int(len(data) * start), int(len(data) * end)
        data[a:b] = b"\xa5" * (b - a)
        files(PARQUET, sales__parquet=bytes(data))(folder)

    return build


def two(first: dict[str, Any], second: dict[str, Any]) -> Build:
    """Two files of one pattern."""
    settings = PARQUET.replace("sales.parquet", "s*.parquet")
    return lambda folder: files(settings, s1__parquet=encoded(first), s2__parquet=encoded(second))(folder)


def cut(length: int, folder: Path) -> None:
    files(PARQUET, sales__parquet=encoded(PLAIN)[:length])(folder)


def upper(folder: Path) -> None:
    columns = [pa.array([*values]) for values in (PLAIN["account_id"], DAYS, [300.0, 200.0], [1.0, 2.0])]
    table = pa.Table.from_arrays(columns, ["account_id", "date", "revenue", "Revenue"])
    files(PARQUET, sales__parquet=encoded(table))(folder)


UNREADABLE = refused(1, "sales.parquet")
CASES = (
    Case("a plain Parquet file", with_columns(), right()),
    Case("a Parquet file without rows", with_columns(account_id=pa.array([], pa.string()), date=pa.array([], pa.date32()), revenue=pa.array([], pa.float64())), refused(1, "got none below the header")),
    Case("an empty file called .parquet", files(PARQUET, sales__parquet=b""), refused(1, "empty file")),
    Case("a text called .parquet", files(PARQUET, sales__parquet=GOOD), UNREADABLE),
    Case("a Parquet file's first letters alone", files(PARQUET, sales__parquet=b"PAR1"), UNREADABLE),
    Case("a Parquet file's first and last letters alone", files(PARQUET, sales__parquet=b"PAR1" + bytes(20) + b"PAR1"), UNREADABLE),
    Case("a Parquet file cut in two", partial(cut, 400), UNREADABLE),
    Case("a Parquet file without its last letter", partial(cut, -1), UNREADABLE),
    Case("a Parquet file damaged at its start", damaged(0.0, 0.05), (UNREADABLE, refused(1))),
    Case("a Parquet file damaged in its middle", damaged(0.1, 0.5), UNREADABLE),
    Case("a Parquet file damaged at its end", damaged(0.75, 0.98), UNREADABLE),
    Case("amounts in lists", with_columns(revenue=[[300.0], [200.0]]), refused(1, "revenue")),
    Case("amounts in structures", with_columns(revenue=[{"net": 300.0}, {"net": 200.0}]), refused(1, "revenue")),
    Case("amounts that are flags", with_columns(revenue=[True, False]), refused(1, "revenue")),
    Case("amounts that are days", with_columns(revenue=DAYS), refused(1, "revenue")),
    Case("amounts as exact decimals", with_columns(revenue=[Decimal("300.10"), Decimal("199.90")]), right(500, Aldwick=300.10, Bexhill=199.90)),
    Case("amounts as decimals of ten places", with_columns(revenue=[Decimal("300.0000000001"), Decimal("200")]), right()),
    Case("amounts as decimals of 38 digits", with_columns(revenue=pa.array([Decimal("9" * 38), Decimal("1")], pa.decimal128(38, 0))), refused(1, "revenue")),
    Case("an infinite amount", with_columns(revenue=[300.0, float("inf")]), (refused(1, "revenue"), right(300, "revenue", Aldwick=300, Bexhill=0))),
    Case("an amount that is no number", with_columns(revenue=[300.0, float("nan")]), right(300, "empty", Aldwick=300, Bexhill=0)),
    Case("an amount of 1e308 in floats", with_columns(revenue=[300.0, 1e308]), refused(1, "revenue")),
    Case("amounts in unsigned numbers", with_columns(revenue=pa.array([300, 200], pa.uint64())), right()),
    Case("ids that are numbers in one file and texts in another", two(PLAIN | {"account_id": [7, 8]}, PLAIN | {"account_id": ["007", "8"]}), (right(1000, **{"7": 300, "007": 300, "8": 400}), refused(1, "account_id"))),
    Case("ids in bytes", with_columns(account_id=[b"Aldwick", b"Bexhill"]), (right(), refused(1, "account_id"))),
    Case("ids in bytes that are no text", with_columns(account_id=[b"\xff\xfe", b"Bexhill"]), (right(500, Bexhill=200, **{"\\xFF\\xFE": 300}), refused(1, "account_id"))),
    Case("ids in categories", with_columns(account_id=pa.array(["Aldwick", "Bexhill"]).dictionary_encode()), right()),
    Case("ids that are fractions with nothing in one", with_columns(account_id=[7.0, None]), right(500, "no account", **{"7": 300})),
    Case("ids that are lists", with_columns(account_id=[["Aldwick"], ["Bexhill"]]), (right(500, **{"[Aldwick]": 300, "[Bexhill]": 200}), refused(1, "account_id"))),
    Case("days with a zone", with_columns(date=pa.array([datetime(2025, 1, 31, 12), datetime(2025, 2, 28, 12)], pa.timestamp("us", "UTC"))), (right(), refused(1, "date"))),
    Case("days to the nanosecond", with_columns(date=pa.array([datetime(2025, 1, 31), datetime(2025, 2, 28)], pa.timestamp("ns"))), right()),
    Case("days as texts", with_columns(date=["2025-01-31", "2025-02-28"]), right()),
    Case("days as seconds since 1970", with_columns(date=[1738281600, 1740700800]), refused(1, "date")),
    Case("days that are lengths of time", with_columns(date=pa.array([timedelta(1), timedelta(2)], pa.duration("us"))), refused(1, "date")),
    Case("days beyond all calendars", with_columns(date=pa.array([2**31 - 10, 20000], pa.int32()).cast(pa.date32())), (refused(1, "date"), right(200, "left out of all figures", Bexhill=200)), all_frames=True),
    Case("two columns that differ by a capital", upper, (right(), refused(1, "revenue"))),
    Case("one Parquet file of two lacks a column", two(PLAIN, {name: PLAIN[name] for name in ("account_id", "date")}), (right(500, "empty", Aldwick=300, Bexhill=200), refused(1, "revenue"))),
    Case("init: a text called .parquet", only("sales.parquet", GOOD), refused(1, "sales.parquet", "Parquet"), "init", "sales.parquet"),
    Case("init: a Parquet file damaged in its middle", lambda folder: (damaged(0.1, 0.5)(folder), (folder / "kam.toml").unlink()), refused(1, "sales.parquet"), "init", "sales.parquet"),
)  # fmt: skip
