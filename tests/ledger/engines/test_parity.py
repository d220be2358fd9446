"""The same settings on every engine give the same frames, to the last digit; DuckDB over Parquet is the measure."""

import dataclasses
import unicodedata
from collections.abc import Callable, Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from one_company import (
    Engine,
    accounts,
    duckdb_file,
    parquet_file,
    postgres,
    spark_files,
    spark_views,
    transactions,
    write_settings,
)

from kam_analysis.ledger import open_ledger
from kam_analysis.ledger.engine import composed
from kam_analysis.ledger.ledger import Ledger, Level

# PySpark leaves sockets to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket")
# The decimal kind asks for everything; the others for what a column's type can change.
CASES = [
    ("duckdb_file", "decimal"),
    *(("postgres", kind) for kind in ("decimal", "double", "integer")),
    ("spark", "decimal"),
    ("spark", "integer"),
    ("spark_files", "double"),
]
DERIVED = "spark.sql.constraintPropagation.enabled"
PROPERTIES = (
    "overview",
    "as_of",
    "period",
    "period_as_written",
    "measure",
    "measures",
    "fingerprint",
    "regions",
    "lines",
    "product_lines",
    "usual_day",
    "has_prices",
    "has_items",
)
# What is a setting, an argument's check or a part of the frames below, and no figure of its own.
NOT_FRAMES = {
    "name",
    "currency",
    "has",
    "period_of",
    "level",
    "source",
    "master",
    "table",
    "records",
    "notice",
    "as_written",
    "people",
    "told_warnings",
    "identities",
    "known_sums",
    "nearly_known",
    "contracts",
}


def frames(ledger: Ledger, kind: str) -> Iterator[tuple[str, Any]]:
    """Every public figure of a ledger."""
    yield from by_measure(ledger, "legal_entity", "margin")
    if kind == "decimal":
        yield from by_measure(ledger, "parent", "revenue")
        yield "by_account", ledger.by_account(measures=("visits", "quantity"))
    for level in ("legal_entity", "parent") if kind == "decimal" else ("legal_entity",):
        for name in ("habits", "held_by", "traits", "prices", "by_account_item"):
            yield f"{name} {level}", getattr(ledger, name)(level=level)
    yield "by_account all", ledger.by_account(ledger.period_of("all"), measures=("revenue",))
    yield "by_account_year", ledger.by_account_year(measure="margin")
    yield "at", ledger.at(date(2025, 6, 30)).by_account(level="legal_entity")
    yield "asked", ledger.asked(line="Pumps", parents=False).by_account()
    yield "asked by month", ledger.asked(line="Pumps").rolling()
    yield "reconciliation 3 days", ledger.reconciliation(ledger.period_of("2025-08-01/2025-08-03"))
    for name in ("controls", "rows_after_as_of", "year_before", "year_to_date", "unknown_accounts", "digits", "staff"):
        yield name, getattr(ledger, name)()
    for name in PROPERTIES:
        yield name, getattr(ledger, name)
    yield "warnings", [dataclasses.replace(each, table="") for each in ledger.warnings]
    yield "table accounts", ledger.table("accounts")


def by_measure(ledger: Ledger, level: Level, measure: str) -> Iterator[tuple[str, Any]]:
    whole, said = ledger.period_of("all"), f"{level} {measure}"
    everybody = ledger.by_account(whole, level)["account_id"]
    yield f"by_account {said}", ledger.by_account(whole, level, tuple(dict.fromkeys((measure, "revenue"))))
    yield f"by_account_month {said}", ledger.by_account_month(everybody, whole, level, measure)
    yield f"by_account_month of all {said}", ledger.by_account_month(None, whole, level, measure, filled=False)
    yield f"months_side_by_side {said}", ledger.months_side_by_side(whole, measure)
    for name in ("by_account_line", "by_account_region", "reconciliation", "by_month", "rolling", "month_statistics"):
        if hasattr(ledger, name):
            yield f"{name} {said}", getattr(ledger, name)(level=level, measure=measure)


@pytest.fixture(scope="session")
def expected(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], dict[str, Any]]:
    """The figures of DuckDB over Parquet, once per kind."""

    @cache
    def figures(kind: str) -> dict[str, Any]:
        folder = tmp_path_factory.mktemp("expected")
        return dict(frames(opened(folder, parquet_file(folder), kind), kind))

    return figures


