"""Intervals over months: what they cover by simulation, against the jackknife and Student's t by hand."""

import math

import numpy as np
import pytest
from scipy import stats

from benchmarks.coverage import BUYING, MEASURES, covered
from kam_analysis.analysis import concentration as c
from kam_analysis.analysis.concentration.uncertainty import DRAWS, LEAST_MONTHS


def rng():
    return np.random.default_rng(20260)


def book(accounts=60, months=24, sigma=1.5, buying="variable", seed=1):
    random = np.random.default_rng(seed)
    return random.lognormal(8, sigma, (accounts, 1)) * BUYING[buying](random, (accounts, months))


def test_intervals_cover_about_as_often_as_they_say():
    """Of 300 books a measure; fails where intervals are a fifth narrower. In full: python -m benchmarks coverage."""
    rates = [covered(BUYING[each], 24, 100, 1.5, 100) for each in ("steady", "variable", "3 of 10 months")]
    by_measure = {name: np.mean([rate[name] for rate in rates]) for name in MEASURES}
    assert 0.90 <= min(by_measure.values()) <= max(by_measure.values()) <= 0.985
    assert 0.92 <= np.mean(list(by_measure.values())) <= 0.97


def test_intervals_are_corrected_for_how_month_noise_concentrates_a_book():
    """Many alike accounts that buy seldom: an interval around the plain value misses the Gini nearly always here."""
    rates = covered(BUYING["3 of 10 months"], 24, 300, 1, 60)
    assert min(rates.values()) >= 0.88


def by_hand(amounts, level, random):
    """Bounds of HHI from the definitions, month by month; which of the two errors was the larger one."""
    n = amounts.shape[1]

    def log_odds(totals):
        return math.log(c.hhi(totals) / (1 - c.hhi(totals)))

    whole = log_odds(amounts.sum(axis=1))
    left_out = np.array([log_odds(np.delete(amounts, month, axis=1).sum(axis=1)) for month in range(n)])
    half_bias = (n - 1) * (left_out.mean() - whole) / 2
    jackknife = math.sqrt((n - 1) / n * ((left_out - left_out.mean()) ** 2).sum())
    redrawn = random.multinomial(n, np.full(n, 1 / n), DRAWS)
    bootstrap = np.std([log_odds(amounts @ weights) for weights in redrawn], ddof=1) * math.sqrt(n / (n - 1))
    reach = stats.t.ppf((1 + level) / 2, n - 1) * math.hypot(max(jackknife, bootstrap), half_bias)
    bounds = [1 / (1 + math.exp(-(whole - half_bias + side * reach))) for side in (-1, 1)]
    return bounds, jackknife > bootstrap


def test_centre_and_reach_are_the_jackknifes_the_bootstraps_and_students_t_of_scipy_by_hand():
    larger = set()
    for seed in range(6):
        amounts = book(accounts=6, months=12, sigma=1, seed=seed)
        (low, high), jackknife_is_larger = by_hand(amounts, 0.9, rng())
        got = c.interval(c.hhi, amounts, 0.9, rng())
        assert (got.low, got.high, got.level) == (pytest.approx(low), pytest.approx(high), 0.9)
        assert got.value == pytest.approx(c.hhi(amounts.sum(axis=1)))
        larger.add(jackknife_is_larger)
    assert larger == {True, False}


@pytest.mark.parametrize("name", MEASURES)
def test_order_of_accounts_currency_and_accounts_without_sales_do_not_matter(name):
    amounts = book()
    got = c.interval(MEASURES[name], amounts, 0.95, rng())
    changed = np.vstack([amounts[::-1] * 0.25, np.zeros((3, 24))])
    other = c.interval(MEASURES[name], changed, 0.95, rng())
    assert (other.value, other.low, other.high) == pytest.approx((got.value, got.low, got.high))


@pytest.mark.parametrize("name", MEASURES)
def test_more_confidence_is_wider_and_the_same_seed_is_the_same(name):
    amounts = book()
    wide, narrow = (c.interval(MEASURES[name], amounts, level, rng()) for level in (0.95, 0.5))
    assert wide.low < narrow.low < narrow.high < wide.high
    assert c.interval(MEASURES[name], amounts, 0.95, rng()) == wide


def test_a_share_stays_a_share_and_a_number_above_zero():
    amounts = book(accounts=8, months=12, sigma=3, buying="3 of 10 months", seed=3)
    for name in ("hhi", "top 1", "top 5", "gini"):
        got = c.interval(MEASURES[name], amounts, 0.999, rng())
        assert 0 <= got.low <= got.high <= 1
    assert c.interval(c.effective_number, amounts, 0.999, rng()).low > 0


