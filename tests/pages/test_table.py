"""A table that is declared once: each kind of column on the page, in JSON, in the footer, and what is declared of it."""

import json
from datetime import date, datetime
from pathlib import Path

import IPython.display
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from words_for_tests import plain as spaced

from kam_analysis.batch.spreadsheet import tables_workbook
from kam_analysis.pages.html import Html, show
from kam_analysis.pages.results import Result
from kam_analysis.pages.table import Column, Table, columns_in, in_its_range, plain, rows

KINDS = ("text", "share", "money", "count", "number", "date", "flag")


def head(table):
    """The headings as HTML has them, with how they are aligned."""
    html = table.html().html
    return [
        (part.split(">")[1].split("<")[0], "text" in part.split(">")[0]) for part in html.split('<th scope="col"')[1:]
    ]


def cells(table):
    return [[spaced(text) for text in row.values()] for row in table.written()]


@pytest.mark.parametrize(
    ("kind", "value", "written", "published"),
    [
        ("text", "Alder", "Alder", "Alder"),
        ("text", 17, "17", 17),
        ("text", ["a", "b"], "a, b", ["a", "b"]),
        ("text", ("a",), "a", ["a"]),
        ("share", 0.1234, "12.3%", 0.1234),
        ("share", 0, "0.0%", 0),
        ("share", -0.05, "-5.0%", -0.05),
        ("money", 1_234_567.0, "1.23m", 1_234_567.0),
        ("money", np.float64(-950), "-950", -950.0),
        ("count", 12_345, "12,345", 12_345),
        ("count", np.int64(3), "3", 3),
        ("number", 2.345, "2.35", 2.345),
        ("number", 2, "2.00", 2),
        ("date", date(2025, 3, 1), "1 Mar 2025", "2025-03-01"),
        ("date", datetime(2025, 3, 1, 12), "1 Mar 2025", "2025-03-01"),
        ("date", pd.Timestamp("2025-03-01"), "1 Mar 2025", "2025-03-01"),
        ("flag", True, "yes", True),
        ("flag", np.False_, "no", False),
    ],
)  # fmt: skip
def test_each_kind_on_the_page_and_in_json(kind, value, written, published):
    table = Table("Caption", [Column("x", "Heading", kind)], rows([{"x": value}], [Column("x", "Heading")]))
    assert cells(table) == [[written]]
    [record] = table.records()
    assert record == {"x": published}
    assert type(record["x"]) is type(published)
    json.dumps(table.records(), allow_nan=False)
    assert table.declared() == {"x": {"heading": "Heading", "kind": kind}}
    assert head(table) == [("Heading", kind in ("text", "date", "flag"))]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("missing", [None, np.nan, pd.NaT, pd.NA])
def test_what_is_not_known_is_empty_on_the_page_and_null_in_json(kind, missing):
    columns = [Column("name", "Name"), Column("x", "X", kind)]
    known = {"share": 0.5, "money": 5.0, "count": 5, "number": 5.0, "date": date(2025, 1, 1), "flag": True}.get(
        kind, "t"
    )
    table = Table("Caption", columns, rows([{"name": "a", "x": missing}, {"name": "b", "x": known}], columns))
    assert table.written()[0] == {"name": "a", "x": ""}
    assert table.records()[0] == {"name": "a", "x": None}
    # Nor does a column the frame does not have.
    assert Table("Caption", [*columns, Column("y", "Y", kind)], table.rows).records()[1]["y"] is None


@pytest.mark.parametrize(
    ("kind", "value", "places", "written"),
    [("share", 0.1234, 0, "12%"), ("share", 0.1234, 2, "12.34%"), ("number", 2.345, 0, "2"), ("number", 2.345, 1, "2.3"),
     ("number", 0.05432, 4, "0.0543")],
)  # fmt: skip
def test_places_are_those_that_are_declared(kind, value, places, written):
    column = Column("x", "X", kind, places)
    table = Table("Caption", [column], rows([{"x": value}], [column]))
    assert cells(table) == [[written]]
    assert table.records() == [{"x": value}]
    assert table.declared()["x"] == {"heading": "X", "kind": kind, "places": places}


SALES = pd.DataFrame(
    {"name": ["Alder", "Birch", "Cedar"], "sold": [300.0, 200.0, 100.0], "part": [0.5, 0.3, 0.2], "note": ["", "", ""]}
)
COLUMNS = [
    Column("name", "Customer"),
    Column("sold", "Sales", "money"),
    Column("part", "Share", "share"),
    Column("note", "Note"),
]


def table(**changes):
    return Table(**{"caption": "Largest", "columns": COLUMNS, "rows": SALES, "unit": "EUR"} | changes)


