"""The sample's story and three public sets: who is quiet, who is lost, who may leave, and what a past day tells of it."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kam_analysis.analysis import churn
from kam_analysis.analysis import segments as key
from kam_analysis.ledger import open_ledger

REAL = Path(__file__).parents[2] / "real_data"
KELSO, QUARRIX, TRESSEL, ALDERMOOR, OAKHURST = "0011700", "0011800", "0010200", "0010100", "0010400"


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


@pytest.fixture(scope="module")
def told(lindmark):
    ledger, past = lindmark
    days = churn.past_days(past, churn.rules_for(ledger.overview.first, ledger.as_of))
    return days, churn.told(days)


def test_the_samples_figures_and_what_they_rest_on(lindmark, told):
    ledger, past = lindmark
    ends = churn.renewals(ledger.table("contracts"), past[-1], ledger.as_of, ledger.master.roots)
    assert ALDERMOOR in set(ends.ending["account_id"])
    found = churn.probabilities(past[-1], ledger.traits(), ends, told[1]).set_index("account_id")
    assert found.loc[[ALDERMOOR, TRESSEL], "probability"].tolist() == [0.16, 0.35]
    assert found.loc[[ALDERMOOR, KELSO, QUARRIX], "basis"].tolist() == ["your figure", "from its own rhythm", "lost"]
    assert found["probability"].between(0, 1).all()
    assert found["probability"].nunique() > 200, "an answer for each account"
    assert (found["why"] != "").all()


def test_kelso_is_likely_gone_and_oakhurst_with_one_empty_month_is_not(lindmark, told):
    past = lindmark[1]
    found = churn.probabilities(past[-1], told=told[1]).set_index("account_id")
    assert found.loc[KELSO, "probability"] > 0.75
    assert found.loc[KELSO, "alive"] < 0.2
    assert found.loc[KELSO, "why"] == "silent for 639 days; its longest gap was 419"
    assert found.loc[OAKHURST, "probability"] < 0.1
    assert found.loc[OAKHURST, "alive"] > 0.99


def test_the_samples_tests_are_of_each_account(told):
    days, said = told
    found = churn.backtest(days, np.random.default_rng(2026))
    assert [f"{day:%Y-%m-%d}" for day in found.tests["day"]] == ["2024-09-18", "2025-09-18"]
    assert set(found.tests["basis"]) == {"from its own rhythm"} == {said.basis}
    assert found.tests["lost"].round().tolist() == [9, 5]
    assert ((found.tests["low"] <= found.tests["lost"]) & (found.tests["lost"] <= found.tests["high"])).all()


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


@pytest.mark.parametrize(("name", "tests"), [("classicmodels", 1), ("online_retail", 0), ("wide_world_importers", 2)])
def test_every_public_set_has_an_answer_for_each_account_and_tests_where_it_is_long_enough(real_data, name, tests):
    ledger = open_ledger(REAL / f"{name}.toml")
    past = looks(ledger)
    days = churn.past_days(past, churn.rules_for(ledger.overview.first, ledger.as_of))
    said = churn.told(days)
    found = churn.probabilities(past[-1], told=said)
    bought = churn.bought_by_days(past[-1])
    assert set(found.loc[bought, "basis"]) <= {"from its own rhythm", "from your history", "lost"}
    assert found.loc[bought, "probability"].nunique() > 20
    tested = churn.backtest(days, np.random.default_rng(1))
    assert len(tested.tests) == tests
    assert (tested.reason == "") is (tests > 0)
