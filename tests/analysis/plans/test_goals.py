"""Where goals stand: by their days and their words."""

from datetime import date

import pandas as pd
import pytest

from kam_analysis.analysis import plans

DAY = date(2026, 9, 18)


@pytest.mark.parametrize(
    ("due", "status", "state"),
    [
        ("2026-09-17", "open", "overdue"),
        ("2026-09-18", "open", "due soon"),
        ("2026-12-17", None, "due soon"),
        ("2026-12-18", "on the way", "open"),
        (None, "open", "no date"),
        ("2020-01-01", " Done ", "done"),
        (None, "Erledigt", "done"),
    ],
)
def test_a_goal_s_state_at_the_edges(due, status, state):
    rows = pd.DataFrame({"account_id": ["a"], "objective": ["x"], "due": pd.to_datetime([due]), "status": [status]})
    assert plans.goals(rows, "a", DAY)["state"].tolist() == [state]


def test_theirs_come_first_then_what_is_late():
    rows = pd.DataFrame(
        {
            "account_id": ["a", "a", "a", "b"],
            "objective": ["ours", "later", "late", "another account's"],
            "whose": ["ours", "theirs", None, None],
            "due": pd.to_datetime(["2026-01-01", "2027-01-01", "2026-08-01", "2026-08-01"]),
        }
    )
    found = plans.goals(rows, "a", DAY)
    assert found["objective"].tolist() == ["late", "later", "ours"]
    assert "account_id" not in found
    assert found["target"].isna().all()


def test_without_a_table_there_are_none():
    found = plans.goals(None, "a", DAY)
    assert found.empty
    assert "state" in found
