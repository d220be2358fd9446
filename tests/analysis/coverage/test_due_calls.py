"""Who calls whom in which month: against every possible plan of small cases, and the sample's story."""

from datetime import date
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kam_analysis.analysis import coverage as cov

DAY = date(2026, 9, 18)
KEY = [f"0010{n}00" for n in (1, 2, 3, 4, 5, 6, 8, 9)] + [f"001{n}00" for n in range(10, 16)]
NOBODY = pd.DataFrame(columns=["account_id", "last"], dtype="str")
STAFF = pd.DataFrame({"manager_id": ["M", "N", "S", "T", "E"], "superior_id": ["S", "S", "E", "E", None], "level": ["manager", "manager", "superior", "superior", "executive"]})  # fmt: skip

call = st.tuples(st.integers(0, 3), st.booleans())
deadline = st.tuples(st.integers(0, 11), st.booleans())


def due(last=None, managers=STAFF, **known):
    """Due calls of accounts a, b ...: revenue, account_manager_id, notice_by, last call of each."""
    names = list(known)
    book = pd.DataFrame({"account_id": names, "account_name": names, "revenue": [float(known[each][0]) for each in names]})  # fmt: skip
    traits = book[["account_id"]].assign(
        account_manager_id=[known[each][1] for each in names],
        notice_by=pd.to_datetime([known[each][2] for each in names]),
    )
    calls = NOBODY if last is None else pd.DataFrame({"account_id": list(last), "last": pd.to_datetime(list(last.values()))})  # fmt: skip
    return book, names, calls, traits, managers, DAY


def planned(found):
    return dict(zip(found["account_id"], found["month"].dt.strftime("%Y-%m"), strict=True))


# Which month


@settings(deadline=None, max_examples=40)
@given(st.lists(call, min_size=1, max_size=5))
def test_no_plan_of_all_plans_has_a_less_full_month(calls):
    latest, soon = [each[0] for each in calls], [each[1] for each in calls]
    month = cov.spread(latest, soon)
    plans = product(*(range(each + 1) for each in latest))
    least = min(max(np.bincount(plan)) for plan in plans)
    assert (month <= latest).all()
    assert (month >= 0).all()
    assert np.bincount(month).max() == least


