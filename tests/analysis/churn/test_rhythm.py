"""The rhythm model: as published on CDNOW, parameters from simulated truth, the likelihood by integration."""

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import approx_fprime
from scipy.special import gammaln, roots_jacobi
from scipy.stats import gamma

from kam_analysis.analysis.churn import rhythm
from kam_analysis.analysis.churn.rhythm import Purchases, fit_rhythm

LOGS = np.log([0.8, 25.0, 0.7, 6.0])
FEW = Purchases([0, 0, 1, 3, 12], [0, 0, 40, 200, 300], [5, 400, 60, 600, 310], [0, 0, 3.7, 12.4, 38.0])


@pytest.fixture(scope="module")
def cdnow(real_data):
    """The one-tenth sample: 2,357 customers who first bought in early 1997, repeats and weeks to its week 39.

    The package lifetimes (0.11.3 on PyPI) ships it as lifetimes/datasets/cdnow_customers_summary.csv.
    """
    path = real_data / "cdnow" / "customers.csv"
    if not path.exists():
        pytest.skip("the real exports hold no cdnow/customers.csv (of lifetimes: ID, frequency, recency, T)")
    rows = pd.read_csv(path)
    return Purchases(rows["frequency"], rows["recency"], rows["T"], np.zeros(len(rows)))


def test_bg_nbd_on_cdnow_is_as_fader_hardie_and_lee_published(cdnow):
    found = fit_rhythm(cdnow, steps=(1,), prior=None, leaves_at_first=False)
    assert len(cdnow) == 2357
    assert [round(each, 3) for each in (found.r, found.alpha, found.a, found.b)] == [0.243, 4.414, 0.793, 2.426]
    assert found.log_likelihood == pytest.approx(-9582.4, abs=0.05)


def test_mbg_nbd_on_cdnow_is_as_btydplus_prints(cdnow):
    found = fit_rhythm(cdnow, steps=(1,), prior=None)
    assert [found.r, found.alpha, found.a, found.b] == pytest.approx([0.525, 6.18, 0.89, 1.61], abs=0.01)


def test_the_prior_moves_nothing_where_there_are_thousands(cdnow):
    free, held = fit_rhythm(cdnow, (1,), None), fit_rhythm(cdnow, (1,))
    assert held.logs == pytest.approx(free.logs, abs=0.01)


def by_integration(at, steps, leaves_at_first):
    """The likelihood of one account from the definition, over Gamma and Beta, without the gaps' part.

    Chances by Gauss and Jacobi (exact, for it is a polynomial), paces by the trapezoid on their logarithms.
    """
    r, alpha, a, b = np.exp(LOGS)
    x, recency, age = (float(each[at]) for each in (FEW.repeats, FEW.recency, FEW.age))
    stayed = x if leaves_at_first else x - 1
    nodes, weights = roots_jacobi(20, b - 1, a - 1)
    chance, weights = (1 + nodes) / 2, weights / weights.sum()
    pace = np.exp(np.linspace(-40, 5, 20_001))
    wait = pace * (age - recency)
    silent = sum(wait**j * np.exp(-wait - gammaln(j + 1)) for j in range(steps))
    there = weights @ (1 - chance) ** (stayed + 1)
    gone = weights @ (chance * (1 - chance) ** stayed) if stayed >= 0 else 0.0
    density = pace ** (steps * x) * np.exp(-pace * recency) * (there * silent + gone)
    return np.trapezoid(density * gamma.pdf(pace, r, scale=1 / alpha) * pace, np.log(pace))


@pytest.mark.parametrize(("steps", "leaves_at_first"), [(1, True), (1, False), (3, True), (4, False)])
@pytest.mark.parametrize("at", range(5))
def test_likelihood_is_that_of_numerical_integration(at, steps, leaves_at_first):
    told = np.exp(rhythm.log_likelihood(LOGS, steps, FEW, leaves_at_first))[at]
    assert told == pytest.approx(by_integration(at, steps, leaves_at_first), rel=1e-8)


