"""What the reports of one run share: asked once, the same afterwards, and never a reason to fail."""

import pandas as pd
import pytest

import kam_analysis as kam
from kam_analysis.pages import shelf

calls: list[float] = []


@shelf.shelved
def collect(ledger, *, factor: float = 1.0) -> float:
    calls.append(factor)
    return float(factor * ledger.by_account()["revenue"].sum())


@pytest.fixture
def ledger():
    calls.clear()
    days = pd.to_datetime(["2025-01-02", "2025-06-02"])
    return kam.open_ledger(pd.DataFrame({"account_id": ["A", "B"], "date": days, "revenue": [3.0, 4.0]}))


def test_outside_a_run_nothing_is_kept(ledger, monkeypatch):
    monkeypatch.delenv(shelf.FOLDER, raising=False)
    assert [collect(ledger), collect(ledger)] == [7.0, 7.0]
    assert calls == [1.0, 1.0]


def test_in_a_run_the_same_question_is_computed_once_and_another_anew(ledger, tmp_path, monkeypatch):
    monkeypatch.setenv(shelf.FOLDER, str(tmp_path))
    assert [collect(ledger), collect(ledger), collect(ledger, factor=2.0)] == [7.0, 7.0, 14.0]
    assert collect(ledger.asked(period="2025-01-01/2025-03-31")) == 3.0
    assert calls == [1.0, 2.0, 1.0]


def test_what_cannot_be_read_or_written_is_computed(ledger, tmp_path, monkeypatch):
    monkeypatch.setenv(shelf.FOLDER, str(tmp_path))
    collect(ledger)
    [kept] = tmp_path.iterdir()
    kept.write_bytes(kept.read_bytes()[:5])
    assert collect(ledger) == 7.0
    monkeypatch.setenv(shelf.FOLDER, str(tmp_path / "gone"))
    assert collect(ledger) == 7.0
    assert len(calls) == 3


def test_what_has_no_name_is_not_kept_and_is_no_failure(ledger, tmp_path, monkeypatch):
    monkeypatch.setenv(shelf.FOLDER, str(tmp_path))
    nameless = shelf.shelved(lambda ledger: lambda: 3)
    assert nameless(ledger)() == 3
    assert list(tmp_path.iterdir()) == []
