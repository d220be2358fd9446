"""What is lost within twelve months: by hand, by formula, and against years drawn month by month."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from kam_analysis.analysis.losses import CommonCause, of_draws, time_paths, under_contract, with_buying_less
from kam_analysis.analysis.losses.buying_less import Falls, buying_less


def lost(exposure, probability, causes=(), **when):
    return time_paths(exposure, probability, causes=causes, months=12, **when).lost_within(12)


def test_who_leaves_for_certain_at_the_end_of_a_contract_takes_the_months_after_it():
    # 1,200 a year: eight of twelve months are gone after an end in four months; none after one in twelve.
    assert set(lost([1200.0], 1.0, ends_in=4)) == {800.0}
    assert set(lost([1200.0], 1.0, ends_in=12)) == {0.0}
    assert set(lost([1200.0], 1.0, notice_months=3)) == {900.0}
    # A notice does not go beyond the end of the contract.
    assert set(lost([1200.0], 1.0, ends_in=4, notice_months=6)) == {800.0}


def test_a_last_day_on_file_is_when_a_manager_s_customers_go():
    leaves = [CommonCause(1.0, [0, 1, 2], [1.0, 1.0, 0.0], part_lost=0.2)]
    # The first goes with the fourth month, the second when its contract has ended in the sixth, the third stays: the
    # hand-over takes a fifth of it from the fourth month on.
    paths = time_paths([120.0, 1200.0, 12.0], 0.0, causes=leaves, months=12, ends_in=[0, 6, 0], strikes_in=[4])
    month = np.arange(1, 13)
    expected = 10 * (month < 4) + 100 * (month <= 6) + 1 - 0.2 * (month >= 4)
    assert paths.kept == pytest.approx(np.tile(expected, (len(paths.kept), 1)))


def test_a_hand_over_does_not_wait_for_a_notice():
    leaves = [CommonCause(1.0, [0], 0.0, part_lost=0.25)]
    assert set(lost([1200.0], 0.0, leaves, notice_months=5, strikes_in=[7])) == {150.0}


def test_the_expected_loss_of_the_year_by_formula():
    """Each month's chance of having left, summed: spread over the year, at a contract's end, after a notice."""
    chance, month = 0.3, np.arange(1, 13)
    gone = 1 - (1 - chance) ** (month / 12)
    by_hand = [gone.sum() / 12, chance * 7 / 12, gone[:-3].sum() / 12]
    for given, part in zip(({}, {"ends_in": 5}, {"notice_months": 3}), by_hand, strict=True):
        found = lost([1200.0], chance, **given, scenarios=40_000)
        assert found.mean() == pytest.approx(1200 * part, abs=4.5 * found.std() / 200)
        assert (found > 0).mean() <= chance + 0.01


def test_years_drawn_month_by_month():
    """A book with notices, contracts and a departure of probability 0.6 after month three; nothing of the package."""
    rng = np.random.default_rng(8)
    n, years = 30, 20_000
    exposure, own = rng.lognormal(4, 1, n), rng.uniform(0, 0.3, n)
    notice, ends = rng.integers(0, 5, n), np.where(rng.random(n) < 0.4, rng.integers(1, 13, n), 0)
    cause = CommonCause(0.6, range(10), np.linspace(0, 0.9, 10), part_lost=0.15)
    found = lost(
        exposure,
        own,
        [cause],
        notice_months=np.where(ends > 0, 0, notice),
        ends_in=ends,
        strikes_in=[4],
        scenarios=20_000,
    )
    total = np.zeros(years)
    left = rng.random(years) < 0.6
    for at in range(n):
        leaves = rng.random((years, 12)) < 1 - (1 - own[at]) ** (1 / 12)
        first = np.where(leaves.any(axis=1), leaves.argmax(axis=1) + 1, 99)
        if ends[at]:
            first = np.where(first < 99, ends[at] + 1, 99)
        missing = np.clip(13 - first - (0 if ends[at] else notice[at]), 0, 12)
        handed = np.zeros(years)
        if at < 10:
            follows = left & (rng.random(years) < cause.losses[at])
            goes = ends[at] + 1 if ends[at] >= 4 else 4
            by_then = np.clip(13 - goes - (0 if ends[at] else notice[at]), 0, 12)
            missing = np.where(follows, np.maximum(missing, by_then), missing)
            # Those that stay lose a part from month four on, as long as they are there.
            handed = np.where(left & ~follows, 0.15 * np.clip(12 - missing - 3, 0, 9), 0)
        total += exposure[at] / 12 * (missing + handed)
    away = 5 * np.hypot(total.std() / np.sqrt(years), found.std() / np.sqrt(20_000))
    assert found.mean() == pytest.approx(total.mean(), abs=away)
    assert np.quantile(found, 0.95) == pytest.approx(np.quantile(total, 0.95), rel=0.03)


def test_never_more_than_at_the_annual_rate():
    rng = np.random.default_rng(3)
    exposure, own = rng.lognormal(4, 1, 50), rng.uniform(0, 0.5, 50)
    paths = time_paths(exposure, own, months=12, notice_months=rng.integers(0, 7, 50))
    annual = 12 * (paths.start - paths.kept[:, -1])
    assert (paths.lost_within(12) <= annual + 1e-6).all()


def test_what_cannot_be_is_refused():
    for wrong, said in (
        ({"ends_in": 13}, "ends_in: expected whole months, 0 to 12"),
        ({"ends_in": [1, 2]}, "ends_in: expected one number or 1"),
        ({"strikes_in": [1]}, "strikes_in: expected 0, one per cause, got 1"),
    ):
        with pytest.raises(ValueError, match=said):
            time_paths([1.0], 0.5, months=12, **wrong)


def test_simulated_years_with_falls_have_both_means():
    drawn = lost([75.0, 150.0], [0.2, 0.4], scenarios=5000)
    less = buying_less(np.array([100.0, 200.0]), Falls(np.array([1.0, 2.0]), np.array([0.0, 0.5]), 1))
    leaving = of_draws(drawn, "by hand")
    both = with_buying_less(leaving, less)
    assert leaving.mean == pytest.approx(drawn.mean())
    assert leaving.quantile(0.9) == pytest.approx(np.sort(drawn)[4499])
    assert both.mean == pytest.approx(drawn.mean() + 75)
    assert both.losses @ both.probabilities == pytest.approx(both.mean)
    assert np.isnan(both.contributions(0.95)).all()


CONTRACTS = pd.DataFrame(
    {
        "account_id": list("aabcdef"),
        "ends_on": ["2026-12-31", "2027-01-18", "2028-05-31", "2027-09-18", "2026-09-18", "2026-10-01", "2250-01-01"],
        "notice_by": ["2026-11-01", "2026-10-20", "2027-12-03", "2027-09-18", "2026-08-19", "2026-09-01", None],
    }
)
CONTRACTS = CONTRACTS.assign(**{name: pd.to_datetime(CONTRACTS[name]) for name in ("ends_on", "notice_by")})


def test_until_when_each_is_bound():
    """The last end of those that run: within the year to its end, later by its notice; one without an end not at all."""
    ids = pd.Series(list("gabcdef"))
    found = under_contract(CONTRACTS, ids, date(2026, 9, 18))
    assert found["ends_in"].tolist() == [0, 4, 0, 12, 0, 1, 0]
    assert found["notice_months"].tolist() == [0, 0, 6, 0, 0, 0, 0]
    assert found["ends_on"].isna().tolist() == [True, False, False, False, True, False, False]
    for none in (None, CONTRACTS.head(0)):
        assert under_contract(none, ids, date(2026, 9, 18))[["ends_in", "notice_months"]].to_numpy().sum() == 0
