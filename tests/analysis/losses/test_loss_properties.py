"""What holds for any accounts and causes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kam_analysis.analysis.losses import CommonCause, loss_distribution, own_probability

accounts = st.lists(
    st.tuples(st.floats(0, 1e6, allow_subnormal=False), st.floats(0, 1)), min_size=1, max_size=12
)  # fmt: skip
some = settings(max_examples=25, deadline=None)


def split(rows):
    return np.array([row[0] for row in rows]), np.array([row[1] for row in rows])


def causes_of(n, seed):
    rng = np.random.default_rng(seed)
    return [
        CommonCause(rng.random(), rng.choice(n, rng.integers(1, n + 1), replace=False), rng.random())
        for _ in range(rng.integers(0, 4))
    ]


@some
@given(accounts, st.integers(0, 1000), st.floats(0.01, 0.99))
def test_shortfall_is_at_least_the_quantile_and_contributions_add_up_to_it(rows, seed, q):
    exposure, probability = split(rows)
    found = loss_distribution(exposure, probability, 1, causes_of(len(rows), seed))
    total = exposure.sum()
    parts, shortfall = found.contributions(q), found.expected_shortfall(q)
    assert shortfall >= found.quantile(q)
    assert shortfall >= found.mean - 1e-9 * total
    assert parts.sum() == pytest.approx(shortfall, rel=1e-7, abs=1e-8 * total)
    assert (parts >= -1e-9 * total).all()
    assert (parts <= exposure + found.error_bound + 1e-9 * total).all()
    assert found.quantile(q) <= total + found.error_bound
    assert found.probabilities.sum() == pytest.approx(1, abs=1e-9)
    assert found.probabilities @ found.losses == pytest.approx(found.mean, rel=1e-6, abs=1e-9 * total)


@some
@given(accounts, st.integers(0, 1000), st.integers(0, 11), st.floats(0, 1))
def test_more_probability_or_exposure_lowers_no_figure(rows, seed, at, more):
    exposure, probability = split(rows)
    at %= len(rows)
    causes = causes_of(len(rows), seed)
    before = loss_distribution(exposure, probability, 1, causes)
    likelier, larger = probability.copy(), exposure.copy()
    likelier[at] += (1 - likelier[at]) * more
    larger[at] *= 1 + more
    for after in (loss_distribution(exposure, likelier, 1, causes), loss_distribution(larger, probability, 1, causes)):
        slack = after.error_bound + before.error_bound + 1e-9 * exposure.sum()
        assert after.mean >= before.mean * (1 - 1e-12)
        for q in (0.5, 0.93):
            assert after.expected_shortfall(q) >= before.expected_shortfall(q) - slack


@some
@given(accounts, st.integers(0, 1000), st.floats(1e-3, 1e3))
def test_another_currency_changes_the_scale_only(rows, seed, scale):
    exposure, probability = split(rows)
    causes = causes_of(len(rows), seed)
    here, there = (
        loss_distribution(exposure, probability, 1, causes),
        loss_distribution(exposure * scale, probability, 1, causes),
    )
    slack = 1e-9 * exposure.sum() + here.error_bound + there.error_bound / scale
    assert there.mean / scale == pytest.approx(here.mean, rel=1e-9, abs=1e-300)
    assert there.std / scale == pytest.approx(here.std, rel=1e-4, abs=1e-5 * exposure.sum())
    assert there.expected_shortfall(0.93) / scale == pytest.approx(here.expected_shortfall(0.93), abs=slack)


@some
@given(accounts, st.integers(0, 1000), st.randoms(use_true_random=False))
def test_the_order_of_accounts_does_not_matter(rows, seed, shuffle):
    exposure, probability = split(rows)
    order = list(range(len(rows)))
    shuffle.shuffle(order)
    place = np.argsort(order)
    causes = causes_of(len(rows), seed)
    moved = [CommonCause(each.probability, place[list(each.members)], each.loss_probability) for each in causes]
    here = loss_distribution(exposure, probability, 1, causes)
    there = loss_distribution(exposure[order], probability[order], 1, moved)
    assert there.mean == pytest.approx(here.mean, rel=1e-12, abs=1e-300)
    assert there.quantile(0.93) == pytest.approx(here.quantile(0.93), abs=1e-9 * exposure.sum() + 2 * here.error_bound)
    assert there.expected_shortfall(0.93) == pytest.approx(
        here.expected_shortfall(0.93), rel=1e-9, abs=1e-9 * exposure.sum() + here.error_bound
    )


@some
@given(accounts, st.integers(0, 1000))
def test_causes_leave_the_mean_where_own_probability_makes_room_for_them(rows, seed):
    exposure, probability = split(rows)
    causes = causes_of(len(rows), seed)
    left = own_probability(probability, causes)
    alone, joint = loss_distribution(exposure, probability), loss_distribution(exposure, left.own, 1, causes)
    if left.floored.size:
        assert joint.mean >= alone.mean * (1 - 1e-12) - 1e-100  # below that, nothing is lost
    else:
        assert joint.mean == pytest.approx(alone.mean, rel=1e-9, abs=1e-9)


@some
@given(
    st.lists(st.integers(1, 1000), min_size=2, max_size=12), st.floats(0.01, 0.99), st.sampled_from([0.5, 0.8, 0.93])
)
def test_two_accounts_under_one_parent_fatten_the_tail(exposure, p, q):
    # Merged they leave together: a spread of the same mean, so that no expected shortfall falls.
    apart = loss_distribution(exposure, p)
    merged = loss_distribution([exposure[0] + exposure[1], *exposure[2:]], p)
    assert merged.mean == pytest.approx(apart.mean)
    assert merged.std > apart.std
    assert merged.expected_shortfall(q) >= apart.expected_shortfall(q) * (1 - 1e-9)


def test_one_parent_is_a_certain_loss_of_both_by_one_cause():
    together = loss_distribution([5, 8, 13], [0, 0, 0.2], 1, [CommonCause(0.1, [0, 1], 1.0)])
    merged = loss_distribution([13, 13], [0.1, 0.2])
    assert together.probabilities[[0, 13, 26]] == pytest.approx(merged.probabilities, abs=1e-15)
