"""Whom a cause could take, held against a plain loop over the accounts."""

import pandas as pd
import pytest

from kam_analysis.analysis.losses import common_cause

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