def test_the_whole_of_it_as_html():
    shown = table(footer={"name": "Total", "sold": 600.0, "part": 1.0}, strong=[1], notes=["One <note>.", "Two."])
    assert shown._repr_html_() == shown.html().html
    assert spaced(shown.html().html) == (
        '<div class="kam-table" role="region" tabindex="0" aria-label="Largest"><table><caption><span>Largest</span>'
        '</caption><thead><tr><th scope="col" class="text">Customer</th><th scope="col">Sales (€)</th>'
        '<th scope="col">Share</th></tr></thead><tbody>'
        '<tr><th scope="row" class="text name">Alder</th><td data-v="300.0">300</td><td data-v="0.5">50.0%</td></tr>'
        '<tr class="strong"><th scope="row" class="text name">Birch</th><td data-v="200.0">200</td><td data-v="0.3">30.0%</td></tr>'
        '<tr><th scope="row" class="text name">Cedar</th><td data-v="100.0">100</td><td data-v="0.2">20.0%</td></tr></tbody>'
        '<tfoot><tr class="strong"><th scope="row" class="text name">Total</th><td>600</td><td>100.0%</td></tr></tfoot>'
        '</table></div><p class="kam-note">One &lt;note&gt;.</p><p class="kam-note">Two.</p>'
    )


def test_a_column_in_which_nobody_has_a_value_is_off_the_page_and_published_all_the_same():
    assert head(table()) == [("Customer", True), ("Sales (€)", False), ("Share", False)]
    assert list(table().records()[0]) == ["name", "sold", "part", "note"]
    one = SALES.assign(note=["", "x", ""])
    assert head(table(rows=one))[-1] == ("Note", True)
    # Nobody that the page shows: what is below does not bring an empty column back.
    assert len(head(table(rows=one, shown=1))) == 3


def test_the_page_shows_the_first_and_the_rest_is_published():
    cut = table(shown=2)
    assert [row["name"] for row in cut.written()] == ["Alder", "Birch"]
    assert [row["name"] for row in cut.records()] == ["Alder", "Birch", "Cedar"]
    assert "Cedar" not in cut.html().html
    assert len(table(shown=9).written()) == 3
    assert table(shown=0).html().html == ""


def test_columns_stand_where_they_are_wanted():
    columns = [
        Column("name", "Customer", on_page=False),
        Column("sold", "Sales", "money"),
        Column("part", "Share", "share", published=False),
    ]
    both = table(columns=columns)
    assert [title for title, _ in head(both)] == ["Sales (€)", "Share"]
    assert both.records()[0] == {"name": "Alder", "sold": 300.0}
    assert list(both.declared()) == ["name", "sold"]
    assert both.declared()["sold"] == {"heading": "Sales", "kind": "money", "unit": "EUR"}


def test_a_units_place_is_the_head_of_money_unless_its_cells_carry_it():
    own = [
        Column("sold", "Sales", "money", written=lambda row: f"€{row['sold']:.0f}"),
        Column("part", "Share", "share"),
    ]
    assert head(table(columns=own)) == [("Sales", False), ("Share", False)]
    assert cells(table(columns=own))[0] == ["€300", "50.0%"]
    assert head(table(unit=""))[1] == ("Sales", False)
    assert "unit" not in table(unit="").declared()["sold"]
    # Published with its value and its unit, whatever the page writes.
    assert table(columns=own).records()[0] == {"sold": 300.0, "part": 0.5}
    assert table(columns=own).declared()["sold"]["unit"] == "EUR"


def test_a_footers_words_stay_and_its_values_are_written_by_their_kind():
    written = [*COLUMNS[:2], Column("part", "Share", "share", written=lambda row: f"<{row['part']}>")]
    below = table(columns=written, footer={"name": "All", "sold": "unchanged", "part": 0.25}).html().html
    assert "<td>unchanged</td><td>&lt;0.25&gt;</td></tr></tfoot>" in below
    # What a footer does not have is empty, also where the cell is written by more than its value.
    assert "<td></td><td></td></tr></tfoot>" in table(columns=written, footer={"name": "All"}).html().html
    assert "<tfoot>" not in table().html().html
    none = table(footer={"name": "All", "sold": None, "part": np.nan}).html().html
    assert "<td></td><td></td></tr></tfoot>" in none


def test_a_table_without_rows_is_nothing_or_the_sentence_that_says_why():
    empty = SALES.head(0)
    assert table(rows=empty, notes=["A note on rows."], footer={"name": "All"}).html().html == ""
    said = table(rows=empty, notes=["A note."], nothing="It takes <two> years.")
    assert said._repr_html_() == '<p class="kam-note">It takes &lt;two&gt; years.</p>'
    assert (said.records(), list(said.declared())) == ([], ["name", "sold", "part", "note"])
    assert repr(said) == "Largest\nIt takes <two> years."
    assert repr(table(rows=empty)) == "Largest\nnothing to show"
    assert table(rows=pd.DataFrame()).html().html == ""
    assert "It takes" not in table(nothing="It takes two years.").html().html


def test_at_a_prompt_it_is_a_frame_under_its_caption():
    assert [line.split() for line in spaced(repr(table())).splitlines()] == [
        ["Largest"],
        ["Customer", "Sales", "Share", "Note"],
        ["Alder", "300", "50.0%"],
        ["Birch", "200", "30.0%"],
        ["Cedar", "100", "20.0%"],
    ]


