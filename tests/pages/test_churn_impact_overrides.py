"""03: what a report may be asked for otherwise, up to the ends of each range and not beyond."""

from types import SimpleNamespace

import pytest
from words_for_tests import plain

import kam_analysis as kam
from kam_analysis.errors import DataError
from kam_analysis.ledger.settings.settings import Assumption
from kam_analysis.pages.assumed import assumptions_table
from kam_analysis.pages.churn_impact.overrides import Overrides, changed_parameters, overrides

RAMP = Assumption("ramp_months", 6.0, 3.0, 12.0, "sales")


@pytest.fixture
def ledger(bare):
    return kam.open_ledger(bare())


@pytest.mark.parametrize(
    ("name", "least", "most", "beyond"),
    [
        ("chance_factor", 0.25, 4.0, (0.2499, 4.0001)),
        ("horizon_months", 1, 36, (0, 37)),
        ("plan_months", 12, 36, (11, 37)),
        ("ramp_months", 3.0, 12.0, (2.99, 12.01)),
        ("follow_rate", 0.0, 1.0, (-0.01, 1.01)),
    ],
)
def test_the_ends_of_a_range_are_taken_and_what_is_beyond_is_not(ledger, name, least, most, beyond):
    def asked(value):
        given = {"assumptions": {name: value}} if name in ("ramp_months", "follow_rate") else {name: value}
        made = overrides(ledger, **given)
        return made.assumptions[name] if name in made.assumptions else getattr(made, name)

    assert [asked(least), asked(most)] == [least, most]
    for value in beyond:
        with pytest.raises(DataError, match=name):
            asked(value)


@pytest.mark.parametrize("value", [5.0, 7.0])
def test_an_assumption_that_is_lowered_or_raised_says_from_what(value):
    made = Overrides(assumptions={"ramp_months": value})
    changed = made.assumed({"ramp_months": RAMP}, SimpleNamespace(assumptions={}))["ramp_months"]
    assert (changed.value, changed.low, changed.high) == (value, 3.0, 12.0)
    assert plain(changed.source) == "changed for this report from 6 (sales)"
    assert made.said() == f"changed for this report: months from there to full size: {value:g}"


def test_what_stays_as_it_is_says_nothing():
    made = Overrides(assumptions={"ramp_months": 6.0})
    assert made.assumed({"ramp_months": RAMP}, SimpleNamespace(assumptions={})) == {"ramp_months": RAMP}
    assert Overrides().said() == ""
    assert plain(Overrides(chance_factor=1.5, without={"M1": "Reiter"}).said()) == (
        "changed for this report: all chances of leaving × 1.50, at most 100%;"
        " not counted among what could take several at once: Reiter"
    )


def test_a_report_like_this_one_is_asked_for_what_is_otherwise_than_in_the_settings_and_for_nothing_else(ledger):
    assert changed_parameters(ledger, Overrides()) == {}
    asked = Overrides(plan_months=24, lost_accounts=("a",), leaving={"M1": "Reiter"}, without={"slump": "a slump"})
    assert changed_parameters(ledger, asked) == {
        "plan_months": 24, "lost_accounts": ["a"], "leaving_managers": ["M1"], "without_causes": ["slump"],
    }  # fmt: skip


def test_money_that_is_taken_for_given_bears_its_currency():
    cost = Assumption("keeping_cost", 60_000, 40_000, 90_000, "a budget")
    shown = assumptions_table({"ramp_months": RAMP, "keeping_cost": cost}, "EUR").html
    assert [each in shown for each in ("€60k", "€40k to €90k")] == [True, True]
    assert [each in shown for each in ("<td>6</td>", "3 to 12")] == [True, True], "months are no money"