@pytest.fixture
def latin_spark(spark: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Of the letters in parts Spark knows those of Latin languages, which this company's names have, and it derives no
    filters of its own: all letters, in every text of every plan, take a third of the time, such filters a tenth. With
    both: the kind "double"; with all letters: test_composed."""
    monkeypatch.setattr(composed, "_LETTERS", range(0xC0, 0x180))
    composed._letters.cache_clear()
    spark.conf.set(DERIVED, "false")
    yield spark
    spark.conf.unset(DERIVED)
    composed._letters.cache_clear()


def opened(folder: Path, engine: Engine, kind: str) -> Ledger:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KAM_TEST_URL", engine.url)
        tables = {"transactions": transactions(kind), "accounts": accounts()}
        return open_ledger(write_settings(folder, engine, tables))


def engine_of(name: str, request: pytest.FixtureRequest, folder: Path) -> Engine:
    match name:
        case "duckdb_file":
            return duckdb_file(folder)
        case "postgres":
            return postgres(request.getfixturevalue("postgres_url"), "parity")
        case "spark":
            return spark_views(request.getfixturevalue("latin_spark"), folder, "parity")
    request.getfixturevalue("spark")
    return spark_files(folder)


@pytest.mark.parametrize(("name", "kind"), CASES)
def test_every_frame_is_the_same(
    name: str,
    kind: str,
    expected: Callable[[str], dict[str, Any]],
    request: pytest.FixtureRequest,
    tmp_path: Path,
) -> None:
    wanted, differing = expected(kind), []
    for figure, theirs in frames(opened(tmp_path, engine_of(name, request, tmp_path), kind), kind):
        try:
            same(theirs, wanted[figure])
        except AssertionError as error:
            differing.append(f"{figure}: {' '.join(str(error).split())[:300]}")
    assert not differing, "\n".join(differing)


def same(theirs: Any, ours: Any) -> None:
    if isinstance(ours, pd.DataFrame):
        # Squares are sums of floats, which depend on the order of addition in their last digits.
        pd.testing.assert_frame_equal(theirs, ours, rtol=1e-12, atol=1e-9)
    else:
        assert theirs == ours


def test_no_public_figure_is_forgotten(expected: Callable[[str], dict[str, Any]]) -> None:
    public = {name for name in vars(Ledger) if not name.startswith("_")} | {"overview", "warnings", "as_of", "measure"}
    assert public - {name.split()[0] for name in expected("decimal")} - NOT_FRAMES == set()


def by_hand() -> dict[str, Decimal]:
    """Revenue of the last twelve months, in Python's own decimals."""
    rates = {"PLN": Decimal("0.23456789"), "USD": Decimal("0.5")}
    sums: dict[str, Decimal] = {}
    for row in transactions("decimal").to_pylist():
        account = unicodedata.normalize("NFC", (row["account_id"] or "").strip(" \t\u00a0"))
        account = account.removesuffix(".0") if account.removesuffix(".0").isdigit() else account
        inside = date(2024, 12, 16) <= row["date"] <= date(2025, 12, 15)
        if not inside or account in ("", "Null", "9999") or row["product"] == "FREIGHT":
            continue
        rate = rates.get((row["currency"] or "").strip().upper(), Decimal(1))
        sums[account] = sums.get(account, Decimal(0)) + (row["revenue"] or 0) * rate
    return {each: total.quantize(Decimal("0.01"), ROUND_HALF_UP) for each, total in sums.items()}


def test_the_measure_itself_is_what_plain_decimals_give(tmp_path: Path) -> None:
    """Half cents away from zero, 0.1 + 0.2 - 0.3 nothing at all, rates per currency; "007" is not "7"."""
    frame = opened(tmp_path, parquet_file(tmp_path), "decimal").by_account(level="legal_entity")
    found = {row.account_id: Decimal(f"{row.revenue:.2f}") for row in frame.itertuples()}
    wanted = by_hand()
    assert found == wanted
    assert found["7"] == Decimal("20.75")
    assert (found["HALF-UP"], found["HALF-DOWN"], found["RESIDUE"]) == (Decimal("2.01"), Decimal("-2.01"), 0)


SALES_ROWS = """
[tables.transactions.drop]
region = ["South"]
product = ["P3"]
[tables.transactions.subtract]
product_line = ["Pumps"]
"""


def rows_that_are_sales(folder: Path, engine: Engine) -> Iterator[tuple[str, Any]]:
    """Figures of a company whose settings drop rows and count others against it; on "double" kinds NaN is nothing."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KAM_TEST_URL", engine.url)
        path = write_settings(folder, engine, {"transactions": transactions("decimal"), "accounts": accounts()})
        path.write_text(path.read_text(encoding="utf-8") + SALES_ROWS, encoding="utf-8")
        ledger = open_ledger(path)
        for measure in ("revenue", "margin"):
            yield f"reconciliation {measure}", ledger.reconciliation(measure=measure)
            yield f"all {measure}", ledger.reconciliation(ledger.period_of("all"), measure=measure)
        yield "by_account", ledger.by_account(measures=("revenue", "margin"))
        yield "line", ledger.asked(line="Valves").reconciliation()


@pytest.mark.parametrize("name", ["postgres", "spark"])
def test_rows_that_are_no_sales_are_the_same(name: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    (tmp_path / "wanted").mkdir()
    wanted = dict(rows_that_are_sales(tmp_path / "wanted", parquet_file(tmp_path / "wanted")))
    assert len(wanted["reconciliation revenue"].reasons) == 2
    for figure, theirs in rows_that_are_sales(tmp_path, engine_of(name, request, tmp_path)):
        same(theirs, wanted[figure])
