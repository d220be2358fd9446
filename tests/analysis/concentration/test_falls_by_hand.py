"""Every fall against the rule worked out for one account at a time, with months that carry into the next and without."""

import math

import numpy as np
import pytest
from scipy import stats
from test_falls import month_statistics

from kam_analysis.analysis import concentration as c
from kam_analysis.analysis.concentration.falls import _bound, _course, _short, _student, _unbiased, _usual


def mean_variance(carried, number):
    return sum(carried ** abs(i - j) for i in range(number) for j in range(number)) / number**2


def unbiased(carried, number):
    """By what a deviation around an own mean falls short, and its degrees of freedom."""
    short = number / (number - 1) * (1 - mean_variance(carried, number))
    independent = (number - 1) * (1 - carried**2) / (1 + carried**2)
    return 1 / math.sqrt(short), max(independent, min(number - 1, 3.0))


def usual(row):
    """Deviation of a month's change, and the decline that is usual in a month."""
    n, r = max(int(row["changes"]), 2), row["carried"]
    spread = math.sqrt(max(row["changes_squares"] - row["changes_sum"] ** 2 / n, 0) / (n - 1)) * unbiased(r, n)[0]
    return spread, min(row["changes_sum"] / n + 2 * spread * math.sqrt(mean_variance(r, n)), 0)


def bound(row, times, months):
    """The lowest change of the months without the worst that is still usual."""
    (deviation, drift), r = usual(row), row["carried"]
    shut = -row["worst_change"] > 0.6 * row["year_before"] / months
    low = 0.0 if shut else -stats.norm.ppf(0.625 / (months + 0.25)) * math.sqrt(1 - r)
    part = (months - 1) if shut else (months - 1.6)
    spread = math.sqrt(part * (months - 1) * mean_variance(r, months - 1))
    factor = _student(times, np.array([unbiased(r, max(int(row["changes"]), 6))[1]]))[0]
    return (months - 1) * drift + (low - factor * spread) * deviation


def fell(row, least, times, months):
    change, before = row["recent"] - row["year_before"], row["year_before"]
    rest = change - row["worst_change"]
    material = change <= -least * before and rest <= -least * before * (months - 1) / months
    return row["changes"] >= 6 and before > 0 and material and rest < bound(row, times, months)


def company(seed, months=30, accounts=150):
    """Accounts of another unsteadiness each, that fell by up to a half, some with a month without a purchase."""
    rng = np.random.default_rng(seed)
    noise = rng.uniform(0.02, 0.5, (accounts, 1))
    amounts = rng.uniform(50, 900, (accounts, 1)) * (1 + noise * rng.normal(0, 1, (accounts, months)))
    amounts *= 1 - 0.02 * rng.random((accounts, 1)) * np.arange(months)
    amounts[:, -6:] *= 1 - rng.uniform(0, 0.5, (accounts, 1))
    amounts[::7, -2] = 0
    return np.maximum(amounts, 0).round(2), rng.choice([0.0, 0.3, 0.6, 0.95], accounts)


@pytest.mark.parametrize(("recent", "least", "times"), [(6, 0.10, 2.0), (3, 0.05, 1.5), (12, 0.2, 2.5)])
def test_falls_by_the_rule_for_one_account(recent, least, times):
    amounts, carried = company(recent, months=12 + recent + 9)
    statistics = month_statistics(amounts, recent).assign(carried=carried)
    rows = statistics.to_dict("records")
    found = c.falls(statistics, least, times, recent)
    by_hand = [row for row in rows if fell(row, least, times, recent)]
    assert 10 < len(by_hand) < len(rows) - 10
    by_hand.sort(key=lambda row: row["recent"] - row["year_before"])
    assert found.alerts["account_id"].tolist() == [row["account_id"] for row in by_hand]
    spread = [usual(row)[0] * recent * math.sqrt(mean_variance(row["carried"], recent)) for row in by_hand]
    assert found.alerts["usual"].tolist() == pytest.approx(spread)
    change = [row["recent"] - row["year_before"] for row in by_hand]
    assert found.alerts["times_usual"].tolist() == pytest.approx([-a / b for a, b in zip(change, spread, strict=True)])


