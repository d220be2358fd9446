"""Who is among the best under many weightings, against ranking everybody under each of the same weightings."""

import numpy as np
import pytest

from kam_analysis.analysis.segments.ranking import places_among_best, times_among_best

SEED = 11


def by_ranking_all(values, k, draws, seed):
    """The slow way: every score, a stable sort, the first k."""
    rng, hits = np.random.default_rng(seed), np.zeros(len(values), dtype=int)
    for _ in range(draws):
        weights = rng.standard_exponential(values.shape[1])
        known = ~np.isnan(values)
        scores = (np.nan_to_num(values) * weights).sum(axis=1) / (known * weights).sum(axis=1)
        hits[np.argsort(-scores.round(10), kind="stable")[:k]] += 1
    return hits


def company(n, missing=0.0, equals=0, seed=5):
    rng = np.random.default_rng(seed)
    values = rng.beta(0.7, 1.5, (n, 5))
    if equals:
        values = values[rng.integers(0, equals, n)]
    holes = rng.random(values.shape) < missing
    holes[:, 0] &= ~holes.all(axis=1)
    return np.where(holes, np.nan, values)


@pytest.mark.parametrize(
    ("values", "k"),
    [
        (company(700), 25),
        (company(700, missing=0.4), 25),
        (company(700, equals=6), 25),
        (company(63), 1),
        (company(64, missing=0.2), 64),
        (np.zeros((70, 5)), 3),
    ],
    ids=["all known", "holes", "equals", "the best one", "all are in", "nobody has anything"],
)
def test_the_same_as_ranking_everybody(values, k):
    draws = 450
    expected = by_ranking_all(values, k, draws, SEED)
    assert times_among_best(values, k, draws, np.random.default_rng(SEED)).tolist() == expected.tolist()
    assert expected.sum() == k * draws
    places = places_among_best(values, k, draws, np.random.default_rng(SEED))
    assert places.sum(axis=0).tolist() == [draws] * k
    for best in {1, (k + 1) // 2, k}:
        assert places[:, :best].sum(axis=1).tolist() == by_ranking_all(values, best, draws, SEED).tolist()


def test_an_account_known_on_little_weight_is_not_passed_over():
    values = company(500)
    values[123] = [np.nan, np.nan, np.nan, np.nan, 1.0]
    found = times_among_best(values, 5, 400, np.random.default_rng(SEED))
    assert found[123] == 400
