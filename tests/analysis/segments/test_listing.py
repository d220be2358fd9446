"""The company's own list against the key accounts: what both say, and lists with holes."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kam_analysis.analysis import segments as s

KEYS = pd.DataFrame({"account_id": ["Dag", "Caro", "Eve", "Ada"]})


def test_five_accounts_worked_by_hand():
    found = s.against_list(KEYS, pd.Series({"Ada": True, "Bo": True, "Caro": False, "Dag": True, "Eve": False}))
    assert found == s.Listing(agreed=("Dag", "Ada"), missing=("Caro", "Eve"), habit=("Bo",))
    assert [found.place(each) for each in ("Dag", "Eve", "Bo", "Fi")] == ["agreed", "missing", "habit", ""]


@pytest.mark.parametrize("column", [None, pd.Series(dtype=object), pd.Series({"Ada": np.nan, "Bo": None})])
def test_no_list_is_no_answer(column):
    assert s.against_list(KEYS, column) is None


def test_a_list_on_which_nobody_stands_is_a_list():
    found = s.against_list(KEYS, pd.Series({"Ada": False}))
    assert found == s.Listing(agreed=(), missing=("Dag", "Caro", "Eve", "Ada"), habit=())


@pytest.mark.parametrize("dtype", [object, "boolean"])
def test_a_missing_value_is_not_on_the_list(dtype):
    found = s.against_list(KEYS, pd.Series({"Ada": True, "Bo": None, "Dag": None}, dtype=dtype))
    assert (found.agreed, found.habit) == (("Ada",), ())


def test_odd_lists_are_refused():
    with pytest.raises(ValueError, match="expected true or false, got 'yes' for Bo"):
        s.against_list(KEYS, pd.Series({"Ada": True, "Bo": "yes"}))
    with pytest.raises(ValueError, match="expected each account once, Ada is not"):
        s.against_list(KEYS, pd.Series([True, False], index=["Ada", "Ada"]))


NAMES = st.sets(st.sampled_from("abcdefgh"))


@settings(deadline=None, max_examples=60)
@given(NAMES, NAMES)
def test_every_account_of_either_list_is_in_exactly_one_place(key, listed):
    column = pd.Series({name: name in listed for name in "abcdefgh"})
    found = s.against_list(pd.DataFrame({"account_id": sorted(key)}), column)
    assert sorted(found.agreed + found.missing + found.habit) == sorted(key | listed)
    assert set(found.agreed) == key & listed
    assert set(found.habit) == listed - key
