"""Acceptability: against exact integration over the triangle of three weights, by hand, and its properties."""

import sys
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kam_analysis.analysis import segments as s

NAN = np.nan
RANKING = sys.modules["kam_analysis.analysis.segments.ranking"]


def drawn(values, k, draws=20_000, seed=3):
    return s.acceptability(np.array(values, dtype=float), k, draws, np.random.default_rng(seed))


def clipped(polygon, plane):
    """The part of a convex polygon where plane . point >= 0 (Sutherland and Hodgman)."""
    kept = []
    for here, there in zip(polygon, [*polygon[1:], polygon[0]] if polygon else [], strict=True):
        a, b = plane @ here, plane @ there
        if a >= 0:
            kept.append(here)
        if (a >= 0) != (b >= 0):
            kept.append(here + (there - here) * a / (a - b))
    return kept


def area(polygon):
    points = [(each[0], each[1]) for each in polygon]
    turned = [*points[1:], *points[:1]]
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(points, turned, strict=True))) / 2


def exact(values, k):
    """Who is among the best k, integrated: for every set of accounts that may be ahead, the polygon where just they are."""
    values = np.array(values, dtype=float)
    found = []
    for at in range(len(values)):
        others = [each for each in range(len(values)) if each != at]
        total = 0.0
        for size in range(k):
            for ahead in combinations(others, size):
                polygon = list(np.eye(3))
                for other in others:
                    lead = values[other] - values[at]
                    polygon = clipped(polygon, lead if other in ahead else -lead)
                total += area(polygon)
        found.append(total / 0.5)
    return np.array(found)


FIVE = [[1.0, 0.2, 0.1], [0.1, 0.9, 0.3], [0.5, 0.5, 0.5], [0.2, 0.1, 1.0], [0.6, 0.6, 0.2]]


@pytest.mark.parametrize("k", [1, 2, 3, 4])
def test_five_accounts_against_exact_integration_for_three_criteria(k):
    truth = exact(FIVE, k)
    assert truth.sum() == pytest.approx(k)  # the reference itself: k places in every weighting
    found = drawn(FIVE, k, 100_000)
    assert (np.abs(found.top - truth) < 4 * found.error).all()
    assert (found.error < 0.002).all()


def test_random_accounts_against_exact_integration_for_three_criteria():
    rng = np.random.default_rng(11)
    for seed in range(5):
        values = rng.random((6, 3))
        found = drawn(values, 2, 40_000, seed)
        assert (np.abs(found.top - exact(values, 2)) < 4.5 * found.error).all()


def test_two_criteria_by_hand():
    # a has w, b has 1 - w, d always 0.6: a is first above w = 0.6, b below 0.4.
    found = drawn([[1, 0], [0, 1], [0.6, 0.6]], 1, 100_000)
    assert found.top == pytest.approx([0.4, 0.4, 0.2], abs=0.006)


def test_what_is_not_assessed_is_left_out_of_the_account_s_own_mean():
    # b is known on the first criterion only and always has 0.6; a has w; d nothing, and is never in.
    found = drawn([[1, 0], [0.6, NAN], [NAN, NAN]], 1, 100_000)
    assert found.top == pytest.approx([0.4, 0.6, 0], abs=0.006)
    assert drawn([[1, 0], [0.6, NAN], [NAN, NAN]], 3).k == 2


def test_missing_values_against_a_fine_grid_of_weights():
    values = np.array([[0.9, 0.1, NAN], [NAN, 0.6, 0.5], [0.2, NAN, 0.9], [0.55, 0.5, 0.5]])
    steps = 600
    grid = [(i + 1 / 3, j + 1 / 3, steps - i - j - 2 / 3) for i in range(steps) for j in range(steps - i)]
    weights = np.array(grid) / steps
    scores = weights @ np.nan_to_num(values).T / (weights @ (~np.isnan(values)).T)
    truth = np.bincount(scores.argmax(axis=1), minlength=4) / len(grid)
    found = drawn(values, 1, 100_000)
    assert (np.abs(found.top - truth) < 4 * found.error + 0.002).all()


def test_an_account_that_is_best_on_everything_is_firm_and_one_that_is_worst_is_out():
    found = drawn([[0.5, 0.4], [1, 1], [0, 0], [0.4, 0.5]], 2)
    assert found.top[1] == 1
    assert found.top[2] == 0
    assert s.firm(found).tolist() == ["borderline", "firm", "borderline", "borderline"]
    assert (found.error > 0).all()  # no number of draws proves a certainty


