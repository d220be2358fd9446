"""Customers that stay and buy less: against enumeration, companies drawn with a known truth, and years drawn one by one."""

from dataclasses import replace
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kam_analysis.analysis import losses
from kam_analysis.analysis.losses import CommonCause, Falls

EIGHT = np.array([400.0, 210.0, 130.0, 90.0, 60.0, 40.0, 20.0, 10.0])
PAST = Falls(np.arange(1.0, 6.0), np.array([0.0, 0.0, 0.1, 0.25, 0.6]), 1)


def years(now, before):
    frames = [pd.DataFrame({"account_id": list(map(str, range(len(each)))), "margin": each}) for each in (now, before)]
    return frames[0], frames[1]


def enumerated(amounts, own, fall, causes=()):
    """Every state of the causes, who leaves of all, and each fall of those who stay: amounts with their chances."""
    found = {0.0: 0.0}
    for struck in product((0, 1), repeat=len(causes)):
        weight = np.prod([c.probability if hit else 1 - c.probability for c, hit in zip(causes, struck, strict=True)])
        total = {0.0: float(weight)}
        for at, amount in enumerate(amounts):
            stays, whole = 1 - own[at], 1.0
            for cause, hit in zip(causes, struck, strict=True):
                if hit and at in cause.members:
                    number = list(cause.members).index(at)
                    stays *= 1 - cause.losses[number]
                    whole *= 1 - cause.parts[number]
            outcomes = [(amount, 1 - stays)] + [(amount * (1 - whole * (1 - f)), stays / len(fall)) for f in fall]
            moved = {}
            for so_far, chance in total.items():
                for more, likely in outcomes:
                    key = round(so_far + more, 6)
                    moved[key] = moved.get(key, 0.0) + chance * likely
            total = moved
        for amount, chance in total.items():
            found[amount] = found.get(amount, 0.0) + chance
    rows = sorted(found.items())
    return np.array([each for each, _ in rows]), np.array([each for _, each in rows])


def shortfall(amounts, chances, q):
    at = np.searchsorted(chances.cumsum(), q - 1e-12)
    return amounts[at] + np.maximum(amounts - amounts[at], 0) @ chances / (1 - q), amounts[at]


@pytest.mark.parametrize(
    "causes",
    [
        (),
        (CommonCause(0.3, [0, 1, 2], [0.5, 0.2, 0.0], part_lost=0.2),),
        (CommonCause(0.1, [0, 3], 0.5), CommonCause(0.6, [0, 1], [0.6, 0.3], part_lost=0.154)),
    ],
)
def test_eight_accounts_against_every_case_counted(causes):
    own = np.array([0.2, 0.1, 0.3, 0.05, 0.5, 0.1, 0.0, 1.0])
    # All eight have all five falls of the past: fewer would be 5^8 by 2^8 cases.
    few = 5
    less = losses.buying_less(EIGHT[:few], PAST)
    found = losses.leaving_and_buying_less(own[:few], causes, less)
    amounts, chances = enumerated(EIGHT[:few], own[:few], PAST.fall, causes)
    assert found.mean == pytest.approx(amounts @ chances)
    for q in (0.5, 0.8, 0.95, 0.99):
        average, bad = shortfall(amounts, chances, q)
        assert found.quantile(q) == pytest.approx(bad, abs=found.error_bound)
        assert found.expected_shortfall(q) == pytest.approx(average, abs=found.error_bound)
        assert found.contributions(q).sum() == pytest.approx(found.expected_shortfall(q))
    assert found.error_bound < 0.002 * EIGHT.sum()


def test_contributions_against_every_case_counted():
    """E[each one's loss | the total is beyond the quantile], by 200,000 years that are drawn."""
    own, causes = np.array([0.2, 0.1, 0.3]), (CommonCause(0.3, [0, 1], [0.5, 0.2], part_lost=0.2),)
    less = losses.buying_less(EIGHT[:3], PAST)
    found = losses.leaving_and_buying_less(own, causes, less)
    each = drawn(EIGHT[:3], own, PAST.fall, causes[0], n=200_000)
    total = each.sum(axis=1)
    worst = np.argsort(total)[-10_000:]
    assert found.contributions(0.95) == pytest.approx(each[worst].mean(axis=0), rel=0.02, abs=1.5)


