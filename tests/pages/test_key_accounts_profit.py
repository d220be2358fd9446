"""Profit after cost to serve on 02: every cell, who is named, and where hours and rebates come from."""

import io
from dataclasses import replace

import openpyxl
import pandas as pd
import pytest
from key_accounts_for_tests import company
from words_for_tests import plain

import kam_analysis as kam
from kam_analysis.analysis import segments
from kam_analysis.batch.spreadsheet import tables_workbook
from kam_analysis.ledger.settings.settings import Assumption
from kam_analysis.pages.key_accounts.advice import next_steps

NAN = float("nan")
HOUR = Assumption("cost_per_hour", 2.0, 1.0, 3.0, "controlling")
# Of ada, bo and caro, who are key, of eve, who is on the list by habit, and of two others.
MARGIN = {"ada": 30.0, "bo": 7.5, "caro": 5.0, "dag": 4.0, "eve": 1.1, "fay": 0.7}
HOURS = {"ada": 0.5, "bo": 0.25, "caro": NAN, "dag": 0.2, "eve": 0.15, "fay": NAN}


@pytest.fixture(scope="module")
def found():
    sold = pd.DataFrame({"account_id": list(MARGIN), "account_name": list(MARGIN), "margin": MARGIN.values()})
    spent = pd.DataFrame(
        {"account_id": list(HOURS), "hours": HOURS.values(), "assumed": [False] * 3 + [True] + [False] * 2}
    )
    profit = segments.profit_after_service(
        sold.assign(revenue=[40.0, 31.0, 22.0, 13.0, 8.0, 6.0]),
        spent,
        segments.Cost(2.0, 1.0, 3.0),
        rebates=pd.Series({"ada": 4.0, "bo": 3.0, "dag": 0.5}),
        complexity=pd.Series({"ada": 3.0, "caro": 3.0, "dag": 3.0}),
    )
    base = company(on_list=["ada", "eve"])
    return replace(base, profit=profit, rebates_said="Rebates are known.", costs={"cost_per_hour": HOUR})


def cells(table):
    return [[plain(each) for each in row.values()] for row in table.written()]


def test_every_cell_of_the_page(found):
    table = found.profit_table()
    assert [each.heading for each in table.columns if each.on_page] == [
        "Rank", "Customer", "Margin", "Hours a year", "Cost to serve", "Rebates", "Profit",
    ]  # fmt: skip
    assert cells(table) == [
        ["1", "Ada", "30", "6", "12", "4", "14"],
        ["3", "Bo", "7.50", "3", "6", "3", "-1.50"],
        ["5", "Caro", "5", "4", "8.40", "0", "-3.40"],
    ]
    assert table.strong == [1, 2]
    assert table.footer == {
        "account_name": "All 5 customers assessed", "margin": pytest.approx(47.6), "hours": pytest.approx(17.4),
        "service": 34.8, "rebates": 7.5, "profit": 5.3,
    }  # fmt: skip
    assert [plain(each) for each in table.notes] == [
        "A loss after cost to serve: Caro (key, -€3.4), Eve (on your list, -€2.5), Bo (key, -€1.5). Of 5 "
        "customers 4 lose money, €8.7 together. Even at the lowest cost, that is true of 1.",
        "An hour with a customer: €2 (€1 to €3, controlling). Hours are those of the page on account managers: what is on "
        "record, extended to each manager's hours a month. For 1 customer without hours: those of others as complex to "
        "serve. Not assessed: 1 customer without hours, with €0.7 of margin. Rebates are known.",
    ]


