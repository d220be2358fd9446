"""What a plan says has changed: against what a run kept of the last one, against the month's end, and never by another's."""

import json
import re
from datetime import date
from html import unescape

import pytest
from small_works_for_tests import FILES, SETTINGS
from words_for_tests import plain

import kam_analysis as kam


@pytest.fixture
def ledger(company):
    return kam.open_ledger(company(SETTINGS, **FILES))


def kept(tmp_path, monkeypatch, *plans, company="Small Works"):
    path = tmp_path / "plans.json"
    path.write_text(json.dumps({"company": company, "plans": {"A1": list(plans)}}))
    monkeypatch.setenv("KAM_PLANS_MADE", str(path))


def entry(as_of, actions=(), **figures):
    return {
        "as_of": as_of,
        "figures": {"revenue": 2700.0, "churn_probability": None} | figures,
        "actions": dict(actions),
    }


def said(plan):
    return [plain(unescape(each)) for each in re.findall(r"<li>(.*?)</li>", plan.changes().html)]


def test_without_a_plan_on_file_the_month_s_end_is_compared_by_its_own_sum(ledger):
    plan = kam.account_plan(ledger, "A1")
    assert plan.last_made.as_of == date(2025, 11, 30)
    assert not plan.last_made.kept
    rows = ledger.at(date(2025, 11, 30)).by_account(measures=["revenue", "margin"]).set_index("account_id")
    assert plan.last_made.figures["revenue"] == rows.loc["A1", "revenue"] == pytest.approx(11 * 225 + 150)
    assert plan.last_made.figures["margin"] == pytest.approx(rows.loc["A1", "margin"])
    first = said(plan)[0]
    assert first.startswith("Since 30 Nov 2025: sales €2.7k (was €2.62k)")
    assert first.endswith("There is no earlier plan to compare with.")


def test_figures_and_actions_against_the_last_plan_of_an_earlier_day(ledger, tmp_path, monkeypatch):
    now = {each.rule: each.decision_id for each in kam.account_plan(ledger, "A1").actions_found}
    before = {now["renew"]: "renew", now["complaint"]: "complaint", "act.A1.margin.000000": "margin", "D2": "overdue"}
    kept(
        tmp_path, monkeypatch, entry("2025-12-31", revenue=1.0), entry("2025-12-01", before, revenue=2500.0, share=0.5),
        entry("2025-11-15", revenue=2.0), {"as_of": "no day"}, "no entry",
    )  # fmt: skip
    plan = kam.account_plan(ledger, "A1")
    assert plan.last_made.as_of == date(2025, 12, 1)
    told = said(plan)
    assert told[0].startswith("Since the plan of 1 Dec 2025: sales €2.7k (was €2.5k), share of our sales 68% (was 50%)")
    assert "Done: finish an overdue task." in told  # D2 is done in the table decisions
    assert "No longer needed: talk about prices or service." in told
    [new] = [each for each in told if each.startswith("New: ")]
    assert "an open task taken over" in new
    assert "renewal" not in new
    # What happened before that plan is not told again: the offer of 1 November.
    assert not any("Offer of" in each for each in told)


def test_what_is_overdue_is_told_with_its_day(company):
    files = FILES | {"decisions__csv": FILES["decisions__csv"].replace("2026-03-15", "2025-12-15")}
    told = said(kam.account_plan(kam.open_ledger(company(SETTINGS, **files)), "A1"))
    assert "Overdue: Check the pumps with Ida Ray (due 15 Dec 2025)." in told


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{}", '{"company": "Small Works", "plans": []}', '{"company": "Small Works", "plans": {"A1": 3}}'],
)
def test_a_history_that_is_none_is_no_plan(ledger, tmp_path, monkeypatch, content):
    (tmp_path / "plans.json").write_text(content)
    monkeypatch.setenv("KAM_PLANS_MADE", str(tmp_path / "plans.json"))
    assert not kam.account_plan(ledger, "A1").last_made.kept


def test_the_history_of_another_company_is_none(ledger, tmp_path, monkeypatch):
    kept(tmp_path, monkeypatch, entry("2025-12-01"), company="Another")
    assert not kam.account_plan(ledger, "A1").last_made.kept


def test_a_status_that_came_back_is_followed(company):
    def plan(*rows):
        text = FILES["decisions__csv"].rstrip("\n") + "".join(f"\n{each}" for each in rows)
        return kam.account_plan(kam.open_ledger(company(SETTINGS, **FILES | {"decisions__csv": text})), "A1")

    ids = {each.rule: each.decision_id for each in plan().actions_found}
    back = plan(
        f"{ids['renew']},2025-12-20,Renewal offer,Sue Field,2026-01-20,open,A1",
        f"{ids['complaint']},2025-12-20,Answer,Ann Hill,2026-01-02,declined,A1",
        f"{ids['promise']},2025-12-20,Fewer stops,Ann Hill,2026-01-02,done,A1",
        f"{ids['call']},2025-12-20,The call,Eve Moor,2026-01-02,proposed,A1",
    )
    told = {each.rule: each for each in back.actions_found}
    assert {"complaint", "promise"}.isdisjoint(told)
    assert (told["renew"].owner.name, told["renew"].due, told["renew"].agreed) == ("Sue Field", date(2026, 1, 20), True)
    assert not told["call"].agreed
    assert "Agreed." in back.actions().html
    assert "The call" not in back.actions().html
    assert not any("The call" in each for each in back.lately)
