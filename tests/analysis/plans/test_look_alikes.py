"""Accounts alike, what one does not buy, and how often such lines were begun: against brute force and simulated truth."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kam_analysis.analysis import plans
from kam_analysis.analysis.plans.line_starts import CUTS, LEAST_CASES
from kam_analysis.analysis.plans.look_alikes import FEWEST, LEAST_SIMILARITY, SIZE_FACTOR


def drawn(seed: int, accounts: int = 40, lines: int = 5) -> tuple[pd.DataFrame, pd.Series]:
    random = np.random.default_rng(seed)
    ids = [f"A{at:03}" for at in range(accounts)]
    bought = random.random((accounts, lines)) < 0.5
    bought[np.arange(accounts), random.integers(0, lines, accounts)] = True
    sales = pd.DataFrame(bought * random.lognormal(3, 1, (accounts, lines)), index=ids, columns=list("VWXYZ")[:lines])
    industry = pd.Series(random.choice(["Water", "Marine", None], accounts), index=ids)
    return sales, industry


def by_hand(sales: pd.DataFrame, industry: pd.Series, one: str, other: str) -> float:
    """Similarity in plain Python: the mean of size, industry and mix, as documented."""
    a, b = sales.loc[one].tolist(), sales.loc[other].tolist()
    size = max(1 - abs(math.log(sum(b) / sum(a))) / math.log(SIZE_FACTOR), 0)
    pairs = [(x, y) for x, y in zip(a, b, strict=True) if x > 0]
    dot, left, right = sum(x * y for x, y in pairs), sum(x * x for x, _ in pairs), sum(y * y for _, y in pairs)
    parts = [size, dot / math.sqrt(left * right) if right else 0.0]
    if isinstance(industry[one], str) and isinstance(industry[other], str):
        parts.append(float(industry[one] == industry[other]))
    return sum(parts) / len(parts) if size else 0.0


@pytest.mark.parametrize("seed", range(5))
def test_similarity_is_what_plain_python_makes_of_it(seed):
    sales, industry = drawn(seed)
    one = sales.index[seed]
    found = plans.look_alikes(sales, one, industry=industry, most=1000).set_index("account_id")["similarity"]
    expected = {other: by_hand(sales, industry, one, other) for other in sales.index if other != one}
    assert found.to_dict() == pytest.approx({k: v for k, v in expected.items() if v >= LEAST_SIMILARITY})
    assert found.is_monotonic_decreasing


def test_an_account_without_sales_by_line_is_an_error_and_the_frames_stay_as_they_were():
    sales, industry = drawn(1)
    before = sales.copy()
    with pytest.raises(KeyError):
        plans.look_alikes(sales, "nobody", industry=industry)
    plans.look_alikes(sales, "A000", industry=industry)
    pd.testing.assert_frame_equal(sales, before)


@pytest.mark.parametrize("seed", range(5))
def test_white_space_is_what_counting_by_hand_gives(seed):
    sales, industry = drawn(seed)
    alike = plans.look_alikes(sales, "A000", industry=industry)
    found = plans.white_space(sales, "A000", alike).set_index("product_line")
    own = sales.loc["A000"]
    for line in sales:
        buyers = [each for each in alike["account_id"] if sales.loc[each, line] > 0]
        if own[line] > 0 or not buyers or len(alike) < FEWEST:
            assert line not in found.index
            continue
        row = found.loc[line]
        assert (row["buyers"], row["alike"]) == (len(buyers), len(alike))
        present = [sum(sales.loc[each, name] for name in sales if own[name] > 0) for each in buyers]
        ratios = sorted(sales.loc[each, line] / rest for each, rest in zip(buyers, present, strict=True) if rest > 0)
        if len(ratios) < FEWEST:
            assert math.isnan(row["potential"])
        else:
            assert row["potential"] == pytest.approx(np.median(ratios) * own.sum())
            assert ratios[0] * own.sum() <= row["potential_low"] * 1.0000001
            assert row["potential_high"] <= ratios[-1] * own.sum() * 1.0000001


def test_too_few_alike_say_nothing():
    sales, _ = drawn(3)
    assert plans.white_space(sales, "A000", pd.DataFrame({"account_id": list(sales.index[1:5])})).empty


@pytest.mark.parametrize(
    ("buyers", "low", "high", "level"),
    [(5, 1, 5, 4 / 6), (19, 2, 18, 16 / 20), (20, 2, 19, 17 / 21), (29, 3, 27, 24 / 30)],
)
def test_the_range_is_that_of_the_buyers_counted_from_either_end(buyers, low, high, level):
    """The innermost two between which the next one lies with at least 80%: ratios are 1, 2, 3, ... of 100."""
    ids = [f"A{at}" for at in range(buyers + 1)]
    sales = pd.DataFrame({"Pumps": 100.0, "Seals": np.arange(buyers + 1.0)}, index=ids)
    row = plans.white_space(sales, "A0", pd.DataFrame({"account_id": ids[1:]})).iloc[0]
    found = row[["potential_low", "potential_high", "level", "potential"]].tolist()
    assert found == pytest.approx([low, high, level, (buyers + 1) / 2])


@pytest.mark.parametrize("buyers", [5, 9, 14, 19])
def test_the_range_holds_the_next_account_as_often_as_it_says(buyers):
    """Simulated truth: accounts alike and the account itself draw their ratio from one distribution."""
    random, held, level, trials = np.random.default_rng(buyers), 0, 0.0, 3000
    for _ in range(trials):
        ratios = random.lognormal(-1, 0.8, buyers + 1)
        ids = [f"A{at}" for at in range(buyers + 1)]
        sales = pd.DataFrame({"Pumps": 100.0, "Seals": [0.0, *(100 * ratios[1:])]}, index=ids)
        row = plans.white_space(sales, "A0", pd.DataFrame({"account_id": ids[1:]})).iloc[0]
        held += row["potential_low"] <= 100 * ratios[0] <= row["potential_high"]
        level = row["level"]
    assert held / trials == pytest.approx(level, abs=4 * math.sqrt(level * (1 - level) / trials))


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.floats(1e-3, 1e6))
def test_currency_scale_changes_no_share_and_scales_every_potential(seed, scale):
    sales, industry = drawn(seed, accounts=15)
    for by_line, factor in ((sales, 1.0), (sales * scale, scale)):
        alike = plans.look_alikes(by_line, "A000", industry=industry)
        rows = plans.white_space(by_line, "A000", alike)
        if factor == 1.0:
            first = rows
    assert rows["share"].tolist() == first["share"].tolist()
    assert (rows["potential"] / scale).tolist() == pytest.approx(first["potential"].tolist(), nan_ok=True)


def test_line_starts_count_what_counting_by_hand_gives():
    before, industry = drawn(7, accounts=30)
    after, _ = drawn(8, accounts=30)
    after = after.drop(index="A003")
    found = plans.line_starts([before, after], industry=industry)
    cases = {band: [0, 0] for band in range(4)}
    for account in after.index:
        alike = plans.look_alikes(before, account, industry=industry)["account_id"]
        if len(alike) < FEWEST:
            continue
        for line in before:
            if before.loc[account, line] > 0:
                continue
            share = sum(before.loc[each, line] > 0 for each in alike) / len(alike)
            band = sum(share >= cut for cut in (0.25, 0.5, 0.75))
            cases[band][0] += 1
            cases[band][1] += bool(after.loc[account, line] > 0)
    assert found.bands[["cases", "starts"]].values.tolist() == [list(map(float, each)) for each in cases.values()]
    assert found.bands["rate"].tolist() == pytest.approx([(s + 0.5) / (n + 1) for n, s in cases.values()])
    assert found.helps is None
    assert found.years == 1


def test_intervals_are_clopper_and_pearson_s():
    """By the binomial distribution itself: at either end the count that was seen has a chance of 2.5%."""
    from scipy.stats import binom

    before, industry = drawn(7, accounts=30)
    after, _ = drawn(8, accounts=30)
    for row in plans.line_starts([before, after], industry=industry).bands.to_dict("records"):
        n, starts = row["cases"], row["starts"]
        if 0 < starts < n:
            assert binom.sf(starts - 1, n, row["low"]) == pytest.approx(0.025)
            assert binom.cdf(starts, n, row["high"]) == pytest.approx(0.025)


def test_who_is_like_the_buyers_begins_more_often_where_that_is_the_truth():
    """Simulated: a line spreads among accounts of one industry; being like its buyers tells who begins it."""
    random = np.random.default_rng(5)
    ids = [f"A{at:03}" for at in range(300)]
    industry = pd.Series(np.where(np.arange(300) < 150, "Water", "Marine"), index=ids)
    water = (industry == "Water").to_numpy()
    chance = np.where(water, 0.5, 0.05)
    bought = random.random(300) < np.where(water, 0.6, 0.05)
    years = []
    for _ in range(3):
        years.append(pd.DataFrame({"Pumps": random.lognormal(3, 0.3, 300), "Seals": bought * 5.0}, index=ids))
        bought = bought | (random.random(300) < chance)
    found = plans.line_starts(years, industry=industry)
    assert found.helps is True
    low, high = found.chance(0.1), found.chance(0.6)
    assert low is not None
    assert high is not None
    assert low[0] < 0.15 < 0.35 < high[0]
    assert found.chance(0.3) is None or found.bands["cases"].iloc[1] >= 20


def test_sales_by_line_sets_credit_notes_aside_and_leaves_out_who_bought_nothing():
    rows = pd.DataFrame(
        {
            "account_id": ["a", "a", "a", "b", None],
            "product_line": ["P", "P", None, "P", "P"],
            "revenue": [5.0, -2.0, 9.0, -1.0, 4.0],
        }
    )
    assert plans.sales_by_line(rows).to_dict("index") == {"a": {"P": 3.0}}


@pytest.mark.parametrize(
    ("ours", "one_rate", "helps"), [(0.1, 0.2, True), (0.2, 0.2, False), (0.3, 0.2, False), (None, 0.2, None), (0.1, None, None)]
)  # fmt: skip
def test_being_alike_helps_where_it_told_more_than_one_rate(ours, one_rate, helps):
    assert plans.LineStarts(pd.DataFrame(), 3, ours, one_rate).helps is helps


def test_a_chance_is_that_of_its_band_where_enough_cases_were_seen():
    bands = pd.DataFrame(
        {"cases": [LEAST_CASES, LEAST_CASES - 1, 999, 999][: len(CUTS) + 1], "rate": 0.1, "low": 0.05, "high": 0.2}
    )
    bands["rate"] = [0.1 * (at + 1) for at in range(len(bands))]
    found = plans.LineStarts(bands, 2)
    assert found.chance(0.0) == (0.1, 0.05, 0.2)
    # A band begins with its cut.
    assert [found.chance(each) for each in (CUTS[0] - 0.001, CUTS[0])] == [(0.1, 0.05, 0.2), None]
    assert found.chance(1.0)[0] == pytest.approx(0.1 * len(bands))