@pytest.mark.parametrize("recent", [3, 6, 12])
def test_the_bound_is_that_of_each_account(recent):
    amounts, carried = company(recent + 50, months=12 + recent + 11, accounts=40)
    statistics = month_statistics(amounts, recent).assign(carried=carried)
    deviation, drift = _usual(statistics, carried)
    shut = (-statistics["worst_change"] > 0.6 * statistics["year_before"] / recent).to_numpy()
    assert 0 < shut.sum() < len(shut)
    found = _bound(deviation, drift, shut, statistics["changes"].to_numpy(float), 2.0, recent, carried)
    assert found == pytest.approx([bound(row, 2.0, recent) for row in statistics.to_dict("records")])


@pytest.mark.parametrize("carried", [0.0, 0.4, 0.95])
def test_few_months_that_last_are_fewer_still(carried):
    numbers = np.array([2.0, 3.0, 7.0, 24.0])
    larger, freedom = _unbiased(np.full(4, carried), numbers)
    by_hand = [unbiased(carried, int(each)) for each in numbers]
    assert larger.tolist() == pytest.approx([each for each, _ in by_hand])
    assert freedom.tolist() == pytest.approx([each for _, each in by_hand])


def short(row, months, least, times, share):
    """Whether the last months fell against those before in the last year, by how much, and against how many."""
    number = row["months"] - months
    earlier = row["amount"] - row["recent"]
    if number < max(months, 3) or earlier <= 0:
        return False, math.nan, 0
    mean, r = earlier / number, row["carried"]
    larger, freedom = unbiased(r, number)
    squares = row["squares"] - row["recent_squares"]
    deviation = math.sqrt(max(squares - earlier**2 / number, 0) / (number - 1)) * larger
    expected, rest = mean * share, (row["recent"] - row["recent_least"]) / (months - 1)
    apart = math.sqrt(mean_variance(r, months - 1) + mean_variance(r, number))
    lowest = expected - _student(times, np.array([freedom]))[0] * deviation * apart
    material = row["recent"] <= (1 - least) * expected * months and rest <= (1 - least) * expected
    down = material and rest < lowest
    return down, row["recent"] / (mean * months) - 1 if down else math.nan, number


def shares(rows, months):
    """What of its own earlier purchases the customer in the middle of the others kept, by money; 1 at most."""
    known = [row for row in rows if row["months"] - months >= max(months, 3) and row["amount"] > row["recent"]]
    means = {row["account_id"]: (row["amount"] - row["recent"]) / (row["months"] - months) for row in known}
    kept = {row["account_id"]: row["recent"] / months / means[row["account_id"]] for row in known}
    largest = max(means, key=lambda each: means[each])

    def middle(ids):
        so_far, half = 0.0, sum(means[each] for each in ids) / 2
        for each in sorted(ids, key=lambda each: kept[each]):
            so_far += means[each]
            if so_far >= half:
                return min(kept[each], 1.0)
        raise AssertionError

    others = {each: middle(list(means)) for each in means}
    return others | {largest: middle([each for each in means if each != largest])}


@pytest.mark.parametrize(("history", "recent"), [(9, 3), (12, 6), (18, 6), (11, 3), (8, 6)])
def test_falls_of_a_short_history_by_the_rule_for_one_account(history, recent):
    rng = np.random.default_rng(history)
    amounts, carried = company(history, months=history)
    amounts[:, -6:] *= 1.3
    amounts[::3, -recent:] *= rng.uniform(0, 0.8, (50, 1))
    statistics = month_statistics(amounts, recent).assign(carried=carried)
    rows = statistics.to_dict("records")
    of = shares(rows, recent) if history > 8 else {}
    by_hand = [short(row, recent, 0.1, 2.0, of.get(row["account_id"], 1.0)) for row in rows]
    found = _short(statistics, recent, 0.1, 2.0)
    assert found["fell"].tolist() == [down for down, _, _ in by_hand]
    np.testing.assert_allclose(found["change_share"], [change for _, change, _ in by_hand])
    months = [text.split()[1] if text else "0" for text in found["compared_with"]]
    assert months == [str(number) for _, _, number in by_hand]
    assert (2 < found["fell"].sum() < 60) == (history > 8)


def test_the_course_is_of_those_that_are_judged():
    before, now = np.array([10.0, 40.0, 10.0, 5.0]), np.array([9.0, 10.0, 5.0, 50.0])
    judged = np.array([True, True, True, False])
    # By money the middle of all three is the largest, which is held against the other two.
    assert _course(before, now, judged).tolist() == [0.25, 0.5, 0.25, 0.25]
    assert _course(before, now, np.array([True, False, False, False])).tolist() == [1.0] * 4
    assert _course(before, 2 * before, judged).tolist() == [1.0] * 4