def drawn(amounts, own, fall, cause, *, n, seed=1):
    rng = np.random.default_rng(seed)
    struck = rng.random(n) < cause.probability
    each = np.zeros((n, amounts.size))
    for at, amount in enumerate(amounts):
        gone, part = rng.random(n) < own[at], 0.0
        if at in cause.members:
            number = list(cause.members).index(at)
            gone |= struck & (rng.random(n) < cause.losses[number])
            part = cause.parts[number] * struck
        stays = 1 - (1 - part) * (1 - rng.choice(fall, n))
        each[:, at] = amount * np.where(gone, 1.0, stays)
    return each


def test_a_company_of_many_against_years_drawn_one_by_one():
    """700 accounts, of which 300 are added up as a normal distribution, with a departure among them."""
    rng = np.random.default_rng(4)
    amounts = np.sort(rng.lognormal(3, 1.5, 700))[::-1].copy()
    own, fall = rng.uniform(0, 0.2, 700), np.array([0.0, 0.0, 0.05, 0.1, 0.5])
    cause = CommonCause(0.4, range(0, 700, 7), 0.3, part_lost=0.15)
    year = losses.bad_year(amounts, all_cause(own, cause), [cause], Falls(np.arange(1.0, 6.0), fall, 2))
    assert year.own == pytest.approx(own, abs=1e-9)
    total = drawn(amounts, own, fall, cause, n=20_000).sum(axis=1)
    away = 5 * total.std() / np.sqrt(total.size)
    assert year.joint.mean == pytest.approx(total.mean(), abs=away)
    assert year.expected_leaving + year.expected_less == pytest.approx(year.joint.mean)
    assert year.joint.quantile(0.95) == pytest.approx(np.quantile(total, 0.95), rel=0.01)
    assert year.joint.expected_shortfall(0.95) == pytest.approx(np.sort(total)[-1000:].mean(), rel=0.01)
    assert year.joint.std == pytest.approx(total.std(), rel=0.03)
    assert year.alone.mean == pytest.approx(year.joint.mean)
    assert year.contributions(0.95).sum() == pytest.approx(1)


def all_cause(own, cause):
    return losses.all_cause_probability(own, [cause])


def test_the_expected_sum_is_right_in_companies_whose_falls_are_known():
    """Small customers fall by 30% in half of the years, large ones by 10% in a fifth: on average over 40 companies."""
    ratio = []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        size = np.sort(rng.lognormal(4, 1.2, 300))
        chance, deep = np.where(size > np.median(size), 0.2, 0.5), np.where(size > np.median(size), 0.1, 0.3)
        past = losses.falls([years(size * (1 - deep * (rng.random(300) < chance)), size)], "margin")
        less = losses.buying_less(size, past)
        ratio.append(less.mean / (size @ (chance * deep)))
        coming = np.array([size @ (deep * (rng.random(300) < chance)) for _ in range(200)])
        assert 0.5 < less.probabilities @ (less.step * np.arange(less.probabilities.size)) / coming.mean() < 2
    assert np.mean(ratio) == pytest.approx(1, abs=0.03)


def test_each_falls_as_those_of_its_size():
    size = np.arange(1.0, 101.0)
    past = replace(losses.falls([years(np.where(size > 50, size, size / 2), size)], "margin"), slope=0.0)
    found = losses.buying_less(np.array([5.0, 95.0, 50.5]), past)
    assert found.expected.tolist() == pytest.approx([0.5, 0.0, 0.5 * 13 / 25], abs=0.021)
    assert (found.many, past.years) == (25, 1)


def company(rng, size, power):
    """Two years of customers that change by a third where they are of size 1, up and down, and who is `size` by luck."""
    moves = size**-power / 3
    return years(*(size * np.exp(moves * rng.standard_normal(size.size)) for _ in range(2)))


@pytest.mark.parametrize("power", [0.0, 0.25, 0.5])
def test_how_changes_shrink_with_size_is_found(power):
    rng = np.random.default_rng(7)
    found = [losses.falls([company(rng, rng.lognormal(2, 1.2, 300), power)], "margin").slope for _ in range(40)]
    assert np.mean(found) == pytest.approx(power, abs=0.05)


