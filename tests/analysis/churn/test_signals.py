"""What tells beside the rhythm: its optimum by another optimiser, its directions as properties, its words by hand."""

import math
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.special import expit, log_expit, logit

from kam_analysis.analysis import churn
from kam_analysis.analysis.churn.features import FEATURES
from kam_analysis.analysis.churn.signals import signals, tells


@pytest.fixture(scope="module")
def days(company_days):
    return company_days


@pytest.fixture(scope="module")
def fitted(days):
    return churn.with_signals(days)[0]


def test_the_optimum_is_that_of_another_optimiser(days, fitted):
    """The likelihood and its prior written down anew, from the past days themselves."""
    latest = list(zip(days.days[-3:-1], days.outcomes[-2:], strict=True))
    said = np.concatenate([logit(churn.leaving(each.there, each.rhythm).leave) for each, _ in latest])
    came = np.concatenate([outcome for _, outcome in latest])
    rows = pd.concat([each.there for each, _ in latest])
    design = np.column_stack([np.ones(len(said)), said, fitted.signals.values(rows)])
    centre = np.array([0.0, 1.0] + [0.0] * len(fitted.signals.features))
    deviation = np.array([0.5, 0.25] + [1.0] * len(fitted.signals.features))

    def loss(at):
        odds = design @ at
        told = came * log_expit(odds) + (1 - came) * log_expit(-odds)
        return -told.sum() + 0.5 * (((at - centre) / deviation) ** 2).sum()

    other = minimize(loss, centre, method="BFGS", options={"gtol": 1e-4}).x
    np.testing.assert_allclose(fitted.coefficients, other, atol=1e-3)


def otherwise(days, changed):
    """The same days with other signals: the rhythm does not read them."""
    return replace(days, days=tuple(replace(each, snapshot=changed(each.snapshot)) for each in days.days))


FIGURES = {
    "half_change": st.floats(-1, 1), "products": st.integers(0, 40).map(float), "tenure_years": st.floats(0, 30),
}  # fmt: skip


@settings(deadline=None)
@given(st.fixed_dictionaries(FIGURES), st.sampled_from(sorted(FIGURES)), st.data())
def test_more_of_a_signal_never_moves_a_chance_against_sense(fitted, company_past, figures, name, data):
    other = data.draw(FIGURES[name])
    low, high = sorted([figures[name], other])
    signs = {each.column: each.sign for each in FEATURES}
    one = company_past[-1].head(1).assign(**figures)
    less, more = fitted.leaving(pd.concat([one.assign(**{name: low}), one.assign(**{name: high})])).leave
    assert signs[name] * (more - less) >= -1e-12
    assert 0 < less < 1


def test_a_signal_that_goes_against_sense_is_left_out(days, company):
    """Whoever is about to leave buys everything: more products cannot raise the chance."""

    def more(each):
        goes = company.stops.reindex(each["account_id"]).to_numpy() <= each["day"].iloc[0] + pd.DateOffset(months=12)
        return each.assign(products=np.where(goes, 30.0, 1.0) + np.arange(len(each)) % 3)

    turned = otherwise(days, more)
    found, _ = churn.with_signals(turned)
    assert "products" not in [each.column for each in found.signals.features]
    only = tuple(each for each in FEATURES if each.column == "products")
    assert churn.with_signals(turned, only) == (
        None,
        "no other signal told of leaving as sense demands",
    )


def test_few_leavers_afford_few_signals_or_none(days):
    left = sum(each.sum() for each in days.outcomes[-2:])
    few = replace(days, rules=churn.Rules(losses_per_feature=int(left / 1.5)))
    assert len(churn.with_signals(few)[0].signals.features) == 1
    none = replace(days, rules=churn.Rules(least_losses=999))
    assert churn.with_signals(none) == (None, f"{left:.0f} customers left on the past days, fewer than 999")


