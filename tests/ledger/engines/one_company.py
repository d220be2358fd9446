"""One company with every awkward value, and the ways to put its tables into an engine."""

import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

SETTINGS = """
name = "Parity"
currency = "EUR"
as_of = 2025-12-15
[exclude]
accounts = ["9999"]
products = ["FREIGHT"]
[rates]
PLN = 0.23456789
USD = 0.5
[control]
revenue = { 2024 = 1000.00, 2025 = 2000.00 }
[measures.visits]
column = "visits"
unit = "visits"
"""
# account_id, date, revenue, product, product_line, region, currency: one for each trap.
AWKWARD: list[tuple[Any, ...]] = [
    ("007", "2025-03-01", "10.00", "P1", "Pumps", "North", "EUR"),
    ("7", "2025-03-01", "20.00", "P1", "Pumps", "North", "EUR"),
    ("7.0", "2025-03-02", "0.50", "P1", "Pumps", "North", "EUR"),
    (" 7\t", "2025-03-03", "0.25", "P1", "Pumps", "North", "EUR"),
    ("17850.0", "2025-04-01", "100.00", "P2", "Valves", "South", "EUR"),
    ("17850", "2025-04-02", "1.00", "P2", "Valves", "South", "EUR"),
    (None, "2025-04-02", "33.3333", "P2", "Valves", "South", "EUR"),
    ("", "2025-04-03", "11.11", "P2", "Valves", None, "EUR"),
    ("  ", "2025-04-03", "1.11", "P2", "Valves", "  ", "EUR"),
    ("NaN", "2025-04-03", "1.00", "P2", "Valves", "", "EUR"),
    (" Null\t", "2025-04-03", "2.00", "P2", "Valves", "", "EUR"),
    ("TIE-B", "2025-05-01", "55.00", "P2", "Valves", "South", "EUR"),
    ("TIE-A", "2025-05-02", "55.00", "P2", "Valves", "North", "EUR"),
    ("ZERO", "2025-05-01", "80.10", "P1", "Pumps", "South", "EUR"),
    ("ZERO", "2025-06-01", "-80.10", "P1", "Pumps", "South", "EUR"),
    ("RESIDUE", "2025-05-01", "0.1", "P1", "Pumps", "South", "EUR"),
    ("RESIDUE", "2025-05-01", "0.2", "P1", "Pumps", "South", "EUR"),
    ("RESIDUE", "2025-05-01", "-0.3", "P1", "Pumps", "South", "EUR"),
    ("CREDIT", "2025-07-01", "-45.6789", "P1", "Pumps", "North", "EUR"),
    ("HALF-UP", "2025-08-01", "2.005", "P1", "Pumps", "North", "EUR"),
    ("HALF-DOWN", "2025-08-01", "-2.005", "P1", "Pumps", "North", "EUR"),
    ("HALF-EVEN", "2025-08-01", "2.025", "P1", "Pumps", "North", "EUR"),
    ("HALF-RATE", "2025-08-01", "0.25", "P1", "Pumps", "North", "USD"),
    ("9999", "2025-08-01", "500.00", "P1", "Pumps", "North", "EUR"),
    ("A1", "2025-08-02", "12.34", "FREIGHT", "Freight", "North", "EUR"),
    ("A1", "2025-08-02", "12.34", "FREIGHT", "Freight", "North", "EUR"),
    ("A2", "2025-08-03", "400.00", "P2", "Valves", "South", "PLN"),
    ("A2", "2025-08-03", "41.00", "P2", "Valves", "South", "pln "),
    ("A2", "2025-08-03", "3.00", None, None, "South", None),
    ("Müller\u00a0", "2025-08-04", "9.99", "P3", "Dichtungen", "Süd", "EUR"),
    ("Mu\u0308ller", "2025-08-05", "1.01", "P3", "Dichtungen", "Su\u0308d", "EUR"),
    ("B", "2025-08-04", None, "P3", "Dichtungen", "South", "EUR"),
    ("B", "2025-12-15", "5.00", "P1", "Pumps", "North", "EUR"),
    ("B", "2025-12-16", "999.00", "P1", "Pumps", "North", "EUR"),
    ("B", "2026-01-02", "999.00", "P1", "Pumps", "North", "EUR"),
]
ACCOUNTS: list[tuple[Any, ...]] = [
    # account_id, account_name, parent_id, region, industry, is_key, customer_since, satisfaction, annual_spend
    ("A1", "Alder West", "A", "North", "Marine", True, date(2020, 2, 29), 7.5, 1000.5),
    ("A2", "Alder East", "A1", "South", None, False, None, None, None),
    ("A", " Alder ", None, None, "", None, date(2019, 1, 1), 10.0, 0.0),
    ("B", "Birch", "", "North", "Water", None, None, 0.0, float("nan")),
    ("007", "Bond", None, "North", None, None, None, None, 12.0),
    ("7", "Seven", None, "South", None, None, None, None, 12.0),
    ("9999", "Own company", None, None, None, None, None, None, None),
]
_ACCOUNT_COLUMNS = {
    "account_id": pa.string(), "account_name": pa.string(), "parent_id": pa.string(), "region": pa.string(),
    "industry": pa.string(), "is_key": pa.bool_(), "customer_since": pa.date32(), "satisfaction": pa.float64(),
    "annual_spend": pa.float64(),
}  # fmt: skip