def test_a_measure_that_is_no_share_may_pass_one():
    amounts = book(accounts=40, months=12, sigma=1.5, seed=0)
    assert c.theil(amounts.sum(axis=1)) < 1
    assert c.interval(c.theil, amounts, 0.9999, rng()).high < 1
    assert c.interval(c.theil, amounts, 0.9999, rng(), share=False).high > 1
    signed = c.interval(lambda totals: float(totals[0] - totals[1]), amounts, 0.99999, rng())
    assert signed.low < 0


def test_months_that_make_no_difference_give_bounds_at_the_value():
    steady = np.outer(rng().lognormal(8, 1, 9), np.linspace(0.1, 1.3, 12))
    for measure in (c.hhi, c.gini, MEASURES["top 1"]):
        got = c.interval(measure, steady, 0.95, rng())
        assert (got.low, got.high) == pytest.approx((got.value, got.value))
        assert c.coverage(measure, steady, 0.95, rng(), trials=20).found == 1
    alone = c.interval(c.hhi, book(accounts=1), 0.95, rng())
    assert (alone.value, alone.low, alone.high) == (1, 1, 1)
    # All accounts are among the five largest, whichever months there are.
    assert c.interval(MEASURES["top 5"], book(accounts=4), 0.95, rng()).high == 1


def test_too_few_months_and_months_without_a_value_have_no_bounds():
    short = c.interval(c.hhi, book(months=LEAST_MONTHS - 1), 0.95, rng())
    assert short.value == pytest.approx(c.hhi(book(months=LEAST_MONTHS - 1).sum(axis=1)))
    assert math.isnan(short.low)
    assert math.isnan(short.high)
    assert math.isnan(c.coverage(c.hhi, book(months=LEAST_MONTHS - 1), 0.95, rng()).found)
    assert not math.isnan(c.interval(c.hhi, book(months=LEAST_MONTHS), 0.95, rng()).low)
    once = np.zeros((3, 12))
    once[:, 4] = [3.0, 2.0, 1.0]
    # All was bought in one month: without it there is no share.
    assert math.isnan(c.interval(c.hhi, once, 0.95, rng()).low)
    assert c.interval(c.hhi, once, 0.95, rng()).value == pytest.approx(c.hhi([3, 2, 1]))
    assert c.coverage(c.hhi, once, 0.95, rng(), trials=10).found == 0


def test_any_function_of_the_totals_will_do_such_as_one_that_keeps_a_block_apart():
    """As the page does for a large book: its largest accounts one by one, all others as the last row."""
    amounts = book(accounts=400)
    largest = np.argsort(-amounts.sum(axis=1))
    named, others = amounts[largest[:100]], amounts[largest[100:]]

    def five_largest(totals):
        return float(np.sort(totals[:-1])[-5:].sum() / totals.sum())

    blocked = c.interval(five_largest, np.vstack([named, others.sum(axis=0)]), 0.95, rng())
    plain = c.interval(MEASURES["top 5"], amounts, 0.95, rng())
    assert (blocked.value, blocked.low, blocked.high) == pytest.approx((plain.value, plain.low, plain.high))


def test_coverage_is_what_redrawing_the_books_own_months_finds():
    amounts = book(months=24)
    got = c.coverage(c.hhi, amounts, 0.95, rng(), trials=150)
    truth, random, hits = c.hhi(amounts.sum(axis=1)), np.random.default_rng(7), 0
    for _ in range(150):
        drawn = c.interval(c.hhi, amounts[:, random.integers(0, 24, 24)], 0.95, random)
        hits += drawn.low <= truth <= drawn.high
    assert got.found == pytest.approx(hits / 150, abs=4 * math.sqrt(2) * got.error)
    assert 0.85 < got.found <= 1
    assert (got.level, got.trials) == (0.95, 150)
    assert got.error == pytest.approx(math.sqrt(got.found * (1 - got.found) / 150), abs=0.006)
    assert c.coverage(c.hhi, amounts, 0.5, rng(), trials=150).found < 0.7
    assert c.coverage(c.hhi, amounts, 0.95, rng(), trials=20).error > 0


def test_what_cannot_be_resampled_is_refused_and_nothing_is_changed():
    amounts = book()
    before = amounts.copy()
    for function in (c.interval, c.coverage):
        with pytest.raises(ValueError, match="accounts by months, got 1"):
            function(c.hhi, amounts[:, 0], 0.95, rng())
        with pytest.raises(ValueError, match="finite amounts, got 1 others"):
            function(c.hhi, np.where(amounts == amounts[0, 0], np.nan, amounts), 0.95, rng())
        with pytest.raises(ValueError, match="level"):
            function(c.hhi, amounts, 95, rng())
    c.interval(c.hhi, amounts, 0.95, rng())
    c.coverage(c.hhi, amounts, 0.95, rng(), trials=5)
    assert (amounts == before).all()
