"""Margin month by month: against closed formulas, the loss distribution, a draw per month, and by hand."""

import numpy as np
import pytest
from scipy import stats

from kam_analysis.analysis.losses import CommonCause, loss_distribution, time_paths


def book(n=200, seed=1):
    rng = np.random.default_rng(seed)
    return rng.lognormal(8, 1, n), rng.beta(2, 20, n)


def test_the_mean_of_each_month_against_the_formula():
    exposure, probability = book()
    severity, notice = np.linspace(0.2, 1, 200), np.arange(200) % 7
    found = time_paths(exposure, probability, severity, notice_months=notice, scenarios=4000)
    month = np.arange(1, 37)[:, None]
    gone = 1 - (1 - probability) ** (np.maximum(month - notice, 0) / 12)
    expected = ((1 - severity * gone) * exposure / 12).sum(axis=1)
    assert (np.abs(found.mean - expected) <= 4 * found.error + 1e-9 * expected).all()
    assert found.error.max() < 0.01 * found.start


def test_the_twelfth_month_against_the_loss_distribution():
    exposure, probability = book(60)
    causes = [CommonCause(0.2, range(20), 0.5), CommonCause(0.1, range(10, 60), np.linspace(0, 1, 50))]
    found = time_paths(exposure, probability, 0.8, causes, months=12, scenarios=8000, levels_at=(0.05, 0.1, 0.5))
    year = loss_distribution(exposure, probability, 0.8, causes)
    lost = (found.start - found.kept[:, -1]) * 12
    assert lost.mean() == pytest.approx(year.mean, abs=4 * year.std / np.sqrt(8000))
    assert lost.std() == pytest.approx(year.std, rel=0.05)
    for at, level in enumerate(found.levels):
        # What is kept with 5% is what is not lost with 95%.
        expected = found.start - year.quantile(1 - level) / 12
        assert abs(found.bands[at, -1] - expected) < 4 * found.band_error[at, -1] + 1e-6


def test_one_account_leaves_by_the_geometric_distribution():
    found = time_paths([12.0], 0.4, months=24, scenarios=20_000)
    month = (found.kept > 0).sum(axis=1) + 1
    hazard = 1 - 0.6 ** (1 / 12)
    for t in range(1, 25):
        p = stats.geom.pmf(t, hazard)
        assert (month == t).mean() == pytest.approx(p, abs=4.5 * np.sqrt(p / 20_000))


def test_bands_against_a_draw_per_account_and_month():
    exposure, probability = book(80, 3)
    found = time_paths(exposure, probability, scenarios=5000)
    rng = np.random.default_rng(9)
    leaves = rng.random((3000, 80, 36)) < (1 - (1 - probability) ** (1 / 12))[:, None]
    kept = np.einsum("sam,a->sm", ~np.logical_or.accumulate(leaves, axis=2), exposure / 12)
    for at, level in enumerate(found.levels):
        # Up to the band and below it: the two differ where a margin has a probability of its own.
        upto, below = ((kept < found.bands[at] + each).mean(axis=0) for each in (1e-6, -1e-6))
        away = 4.5 * np.sqrt(level * (1 - level) * (1 / 3000 + 1 / 5000)) + 0.002
        assert (below - away < level).all()
        assert (upto + away > level).all()
    assert kept.std(axis=0)[11:] == pytest.approx(found.kept.std(axis=0)[11:], rel=0.06)


@pytest.mark.parametrize("causes", [(), (CommonCause(0.3, range(30), 0.5),)])
def test_the_same_seed_gives_the_same_whatever_is_held_at_once(causes):
    exposure, probability = book(40)
    found = [
        time_paths(exposure, probability, causes=causes, scenarios=1100, chunk=chunk)
        for chunk in (1, 250, 600, 1100, 99_999)
    ]
    for other in found[1:]:
        assert (other.kept == found[0].kept).all()
    fewer = time_paths(exposure, probability, causes=causes, scenarios=300)
    assert (fewer.kept == found[0].kept[:300]).all()
    assert (time_paths(exposure, probability, causes=causes, scenarios=1100, seed=2).kept != found[0].kept).any()


def test_a_cause_takes_its_members_at_the_same_time():
    found = time_paths([120.0, 120.0, 120.0], 0.0, 1.0, [CommonCause(0.5, [0, 2], 1.0)], scenarios=4000)
    assert set(np.unique(found.kept)) == {10.0, 30.0}
    for month in (12, 24, 36):
        gone = 1 - 0.5 ** (month / 12)
        assert (found.kept[:, month - 1] == 10).mean() == pytest.approx(gone, abs=4 * np.sqrt(gone * (1 - gone) / 4000))


