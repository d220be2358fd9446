"""Each measure against its definition written out, and against properties that any such measure has."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kam_analysis.analysis import concentration as c

AMOUNTS = st.lists(st.floats(-1e6, 1e6, allow_nan=False).map(lambda x: round(x, 2)), min_size=1, max_size=60)
POSITIVE = st.lists(st.floats(0.01, 1e6).map(lambda x: round(x, 2)), min_size=1, max_size=60)
ALPHAS = st.floats(0.1, 8)
LABELS = ("north", "south", None, float("nan"))

# Every measure on the 0-1 scale or beside it: none may mind the currency, the order or accounts without a share.
MEASURES = {
    "top_share": lambda v: c.top_share(v, 3),
    "hhi": c.hhi,
    "effective_number": c.effective_number,
    "normalised_hhi": c.normalised_hhi,
    "gini": c.gini,
    "theil": c.theil,
    "hannah_kay 0.5": lambda v: c.hannah_kay(v, 0.5),
    "hannah_kay 1": lambda v: c.hannah_kay(v, 1),
    "hannah_kay 3": lambda v: c.hannah_kay(v, 3),
    "hall_tideman": c.hall_tideman,
}
every_measure = pytest.mark.parametrize("measure", MEASURES.values(), ids=MEASURES)


def positive(values):
    return [value for value in values if value > 0]


def shares_by_hand(values):
    kept = sorted(positive(values), reverse=True)
    total = math.fsum(kept)
    return [value / total for value in kept]


@given(AMOUNTS)
def test_hhi_by_its_definition_over_pairs(values):
    found = shares_by_hand(values)
    if not found:
        assert math.isnan(c.hhi(values))
        return
    # The chance that two units of sales drawn at random come from the same account.
    assert c.hhi(values) == pytest.approx(math.fsum(share**2 for share in found))


@given(AMOUNTS)
def test_normalised_hhi_by_the_spread_of_shares_around_equality(values):
    found = shares_by_hand(values)
    n = len(found)
    if n < 2:
        assert math.isnan(c.normalised_hhi(values))
        return
    spread = math.fsum((share - 1 / n) ** 2 for share in found)
    assert c.normalised_hhi(values) == pytest.approx(spread / (1 - 1 / n), abs=1e-12)


@given(POSITIVE)
def test_gini_by_the_double_sum_over_pairs(values):
    n, total = len(values), math.fsum(values)
    double = math.fsum(abs(a - b) for a in values for b in values) / (2 * n * total)
    assert c.gini(values) == pytest.approx(double, abs=1e-9)


@given(POSITIVE)
def test_gini_is_twice_the_area_above_the_lorenz_curve(values):
    accounts, amounts = c.lorenz(values)
    assert c.gini(values) == pytest.approx(1 - 2 * np.trapezoid(amounts, accounts), abs=1e-9)


@given(AMOUNTS)
def test_theil_by_the_mean_of_relative_amounts_times_their_logarithm(values):
    kept = positive(values)
    if not kept:
        assert math.isnan(c.theil(values))
        return
    mean = math.fsum(kept) / len(kept)
    by_hand = math.fsum(x / mean * math.log(x / mean) for x in kept) / len(kept)
    assert c.theil(values) == pytest.approx(by_hand, abs=1e-12)


@given(AMOUNTS, st.integers(1, 10))
def test_top_share_by_sorting(values, n):
    kept = sorted(positive(values), reverse=True)
    if kept:
        assert c.top_share(values, n) == pytest.approx(math.fsum(kept[:n]) / math.fsum(kept))


@given(AMOUNTS, ALPHAS)
def test_hannah_kay_by_its_definition(values, alpha):
    found = shares_by_hand(values)
    if not found:
        assert math.isnan(c.hannah_kay(values, alpha))
    elif abs(alpha - 1) > 1e-3:
        by_hand = math.fsum(share**alpha for share in found) ** (1 / (alpha - 1))
        assert c.hannah_kay(values, alpha) == pytest.approx(by_hand, rel=1e-9)


@given(POSITIVE)
def test_hall_tideman_by_ranks_counted_in_a_loop(values):
    by_hand = 1 / (2 * math.fsum(rank * share for rank, share in enumerate(shares_by_hand(values), 1)) - 1)
    assert c.hall_tideman(values) == pytest.approx(by_hand)


@given(POSITIVE)
def test_hall_tideman_is_gini_seen_from_the_other_side(values):
    assert c.hall_tideman(values) == pytest.approx(1 / (len(values) * (1 - c.gini(values))), rel=1e-6)


@given(POSITIVE, st.floats(0.01, 1))
def test_accounts_for_is_the_first_count_that_reaches_the_share(values, share):
    found = c.accounts_for(values, share)
    assert c.top_share(values, found) >= share - 1e-9
    if found > 1:
        assert c.top_share(values, found - 1) < share


@every_measure
@settings(max_examples=40)
@given(values=AMOUNTS, rate=st.floats(1e-6, 1e6), random=st.randoms())
def test_currency_and_row_order_do_not_matter(measure, values, rate, random):
    shuffled = [value * rate for value in values]
    random.shuffle(shuffled)
    assert measure(shuffled) == pytest.approx(measure(values), nan_ok=True, rel=1e-9, abs=1e-9)


@every_measure
@settings(max_examples=40)
@given(values=AMOUNTS)
def test_accounts_at_or_below_zero_change_no_measure(measure, values):
    assert measure(values) == pytest.approx(measure([*values, 0.0, -5.0]), nan_ok=True)


@given(POSITIVE.filter(lambda values: len(values) > 1))
def test_merging_two_customers_never_lowers_hhi_nor_hannah_kay(values):
    merged = [values[0] + values[1], *values[2:]]
    assert c.hhi(merged) >= c.hhi(values) - 1e-12
    for alpha in (0.5, 1, 3):
        assert c.hannah_kay(merged, alpha) >= c.hannah_kay(values, alpha) - 1e-12


@given(POSITIVE)
def test_bounds(values):
    n = len(values)
    for index in (c.hhi(values), c.hall_tideman(values), c.hannah_kay(values, 0.5), c.hannah_kay(values, 3)):
        assert 1 / n - 1e-12 <= index <= 1 + 1e-12
    assert 1 - 1e-9 <= c.effective_number(values) <= n + 1e-9
    assert 0 <= c.gini(values) <= 1 - 1 / n + 1e-12
    assert 0 <= c.theil(values) <= math.log(n) + 1e-12


@given(POSITIVE)
def test_hannah_kay_is_hhi_at_2_and_the_entropy_at_1_without_a_step(values):
    assert c.hannah_kay(values, 2) == pytest.approx(c.hhi(values))
    entropy = math.exp(c.theil(values)) / len(values)
    for alpha in (1 - 1e-12, 1, 1 + 1e-12, 1 + 1e-15):
        assert c.hannah_kay(values, alpha) == pytest.approx(entropy, rel=1e-9)
    # Either side of where the sum is computed by another route.
    for alpha in (0.99, 1.01):
        near = c.hannah_kay(values, alpha - 1e-9), c.hannah_kay(values, alpha + 1e-9)
        assert near[0] == pytest.approx(near[1], rel=1e-7)


@given(POSITIVE, ALPHAS, ALPHAS)
def test_hannah_kay_never_falls_as_alpha_rises(values, one, other):
    low, high = sorted((one, other))
    assert c.hannah_kay(values, low) <= c.hannah_kay(values, high) * (1 + 1e-9)


def test_hannah_kay_at_a_large_alpha_is_the_largest_share():
    assert c.hannah_kay([1.0] * 999_999 + [3.0], 400) == pytest.approx(3 / 1_000_002, rel=0.05)


@given(AMOUNTS, st.data())
def test_theil_within_and_between_add_up_and_are_what_each_group_says(values, data):
    labels = data.draw(st.lists(st.sampled_from(LABELS), min_size=len(values), max_size=len(values)))
    split = c.theil_decomposition(values, labels)
    if not positive(values):
        assert math.isnan(split.within + split.between + split.total)
        return
    assert split.total == pytest.approx(c.theil(values), abs=1e-12)
    assert split.within + split.between == pytest.approx(split.total, abs=1e-12)
    named = [label if isinstance(label, str) else "missing" for label in labels]
    groups = [[v for v, name in zip(values, named, strict=True) if name == each and v > 0] for each in set(named)]
    total = math.fsum(positive(values))
    by_hand = math.fsum(math.fsum(group) / total * c.theil(group) for group in groups if group)
    assert split.within == pytest.approx(by_hand, abs=1e-12)


def test_theil_decomposition_takes_labels_of_any_kind_beside_their_amounts():
    amounts = [4.0, -1.0, 2.0, 0.0, 2.0]
    for labels in ([1, 9, 2, 9, 2], pd.Series(["a", "x", "b", "x", "b"], index=[7, 7, 1, 0, 3], dtype="category")):
        split = c.theil_decomposition(amounts, labels)
        assert (split.within, split.between) == (0.0, pytest.approx(c.theil([4, 2, 2])))
        assert split.total == pytest.approx(split.between)
    with pytest.raises(ValueError, match="each of 5 amounts, got 1"):
        c.theil_decomposition(amounts, ["a"])


@pytest.mark.parametrize("n", [1, 2, 7, 1000])
def test_equal_customers(n):
    values = [12.34] * n
    for index in (
        c.hhi,
        c.hall_tideman,
        MEASURES["hannah_kay 0.5"],
        MEASURES["hannah_kay 1"],
        MEASURES["hannah_kay 3"],
    ):
        assert index(values) == pytest.approx(1 / n)
    assert c.effective_number(values) == pytest.approx(n)
    assert c.gini(values) == pytest.approx(0, abs=1e-12)
    assert c.theil(values) == pytest.approx(0, abs=1e-12)
    assert c.normalised_hhi(values) == pytest.approx(0 if n > 1 else math.nan, abs=1e-12, nan_ok=True)
    assert c.top_share(values, 1) == pytest.approx(1 / n)
    assert c.accounts_for(values, 0.5) == math.ceil(n / 2)


@every_measure
def test_one_dominant_customer_tends_to_its_extreme(measure):
    book = [1e15] + [1.0] * 99
    most = {c.effective_number: 1.0, c.gini: 0.99, c.theil: math.log(100)}.get(measure, 1.0)
    assert measure(book) == pytest.approx(most, rel=1e-4)


def test_extreme_currencies_neither_overflow_nor_vanish():
    for unit in (1e200, 1e-200, 1e307, 5e-324):
        assert c.hhi([unit, unit]) == 0.5
        assert c.gini([unit, unit]) == 0
        assert c.theil([unit, unit]) == 0
        assert c.top_share([unit, unit], 1) == 0.5
        assert c.hall_tideman([unit, unit]) == 0.5
    for measure in MEASURES.values():
        assert math.isfinite(measure([1e300, 1e-300]))
        assert measure([1e300, 3e300, 1e300]) == pytest.approx(measure([1.0, 3.0, 1.0]))


@every_measure
def test_nothing_above_zero_is_not_a_number(measure):
    assert math.isnan(measure([0.0, -1.0]))
    assert math.isnan(measure([]))


@every_measure
def test_what_is_no_amount_is_refused_by_every_measure(measure):
    for wrong in (math.nan, math.inf, -math.inf):
        with pytest.raises(ValueError, match="finite numbers, got 1 others"):
            measure([1.0, wrong])
    with pytest.raises(ValueError, match="one dimension"):
        measure([[1.0]])


def test_what_is_no_parameter_is_refused():
    with pytest.raises(ValueError, match="at least 1"):
        c.top_share([1.0], 0)
    with pytest.raises(ValueError, match="share"):
        c.accounts_for([1.0], 0)
    for alpha in (0, -1, math.nan, math.inf):
        with pytest.raises(ValueError, match="alpha"):
            c.hannah_kay([1.0], alpha)


def test_a_million_amounts_sum_as_exactly_as_few():
    values = np.random.default_rng(20260).lognormal(8, 1.5, 1_000_000)
    total = math.fsum(values)
    assert c.hhi(values) == pytest.approx(math.fsum((values / total) ** 2), rel=1e-12)
    relative = values / (total / values.size)
    assert c.theil(values) == pytest.approx(math.fsum(relative * np.log(relative)) / values.size, rel=1e-10)


def test_no_measure_changes_what_it_is_given():
    values = np.array([3.0, 1.0, -1.0, 2.0])
    frozen = values.copy()
    labels = np.array(["a", "b", "a", None], dtype=object)
    for measure in MEASURES.values():
        measure(values)
        measure(np.abs(values))
    for other in (c.shares, c.lorenz, c.abc_classes, c.abc_limits):
        other(values)
    c.theil_decomposition(values, labels)
    assert values.tolist() == frozen.tolist()
    assert labels.tolist() == ["a", "b", "a", None]
    ordered = np.array([3.0, 1.0, 2.0])
    for measure in MEASURES.values():
        measure(ordered)
    assert ordered.tolist() == [3.0, 1.0, 2.0]