def test_a_chain_falls_as_a_chain_and_not_as_the_shops_beside_it():
    """Two customers a hundred times as large as any other, of many independent parts; the year after, drawn 500 times."""
    rng, ratio = np.random.default_rng(8), []
    for _ in range(20):
        size = np.append(rng.lognormal(0, 0.4, 260), [150.0, 160.0])
        past = losses.falls([company(rng, size, 0.5) for _ in range(2)], "margin")
        less = losses.buying_less(size, past)
        coming = [np.maximum(before - now, 0).sum() for now, before in (
            (pair[0]["margin"], pair[1]["margin"]) for pair in (company(rng, size, 0.5) for _ in range(500))
        )]  # fmt: skip
        ratio.append(less.mean / np.mean(coming))
        unscaled = losses.buying_less(size, replace(past, slope=0.0)).mean / np.mean(coming)
        assert unscaled > 1.5
    assert np.mean(ratio) == pytest.approx(1.1, abs=0.15), "who was large by luck falls a little further than the next"


def test_where_nothing_changed_nothing_is_scaled():
    size = np.arange(1.0, 21.0)
    assert losses.falls([years(size, size)], "margin").slope == 0
    past = Falls(np.array([1.0, 4.0]), np.array([0.5, 0.8]), 1, 0.5)
    found = losses.buying_less(np.array([0.0, 4.0, 0.25]), past)
    assert [found.falls_of(at).tolist() for at in range(3)] == [[0.5, 1.0], [0.25, 0.8], [1.0, 1.0]]
    assert found.expected.tolist() == pytest.approx([0.75, 0.525, 1.0])
    assert found.variance.tolist() == pytest.approx([0.0625, 0.275**2, 0.0])


def test_who_is_gone_or_new_or_below_zero_has_not_stayed():
    before = [*[10.0] * 12, -3.0, 8.0, 0.0]
    now = [5.0, *[10.0] * 11, 4.0, -1.0, 9.0]
    assert losses.falls([years(now, before)], "margin").fall.sum() == 0.5
    assert losses.falls([years(now, before)], "margin", gone={"0"}).fall.sum() == 0
    assert losses.falls([years(now, before)], "margin", gone={"0", "1", "2"}) is None, "of nine nothing is told"
    assert losses.falls([], "margin") is None
    both = losses.falls([years(now, before), years(before, now)], "margin")
    assert (both.years, both.fall.size) == (2, 24)


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.integers(0, 10**8).map(lambda cents: cents / 100), min_size=1, max_size=12),
    st.lists(st.floats(0, 1), min_size=1, max_size=30),
    st.data(),
)
def test_with_falls_no_year_costs_less(amounts, falls_seen, data):
    own = np.array(data.draw(st.lists(st.floats(0, 1), min_size=len(amounts), max_size=len(amounts))))
    past = Falls(np.arange(1.0, len(falls_seen) + 1), np.array(falls_seen), 1)
    without, found = (losses.bad_year(amounts, own, past=each) for each in (None, past))
    total = sum(amounts)
    assert found.joint.mean >= without.joint.mean - 1e-6 * total
    bound = found.joint.error_bound + without.joint.error_bound + 1e-6 * total
    for q in (0.5, 0.95):
        assert found.joint.quantile(q) >= without.joint.quantile(q) - bound
        assert found.joint.quantile(q) <= total + bound
    assert found.joint.probabilities.sum() == pytest.approx(1)
    assert np.isnan(without.expected_less)


def test_more_than_ten_overlapping_causes_are_simulated_and_the_falls_added():
    causes = [CommonCause(0.05, [at, 12], 0.5) for at in range(12)]
    less = losses.buying_less(np.full(13, 10.0), PAST)
    found = losses.leaving_and_buying_less(np.full(13, 0.05), causes, less)
    lost = losses.all_cause_probability(np.full(13, 0.05), causes)
    assert found.mean == pytest.approx(10 * (lost + (1 - lost) * PAST.fall.mean()).sum())
    assert found.method.startswith("simulated, 100,000 draws")


def test_many_managers_who_may_leave_cost_no_more_states():
    """200 causes without an account in common: each is mixed where its last account is."""
    amounts = np.linspace(1, 50, 400)
    causes = [CommonCause(0.1, [at, at + 200], 0.5, part_lost=0.1) for at in range(200)]
    less = losses.buying_less(amounts, PAST)
    found = losses.leaving_and_buying_less(np.full(400, 0.02), causes, less)
    kept = 0.98 * (1 - 0.1 + 0.1 * 0.5 * 0.9) * (1 - PAST.fall.mean())
    assert found.mean == pytest.approx((1 - kept) * amounts.sum())
