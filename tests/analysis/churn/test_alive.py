"""Still there, and gone by the horizon's end: by simulation, by published figures, and at the edges."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import betaln, hyp2f1

from kam_analysis.analysis.churn import alive
from kam_analysis.analysis.churn.rhythm import Purchases, Rhythm, fit_rhythm

LOGS = np.log([0.8, 25.0, 0.7, 6.0])


@pytest.mark.parametrize("steps", [1, 3])
@pytest.mark.parametrize("leaves_at_first", [True, False])
def test_chances_are_the_shares_of_simulated_accounts(population, steps, leaves_at_first):
    given, there, later = population(LOGS, steps, 20_000, 500, 365, seed=7, leaves_at_first=leaves_at_first)
    still, leave = alive.chances(LOGS, steps, given, 365, leaves_at_first)
    groups = pd.qcut(leave, 6, duplicates="drop")
    rows = pd.DataFrame({"still": still, "there": there, "leave": leave, "left": ~later})
    found, size = rows.groupby(groups, observed=True).mean(), rows.groupby(groups, observed=True).size()
    error = 4 * np.sqrt(0.25 / size)
    assert (np.abs(found["still"] - found["there"]) < error).all()
    assert (np.abs(found["leave"] - found["left"]) < error).all()


def test_p_alive_of_bg_nbd_is_the_published_formula():
    """Fader, Hardie & Lee 2008 (note on P(alive) of BG/NBD): 1 / (1 + a/(b+x-1) ((alpha+T)/(alpha+t_x))^(r+x))."""
    r, alpha, a, b = 0.243, 4.414, 0.793, 2.426
    x, recency, age = np.array([1.0, 2.0, 7.0]), np.array([1.71, 30.43, 29.43]), np.full(3, 38.86)
    told = alive.chances(np.log([r, alpha, a, b]), 1, Purchases(x, recency, age, x), 1.0, False)[0]
    assert told == pytest.approx(1 / (1 + a / (b + x - 1) * ((alpha + age) / (alpha + recency)) ** (r + x)))


def test_staying_of_a_newcomer_is_a_hypergeometric_function():
    """k = 1, bought today: E[(1-p)^(1+N)] over N negative binomial, as the integral of the generating function."""
    r, alpha, a, b = np.exp(LOGS)
    share = 365 / (alpha + 365)
    expected = np.exp(betaln(a, b + 1) - betaln(a, b)) * (1 - share) ** r * hyp2f1(r, b + 1, a + b + 1, share)
    told = alive.chances(LOGS, 1, Purchases([0], [0], [0], [0]), 365)[1]
    assert 1 - told[0] == pytest.approx(expected, rel=1e-6)


def test_points_enough_for_heavy_buyers(monkeypatch):
    heavy = Purchases([700.0, 240.0], [720.0, 700.0], [722.0, 720.0], [300.0, 250.0])
    told = alive.chances(LOGS, 4, heavy, 365)[1]
    monkeypatch.setattr(alive, "_EACH", 100_000)
    assert told == pytest.approx(alive.chances(LOGS, 4, heavy, 365)[1], abs=1e-3)


def test_longer_silence_and_longer_horizons_never_lower_the_chance():
    silence = np.arange(0, 400, 20.0)
    given = Purchases(np.full(20, 9.0), np.full(20, 270.0), 270 + silence, np.full(20, 30.0))
    still, leave = alive.chances(LOGS, 2, given, 365)
    longer = alive.chances(LOGS, 2, given, 730)[1]
    assert (np.diff(still) < 0).all()
    assert (np.diff(leave[3:]) > 0).all()
    assert (leave >= 1 - still).all()
    assert (longer >= leave).all()
    assert alive.chances(LOGS, 2, given, 0)[1] == pytest.approx(1 - still)


@pytest.fixture
def told(population):
    given = population(LOGS, 2, 500, 700, 0, seed=2)[0]
    fitted = fit_rhythm(given)
    frame = pd.DataFrame(
        {
            "purchase_days": given.repeats + 1, "first_day": pd.Timestamp(2024, 1, 1),
            "last_day": pd.Timestamp(2024, 1, 1) + pd.to_timedelta(given.recency, "D"), "silence": given.silence,
        }
    )  # fmt: skip
    return frame, fitted


def test_ranges_hold_their_chance_and_draws_spread_like_them(told):
    found = alive.leaving(*told)
    low, high = found.interval(0.9)
    assert ((low <= found.leave + 1e-9) & (found.leave <= high + 1e-9)).all()
    drawn = found.draw(20_000, np.random.default_rng(1))
    assert np.quantile(drawn, 0.05, axis=0) == pytest.approx(low, abs=0.01)
    assert np.quantile(drawn, 0.95, axis=0) == pytest.approx(high, abs=0.01)


def test_parameters_that_are_sure_leave_no_range(told):
    frame, fitted = told
    sure = Rhythm(fitted.steps, fitted.r, fitted.alpha, fitted.a, fitted.b, 1e-12 * np.eye(4), 0.0, 500)
    low, high = alive.leaving(frame, sure).interval()
    assert low == pytest.approx(high, abs=1e-4)


def test_some_accounts_are_told_as_among_all(told):
    frame, fitted = told
    chosen = np.arange(len(frame)) % 3 == 0
    few, among = alive.leaving(frame[chosen], fitted), alive.leaving(frame, fitted).some(chosen)
    assert few.leave == pytest.approx(among.leave, abs=1e-4)
