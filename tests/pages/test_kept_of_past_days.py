"""What is kept of the accounts as they were on past days, beside all of it made anew from the ledger."""

import sys

import pandas as pd
import pytest

import kam_analysis as kam
from kam_analysis.analysis import churn
from kam_analysis.pages.churn_impact.who_may_leave import who_may_leave


@pytest.fixture(scope="module")
def ledger():
    return kam.open_ledger()


@pytest.fixture(scope="module")
def usual(ledger):
    return who_may_leave(ledger)


def test_the_best_year_is_the_largest_of_the_years_before_all_days(ledger, usual):
    days = churn.snapshot_days(ledger.overview.first, ledger.as_of, rules=usual.rules)
    assert len(days) > 2
    years = [ledger.at(day, "last_12_months").by_account(measures=["revenue"]) for day in days]
    best = pd.concat(years).groupby("account_id")["revenue"].max().clip(lower=0)
    kept = pd.Series(usual.best_year.to_numpy(), index=usual.today["account_id"])
    pd.testing.assert_series_equal(kept.clip(lower=0), best.reindex(kept.index).fillna(0.0), check_names=False)
    gone = usual.perhaps_gone
    assert len(gone)
    assert gone["best_year"].tolist() == best[gone["account_id"]].tolist() == sorted(gone["best_year"], reverse=True)


def test_of_very_many_accounts_days_hold_some_and_averages_count_all(ledger, usual, monkeypatch):
    """The company average counts every account; the rhythm rests on as many as it is learnt from."""
    for name in ("past_days", "rhythm"):
        monkeypatch.setattr(sys.modules[f"kam_analysis.analysis.churn.{name}"], "MOST_ACCOUNTS", 60)
    found = who_may_leave(ledger)
    assert found.average == usual.average
    assert max(len(each.snapshot) for each in found.days.days) == 60 < len(found.today) == len(usual.today)
    pd.testing.assert_series_equal(found.best_year, usual.best_year)
    cells = sum(each.snapshot.size for each in found.days.days) + found.today.size
    assert cells < 60 * len(found.days.days) * 30 + 4 * len(found.today)
