"""The sample's story and two public sets: who is quiet, who is lost, and where nothing can be said."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kam_analysis.analysis import churn
from kam_analysis.analysis import segments as key
from kam_analysis.ledger import open_ledger

REAL = Path(__file__).parents[2] / "real_data"
KELSO, QUARRIX, TRESSEL, ALDERMOOR = "0011700", "0011800", "0010200", "0010100"


def looks(ledger, days=(), rules=None):
    """As the notebook asks the ledger about past days."""
    first, rules = ledger.overview.first, rules or churn.rules_for(ledger.overview.first, ledger.as_of)
    found = []
    for day in days or churn.snapshot_days(first, ledger.as_of, rules):
        then = ledger.at(day, "last_12_months")
        now = then.by_account(measures=["revenue"])
        standing = key.circumstances(then.habits(), then.traits(), now)
        months = then.month_statistics(measure="revenue")
        talks = [ledger.table(name) for name in ("interactions", "feedback")]
        contracts = ledger.table("contracts") if ledger.has("contracts") else None
        found.append(
            churn.snapshot(
                day, standing, key.lifecycle(standing), months, now, contracts, talks, ledger.master.roots, rules=rules
            )
        )
    return found


@pytest.fixture(scope="module")
def lindmark():
    ledger = open_ledger()
    return ledger, looks(ledger)


def test_kelso_is_undecided_or_unseen_and_quarrix_lost(lindmark):
    found, past = churn.history(lindmark[1]), lindmark[1]
    rows = found.rows.set_index("account_id")
    assert rows.loc[QUARRIX, "lost"]
    assert KELSO not in rows.index
    assert found.losses == rows["lost"].sum() == 8
    today = past[-1].set_index("account_id")
    assert (today.loc[KELSO, "quiet"], today.loc[KELSO, "lost"], today.loc[QUARRIX, "lost"]) == (True, False, True)


def test_the_samples_figures_and_what_they_rest_on(lindmark):
    ledger, past = lindmark
    found = churn.history(past)
    average = churn.average(found, quiet=False)
    assert churn.fit(found).reason == "8 accounts were lost in the past that can be watched, fewer than 10"
    assert (average.losses, average.accounts) == (8, 225)
    ends = churn.renewals(ledger.table("contracts"), past[-1], ledger.as_of, ledger.master.roots)
    assert ALDERMOOR in set(ends.ending["account_id"])
    told = churn.probabilities(past[-1], ledger.traits(), ends, None, average).set_index("account_id")
    assert told.loc[[ALDERMOOR, TRESSEL], "probability"].tolist() == [0.16, 0.35]
    assert told.loc[[ALDERMOOR, KELSO, QUARRIX], "basis"].tolist() == ["your figure", "company average", "lost"]
    assert told["probability"].between(0, 1).all()


def test_the_samples_one_test_is_of_the_average(lindmark):
    ledger, past = lindmark
    rules = churn.rules_for_test(ledger.overview.first, ledger.as_of)
    found = churn.backtest(past, np.random.default_rng(2026), rules)
    assert (len(found.tests), found.inside, found.tests["fitted"].any()) == (1, 1, False)
    assert found.tests["lost"].tolist() == [4]


def test_eight_of_nine_silent_classicmodels_customers_ordered_again(real_data):
    """Silent for all of 2004, at its beginning 74 customers: not one is called lost, or kept."""
    ledger = open_ledger(REAL / "classicmodels.toml")
    days = [date(2003, 12, 31), date(2004, 12, 31), date(2005, 5, 31)]
    then, year, end = looks(ledger, days, churn.rules_for(ledger.overview.first, ledger.as_of))
    silent = year.loc[year["silence"] >= 365, "account_id"]
    assert (len(then), len(silent)) == (74, 9)
    again = end[end["account_id"].isin(silent) & (end["last_day"] > pd.Timestamp(days[1]))]
    assert len(again) == 8
    found = churn.history([then, year], churn.Rules(follow_months=0, step_months=12))
    assert not found.rows["lost"].any()
    assert not set(silent) & set(found.rows["account_id"])
    assert found.unseen + len(found.rows) + len(found.undecided) == 74


def test_a_year_of_online_retail_is_too_short_for_any_figure(real_data):
    ledger = open_ledger(REAL / "online_retail.toml")
    past = looks(ledger)
    found = churn.history(past)
    assert len(past) == 1
    assert "too short" in found.reason
    assert (churn.average(found), churn.fit(found).model) == (None, None)
    assert set(churn.probabilities(past[-1])["basis"]) == {"not assessed"}
    assert "too short" in churn.backtest(past, np.random.default_rng(1)).reason
