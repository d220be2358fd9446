"""The plan for one account: a small company whose every fact is distinct, the sample's story, and those with little data."""

import json
import re

import pandas as pd
import pytest
from small_works_for_tests import FILES, SETTINGS
from words_for_tests import plain

import kam_analysis as kam
from kam_analysis.errors import DataError, SettingsError


@pytest.fixture(scope="module")
def ledger(shared_company):
    return kam.open_ledger(shared_company(SETTINGS, **FILES))


@pytest.fixture(scope="module")
def plan(ledger):
    return kam.account_plan(ledger, "A1")


def test_the_answer_names_what_presses_and_what_is_at_stake(plan):
    assert plain(plan.answer) == (
        "Ash Mills, rescue: notice possible until 1 Mar 2026, their manager leaves for a competitor, one contact. "
        "€1.08k of margin at stake."
    )
    assert len(plan.answer.split()) <= 24


def test_the_actions_to_the_last_cell(plan):
    rows = [
        {name: plain(text) for name, text in row.items()}
        for table in (plan.actions_table(),)
        for row in table.written()
    ]
    assert [list(row.values()) for row in rows] == [
        ["14 Jan 2026", "Take over from Ann Hill: Check the pumps with Ida Ray (due 15 Mar 2026)", "Ann Hill leaves on 28 Feb 2026.", "Ben Lake", ""],
        ["14 Jan 2026", "Meet the decision-maker and find out what would keep them", "The account is in danger: spoke of other offers on 20 Nov 2025, competitor Vex, its account manager goes to Vex, last day for notice 1 Mar 2026.", "Eve Moor", "1.08k"],
        ["19 Feb 2026", "Put the renewal offer on their table before 1 Mar 2026, the last day to give notice", "The contract ends on 30 Apr 2026.", "Sue Field", "1.08k"],
        ["27 Feb 2026", "Introduce Ben Lake to every contact there", "Their account manager leaves on 28 Feb 2026.", "Sue Field", "166"],
        ["7 Jan 2026", "Answer the complaint of 10 Dec 2025", "No reply from us is on file.", "Sue Field", ""],
        ["31 Jan 2026", "Deliver on their goal: Fewer stops", "It is due on 31 Jan 2026.", "Sue Field", ""],
        ["31 Jan 2026", "Make the annual executive call", "No executive has called for more than a year.", "Sue Field", ""],
    ]  # fmt: skip
    records = plan.actions_table().records()
    assert [each["rule"] for each in records] == [
        "left_behind",
        "rescue",
        "renew",
        "hand_over",
        "complaint",
        "promise",
        "call",
    ]
    assert all(each["soon"] for each in records)


def test_figures_are_the_account_s_and_the_same_as_on_the_pages(plan):
    figures = {name: each["value"] for name, each in plan.result().document()["figures"].items()}
    assert {name: value for name, value in figures.items() if name != "churn_probability"} == pytest.approx(
        {"revenue": 2700.0, "margin": 1080.0, "share": 2700 / 3960, "loss_if_gone": 1080.0, "headroom": 1300.0}
    )  # fmt: skip
    losses = plan.company.losses.accounts.set_index("account_id").loc["A1"]
    assert figures["churn_probability"] == (None if pd.isna(losses["probability"]) else losses["probability"])
    assert figures["loss_if_gone"] == losses["exposure"]


def test_goals_contacts_and_notes_to_the_last_cell(plan):
    goals = [[plain(text) for text in row.values()] for row in plan.goals_table().written()]
    assert goals == [
        ["theirs", "Fewer stops", "", "Spares on site by Ann Hill", "Two of three", "31 Jan 2026", "due soon"],
        ["ours", "Grow together", "7 sites", "Offer", "", "31 Dec 2026", "open"],
    ]
    people = [list(row.values()) for row in plan.contacts_table().written()]
    assert people == [
        ["Ida Ray", "Buyer", "5", "multiple", "in depth", "Golf", "By phone", "Ann Hill"],
        ["Tom Oak", "Plant manager", "4", "unknown", "multiple", "Uptime", "By mail", "Ann Hill"],
    ]
    assert [plain(each) for each in re.findall(r"<li>(.*?)</li>", plan.notes().html)] == [
        "Their market: Paper shrinks", "Their priorities: Uptime", "Our strategy: Be first", "Written on 30 Nov 2024.",
    ]  # fmt: skip
    assert "The account manager's notes date from 30 Nov 2024 and are more than a year old." in map(
        plain, plan.result().caveats
    )
    assert plan.questions == []


def test_what_changed_lately_is_told_with_its_day(plan):
    said = [plain(each) for each in plan.lately]
    assert said[0] == "Sales of the last 90 days: €675, up 50% on the same days a year ago."
    assert said[1:] == [
        "2 Dec 2025: Decided: Check the pumps with Ida Ray", "20 Nov 2025: Ida Ray: “We look at both offers now.”",
        "1 Nov 2025: Offer of €900 for Seals opened",
    ]  # fmt: skip


