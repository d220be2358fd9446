"""In a run data is read once: what the next one gets is the same, and never older than the file."""

import os
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from unittest.mock import Mock

import duckdb
import numpy as np
import pandas as pd
import pytest

from kam_analysis.errors import DataError
from kam_analysis.ledger import Ledger, open_ledger
from kam_analysis.ledger.checks import inspection, read_once
from kam_analysis.ledger.engine import opened_once
from kam_analysis.ledger.engine.opened_once import FOLDER, kept_in
from kam_analysis.ledger.sniffing import sniffed

Company = Callable[..., Path]
SETTINGS = """
name = "Test"
currency = "EUR"
as_of = 2025-12-31
[tables.transactions]
file = "t.csv"
keep = { status = ["won"] }
[tables.accounts]
file = "a.csv"
[tables.interactions]
file = "i.csv"
[exclude]
products = ["FREIGHT"]
[rates]
PLN = 0.25
"""
FILES = {
    "t.csv": "account_id,date,revenue,cost,product,product_line,quantity,currency,status\n"
    "A1,2025-01-10,100.00,60,P1,Pumps,1,EUR,won\nA1,2023-03-10,-40.00,-20,P1,Pumps,-1,EUR,won\n"
    "007,2025-03-11,400.005,100,P2,Valves,2.5,PLN,won\nB,2025-05-01,200,150,P2,Valves,3,eur,won\n"
    "B,2025-05-02,900,150,P2,Valves,3,EUR,lost\nB,2025-05-03,30,0,FREIGHT,,,EUR,won\n"
    ",2025-07-01,7.005,0,P1,Pumps,1,EUR,won\nTotal,,1597.02,,,,,,\n",
    "a.csv": "account_id,account_name,parent_id,region\nA1,Aldwick,,North\n007,Bond,A1,\nB,Bexhill,,South\n",
    "i.csv": "account_id,date,staff_id,kind\nA1,2025-02-03,S1,visit\n007,2025-04-05,S2,call\n",
}
WHERE = {"parquet": 'file = "t.parquet"', "query": "query = \"from 't.csv'\"", "database": 'table = "t"'}
ACCOUNTS = {"parquet": 'file = "a.csv"', "query": "query = \"from 'a.csv'\"", "database": 'table = "a"'}


@pytest.fixture
def settings(company: Company) -> Path:
    return company(SETTINGS, **FILES)


