"""What was known on a day: features by hand, no look ahead, nothing of what the master says today."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from kam_analysis.analysis import churn

DAY = date(2025, 6, 30)


def standing(**columns):
    frame = pd.DataFrame(
        {
            "account_id": ["B", "A"], "first_day": pd.Timestamp(2023, 1, 10), "last_day": pd.Timestamp(2025, 5, 31),
            "purchase_days": 30, "longest_gap": [60.0, 15.0], "silence": [30.0, 30.0], "sold": [200.0, 0.0],
            "credited": [-50.0, -1.0], "product_lines": [3, 0], "left_on": pd.NaT, "customer_since": [pd.Timestamp(2015, 6, 30), pd.NaT],
            "satisfaction": [1.0, 9.0], "competitor": ["X", None],
        }
    )  # fmt: skip
    return frame.assign(**columns)


STAGES = pd.DataFrame({"account_id": ["A", "B"], "stage": ["quiet", "steady"]})
MONTHS = pd.DataFrame({"account_id": ["A", "B"], "months": [12, 12], "amount": [0.0, 400.0], "recent": [0.0, 100.0]})
NOW = pd.DataFrame({"account_id": ["B"], "revenue": [150.0], "margin": [40.0]})


def one(**more):
    frame = more.pop("standing", standing())
    return churn.snapshot(DAY, frame, STAGES, MONTHS, NOW, **more).set_index("account_id")


def test_features_by_hand():
    found = one()
    assert found["silence_times"].tolist() == [0.5, 2.0]
    assert found.loc["B", "half_change"] == -0.5  # 100 after 300
    assert np.isnan(found.loc["A", "half_change"])
    assert found["products"].tolist() == [3.0, 0.0]
    assert found.loc["B", "credit_share"] == 0.25
    assert np.isnan(found.loc["A", "credit_share"])
    assert found["tenure_years"].round(2).tolist() == [10.0, 2.47]
    assert (found.loc["B", "revenue"], found.loc["B", "margin"], found.loc["A", "revenue"]) == (150.0, 40.0, 0.0)
    assert found["quiet"].tolist() == [False, True]
    assert not found["lost"].any()


def test_an_account_with_nothing_but_credit_notes_has_no_features():
    blank = dict.fromkeys(("first_day", "last_day"), pd.NaT) | {
        "longest_gap": np.nan,
        "silence": np.nan,
        "sold": 0.0,
    }
    found = one(standing=standing(**blank))
    assert found[["silence_times", "tenure_years", "credit_share"]].isna().all(axis=None)
    assert not churn.observable(found).any()


def test_a_half_year_is_compared_only_where_a_whole_year_is_known():
    months = MONTHS.assign(months=[12, 11])
    found = churn.snapshot(DAY, standing(), STAGES, months, NOW).set_index("account_id")
    assert np.isnan(found.loc["B", "half_change"])


TALKS = pd.DataFrame(
    {
        "account_id": ["B", "B", "B1", "A", "B", "B"],
        "date": pd.to_datetime(["2024-07-01", "2025-06-30", "2025-01-05", "2025-02-01", "2025-07-01", "2024-06-01"]),
        "kind": ["complaint", "escalation", "complaint", "visit", "complaint", "complaint"],
    }
)
SAID = pd.DataFrame(
    {
        "account_id": ["A", "A", "A"],
        "date": pd.to_datetime(["2024-05-01", "2025-03-01", "2025-03-02"]),
        "score": [1.0, 6.0, 7.0],
    }
)
PARENTS = pd.Series({"B1": "B"})


def test_complaints_of_the_year_before_from_both_tables_and_all_companies():
    assert one(talks=[TALKS], parents=PARENTS)["complaints"].tolist() == [3, 0]
    assert one(talks=[TALKS])["complaints"].tolist() == [2, 0]
    assert one(talks=[TALKS, SAID], parents=PARENTS)["complaints"].tolist() == [3, 1]


def test_complaints_are_unknown_where_no_table_reaches_back_a_year():
    late = TALKS[TALKS["date"] > "2024-09-01"]
    assert one(talks=[late])["complaints"].isna().all()
    assert one(talks=[TALKS.iloc[:0]])["complaints"].isna().all()
    assert one(talks=[late, SAID])["complaints"].tolist() == [0, 1]


CONTRACTS = pd.DataFrame(
    {
        "account_id": ["B1", "B", "A", "A", "A"],
        "starts_on": pd.to_datetime(["2024-01-01", "2025-07-01", None, "2024-01-01", "2020-01-01"]),
        "ends_on": pd.to_datetime(["2025-12-30", "2030-01-01", "2030-01-01", "2025-07-30", "2021-01-01"]),
    }
)


def test_only_contracts_that_had_begun_count():
    found = one(contracts=CONTRACTS, parents=PARENTS)["contract_share"]
    assert found.round(2).tolist() == [0.5, 0.08]
    assert one(contracts=CONTRACTS)["contract_share"].tolist()[0] == 0
    assert one(contracts=CONTRACTS.drop(columns="starts_on"))["contract_share"].isna().all()


def test_what_the_master_says_today_changes_nothing():
    changed = standing(satisfaction=9.9, competitor="Vantor", is_key=True, churn_probability=0.9)
    pd.testing.assert_frame_equal(one(standing=changed), one())


def test_rows_in_another_order_give_the_same():
    turned = churn.snapshot(DAY, standing().iloc[::-1], STAGES.iloc[::-1], MONTHS.iloc[::-1], NOW).set_index(
        "account_id"
    )
    pd.testing.assert_frame_equal(turned.loc[["B", "A"]], one())


@pytest.mark.parametrize("day", ["2021-03-31", "2022-09-30"])
def test_a_past_day_does_not_change_when_later_rows_are_cut_off(company, look, day):
    whole = look(company.rows, day)
    cut = look(company.rows[company.rows["date"] <= day], day)
    pd.testing.assert_frame_equal(cut, whole)
    assert whole["last_day"].max() <= pd.Timestamp(day)
