"""Each account's own rhythm held against the past: simulated companies whose truth is known, and the sample's Kelso."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from kam_analysis.analysis import churn


@pytest.fixture(scope="module")
def found(company_days):
    return churn.own_rhythm(company_days)


@pytest.fixture(scope="module")
def today(company_past):
    return company_past[-1]


def test_the_correction_is_learnt_on_the_two_latest_past_days(found):
    assert [str(day.date()) for day in found.days] == ["2022-12-29", "2023-12-29"]
    assert found.source.startswith("purchase days of 298 accounts; corrected by 2022-12-29 and 2023-12-29, when ")
    assert found.coefficients.shape == (2,)
    assert found.coefficients[1] > 0


def test_its_log_loss_is_below_that_of_one_average_for_all(company, today, found):
    there = today[~today["lost"]]
    stops = company.stops.reindex(there["account_id"])
    left = (stops <= pd.Timestamp(company.as_of) + pd.Timedelta(days=365)).to_numpy()
    told = found.leaving(there)
    raw = churn.leaving(there, found.rhythm)
    assert churn.log_loss(told.leave, left) < churn.log_loss(np.full(len(left), left.mean()), left)
    assert churn.log_loss(told.leave, left) <= churn.log_loss(raw.leave, left) + 0.005


def test_ranges_widen_by_the_correction(today, found):
    (low, high), (least, most) = found.leaving(today).interval(), churn.leaving(today, found.rhythm).interval()
    assert np.median(np.log(high / low)) > np.median(np.log(most / least))


def test_the_correction_is_as_unsure_as_the_past_days_rhythms(company_days, found):
    """Learnt anew with each past day's rhythm half a deviation off to both sides, source by source: the same spread."""
    sure = [
        replace(each, rhythm=replace(each.rhythm, covariance=each.rhythm.covariance * 1e-18))
        for each in company_days.days
    ]
    spread = churn.own_rhythm(replace(company_days, days=tuple(sure))).covariance.copy()
    for at in (-3, -2):
        rhythm = company_days.days[at].rhythm
        for source in np.linalg.cholesky(rhythm.covariance).T:
            ends = []
            for by in (-0.5, 0.5):
                r, alpha, a, b = np.exp(rhythm.logs + by * source)
                days = list(sure)
                days[at] = replace(sure[at], rhythm=replace(sure[at].rhythm, r=r, alpha=alpha, a=a, b=b))
                ends.append(churn.own_rhythm(replace(company_days, days=tuple(days))).coefficients)
            spread += np.outer(ends[1] - ends[0], ends[1] - ends[0])
    assert np.sqrt(np.diag(found.covariance)) == pytest.approx(np.sqrt(np.diag(spread)), rel=0.1)
    assert (
        np.diag(found.covariance) > 1.02 * np.diag(churn.own_rhythm(replace(company_days, days=tuple(sure))).covariance)
    ).any()


def test_without_past_days_nothing_is_corrected_and_ranges_are_wider(today, company_days):
    alone = churn.own_rhythm(replace(company_days, days=company_days.days[-1:]))
    assert (alone.days, alone.said, alone.came) == ((), 0.0, 0.0)
    assert alone.source == "purchase days of 298 accounts; not yet tested on past days"
    assert alone.leaving(today).leave == pytest.approx(churn.leaving(today, alone.rhythm).leave)
    assert (alone.leaving(today).interval()[1] >= churn.leaving(today, alone.rhythm).interval()[1]).all()


def test_without_a_day_nothing_is_told():
    assert churn.own_rhythm(churn.PastDays((), churn.Rules())) is None


@pytest.mark.parametrize(
    ("purchases", "silence", "longest", "said"),
    [
        (1, 190, np.nan, "bought once, 190 days ago"),
        (2, 40, 300, "last bought 40 days ago; bought twice, 300 days apart"),
        (10, 639, 419, "silent for 639 days; its longest gap was 419"),
        (380, 0, 34, "last bought today; its longest gap was 34"),
        (5, 1, 1200, "last bought a day ago; its longest gap was 1,200"),
    ],
)
def test_reasons_in_words_are_never_empty(found, today, purchases, silence, longest, said):
    one = today.head(1).assign(purchase_days=purchases, silence=float(silence), longest_gap=longest)
    assert found.reasons(one) == [said]


def test_accounts_that_left_are_told_apart_from_those_that_stay(company, today, found):
    gone = (company.stops.reindex(today["account_id"]) <= pd.Timestamp(company.as_of)).to_numpy()
    told = found.leaving(today)
    assert told.alive[gone].mean() < 0.15
    assert told.alive[~gone].mean() > 0.9
