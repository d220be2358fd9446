"""Next year's concentration: held-out years of simulated companies, known changes by hand, and what must not matter."""

import math
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.forecast import KINDS, company, held
from kam_analysis.analysis import concentration as c


def rng():
    return np.random.default_rng(20260)


def totals(kind="stable", accounts=60, years=3, seed=1):
    return company(np.random.default_rng(seed), KINDS[kind], accounts, years)[:, :-1]


@pytest.mark.parametrize("kind", KINDS)
def test_held_out_years_are_inside_the_range_about_as_often_as_it_says(kind):
    """Of 40 companies a kind, each figure; in full: python -m benchmarks forecast."""
    rates, _ = held(KINDS[kind], 60, 3, 40)
    assert rates.min() >= 0.8
    assert rates.mean() >= 0.86


def test_a_company_whose_levels_move_has_a_wider_range_than_a_stable_one():
    stable, moving = (held(KINDS[kind], 60, 3, 10)[1] for kind in ("stable", "levels move"))
    assert (moving > stable).all()


def test_where_nothing_changes_next_year_is_this_year():
    found = c.forecast(np.outer([50.0, 30.0, 15.0, 5.0, 4.0, 3.0], [1, 2, 4]), 0.95, rng())
    now = [50 / 107, 104 / 107, 107**2 / (2500 + 900 + 225 + 25 + 16 + 9)]
    assert found.figures["value"].tolist() == pytest.approx(now)
    for name in ("low", "middle", "high"):
        assert found.figures[name].tolist() == pytest.approx(now)
    assert (found.years, found.changes, found.level) == (2, 12, 0.95)


def test_customers_of_which_one_in_two_leaves_each_year_do_so_next_year_by_the_binomial_distribution():
    """Twenty equal customers, ten of whom left, five came: the number of those that stay is binomial, the new are five."""
    amounts = np.zeros((25, 2))
    amounts[:20, 0] = 1
    amounts[10:25, 1] = 1
    found = c.forecast(amounts, 0.5, rng(), draws=4_000).figures.set_index("name").loc["equal customers"]
    stay = rng().binomial(15, 0.5, 200_000) + 5
    low, middle, high = np.log(np.quantile(stay, [0.25, 0.5, 0.75]))
    assert found["value"] == pytest.approx(15)
    assert math.log(found["middle"]) == pytest.approx(middle, abs=0.1)
    assert math.log(found["low"]) == pytest.approx(middle - 1.15 * (middle - low), abs=0.1)
    assert math.log(found["high"]) == pytest.approx(middle + 1.15 * (high - middle), abs=0.1)


def test_the_range_reaches_what_happened_to_a_customer_of_that_size():
    """One of forty large customers halved and one doubled: for the largest neither is ruled out."""
    amounts = np.column_stack([np.linspace(100, 140, 40), np.linspace(100, 140, 40)])
    amounts[3, 1] /= 2
    amounts[30, 1] *= 2
    found = c.forecast(amounts, 0.95, rng()).figures.set_index("name").loc["largest customer"]
    plain = (
        c.forecast(np.repeat(amounts[:, :1], 2, axis=1), 0.95, rng()).figures.set_index("name").loc["largest customer"]
    )
    assert found["high"] > 1.3 * plain["high"]


def test_more_than_a_thousand_customers_keep_this_years_figures_though_the_rest_moves_as_one():
    amounts = np.random.default_rng(2).lognormal(8, 1.5, (1_500, 3))
    found = c.forecast(amounts, 0.95, rng(), draws=200).figures["value"]
    now = amounts[:, -1]
    assert found.tolist() == pytest.approx([c.top_share(now, 1), c.top_share(now, 5), c.effective_number(now)])


def test_less_than_two_years_and_a_year_without_sales_are_not_assessed():
    assert c.forecast([[5.0], [3.0]], 0.95, rng()) is None
    assert c.forecast(np.zeros((3, 2)), 0.95, rng()) is None
    assert c.forecast([[0.0, 5.0], [0.0, 3.0]], 0.95, rng()) is None
    with pytest.raises(ValueError, match="accounts by years"):
        c.forecast([1.0, 2.0], 0.95, rng())
    with pytest.raises(ValueError, match="finite"):
        c.forecast([[1.0, math.nan]], 0.95, rng())


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 1_000), st.integers(2, 30), st.integers(2, 4))
def test_shares_stay_shares_and_neither_order_nor_currency_nor_a_bystander_matters(seed, accounts, years):
    random = np.random.default_rng(seed)
    amounts = random.lognormal(3, 1, (accounts, years)) * (random.random((accounts, years)) < 0.8)
    found = c.forecast(amounts, 0.9, rng(), draws=200)
    if found is None:
        return
    figures = found.figures.set_index("name")
    assert (figures["low"] <= figures["middle"]).all()
    assert (figures["middle"] <= figures["high"]).all()
    assert figures.loc[["largest customer", "five largest"], ["low", "high"]].stack().between(0, 1).all()
    order = random.permutation(accounts)
    other = c.forecast(np.vstack([amounts[order] * 1024, np.zeros((2, years))]), 0.9, rng(), draws=200)
    pd.testing.assert_frame_equal(other.figures, found.figures)


