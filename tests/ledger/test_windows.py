"""Windows that overlap come from one pass; each is held against a query of its own."""

from datetime import date

import pandas as pd
import pytest

from kam_analysis.ledger import open_ledger
from kam_analysis.ledger.engine.windows import Window
from kam_analysis.ledger.settings.period import Period


@pytest.fixture(scope="module")
def ledger():
    return open_ledger()


def alone(ledger, window):
    """The window's sums from the days themselves, as if no other window were asked for."""
    frame = ledger._sums.by({"account_id": "account_id"}, window.measures, window.first, window.last)
    return frame.sort_values("account_id", ignore_index=True)


def test_every_usual_window_is_what_its_own_query_gives(ledger):
    usual = ledger._kept.windows
    assert len(usual) == 5
    for window in usual:
        found = window.frame(ledger._kept.usual, ["account_id"], window.measures)
        found = found.sort_values("account_id", ignore_index=True)
        wanted = alone(ledger, window)[list(found.columns)]
        pd.testing.assert_frame_equal(found, wanted, atol=1e-9)


def test_windows_of_any_kind_side_by_side(ledger):
    """A day, days before all data, and windows that share an end with another."""
    windows = [
        Window(date(2026, 3, 3), date(2026, 3, 3), ("revenue",)),
        Window(date(2020, 1, 1), date(2023, 12, 31), ("quantity", "revenue")),
        Window(date(2024, 1, 1), date(2026, 3, 3), ("margin",)),
        Window(date(2024, 1, 1), date(2024, 12, 31), ("margin", "revenue")),
    ]
    sums = ledger._sums.by_account(windows)
    for window in windows:
        found = window.frame(sums, ["account_id"], window.measures).sort_values("account_id", ignore_index=True)
        pd.testing.assert_frame_equal(found, alone(ledger, window)[list(found.columns)], atol=1e-9)


def test_the_rest_is_told_for_the_period_and_its_measure(ledger):
    own = ledger._kept.windows[0]
    assert own.rest == "revenue"
    assert own.covers(own.first, own.last, ("revenue",), rest=True)
    assert own.covers(own.first, own.last, ("margin",), rest=False)
    assert not own.covers(own.first, own.last, ("margin",), rest=True)
    # Asked for margin all the same, the reconciliation adds up.
    parts = ledger.reconciliation(measure="margin")
    whole = parts.in_shares + parts.without_account + parts.set_aside + parts.excluded + parts.rounding
    assert parts.total == pytest.approx(whole)
    assert parts.total == pytest.approx(ledger._sums.total("margin", ledger.period.first, ledger.period.last))


def test_a_window_that_is_not_usual_is_asked_for_alone(ledger):
    days = Period(date(2025, 2, 1), date(2025, 2, 28), "February")
    found = ledger.by_account(days, level="legal_entity", measures=["revenue"])
    by_months = ledger.by_account_month(found["account_id"], days, level="legal_entity")
    assert found["revenue"].sum() == pytest.approx(by_months["revenue"].sum())


def test_columns_with_and_without_a_missing_value_have_one_type(ledger):
    """Arrow's columns go to pandas as they are: text as str, days as days, whether or not one is missing."""
    accounts, contracts = ledger.table("accounts"), ledger.table("contracts")
    assert accounts["left_on"].isna().any()
    assert accounts["left_on"].dtype == contracts["ends_on"].dtype == "datetime64[s]"
    assert accounts["industry"].isna().any()
    assert accounts["industry"].dtype == accounts["account_id"].dtype == "str"
    assert accounts["satisfaction"].dtype == "float64"