def _rows() -> list[dict[str, Any]]:
    """The awkward rows, and three years of ordinary ones."""
    names = ("account_id", "date", "revenue", "product", "product_line", "region", "currency")
    found = [dict(zip(names, row, strict=True)) for row in AWKWARD]
    chance = random.Random(3)
    for _ in range(500):
        product, line = chance.choice([("P1", "Pumps"), ("P2", "Valves"), ("P3", "Dichtungen"), ("FREIGHT", "Freight")])
        found.append(
            {
                "account_id": chance.choice(["A1", "A2", "B", "007", "C", "D", "TIE-A"]),
                "date": str(date(2023, 1, 1) + timedelta(days=chance.randrange(1078))),
                "revenue": f"{chance.uniform(-40, 200):.4f}",
                "product": product,
                "product_line": line,
                "region": chance.choice(["North", "South", "Süd", None]),
                "currency": chance.choice(["EUR", "EUR", "PLN", "USD", "usd", None]),
            }
        )
    for at, row in enumerate(found):
        revenue = Decimal(row["revenue"] or 0)
        row["revenue"] = None if row["revenue"] is None else revenue
        row["cost"] = None if at % 11 == 0 else (revenue * Decimal("0.6125")).quantize(Decimal("0.0001"))
        row["quantity"] = None if at % 13 == 0 else Decimal(at % 7) / 2
        row["visits"] = None if at % 5 == 0 else at % 3
        row["order_id"] = f"O{at // 3}"
        row["account_manager_id"] = None if at % 17 == 0 else f"M{at % 4}"
        row["date"] = date.fromisoformat(row["date"])
    return found


def transactions(kind: str) -> pa.Table:
    """The transactions with amounts as "decimal", "double" (NaN for nothing, dates with a time of day) or "integer"."""
    rows = _rows()
    if kind == "decimal":
        amount, when = pa.decimal128(18, 4), pa.date32()
    else:
        amount, when = pa.float64(), pa.timestamp("us")
        for at, row in enumerate(rows):
            row["date"] = datetime(row["date"].year, row["date"].month, row["date"].day, at % 24, at % 60)
            for name in ("revenue", "cost", "quantity"):
                row[name] = math.nan if row[name] is None else float(row[name])
    ids = pa.string()
    if kind == "integer":
        ids, amount = pa.float64(), pa.int64()
        for at, row in enumerate(rows):
            row["account_id"] = None if at % 19 == 0 else float(10_000_000 + at % 9)
            for name in ("revenue", "cost", "quantity"):
                row[name] = None if math.isnan(row[name]) else round(row[name])
    texts = ("product", "product_line", "region", "currency", "order_id", "account_manager_id")
    columns = {"account_id": ids, "date": when, "revenue": amount, "cost": amount, "quantity": amount}
    columns |= {"visits": pa.int32()} | dict.fromkeys(texts, pa.string())
    return pa.table({name: pa.array([row[name] for row in rows], kind) for name, kind in columns.items()})