def test_firm_is_inclusive():
    found = s.Acceptability(np.array([0.9, 0.8999, 1.0]), np.zeros(3), 1, 10)
    assert s.firm(found).tolist() == ["firm", "borderline", "firm"]
    assert s.firm(found, 0.95).tolist() == ["borderline", "borderline", "firm"]


def test_equal_accounts_rank_in_the_order_of_rows_in_every_weighting():
    rng = np.random.default_rng(5)
    row = rng.random(8)
    found = drawn(np.tile(row, (50, 1)), 7, 500)
    assert found.top.tolist() == [1.0] * 7 + [0.0] * 43
    # Perfect where assessed is as good as perfect everywhere, whatever the sums leave.
    found = drawn([[NAN, 1, 1], [1, 1, 1], [1, 1, NAN]], 2, 500)
    assert found.top.tolist() == [1, 1, 0]


def test_fewer_accounts_than_k_are_all_in():
    found = drawn(FIVE, 9, 100)
    assert (found.top.tolist(), found.k) == ([1.0] * 5, 5)
    assert drawn(np.empty((0, 3)), 3, 100).top.tolist() == []


def test_the_standard_error_is_the_spread_of_repeated_simulations():
    runs = [drawn(FIVE, 2, 400, seed) for seed in range(300)]
    spread = np.std([each.top for each in runs], axis=0)
    assert spread == pytest.approx(runs[0].error, rel=0.25)


def test_odd_input_is_refused():
    with pytest.raises(ValueError, match="k: expected at least 1, got 0"):
        drawn(FIVE, 0)
    with pytest.raises(ValueError, match="draws: expected at least 1, got 0"):
        drawn(FIVE, 1, 0)
    with pytest.raises(ValueError, match="expected two dimensions"):
        drawn([0.1, 0.2], 1)
    for wrong in (-0.1, 1.1, np.inf):
        with pytest.raises(ValueError, match="expected 0 to 1"):
            drawn([[0.1, wrong], [NAN, 0.5]], 1)


def test_the_size_of_blocks_does_not_matter(monkeypatch):
    values = np.random.default_rng(2).random((40, 5))
    values[3, 2] = values[7] = NAN
    whole = drawn(values, 6, 1_000)
    monkeypatch.setattr(RANKING, "_WEIGHTINGS", 13)
    assert drawn(values, 6, 1_000).top.tolist() == whole.top.tolist()


UNIT = st.integers(0, 20).map(lambda x: x / 20)
VALUES = st.lists(st.tuples(UNIT, UNIT, st.one_of(UNIT, st.just(NAN))), min_size=2, max_size=12).map(np.array)


@settings(deadline=None, max_examples=60)
@given(VALUES, st.integers(0, 11), st.integers(0, 2), st.integers(1, 12))
def test_better_on_a_criterion_never_makes_an_account_less_acceptable(values, at, criterion, k):
    at %= len(values)
    better = values.copy()
    better[at, criterion] = min(values[at, criterion] + 0.3, 1)
    before, after = drawn(values, k, 200), drawn(better, k, 200)
    if np.isnan(values[at, criterion]):
        assert before.top.tolist() == after.top.tolist()
    assert after.top[at] >= before.top[at]
    assert after.top.sum() == pytest.approx(min(k, len(values)))


@settings(deadline=None, max_examples=60)
@given(VALUES, st.integers(1, 12), st.integers(0, 2**32 - 1))
def test_the_order_of_rows_matters_to_none_but_equals(values, k, seed):
    # Distinct accounts: a hair of its own for each, so that no two are equal under all weights.
    values = np.clip(values * 0.9 + np.arange(len(values))[:, None] * [0.001, 0.003, 0.007], 0, 1)
    order = np.random.default_rng(seed).permutation(len(values))
    assert drawn(values[order], k, 200).top.tolist() == drawn(values, k, 200).top[order].tolist()


def test_the_caller_s_array_is_not_changed():
    values = np.array([[0.3, NAN], [0.2, 0.9]])
    copy = values.copy()
    drawn(values, 1, 50)
    np.testing.assert_array_equal(values, copy)