def test_what_is_not_known_then_or_today_is_left_out(days, fitted):
    known = {"half_change", "products", "tenure_years", "credit_share"}
    assert {each.column for each in fitted.signals.features} <= known
    last = days.days[-1].day
    for whose in (lambda each: each["day"].iloc[0] == last, lambda each: each["day"].iloc[0] < last):
        unknown = otherwise(days, lambda each: each.assign(half_change=np.nan) if whose(each) else each)  # noqa: B023
        assert "half_change" not in [each.column for each in churn.with_signals(unknown)[0].signals.features]


def test_a_signal_that_is_alike_in_all_tells_nothing(company_past):
    change = FEATURES[0]
    rows = company_past[-1].head(50)
    assert not tells(rows.assign(half_change=0.2), change)
    assert not tells(rows.assign(half_change=[0.1, 0.4] * 12 + [np.nan] * 26), change)
    assert tells(rows.assign(half_change=[0.1, 0.4] * 13 + [np.nan] * 24), change)


def test_a_missing_signal_counts_as_the_average_and_none_is_extrapolated(company_past):
    rows = company_past[-1]
    change = signals(rows, FEATURES[:1])
    assert change.values(rows.assign(half_change=np.nan)).max() == 0
    far = change.values(rows.head(2).assign(half_change=[-0.99, 5.0]))
    ends = change.values(rows)
    assert ends.min() <= far.min() <= far.max() <= ends.max() + 1e-12


def test_drivers_are_the_largest_contributions_in_words(company_past):
    rows = company_past[-1]
    known = signals(rows, FEATURES[:1])
    told = known.drivers(rows.head(4).assign(half_change=[-0.6, 0.9, np.nan, 0.0]), np.array([-0.5]))
    # 20 after 80.
    assert told[0] == ["bought 75% less than in the half-year before"]
    assert told[1] == ["bought 1800% more than in the half-year before"]
    assert told[2] == []
    assert signals(rows, ()).drivers(rows.head(2), np.empty(0)) == [[], []]


@pytest.mark.parametrize(
    ("column", "value", "scaled", "words"),
    [
        ("half_change", -1.0, -1.0, "nothing bought in the last half-year"),
        ("half_change", 1.0, 1.0, "nothing bought in the half-year before the last"),
        ("half_change", 0.0, 0.0, "buys as in the half-year before"),
        ("half_change", 0.2, 0.2, "bought 50% more than in the half-year before"),
        ("complaints", 0.0, 0.0, "no complaints in twelve months"),
        ("complaints", 1.0, math.log(2), "1 complaint in twelve months"),
        ("products", 3.0, math.log(4), "buys 3 products"),
        ("tenure_years", 2.5, math.log(3.5), "a customer for 2.5 years"),
        ("credit_share", 0.04, 0.2, "4.0% of its purchases credited"),
        ("contract_share", 0.0, 0.0, "no contract"),
        ("contract_share", 0.25, 0.25, "a contract for 25% of the time ahead"),
    ],
)
def test_what_each_signal_says_of_one_account(column, value, scaled, words):
    [feature] = [each for each in FEATURES if each.column == column]
    assert feature.scaled(np.array([value])) == pytest.approx([scaled])
    assert feature.words(value) == words


def test_reasons_say_the_silence_first(fitted, company_past):
    one = company_past[-1].head(1).assign(half_change=-0.9, silence=77.0, longest_gap=41.0)
    assert fitted.reasons(one)[0].startswith("silent for 77 days; its longest gap was 41; bought 95% less than")


def test_arrays_are_read_only(fitted):
    for array in (fitted.coefficients, fitted.covariance, fitted.signals.mean):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0
    assert expit(fitted.coefficients[0]) < 1


def test_scikit_learn_is_not_needed():
    code = (
        "import sys; sys.modules['sklearn'] = None\n"
        "import numpy as np; from kam_analysis.analysis.churn.logistic import logistic\n"
        "logistic(np.ones((4, 1)), np.array([1.0, 0, 0, 1]), np.ones(4), np.zeros(1))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