@settings(deadline=None, max_examples=100)
@given(st.lists(deadline, max_size=40))
def test_no_call_is_late_and_each_is_there_once(calls):
    latest, soon = np.array([each[0] for each in calls], dtype=int), np.array([each[1] for each in calls], dtype=bool)
    month = cov.spread(latest, soon)
    assert month.shape == latest.shape
    assert (month <= latest).all()
    if len(calls):
        most = max(-(-int((latest <= at).sum()) // (at + 1)) for at in range(12))
        assert np.bincount(month).max() == most
    # Of equally pressing ones the first in order is never later.
    for at in range(12):
        same = month[soon & (latest == at)]
        assert (np.diff(same) >= 0).all()


def test_what_is_overdue_comes_first_and_the_rest_in_empty_months():
    assert cov.spread([2] * 5, [True] * 5).tolist() == [0, 0, 1, 1, 2]
    assert cov.spread([11, 11, 11], [False] * 3).tolist() == [11, 10, 9]
    assert sorted(cov.spread([11] * 12, [False] * 12).tolist()) == list(range(12))
    # A decision that cannot wait goes before the overdue ones.
    assert cov.spread([2, 2, 0], [True, True, False]).tolist() == [1, 2, 0]
    # Of the same deadline what is better early goes first.
    assert cov.spread([2, 2, 2], [False, True, True]).tolist() == [2, 0, 1]
    assert cov.spread([], []).tolist() == []


# The calls by hand


def test_by_hand():
    known = {
        "a": (50, "M", None), "b": (40, "M", "2027-03-31"), "c": (30, "M", None), "d": (20, "M", "2027-09-18"),
        "e": (60, "M", "2027-09-19"),
    }  # fmt: skip
    last = {"b": "2026-08-01", "c": "2025-10-05", "d": "2026-07-31", "e": "2026-09-01", "a": "2025-09-18"}
    found = cov.due_calls(*due(last, **known)).set_index("account_id")
    assert found.loc["a", ["overdue", "reason"]].tolist() == [True, "overdue"]
    assert found["overdue"].sum() == 1
    # Two months ahead of March; c is a year old in October; d is due in July, and its last day for notice comes within the year.
    assert found["before"].dropna().dt.strftime("%Y-%m").to_dict() == {"b": "2027-01", "d": "2027-07"}
    assert found["reason"].to_dict() == {"a": "overdue", "b": "notice", "c": "yearly", "d": "notice", "e": "yearly"}
    assert found["due"].dt.strftime("%Y-%m-%d").to_dict() == {
        "a": "2026-09-18", "b": "2027-08-01", "c": "2026-10-05", "d": "2027-07-31", "e": "2027-09-01",
    }  # fmt: skip
    month = planned(found.reset_index())
    assert month == {"c": "2026-10", "a": "2026-11", "b": "2027-01", "d": "2027-07", "e": "2027-09"}
    assert (found["caller_id"] == "S").all()


def test_what_is_over_stands_in_the_first_month():
    # The last day for notice is in October, a year is over in September: both months are past or passing.
    found = cov.due_calls(*due({"a": "2026-08-01", "b": "2025-09-25"}, a=(1, "M", "2026-10-20"), b=(2, "N", None)))
    assert planned(found) == {"b": "2026-10", "a": "2026-10"}
    assert found["reason"].tolist() == ["yearly", "notice"]
    assert found["before"].iloc[1] == pd.Timestamp(2026, 10, 1)
    assert not found["overdue"].any()
    # A contract that ended yesterday has no renewal; one that ends today has.
    ends = cov.due_calls(
        *due({"a": "2026-08-01", "b": "2026-08-01"}, a=(1, "M", "2026-09-17"), b=(2, "N", "2026-09-18"))
    )
    assert ends.set_index("account_id")["reason"].to_dict() == {"a": "yearly", "b": "notice"}
    assert ends["before"].isna().sum() == 1


def test_a_complaint_since_the_last_call_brings_it_forward():
    given_calls = due({"a": "2026-08-01", "b": "2026-08-01"}, a=(1, "M", None), b=(2, "M", None))
    touches = pd.DataFrame({"account_id": ["a", "b"], "complaints": [0, 0], "escalations": [1, 0]})
    found = cov.due_calls(*given_calls, touches=touches)
    assert found["reason"].tolist() == ["complaint", "yearly"]
    assert planned(found) == {"a": "2026-10", "b": "2027-08"}
    kindless = touches.assign(complaints=np.nan, escalations=np.nan)
    assert set(cov.due_calls(*given_calls, touches=kindless)["reason"]) == {"yearly"}
    assert set(cov.due_calls(*due(a=(1, "M", None)), touches=touches)["reason"]) == {"overdue"}


def test_all_spans_can_be_others():
    known = due({"a": "2026-08-01"}, a=(1, "M", "2027-01-31"), b=(2, "M", None))
    half = cov.due_calls(*known, months=6, lead=3)
    assert planned(half) == {"a": "2026-10", "b": "2026-11"}
    assert half.set_index("account_id").loc["a", ["due", "before"]].tolist() == [pd.Timestamp(2027, 2, 1), pd.Timestamp(2026, 10, 1)]  # fmt: skip
    many = due(**dict.fromkeys("abcdef", (1, "M", None)))
    assert sorted(planned(cov.due_calls(*many, soon=1)).values()) == ["2026-10"] * 6
    assert len(set(planned(cov.due_calls(*many, soon=6)).values())) == 6
    # No longer than the plan.
    assert sorted(set(planned(cov.due_calls(*many, months=2, soon=9)).values())) == ["2026-10", "2026-11"]
    for wrong in ({"months": 0}, {"soon": 0}, {"lead": -1}):
        with pytest.raises(ValueError, match="expected at least"):
            cov.due_calls(*many, **wrong)


# Who calls


def test_the_caller_is_the_manager_s_superior_or_the_one_with_fewest():
    found = cov.due_calls(*due(a=(9, "M", None), b=(8, "N", None), c=(7, None, None), d=(6, "X", None), e=(5, "S", None), f=(4, "E", None)))  # fmt: skip
    callers = found.set_index("account_id")["caller_id"].to_dict()
    # T has none, so gets both without a known superior; an executive has none above, so again whoever has fewest.
    assert callers == {"a": "S", "b": "S", "c": "T", "d": "T", "e": "E", "f": "S"}


def test_nobody_calls_himself_and_nobody_who_left_calls():
    own = STAFF.assign(superior_id=["M", "S", "S", "T", None])
    found = cov.due_calls(*due(managers=own, a=(9, "M", None), b=(8, "S", None), c=(7, "T", None)))
    assert found.set_index("account_id")["caller_id"].to_dict() == {"a": "S", "b": "T", "c": "S"}
    # T has fewest, yet looks after the account himself.
    found = cov.due_calls(
        *due(managers=own.assign(superior_id=["S", "S", None, None, None]), a=(9, "M", None), b=(7, "T", None))
    )
    assert found["caller_id"].tolist() == ["S", "S"]
    left = STAFF.assign(leaving_on=pd.to_datetime([None, None, "2026-09-18", "2026-12-31", None]))
    assert cov.due_calls(*due(managers=left, a=(9, "M", None)))["caller_id"].tolist() == ["T"]
    for managers in (
        None,
        STAFF.iloc[:0],
        STAFF.iloc[[0]].assign(superior_id="M"),
        STAFF[STAFF["level"] == "executive"],
    ):
        alone = cov.due_calls(*due(managers=managers, a=(9, "M", None), b=(8, None, None)))
        assert alone["caller_id"].isna().all()
        assert planned(alone) == {"a": "2026-10", "b": "2026-11"}


@settings(deadline=None, max_examples=10)
@given(st.lists(st.tuples(st.sampled_from(["M", "N", "X", None]), st.integers(-800, 0), st.integers(-30, 500)), min_size=1, max_size=9))  # fmt: skip
def test_each_key_account_has_one_call_in_the_year_and_none_is_later_than_it_may_be(rows):
    stamp = pd.Timestamp(DAY)
    known = {chr(97 + at): (at, keeper, stamp + pd.Timedelta(days=end)) for at, (keeper, _, end) in enumerate(rows)}
    last = {chr(97 + at): stamp + pd.Timedelta(days=ago) for at, (_, ago, _) in enumerate(rows)}
    found = cov.due_calls(*due(last, **known))
    assert sorted(found["account_id"]) == sorted(known)
    assert found["month"].between(pd.Timestamp(2026, 10, 1), pd.Timestamp(2027, 9, 1)).all()
    assert (found["overdue"] == (found["due"] <= stamp)).all()
    assert (found["month"] <= found["before"].fillna(pd.Timestamp(2099, 1, 1))).all()
    assert (found.loc[found["overdue"], "month"] <= pd.Timestamp(2026, 12, 1)).all()
    waiting = found[~found["overdue"] & (found["due"] >= pd.Timestamp(2026, 10, 1))]
    assert (waiting["month"] <= waiting["due"]).all()
    mixed = cov.due_calls(*due(last, **dict(reversed(known.items()))))
    pd.testing.assert_frame_equal(found, mixed)


def test_without_what_is_needed_nothing_is_said():
    book, names, _, traits, managers, day = due(a=(9, "M", None))
    assert cov.due_calls(book, names, None, traits, managers, day).empty
    assert cov.due_calls(book, [], NOBODY, traits, managers, day).empty
    bare = cov.due_calls(book, ["a", "z"], NOBODY, traits[["account_id"]], managers, day)
    assert bare["account_name"].tolist() == ["a", "z"]
    assert bare[["account_manager_id", "before"]].isna().all(axis=None)


# The sample's story


def test_eleven_of_fourteen_are_overdue_and_called_within_three_months(lindmark):
    managers, traits = lindmark.table("managers"), lindmark.traits()
    calls = cov.calls_from_above(lindmark.records("interactions"), managers, DAY)
    touches = cov.last_touch(lindmark.records("interactions"), managers, traits, DAY)
    found = cov.due_calls(lindmark.by_account(), KEY, calls, traits, managers, DAY, touches=touches)
    assert (len(found), found["overdue"].sum()) == (14, 11)
    late = found[found["overdue"]]
    assert (late["month"] <= pd.Timestamp(2026, 12, 1)).all()
    # Eight of Fontaine's are overdue: three a month; of Dahl's three, two in October, for Aldermoor cannot wait.
    assert late.groupby("caller_id")["month"].agg(lambda each: each.value_counts().max()).to_dict() == {
        "S01": 2,
        "S02": 3,
    }
    aldermoor = found.set_index("account_id").loc["0010100"]
    assert (aldermoor["caller_id"], aldermoor["last"]) == ("S01", pd.Timestamp(2025, 3, 6))
    # Notice is possible until 20 October 2026: the call is made in the first month there is.
    assert aldermoor["month"] == aldermoor["before"] == pd.Timestamp(2026, 10, 1)
    assert found.loc[found["account_id"] == "0010500", "overdue"].tolist() == [False]
