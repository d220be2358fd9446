"""ABC classes by fixed cuts and by the book's own limits."""

import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kam_analysis.analysis import concentration as c

POSITIVE = st.lists(st.floats(0.01, 1e6).map(lambda x: round(x, 2)), min_size=1, max_size=60)


def test_abc_gives_the_crossing_account_to_the_class_above():
    assert c.abc_classes([50, 30, 15, 5, 0]).tolist() == ["A", "A", "B", "C", ""]
    assert c.abc_classes([70, 29, 1]).tolist() == ["A", "A", "C"]


@given(POSITIVE)
def test_abc_cuts_at_its_shares(values):
    classes = c.abc_classes(values)
    amounts = np.array(values)
    assert amounts[classes == "A"].sum() >= 0.8 * amounts.sum() * (1 - 1e-9)
    assert (classes == "A").sum() == c.accounts_for(values, 0.8)


def limits_by_hand(values):
    """The two limits point by point: no sorting by NumPy, no arrays, fractions of accounts counted up."""
    kept = sorted((value for value in values if value > 0), reverse=True)
    n, total = len(kept), math.fsum(kept)
    points = [((k + 1) / n, math.fsum(kept[: k + 1]) / total) for k in range(n)]

    def nearest(x):
        best = min((px - x) ** 2 + (1 - py) ** 2 for px, py in points)
        return next(k for k, (px, py) in enumerate(points) if (px - x) ** 2 + (1 - py) ** 2 <= best + 1e-12)

    pareto = nearest(0.0)
    break_even = max(k for k, value in enumerate(kept) if value * n >= total * (1 - 1e-9))
    end_of_a = min(pareto, break_even)
    end_of_b = max(end_of_a, nearest(points[max(pareto, break_even)][0]))
    return points[end_of_a][1], points[end_of_b][1]


@given(st.lists(st.floats(-100, 1e6).map(lambda x: round(x, 2)), max_size=60))
def test_computed_limits_point_by_point(values):
    if not any(value > 0 for value in values):
        assert all(math.isnan(limit) for limit in c.abc_limits(values))
        return
    assert c.abc_limits(values) == pytest.approx(limits_by_hand(values), rel=1e-9)


@given(POSITIVE, st.floats(1e-6, 1e6), st.randoms())
def test_computed_limits_ignore_currency_and_order_and_rise(values, rate, random):
    first, second = c.abc_limits(values)
    assert 0 < first <= second <= 1
    shuffled = [value * rate for value in values]
    random.shuffle(shuffled)
    assert c.abc_limits(shuffled) == pytest.approx((first, second), rel=1e-6)


@given(POSITIVE)
def test_computed_classes_end_where_the_limits_say(values):
    first, second = c.abc_limits(values)
    classes, amounts = c.abc_classes(values, "computed"), np.array(values)
    assert amounts[classes == "A"].sum() == pytest.approx(first * amounts.sum())
    assert amounts[classes != "C"].sum() == pytest.approx(second * amounts.sum())
    assert (classes == "A").any()


def test_computed_limits_of_books_that_can_be_read_off():
    assert c.abc_limits([7]) == (1.0, 1.0)
    assert c.abc_limits([5] * 10) == (0.5, 1.0)
    assert c.abc_classes([5, 5, 0, -1], "computed").tolist() == ["A", "B", "", ""]
    # One account alone is above average, and few enough: only it is A.
    assert c.abc_classes([1000, *[1] * 99], "computed").tolist().count("A") == 1


def test_a_of_a_lognormal_book_ends_where_both_points_meet():
    """The Lorenz curve of a lognormal is symmetric: nearest point and average account coincide, at Phi(sigma/2)."""
    for sigma in (0.5, 1.0, 1.5):
        quantiles = (np.arange(100_000) + 0.5) / 100_000
        from_normal = [NormalDist().inv_cdf(q) for q in quantiles]
        first, second = c.abc_limits(np.exp(sigma * np.array(from_normal)))
        expected = 0.5 * (1 + math.erf(sigma / 2 / math.sqrt(2)))
        assert first == pytest.approx(expected, abs=0.002)
        assert second > first + 0.05


def test_cuts_that_are_none_are_refused():
    for cuts in ((0.9, 0.8), (0.8,), (0.0, 0.5), (0.5, 1.1), "calculated"):
        with pytest.raises(ValueError, match="cuts"):
            c.abc_classes([1.0], cuts)
