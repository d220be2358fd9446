"""Ranges over months: what they cover by simulation, against Student's t and gamma quantiles of SciPy, and properties."""

import math

import numpy as np
import pytest
from scipy import stats

from benchmarks.coverage import COMPANIES, MEASURES, buying, covered, lasting
from kam_analysis.analysis import concentration as c
from kam_analysis.analysis.concentration.fluctuation import fluctuation, mean_variance
from kam_analysis.analysis.concentration.uncertainty import LEAST_MONTHS, coverages, intervals, simulated

INDICES = {
    "hhi": c.hhi,
    "effective_number": c.effective_number,
    "top 1": lambda totals: c.top_share(totals, 1),
    "top 5": lambda totals: c.top_share(totals, 5),
    "gini": c.gini,
}


def rng():
    return np.random.default_rng(20260)


def book(accounts=60, months=24, sigma=1.5, seed=1, rare=False):
    random = np.random.default_rng(seed)
    amounts = random.lognormal(8, sigma, (accounts, 1)) * random.gamma(1, 1, (accounts, months))
    return amounts * (random.random(amounts.shape) < 0.3) if rare else amounts


@pytest.mark.parametrize("kind", ["independent months", "neighbours 0.5", "neighbours 0.8", "trends", "one by project"])
def test_ranges_hold_the_truth_about_as_often_as_they_say_where_months_depend_on_each_other(kind):
    """Of 60 companies with three years; in full: python -m benchmarks coverage. The first edition: 79, 50 and 76%."""
    rates, _ = covered(COMPANIES[kind], 36, 60)
    assert min(rates.values()) >= 0.85
    assert np.mean(list(rates.values())) >= 0.9


def test_ranges_are_wider_where_months_last_and_as_narrow_as_ever_where_only_the_season_does():
    widths = {
        name: covered(COMPANIES[name], 36, 15)[1]["top 5"]
        for name in ("independent months", "neighbours 0.8", "seasons")
    }
    assert widths["neighbours 0.8"] > 2 * widths["independent months"]
    assert widths["seasons"] < 1.3 * widths["independent months"]


def test_twelve_months_alone_are_told_to_depend_on_each_other_too():
    rates, _ = covered(buying(0.8), 12, 40)
    assert min(rates.values()) >= 0.85


@pytest.mark.parametrize("kind", ["3 of 10 months", "one by project"])
def test_twelve_months_of_rare_buyers_hold_the_truth_too(kind):
    """Of 100 companies; counting months without a purchase as deviations held 80 to 87%."""
    rates, _ = covered(COMPANIES[kind], 12, 100)
    assert min(rates.values()) >= 0.86
    assert np.mean(list(rates.values())) >= 0.89


def test_the_variance_of_a_mean_of_neighbours_is_the_sum_of_all_their_correlations():
    for carried in (-0.3, 0.0, 0.5, 0.9):
        apart = np.abs(np.subtract.outer(np.arange(7), np.arange(7)))
        direct = (carried**apart).sum() / 49 if carried else 1 / 7
        assert mean_variance(np.array([carried]), 7)[0] == pytest.approx(direct)


@pytest.mark.parametrize("months", [12, 24, 36])
@pytest.mark.parametrize("carried", [0.0, 0.5, 0.8])
def test_the_correlation_of_neighbours_and_the_variance_of_months_are_found_again(months, carried):
    """Of 400 alike accounts whose truth is known: neither is too low for the mean that was taken off."""
    random = np.random.default_rng(months)
    found = fluctuation(lasting(random, (400, months), carried, 0.2), 12)
    assert np.average(found.carried) == pytest.approx(carried, abs=0.05)
    assert 0.036 < np.mean(found.month_variance) < 0.052


def test_a_season_and_steady_growth_are_no_luck_from_two_years_on():
    at = np.arange(36)
    course = (1 + 0.6 * np.sin(2 * np.pi * at / 12)) * 100 + 3 * at
    found = fluctuation(np.outer([1.0, 2.0, 5.0], course), 12)
    assert found.month_variance == pytest.approx(0, abs=1e-6)
    assert found.expected == pytest.approx(np.array([1.0, 2.0, 5.0]) * course[-12:].sum())


