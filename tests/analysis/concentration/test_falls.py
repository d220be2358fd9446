"""Alerts: known accounts by hand, rates of false alarms and of falls found by simulation."""

import math

import numpy as np
import pandas as pd
import pytest

from kam_analysis.analysis import concentration as c
from kam_analysis.analysis.concentration.falls import _student

ACCOUNTS, MONTHS = 6000, 35


def month_statistics(amounts, recent=6):
    """What the ledger hands over, the long way: `amounts` is accounts by month, bought from the first month on."""
    rows = []
    for at, months in enumerate(np.asarray(amounts, dtype=float)):
        change = months[12:] - months[:-12]
        earlier = change[:-recent]
        rows.append(
            {
                "account_id": f"{at:05d}", "account_name": f"Account {at}", "recent": months[-recent:].sum(),
                "year_before": months[-recent - 12 : -12].sum(), "worst_change": min(change[-recent:].min(), 0.0),
                "changes": len(earlier), "changes_sum": earlier.sum(), "changes_squares": (earlier**2).sum(),
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def rate(amounts):
    return len(c.falls(month_statistics(amounts)).alerts) / len(amounts)


def noisy(share, seed, months=MONTHS):
    width = math.sqrt(math.log(1 + share**2))
    return np.random.default_rng(seed).lognormal(-(width**2) / 2, width, (ACCOUNTS, months))


def seasonal(seed):
    first = np.random.default_rng(seed).uniform(0, 12, (ACCOUNTS, 1))
    return (1 + 0.6 * np.sin(2 * np.pi * (np.arange(MONTHS) + first) / 12)) * noisy(0.15, seed)


def intermittent(seed, often, months=MONTHS):
    rng = np.random.default_rng(seed)
    return (rng.random((ACCOUNTS, months)) < often) * rng.gamma(4, 0.25, (ACCOUNTS, months))


def every_14_months(seed):
    first = np.random.default_rng(seed).integers(0, 14, (ACCOUNTS, 1))
    return ((np.arange(MONTHS) + first) % 14 == 0) * noisy(0.1, seed)


def fallen(amounts, share):
    return np.hstack([amounts[:, :-6], amounts[:, -6:] * (1 - share)])


def with_an_empty_month(amounts, seed):
    shut = amounts.copy()
    shut[np.arange(len(shut)), np.random.default_rng(seed).integers(MONTHS - 6, MONTHS, len(shut))] = 0
    return shut


UNCHANGED = {
    "steady": (lambda: noisy(0.10, 1), 0.02), "less steady": (lambda: noisy(0.20, 2), 0.02),
    "variable": (lambda: noisy(0.60, 3), 0.01), "seasonal": (lambda: seasonal(4), 0.02),
    "intermittent": (lambda: intermittent(5, 0.3), 0.01), "every 14 months": (lambda: every_14_months(6), 0.0),
    "two years only": (lambda: noisy(0.15, 7, months=24), 0.02),
    "two years, intermittent": (lambda: intermittent(8, 0.2, months=24), 0.025),
}  # fmt: skip


@pytest.mark.parametrize("kind", UNCHANGED)
def test_accounts_without_a_change_raise_few_alarms(kind):
    amounts, at_most = UNCHANGED[kind]
    assert rate(amounts()) <= at_most


@pytest.mark.parametrize(("noise", "found"), [(0.10, 0.98), (0.15, 0.79), (0.20, 0.44)])
def test_a_fall_of_28_percent_over_two_quarters_is_found(noise, found):
    assert rate(fallen(noisy(noise, 10), 0.28)) >= found


@pytest.mark.parametrize(("noise", "at_most"), [(0.05, 0.005), (0.10, 0.025), (0.20, 0.025), (0.40, 0.02)])
def test_one_empty_month_is_no_fall_whatever_the_steadiness(noise, at_most):
    assert rate(with_an_empty_month(noisy(noise, 11), 12)) <= at_most


def constant(*recent, before=100.0, months=30):
    return [[before] * (months - 6) + list(recent)]


def test_a_constant_account_that_falls_is_an_alert_and_one_empty_month_is_none():
    down = c.falls(month_statistics(constant(*[72.0] * 6))).alerts
    assert down[["recent", "year_before", "change", "usual"]].to_numpy().tolist() == [[432.0, 600.0, -168.0, 0.0]]
    assert down["change_share"].tolist() == [-0.28]
    assert down["times_usual"].isna().tolist() == [True]
    for amount in (100.0, 0.1, 33.33):
        shut = month_statistics(constant(*[amount] * 5, 0.0, before=amount))
        assert c.falls(shut).alerts.empty
        # A float's residue is no fall either.
        assert c.falls(shut.assign(recent=shut["recent"] - 1e-9)).alerts.empty


def test_a_small_fall_of_a_constant_account_is_none_below_least():
    slightly = month_statistics(constant(*[92.0] * 6))
    assert c.falls(slightly).alerts.empty
    assert len(c.falls(slightly, least=0.05).alerts) == 1


def test_a_decline_that_goes_on_as_before_is_usual():
    steps = np.array([[1000 - 20 * month for month in range(MONTHS)]], dtype=float)
    assert c.falls(month_statistics(steps)).alerts.empty
    assert len(c.falls(month_statistics(fallen(steps, 0.3))).alerts) == 1


def test_usual_is_the_deviation_of_such_a_stretch():
    amounts = fallen(noisy(0.10, 20)[:1], 0.4)
    [row] = c.falls(month_statistics(amounts)).alerts.to_dict("records")
    earlier = (amounts[0, 12:] - amounts[0, :-12])[:-6]
    assert row["usual"] == pytest.approx(np.std(earlier, ddof=1) * math.sqrt(6))
    assert row["times_usual"] == pytest.approx(-row["change"] / row["usual"])


def test_times_sets_how_rare_a_fall_must_be():
    frame = month_statistics(fallen(noisy(0.15, 21)[:2000], 0.28))
    few, many = (len(c.falls(frame, times=times).alerts) for times in (3.0, 1.5))
    assert few < len(c.falls(frame).alerts) < many


def test_who_can_be_judged_and_in_which_order():
    short = month_statistics([[100.0] * 17 + [10.0] * 6])
    long = month_statistics([[9.0] * 24 + [6.0] * 6, [90.0] * 24 + [60.0] * 6, [0.0] * 24 + [5.0] * 6, [0.0] * 30])
    both = pd.concat([short, long], ignore_index=True).assign(account_id=["short", "a", "b", "new", "gone"])
    copy = both.copy()
    found = c.falls(both)
    assert short["changes"].tolist() == [5]
    assert found.alerts["account_id"].tolist() == ["b", "a"]
    assert (found.assessed, found.not_assessed) == (2, 2)
    pd.testing.assert_frame_equal(both, copy)
    assert c.falls(both.head(0)).alerts.empty


def test_six_changes_are_enough():
    assert len(c.falls(month_statistics([[100.0] * 18 + [60.0] * 6])).alerts) == 1


@pytest.mark.parametrize("degrees", [5, 11, 17])
def test_student_allowance_is_as_rare_as_the_normal_one(degrees):
    x = np.linspace(0, 2 * degrees**0.5 + 60, 400_001)
    density = (1 + x**2 / degrees) ** (-(degrees + 1) / 2)
    density *= math.gamma((degrees + 1) / 2) / math.gamma(degrees / 2) / math.sqrt(degrees * math.pi)
    below = 0.5 + np.concatenate([[0], np.cumsum((density[1:] + density[:-1]) / 2 * (x[1] - x[0]))])
    exact = np.interp(0.5 * (1 + math.erf(2 / math.sqrt(2))), below, x)
    assert _student(2.0, np.array([float(degrees)]))[0] == pytest.approx(exact, abs=0.005)
