"""Newton's method against scikit-learn, and against the definition where a prior has a centre."""

import numpy as np
import pytest
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from kam_analysis.analysis.churn.logistic import logistic


@pytest.fixture
def given():
    rng = np.random.default_rng(3)
    values = rng.normal(size=(400, 4))
    lost = rng.random(400) < 1 / (1 + np.exp(2 - values @ [1.0, -0.5, 0.0, 0.3]))
    return values, lost, rng.uniform(0.1, 1, 400)


def test_coefficients_are_scikit_learns(given):
    values, lost, weight = given
    theirs = LogisticRegression(C=1.0, solver="newton-cholesky", tol=1e-10).fit(values, lost, sample_weight=weight)
    design = np.column_stack([np.ones(400), values])
    ours, _ = logistic(design, lost.astype(float), weight, np.array([0.0, 1, 1, 1, 1]))
    assert ours == pytest.approx(np.r_[theirs.intercept_, theirs.coef_[0]], abs=3e-7)


def test_shares_and_a_centre_are_the_minimum_of_the_definition(given):
    values, _, weight = given
    share, precision, centre = np.random.default_rng(1).random(400), np.array([4.0, 16.0]), np.array([0.0, 1.0])
    design = np.column_stack([np.ones(400), values[:, 0]])

    def loss(at):
        odds = design @ at
        return weight @ (np.logaddexp(0, odds) - share * odds) + precision @ (at - centre) ** 2 / 2

    found, _ = logistic(design, share, weight, precision, centre)
    assert found == pytest.approx(minimize(loss, centre, method="BFGS", tol=1e-9).x, abs=1e-5)


def test_rows_that_separate_are_held_by_the_prior():
    design = np.column_stack([np.ones(20), np.repeat([-30.0, 30.0], 10)])
    found, covariance = logistic(design, np.repeat([0.0, 1.0], 10), np.ones(20), np.array([0.0, 1.0]))
    assert np.isfinite(found).all()
    assert np.isfinite(covariance).all()
