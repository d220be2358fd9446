"""Months to replace and money missing: closed forms against integrals over customers, and what must always hold."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.optimize import brentq

from kam_analysis.analysis import recovery as r

ways = st.tuples(st.floats(1, 500), st.floats(0, 12), st.floats(0, 18))


def by_customers(month, pace, cycle, ramp):
    """What the customers won at each moment u after the cycle bring at `month`: all of it, or their part of the ramp."""

    def brings(won):
        age = month - cycle - won
        return pace / 12 * (min(1.0, age / ramp) if ramp else 1.0)

    end = max(month - cycle, 0.0)
    bend = [min(max(end - ramp, 0.0), end)]
    return quad(brings, 0, end, points=bend, epsabs=1e-10, epsrel=1e-10)[0] if end else 0.0


@settings(deadline=None, max_examples=60)
@given(ways, st.floats(0, 60))
def test_what_has_come_in_is_the_sum_over_customers(way, month):
    assert float(r.replaced_after(month, *way)) == pytest.approx(by_customers(month, *way), rel=1e-6, abs=1e-6)


@settings(deadline=None, max_examples=60)
@given(ways, st.floats(1, 2000))
def test_months_to_replace_is_where_what_has_come_in_meets_the_loss(way, loss):
    months = float(r.months_to_replace(loss, *way))
    root = brentq(lambda month: by_customers(month, *way) - loss, way[1], way[1] + 12 * loss / way[0] + way[2] + 1)
    assert months == pytest.approx(root, rel=1e-6, abs=1e-5)


@settings(deadline=None, max_examples=40)
@given(ways, st.floats(1, 2000), st.floats(1, 60))
def test_money_missing_is_the_area_between_loss_and_what_has_come_in(way, loss, end):
    steps = np.linspace(0, end, 20_001)
    open_part = np.maximum(loss - r.replaced_after(steps, *way), 0.0)
    area = np.sum((open_part[1:] + open_part[:-1]) / 2 * np.diff(steps)) / 12
    assert float(r.missing_until(end, loss, *way)) == pytest.approx(area, rel=1e-5, abs=1e-4)


@settings(deadline=None, max_examples=60)
@given(ways, st.floats(0, 1000), st.floats(0, 1000), st.floats(1, 5))
def test_a_larger_loss_takes_longer_and_a_faster_pace_is_quicker(way, loss, more, faster):
    pace, cycle, ramp = way
    months = r.months_to_replace(np.array([loss, loss + more]), pace, cycle, ramp)
    assert months[0] <= months[1]
    assert r.months_to_replace(loss, pace * faster, cycle, ramp) <= months[0]
    gaps = r.missing_until(36, np.array([loss, loss + more]), pace, cycle, ramp)
    assert gaps[0] <= gaps[1] + 1e-9
    assert 0 <= gaps[0] <= loss * 3 + 1e-9


@settings(deadline=None, max_examples=40)
@given(st.floats(1, 1000), st.floats(1, 500))
def test_without_cycle_and_ramp_months_are_loss_by_pace(loss, pace):
    assert float(r.months_to_replace(loss, pace, 0, 0)) == pytest.approx(12 * loss / pace)
    found = r.replacement(loss, pace, 0, 0)
    assert found.months_of_any_length == pytest.approx(12 * loss / pace)


def test_an_18_percent_account_is_not_replaced_in_14_months():
    # 18 a year of 100, at a pace of 3.6 a year: five years, and the cycle and half the ramp before it.
    found = r.replacement(18.0, 3.6, cycle_months=5.5, ramp_months=6)
    assert found.months is None
    assert found.months_of_any_length == pytest.approx(5.5 + 3 + 60)
    rows = found.at()
    assert rows["month"].tolist() == [12, 24, 36]
    assert rows["replaced"].tolist() == pytest.approx([0.3 * (s - 3) for s in (6.5, 18.5, 30.5)])
    assert rows["share"].iloc[2] < 0.5


def test_bands_are_all_assumptions_at_their_ends_together():
    given_ends = {"pace": r.Range(10, 5, 20), "cycle_months": r.Range(6, 3, 9), "ramp_months": r.Range(6, 0, 12)}
    found = r.replacement(20.0, **given_ends)
    good, middle, bad = (r.replacement(20.0, *each) for each in ((20.0, 3.0, 0.0), (10.0, 6.0, 6.0), (5.0, 9.0, 12.0)))
    assert (found.months, found.months_low, found.months_high) == (middle.months, good.months, bad.months)
    assert (good.months, middle.months, bad.months) == (15, 33, None)
    assert (found.gap.low, found.gap.value, found.gap.high) == (good.gap.value, middle.gap.value, bad.gap.value)
    for name, low, high in (("replaced", bad, good), ("share", bad, good), ("gap", good, bad)):
        assert found.path[name].tolist() == middle.path[name].tolist()
        assert found.path[f"{name}_low"].tolist() == low.path[name].tolist()
        assert found.path[f"{name}_high"].tolist() == high.path[name].tolist()
    assert found.path["month"].tolist() == list(range(37))
    assert found.path["gap"].iloc[-1] == pytest.approx(found.gap.value)


@pytest.mark.parametrize("pace", [0.0, -5.0, r.Range(-1, -5, 0)])
def test_without_a_pace_nothing_is_replaced(pace):
    found = r.replacement(12.0, pace, 5, 6)
    assert (found.months, found.months_low) == (None, None)
    assert found.months_of_any_length == float("inf")
    assert found.gap.value == 36
    assert found.path["replaced"].max() == 0


def test_no_loss_is_replaced_at_once():
    found = r.replacement(0.0, 0.0, 5, 6)
    assert (found.months, found.months_low, found.months_high, found.gap.value) == (0, 0, 0, 0)
    assert set(found.path["share"]) == {1}


def test_what_cannot_be_is_refused():
    with pytest.raises(ValueError, match="loss: expected 0 or more, got -1"):
        r.replacement(-1.0, 1, 1, 1)
    with pytest.raises(ValueError, match="plan_months: expected at least 1, got 0"):
        r.replacement(1.0, 1, 1, 1, 0)
    with pytest.raises(ValueError, match="cycle_months: expected at least 0, got -1 to -1"):
        r.replacement(1.0, 1, -1, 1)
    with pytest.raises(ValueError, match="ramp_months: expected at least 0, got -1 to 2"):
        r.replacement(1.0, 1, 1, r.Range(1, -1, 2))
    with pytest.raises(ValueError, match="pace: range: expected low <= value <= high"):
        r.replacement(1.0, float("nan"), 1, 1)


def year(**amounts):
    ids = list(amounts)
    return pd.DataFrame({"account_id": ids, "account_name": ids, "revenue": [float(each) for each in amounts.values()]})


def test_both_paces_without_the_growth_of_what_may_be_lost():
    before, now = year(big=100, up=10, down=30, gone=5), year(big=120, up=25, down=20, fresh=12)
    lost = r.lose_largest(r.exposures(now), 1)
    found = r.coming_through(lost, r.new_business(now, before).without(["big"]), 0, 0, plan_months=600)
    assert found.by_new_customers.pace.value == 12
    # Growth of 15 made up for the 15 that shrank and stopped; that of the largest account is not counted.
    assert found.years == (10, 10)
    assert (found.by_net.pace.value, found.growth_covers_losses) == (12, True)
    assert (found.by_new_customers.months, found.new_customers_needed) == (120, 10)
    assert found.average_accounts == pytest.approx(120 / 19)
    table = r.recovery_table([found], [12, 24])
    assert table["pace"].tolist() == ["new_customers", "net"]
    assert table["months"].tolist() == [120, 120]
    assert table["share_24"].tolist() == pytest.approx([0.2, 0.2])
    assert table.filter(like="share_").columns.size == 6


def test_sales_replace_sales_and_margin_replaces_margin():
    now = year(a=100, b=20, new=10).assign(margin=[30.0, 8.0, 4.0])
    before = year(a=100, b=20).assign(margin=[30.0, 8.0])
    lost = r.lose_named(r.exposures(now), ["a"])
    by_sales, by_margin = (r.coming_through(lost, r.new_business(now, before, each), 0, 0) for each in now.columns[2:])
    assert (by_sales.by_net.loss, by_sales.by_net.months_of_any_length) == (100, 120)
    assert (by_margin.by_net.loss, by_margin.by_net.months_of_any_length) == (30, 90)
    # As many customers of 4 as come to 30; of those that stay one brings 8, one 4.
    assert (by_margin.new_customers_needed, by_margin.average_accounts) == (7.5, 5.0)


amounts = st.dictionaries(st.sampled_from("abcdefghij"), st.integers(1, 500), min_size=2, max_size=8)


@settings(deadline=None, max_examples=150)
@given(amounts, amounts, st.sets(st.sampled_from("abcdefghij")), st.sets(st.sampled_from("abcdefghij")), ways)
def test_whoever_loses_more_never_recovers_sooner(now, before, lost, more, way):
    """On random companies: every superset of a loss takes at least as long, at either pace and in the years told."""
    exposed, business = r.exposures(year(**now)), r.new_business(year(**now), year(**before))
    few, many = lost & set(now), (lost | more) & set(now)
    one, two = (r.coming_through(r.lose_named(exposed, each), business, *way[1:]) for each in (few, many))
    assert one.years[0] <= two.years[0]
    assert one.years[1] <= two.years[1]
    assert one.by_net.pace == two.by_net.pace
    for less, longer in ((one.by_net, two.by_net), (one.by_new_customers, two.by_new_customers)):
        assert less.months_of_any_length <= longer.months_of_any_length
        assert less.gap.value <= longer.gap.value + 1e-9


def test_without_new_business_nothing_is_replaced():
    now = year(a=10)
    found = r.coming_through(r.lose_largest(r.exposures(now), 1), r.new_business(now, year(a=10)), 3, 3)
    assert found.years == (float("inf"), float("inf"))
    assert (found.by_new_customers.months, found.by_net.months) == (None, None)
    assert np.isnan([found.new_customers_needed, found.average_accounts]).all()
    assert r.recovery_table([found])["months"].isna().all()
    unknown = r.coming_through(r.lose_largest(r.exposures(now), 1), None, 3, 3)
    assert unknown is None
    assert r.recovery_table([unknown]).empty


@settings(deadline=None, max_examples=60)
@given(st.floats(0, 1000), st.floats(0, 1), st.floats(0, 1), st.integers(1, 36))
def test_the_effect_needed_times_the_loss_is_the_cost(exposure, chance, later, plan):
    rows = pd.DataFrame({"account_id": ["a"], "exposure": [exposure], "probability": [chance], "later": [later]})
    row = r.keeping(rows, plan).iloc[0]
    assume(row["loss_if_lost"] > 1e-6)
    effect = r.effect_needed(row["at_most_a_year"], row["loss_if_lost"], chance)
    # A measure at the most it may cost must keep the account for certain.
    assert effect.needed == pytest.approx(chance)
    found = r.effect_needed(7.0, row["loss_if_lost"], chance)
    assert found.needed * row["loss_if_lost"] == pytest.approx(7.0)
    assert found.can_pay == (7.0 / row["loss_if_lost"] <= chance)


@settings(deadline=None, max_examples=60)
@given(st.floats(0, 0.999), st.integers(1, 36))
def test_years_kept_are_the_area_under_those_who_are_still_there(later, plan):
    """Against the integral, summed: the part that has not left after t years, up to the plan's end."""
    area = quad(lambda t: (1 - later) ** t, 0, plan / 12)[0]
    assert float(r.years_kept(later, plan)) == pytest.approx(area, rel=1e-6, abs=1e-9)