def test_more_confidence_is_wider():
    narrow, wide = (c.forecast(totals(), level, rng()).figures for level in (0.5, 0.95))
    assert (wide["low"] < narrow["low"]).all()
    assert (wide["high"] > narrow["high"]).all()


def drawn_by_hand(amounts, level, draws, alike=40):
    """Every customer of every draw by itself, with the same random numbers in the same order."""
    shares = np.array(
        sorted((amounts / amounts.sum(axis=0)).tolist(), key=lambda row: [-each for each in reversed(row)])
    )
    years, random = shares.shape[1], rng()
    changes = sorted(
        (before, math.log(after / before) if after > 0 else -math.inf)
        for row in shares for before, after in pairwise(row) if before > 0
    )  # fmt: skip
    alike = min(alike, len(changes))
    there = [row for row in shares if row[-1] > 0]
    pick = random.integers(0, alike, (draws, len(there)))
    normal = random.standard_normal((draws, len(there)))
    came = sorted(row[at] for row in shares for at in range(1, years) if row[at - 1] == 0 < row[at])
    new = random.integers(0, len(came), (draws, round(len(came) / (years - 1))))
    next_year = np.zeros((draws, len(there)))
    for at, row in enumerate(there):
        smaller = sum(size < row[-1] for size, _ in changes)
        first = min(max(smaller - alike // 2, 0), len(changes) - alike)
        near = [log for _, log in changes[first : first + alike]]
        stayed = [log for log in near if log > -math.inf]
        middle = float(np.median(stayed)) if stayed else 0.0
        off = [log - middle if log > -math.inf else 0.0 for log in near]
        usual = sum(each**2 for each in off) / max(len(stayed), 1)
        own = [math.log(b / a) - middle for a, b in pairwise(row) if a > 0 and b > 0]
        spread = (3 * usual + sum(each**2 for each in own)) / (3 + len(own))
        wider = math.sqrt(spread / usual) if usual > 0 else 1.0
        smooth = 0.4 * 1.48 * float(np.median(np.abs(off)))
        for draw in range(draws):
            if near[pick[draw, at]] > -math.inf:
                noise = off[pick[draw, at]] + smooth * normal[draw, at]
                next_year[draw, at] = row[-1] * math.exp(middle + wider * noise)
    rows = [np.r_[each, [came[at] for at in late]] for each, late in zip(next_year, new, strict=True)]
    figures = [
        [each.max() / each.sum(), sum(sorted(each)[-5:]) / each.sum(), each.sum() ** 2 / (each**2).sum()]
        for each in rows
    ]
    found = []
    for at, values in enumerate(zip(*figures, strict=True)):
        scaled = [math.log(each / (1 - each)) if at < 2 else math.log(each) for each in values]
        low, middle, high = np.quantile(scaled, [(1 - level) / 2, 0.5, (1 + level) / 2])
        ends = [middle, middle - 1.15 * (middle - low), middle + 1.15 * (high - middle)]
        found.append([1 / (1 + math.exp(-each)) if at < 2 else math.exp(each) for each in ends])
    return found


@pytest.mark.parametrize(("accounts", "years", "level"), [(30, 4, 0.9), (12, 2, 0.5), (80, 3, 0.95)])
def test_every_draw_is_that_of_customers_one_by_one(accounts, years, level):
    random = np.random.default_rng(accounts)
    amounts = random.lognormal(0, 1, (accounts, 1)) * random.lognormal(0, 0.3, (accounts, years))
    amounts *= random.random((accounts, years)) > 0.2
    found = c.forecast(amounts, level, rng(), draws=50).figures[["middle", "low", "high"]]
    np.testing.assert_allclose(found.to_numpy(), drawn_by_hand(amounts, level, 50), rtol=1e-9)
