"""A last day on file is a fact: the first sentence and the first action of 04, before it comes and after it has passed."""

import pytest

import kam_analysis as kam
from kam_analysis.pages.coverage import advice
from kam_analysis.pages.coverage.answer import answer

SETTINGS = """as_of = 2026-06-30
currency = "EUR"
[tables.transactions]
file = "sales.csv"
[tables.accounts]
file = "accounts.csv"
[tables.managers]
file = "managers.csv"
"""
SALES = "account_id,date,revenue\n" + "".join(f"A{at},2026-0{at}-10,{100 * at}\n" for at in range(1, 5))
ACCOUNTS = "account_id,account_name,account_manager_id\n" + "".join(
    f"A{at},Alder {at},M{at % 2}\n" for at in range(1, 5)
)


@pytest.fixture
def told(company):
    def with_last_day(leaving_on, announced_on=""):
        rows = f"M0,Bo Lund,,\nM1,Ann Rye,{leaving_on},{announced_on}\n"
        managers = f"manager_id,manager_name,leaving_on,announced_on\n{rows}"
        settings = company(SETTINGS, sales__csv=SALES, accounts__csv=ACCOUNTS, managers__csv=managers)
        found = kam.coverage(kam.open_ledger(str(settings)))
        return answer(found), next((each.what for each in advice._steps(found)), ""), found

    return with_last_day


def plain(text):
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("announced", ["", "2026-06-01"])
def test_it_is_told_first_though_another_looks_after_more(told, announced):
    said, first, found = told("2026-12-31", announced)
    assert plain(said).startswith("Ann Rye, who looks after 40% of sales, leaves on 31 December. ")
    assert plain(first).startswith("Call Ann Rye's 2 customers, beginning with Alder 3 on ")
    assert found.departures.set_index("account_manager_id").loc["M1", "chance"] == 1.0


def test_once_it_has_passed_it_is_told_as_past(told):
    said, first, _ = told("2026-06-29")
    assert plain(said).startswith("Ann Rye, who looks after 40% of sales, left on 29 June 2026. ")
    assert plain(first).startswith("Call Ann Rye's 2 customers now, for Ann Rye left on 29 June 2026. ")


def test_on_the_day_itself_it_is_not_past(told):
    assert ", leaves on 30 June. " in plain(told("2026-06-30")[0])


def test_without_one_it_is_a_question(told):
    said, first, _ = told("")
    assert plain(said).startswith("Bo Lund looks after 60% of sales. A hand-over puts ")
    assert not first.startswith("Call ")
