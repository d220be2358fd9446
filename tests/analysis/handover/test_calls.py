"""Who calls whom, and when: by hand, with what is missing, and what must hold for any list."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kam_analysis.analysis import handover as ho
from kam_analysis.ledger import open_ledger

AS_OF = date(2026, 9, 18)
PEOPLE = pd.DataFrame(
    {
        "manager_id": ["M1", "S1", "S2", "E1"],
        "superior_id": ["S1", "E1", "E1", None],
        "level": ["manager", "superior", "superior", "executive"],
        "hours_per_month": [100.0, 40.0, 20.0, 10.0],
    }
)
NOBODY = pd.DataFrame({"manager_id": pd.Series(dtype="str")})


def losses(*at_risk):
    ids = [f"{at:02d}" for at in range(len(at_risk))]
    return pd.DataFrame({"account_id": ids, "account_name": ids, "revenue": 1.0, "at_risk": list(map(float, at_risk))})


def called(*at_risk, keys=(), people=PEOPLE, leaving="M1", **more):
    return ho.call_list(losses(*at_risk), keys, people, leaving, AS_OF, **more)


def test_by_hand():
    found = called(1, 6, 5, 4, 3, 2, 6, keys=["01", "06", "02", "03"])
    assert found["account_id"].tolist() == ["01", "06", "02", "03", "04", "05", "00"]
    assert found["rank"].tolist() == [1, 2, 3, 4, 5, 6, 7]
    # Key: S1 1/40, 2/40, 3/40, then 4/40 beside 1/10: the own superior first. Others: S2 1/20, 2/20, then S1 5/40.
    assert found["caller_id"].tolist() == ["S1", "S1", "S1", "S1", "S2", "S2", "S1"]
    assert found["caller_level"].tolist() == ["superior"] * 7
    days = ["2026-09-21", "2026-09-21", "2026-09-22", "2026-09-22", "2026-09-21", "2026-09-21", "2026-09-23"]
    assert found["day"].astype(str).tolist() == days
    one_more = called(6, 5, 4, 3, 2, keys=["00", "01", "02", "03", "04"])
    assert one_more["caller_id"].tolist() == ["S1"] * 4 + ["E1"]
    assert one_more["caller_level"].iloc[-1] == "executive"


def test_days_are_working_days_from_the_next_one_on():
    on = [str(day.date()) for day in called(*range(12, 0, -1), people=PEOPLE.head(2), per_day=2)["day"]]
    assert on == [f"2026-09-{day}" for day in (21, 21, 22, 22, 23, 23, 24, 24, 25, 25, 28, 28)]
    saturday = ho.call_list(losses(1), [], PEOPLE, "M1", date(2026, 9, 19))
    monday = ho.call_list(losses(1), [], PEOPLE, "M1", date(2026, 9, 21))
    assert [str(each["day"].iloc[0].date()) for each in (saturday, monday)] == ["2026-09-21", "2026-09-22"]


def test_who_calls_where_somebody_is_missing():
    assert called(2, 1, keys=["00"], people=NOBODY)[["caller_id", "caller_level"]].fillna("-").values.tolist() == [
        ["-", "executive"], ["-", "superior"]]  # fmt: skip
    # Without levels the own superior is one all the same; without a superior executives call, and the other way round.
    assert set(called(2, 1, people=PEOPLE.drop(columns="level"))["caller_id"]) == {"S1"}
    alone = PEOPLE.assign(superior_id=None)
    assert set(called(2, 1, people=alone[alone["level"] != "superior"])["caller_id"]) == {"E1"}
    assert set(called(2, 1, keys=["00", "01"], people=alone[alone["level"] != "executive"])["caller_id"]) == {"S1"}
    # A superior who is not in the table is known by the id alone.
    assert called(1, people=pd.DataFrame({"manager_id": ["M1"], "superior_id": ["S9"]}))["caller_id"].tolist() == ["S9"]
    assert len(called(people=PEOPLE)) == 0


def test_who_leaves_does_not_call():
    leaves = PEOPLE.assign(leaving_on=pd.to_datetime([None, "2027-06-30", None, None]))
    found = called(3, 2, 1, people=leaves)
    # E1 is the next up the line, and own: for 10 hours against S2's 20 he takes the third.
    assert set(found["caller_id"]) == {"S2", "E1"}
    assert found["caller_id"].value_counts()["S2"] == 2
    superior = ho.call_list(losses(2, 1), [], PEOPLE, "S1", AS_OF)
    assert "S1" not in set(superior["caller_id"])


def test_hours_that_are_not_known_are_the_average():
    some = called(*range(6), people=PEOPLE.assign(hours_per_month=[0, 40, np.nan, 40]))
    assert some["caller_id"].value_counts().to_dict() == {"S1": 3, "S2": 3}
    none = called(*range(6), people=PEOPLE.drop(columns="hours_per_month"))
    assert none["caller_id"].tolist() == ["S1", "S2"] * 3


def test_what_cannot_be_is_refused():
    with pytest.raises(ValueError, match="per_day: expected at least 1, got 0"):
        called(1, per_day=0)
    with pytest.raises(ValueError, match=r"accounts to call: expected money at risk each, got other in 2 \(00, 02\)"):
        called(np.nan, 1, np.inf)
    with pytest.raises(ValueError, match=r"accounts to call: expected one row each, got other in 1 \(00\)"):
        ho.call_list(pd.concat([losses(1), losses(1)]), [], PEOPLE, "M1", AS_OF)
    own = PEOPLE.assign(superior_id=["M1", "E1", "E1", None])
    with pytest.raises(ValueError, match="superior_id: expected a line that ends, got M1 is under M1"):
        called(1, people=own)
    ring = PEOPLE.assign(
        superior_id=["S1", "M1", None, None], leaving_on=pd.to_datetime([None, "2026-12-01", None, None])
    )
    with pytest.raises(ValueError, match="got M1 is under S1 is under M1"):
        called(1, people=ring)


@st.composite
def lists(draw):
    at_risk = draw(st.lists(st.integers(0, 50), min_size=1, max_size=30))
    keys = draw(st.sets(st.sampled_from([f"{at:02d}" for at in range(len(at_risk))])))
    number = draw(st.integers(0, 5))
    people = pd.DataFrame(
        {
            "manager_id": ["M1", *[f"P{at}" for at in range(number)]],
            "level": ["manager", *[draw(st.sampled_from(["superior", "executive", "manager"])) for _ in range(number)]],
            "superior_id": [draw(st.sampled_from(["P0", None])) if number else None, *[None] * number],
            "hours_per_month": [80.0, *[draw(st.sampled_from([10.0, 20.0, 40.0, np.nan])) for _ in range(number)]],
            "leaving_on": pd.to_datetime([None, *[draw(st.sampled_from([None, "2027-01-01"])) for _ in range(number)]]),
        }
    )
    return at_risk, keys, people, draw(st.integers(1, 4))


@settings(deadline=None, max_examples=25)
@given(lists())
def test_any_list(drawn):
    at_risk, keys, people, per_day = drawn
    found = called(*at_risk, keys=keys, people=people, per_day=per_day)
    assert sorted(found["account_id"]) == [f"{at:02d}" for at in range(len(at_risk))]
    assert found["at_risk"].is_monotonic_decreasing
    assert (found["day"].dt.day_of_week < 5).all()
    assert (found["day"] > pd.Timestamp(AS_OF)).all()
    stays = people.set_index("manager_id")["leaving_on"].isna()
    assert "M1" not in set(found["caller_id"].dropna())
    assert stays.reindex(found["caller_id"].dropna()).all()
    for _, of_one in found.groupby([found["caller_id"].fillna("-"), "caller_level"]):
        assert of_one["day"].is_monotonic_increasing
        # No later than needed: all days but the last are full.
        number = of_one["day"].value_counts().sort_index()
        assert (number.iloc[:-1] == per_day).all()
        assert len(pd.bdate_range(pd.Timestamp(2026, 9, 21), number.index[-1])) == len(number)


@settings(deadline=None, max_examples=25)
@given(lists())
def test_load_is_fair_among_those_who_may_call_the_same(drawn):
    """Nobody has more than his share and one call: for any two callers, (calls - 1)/hours <= (the other's)/hours."""
    at_risk, _, people, _ = drawn
    # No key accounts and nobody's own superior: all have the same callers.
    found = called(*at_risk, people=people.assign(superior_id=None))
    if found["caller_id"].isna().any():
        assert found["caller_id"].isna().all()
        return
    able = people[people["leaving_on"].isna() & (people["level"] == found["caller_level"].iloc[0])]
    hours = people[people["leaving_on"].isna() & people["level"].isin(["superior", "executive"])].set_index("manager_id")["hours_per_month"]  # fmt: skip
    weights = hours.fillna(hours.mean() if hours.notna().any() else 1.0)
    load = found["caller_id"].value_counts().reindex(able["manager_id"]).fillna(0)
    for one in load.index[load > 0]:
        for other in load.index:
            assert load[one] / weights[one] <= (load[other] + 1) / weights[other] + 1e-9


def test_reiters_fourteen_are_called_within_two_weeks():
    ledger = open_ledger()
    accounts, traits = ledger.by_account(measures=("revenue",)), ledger.traits()
    his = accounts[accounts["account_id"].isin(traits.loc[traits["account_manager_id"] == "M01", "account_id"])]
    keys = traits.loc[traits["is_key"].fillna(False).astype(bool), "account_id"]
    found = ho.call_list(his.assign(at_risk=0.2 * his["revenue"]), keys, ledger.table("managers"), "M01", ledger.as_of)
    assert len(found) == 14
    assert found["account_name"].iloc[0].startswith("Aldermoor")
    # Dahl is Reiter's superior; Fontaine, with as many hours, takes as many.
    assert found["caller_id"].iloc[:2].tolist() == ["S01", "S01"]
    assert found["caller_id"].value_counts().to_dict() == {"S01": 7, "S02": 7}
    assert found["day"].max() <= pd.Timestamp(2026, 9, 25)
