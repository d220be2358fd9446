"""Luck and level of each account against plain loops: one account, one month, one pair of months after the other."""

from functools import cache

import numpy as np
import pytest

from kam_analysis.analysis.concentration.fluctuation import fluctuation

CARRIED = np.linspace(-0.3, 0.95, 51)


def correlated_sum(carried: float, first: range, second: range) -> float:
    """The covariance of two sums of months of variance 1, of which neighbours correlate."""
    return sum(carried ** abs(i - j) for i in first for j in second)


def mean_variance(carried: float, number: int) -> float:
    return correlated_sum(carried, range(number), range(number)) / number**2


def weighted(values, weights):
    return sum(v * w for v, w in zip(values, weights, strict=True)) / sum(weights) if sum(weights) > 0 else 0.0


@cache
def expected(number: int, lagged: bool, months: int) -> tuple[list[float], list[float]]:
    """Ratio and scatter for each correlation, by the two quadratic forms' own matrices."""
    period = [(number - 1 - at) // months for at in range(number)]
    ratios, scatters = [], []
    for r in np.where(np.abs(CARRIED) < 1e-12, 0.0, CARRIED):

        def of(apart: int, r: float = r) -> float:
            return 2 * r**apart - r ** (apart + 12) - r ** abs(apart - 12) if lagged else r**apart

        centre, pairs = np.eye(number), np.zeros((number, number))
        for i in range(number):
            for j in range(number):
                if period[i] == period[j]:
                    centre[i, j] -= 1 / period.count(period[i])
                    pairs[i, j] = 0.5 if abs(i - j) == 1 else 0.0
        sigma = np.array([[of(abs(i - j)) for j in range(number)] for i in range(number)])
        spread = centre @ sigma @ centre
        top, below = np.trace(pairs @ spread), np.trace(spread)
        ratios.append(
            top / below
            - 2 * np.trace(pairs @ spread @ spread) / below**2
            + 2 * np.trace(spread @ spread) * top / below**3
        )
        scatters.append(below)
    return list(np.maximum.accumulate(ratios)), scatters


def beside_the_others(amounts):
    """Each account's months by the course of the others; as they are where that makes them no calmer."""
    size = [sum(abs(x) for x in row) / len(row) for row in amounts]
    found = []
    for mine, row in enumerate(amounts):
        others = [each for each in range(len(amounts)) if each != mine and size[each] > 0]
        total = sum(size[each] ** 0.5 for each in others)
        courses = [
            sum(size[each] ** 0.5 * amounts[each][at] / size[each] for each in others) / total if total > 0 else 1.0
            for at in range(len(row))
        ]
        beside = [x / course if course > 0 else x for x, course in zip(row, courses, strict=True)]
        calmer = np.std(beside) * size[mine] < np.std(row) * np.mean(np.abs(beside))
        found.append(beside if calmer else list(row))
    return found


def deviations(amounts, since, months):
    """Squares, neighbours' products, how many months, and whether against the year before, of each account."""
    length, plain, found = len(amounts[0]), beside_the_others(amounts), []
    for at, row in enumerate(amounts):
        yearly = length - since[at] >= 24
        first = since[at] + 12 if yearly else since[at]
        change = {t: row[t] - row[t - 12] if yearly else plain[at][t] for t in range(first, length)}
        by_period: dict[int, list[int]] = {}
        for t in change:
            by_period.setdefault((length - 1 - t) // months, []).append(t)
        off = {t: change[t] - np.mean([change[u] for u in own]) for own in by_period.values() for t in own}
        pairs = [off[t] * off[t + 1] for own in by_period.values() for t in own if t + 1 in own]
        found.append((sum(x * x for x in off.values()), sum(pairs), len(change), yearly))
    return found


def by_loops(amounts, months):
    """(expected, variance, year_variance, month_variance, carried, freedom, since) of each account, and the drift."""
    amounts = [list(row)[-max(60, months) :] for row in amounts]
    length = len(amounts[0])
    since = [next((t for t, x in enumerate(row) if x != 0), length) for row in amounts]
    sold = [max(sum(row[-months:]), 0.0) for row in amounts]
    mean = [sum(map(abs, row)) / max(length - first, 1) for row, first in zip(amounts, since, strict=True)]
    found = deviations(amounts, since, months)
    known = [n >= 6 and squares > 1e-12 * m**2 for (squares, _, n, _), m in zip(found, mean, strict=True)]
    counted = [w * k for w, k in zip(sold, known, strict=True)]
    ratio = [pairs / squares if k else 0.0 for (squares, pairs, _, _), k in zip(found, known, strict=True)]
    middle = weighted(ratio, counted)
    chance = [1 / max(n, 1) for _, _, n, _ in found]
    between = max(weighted([(r - middle) ** 2 - c for r, c in zip(ratio, chance, strict=True)], counted), 0.0)
    carried, month = [], []
    for (squares, _, n, yearly), r, c, k in zip(found, ratio, chance, known, strict=True):
        own, usual = 0.0, max(n - -(-n // months), 1.0)
        if n >= 6 and sum(counted) > 0:
            curve, scatters = expected(n, yearly, months)
            own = float(np.interp(middle + between / (between + c) * (r - middle), curve, CARRIED))
            usual = float(np.interp(own, CARRIED, scatters))
        carried.append(own)
        month.append(squares / usual if k else 0.0)
    others = weighted([v / m**2 if k else 0.0 for v, m, k in zip(month, mean, known, strict=True)], counted)
    month = [others * m**2 if n < 6 else v for v, m, (_, _, n, _) in zip(month, mean, found, strict=True)]
    active = [min(max(length - first, 1), months) for first in since]
    year = [v * n**2 * mean_variance(r, n) for v, n, r in zip(month, active, carried, strict=True)]
    freedom = []
    for (_, _, n, yearly), r, row in zip(found, carried, amounts, strict=True):
        independent = (n - -(-n // months)) * (1 - r**2) / (1 + r**2) * (0.75 if yearly else 0.9)
        freedom.append(max(min(independent, sum(x != 0 for x in row)), 4.0))
    level, part, drift = levels(amounts, since, months, carried, year, sold)
    for at, row in enumerate(amounts):
        before = row[:-months]
        often = sum(x != 0 for x in before) / max(len(before) - since[at], 1)
        if not any(row[-months:]) and (1 - often) ** months < 0.05:
            level[at] = year[at] = 0.0
    variance = [y * p for y, p in zip(year, part, strict=True)]
    return [level, variance, year, month, carried, freedom, since], drift


def levels(amounts, since, months, carried, variance, weight):
    """What is expected, the part of a variance that is left in it, and the drift of levels."""
    length, many = len(amounts[0]), len(amounts[0]) // months
    begins = [length - months * (back + 1) for back in range(many)]
    periods = [[sum(row[at : at + months]) for at in begins] for row in amounts]
    if many < 2:
        return [sums[0] for sums in periods], [1.0] * len(amounts), 0.01
    moved, luck, counts = [], [], []
    for sums, first, r, v, w in zip(periods, since, carried, variance, weight, strict=True):
        middle = max((sums[0] + sums[1]) / 2, 0.0)
        there = middle > 0 and first <= begins[1]
        alike = correlated_sum(r, range(months), range(months, 2 * months)) / (months**2 * mean_variance(r, months))
        moved.append(min(max(((sums[0] - sums[1]) ** 2 - 2 * v * (1 - alike)) / middle**2, -4), 4) if there else 0.0)
        luck.append(v / middle**2 if there else 0.0)
        counts.append(w * there)
    drift = max(weighted(moved, counts), 0.0) + 0.01
    found, part = [], []
    for sums, first, each in zip(periods, since, luck, strict=True):
        weights = [
            (each / (each + drift)) ** back if back == 0 or first <= begins[back] else 0.0 for back in range(many)
        ]
        found.append(sum(w * s for w, s in zip(weights, sums, strict=True)) / sum(weights))
        part.append(1 / sum(weights))
    return found, part, drift


def company(seed: int, months: int, carried: float = 0.4) -> np.ndarray:
    """Seven: steady, moved to another level, lumpy, with credit notes, new, very new, and one that stopped."""
    rng = np.random.default_rng(seed)
    noise = rng.normal(0, 1, (7, months))
    for at in range(1, months):
        noise[:, at] = carried * noise[:, at - 1] + (1 - carried**2) ** 0.5 * noise[:, at]
    amounts = np.array([900, 400, 250, 120, 300, 80, 150])[:, None] * (1 + 0.3 * noise)
    amounts[1, -10:] *= 2.5
    amounts[2] *= rng.random(months) < 0.3
    amounts[3, ::5] *= -1
    amounts[4, : months // 2] = 0
    amounts[5, :-3] = 0
    amounts[6, -12:] = 0
    return amounts.round(2)


@pytest.mark.parametrize(
    ("history", "months"), [(35, 12), (24, 12), (40, 6), (17, 12), (14, 4), (9, 9), (70, 12), (7, 3), (5, 2)]
)
def test_every_figure_is_that_of_plain_loops(history: int, months: int) -> None:
    amounts = company(history, history)
    found, (named, drift) = fluctuation(amounts, months), by_loops(amounts, months)
    names = ("expected", "variance", "year_variance", "month_variance", "carried", "freedom", "since")
    for name, values in zip(names, named, strict=True):
        np.testing.assert_allclose(getattr(found, name), values, rtol=1e-9, atol=1e-9, err_msg=name)
    assert found.drift == pytest.approx(drift)
    assert (found.months, found.bought.tolist()) == (months, amounts[:, -months:].sum(axis=1).tolist())


def test_who_never_bought_and_who_never_varies_have_no_luck() -> None:
    amounts = np.vstack([company(3, 30), np.zeros(30), np.full(30, 70.0)])
    found, (named, _) = fluctuation(amounts, 12), by_loops(amounts, 12)
    assert found.month_variance[-2:].tolist() == [0.0, 0.0]
    assert (found.expected[-2:].tolist(), found.since[-2:].tolist()) == ([0.0, 840.0], [30, 0])
    np.testing.assert_allclose(found.year_variance, named[2], rtol=1e-9, atol=1e-9)
    nobody = fluctuation(np.zeros((2, 30)), 12)
    assert [nobody.expected.tolist(), nobody.carried.tolist()] == [[0.0, 0.0], [0.0, 0.0]]