def test_everybody_is_published_and_adds_up_to_the_margin(found):
    document = found.result().document()
    rows = document["tables"]["profit_after_service"]
    assert [(row["rank"], row["account_name"], row["key"], row["hours_from"], row["profit"]) for row in rows] == [
        (1, "Ada", True, "on record", 14.0),
        (3, "Bo", True, "on record", -1.5),
        (5, "Caro", True, "as others as complex to serve", -3.4),
        (2, "Dag", False, "as the least of its manager's", -1.3),
        (4, "Eve", False, "on record", -2.5),
        (None, "Fay", False, None, None),
    ]
    assert list(rows[0]) == [
        "rank", "account_id", "account_name", "key", "revenue", "margin", "hours", "hours_from", "service", "rebates",
        "profit", "profit_low", "profit_high",
    ]  # fmt: skip
    assert [rows[0][name] for name in ("revenue", "margin", "hours", "profit_low", "profit_high")] == [40, 30, 6, 8, 20]
    known = [row for row in rows if row["profit"] is not None]
    parts = sum(row["profit"] + row["service"] + row["rebates"] for row in known)
    assert parts + 0.7 == pytest.approx(sum(row["margin"] for row in rows)) == pytest.approx(48.3)
    assert document["figures"]["profit_after_service"] == {"value": 5.3, "unit": "EUR"}
    assert document["figures"]["customers_losing_money"] == {"value": 4, "unit": "accounts"}
    assert document["assumptions"] == [
        {"name": "cost_per_hour", "value": 2.0, "low": 1.0, "high": 3.0, "source": "controlling"}
    ]
    assert document["columns"]["profit_after_service"]["profit"] == {
        "heading": "Profit",
        "kind": "money",
        "unit": "EUR",
    }
    book = openpyxl.load_workbook(io.BytesIO(tables_workbook({"02_key_accounts": document})))
    sheet = book["02 profit after service"]
    assert [cell.value for cell in sheet[2]][:5] == [1, "ada", "Ada", True, 40]
    assert (sheet["K3"].value, sheet["K3"].number_format) == (-1.5, "#,##0")


def test_who_loses_money_is_an_action(found):
    said = "or serve it at lower cost: it lost us"
    assert [plain(each.what) for each in next_steps(found)][-3:] == [
        f"Reprice Caro (key) {said} €3.4 in twelve months after cost to serve.",
        f"Reprice Eve (on your list) {said} €2.5 in twelve months after cost to serve.",
        f"Reprice Bo (key) {said} €1.5 in twelve months after cost to serve.",
    ]


def test_where_nobody_loses_and_where_nothing_is_known(found):
    rich = replace(found.profit, accounts=found.profit.accounts.assign(profit=1.0, profit_high=2.0))
    assert found.profit_table().notes[0].startswith("A loss")
    said = plain(replace(found, profit=rich).profit_table().notes[0])
    assert said == "No key account loses money after cost to serve. Nor does any other customer."
    bare = replace(found, profit=None, profit_needs="cost per line", costs={})
    assert "Profit after cost to serve is not assessed: that needs cost per line." in bare.profit_table().html
    assert "profit_after_service" not in bare.result().tables
    assert bare.result().worth_collecting == ["for profit after cost to serve: cost per line"]
    assert not any(each.what.startswith("Reprice") for each in next_steps(bare))


SETTINGS = """
currency = "EUR"
as_of = 2025-12-31
[tables.transactions]
file = "t.csv"
[tables.accounts]
file = "a.csv"
[tables.managers]
file = "m.csv"
[tables.interactions]
file = "i.csv"
"""
COST = '[assumptions.cost_per_hour]\nvalue = 50\nlow = 40\nhigh = 60\nsource = "ours"\n'
SALES = """\
account_id,date,revenue,cost
A1,2024-03-01,1000,900
A1,2025-03-01,2000,1500
A2,2025-04-01,1000,800
B,2025-05-01,1000,900
C,2025-05-01,500,100
"""
LIST = "account_id,parent_id,account_manager_id,service_complexity{}\nA1,,M,2{}\nA2,A1,M,2{}\nB,,M,4{}\nC,,,4{}\n"
TALKS = "account_id,date,staff_id,hours\nA2,2025-06-01,M,2\nB,2025-06-01,M,6\nB,2024-06-01,M,99\n"
STAFF = "manager_id,manager_name\nM,Mia\n"


def opened(company, settings=SETTINGS + COST, rebates=None, **files):
    parts = ["", *([""] * 4)] if rebates is None else [",rebates", *(f",{each}" for each in rebates)]
    given = {"t__csv": SALES, "a__csv": LIST.format(*parts), "m__csv": STAFF, "i__csv": TALKS} | files
    return kam.key_accounts(kam.open_ledger(company(settings, **given)))


def test_hours_are_the_twelve_months_of_the_whole_customer(company):
    told = opened(company).profit.accounts.set_index("account_id")
    # A: 700 - 2 x 50; B: 100 - 6 x 50; C has no manager and is as complex as B: 400 - 6 x 50.
    assert told["profit"].to_dict() == {"A1": 600.0, "B": -200.0, "C": 100.0}
    assert told["hours_from"].tolist() == ["on record", "as others as complex to serve", "on record"]
    assert told.loc["A1", ["profit_low", "profit_high"]].tolist() == [580.0, 620.0]


