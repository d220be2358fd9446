"""Totals by year and by quarter: read, said, told for whole ones only, and nothing told that needs months."""

import math
from pathlib import Path

import pytest

from kam_analysis.errors import DataError, SettingsError
from kam_analysis.exports import inspect_export, write_settings
from kam_analysis.ledger import open_ledger
from kam_analysis.ledger.opening import check

ENGLISH = """Customer,2023,2024,2025
Aldwick Mills,"1,000.00","1,100.00","2,000.50"
Bexhill Foundry,500.00,500.00,
Corran,,,400.00
Total,"1,500.00","1,600.00","2,400.50"
"""
GERMAN = """Kunde;Jahr;Quartal;Umsatz
Aldwick;2024;Q1;100,00
Aldwick;2024;Q4;1.200,50
Bexhill;2024;Q2;50,00
Aldwick;2025;Q1;300,00
Bexhill;2025;Q1;700,25
Bexhill;2025;Q2;10,00
"""
FRENCH = """Client;Exercice;CA HT
Aldwick;2024;1000,00
Bexhill;2024;250,00
Aldwick;2025;1 500,00
Corran;2025;60,50
"""
# All data by customer, the last year, the year before it.
CASES = {
    "years across": (ENGLISH, {"Aldwick Mills": 4100.5, "Bexhill Foundry": 1000.0, "Corran": 400.0}, {"Aldwick Mills": 2000.5, "Corran": 400.0}, {"Aldwick Mills": 1100.0, "Bexhill Foundry": 500.0}),
    "quarters in German": (GERMAN, {"Aldwick": 1600.5, "Bexhill": 760.25}, {"Aldwick": 1500.5, "Bexhill": 710.25}, None),
    "a column of years in French": (FRENCH, {"Aldwick": 2500.0, "Bexhill": 250.0, "Corran": 60.5}, {"Aldwick": 1500.0, "Corran": 60.5}, {"Aldwick": 1000.0, "Bexhill": 250.0}),
}  # fmt: skip


def settings_of(folder: Path, text: str) -> Path:
    (folder / "export.csv").write_text(text, encoding="utf-8")
    guess = inspect_export(folder / "export.csv")
    assert not guess.questions, guess.questions
    assert any("nothing that needs months" in said for said in guess.said), guess.said
    return write_settings(guess)


def sums(ledger, period=None):
    frame = ledger.by_account(period)
    return {key: value for key, value in zip(frame["account_id"], frame["revenue"], strict=True) if value}


@pytest.mark.parametrize("case", CASES)
def test_totals_are_told_for_the_last_year_and_the_year_before(tmp_path: Path, case: str) -> None:
    text, everything, last, before = CASES[case]
    ledger = open_ledger(settings_of(tmp_path, text))
    assert sums(ledger, ledger.period_of("all")) == everything
    assert sums(ledger) == last
    assert (sums(ledger, ledger.year_before()) if ledger.year_before() else None) == before


@pytest.mark.parametrize("case", CASES)
def test_the_check_passes_with_one_warning_that_names_what_is_left_off(tmp_path: Path, case: str) -> None:
    [warning] = check(settings_of(tmp_path, CASES[case][0]))
    assert warning.severity == "warning"
    assert "what needs months is not assessed: steadiness, the trend by month, silence and rhythm" in warning.rule


def test_no_month_is_invented(tmp_path: Path) -> None:
    ledger = open_ledger(settings_of(tmp_path, ENGLISH))
    assert not ledger.told_by_month
    assert ledger.period.label == "2025"
    assert not ledger.by_month()["complete"].any()
    assert ledger.month_statistics().empty
    assert ledger.rolling().empty
    habits = ledger.habits().set_index("account_id")
    assert habits["mean_gap"].isna().all()
    assert habits["purchase_days"].isna().all()
    assert "orders" not in habits
    assert habits["silence"].to_dict() == {"Aldwick Mills": 0, "Bexhill Foundry": 365, "Corran": 0}


@pytest.mark.parametrize("period", ["2025-01-01/2025-06-30", "2024-07-01/2025-06-30", "2024-07-01/2025-12-31"])
def test_a_period_that_cuts_a_total_is_refused(tmp_path: Path, period: str) -> None:
    with pytest.raises(SettingsError, match=r'totals by year, and .* cuts one; choose whole ones, such as "2025"'):
        open_ledger(settings_of(tmp_path, ENGLISH), period=period)


def test_a_fiscal_year_that_ends_elsewhere_is_refused_and_no_control_is_held_against_it(tmp_path: Path) -> None:
    path = settings_of(tmp_path, ENGLISH)
    path.write_text(path.read_text() + "[fiscal]\nyear_starts = 4\n[control]\nrevenue = { 2025 = 2400.5 }\n")
    ledger = open_ledger(path)
    assert ledger.controls() == []
    with pytest.raises(SettingsError, match="cuts one"):
        ledger.period_of("2025")


@pytest.mark.parametrize(
    ("as_of", "expected"), [("2025-06-30", 1600.0), ("2025-12-31", 2400.5), ("2026-03-31", 2400.5)]
)
def test_a_day_within_a_year_shows_the_year_that_had_ended(tmp_path: Path, as_of: str, expected: float) -> None:
    ledger = open_ledger(settings_of(tmp_path, ENGLISH), as_of=as_of)
    assert math.isclose(sum(sums(ledger).values()), expected)


def test_totals_on_uneven_days_are_an_error(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("account_id,date,revenue\nA,2024-06-30,5\nA,2025-12-31,6\n")
    (tmp_path / "kam.toml").write_text('[tables.transactions]\nfile = "t.csv"\ngrain = "year"\n')
    with pytest.raises(DataError, match=r"each dated on its last day, a whole year apart.*2024-06-30"):
        open_ledger(tmp_path / "kam.toml")


def test_years_that_end_on_another_day_are_whole_on_that_day(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("account_id,date,revenue\nA,2024-02-29,5\nA,2025-02-28,6\nB,2025-02-28,7\n")
    (tmp_path / "kam.toml").write_text('[tables.transactions]\nfile = "t.csv"\ngrain = "year"\n')
    ledger = open_ledger(tmp_path / "kam.toml")
    assert sums(ledger) == {"A": 6.0, "B": 7.0}
    assert sums(ledger, ledger.year_before()) == {"A": 5.0}
