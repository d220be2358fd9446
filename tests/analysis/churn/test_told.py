"""The rhythm alone, or other signals on top: what wins on past days is told, and why."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from kam_analysis.analysis import churn


@pytest.fixture(scope="module")
def shouting(company, company_days):
    """The same company, in which whoever is about to leave complains beforehand; the rhythm does not read that."""

    def complained(each):
        goes = company.stops.reindex(each["account_id"]).to_numpy() <= each["day"].iloc[0] + pd.DateOffset(months=12)
        rng = np.random.default_rng(each["day"].iloc[0].year)
        return each.assign(complaints=np.where(goes, rng.integers(2, 6, len(each)), rng.integers(0, 2, len(each))))

    days = tuple(replace(each, snapshot=complained(each.snapshot)) for each in company_days.days)
    return replace(company_days, days=days)


def test_signals_that_told_better_on_past_days_are_told(shouting):
    found = churn.told(shouting)
    assert (found.basis, found.reason) == ("from your history", "")
    assert "complaints" in [each.column for each in found.own.signals.features]
    assert found.tests >= 2
    assert found.unknown == ("contract_share",)


def test_the_winner_is_nearer_to_the_truth(company, shouting):
    there = shouting.days[-1].there
    left = (
        company.stops.reindex(there["account_id"]) <= pd.Timestamp(company.as_of) + pd.DateOffset(months=12)
    ).to_numpy()
    ours, plain = churn.told(shouting).own.leaving(there).leave, churn.own_rhythm(shouting).leaving(there).leave
    assert churn.log_loss(ours, left) < 0.8 * churn.log_loss(plain, left)


def test_signals_of_chance_do_not_win(company_days):
    rng = np.random.default_rng(3)
    days = tuple(
        replace(each, snapshot=each.snapshot.assign(complaints=rng.integers(0, 4, len(each.snapshot))))
        for each in company_days.days
    )
    only = tuple(each for each in churn.FEATURES if each.column == "complaints")
    found = churn.told(replace(company_days, days=days), only)
    assert found.basis == "from its own rhythm"
    assert found.reason
    assert not found.own.signals.features


@pytest.mark.parametrize(
    ("days", "said"), [(1, "0 customers left on the past days"), (2, "too short a history to test")]
)
def test_where_no_past_day_tests_them_the_rhythm_stands(shouting, days, said):
    found = churn.told(replace(shouting, days=shouting.days[-days:]))
    assert found.basis == "from its own rhythm"
    assert found.reason.startswith(said)
    assert found.tests == 0
