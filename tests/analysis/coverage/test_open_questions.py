"""What is not on file, by hand: each table just inside and just outside its limit, and what comes first."""

from datetime import date
from importlib import import_module

import pandas as pd
import pytest

from kam_analysis.analysis import coverage as cov

LIMITS = import_module("kam_analysis.analysis.coverage.open_questions")  # the package has the function of this name
AS_OF = date(2026, 9, 18)
SOLD = pd.DataFrame(
    [("b", "B", 5.0), ("a", "A", 5.0), ("c", "C", 9.0), ("d", "D", 0.0), ("e", "E", -1.0)],
    columns=["account_id", "account_name", "revenue"],
)
NOTHING = pd.DataFrame({"account_id": list("abcde")})


def asked(**tables: pd.DataFrame) -> dict[str, list[str]]:
    """All questions of each account that is asked anything, in the order of the rows."""
    traits = tables.pop("traits", NOTHING)
    found = cov.open_questions(SOLD, traits, as_of=AS_OF, **tables)
    return {account: rows["question"].tolist() for account, rows in found.groupby("account_id", sort=False)}


def table(column: str, *values: object) -> pd.DataFrame:
    """A row for each of the accounts a, b, c."""
    return pd.DataFrame({"account_id": list("abc")[: len(values)], column: values})


def test_the_largest_first_three_each_and_who_bought_nothing_is_asked_nothing() -> None:
    first = ["decides", "contract", "visit"]
    assert asked() == {"c": first, "a": first, "b": first}
    assert list(asked()) == ["c", "a", "b"]
    found = cov.open_questions(SOLD, NOTHING, as_of=AS_OF)
    assert found.iloc[0].tolist() == ["c", "C", 9.0, "decides"]
    assert (LIMITS.PER_ACCOUNT, LIMITS.PER_LIST) == (3, 10)


@pytest.mark.parametrize(
    ("name", "rows", "question"),
    [
        ("contacts", table("influence", 4, 3, None), "decides"),
        ("contracts", table("ends_on", "2026-09-19", "2026-09-18", None), "contract"),
        ("interactions", table("date", "2025-09-19", "2025-09-18", None), "visit"),
        ("objectives", table("whose", "theirs", "ours"), "goal"),
        ("notes", table("written", "2025-09-19", "2025-09-18", None), "priorities"),
        ("traits", table("annual_spend", 0.0, None, None), "spend"),
        ("traits", table("satisfaction", 0.0, None, None), "satisfaction"),
    ],
)
def test_a_is_on_file_and_the_others_are_not(
    name: str, rows: pd.DataFrame, question: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LIMITS, "PER_ACCOUNT", 7)
    every = ["decides", "contract", "visit", "goal", "priorities", "spend", "satisfaction"]
    rest = [each for each in every if each != question]
    assert asked(**{name: rows}) == {"c": every, "a": rest, "b": every}
    # A table without the column says nothing of anybody: but whose goal it is goes without saying.
    bare = rows[["account_id"]].head(1)
    assert asked(**{name: bare})["a"] == (rest if question == "goal" else every)


def test_a_goal_of_nobody_in_particular_is_theirs() -> None:
    assert "goal" not in asked(objectives=table("whose", None), contacts=table("influence", 5))["a"]
