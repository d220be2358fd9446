"""The model: its optimum by another optimiser, its calibration against a known truth, its directions as properties."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import approx_fprime, minimize
from scipy.special import expit, log_expit

from kam_analysis.analysis import churn
from kam_analysis.analysis.churn.model import fitted


@pytest.fixture(scope="module")
def past(company_past):
    return churn.history(company_past)


@pytest.fixture(scope="module")
def model(past):
    return churn.fit(past).model


def penalised(rows, model):
    """The loss that the fit minimises, written down anew, and its gradient by differences."""
    design, lost, weight = model._design(rows), rows["lost"].to_numpy(float), rows["weight"].to_numpy()

    def loss(b):
        odds = design @ b
        told = weight * (lost * log_expit(odds) + (1 - lost) * log_expit(-odds))
        return -told.sum() + 0.5 * (b[1:] ** 2).sum()

    return loss


def test_the_optimum_is_that_of_another_optimiser(past, model):
    loss = penalised(past.rows, model)
    other = minimize(loss, np.zeros(len(model.coefficients)), method="BFGS", options={"gtol": 1e-4}).x
    np.testing.assert_allclose(model.coefficients, other, atol=1e-3)


def test_the_covariance_is_the_inverse_of_the_curvature_by_differences(past, model):
    loss = penalised(past.rows, model)
    gradient = lambda b: approx_fprime(b, loss, 1e-5)  # noqa: E731
    curvature = np.array(
        [
            (gradient(model.coefficients + h) - gradient(model.coefficients - h)) / 2e-3
            for h in 1e-3 * np.eye(len(model.coefficients))
        ]
    )
    np.testing.assert_allclose(model.covariance, np.linalg.inv(curvature), rtol=0.02, atol=1e-4)


def test_as_many_leave_as_are_expected_overall_and_in_each_group(past, model):
    chance, rows = model.probability(past.rows), past.rows
    assert np.average(chance, weights=rows["weight"]) == pytest.approx(
        np.average(rows["lost"], weights=rows["weight"]), rel=1e-4
    )
    day = rows["day"] == past.days_apart[-1]
    table = churn.calibration(chance[day], rows.loc[day, "lost"])
    assert ((table["low"] <= table["expected"]) & (table["expected"] <= table["high"])).sum() >= len(table) - 1


def test_chances_are_near_the_truth_for_accounts_that_still_buy(company, company_past, model):
    """Of those that go on as before 3 % stop within a year, of those that sink 60 %."""
    today = company_past[-1]
    alive = ~(today["account_id"].map(company.stops) <= pd.Timestamp(company.as_of)).to_numpy()
    covered = alive & model.covers(today).to_numpy() & (today["silence_times"] < 1).to_numpy()
    chance = model.probability(today[covered])
    half = today.loc[covered, "half_change"].to_numpy()
    assert chance[half > 0].mean() < chance[half < -0.2].mean()
    # Behind a mean chance of those still buying stand both kinds.
    rows = churn.history(company_past).rows
    rate = rows.loc[rows["silence_times"] < 1, "lost"].mean()
    assert chance.mean() == pytest.approx(rate, abs=0.04)


FIGURES = {
    "silence_times": st.floats(0, 50), "half_change": st.floats(-1, 1), "products": st.integers(0, 40).map(float),
    "tenure_years": st.floats(0, 30), "credit_share": st.floats(0, 1),
}  # fmt: skip


@settings(deadline=None)
@given(st.fixed_dictionaries(FIGURES), st.sampled_from(sorted(FIGURES)), st.data())
def test_more_of_a_signal_never_moves_a_chance_against_sense(model, figures, name, data):
    other = data.draw(FIGURES[name])
    low, high = sorted([figures[name], other])
    signs = {each.column: each.sign for each in churn.FEATURES}
    frame = pd.DataFrame([figures | {name: low}, figures | {name: high}])
    less, more = model.probability(frame)
    assert signs[name] * (more - less) >= -1e-12
    assert 0 < less < 1


def test_a_signal_that_goes_against_sense_is_left_out(past):
    rows = past.rows.assign(products=np.where(past.rows["lost"], 30.0, 1.0) + np.arange(len(past.rows)) % 3)
    found = churn.fit(replace(past, rows=rows)).model
    assert "products" not in [each.column for each in found.features]
    only = tuple(each for each in churn.FEATURES if each.column == "products")
    none = fitted(rows, only, past.rules)
    assert none.features == ()
    np.testing.assert_allclose(none.probability(rows), np.average(rows["lost"], weights=rows["weight"]))
    assert none.drivers(rows.head(2)) == ["", ""]


def test_no_signal_no_slope_and_the_average_comes_out(simulate):
    truth = simulate(8, accounts=200, calm=0.1, sinks=0)
    past = churn.history(truth.snapshots(churn.Rules(step_months=6)))
    usual = past.rows[past.rows["silence_times"] < 1]
    chance = churn.fit(past).model.probability(usual)
    assert chance.mean() == pytest.approx(usual["lost"].mean(), abs=0.02)
    assert np.quantile(chance, 0.9) < 2.5 * np.quantile(chance, 0.1)


def test_few_losses_afford_few_signals(past):
    lost = past.rows.loc[past.rows["lost"], "account_id"].unique()[:11]
    few = replace(past, rows=past.rows[~past.rows["lost"] | past.rows["account_id"].isin(lost)])
    assert len(churn.fit(few).model.features) <= 2
    assert churn.fit(few).losses == 11


def test_reasons_for_no_model(past, standing_at):
    lost = past.rows.loc[past.rows["lost"], "account_id"].unique()[:9]
    few = replace(past, rows=past.rows[~past.rows["lost"] | past.rows["account_id"].isin(lost)])
    assert churn.fit(few).reason == "9 accounts were lost in the past that can be watched, fewer than 10"
    assert churn.fit(few).model is None
    short = replace(past, rules=churn.Rules(follow_months=0))
    assert churn.fit(short).reason == "the data is too short: a model of who leaves needs 36 months of it"
    none = churn.history([standing_at("2022-12-31", ["2022-12-20"])])
    assert churn.fit(none).reason == none.reason
    assert churn.fit(replace(past, rows=past.rows[past.rows["lost"]])).reason == "every account was lost"


def test_a_missing_signal_counts_as_the_average(past, model):
    two = past.rows.head(2).assign(half_change=[np.nan, np.nan])
    at = [each.column for each in model.features].index("half_change")
    np.testing.assert_allclose(model.probability(two), model.probability(two.assign(half_change=model.mean[at])))


def test_signals_that_no_table_tells_are_left_out(model):
    assert not {"complaints", "contract_share"} & {each.column for each in model.features}


def test_an_interval_holds_its_chance_and_draws_agree_with_it(past, model):
    some = past.rows.head(200)
    low, high = model.interval(some)
    chance = model.probability(some)
    assert ((low < chance) & (chance < high)).all()
    drawn = np.quantile(model.draw(some, 4000, np.random.default_rng(1)), [0.025, 0.975], axis=0)
    np.testing.assert_allclose(drawn, [low, high], atol=0.03)


def test_silence_beyond_all_experience_is_not_extrapolated(past, model):
    longest = past.rows["silence_times"].max()
    frame = past.rows.head(1)
    found = [model.probability(frame.assign(silence_times=times))[0] for times in (longest, 100 * longest)]
    assert found[0] == found[1]


def test_drivers_are_the_largest_contributions_in_words(past, model):
    frame = past.rows.head(3).assign(silence_times=[6.0, 0.05, 0.05], half_change=[0.0, -0.6, 0.9])
    told = model.drivers(frame)
    assert told[0].startswith("silent for 6.0 times its longest gap")
    assert told[1] == "bought 75 % less than in the half-year before"  # 20 after 80
    assert told[2] == "bought 1800 % more than in the half-year before" or told[2].startswith("silent for 0.1 times")


def test_order_of_rows_changes_nothing_and_arrays_are_read_only(past, model):
    turned = churn.fit(replace(past, rows=past.rows.iloc[::-1])).model
    np.testing.assert_allclose(turned.coefficients, model.coefficients, atol=1e-5)
    with pytest.raises(ValueError, match="read-only"):
        model.coefficients[0] = 0
    assert expit(model.coefficients[0]) < 0.5


def test_scikit_learn_is_loaded_by_a_fit_alone():
    import subprocess
    import sys

    code = "import sys, kam_analysis.analysis.churn; sys.exit('sklearn' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
