"""Every cell and note of what contracts bind on 03, from a small company in which no two figures are alike."""

from dataclasses import replace

import pandas as pd
import pytest
from test_churn_impact_cells import made
from words_for_tests import plain

from kam_analysis.analysis import losses
from kam_analysis.pages.churn_impact.what_goes import within_a_year

SIGNED = pd.DataFrame(
    {
        "account_id": ["a", "b", "c"],
        "contract_id": ["1", "2", "3"],
        "ends_on": pd.to_datetime(["2026-12-31", "2026-09-30", "2027-01-31"]),
        "notice_by": pd.to_datetime(["2026-10-02", "2026-06-29", "2027-01-31"]),
        "annual_value": [600.0, 900.0, None],
    }
)


@pytest.fixture(scope="module")
def found():

    alone = made()
    return replace(alone, contracted=losses.contracted(alone.exposed.accounts, SIGNED, alone.about.as_of))


def written(table):
    heads = [each.heading for each in table.columns if each.on_page]
    return [heads, *(list(map(plain, row.values())) for row in table.written())]


def test_what_contracts_bind(found):
    table = found.bound_table()
    assert written(table) == [
        ["What binds them", "Customers", "Sales", "Share of sales", "Margin", "Share of margin"],
        ["Under contract, by its value", "2", "1.30k", "61%", "450", "59%"],
        ["Under a contract without a value on file", "1", "300", "14%", "130", "17%"],
        ["At will", "2", "490", "23%", "177", "23%"],
    ]
    assert (table.footer["revenue"], table.footer["exposure"]) == (2090.0, found.exposed.total)
    assert plain(table.notes[0]) == (
        "A customer with a contract and further sales is in two lines. A contract binds its yearly value, at most"
        " the customer's sales of twelve months. That it binds margin in proportion is our assumption. Cut to their"
        " sales: Brack & Sons (€200 less in all). In no line are €55 of sales that bring no margin. How much of their sales a contract binds is not on file for Corvo Foods."
    )


def test_which_contract_when(found):
    table = found.contracts_table()
    assert written(table) == [
        ["Customer", "Contract ends", "Last day for notice", "Value a year", "Sales that go with it", "Margin that goes with it"],
        ["Aldwick Mills", "31 Dec 2026", "2 Oct 2026", "600", "600", "240"],
        ["Corvo Foods", "31 Jan 2027", "31 Jan 2027 (no notice period on file)", "", "300", "130"],
        ["Brack & Sons", "30 Sep 2026", "29 Jun 2026, too late this time", "900", "700", "210"],
    ]  # fmt: skip
    assert table.strong == [0]
    assert plain(table.notes[0]) == (
        "Bold: the last day for notice comes within half a year. Too late this time: the contract runs on, and the next day"
        " for notice is not on file. Without a notice period on file the end of the contract stands for the last day."
    )


def test_by_when(found):
    assert written(found.notice_table()) == [
        ["By the end of", "Contracts", "Margin", "Can be given notice by then", "Share of margin"],
        ["any day", "0", "177", "177", "23%"],
        ["October 2026", "1", "240", "417", "55%"],
        ["January 2027", "1", "130", "547", "72%"],
        ["too late this time", "1", "210", "757", "100%"],
    ]
    assert within_a_year(found) == 547.0


def test_the_chart_tells_the_same(found):
    chart = found.contracts_chart()
    assert plain(chart.layout.meta["title"]) == "23% of margin can leave any day, 72% within a year"
    assert chart.layout.meta["table"]["rows"][1][0] == "October 2026"
    assert list(chart.data[0].y) == [177.0, 417.0, 547.0, 547.0]
    assert [plain(each.text) for each in chart.layout.annotations] == [
        "Aldwick Mills, until 2 Oct 2026", "Corvo Foods, until 31 Jan 2027",
    ]  # fmt: skip


def test_what_is_published(found):
    tables = found.result().tables
    assert {"bound", "contracts", "notice"} <= set(tables)
    rows = tables["contracts"].records()
    assert [row["when"] for row in rows] == ["by", "by", "too late"]
    assert rows[0]["notice_by"] == "2026-10-02"
    assert sum(row["exposure"] for row in tables["notice"].records()) == found.exposed.total


def test_without_contracts_there_is_no_section():
    alone = made()
    assert alone.bound_table() is alone.contracts_table() is alone.contracts_chart() is alone.notice_table() is None
    assert not {"bound", "contracts", "notice"} & set(alone.result().tables)


def signed_by(found, many, capped, unvalued):
    """Each of `many` customers has a contract: the first `capped` for more than they buy, the next without a value."""
    ids = [f"k{at:02d}" for at in range(many)]
    accounts = pd.DataFrame(
        {"account_id": ids, "account_name": [each.upper() for each in ids], "revenue": 100.0, "exposure": 30.0}
    )
    values = [150.0] * capped + [None] * unvalued + [60.0] * (many - capped - unvalued)
    contracts = pd.DataFrame(
        {"account_id": ids, "contract_id": ids, "ends_on": pd.Timestamp("2026-12-31"), "annual_value": values}
    ).assign(notice_by=lambda rows: rows["ends_on"])
    return replace(found, contracted=losses.contracted(accounts, contracts, found.about.as_of))


@pytest.mark.parametrize(
    ("many", "capped", "unvalued", "cut", "unknown", "later"),
    [
        (12, 3, 3, "K00, K01 and K02 (€150 less", "K03, K04 and K05.", ""),
        (
            13,
            4,
            4,
            "K00, K01, K02 and 1 more (€200 less",
            "K04, K05, K06 and 1 more.",
            "1 later one in tables.xlsx.",
        ),
        (
            14,
            5,
            6,
            "K00, K01, K02 and 2 more (€250 less",
            "K05, K06, K07 and 3 more.",
            "2 later ones in tables.xlsx.",
        ),
    ],
)
def test_what_is_not_listed_is_counted(found, many, capped, unvalued, cut, unknown, later):
    of = signed_by(found, many, capped, unvalued)
    bound, listed = plain(of.bound_table().notes[0]), plain(of.contracts_table().notes[0])
    assert f"Cut to their sales: {cut}" in bound
    assert bound.endswith(f"is not on file for {unknown}")
    assert listed.endswith(later) if later else "later" not in listed
