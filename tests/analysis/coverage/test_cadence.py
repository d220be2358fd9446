"""Who spoke when: against a walk through the rows, and the sample's story."""

from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kam_analysis.analysis import coverage as cov

DAY = date(2026, 9, 18)
KEY = [f"0010{n}00" for n in (1, 2, 3, 4, 5, 6, 8, 9)] + [f"001{n}00" for n in range(10, 16)]
STAFF = pd.DataFrame({"manager_id": ["M", "S", "E"], "level": ["manager", "superior", "executive"]})
BOOK = pd.DataFrame({"account_id": ["a", "b"], "account_name": ["A", "B"], "account_manager_id": ["M", "N"]})

row = st.tuples(st.sampled_from("ab"), st.integers(-700, 20), st.sampled_from("MSENX"), st.sampled_from(["call", "visit", "complaint", "escalation"]))  # fmt: skip


def talks(rows):
    """Rows of account, day, staff, kind; a number of days counts from the as-of date."""
    frame = pd.DataFrame(rows, columns=["account_id", "date", "staff_id", "kind"])
    days = [each if isinstance(each, str) else pd.Timestamp(DAY) + pd.Timedelta(days=each) for each in frame["date"]]
    return frame.assign(date=pd.to_datetime(days))


@pytest.fixture(scope="module")
def sample(lindmark):
    return lindmark.records("interactions"), lindmark.table("managers"), lindmark.traits()


def test_by_hand():
    rows = talks([
        ("a", "2025-01-10", "M", "complaint"), ("a", "2026-02-01", "S", "Visit "), ("a", "2026-02-01", "M", "complaint"),
        ("a", "2026-03-01", "M", " Complaint"), ("a", "2026-04-01", "E", "escalation"), ("a", "2026-05-01", "X", "call"),
        ("a", "2026-09-19", "E", "visit"), ("b", "2026-01-01", "N", "complaint"),
    ])  # fmt: skip
    found = cov.last_touch(rows, STAFF, BOOK, DAY).set_index("account_id")
    # What an executive hears as an escalation is a touch, yet no call; the day after the as-of date has not been.
    assert found.loc["a", ["by_manager", "by_superior", "by_executive", "last"]].dt.strftime("%m-%d").tolist() == [
        "03-01", "02-01", "04-01", "05-01",
    ]  # fmt: skip
    assert found.loc["a", ["days", "unplaced", "complaints", "escalations"]].tolist() == [140, 1, 1, 1]
    # N is in no table of managers, but looks after b; nobody from above was ever there.
    assert found.loc["b", "by_manager"] == pd.Timestamp(2026, 1, 1)
    assert found.loc["b", ["by_superior", "by_executive"]].isna().all()
    assert found.loc["b", ["unplaced", "complaints", "escalations"]].tolist() == [0, 1, 0]


@settings(deadline=None, max_examples=15)
@given(st.lists(row, min_size=1, max_size=12))
def test_a_walk_through_the_rows_tells_the_same(rows):
    frame = talks(rows)
    found = cov.last_touch(frame, STAFF, BOOK, DAY)
    calls = cov.calls_from_above(frame, STAFF, DAY).set_index("account_id")
    past = [each for each in rows if each[1] <= 0]
    assert len(found) == (2 if past else 0)
    for account, got in found.set_index("account_id").iterrows():
        own = [each[1:] for each in past if each[0] == account]
        for level, ids in {"manager": "MN", "superior": "S", "executive": "E"}.items():
            days = [day for day, staff, _ in own if staff in ids]
            assert got[f"by_{level}"] == pd.Timestamp(DAY) + pd.Timedelta(days=max(days)) if days else pd.isna(got[f"by_{level}"])  # fmt: skip
        assert got["days"] == -max(day for day, _, _ in own) if own else pd.isna(got["days"])
        assert got["unplaced"] == sum(staff == "X" for _, staff, _ in own)
        above = [day for day, staff, kind in own if staff in "SE" and kind in ("call", "visit")]
        since = max(above, default=-10_000)
        for kind in ("complaint", "escalation"):
            assert got[f"{kind}s"] == sum(day > since and what == kind for day, _, what in own)
        assert (account in calls.index) == bool(above)
        if above:
            assert calls.loc[account, "last"] == pd.Timestamp(DAY) + pd.Timedelta(days=since)
            assert calls.loc[account, "within"] == (since > -365)


