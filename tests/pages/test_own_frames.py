"""A pandas frame of somebody's own as the house writes a table: by its values, not by its look."""

from datetime import date
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from kam_analysis.pages.own_frames import by_default, document

GAP = "\u00a0"


def columns(frame: "pd.DataFrame | pd.Series") -> dict[str, list[str]]:
    """The cells below each heading."""
    found = document(frame)
    return {each["heading"]: [row[at] for row in found["rows"]] for at, each in enumerate(found["columns"])}


def left(frame: pd.DataFrame) -> list[str]:
    """The headings of columns aligned to the left."""
    return [each["heading"] for each in document(frame)["columns"] if each["text"]]


@pytest.mark.parametrize(
    ("values", "written"),
    [
        ([1234567.891, -20.0], ["1,234,568", "\u221220"]),
        ([18.25, 7.5], ["18.25", "7.50"]),
        ([0.12345, 2.0], ["0.123", "2.000"]),
        ([1.0, 2.0, None], ["1", "2", ""]),
        ([9999.5, 0.25], ["9,999.50", "0.25"]),
        ([1200, 3], ["1,200", "3"]),
        ([Decimal("12.50"), Decimal("3")], ["12.5", "3.0"]),
        ([float("inf"), 1.5], ["not assessed", "1.5"]),
        ([True, False], ["yes", "no"]),
        (["a", None], ["a", ""]),
        ([["a", "b"], {"c": 1}], ["a, b", "c: 1"]),
        ([date(2025, 1, 1)], ["2025-01-01"]),
        ([pd.Timestamp("2024-02-29"), pd.NaT], [f"29{GAP}Feb{GAP}2024", ""]),
        ([pd.Timestamp("2024-02-29 14:30")], ["2024-02-29 14:30"]),
    ],
)
def test_a_column_is_written_by_its_values(values: list[object], written: list[str]) -> None:
    assert columns(pd.DataFrame({"what": values})) == {"What": written}


def test_shares_are_percentages_and_numbers_that_name_something_have_no_thousands_marks() -> None:
    frame = pd.DataFrame({"sales_share": [0.181], "churn_probability": [1.0], "share_price": [0.5], "year": [2025], "account_id": [17850]})  # fmt: skip
    assert columns(frame) == {
        "Sales share": ["18.1%"],
        "Churn probability": ["100.0%"],
        "Share price": ["0.5"],
        "Year": ["2025"],
        "Account id": ["17850"],
    }
    assert columns(pd.DataFrame({"share": [18.1]})) == {"Share": ["18.1"]}, "already per cent"


def test_words_days_and_flags_stand_on_the_left_and_numbers_on_the_right() -> None:
    frame = pd.DataFrame({"name": ["a"], "day": [pd.Timestamp("2025-01-01")], "key": [True], "n": [1], "x": [1.5]})
    assert left(frame) == ["Name", "Day", "Key"]


def test_row_numbers_are_left_out_and_a_named_index_is_a_column() -> None:
    frame = pd.DataFrame({"x": [1, 2]}, index=[7, 3])
    assert columns(frame) == {"X": ["1", "2"]}
    assert columns(frame.rename_axis("year")) == {"Year": ["7", "3"], "X": ["1", "2"]}
    assert columns(pd.DataFrame({"x": [1]}, index=["A"])) == {"": ["A"], "X": ["1"]}
    assert columns(pd.Series([2, 1], index=["a", "b"], name="count")) == {"": ["a", "b"], "Count": ["2", "1"]}
    pivot = pd.DataFrame({"a": ["p", "q"], "b": ["r", "r"], "v": [1.0, 2.0]}).pivot_table(index=["a", "b"], values="v")
    assert columns(pivot) == {"A": ["p", "q"], "B": ["r", "r"], "V": ["1", "2"]}
    assert columns(pd.DataFrame([[1]], columns=pd.MultiIndex.from_tuples([("total_sales", "2025")]))) == {"Total sales, 2025": ["1"]}  # fmt: skip
    twice = document(pd.DataFrame([[1, 2]], columns=["x", "x"]))
    assert [each["heading"] for each in twice["columns"]] == ["X", "X"]
    assert twice["rows"] == [["1", "2"]]


def test_as_much_is_shown_as_pandas_shows_and_the_rest_is_counted() -> None:
    long = pd.DataFrame(np.arange(100 * 21).reshape(100, 21))
    with pd.option_context("display.max_columns", 20):
        found = document(long)
        assert (len(found["rows"]), len(found["columns"])) == (60, 20)
        assert found["note"] == "40 more rows and 1 more column are not shown here."
    with pd.option_context("display.max_rows", None, "display.max_columns", 0):
        assert document(long)["note"] == "1 more column is not shown here."
    assert document(long.iloc[:61, :1])["note"] == "1 more row is not shown here."
    assert document(long.iloc[:60, :1])["note"] == ""
    assert document(long.iloc[:0, :1])["note"] == "No rows."


def test_the_frame_is_not_changed() -> None:
    frame = pd.DataFrame({"x": [1.0, None]}, index=pd.Index(["a", "b"], name="who"))
    before = frame.copy(deep=True)
    document(frame)
    pd.testing.assert_frame_equal(frame, before)


def test_pandas_shows_numbers_that_can_be_read_unless_a_user_chose() -> None:
    frame = pd.DataFrame({"of": [15210789.76, 1234.5, -0.18123, 19.0, float("inf"), None]})
    with pd.option_context("display.float_format", None):
        by_default()
        assert frame.to_string(index=False).split() == ["of", "15,210,790", "1,234.50", "-0.181", "19", "inf", "NaN"]
        pd.set_option("display.float_format", "{:.1f}".format)
        by_default()
        assert frame.to_string(index=False).split()[1] == "15210789.8"
