"""The contingency plan on the page: the sample's own, one of a company without managers, budget and costs, and a case of one's own."""

import pandas as pd
import pytest
from words_for_tests import plain

import kam_analysis as kam


@pytest.fixture(scope="module")
def ledger(shelf):
    with shelf():
        return kam.open_ledger()


@pytest.fixture(scope="module")
def found(ledger, shelf):
    with shelf():
        return kam.churn_impact(ledger)


def test_the_months_agree_with_the_cash_and_the_budget_file(ledger, found):
    months, cash = found.contingency.by_month, found.cash
    assert months["cash_so_far"].tolist() == cash["cash_so_far"].tolist()
    assert (months["margin_without"] - months["margin"]).tolist() == pytest.approx(cash["margin_lost"].tolist())
    lost = months["result_without"] - months["result"]
    assert lost.tolist() == pytest.approx((cash["margin_lost"] + cash["costs_cut"]).tolist())
    file = ledger.table("budget").assign(month=lambda rows: pd.to_datetime(rows["month"])).set_index("month")
    budgeted = months[months["basis"] == "budget"].set_index("month")
    assert len(budgeted) == 3
    assert budgeted["revenue"].tolist() == file.loc[budgeted.index, "revenue"].tolist()
    assert budgeted["margin"].tolist() == file.loc[budgeted.index, "margin"].tolist()
    run = months[months["basis"] != "budget"]
    assert run["margin"].tolist() == pytest.approx([found.exposed.earned / 12] * 9)
    # All sales of the case but what is sold under the notices and until the last day.
    gone = (months["revenue"] - months["revenue_without"]).iloc[-1]
    assert gone == pytest.approx(found.first_case.revenue / 12)


def test_the_sample_s_steps_have_owners_who_are_there(ledger, found):
    leaving = pd.Timestamp(ledger.table("managers").set_index("manager_name").loc["Jonas Reiter", "leaving_on"])
    rows = found.steps_table().rows
    assert rows["due"].is_monotonic_increasing
    assert not ((rows["owner"] == "Jonas Reiter") & (rows["due"] >= leaving)).any()
    assert (rows["owner"] != "to be named").all()
    signs = [plain(text["kind"]) for text in found.signs_table().written()]
    assert signs[:3] == [
        "Leaves on 31 Dec 2026: a customer says that it goes along",
        "Gives notice, possible until 20 Oct 2026 (contract ends 18 Jan 2027)",
        "Gives notice, possible until 1 Nov 2026 (contract ends 31 Dec 2026)",
    ]
    published = found.result().document()["tables"]
    assert {"contingency", "signs", "budget_by_month"} <= set(published)
    assert len(published["budget_by_month"]) == 12


def test_the_weakest_quarter_is_that_of_the_months_themselves(ledger, found):
    rows = found.contingency.signs.query("kind == 'orders'").set_index("account_id")
    months = ledger.by_account_month(["0010100"], measure="revenue", period=ledger.period_of("2024-04-01/2026-09-18"))
    sold = months.loc[months["complete"], "revenue"].tolist()
    quarters = [sum(sold[at : at + 3]) for at in range(len(sold) - 2)]
    assert rows.loc["0010100", "now"] == pytest.approx(quarters[-1])
    assert rows.loc["0010100", "amount"] == pytest.approx(min(quarters[-27:-3]))
    assert rows.loc["0010200", "now"] < rows.loc["0010200", "amount"]
    assert "it shows already" in found.signs_table().html().html
    assert found.steps_table().notes[0].startswith("One sign shows already: Tressel Chemicals GmbH ordered less")


def test_a_case_of_one_s_own_is_planned_for(ledger):
    found = kam.churn_impact(ledger, lost_accounts=["0010400"])
    assert found.contingency.case.account_ids == ("0010400",)
    assert "Oakhurst" in found.steps_table().caption
    # Notice can be given until 4 July 2027, 180 days before the contract ends; who leaves sooner is missing from April on.
    assert (found.contingency.of.known_by.isoformat(), found.contingency.of.gone_from.isoformat()) == (
        "2027-03-31",
        "2027-04-01",
    )
    assert "The days hold if it shows by 31 Mar 2027, before the first sales" in plain(found.steps_table().notes[0])


def test_from_sales_alone_there_is_a_plan_in_sales_without_names_or_amounts_that_nobody_knows():
    days = pd.date_range("2023-01-05", periods=36, freq="MS")
    sales = pd.concat(
        pd.DataFrame({"account_id": name, "date": days, "revenue": amount}) for name, amount in (("Ashby", 90.0), ("Birch", 30.0))
    )  # fmt: skip
    found = kam.churn_impact(kam.open_ledger(sales))
    months = found.contingency.by_month
    assert months["revenue"].tolist() == pytest.approx([120.0] * 12)
    assert months["revenue_without"].tolist() == pytest.approx([30.0] * 12)
    assert months[["margin", "result", "cash"]].isna().all().all()
    rows = found.steps_table().rows
    assert set(rows["owner"]) == {"to be named"}
    assert {"cash", "cut", "collect", "replace"}.isdisjoint(rows["rule"])
    assert "Result" not in found.months_table().html().html
    assert "No end of a contract says" in found.steps_table().notes[0]
