"""In a run a PostgreSQL database is looked through once: every report has the same customers and the same last day."""

from pathlib import Path
from unittest.mock import Mock

import pandas as pd
import pytest
from one_company import accounts, postgres, transactions, write_settings

from kam_analysis.ledger import open_ledger
from kam_analysis.ledger.checks import inspection, read_once
from kam_analysis.ledger.engine.opened_once import kept_in

psycopg = pytest.importorskip("psycopg")


def test_what_was_seen_of_a_database_is_taken_over_and_its_rows_are_asked_there(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = postgres(postgres_url, "once")
    monkeypatch.setenv("KAM_TEST_URL", engine.url)
    path = write_settings(tmp_path, engine, {"transactions": transactions("typed"), "accounts": accounts()})
    expected = open_ledger(path)
    kept = tmp_path / "kept"
    kept.mkdir()
    with kept_in(kept):
        first = open_ledger(path)
        refuse = Mock(side_effect=AssertionError("looked through again"))
        monkeypatch.setattr(read_once, "scan", refuse)
        monkeypatch.setattr(inspection, "_small_table", refuse)
        again = open_ledger(path)
        for other in (first, again):
            assert (other.overview, other.warnings, other.fingerprint) == (
                expected.overview, expected.warnings, expected.fingerprint
            )  # fmt: skip
            pd.testing.assert_frame_equal(other.by_account(), expected.by_account(), check_exact=True)
            pd.testing.assert_frame_equal(other.table("accounts"), expected.table("accounts"), check_exact=True)
        with psycopg.connect(postgres_url, autocommit=True) as database:
            database.execute("insert into once.transactions (account_id, date, revenue) values ('A', '2026-11-01', 5)")
        assert open_ledger(path).overview == expected.overview
    for file in kept.iterdir():
        assert "127.0.0.1" not in file.name
    monkeypatch.undo()
    monkeypatch.setenv("KAM_TEST_URL", engine.url)
    assert open_ledger(path).overview.rows == expected.overview.rows + 1
