"""The loss distribution: against enumeration of all outcomes, closed formulas, simulation, and by hand."""

import math

import numpy as np
import pytest
from scipy import stats

from kam_analysis.analysis.losses import CommonCause, loss_distribution, own_probability

LEVELS = (0.05, 0.5, 0.77, 0.9, 0.951, 0.99, 0.9999)


def assert_exact(found, truth, to=1e-9):
    scale = max(truth.total.max(), 1.0)
    assert found.mean == pytest.approx(truth.mean(), abs=to * scale)
    assert found.std == pytest.approx(truth.std(), abs=1e-6 * scale)  # a root: 1e-12 of the variance
    for q in LEVELS:
        at = truth.quantile(q)
        assert found.quantile(q) == pytest.approx(at, abs=to * scale)
        assert found.expected_shortfall(q) == pytest.approx(truth.shortfall(q), abs=to * scale)
        assert found.contributions(q) == pytest.approx(truth.contributions(q), abs=to * scale)
        for x in (at - 0.5, at, at + 0.5):
            assert found.probability_above(x) == pytest.approx(truth.above(x), abs=to)
    assert found.error_bound <= to * scale
    assert "exactly" in found.method or found.mean == 0


@pytest.mark.parametrize("many", [0, 1, 2, 3, 4])
@pytest.mark.parametrize("overlapping", [False, True])
def test_integer_exposures_against_enumeration_of_all_outcomes(enumerated, random_causes, many, overlapping):
    rng = np.random.default_rng(100 * many + overlapping)
    for _ in range(4):
        n = int(rng.integers(many + 1, 9))
        exposure, probability = rng.integers(0, 40, n), rng.choice([0, 0.02, 0.1, 0.3, 0.5, 0.8, 1], n)
        causes = random_causes(rng, n, many, overlapping)
        assert_exact(
            loss_distribution(exposure, probability, 1.0, causes), enumerated(exposure, probability, 1, causes)
        )


@pytest.mark.parametrize("overlapping", [False, True])
def test_fourteen_accounts_against_enumeration_of_all_outcomes(enumerated, random_causes, overlapping):
    rng = np.random.default_rng(14 + overlapping)
    exposure, probability = rng.integers(1, 30, 14), rng.beta(1, 6, 14)
    causes = random_causes(rng, 14, 3, overlapping)
    assert_exact(loss_distribution(exposure, probability, 1.0, causes), enumerated(exposure, probability, 1, causes))


def test_partial_losses_on_a_common_step_against_enumeration(enumerated):
    exposure, probability, severity = [10, 7, 4, 4], [0.2, 0.5, 0.1, 0.9], np.array([0.5, 1, 0.25, 0])
    assert_exact(loss_distribution(exposure, probability, severity), enumerated(exposure, probability, severity))


