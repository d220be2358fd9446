"""Parameters as papermill, Airflow, scripts and people hand them over: taken for what they plainly mean, or refused."""

import json
import re
from datetime import UTC, date, datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given as every
from hypothesis import strategies as st

from kam_analysis import given
from kam_analysis.errors import SettingsError

DAY = date(2025, 12, 31)
FUNCTIONS = (given.text, given.day, given.yes_or_no, given.number, given.share, given.whole, given.texts, given.numbers)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates() | st.datetimes() | st.binary(),
    lambda each: st.lists(each, max_size=3) | st.dictionaries(st.text(), each, max_size=3) | st.tuples(each),
    max_leaves=5,
)


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (None, ""),
        ("", ""),
        (" 2025 ", "2025"),
        (2025, "2025"),
        (2025.0, "2025"),
        (np.int64(2025), "2025"),
        (np.float64(2025.0), "2025"),
        (float("nan"), ""),
        (pd.NaT, ""),
        (DAY, "2025-12-31"),
        (datetime(2025, 12, 31, 23, 59), "2025-12-31"),
        (pd.Timestamp("2025-12-31"), "2025-12-31"),
        (0, "0"),
    ],
)
def test_text(value, wanted):
    assert given.text("period", value) == wanted


@pytest.mark.parametrize("value", [True, np.True_, 2025.5, float("inf"), ["a"], {"a": 1}, b"a", np.array([1, 2])])
def test_what_is_no_text_is_refused_by_name(value):
    with pytest.raises(SettingsError, match=r"^period: expected text, got .*; correct it$"):
        given.text("period", value)


@pytest.mark.parametrize(
    "value",
    [
        DAY,
        datetime(2025, 12, 31, 18),
        datetime(2025, 12, 31, 23, tzinfo=UTC),
        pd.Timestamp("2025-12-31 07:00"),
        "2025-12-31",
        " 2025-12-31 ",
        "2025-12-31T00:00:00",
        "2025-12-31T00:00:00+00:00",
        "2025-12-31 00:00:00",
        "20251231",
        20251231,
        20251231.0,
        np.int64(20251231),
    ],
)
def test_a_day(value):
    found = given.day("as_of", value)
    assert found == DAY
    assert type(found) is date


@pytest.mark.parametrize("value", [None, "", "  ", pd.NaT, float("nan")])
def test_no_day(value):
    assert given.day("as_of", value) is None


@pytest.mark.parametrize(
    "value", [2025, "2025", "31.12.2025", "2025-13-01", "yesterday", 20251301, True, [DAY], 1.5, "-1"]
)
def test_what_is_no_day_is_refused_with_an_example(value):
    with pytest.raises(SettingsError, match=r"^as_of: expected a date such as 2025-12-31, got .*; correct it$"):
        given.day("as_of", value)


@every(st.dates(), st.times(), st.sampled_from(["date", "datetime", "iso", "digits", "number", "timestamp"]))
def test_a_day_comes_back_however_it_is_written(day, time, how):
    if how == "number" and day.year < 1000:
        return
    written = {
        "date": day,
        "datetime": datetime.combine(day, time),
        "iso": day.isoformat(),
        "digits": f"{day:%Y%m%d}".rjust(8, "0"),
        "number": int(f"{day:%Y%m%d}"),
        "timestamp": datetime.combine(day, time).isoformat(),
    }[how]
    assert given.day("as_of", written) == day


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        ((True, "yes", "Yes", " TRUE ", "y", "on", "1", 1, 1.0, np.True_, np.int64(1)), True),
        ((False, "no", "NO", "false", "n", "off", "0", 0, 0.0, np.False_), False),
        ((None, "", "  "), None),
    ],
)
def test_yes_or_no(values, wanted):
    assert [given.yes_or_no("parents", value) for value in values] == [wanted] * len(values)


@pytest.mark.parametrize("value", ["maybe", 2, -1, 0.5, [True], DAY, float("nan"), "10"])
def test_neither_yes_nor_no(value):
    with pytest.raises(SettingsError, match=r'^parents: expected "yes" or "no", got ".*"; empty: as the settings say$'):
        given.yes_or_no("parents", value)


@pytest.mark.parametrize(
    ("value", "wanted"), [("1.5", 1.5), (4, 4.0), (np.float64(0.25), 0.25), (" 7 ", 7.0), ("-2e3", -2000)]
)
def test_a_number(value, wanted):
    found = given.number("chance_factor", value)
    assert (found, type(found)) == (wanted, float)


