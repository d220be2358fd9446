"""Who does something about an account, and by when: from a staff of four, and as the sample's plans say it."""

from datetime import date

import pandas as pd
import pytest
from words_for_tests import plain

import kam_analysis as kam
from kam_analysis.pages.key_accounts.advice import next_steps
from kam_analysis.pages.who_acts import URGENT_DAYS, WhoActs

AS_OF = date(2026, 9, 18)
STAFF = pd.DataFrame(
    {
        "manager_id": ["M1", "M2", "S1", "E1"],
        "manager_name": ["Ann Moor", "Bo Lund", "Sue Hill", "Eve Dahl"],
        "superior_id": ["S1", "S1", "E1", None],
        "level": ["manager", "manager", "manager", "executive"],
        "leaving_on": pd.to_datetime([None, "2026-12-31", None, None]),
        "announced_on": pd.to_datetime([None, "2026-09-01", None, None]),
    }
)
TRAITS = pd.DataFrame(
    {
        "account_id": ["a", "b", "c", "d"],
        "account_manager_id": ["M1", "M2", None, "M1"],
        "notice_by": pd.to_datetime([None, "2026-09-25", None, "2026-09-01"]),
    }
)
ACTS = WhoActs(as_of=AS_OF, traits=TRAITS, staff=STAFF)


def acts(account_id, **how):
    found = ACTS.within(account_id, 14, **how)
    return found["who"], plain(found["by"])


def test_the_manager_acts_within_the_days():
    assert acts("a") == ("Ann Moor", "2 Oct 2026")


def test_an_executive_leads_a_rescue():
    assert acts("a", executive=True) == ("Eve Dahl", "2 Oct 2026")


def test_before_the_last_day_for_notice_and_not_through_somebody_who_is_known_to_leave():
    assert acts("b") == ("Sue Hill", "24 Sep 2026")
    assert ACTS.notice_on("b") == date(2026, 9, 25)


def test_a_departure_that_is_not_announced_changes_nothing_before_the_last_day():
    secret = STAFF.assign(announced_on=pd.NaT)
    found = WhoActs(as_of=AS_OF, traits=TRAITS, staff=secret)
    assert found.within("b", 14)["who"] == "Bo Lund"
    gone = secret.assign(leaving_on=pd.to_datetime([None, "2026-09-20", None, None]))
    assert WhoActs(as_of=AS_OF, traits=TRAITS, staff=gone).within("b", 14)["who"] == "Sue Hill"


@pytest.mark.parametrize("account_id", ["c", "nobody's"])
def test_where_no_manager_is_known_nobody_is_named(account_id):
    assert acts(account_id) == ("", "2 Oct 2026")
    assert WhoActs(as_of=AS_OF).within(account_id, 14)["who"] == ""


def test_a_day_for_notice_that_has_passed_is_none():
    assert ACTS.notice_on("d") is None
    assert acts("d") == ("Ann Moor", "2 Oct 2026")


def test_a_rescue_has_the_person_and_the_day_of_the_accounts_plan(shelf):
    with shelf():
        ledger = kam.open_ledger()
        [plan] = [each for each in kam.account_plan(ledger, "0010100").actions_found if each.rule == "rescue"]
        step = next_steps(kam.key_accounts(ledger))[0]
    assert (plan.due - ledger.as_of).days == URGENT_DAYS
    assert step.what.startswith("Rescue Aldermoor Water Group plc: ")
    assert plain(step.beside) == f"{plan.owner.name} · by {plan.due.day} {plan.due:%b %Y} · €15.2m of sales at stake"