@pytest.fixture
def never_read(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    def refuse(*given: object, **more: object) -> None:
        raise AssertionError("read again")

    def forbid() -> None:
        for module, name in (
            (read_once, "read_transactions"),
            (read_once, "scan"),
            (inspection, "_small_table"),
            (sniffed, "open_text"),
        ):
            monkeypatch.setattr(module, name, refuse)

    return forbid


def frames(ledger: Ledger) -> dict[str, pd.DataFrame]:
    every = ledger.period_of("all")
    return {
        "accounts": ledger.by_account(every, measures=("revenue", "margin", "quantity")),
        "legal": ledger.by_account(every, level="legal_entity"),
        "lines": ledger.by_account_line(every),
        "months": ledger.by_month(every),
        "habits": ledger.habits(),
        "items": ledger.by_account_item(),
        "parts": pd.DataFrame([vars(ledger.reconciliation(every))]),
        "interactions": ledger.records("interactions"),
    }


def test_what_was_kept_gives_the_same_frames_problems_and_fingerprint(
    settings: Path, tmp_path: Path, never_read: Callable[[], None]
) -> None:
    plain = open_ledger(settings)
    expected = frames(plain)
    kept = tmp_path / "kept"
    kept.mkdir()
    with kept_in(kept):
        frames(open_ledger(settings))
        never_read()
        again = open_ledger(settings)
        for name, frame in frames(again).items():
            pd.testing.assert_frame_equal(frame, expected[name], check_exact=True, obj=name)
    assert again.warnings == plain.warnings
    assert again.overview == plain.overview
    assert again.fingerprint == plain.fingerprint


@pytest.mark.parametrize("kind", ["parquet", "query", "database"])
def test_what_is_no_text_stays_where_it_is_and_is_looked_through_once(
    settings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """Small tables are taken over; of the transactions what the look found, and every figure is still asked there."""
    settings.write_text(SETTINGS.replace('file = "t.csv"', WHERE[kind]).replace('file = "a.csv"', ACCOUNTS[kind]))
    if kind == "parquet":
        duckdb.sql(f"copy (from read_csv('{tmp_path}/t.csv', all_varchar = true)) to '{tmp_path}/t.parquet'")
    if kind == "database":
        with duckdb.connect(tmp_path / "sales.duckdb") as made:
            for name in "ta":
                made.sql(f"create table {name} as from read_csv('{tmp_path}/{name}.csv', all_varchar = true)")
        settings.write_text('connection.url = "duckdb://sales.duckdb"\n' + settings.read_text())
    expected, warnings = frames(open_ledger(settings)), open_ledger(settings).warnings
    kept = tmp_path / "kept"
    kept.mkdir()
    with kept_in(kept):
        frames(open_ledger(settings))
        refuse = Mock(side_effect=AssertionError("looked through again"))
        monkeypatch.setattr(read_once, "scan", refuse)
        monkeypatch.setattr(inspection, "_small_table", refuse)
        again = open_ledger(settings)
        for name, frame in frames(again).items():
            pd.testing.assert_frame_equal(frame, expected[name], check_exact=True, obj=name)
    assert again.warnings == warnings


def test_another_database_is_other_data(company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = company('connection.url = "env:KAM_TEST_URL"\n[tables.transactions]\ntable = "t"\n')
    with kept_in(tmp_path):
        for at, name in enumerate(("one", "two"), 1):
            with duckdb.connect(tmp_path / f"{name}.duckdb") as made:
                made.sql(f"create table t as select 'A' as account_id, date '2025-01-0{at}' as date, {at}.0 as revenue")
            monkeypatch.setenv("KAM_TEST_URL", f"duckdb://{tmp_path}/{name}.duckdb")
            assert str(open_ledger(path).overview.last) == f"2025-01-0{at}"
    assert not [each.name for each in tmp_path.iterdir() if "duckdb:" in each.name]


def test_the_processes_of_a_run_know_its_folder_by_their_environment(
    settings: Path, tmp_path: Path, never_read: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    with kept_in(tmp_path):
        open_ledger(settings).records("interactions")
    monkeypatch.setenv(FOLDER, str(tmp_path))
    never_read()
    assert len(open_ledger(settings).records("interactions")) == 2


def test_a_file_that_has_changed_is_read_again(settings: Path, tmp_path: Path) -> None:
    def total() -> float:
        ledger = open_ledger(settings)
        return float(ledger.by_account(ledger.period_of("all"))["revenue"].sum())

    with kept_in(tmp_path):
        before = total()
        rows = settings.parent / "t.csv"
        state = rows.stat()
        rows.write_text(rows.read_text().replace("B,2025-05-01,200,", "B,2025-05-01,300,"))
        os.utime(rows, ns=(state.st_atime_ns, state.st_mtime_ns + 1_000_000))
        assert total() == pytest.approx(before + 100)
        settings.write_text(settings.read_text().replace('"won"', '"won", "lost"'))
        assert total() == pytest.approx(before + 1000)


@pytest.mark.parametrize("suffix", [".pickle", ".parquet", ".answer"])
def test_what_cannot_be_taken_over_is_read_again(settings: Path, tmp_path: Path, suffix: str) -> None:
    with kept_in(tmp_path):
        expected = frames(open_ledger(settings))
        for path in tmp_path.glob(f"*{suffix}"):
            path.write_bytes(b"torn")
        for name, frame in frames(open_ledger(settings)).items():
            pd.testing.assert_frame_equal(frame, expected[name], check_exact=True, obj=name)


def test_nothing_is_kept_outside_a_run_nor_of_faulty_data(settings: Path, tmp_path: Path) -> None:
    open_ledger(settings)
    assert {path.name for path in settings.parent.iterdir() if path.is_file()} == {*FILES, settings.name}
    (settings.parent / "a.csv").write_text("name\nAldwick\n")
    kept = tmp_path / "kept"
    kept.mkdir()
    for _ in range(2):
        with kept_in(kept), pytest.raises(DataError, match="account_id"):
            open_ledger(settings)


def test_what_is_kept_goes_straight_into_its_file_and_out_of_it(tmp_path: Path) -> None:
    """Tracemalloc counts NumPy's memory and bytes: neither way is there a second copy beside the frame."""
    frame, path = pd.DataFrame(np.random.default_rng(1).random((500_000, 4))), tmp_path / "kept.pickle"
    size = frame.memory_usage().sum()
    tracemalloc.start()
    try:
        opened_once.keep(path, frame)
        assert tracemalloc.get_traced_memory()[1] < size / 4
        tracemalloc.reset_peak()
        found = opened_once.taken(path)
        assert tracemalloc.get_traced_memory()[1] < 1.25 * size
    finally:
        tracemalloc.stop()
    pd.testing.assert_frame_equal(found, frame)
    assert [each.name for each in tmp_path.iterdir()] == ["kept.pickle"]


def test_texts_are_kept_as_they_are_held_and_not_copied_first(tmp_path, monkeypatch):
    frame = pd.DataFrame({"name": pd.Series([f"Customer {n}" for n in range(1000)] + [None], dtype="str")})

    def copied(array: object) -> None:
        raise AssertionError("a copy of every text, and all of them stand until the last one is written")

    monkeypatch.setattr(pd.arrays.ArrowStringArray, "__getstate__", copied)
    opened_once.keep(tmp_path / "kept.pickle", frame)
    monkeypatch.undo()
    pd.testing.assert_frame_equal(opened_once.taken(tmp_path / "kept.pickle"), frame)


def test_a_part_of_a_column_is_kept_without_the_rest(tmp_path):
    names = pd.Series([f"Customer {n}" for n in range(10_000)], dtype="str")
    opened_once.keep(tmp_path / "kept.pickle", names.iloc[5:8])
    assert (tmp_path / "kept.pickle").stat().st_size < 5_000
    pd.testing.assert_series_equal(opened_once.taken(tmp_path / "kept.pickle"), names.iloc[5:8])
