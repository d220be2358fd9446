"""Each measure against its definition written out, and against properties that any such measure has."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kam_analysis.analysis import concentration as c

AMOUNTS = st.lists(st.floats(-1e6, 1e6, allow_nan=False).map(lambda x: round(x, 2)), min_size=1, max_size=60)
POSITIVE = st.lists(st.floats(0.01, 1e6).map(lambda x: round(x, 2)), min_size=1, max_size=60)
MEASURES = (c.hhi, c.effective_number, c.gini, lambda v: c.top_share(v, 3), lambda v: c.accounts_for(v, 0.8))


def positive(values):
    return [value for value in values if value > 0]


@given(AMOUNTS)
def test_hhi_by_its_definition_over_pairs(values):
    kept = positive(values)
    if not kept:
        assert math.isnan(c.hhi(values))
        return
    # The chance that two units of sales drawn at random come from the same account.
    total = math.fsum(kept)
    assert c.hhi(values) == pytest.approx(math.fsum((value / total) ** 2 for value in kept))


@given(POSITIVE)
def test_gini_by_the_double_sum_over_pairs(values):
    n, total = len(values), math.fsum(values)
    double = math.fsum(abs(a - b) for a in values for b in values) / (2 * n * total)
    assert c.gini(values) == pytest.approx(double, abs=1e-9)


@given(POSITIVE)
def test_gini_is_twice_the_area_above_the_lorenz_curve(values):
    accounts, amounts = c.lorenz(values)
    assert c.gini(values) == pytest.approx(1 - 2 * np.trapezoid(amounts, accounts), abs=1e-9)


@given(AMOUNTS, st.integers(1, 10))
def test_top_share_by_sorting(values, n):
    kept = sorted(positive(values), reverse=True)
    if kept:
        assert c.top_share(values, n) == pytest.approx(math.fsum(kept[:n]) / math.fsum(kept))


@given(POSITIVE, st.floats(0.01, 1))
def test_accounts_for_is_the_first_count_that_reaches_the_share(values, share):
    found = c.accounts_for(values, share)
    assert c.top_share(values, found) >= share - 1e-9
    if found > 1:
        assert c.top_share(values, found - 1) < share


@given(AMOUNTS, st.floats(1e-6, 1e6), st.randoms())
def test_currency_and_row_order_do_not_matter(values, rate, random):
    shuffled = [value * rate for value in values]
    random.shuffle(shuffled)
    for measure in (c.hhi, c.effective_number, c.gini, lambda v: c.top_share(v, 3)):
        assert measure(shuffled) == pytest.approx(measure(values), nan_ok=True, abs=1e-9)


@given(AMOUNTS)
def test_accounts_at_or_below_zero_change_no_measure(values):
    for measure in MEASURES:
        assert measure(values) == pytest.approx(measure([*values, 0.0, -5.0]), nan_ok=True)


@given(POSITIVE.filter(lambda values: len(values) > 1))
def test_merging_two_customers_never_lowers_hhi(values):
    assert c.hhi([values[0] + values[1], *values[2:]]) >= c.hhi(values) - 1e-12


@given(POSITIVE)
def test_bounds(values):
    n = len(values)
    assert 1 / n - 1e-12 <= c.hhi(values) <= 1 + 1e-12
    assert 1 - 1e-9 <= c.effective_number(values) <= n + 1e-9
    assert -1e-12 <= c.gini(values) <= 1 - 1 / n + 1e-12


@pytest.mark.parametrize("n", [1, 2, 7, 1000])
def test_equal_customers(n):
    values = [12.34] * n
    assert c.hhi(values) == pytest.approx(1 / n)
    assert c.effective_number(values) == pytest.approx(n)
    assert c.gini(values) == pytest.approx(0, abs=1e-12)
    assert c.accounts_for(values, 0.5) == math.ceil(n / 2)


def test_extreme_currencies_neither_overflow_nor_vanish():
    assert c.hhi([1e200, 1e200]) == 0.5
    assert c.hhi([1e-200, 1e-200]) == 0.5


@pytest.mark.parametrize("measure", [c.hhi, c.gini, c.effective_number, lambda v: c.top_share(v, 1)])
def test_nothing_above_zero_is_not_a_number(measure):
    assert math.isnan(measure([0.0, -1.0]))
    assert math.isnan(measure([]))


def test_what_is_no_amount_is_refused():
    with pytest.raises(ValueError, match="finite"):
        c.hhi([1.0, float("nan")])
    with pytest.raises(ValueError, match="one dimension"):
        c.hhi([[1.0]])
    with pytest.raises(ValueError, match="at least 1"):
        c.top_share([1.0], 0)
    with pytest.raises(ValueError, match="share"):
        c.accounts_for([1.0], 0)
    with pytest.raises(ValueError, match="cuts"):
        c.abc_classes([1.0], (0.9, 0.8))


def test_abc_gives_the_crossing_account_to_the_class_above():
    assert c.abc_classes([50, 30, 15, 5, 0]).tolist() == ["A", "A", "B", "C", ""]
    assert c.abc_classes([70, 29, 1]).tolist() == ["A", "A", "C"]


@given(POSITIVE)
def test_abc_cuts_at_its_shares(values):
    classes = c.abc_classes(values)
    amounts = np.array(values)
    assert amounts[classes == "A"].sum() >= 0.8 * amounts.sum() * (1 - 1e-9)
    assert (classes == "A").sum() == c.accounts_for(values, 0.8)


def frame(**amounts):
    names = [name.upper() for name in amounts]
    return pd.DataFrame({"account_id": list(amounts), "account_name": names, "revenue": list(amounts.values())})


def test_no_function_changes_what_it_is_given():
    rows = frame(a=1.0, b=3.0, x=-1.0)
    kept = rows.copy()
    values = np.array([3.0, 1.0, -1.0])
    c.concentrate(rows, "revenue")
    for measure in MEASURES:
        measure(values)
    c.abc_classes(values)
    pd.testing.assert_frame_equal(rows, kept)
    assert values.tolist() == [3.0, 1.0, -1.0]