def test_rebates_are_those_of_the_list_else_of_the_control_total_else_not_assessed(company):
    none = opened(company)
    assert (
        none.rebates_said == "Rebates outside the invoices are not assessed: no table and no control total gives them."
    )
    assert none.profit.rebates == 0.0
    listed = opened(company, rebates=[30, 20, "", 5])
    assert listed.profit.accounts.set_index("account_id")["rebates"].to_dict() == {"A1": 50.0, "B": 0.0, "C": 5.0}
    assert plain(listed.rebates_said) == "Rebates outside the invoices are those of the customer list, €55 a year."
    # 4,500 invoiced, finance has 4,365: 3% of each customer's sales.
    by_finance = opened(company, SETTINGS + COST + "[control]\nrevenue = { 2025 = 4365 }\n")
    assert by_finance.profit.accounts.set_index("account_id")["rebates"].to_dict() == {"A1": 90.0, "B": 30.0, "C": 15.0}
    assert "finance's total for 2025 is €135 below the invoices, 3.0% of them" in plain(by_finance.rebates_said)
    # Months may be given before the rebates that are booked at the year's end: the year's own total goes before.
    months = ", ".join(f"2025-{month:02} = 363.75" for month in range(1, 13))
    both = opened(
        company, SETTINGS + COST + f"[control]\nrevenue = {{ 2025 = 4365, {months.replace('363', '375')} }}\n"
    )
    assert both.rebates_said == by_finance.rebates_said
    alone = opened(company, SETTINGS + COST + f"[control]\nrevenue = {{ {months} }}\n")
    assert alone.rebates_said == by_finance.rebates_said.replace("for 2025", "for 12 months to 31 Dec 2025")
    above = opened(company, SETTINGS + COST + "[control]\nrevenue = { 2025 = 4600 }\n")
    assert "not assessed" in above.rebates_said


@pytest.mark.parametrize(
    ("changed", "needs"),
    [
        ({"settings": SETTINGS}, "what an hour with a customer costs (cost_per_hour under [assumptions])"),
        ({"i__csv": "account_id,date,staff_id\nA1,2025-06-01,M\n"}, "hours of calls and visits"),
        ({"i__csv": "account_id,date,staff_id,hours\nB,2023-06-01,M,99\n"}, "hours of calls and visits with accounts that have a manager"),
        ({"t__csv": "account_id,date,revenue\nA1,2025-03-01,9\n"}, "cost per line"),
    ],
)  # fmt: skip
def test_what_is_missing_is_named(company, changed, needs):
    of = opened(company, **changed)
    assert of.profit is None
    assert of.profit_needs == needs
    assert of.result().worth_collecting[-1] == f"for profit after cost to serve: {needs}"


def test_an_order_costs_too(company):
    order = '[assumptions.cost_per_order]\nvalue = 10\nlow = 10\nhigh = 10\nsource = "ours"\n'
    told = opened(company, SETTINGS + COST + order).profit.accounts.set_index("account_id")
    # A bought on two days of these months, B and C on one.
    assert told["service"].to_dict() == {"A1": 120.0, "B": 310.0, "C": 310.0}


def test_the_samples_hours_are_those_of_the_page_on_managers_and_bexley_is_a_loss():
    ledger = kam.open_ledger()
    keys, managers = kam.key_accounts(ledger), kam.coverage(ledger)
    here = keys.profit.accounts.set_index("account_id")
    there = managers.accounts.set_index("account_id")["hours"].dropna() * 12
    assert len(there) > 250
    pd.testing.assert_series_equal(here["hours"].reindex(there.index), there, check_names=False)
    margin = ledger.by_account(measures=["margin"])["margin"].sum()
    profit = keys.profit
    assert profit.margin == pytest.approx(margin)
    assert profit.margin == pytest.approx(profit.profit + profit.service + profit.rebates + profit.not_assessed)
    rate = (84_370_664.26 - sum(each.ledger for each in ledger.controls() if each.year == "2025")) / 84_370_664.26
    assert rate < 0
    bexley = here.loc["0010700"]
    assert bexley["profit"] == pytest.approx(bexley["margin"] - bexley["hours"] * 85 - bexley["rebates"], abs=0.01)
    assert "Bexley Machinery Ltd (on your list, -€96.5k)" in plain(keys.profit_table().notes[0])