def frame(rows, names=("volume", "profit", "growth")):
    columns = pd.DataFrame(rows, columns=names[: len(rows[0])])
    columns.insert(0, "account_id", list("abcdefgh"[: len(rows)]))
    return columns


def changes(found):
    return {(row.criterion, round(row.step, 9)): (row.entered, row.left) for row in found.itertuples()}


def test_who_changes_place_by_hand():
    # At equal weights a and b have 0.5 each, and a is first; with profit at 0.6 or volume at 0.4 b is.
    found = s.changes_place(frame([[1.0, 0.0], [0.0, 1.0], [0.45, 0.45]]), None, 1)
    same, swap = ((), ()), (("b",), ("a",))
    assert changes(found) == {
        ("volume", 0.1): same, ("volume", -0.1): swap, ("profit", 0.1): swap, ("profit", -0.1): same,
    }  # fmt: skip


def test_the_others_keep_their_proportions():
    # Volume from 0.5 to 0.6: profit and growth go from 0.3 and 0.2 to 0.24 and 0.16; b falls from 0.3 to 0.24.
    rows = frame([[0.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.45, 0.0, 0.0]])
    weights = {"volume": 5, "profit": 3, "growth": 2}
    found = changes(s.changes_place(rows, weights, 1))
    assert found["volume", 0.1] == (("c",), ("b",))
    assert found["volume", -0.1] == ((), ())
    assert found["profit", -0.1] == (("c",), ("b",))  # volume 0.5 * 0.8 / 0.7


def test_a_weight_stops_at_0_and_1():
    rows = frame([[1.0, 0.0, 0.3], [0.0, 1.0, 0.2]])
    found = changes(s.changes_place(rows, {"volume": 0.96, "profit": 0.04, "growth": 0}, 1))
    assert set(found) == {
        ("volume", 0.04), ("volume", -0.1), ("profit", 0.1), ("profit", -0.04), ("growth", 0.1),
    }  # fmt: skip
    found = changes(s.changes_place(rows, {"volume": 1, "profit": 0, "growth": 0}, 1, step=0.9))
    assert set(found) == {("volume", -0.9), ("profit", 0.9), ("growth", 0.9)}
    assert found["volume", -0.9] == (("b",), ("a",))  # 0.45 each for profit and growth


def test_nothing_can_move_with_one_criterion_and_everybody_stays_with_few_accounts():
    assert s.changes_place(frame([[1.0], [0.0]]), None, 1).empty
    assert s.changes_place(frame([[1.0, 0.2], [0.0, 0.1]]), {"volume": 0, "profit": 0}, 1).empty
    found = s.changes_place(frame([[1.0, 0.2], [0.0, 1.0]]), None, 5)
    assert set(changes(found).values()) == {((), ())}


def test_odd_moves_are_refused():
    rows = frame([[1.0, 0.0], [0.0, 1.0]])
    for k, step in ((0, 0.1), (1, 0.0), (1, 1.5)):
        with pytest.raises(ValueError, match="k and step: expected"):
            s.changes_place(rows, None, k, step)
    with pytest.raises(ValueError, match='nearest is "volume"'):
        s.changes_place(rows, {"volum": 1}, 1)


@settings(deadline=None, max_examples=30)
@given(
    st.integers(1, 40), st.integers(1, 12), st.integers(0, 1000), st.sampled_from([0.0, 0.3]), st.sampled_from([0, 3])
)
def test_all_numbers_of_places_in_one_go_are_what_each_gives_alone(n, most, seed, missing, equals):
    rng = np.random.default_rng(seed)
    values = rng.random((n, 4))
    values = values[rng.integers(0, min(equals, n), n)] if equals else values
    values = np.where(rng.random(values.shape) < missing, NAN, values)
    at_once = s.places(values, most, 300, np.random.default_rng(seed))
    for k in range(1, most + 1):
        alone, found = s.acceptability(values, k, 300, np.random.default_rng(seed)), at_once.best(k)
        assert found.top.tolist() == alone.top.tolist()
        assert found.error.tolist() == alone.error.tolist()
        assert (found.k, found.draws) == (alone.k, alone.draws)
    for k in (0, most + 1):
        with pytest.raises(ValueError, match=f"k: expected 1 to {most}, got {k}"):
            at_once.best(k)