def test_a_lumpy_buyer_is_known_by_all_its_years_and_a_steady_one_by_its_last():
    random = np.random.default_rng(3)
    steady = lasting(random, (50, 36), 0.0, 0.05)
    steady[:25, 24:] *= 0.5
    lumpy = np.zeros(36)
    lumpy[[2, 9, 15, 20, 23, 33]] = 20.0
    found = fluctuation(np.vstack([steady, lumpy]), 12)
    assert found.expected[30] == pytest.approx(steady[30, 24:].sum(), rel=0.02)
    assert found.variance[30] == pytest.approx(found.year_variance[30], rel=0.1), (
        "levels change here: its last year counts"
    )
    assert 20 < found.expected[-1] <= 40, "one project of its last year, two and three of those before"
    assert found.variance[-1] < found.year_variance[-1]


def test_who_stopped_for_good_is_expected_to_buy_nothing_and_who_buys_now_and_then_is():
    random = np.random.default_rng(4)
    amounts = lasting(random, (20, 36), 0.0, 0.2)
    amounts[3, 24:] = 0
    seldom = np.zeros(36)
    seldom[[3, 17]] = 9.0
    found = fluctuation(np.vstack([amounts, seldom]), 12)
    assert found.expected[3] == 0
    assert found.expected[-1] > 0


def test_who_is_new_varies_as_the_others_do():
    amounts = lasting(np.random.default_rng(5), (40, 24), 0.0, 0.3)
    amounts[7, :21] = 0
    found = fluctuation(amounts, 12)
    assert found.month_variance[7] == pytest.approx(0.09 * np.mean(amounts[7, 21:]) ** 2, rel=0.3)


def test_one_account_beside_a_sure_one_has_the_gamma_quantiles_of_scipy():
    """Share of the first of two: what is expected of it is gamma, its variance known from as many deviations as said."""
    random = np.random.default_rng(6)
    amounts = np.vstack([random.gamma(4, 25, 12), np.full(12, 100.0)])
    known = fluctuation(amounts, 12)
    got = intervals([lambda totals: totals[:, 0] / totals.sum(axis=1)], amounts, 0.9, rng())[0]
    shape = known.expected[0] ** 2 / known.variance[0]
    draws = shape * stats.chi2(known.freedom[0]).rvs(200_000, random_state=1) / known.freedom[0]
    first = known.expected[0] * stats.gamma(draws + 0.5).rvs(random_state=2) / draws
    odds = np.log(first / 1200)
    low, middle, high = np.quantile(odds, [0.05, 0.5, 0.95])
    shift = middle - math.log(known.expected[0] / 1200)
    ends = [middle - 2 * shift - math.hypot(max(middle - low, high - middle), shift / 2)]
    ends.append(middle - 2 * shift + math.hypot(high - middle, shift / 2))
    expected = [1 / (1 + math.exp(-each)) for each in ends]
    assert (got.low, got.high) == pytest.approx(tuple(expected), rel=0.02)


@pytest.mark.parametrize("name", INDICES)
def test_currency_and_accounts_without_sales_do_not_matter(name):
    amounts = book()
    got = c.interval(INDICES[name], amounts, 0.95, rng())
    changed = np.vstack([amounts * 0.25, np.zeros((3, 24))])
    other = c.interval(INDICES[name], changed, 0.95, rng())
    assert (other.value, other.low, other.high) == pytest.approx((got.value, got.low, got.high))


@pytest.mark.parametrize("name", INDICES)
def test_more_confidence_is_wider_and_the_same_seed_is_the_same(name):
    amounts = book()
    wide, narrow = (c.interval(INDICES[name], amounts, level, rng()) for level in (0.95, 0.5))
    assert wide.low < narrow.low < narrow.high < wide.high
    assert c.interval(INDICES[name], amounts, 0.95, rng()) == wide


def test_a_share_stays_a_share_and_holds_its_own_value():
    amounts = book(accounts=8, months=12, sigma=3, seed=3, rare=True)
    for name in ("hhi", "top 1", "top 5", "gini"):
        got = c.interval(INDICES[name], amounts, 0.999, rng())
        assert 0 <= got.low <= got.value <= got.high <= 1
    assert c.interval(c.effective_number, amounts, 0.999, rng()).low > 0


def test_a_measure_that_is_no_share_may_pass_one():
    amounts = book(accounts=40, months=12, sigma=1.2, seed=0, rare=True)
    assert c.theil(amounts.sum(axis=1)) < 1
    assert c.interval(c.theil, amounts, 0.9999, rng(), share=False).high > 1
    signed = c.interval(lambda totals: float(totals[0] - totals[1]), amounts, 0.99999, rng())
    assert signed.low < 0