def test_the_customer_s_sheet_has_goals_and_steps_and_nothing_that_we_think(plan):
    shown = plan.customer_sheet()._repr_mimebundle_()
    text = plain(re.sub(r"<[^>]+>", " ", shown["text/html"]))
    for step in ("Our offer for the next contract", "Introduction of Ben Lake", "Our reply to your complaint of 10 Dec 2025", "Fewer stops", "A visit from our management"):  # fmt: skip
        assert step in text
    for secret in ("margin", "1.08", "rescue", "chance", "risk", "Vex", "Golf", "By phone", "Birch", "Cedar", "Grow together", "900", "leaves", "notice", "both offers", "power"):  # fmt: skip
        assert secret.casefold() not in text.casefold(), secret
    assert set(shown["application/vnd.kam.sheet+json"]) == {"company", "title", "html"}


def test_no_free_text_about_people_is_in_the_results(plan):
    document = json.dumps(plan.result().document())
    for text in ("Golf", "By phone", "both offers", "Paper shrinks"):
        assert text not in document
    assert "Ida Ray" in document


@pytest.mark.parametrize("names", ["initials", "none"])
def test_people_are_held_back_where_the_settings_say_so(company, names):
    ledger = kam.open_ledger(company(SETTINGS + f'[people]\nnames = "{names}"\n', **FILES))
    plan = kam.account_plan(ledger, "A1")
    shown = " ".join(
        str(each) for each in (
            plan.result().document(), plan.actions().html, plan.contacts_table().html().html, plan.people_notes().html,
            plan.voices_table().html().html, plan.notes().html, plan.customer_sheet().body.html, plan.changes().html, plan.standing_table().html().html,
        )
    )  # fmt: skip
    for person in ("Ida Ray", "Tom Oak", "Ann Hill", "Ben Lake", "Sue Field", "Eve Moor", "Golf", "By phone", "both offers", "Paper shrinks"):  # fmt: skip
        assert person not in shown, person


def test_a_departure_that_is_not_announced_is_on_no_plan(company):
    files = FILES | {"managers__csv": FILES["managers__csv"].replace("2025-12-01", "2026-01-15")}
    plan = kam.account_plan(kam.open_ledger(company(SETTINGS, **files)), "A1")
    shown = " ".join(each.html for each in (plan.actions(), plan.standing_table().html(), plan.changes())) + plan.answer
    assert "leaves" not in shown
    assert "Vex" not in plan.answer
    assert {"hand_over", "left_behind"}.isdisjoint(each.rule for each in plan.actions_found)
    for each in plan.actions_found:
        assert each.owner is None or each.owner.leaves is None or each.due < each.owner.leaves


def test_without_a_period_of_notice_the_end_of_the_contract_is_told(company):
    files = FILES | {"contracts__csv": "account_id,ends_on\nA1,2026-04-30\n"}
    plan = kam.account_plan(kam.open_ledger(company(SETTINGS, **files)), "A1")
    shown = plain(plan.answer + plan.actions().html)
    assert "contract ends 30 Apr 2026" in shown
    assert "before 30 Apr 2026, when the contract ends" in shown
    assert "notice" not in shown.replace("last day for notice", "")


def test_a_manager_who_has_left_is_told_so_and_gets_nothing_to_do(company):
    files = FILES | {"managers__csv": FILES["managers__csv"].replace("2026-02-28", "2025-12-15")}
    plan = kam.account_plan(kam.open_ledger(company(SETTINGS, **files)), "A1")
    assert "Their account manager left on 15 Dec 2025." in plain(plan.actions().html)
    assert all(each.owner and each.owner.name != "Ann Hill" for each in plan.actions_found)


def test_a_margin_below_zero_is_told_and_the_share_is_of_twelve_months_sales(company):
    files = FILES | {
        "transactions__csv": FILES["transactions__csv"].replace(
            "B1,2025-06-10,105.0,35.0", "B1,2025-06-10,105.0,2000.0"
        )
    }
    plan = kam.account_plan(kam.open_ledger(company(SETTINGS, **files), period="2024"), "B1")
    figures = {name: each["value"] for name, each in plan.result().document()["figures"].items()}
    assert figures["margin"] == pytest.approx(840 - 2000 + 35)
    assert figures["share"] == pytest.approx(1260 / 3960)
    assert "margin" in [each.rule for each in plan.actions_found]


def test_a_company_of_a_group_opens_the_plan_of_the_group(ledger):
    found = kam.account_plan(ledger, "A2")
    assert found.account_id == "A1"
    assert found.meant == "Ash North belongs to Ash Mills: the plan is for the group."
    assert found.meant in found.result().lead