def test_a_kept_customer_against_customers_drawn_one_by_one():
    """Known truth: 200,000 customers that are kept today and then leave at a chance of 16% a year."""
    rng = np.random.default_rng(5)
    stays = -np.log1p(-rng.random(200_000)) / -np.log1p(-0.16)
    brought = 240.0 * np.minimum(stays, 3.0).mean()
    rows = pd.DataFrame({"account_id": ["a"], "exposure": [240.0], "probability": [0.54], "later": [0.16]})
    row = r.keeping(rows).iloc[0]
    assert row["loss_if_lost"] == pytest.approx(brought, rel=0.003)
    assert row["at_most_a_year"] == pytest.approx(0.54 * brought, rel=0.003)


def test_keeping_by_hand_with_a_part_lost():
    rows = pd.DataFrame(
        {"account_id": list("abc"), "exposure": [24, 24, 0], "probability": [0.5, None, 1], "later": [0, 0.5, None],
         "severity": [0.5, 1, 1]}
    )  # fmt: skip
    found = r.keeping(rows, 24)
    # Two years of what is lost; two years of which the second brings half, by the integral 0.75 / ln 2; nothing.
    assert found["loss_if_lost"].tolist() == pytest.approx([24, 24 * 0.75 / np.log(2), 0])
    assert found["at_most_a_year"].iloc[[0, 2]].tolist() == [12, 0]
    assert np.isnan(found["at_most_a_year"].iloc[1])
    unknown = r.keeping(rows.assign(later=np.nan).iloc[[1]])
    assert np.isnan(unknown["loss_if_lost"].iloc[0]), "without any chance of leaving nothing is told"
    assert r.prevention(rows.assign(later=np.nan, account_name="x"), cost=1.0)[1].keys() == {"a", "c"}
    for wrong, said in (
        ({"probability": [0.5, 1.5, 2]}, r"probability: expected 0-1, got other in 2 \(b: 1.5, c: 2\)"),
        ({"exposure": [1, -2, None]}, r"exposure: expected 0 or more, got other in 2 \(b: -2, c: nan\)"),
        ({"severity": [1, 1, 7]}, r"severity: expected 0-1, got other in 1 \(c: 7\)"),
        ({"later": [0, 2, 0]}, r"later: expected 0-1, got other in 1 \(b: 2\)"),
    ):
        with pytest.raises(ValueError, match=said):
            r.keeping(rows.assign(**wrong))
    with pytest.raises(ValueError, match="plan_months: expected at least 1, got 0"):
        r.keeping(rows, 0)


def test_an_effect_that_no_measure_has():
    assert r.effect_needed(1.0, 0.0, 0.5).needed == float("inf")
    assert r.effect_needed(1.0, 0.0, 0.5).can_pay is False
    assert r.effect_needed(0.0, 0.0, 0.0).can_pay is True
    assert r.effect_needed(1.0, 10.0).can_pay is None
    for wrong in ((-1.0, 1.0), (1.0, -1.0), (float("nan"), 1.0), (1.0, 1.0, 1.1)):
        with pytest.raises(ValueError, match="expected"):
            r.effect_needed(*wrong)