def test_names_are_text_wherever_they_stand():
    evil = "<img src=x onerror=alert(1)>"
    frame = pd.DataFrame({"name": [evil], "sold": [1.0]})
    shown = Table(
        evil,
        [Column("name", evil), Column("sold", "Sales", "money")],
        frame,
        unit=evil,
        footer={"name": evil},
        notes=[evil],
    )
    assert "<img" not in shown.html().html
    assert shown.records() == [{"name": evil, "sold": 1.0}]


def test_the_result_publishes_tables_as_they_are_declared():
    result = Result("Q?", "A.", {}, {"largest": table(), "plain": [{"when": date(2025, 1, 2), "n": np.int64(3)}]}, {})
    document = result.document()
    assert document["tables"]["largest"] == table().records()
    assert document["columns"] == {"largest": table().declared()}
    assert document["tables"]["plain"] == [{"when": "2025-01-02", "n": 3}]
    assert tables_workbook({"01_x": document})[:2] == b"PK"


def test_rows_made_one_by_one_have_every_column_and_keep_their_kinds():
    made = rows([{"name": "a", "sold": 3}, {"name": "b"}], COLUMNS)
    assert list(made) == ["name", "sold", "part", "note"]
    assert made["sold"].tolist()[0] == 3
    assert isinstance(made["sold"].tolist()[0], int)
    assert rows([], COLUMNS).empty
    assert list(rows([], COLUMNS)) == ["name", "sold", "part", "note"]


values = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates() | st.datetimes()
nested = st.recursive(
    values | values.map(lambda each: np.array([each], dtype=object)),
    lambda each: st.lists(each, max_size=3) | st.dictionaries(st.text(), each, max_size=3) | st.tuples(each),
    max_leaves=6,
)


@given(nested)
def test_whatever_a_frame_holds_json_can_hold(value):
    json.dumps(plain(value), allow_nan=False)


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (np.int64(3), 3), (np.float32(0.5), 0.5), (np.bool_(True), True), (np.nan, None), (np.inf, None), (-np.inf, None),
        (pd.NaT, None), (pd.NA, None), (None, None), (pd.Timestamp("2025-01-02 03:04"), "2025-01-02"), (date(2025, 1, 2), "2025-01-02"),
        (np.array([1.0, np.nan]), [1.0, None]), ({"a": (1, np.nan), 2: None}, {"a": [1, None], "2": None}), ("x", "x"),
        (np.datetime64("2025-01-02"), "2025-01-02"),
    ],
)  # fmt: skip
def test_plain_values(value, wanted):
    found = plain(value)
    assert found == wanted
    assert type(found) is type(wanted)


def test_show_displays_what_there_is(monkeypatch):
    seen = []
    monkeypatch.setattr(IPython.display, "display", seen.append)
    here, why, none = table(), table(rows=SALES.head(0), nothing="Why."), table(rows=SALES.head(0))
    show(None, here, Html(""), none, why, Html("<p>words</p>"), SALES)
    assert [type(each).__name__ for each in seen] == ["Table", "Table", "Html", "DataFrame"]
    assert seen[0] is here
    assert seen[1] is why


def test_columns_stand_in_a_file_and_the_page_adds_what_it_alone_knows(tmp_path: Path) -> None:
    (tmp_path / "words.toml").write_text('[heads]\nsold = "Sales of {year}"\n[risk]\nrange = "At risk"\n', "utf-8")
    (tmp_path / "tables.toml").write_text(
        '[losses]\nsold = { kind = "money", bar = true }\nlost = { kind = "share", places = 0, head = "risk.range" }\n'
        'years = { made = true }\nof = { heading = "Out of" }\nyear_ago = { beside = "count" }\nblank = { head = "" }\n',
        "utf-8",
    )
    declared = columns_in(str(tmp_path / "tables_losses.py"))
    years = in_its_range("y_2025", "2025", "money", written=str)
    made = declared(
        "losses", of={"year": 2025}, made={"years": years}, on_page={"sold": False}, tones={"of": {"a": "bad"}}
    )
    assert made == [
        Column("sold", "Sales of 2025", "money", bar=True, on_page=False),
        Column("lost", "At risk", "share", 0),
        Column("y_2025", "2025", "money", written=str),
        Column("y_2025_low", "Y 2025 low", "money", on_page=False),
        Column("y_2025_high", "Y 2025 high", "money", on_page=False),
        Column("of", "Out of", tones={"a": "bad"}),
        Column("year_ago", "Year ago", "count", on_page=False),
        Column("blank", ""),
    ]
    assert declared("losses", of={"year": 2024}, made={"years": ()}, heading={"lost": "Lost"})[1].heading == "Lost"
    with pytest.raises(KeyError, match="losses: strange"):
        declared("losses", of={"year": 2025}, made={"years": ()}, written={"strange": str})