def test_of_two_on_one_day_the_higher_is_named_then_the_first_id():
    staff = pd.DataFrame({"manager_id": ["S2", "S1", "E1"], "level": ["superior", "superior", "executive"]})
    rows = talks([("a", -3, "S2", "call"), ("a", -3, "S1", "call"), ("b", -3, "S1", "mail"), ("b", -3, "E1", "visit"), ("b", -9, "S2", "call")])  # fmt: skip
    found = cov.calls_from_above(rows, staff, DAY)
    assert found[["account_id", "by"]].values.tolist() == [["a", "S1"], ["b", "E1"]]


@pytest.mark.parametrize(("day", "within"), [("2025-09-18", False), ("2025-09-19", True), ("2026-09-18", True)])
def test_a_call_is_a_year_old_on_its_day(day, within):
    rows = talks([("a", day, "S", "call")])
    assert cov.calls_from_above(rows, STAFF, DAY)["within"].tolist() == [within]
    assert cov.calls_from_above(rows, STAFF, DAY, months=24)["within"].tolist() == [True]


def test_whose_level_is_not_told_is_what_others_tell():
    staff = pd.DataFrame({"manager_id": ["M", "B", "C"], "superior_id": ["B", "Z", "C"], "level": [None, None, None]})
    owners = pd.Series(["M", "B", None, "Q"])
    # Z is nobody's row and yet a superior; C, who reports to himself, is above nobody.
    assert cov.levels(staff, owners).to_dict() == {"M": "manager", "B": "superior", "Q": "manager", "Z": "superior"}
    assert cov.levels(staff.assign(level=["executive", "manager", None])).to_dict() == {
        "M": "executive", "B": "manager", "Z": "superior",
    }  # fmt: skip
    assert cov.levels(None).empty


def test_without_what_is_needed_nothing_is_said():
    rows, none = talks([("a", -3, "S", "call")]), pd.DataFrame(columns=["account_id", "date", "staff_id"], dtype="str")
    for nothing in (None, none):
        assert cov.last_touch(nothing, STAFF, BOOK, DAY).empty
        assert cov.calls_from_above(nothing, STAFF, DAY) is None
    for staff in (None, STAFF.iloc[:0], STAFF[["manager_id"]]):
        assert cov.calls_from_above(rows, staff, DAY) is None
        found = cov.last_touch(rows, staff, BOOK, DAY)
        assert found["unplaced"].tolist() == [1, 0]
        assert found["last"].tolist()[0] == pd.Timestamp(2026, 9, 15)
    # Nobody from above has called: that is known, and no table that is not there.
    assert cov.calls_from_above(talks([("a", -3, "M", "call")]), STAFF, DAY).empty
    kindless = cov.last_touch(rows.drop(columns="kind"), STAFF, BOOK.drop(columns="account_manager_id"), DAY)
    assert kindless[["complaints", "escalations"]].isna().all(axis=None)
    assert cov.calls_from_above(rows.drop(columns="kind"), STAFF, DAY)["by"].tolist() == ["S"]


def test_days_may_come_as_dates_and_no_month_is_no_span():
    rows = talks([("a", -3, "S", "call")])
    same = rows.assign(date=[each.date() for each in rows["date"]])
    found = cov.last_touch(same, STAFF, BOOK, DAY).astype(str)
    pd.testing.assert_frame_equal(found, cov.last_touch(rows, STAFF, BOOK, DAY).astype(str))
    with pytest.raises(ValueError, match="months: expected at least 1, got 0"):
        cov.calls_from_above(rows, STAFF, DAY, months=0)


# The sample's story


def test_eleven_of_fourteen_key_accounts_had_no_call_from_above(sample):
    interactions, managers, _ = sample
    calls = cov.calls_from_above(interactions, managers, DAY)
    called = set(calls.loc[calls["within"], "account_id"])
    assert len(set(KEY) - called) == 11
    assert set(KEY) & called == {"0010400", "0010500", "0011000"}


def test_aldermoor_complains_and_was_called_from_above_long_ago(sample):
    interactions, managers, traits = sample
    found = cov.last_touch(interactions, managers, traits, DAY).set_index("account_id").loc["0010100"]
    assert found["by_superior"] == pd.Timestamp(2025, 3, 6)
    assert pd.isna(found["by_executive"])
    own = interactions[(interactions["account_id"] == "0010100") & (interactions["date"] > "2025-03-06")]
    assert found["complaints"] == (own["kind"] == "complaint").sum() > 0
    assert found["last"] == own["date"].max()
