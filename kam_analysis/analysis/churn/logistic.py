"""One small logistic regression, by Newton's method: the likeliest coefficients under a normal prior, and how sure they are."""

import numpy as np
from scipy.linalg import cholesky, solve_triangular
from scipy.special import expit

from kam_analysis.analysis.churn.features import Values

_MOST = 100
_ENOUGH = 1e-10
# However unsure the outcomes are, a tenth of what sure ones would tell is left.
_MISSING = 0.9


def logistic(
    design: Values, target: Values, weight: Values, precision: Values, centre: Values | float = 0.0
) -> tuple[Values, Values]:
    """Which coefficients explain the outcomes best?

    `design`: (rows, coefficients), a column of ones for an intercept; `target`: (rows,) 0 to 1, a share where an
    outcome is only likely; `weight`: (rows,) how often each counts; `precision`: (coefficients,) of the normal prior around
    `centre`, 0 for none. Returns the coefficients and their covariance (Laplace's approximation). Newton's steps on
    the penalised likelihood, each halved until it is no worse (Hastie, Tibshirani & Friedman 2009, 4.4.1). An outcome
    that is only likely tells less: its variance is taken off the information (Louis, JRSS B 44(2), 1982).

    >>> found, covariance = logistic(np.ones((4, 1)), np.array([1.0, 1.0, 1.0, 0.0]), np.ones(4), np.zeros(1))
    >>> found.round(4).tolist(), covariance.round(4).tolist()  # log(3); 1/(4 x 3/4 x 1/4)
    ([1.0986], [[1.3333]])
    >>> logistic(np.ones((2, 1)), np.array([0.2, 0.8]), np.ones(2), np.zeros(1))[1].round(4).tolist()  # 1/(2/4 - 2 x 0.16)
    [[5.5556]]
    """
    found = np.zeros(design.shape[1]) + centre

    def loss(at: Values) -> float:
        odds = design @ at
        held = precision @ (at - centre) ** 2 / 2
        return float(weight @ (np.logaddexp(0, odds) - target * odds) + held)

    for _ in range(_MOST):
        chance = expit(design @ found)
        slope = design.T @ (weight * (target - chance)) - precision * (found - centre)
        step = np.linalg.solve(_information(design, chance, weight) + np.diag(precision), slope)
        while loss(found + step) > loss(found) + _ENOUGH and np.abs(step).max() > _ENOUGH:
            step = step / 2
        found = found + step
        if np.abs(step).max() < _ENOUGH:
            break
    sure = _information(design, expit(design @ found), weight) + np.diag(precision)
    return found, _covariance(sure, _information(design, target, weight))


def _information(design: Values, chance: Values, weight: Values) -> Values:
    return np.asarray((design * (weight * chance * (1 - chance))[:, None]).T @ design)


def _covariance(sure: Values, missing: Values) -> Values:
    """The inverse of the information with sure outcomes less what is missing."""
    root = cholesky(sure, lower=True)
    part = solve_triangular(root, solve_triangular(root, missing, lower=True).T, lower=True)
    values, vectors = np.linalg.eigh((part + part.T) / 2)
    back = solve_triangular(root, vectors / np.sqrt(1 - np.clip(values, 0, _MISSING)), lower=True, trans="T")
    return np.asarray(back @ back.T)
