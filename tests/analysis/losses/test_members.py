"""Whom a cause could take, held against a plain loop over the accounts."""

import pandas as pd
import pytest

from kam_analysis.analysis.losses import common_cause, departures

TRAITS = pd.DataFrame(
    {
        "account_id": ["a", "b", "c", "d"],
        "industry": ["Marine", "Water", None, "MARINE"],
        "country": ["SE", "SE", "SE", "NO"],
        "account_manager_id": ["M1", "M2", "M1", None],
    }
)


def test_every_condition_must_hold_and_a_missing_value_is_none():
    cause = common_cause(list("dcba"), TRAITS, {"industry": "marine", "country": "SE"}, 0.2, 0.4, "slump")
    by_loop = tuple(at for at, each in enumerate("dcba") if each == "a")
    assert cause is not None
    assert (cause.members, cause.probability, cause.loss_probability) == (by_loop, 0.2, 0.4)


def test_a_cause_that_takes_nobody_is_none():
    assert common_cause(["b", "c"], TRAITS, {"industry": "Marine"}, 0.2, 0.4) is None


def test_an_unknown_column_is_named_with_those_that_are_there():
    with pytest.raises(ValueError, match=r"slump: no column branch in accounts; there are industry, country"):
        common_cause(["a"], TRAITS, {"branch": "Marine"}, 0.2, 0.4, "slump")


def test_only_managers_with_a_probability_of_the_company_s_own_are_causes():
    managers = pd.DataFrame(
        {
            "manager_id": ["M2", "M1", "M9"],
            "manager_name": ["Bo", None, "Eve"],
            "departure_probability": [0.1, 0.5, 0.3],
        }
    )
    found = departures(["c", "b", "a"], TRAITS, managers, 0.3)
    assert [(each.name, each.members) for each in found] == [("M1", (0, 2)), ("Bo", (1,))]
    assert departures(["a"], TRAITS, managers.assign(departure_probability=None), 0.3) == ()
    assert departures(["a"], TRAITS, managers.drop(columns="departure_probability"), 0.3) == ()