@pytest.mark.parametrize("steps", [1, 2, 4])
@pytest.mark.parametrize("leaves_at_first", [True, False])
def test_slopes_are_those_of_finite_differences(steps, leaves_at_first):
    def value(logs):
        return rhythm.log_likelihood(logs, steps, FEW, leaves_at_first).sum()

    found = rhythm.gradient(LOGS, steps, FEW, leaves_at_first)
    assert found[0].sum() == pytest.approx(value(LOGS))
    assert found[1].sum(axis=1) == pytest.approx(approx_fprime(LOGS, value, 1e-7), rel=1e-4, abs=1e-5)


@pytest.mark.parametrize("steps", [1, 3])
def test_parameters_are_recovered_from_simulated_truth(population, steps):
    truth = np.array([0.9, 30.0, 0.8, 9.0])
    told = fit_rhythm(population(np.log(truth), steps, 4000, 720, 0, seed=steps)[0])
    assert told.steps == steps
    off = (told.logs - np.log(truth)) / np.sqrt(np.diag(told.covariance))
    assert np.abs(off).max() < 3
    assert told.a / (told.a + told.b) == pytest.approx(0.8 / 9.8, rel=0.15)


def test_of_very_many_accounts_some_tell_what_all_do(population, monkeypatch):
    given = population(np.log([0.9, 30.0, 0.8, 9.0]), 1, 4000, 720, 0, seed=2)[0]
    whole = fit_rhythm(given)
    monkeypatch.setattr(rhythm, "MOST_ACCOUNTS", 1500)
    some = fit_rhythm(given)
    assert (whole.accounts, some.accounts) == (4000, 1500)
    assert np.abs((some.logs - whole.logs) / np.sqrt(np.diag(some.covariance))).max() < 2
    assert np.diag(some.covariance) == pytest.approx(np.diag(whole.covariance) * 4000 / 1500, rel=0.4)


def test_a_small_company_of_equal_accounts_stays_finite():
    found = fit_rhythm(
        Purchases(np.full(30, 12.0), np.full(30, 360.0), np.full(30, 365.0), np.full(30, 12 * np.log(30)))
    )
    assert found.steps == 4
    assert np.isfinite(found.covariance).all()
    assert (np.linalg.eigvalsh(found.covariance) > 0).all()


def test_too_few_accounts_or_repeats_tell_nothing():
    assert fit_rhythm(FEW) is None
    assert fit_rhythm(Purchases(np.zeros(100), np.zeros(100), np.full(100, 300.0), np.zeros(100))) is None


def test_the_unit_of_time_changes_no_chance(population):
    given = population(LOGS, 2, 400, 700, 0, seed=5)[0]
    weeks = Purchases(given.repeats, given.recency / 7, given.age / 7, given.log_gaps - given.repeats * np.log(7))
    days, found = fit_rhythm(given), fit_rhythm(weeks)
    assert found.steps == days.steps
    assert found.alpha * 7 == pytest.approx(days.alpha, rel=1e-3)
    assert [found.r, found.a, found.b] == pytest.approx([days.r, days.a, days.b], rel=2e-3)


@pytest.mark.parametrize("wrong", [{"age": [10.0]}, {"repeats": [0.0]}, {"repeats": [-1.0]}])
def test_purchases_that_cannot_be_are_refused(wrong):
    given = {"repeats": [2.0], "recency": [40.0], "age": [60.0], "log_gaps": [5.0]}
    with pytest.raises(ValueError, match="got others in 1 accounts"):
        Purchases(**given | wrong)


def test_purchases_of_a_snapshot():
    frame = pd.DataFrame(
        {
            "purchase_days": [3, 1], "first_day": pd.Timestamp(2024, 1, 1), "last_day": pd.to_datetime(["2024-03-01", "2024-01-01"]),
            "silence": [10.0, 70.0], "typical_gap": [20.0, np.nan],
        }
    )  # fmt: skip
    found = rhythm.purchases(frame)
    assert (found.repeats.tolist(), found.recency.tolist(), found.age.tolist()) == ([2, 0], [60, 0], [70, 70])
    assert found.log_gaps.tolist() == pytest.approx([2 * np.log(20), 0])
    # Without it, gaps count as all alike.
    assert rhythm.purchases(frame.drop(columns="typical_gap")).log_gaps.tolist() == pytest.approx([2 * np.log(30), 0])