def accounts() -> pa.Table:
    """The customer master."""
    return pa.table(
        {
            name: pa.array([row[at] for row in ACCOUNTS], kind)
            for at, (name, kind) in enumerate(_ACCOUNT_COLUMNS.items())
        }
    )


Load = Callable[[str, pa.Table], str]


@dataclass(frozen=True)
class Engine:
    """Where tables can be put: `load(name, table)` does it and gives the settings' line that names it."""

    url: str
    load: Load


def write_settings(folder: Path, engine: Engine, tables: dict[str, pa.Table], settings: str = SETTINGS) -> Path:
    """A `kam.toml` whose tables lie in an engine."""
    # Never in the file, whatever the engine: KAM_TEST_URL carries it.
    parts = [settings, '[connection]\nurl = "env:KAM_TEST_URL"']
    # "NaN" is then a customer's code, and "Null" none.
    parts += [f'[tables.{name}]\nblank_ids = ["null"]\n{engine.load(name, table)}' for name, table in tables.items()]
    path = folder / "kam.toml"
    path.write_text("\n".join(parts) + "\n", encoding="utf-8")
    return path


def duckdb_file(folder: Path) -> Engine:
    def load(name: str, table: pa.Table) -> str:
        with duckdb.connect(folder / "sales.duckdb") as database:
            database.register("given", table)
            database.execute(f"create table {name} as select * from given")
        return f'table = "{name}"'

    return Engine("duckdb://sales.duckdb", load)


def parquet_file(folder: Path) -> Engine:
    def load(name: str, table: pa.Table) -> str:
        pq.write_table(table, folder / f"{name}.parquet")
        return f'file = "{name}.parquet"'

    return Engine("duckdb://", load)


def postgres(url: str, schema: str) -> Engine:
    """Tables of PostgreSQL's own types in a schema of the test's own."""
    import psycopg
    from psycopg import sql

    kinds = {"string": "text", "double": "double precision", "date32[day]": "date", "timestamp[us]": "timestamp"}
    with psycopg.connect(url, autocommit=True) as database:
        database.execute(sql.SQL("drop schema if exists {} cascade").format(sql.Identifier(schema)))
        database.execute(sql.SQL("create schema {}").format(sql.Identifier(schema)))
    kinds |= {"int64": "bigint", "int32": "integer", "bool": "boolean", "decimal128(18, 4)": "numeric(18, 4)"}

    def load(name: str, table: pa.Table) -> str:
        columns = [sql.SQL(f"{{}} {kinds[str(each.type)]}").format(sql.Identifier(each.name)) for each in table.schema]
        where = sql.Identifier(schema, name)
        with psycopg.connect(url, autocommit=True) as database, database.cursor() as cursor:
            cursor.execute(sql.SQL("create table {} ({})").format(where, sql.SQL(", ").join(columns)))
            with cursor.copy(sql.SQL("copy {} from stdin").format(where)) as copy:
                for row in zip(*(column.to_pylist() for column in table.columns), strict=True):
                    copy.write_row(row)
        return f'table = "{schema}.{name}"'

    return Engine(url, load)


def spark_files(folder: Path) -> Engine:
    """Parquet files that Spark reads by a query."""

    def load(name: str, table: pa.Table) -> str:
        file = folder / f"spark_{name}.parquet"
        pq.write_table(table, file)
        return f'query = "select * from parquet.`{file.as_posix()}`"'

    return Engine("pyspark://local", load)


def spark_views(session: Any, folder: Path, prefix: str) -> Engine:
    """Tables that Spark knows by name."""

    def load(name: str, table: pa.Table) -> str:
        pq.write_table(table, folder / f"{name}.parquet")
        session.read.parquet(str(folder / f"{name}.parquet")).createOrReplaceTempView(f"{prefix}_{name}")
        return f'table = "{prefix}_{name}"'

    return Engine("pyspark://local", load)