@pytest.mark.parametrize("asked", ["A2", "Ash North", "ash nor"])
def test_a_company_of_a_group_is_found_by_its_number_its_name_and_a_part_of_it(ledger, asked):
    assert kam.account_plan(ledger, asked).meant == "Ash North belongs to Ash Mills: the plan is for the group."


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("Ash Mlls", "did you mean Ash Mills (A1)?"),
        ("b2", "write its number, or a part of its name"),
        ("Ceddar", "Cedar (C1)"),
    ],
)
def test_whoever_is_not_found_is_told_with_the_nearest(ledger, asked, said):
    with pytest.raises(SettingsError) as error:
        kam.account_plan(ledger, asked)
    assert said in str(error.value)


def test_a_lost_account_is_told_as_lost(ledger):
    found = kam.account_plan(ledger, "Cedar")
    assert plain(found.answer) == "Cedar left on 1 Mar 2025 (plant closed)."
    assert [each.rule for each in found.actions_found][:1] == ["win_back"]


def test_who_is_meant_is_asked_where_it_is_not_certain(ledger):
    assert kam.account_plan(ledger, "birch").account_id == "B1"
    assert kam.account_plan(ledger).account_id == "A1"
    with pytest.raises(SettingsError, match=r'no customer has the number or name "Bircch"; did you mean Birch \(B1\)'):
        kam.account_plan(ledger, "Bircch")
    with pytest.raises(SettingsError, match=r'"r" may be any of'):
        kam.account_plan(ledger, "r")


def test_where_nobody_is_key_the_plan_is_for_the_largest_customer():
    days = pd.date_range("2024-01-05", periods=24, freq="MS")
    sales = pd.concat(
        pd.DataFrame({"account_id": f"Customer {at:02}", "date": days, "revenue": 10.0 + (at == 17)}) for at in range(40)
    )  # fmt: skip
    ledger = kam.open_ledger(sales)
    assert kam.key_accounts(ledger).ordered == []
    plan = kam.account_plan(ledger)
    assert plan.account_id == "Customer 17"
    assert plan.result().lead == "Not a key account."


def test_an_account_that_stands_twice_in_the_customer_list_is_refused(company):
    files = FILES | {"accounts__csv": FILES["accounts__csv"] + "A1,Ash again,,M2,,,,\n"}
    with pytest.raises(DataError, match=r"accounts.*A1"):
        kam.open_ledger(company(SETTINGS, **files))


def test_from_sales_and_names_alone_a_plan_is_still_of_use():
    days = pd.date_range("2023-01-05", periods=36, freq="MS")
    sales = pd.concat(
        pd.DataFrame({"account_id": name, "date": days, "revenue": amount}) for name, amount in (("Ashby", 90.0), ("Birch", 10.0))
    )  # fmt: skip
    plan = kam.account_plan(kam.open_ledger(sales))
    assert plain(plan.answer).startswith("Ashby, maintain. ")
    assert plan.questions == ["contacts", "objectives", "annual_spend", "account_notes"]
    assert "Who decides" in plan.actions().html
    assert plan.sales_chart() is not None
    assert plan.white_space_chart() is None
    assert "the data has no product lines" in plan.white_space_table().html().html
    document = plan.result().document()
    assert document["figures"]["headroom"]["value"] is None
    assert plan.contacts_table().html().html
    assert plan.customer_sheet().body.html


def test_a_brand_new_account_has_a_plan():
    sales = pd.DataFrame(
        {"account_id": ["Old"] * 24 + ["New"], "revenue": [10.0] * 24 + [100.0],
         "date": [*pd.date_range("2024-01-05", periods=24, freq="MS"), pd.Timestamp("2025-12-20")]}
    )  # fmt: skip
    plan = kam.account_plan(kam.open_ledger(sales), "New")
    assert plan.result().document()["figures"]["revenue"]["value"] == 100.0
    assert "none in the same days a year ago" in plain(" ".join(plan.lately))


@pytest.fixture(scope="module")
def sample(shelf):
    with shelf():
        yield kam.open_ledger()


def test_the_sample_s_story_is_in_its_plans(sample):
    aldermoor, tressel = kam.account_plan(sample), kam.account_plan(sample, "Tressel")
    assert plain(aldermoor.answer).startswith("Aldermoor Water Group plc, rescue: notice possible until 20 Oct 2026")
    assert [each.rule for each in tressel.actions_found][:3] == ["left_behind", "rescue", "renew"]
    assert kam.account_plan(sample, "Oakhurst").answer.startswith("Oakhurst Paper AB, maintain.")
    assert kam.account_plan(sample, "Quarrix").answer.startswith("Quarrix Refining BV left on")
    assert "quiet" in kam.account_plan(sample, "Kelso").answer


def test_every_key_account_of_the_sample_has_a_plan_with_owners_who_are_there(sample):
    for account in kam.key_accounts(sample).ordered:
        plan = kam.account_plan(sample, account)
        assert len(plan.answer.split()) <= 26, plan.answer
        assert len(plan.actions_found) <= 7
        for each in plan.actions_found:
            assert each.owner is not None
            assert each.owner.leaves is None or each.due < each.owner.leaves
            assert (
                plan.situation.notice_on is None
                or each.due < plan.situation.notice_on
                or plan.situation.notice_on <= sample.as_of
            )
        plan.result().document()