@pytest.mark.parametrize("many", [0, 2, 4])
@pytest.mark.parametrize("overlapping", [False, True])
def test_any_exposures_against_enumeration_within_the_error_bound(enumerated, random_causes, many, overlapping):
    rng = np.random.default_rng(7 + many + overlapping)
    for _ in range(4):
        n = int(rng.integers(max(many, 2), 10))
        exposure, probability, severity = rng.lognormal(8, 1.5, n), rng.beta(1, 5, n), rng.random(n)
        causes = random_causes(rng, n, many, overlapping)
        found = loss_distribution(exposure, probability, severity, causes)
        truth = enumerated(exposure, probability, severity, causes)
        bound = found.error_bound
        assert bound < 0.005 * exposure.sum()
        assert found.mean == pytest.approx(truth.mean(), rel=1e-12)
        assert found.std == pytest.approx(truth.std(), rel=1e-9)
        for q in LEVELS:
            assert abs(found.quantile(q) - truth.quantile(q)) <= bound
            assert -1e-9 * bound <= found.expected_shortfall(q) - truth.shortfall(q) <= bound
            assert found.contributions(q).sum() == pytest.approx(found.expected_shortfall(q), rel=1e-9)
        for x in truth.total[:: max(truth.total.size // 10, 1)]:
            assert truth.above(x + bound) - 1e-6 <= found.probability_above(x) <= truth.above(x - bound) + 1e-6


def test_contributions_of_any_exposures_against_enumeration(enumerated, random_causes):
    # Away from a level where the quantile jumps the accounts' parts move no more than the total does.
    rng = np.random.default_rng(3)
    exposure, probability = rng.lognormal(5, 0.5, 10), np.full(10, 0.3)
    causes = random_causes(rng, 10, 3, True)
    found, truth = loss_distribution(exposure, probability, 1, causes), enumerated(exposure, probability, 1, causes)
    assert found.contributions(0.8) == pytest.approx(truth.contributions(0.8), abs=0.01 * exposure.sum())


def test_equal_accounts_against_the_binomial_distribution():
    n, p = 500, 0.07
    found, truth = loss_distribution(np.full(n, 250.0), p), stats.binom(n, p)
    assert found.probabilities == pytest.approx(truth.pmf(np.arange(found.losses.size)), abs=1e-12)
    for q in LEVELS:
        assert found.quantile(q) == 250 * truth.ppf(q)
    assert found.contributions(0.95) == pytest.approx(np.full(n, found.expected_shortfall(0.95) / n))


def test_likely_losses_against_the_binomial_distribution():
    # From one half on a power series in p / (1 - p) would not converge.
    for p in (0.5, 0.93):
        found, truth = loss_distribution(np.full(300, 2.0), p), stats.binom(300, p)
        assert found.probabilities == pytest.approx(truth.pmf(np.arange(found.losses.size)), abs=1e-12)


def test_every_account_in_one_cause_against_a_mixture_of_binomials():
    n, p, q, taken = 200, 0.03, 0.2, 0.4
    found = loss_distribution(np.ones(n), p, 1.0, [CommonCause(q, range(n), taken)])
    k = np.arange(found.losses.size)
    both = (1 - q) * stats.binom.pmf(k, n, p) + q * stats.binom.pmf(k, n, 1 - (1 - p) * (1 - taken))
    assert found.probabilities == pytest.approx(both, abs=1e-12)


def test_four_hundred_managers_against_the_distribution_of_how_many_leave():
    # Each manager takes the whole book of five or nothing.
    causes = [CommonCause(0.05, range(5 * at, 5 * at + 5), 1.0) for at in range(400)]
    found = loss_distribution(np.ones(2000), 0.0, 1.0, causes)
    assert found.probabilities[::5] == pytest.approx(
        stats.binom.pmf(np.arange(found.losses[::5].size), 400, 0.05), abs=1e-12
    )
    assert found.probabilities[1::5].max() < 1e-12


def simulated(rng, exposure, probability, causes, draws, each=500):
    found = []
    for _ in range(draws // each):
        lost = rng.random((each, exposure.size)) < probability
        for cause in causes:
            struck = rng.random((each, 1)) < cause.probability
            lost[:, list(cause.members)] |= struck & (rng.random((each, len(cause.members))) < cause.losses)
        found.append(lost @ exposure)
    return np.concatenate(found)


def test_thousands_of_accounts_against_a_simulation_written_for_the_test():
    rng = np.random.default_rng(5)
    n, draws = 2000, 8_000
    exposure, probability = rng.pareto(1.3, n) * 1e4 + 1e3, rng.beta(2, 30, n)
    manager = rng.integers(0, 60, n)
    causes = [CommonCause(0.1, np.flatnonzero(manager == at), 0.3) for at in range(60)]
    causes.append(CommonCause(0.2, np.arange(0, n, 7), 0.5, "a downturn"))
    found, drawn = (
        loss_distribution(exposure, probability, 1, causes),
        np.sort(simulated(rng, exposure, probability, causes, draws)),
    )
    assert drawn.mean() == pytest.approx(found.mean, abs=4 * found.std / math.sqrt(draws))
    assert drawn.std() == pytest.approx(found.std, rel=0.05)
    for q in (0.1, 0.5, 0.9, 0.95, 0.99):
        away = 4 * math.sqrt(draws * q * (1 - q))
        low, high = drawn[int(draws * q - away)], drawn[min(int(draws * q + away), draws - 1)]
        assert low - found.error_bound <= found.quantile(q) <= high + found.error_bound
        assert (drawn > found.quantile(q)).mean() == pytest.approx(1 - q, abs=4 * math.sqrt(q * (1 - q) / draws))
        beyond = np.maximum(drawn - found.quantile(q), 0) / (1 - q)
        expected = found.quantile(q) + beyond.mean()
        assert found.expected_shortfall(q) == pytest.approx(expected, abs=4 * beyond.std() / math.sqrt(draws))


def test_a_finer_grid_stays_within_the_bounds_of_both(monkeypatch):
    from kam_analysis.analysis.losses import grid

    rng = np.random.default_rng(6)
    exposure, probability = rng.pareto(1.3, 1000) * 1e4, rng.beta(2, 30, 1000)
    causes = [CommonCause(0.1, range(20 * at, 20 * at + 20), 0.3) for at in range(50)]
    found = loss_distribution(exposure, probability, 1, causes)
    monkeypatch.setattr(grid, "_AIM", grid._AIM / 8)
    finer = loss_distribution(exposure, probability, 1, causes)
    assert finer.error_bound < found.error_bound / 4
    for q in (0.5, 0.9, 0.95, 0.99, 0.999):
        difference = abs(found.quantile(q) - finer.quantile(q))
        assert difference < found.error_bound / 4  # the bound is a bound, and far from what happens
        assert found.expected_shortfall(q) >= finer.expected_shortfall(q) - finer.error_bound
    assert found.std == pytest.approx(finer.std, rel=1e-9)


def test_a_state_that_cannot_be_does_not_make_the_bound_minus_infinity(enumerated):
    """A certain cause among three that overlap, and hardly any chance of its own."""
    exposure = np.array([36.18779859, 137.51694485, 143.00831102])
    causes = [CommonCause(1.0, [1, 2], 0.5), CommonCause(1e-9, [0, 1, 2], 0.5), CommonCause(1.0, [1, 0, 2], 1.0)]
    own = np.full(3, 1e-9)
    found, truth = loss_distribution(exposure, own, 1, causes), enumerated(exposure, own, 1, causes)
    assert 0 < found.error_bound < 1
    for q in LEVELS:
        assert abs(found.quantile(q) - truth.quantile(q)) <= found.error_bound


def test_the_bound_is_bennetts_with_and_without_states_that_cannot_be():
    """Against the formula for one state; a state of no weight, whatever its spread, changes nothing."""
    from kam_analysis.analysis.losses.grid import DOUBT, Grid, error_bound

    one = Grid(10.0, np.zeros(1, dtype=np.int64), np.zeros(1), 0.0)
    spread, nothing = np.array([[[2.0, 0.0]]]), np.array([0.0])
    alone = error_bound(one, spread, nothing, np.array([1.0]), 1e9)
    s = np.linspace(0.01, 20, 20_000)
    best = ((np.expm1(s) - s) * 2.0 - math.log(DOUBT)) / s
    assert alone == pytest.approx(10 * best.min(), rel=0.02)
    assert alone >= 10 * best.min()
    both = np.concatenate([spread, 50 * spread])
    assert error_bound(one, both, nothing, np.array([1.0, 0.0]), 1e9) == pytest.approx(alone, rel=0.05)


def test_many_accounts_under_many_overlapping_causes_have_a_tight_bound():
    """2,000 accounts, 12 managers, 9 industries: under 4% of the bad year, which a finer grid moves by under 0.1%."""
    from kam_analysis.analysis.losses import grid

    rng = np.random.default_rng(1)
    exposure, probability = rng.lognormal(8, 1.8, 2000), rng.beta(2, 30, 2000)
    causes = [
        CommonCause(chance, np.flatnonzero(who == each).tolist(), 0.3)
        for chance, who in ((0.1, rng.integers(0, 12, 2000)), (0.05, rng.integers(0, 9, 2000)))
        for each in range(int(who.max()) + 1)
    ]
    found = loss_distribution(exposure, probability, 1, causes)
    assert found.error_bound < 0.04 * found.quantile(0.95)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(grid, "_FEWEST_OF_MANY", 2**14)
        finer = loss_distribution(exposure, probability, 1, causes)
    assert found.quantile(0.95) == pytest.approx(finer.quantile(0.95), rel=0.001)
    assert finer.error_bound < found.error_bound


def test_more_overlapping_causes_than_can_be_enumerated_are_simulated_and_it_is_said(monkeypatch):
    from kam_analysis.analysis.losses import distribution, simulated

    rng = np.random.default_rng(8)
    exposure, probability = rng.lognormal(5, 1, 60), rng.beta(2, 20, 60)
    causes = [CommonCause(0.2, rng.choice(60, 20, replace=False).tolist(), 0.5) for _ in range(5)]
    exact = loss_distribution(exposure, probability, 1, causes)
    monkeypatch.setattr(distribution, "MOST_OVERLAPPING", 2)
    monkeypatch.setattr(simulated, "_DRAWS", 20_000)
    found = loss_distribution(exposure, probability, 1, causes, seed=4)
    assert found.method.startswith("simulated, 20,000 draws, seed 4: 4 causes overlap with others")
    assert found.mean == exact.mean
    assert found.std == pytest.approx(exact.std, rel=0.03)
    for q in (0.5, 0.9, 0.95, 0.99):
        assert abs(found.quantile(q) - exact.quantile(q)) < found.error_bound
        assert abs(found.expected_shortfall(q) - exact.expected_shortfall(q)) < found.error_bound
    parts = found.contributions(0.9)
    assert parts.sum() == pytest.approx(found.expected_shortfall(0.9), rel=1e-9)
    assert parts == pytest.approx(exact.contributions(0.9), abs=6 * found.error_bound)
    again = loss_distribution(exposure, probability, 1, causes, seed=4)
    assert (again.losses == found.losses).all()


def test_ten_overlapping_causes_are_computed_and_eleven_are_not():
    # Each overlaps with all others, so that one of them may stay out of the enumeration.
    causes = [CommonCause(0.1, [0, at + 1], 0.5) for at in range(12)]
    assert loss_distribution(np.ones(13), 0.1, 1, causes[:11]).method.startswith("computed exactly")
    assert loss_distribution(np.ones(13), 0.1, 1, causes).method.startswith("simulated")


def test_causes_that_cannot_strike_or_take_nobody_do_not_count():
    idle = [CommonCause(0.0, [0, 1], 1.0), CommonCause(0.5, [0, 1], 0.0), CommonCause(0.5, [], 1.0)]
    found = loss_distribution([3, 4], [0.5, 0.25], 1, idle * 20)
    assert found.probabilities.tolist() == loss_distribution([3, 4], [0.5, 0.25]).probabilities.tolist()


def test_one_account_by_hand():
    found = loss_distribution([1234.56], [0.05])
    assert found.mean == pytest.approx(61.728)
    assert found.std == pytest.approx(1234.56 * math.sqrt(0.05 * 0.95))
    assert (found.quantile(0.95), found.quantile(0.9501)) == (0, pytest.approx(1234.56))
    assert found.expected_shortfall(0.95) == pytest.approx(1234.56)
    assert found.expected_shortfall(0.9) == pytest.approx(617.28)  # half of the worst tenth
    assert found.contributions(0.9) == pytest.approx([617.28])
    assert (found.probability_above(1234.55), found.probability_above(1234.56)) == (pytest.approx(0.05), 0)


def test_certain_losses_and_none_at_all():
    certain = loss_distribution([10, 20, 30], [1, 0, 1])
    assert (certain.mean, certain.std, certain.quantile(0.01)) == (40, 0, 40)
    assert certain.contributions(0.5).tolist() == [10, 0, 30]
    for nothing in (loss_distribution([], []), loss_distribution([0, 5], [0.5, 0]), loss_distribution([5], 1, 0)):
        assert (nothing.mean, nothing.quantile(0.99), nothing.expected_shortfall(0.99)) == (0, 0, 0)
        assert nothing.contributions(0.9).tolist() == [0] * nothing.contributions(0.9).size
        assert nothing.probability_above(0) == 0


def test_a_certain_cause_is_a_certain_loss_of_its_members():
    found = loss_distribution([1, 2, 4], 0.0, 1.0, [CommonCause(1.0, [0, 2], [1.0, 0.5])])
    assert found.probabilities == pytest.approx([0, 0.5, 0, 0, 0, 0.5], abs=1e-15)


def test_the_exceedance_curve_is_the_probability_above():
    found = loss_distribution([10, 20, 30, 7], 0.2)
    curve = found.exceedance(50)
    assert curve["probability"].tolist() == pytest.approx([found.probability_above(x) for x in curve["loss"]])
    assert curve["loss"].iloc[0] == 0
    assert curve["loss"].iloc[-1] == found.quantile(0.9999)
    assert (curve["probability"].diff().dropna() <= 0).all()


def test_the_independent_case_has_the_same_mean_and_a_thinner_tail():
    rng = np.random.default_rng(9)
    exposure, probability = rng.integers(1, 100, 200), rng.beta(3, 20, 200)
    causes = [CommonCause(0.1, range(20 * at, 20 * at + 20), 0.4) for at in range(10)]
    left = own_probability(probability, causes)
    assert left.floored.size
    firm = np.setdiff1d(np.arange(200), left.floored)
    joint = loss_distribution(exposure[firm], left.own[firm], 1, [
        CommonCause(0.1, np.flatnonzero((firm >= 20 * at) & (firm < 20 * at + 20)), 0.4) for at in range(10)
    ])  # fmt: skip
    alone = loss_distribution(exposure[firm], probability[firm])
    assert joint.mean == pytest.approx(alone.mean, rel=1e-12)
    for q in (0.9, 0.95, 0.99):
        assert joint.expected_shortfall(q) > alone.expected_shortfall(q)