@pytest.mark.parametrize(
    "value", [True, np.False_, "", None, "1,5", "ten", "nan", float("inf"), 10**400, [1], np.array([1.0, 2.0]), DAY]
)
def test_what_is_no_finite_number_is_refused(value):
    with pytest.raises(SettingsError, match=r"(?s)^chance_factor: expected a number, got .*; correct it$"):
        given.number("chance_factor", value)


@pytest.mark.parametrize(
    ("value", "wanted"),
    [("0.1", 0.1), ("10%", 0.1), ("10 %", 0.1), ("10\u00a0%", 0.1), (" 12.5% ", 0.125), (0.2, 0.2), (0, 0.0), ("", 0.0), ("  ", 0.0),
     (None, 0.0), (np.float32(0.5), 0.5), (10, 10.0)],
)  # fmt: skip
def test_a_share(value, wanted):
    assert given.share("key_share", value) == pytest.approx(wanted)


@pytest.mark.parametrize(
    "value", ["%", "10%%", "a tenth", "ten%", True, float("nan"), [0.1], np.array([0.1, 0.2]), "0,1"]
)
def test_what_is_no_share_is_refused_as_it_was_given(value):
    said = f'"{value}"' if isinstance(value, str) else repr(value)
    with pytest.raises(SettingsError) as told:
        given.share("key_share", value)
    assert str(told.value).startswith("key_share: expected a ")
    assert str(told.value).endswith(f", got {said}; correct it")


@every(st.floats(0, 1))
def test_a_share_is_the_same_in_per_cent(part):
    assert given.share("key_share", f"{part * 100!r}%") == pytest.approx(part)
    assert given.share("key_share", repr(part)) == part == given.share("key_share", part)


@every(st.integers(-(10**15), 10**15))
def test_a_whole_number(n):
    assert given.whole("limit", n) == given.whole("limit", str(n)) == given.whole("limit", float(n)) == n


@pytest.mark.parametrize("value", [2.5, "2.5", "", None, True])
def test_what_is_no_whole_number(value):
    with pytest.raises(SettingsError, match=r"^limit: expected a (whole )?number, got"):
        given.whole("limit", value)


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (None, []),
        ("", []),
        (" ", []),
        ([], []),
        ("[]", []),
        ("A", ["A"]),
        (7, ["7"]),
        (["A", 7, None, ""], ["A", "7"]),
        (("A", "B"), ["A", "B"]),
        ('["A", "B"]', ["A", "B"]),
        (' ["0010100", 7]', ["0010100", "7"]),
        ("[A", ["[A"]),  # an id may begin so
        (pd.Series(["A", "B"]), ["A", "B"]),
        (np.array([3, 4]), ["3", "4"]),
        (pd.Index(["A"]), ["A"]),
    ],
)
def test_several_texts(value, wanted):
    assert given.texts("lost_accounts", value) == wanted


@pytest.mark.parametrize("value", [{"A": 1}, b"AB", [True], [["A"]], '[["A"]]', '[{"a": 1}]'])
def test_what_is_no_list_of_texts(value):
    with pytest.raises(SettingsError, match=r"^lost_accounts: expected (text|a list such as)"):
        given.texts("lost_accounts", value)


@every(st.lists(st.text(st.characters(exclude_categories=["Z", "C"]), min_size=1)))
def test_texts_are_the_same_as_a_list_and_as_json(several):
    assert given.texts("lost_accounts", several) == given.texts("lost_accounts", json.dumps(several)) == several


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (None, {}),
        ("", {}),
        ("{}", {}),
        ({"volume": 40}, {"volume": 40.0}),
        ('{"volume": 40, "margin": "7.5"}', {"volume": 40.0, "margin": 7.5}),
        ({1: np.int64(2)}, {"1": 2.0}),
    ],
)
def test_numbers_by_name(value, wanted):
    assert given.numbers("weights", value) == wanted


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("volume = 40", 'weights: expected a table such as {"volume": 40}, got "volume = 40"; correct it'),
        ([1], 'weights: expected a table such as {"volume": 40}, got [1]; correct it'),
        ({"volume": "much"}, 'weights, volume: expected a number, got "much"; correct it'),
        ('{"volume": NaN}', "weights, volume: expected a number, got nan; correct it"),
        ('{"volume": {"a": 1}}', "weights, volume: expected a number, got {'a': 1}; correct it"),
        ("{" * 100_000, None),
    ],
)
def test_what_are_no_numbers(value, said):
    with pytest.raises(SettingsError) as told:
        given.numbers("weights", value)
    assert said is None or str(told.value) == said


@every(st.sampled_from(FUNCTIONS), anything)
def test_whatever_comes_is_taken_or_refused_in_a_sentence(function, value):
    said = "name: expected"
    try:
        function("name", value)
    except SettingsError as error:
        said = str(error)
    assert re.match(r"(?s)name.*: expected ", said + " ")
