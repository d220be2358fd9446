"""Do covered accounts fare better: against statsmodels' own arithmetic by hand, and on simulated companies whose truth is known."""

import numpy as np
import pandas as pd
import pytest

from kam_analysis.analysis.segments import faring


def company(rng, *, effect, accounts=240, covered=24, chosen="size"):
    """Sales of three years; the covered are the large ones or the ones that grew, and change by `effect` more."""
    size = np.exp(rng.normal(10, 1, accounts))
    earlier = size * np.exp(rng.normal(0, 0.2, accounts))
    before = size * np.exp(rng.normal(0, 0.2, accounts))
    order = np.argsort(-(before if chosen == "size" else before / earlier) * np.exp(rng.normal(0, 0.7, accounts)))
    ids = [f"{at:04}" for at in range(accounts)]
    listed = np.isin(np.arange(accounts), order[:covered])
    # What was above its own level falls back: a list of those that grew looks bad, one of those that shrank good.
    change = -0.5 * np.log(before / earlier) + effect * listed + rng.normal(0, 0.25, accounts) * (1 + listed)
    rows = pd.DataFrame({"account_id": ids, "earlier": earlier, "before": before, "now": before * np.exp(change)})
    rows["industry"] = rng.choice(["Water", "Steel", "Food"], accounts)
    return rows, [each for each, is_listed in zip(ids, listed, strict=True) if is_listed]


def simulated(effect, chosen, times=200):
    rng = np.random.default_rng(11)
    return [faring(*company(rng, effect=effect, chosen=chosen)) for _ in range(times)]


@pytest.mark.parametrize("chosen", ["size", "growth"])
def test_without_an_effect_the_range_holds_zero_as_often_as_it_says(chosen):
    found = simulated(0.0, chosen)
    held = np.mean([each.low <= 0 <= each.high for each in found])
    assert 0.91 <= held <= 1.0  # 0.95, within what 200 companies can tell; more is careful
    assert abs(np.mean([each.difference for each in found])) < 0.02


def test_the_plain_difference_would_mislead_where_the_list_is_of_those_that_grew():
    found = simulated(0.0, "growth", times=60)
    assert np.mean([each.change_covered - each.change_comparable for each in found]) < -0.05


def test_an_effect_is_found_with_its_size():
    found = simulated(0.4, "size")
    assert np.mean([each.difference for each in found]) == pytest.approx(0.4, abs=0.05)
    assert np.mean([each.tells and each.difference > 0 for each in found]) > 0.8


def test_the_difference_by_solving_the_normal_equations_and_the_errors_account_by_account():
    rows, ids = company(np.random.default_rng(3), effect=0.1)
    found = faring(rows.drop(columns="industry"), ids)
    listed = rows["account_id"].isin(ids)
    near = rows["before"].between(rows.loc[listed, "before"].min() / 3, rows.loc[listed, "before"].max() * 3)
    kept = rows[near]
    x = np.column_stack([
        kept["account_id"].isin(ids), np.ones(len(kept)), np.log(kept["before"]),
        2 * (kept["before"] - kept["earlier"]) / (kept["before"] + kept["earlier"]),
    ]).astype(float)  # fmt: skip
    y = (2 * (kept["now"] - kept["before"]) / (kept["now"] + kept["before"])).to_numpy()
    assert found.difference == pytest.approx(np.linalg.solve(x.T @ x, x.T @ y)[0])
    # HC3 is the jackknife but for its centre: leave each account out, and see how far the coefficient moves.
    without = [
        np.linalg.lstsq(np.delete(x, at, axis=0), np.delete(y, at), rcond=None)[0][0] - found.difference for at in range(len(y))
    ]  # fmt: skip
    error = np.sqrt(np.sum(np.square(without)))
    from scipy.stats import t

    assert found.high - found.difference == pytest.approx(t.ppf(0.975, len(ids) - 1) * error, rel=1e-6)
    assert (found.covered, found.comparable) == (24, int(near.sum()) - 24)


def test_currency_and_order_do_not_matter_and_those_that_stopped_count():
    rows, ids = company(np.random.default_rng(5), effect=0.0)
    first = faring(rows, ids)
    scaled = rows.assign(**{name: rows[name] * 1000 for name in ("earlier", "before", "now")}).sample(
        frac=1, random_state=1
    )
    second = faring(scaled, ids[::-1])
    assert (second.difference, second.low) == pytest.approx((first.difference, first.low))
    stopped = faring(rows.assign(now=rows["now"].where(~rows["account_id"].isin(ids[:12]), 0.0)), ids)
    assert stopped.change_covered < first.change_covered - 0.5
    assert stopped.difference < first.difference


def test_without_three_years_the_trend_is_that_within_the_year_before():
    rows, ids = company(np.random.default_rng(5), effect=0.0)
    whole = faring(rows, ids)
    halves = faring(rows.assign(earlier=rows["earlier"] / 2, recent=rows["before"] / 2), ids)
    assert halves.difference == pytest.approx(whole.difference)
    assert faring(rows.assign(recent=rows["earlier"]), ids).difference != pytest.approx(whole.difference)


def test_too_few_on_either_side_tell_nothing():
    rows, ids = company(np.random.default_rng(5), effect=0.0)
    assert faring(rows, ids[:4]) is None
    assert faring(rows, ids[:5]) is not None
    assert faring(rows, []) is None
    assert faring(rows[rows["account_id"].isin(ids)], ids) is None
    assert faring(rows.assign(before=0.0), ids) is None
    assert faring(rows.assign(earlier=0.0), ids) is None