def test_months_that_make_no_difference_give_bounds_at_the_value():
    steady = np.outer(rng().lognormal(8, 1, 9), np.linspace(0.1, 1.3, 12))
    for measure in (c.hhi, c.gini, INDICES["top 1"]):
        got = c.interval(measure, steady, 0.95, rng())
        assert (got.low, got.high) == pytest.approx((got.value, got.value))
        assert c.coverage(measure, steady, 0.95, rng(), trials=20).found == 1
    alone = c.interval(c.hhi, book(accounts=1), 0.95, rng())
    assert (alone.value, alone.low, alone.high) == (1, 1, 1)
    # All accounts are among the five largest, whichever months there are.
    assert c.interval(INDICES["top 5"], book(accounts=4), 0.95, rng()).high == 1


def test_too_few_months_and_months_without_a_value_have_no_bounds():
    short = c.interval(c.hhi, book(months=LEAST_MONTHS - 1), 0.95, rng())
    assert short.value == pytest.approx(c.hhi(book(months=LEAST_MONTHS - 1).sum(axis=1)))
    assert math.isnan(short.low)
    assert math.isnan(short.high)
    assert math.isnan(c.coverage(c.hhi, book(months=LEAST_MONTHS - 1), 0.95, rng()).found)
    assert not math.isnan(c.interval(c.hhi, book(months=LEAST_MONTHS), 0.95, rng()).low)
    nothing = np.zeros((3, 12))
    assert math.isnan(c.interval(c.hhi, nothing, 0.95, rng()).low), "no share, no range"
    assert c.coverage(c.hhi, nothing, 0.95, rng(), trials=5).found == 0
    once = nothing.copy()
    once[:, 4] = [3.0, 2.0, 1.0]
    found = c.interval(c.hhi, once, 0.95, rng())
    assert found.value == pytest.approx(c.hhi([3, 2, 1]))
    assert found.low < found.value < found.high, "all was bought in one month: that says little"


def test_several_measures_at_once_are_each_of_them_alone():
    amounts = book(months=36)
    both = intervals(list(MEASURES.values()), amounts, 0.95, rng(), months=12)
    alone = [intervals([each], amounts, 0.95, rng(), months=12)[0] for each in MEASURES.values()]
    assert both == alone
    assert both[0].value == pytest.approx(c.top_share(amounts[:, -12:].sum(axis=1), 1))


def test_the_printed_coverage_is_of_histories_in_which_months_depend_on_each_other():
    """Simulated from what was found: with its correlation, variance and level, and nothing before an account's first."""
    random = np.random.default_rng(8)
    amounts = lasting(random, (200, 36), 0.7, 0.3)
    amounts[0, :20] = 0
    known = fluctuation(amounts, 12)
    again = [fluctuation(simulated(known, 36, random), 12) for _ in range(5)]
    assert np.mean([each.carried.mean() for each in again]) == pytest.approx(known.carried.mean(), abs=0.06)
    assert np.mean([each.year_variance.mean() for each in again]) == pytest.approx(known.year_variance.mean(), rel=0.25)
    assert (simulated(known, 36, random)[0, :20] == 0).all()
    drawn = np.mean([simulated(known, 36, random)[:, -12:].sum(axis=1) for _ in range(300)], axis=0)
    assert drawn == pytest.approx(known.expected, rel=0.12)


def test_the_printed_coverage_counts_how_often_ranges_of_such_histories_hold_what_was_expected():
    amounts = book(months=24)
    got = coverages([MEASURES["top 5"]], amounts, 0.95, rng(), trials=100, months=12)[0]
    known, random, hits = fluctuation(amounts, 12), np.random.default_rng(7), 0
    truth = c.top_share(known.expected, 5)
    for _ in range(100):
        drawn = intervals([MEASURES["top 5"]], simulated(known, 24, random), 0.95, random, months=12)[0]
        hits += drawn.low <= truth <= drawn.high
    assert got.found == pytest.approx(hits / 100, abs=4 * math.sqrt(2) * got.error)
    assert 0.8 < got.found <= 1
    assert (got.level, got.trials) == (0.95, 100)
    assert c.coverage(c.hhi, amounts, 0.3, rng(), trials=60).found < 0.7
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
    with pytest.raises(ValueError, match="months: expected 1 to 24"):
        c.interval(c.hhi, amounts, 0.95, rng(), months=25)
    assert (amounts == before).all()