def test_notice_partial_loss_and_certainty_by_hand():
    found = time_paths([120.0, 240.0, 60.0], [1.0, 1.0, 0.0], [1.0, 0.5, 1.0], notice_months=[0, 6, 0], months=12)
    assert found.start == 35
    assert found.mean[:6] == pytest.approx([25] * 6)  # the first leaves at once, the second's half after notice
    assert found.mean[6:] == pytest.approx([15] * 6)
    assert found.error.max() == pytest.approx(0, abs=1e-12)
    assert (found.bands == found.mean).all()
    assert time_paths([120.0], 1.0, months=12, notice_months=12).mean.tolist() == [10.0] * 12


def test_new_business_by_hand():
    found = time_paths([0.0], 0.5, months=12, new_per_month=1200, first_month=4, ramp_months=3, scenarios=10)
    third = 100 / 3
    steps = [0, 0, 0, third, 100, 200, 300, 400, 500, 600, 700, 800]
    assert found.new_business == pytest.approx(steps)
    assert found.mean.tolist() == [0] * 12  # it comes on top
    at_once = time_paths([], [], months=12, new_per_month=1200, scenarios=10)
    assert at_once.new_business == pytest.approx(100.0 * np.arange(1, 13))
    assert at_once.start == 0


def test_bands_against_numpy_s_quantiles_of_the_paths():
    found = time_paths(*book(20), months=12, scenarios=777)
    expected = np.quantile(found.kept, found.levels, axis=0, method="inverted_cdf")
    assert found.bands == pytest.approx(expected)


def test_the_table_has_a_column_per_level():
    table = time_paths([120.0], 0.1, months=12, scenarios=100, levels_at=(0.9, 0.025)).table()
    assert list(table.columns) == ["month", "mean", "error", "2.5%", "90%", "new_business"]
    assert table["month"].tolist() == list(range(1, 13))


def test_likely_and_rare_losses_of_one_book():
    probability = np.array([0.0, 1e-12, 1e-5, 0.02, 0.3, 0.6, 0.9, 0.999, 1.0])
    found = time_paths(np.full(9, 12.0), probability, months=12, scenarios=20_000)
    expected = (1 - probability).sum()
    assert found.mean[-1] == pytest.approx(expected, abs=4 * found.error[-1])
    assert found.kept.min() >= 1  # the first never leaves
    assert found.kept.max() <= 8


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"months": 11}, "months: expected a whole number, 12 to 36, got 11"),
        ({"months": 37}, "months: expected a whole number, 12 to 36, got 37"),
        ({"scenarios": 1}, "scenarios: expected a whole number, at least 2, got 1"),
        ({"chunk": 0}, "chunk: expected a whole number, at least 1, got 0"),
        ({"ramp_months": 0}, "ramp_months: expected a whole number, at least 1"),
        ({"first_month": 0.5}, "first_month: expected a whole number"),
        ({"new_per_month": -1}, "new_per_month: expected one number, at least 0, got -1"),
        ({"notice_months": [1, 2, 3]}, "notice_months: expected one number or 2, one per account, got 3"),
        ({"notice_months": -1}, "notice_months: expected whole months, 0 to 1,200, got 2 that are not: -1 at position 0"),
        ({"notice_months": [0, 1.5]}, "got 1 that are not: 1.5 at position 1"),
        ({"levels_at": (0.5, 1)}, "levels_at: expected above 0 and below 1, got 1 that are not: 1 at position 1"),
        ({"probability": [0.1, np.nan]}, "probability: expected 0 to 1"),
        ({"exposure": [-1, 1]}, "exposure: expected amounts of zero or more"),
        ({"severity": 2}, "severity: expected 0 to 1"),
        ({"causes": [CommonCause(0.1, [2], 0.5)]}, "members: expected positions from 0 to 1"),
    ],
)  # fmt: skip
def test_time_paths_refuse(changed, said):
    with pytest.raises(ValueError, match=said):
        time_paths(**{"exposure": [1, 2], "probability": 0.1} | changed)


def test_inputs_of_time_paths_stay_and_results_cannot_be_changed():
    exposure, notice = np.array([1.0, 2.0]), np.array([1, 2])
    found = time_paths(exposure, 0.5, notice_months=notice, scenarios=10)
    assert exposure.tolist() == [1, 2]
    assert notice.tolist() == [1, 2]
    for result in (
        found.mean,
        found.error,
        found.bands,
        found.band_error,
        found.new_business,
        found.kept,
        found.levels,
    ):
        with pytest.raises(ValueError, match="read-only"):
            result[..., 0] = 0.0
    notice[0] = 5  # the caller's arrays stay the caller's
