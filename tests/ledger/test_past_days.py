"""A ledger at a past day against the data cut off at that day and opened anew."""

from datetime import date

import pandas as pd
import pytest

from kam_analysis.errors import DataError, SettingsError
from kam_analysis.ledger import Ledger, open_ledger

SETTINGS = (
    '[tables.transactions]\nfile = "t.csv"\n[tables.accounts]\nfile = "a.csv"\n[measures.visits]\ncolumn = "visits"\n'
)
ROWS = [
    f"{account},{day:%Y-%m-%d},{10 + number % 7},{4 + number % 3},{number % 5}\n"
    for account, every in (("A", 4), ("B", 40), ("C", 150))
    for number, day in enumerate(pd.date_range("2023-01-03", "2025-12-20", freq=f"{every}D"))
]
ACCOUNTS = "account_id,parent_id,left_on\nA,,\nB,A,\nC,,2025-06-30\n"
DAY = date(2024, 12, 31)


@pytest.fixture(scope="module")
def today(tmp_path_factory):
    return opened(tmp_path_factory.mktemp("today"), ROWS)


def opened(folder, rows, **more):
    (folder / "t.csv").write_text("account_id,date,revenue,cost,visits\n" + "".join(rows))
    (folder / "a.csv").write_text(ACCOUNTS)
    (folder / "kam.toml").write_text(SETTINGS)
    return open_ledger(folder / "kam.toml", **more)


def frames(ledger):
    return {
        "habits": ledger.habits(),
        "accounts": ledger.by_account(measures=["revenue", "margin"]),
        "statistics": ledger.month_statistics(),
        "months": ledger.by_month(),
        "traits": ledger.traits(),
    }


def test_frames_of_a_past_day_are_those_of_the_data_cut_off_there(today, tmp_path):
    cut = opened(tmp_path, [row for row in ROWS if row.split(",")[1] <= str(DAY)], as_of=DAY)
    found, expected = frames(today.at(DAY)), frames(cut)
    for name, frame in expected.items():
        pd.testing.assert_frame_equal(found[name], frame, obj=name)
    assert found["traits"]["left_on"].isna().all()


@pytest.mark.parametrize("day", [DAY, date(2024, 12, 1), date(2025, 3, 17), date(2023, 1, 31)])
def test_months_of_a_past_day_are_those_of_today_s_table_and_fill_no_table_of_their_own(tmp_path, day):
    ledger, cut = opened(tmp_path, ROWS), opened(tmp_path, ROWS, as_of=day)
    ledger.month_statistics()
    then = ledger.at(day)
    for asked in (Ledger.month_statistics, Ledger.by_month, Ledger.rolling, lambda each: each.by_account_month(None)):
        pd.testing.assert_frame_equal(asked(then), asked(cut))
    held = [name for name in ledger._inspection.connection._duck.list_tables() if "months_" in name]
    assert len(held) == 1


def test_of_the_master_as_little_as_is_asked_for(today):
    found = today.traits(only=("left_on", "customer_since"))
    pd.testing.assert_frame_equal(found, today.traits()[["account_id", "left_on"]])
    assert found["left_on"].notna().sum() == 1


def test_the_ledger_stays_what_it_was_after_looking_back(today):
    before = frames(today)
    for day in (DAY, today.as_of):
        frames(today.at(day))
    for name, frame in frames(today).items():
        pd.testing.assert_frame_equal(frame, before[name], obj=name)


def test_months_of_two_measures_on_the_same_day_do_not_mix(tmp_path):
    ledger = opened(tmp_path, ROWS)
    revenue = ledger.month_statistics()
    then = ledger.at(ledger.as_of)
    visits = then.month_statistics(measure="visits")
    pd.testing.assert_frame_equal(ledger.month_statistics(), revenue)
    pd.testing.assert_frame_equal(ledger.at(ledger.as_of).month_statistics(measure="visits"), visits)
    assert visits["amount"].sum() != revenue["amount"].sum()


def test_measure_and_period_stay_and_a_period_can_be_given(tmp_path):
    ledger = opened(tmp_path, ROWS, period="all", measure="visits")
    then = ledger.at(DAY)
    assert (then.measure, then.period.last, then.period.first) == ("visits", DAY, date(2023, 1, 3))
    assert ledger.at(DAY, "last_12_months").period.first == date(2024, 1, 1)


def test_days_that_are_not_past_are_refused(today):
    with pytest.raises(ValueError, match="expected one up to the as-of date 2025-12-1"):
        today.at(date(2026, 1, 1))
    with pytest.raises(DataError, match="before the first transaction"):
        today.at(date(2022, 12, 31))
    with pytest.raises(SettingsError, match="begins on 2025"):
        today.at(DAY, "2025")
