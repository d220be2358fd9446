"""The sample's story as `04_coverage` tells it, from the executed notebook: a test per fact."""

import re

import pytest
from words_for_tests import plain

NAME = "04_coverage"


@pytest.fixture(scope="module")
def calendar(sample_reports):
    return (sample_reports / "calls.ics").read_bytes().replace(b"\r\n ", b"").decode()


@pytest.fixture(scope="module")
def tables(told):
    return told[0]["tables"]


def of(rows, name, column="account_name"):
    [found] = [row for row in rows if row[column] == name]
    return found


def test_the_answer_is_the_story(told):
    assert plain(told[0]["answer"]) == (
        "Jonas Reiter, who looks after 29% of sales, leaves on 31 December. That puts €3.2-4.3m of sales at risk, "
        "€15m if customers follow."
    )


def test_the_figures_are_those_that_others_rely_on(told):
    figures = told[0]["figures"]
    assert set(figures) == {
        "managers", "largest_manager_share", "accounts_on_one_contact", "executive_calls_overdue", "departure_cost_largest",
    }  # fmt: skip
    assert (figures["managers"]["value"], figures["managers"]["unit"]) == (6, "count")
    assert figures["largest_manager_share"]["value"] == pytest.approx(0.29, abs=1e-4)
    assert (figures["executive_calls_overdue"]["value"], figures["executive_calls_overdue"]["unit"]) == (11, "accounts")
    cost = figures["departure_cost_largest"]
    assert (round(cost["low"], -5), round(cost["high"], -5), cost["unit"]) == (3.2e6, 4.3e6, "EUR")


def test_the_same_question_is_asked_of_each_manager(told, tables):
    assert len(tables["managers"]) == 6
    assert all(row["transition_low"] < row["transition"] < row["transition_high"] for row in tables["managers"])
    assert all(row["further"] > 0 for row in tables["managers"])
    assert "nobody's departure is predicted: the same question is asked of each manager" in told[0]["caveats"]


def test_reiter_has_fourteen_accounts_and_no_deputy(tables):
    reiter = of(tables["managers"], "Jonas Reiter", "manager_name")
    assert (reiter["accounts"], reiter["without_deputy"], reiter["largest_account_id"]) == (14, 14, "0010100")


def test_every_account_of_reiter_is_called_the_most_money_first(tables):
    calls = [row for row in tables["calls"] if row["occasion"] == "if Jonas Reiter leaves"]
    assert len(calls) == 14
    assert [row["account_name"] for row in calls[:2]] == ["Aldermoor Water Group plc", "Tressel Chemicals GmbH"]
    money = [row["at_risk"] for row in calls]
    assert money == sorted(money, reverse=True)
    assert {row["caller"] for row in calls} <= {"Henrik Dahl", "Claire Fontaine", "Margareta Lindmark", "Viktor Hahn"}
    assert calls[0]["day"] == "2026-09-21"


def test_each_account_gets_a_successor_and_aldermoor_once_it_is_too_late_for_notice(tables):
    rows = tables["handover"]
    assert len(rows) == 14
    assert all(row["to_id"] not in (None, "M01") for row in rows)
    assert of(rows, "Aldermoor Water Group plc")["day"] == "2026-10-21"
    tressel = of(rows, "Tressel Chemicals GmbH")
    assert tressel["to"] == "Sabine Krüger", "she knows chemicals and the region"
    assert (tressel["day"], tressel["late_reason"]) == ("2026-11-02", None)


@pytest.mark.parametrize(("name", "cells"), [
    ("Hollin Energy plc", ["Declan Byrne", "30 Jun 2028", "2 Jan 2028", "4", "the company", "yes", ""]),
    ("Aldermoor Water Group plc", ["Jonas Reiter", "18 Jan 2027", "20 Oct 2026", "1", "the person", "no", "last day for notice is near, no second contact, bound to the person"]),
])  # fmt: skip
def test_hollin_s_manager_can_move_and_aldermoor_s_cannot(told, name, cells):
    found = (
        told[1]
        .split("Where the manager could change while no decision on the contract is near</span></caption>")[1]
        .split("</table>")[0]
    )
    row = found.replace("</a>", "").split(f">{name}</th>")[1].split("</tr>")[0]
    assert re.findall(r"<td[^>]*>([^<]*)</td>", row) == cells


def test_aldermoor_depends_on_ingrid_vass_and_leads_the_list(told):
    rows = told[1].split("Money that depends on one contact</span></caption>")[1].split("</table>")[0].split("<tr")[2:]
    assert "Aldermoor Water Group plc" in rows[0]
    assert "Ingrid Vass" in rows[0]
    assert "2.89m" in rows[0]


def test_eleven_yearly_calls_are_overdue_and_all_are_in_the_calendar(calendar, tables):
    yearly = [row for row in tables["calls"] if row["occasion"] == "yearly call"]
    assert len(yearly) == 14
    assert [row["reason"] for row in yearly].count("overdue") == 11
    assert calendar.count("BEGIN:VEVENT") == len(tables["calls"]) == 28
    assert "Aldermoor Water Group plc" in calendar


def test_tressel_is_slipping(told):
    found = told[1].split("Slipping: the largest</span></caption>")[1].split("</table>")[0]
    assert found.index("Tressel Chemicals GmbH") < found.index("Ahrens Wasserwerke GmbH")


def test_the_grid_counts_what_aldermoor_lacks(told):
    found = told[1].split("Key-account basics (bold: three or more missing)</span></caption>")[1].split("</table>")[0]
    row = found.replace("</a>", "").split(">Aldermoor Water Group plc</th>")[1].split("</tr>")[0]
    assert (row.count("missing"), row.count("✓")) == (3, 2)


def test_customers_are_heard(told):
    assert "Jonas told me that he is going to Vantor" in told[1]
    assert "No word in two years from 6 of 14 key accounts" in told[1]


def test_better_hours_are_in_money_with_their_assumption(told):
    assert "more margin a year" in told[1]
    assert "One more hour a month is worth a year" in told[1]
    assert [each["value"] for each in told[0]["assumptions"] if each["name"] == "hours_elasticity"] == [0.31]


def test_own_hand_overs_tell_nothing_and_the_page_says_so(told):
    assert any("too few to say anything" in each for each in told[0]["caveats"])


def test_what_is_said_of_contacts_is_shown(told):
    """Nobody at an account is counted beside the list of those with one; the grid counts everybody at key accounts."""
    page = told[1]
    assert "At 69 more customers people are on record and nobody speaks to them" in page
    grid = page.split("People at the key accounts, by influence and by how well we know them</span></caption>")[
        1
    ].split("</table>")[0]
    cells = re.findall(r"<td[^>]*>([^<]*)</td>", grid)
    assert len(cells) == 15, "nobody there is unknown or without contact"
    assert sum(int(each or 0) for each in cells) == 38


def test_last_days_for_notice_near_the_departure_are_named(told):
    said = told[1].split("Last days for notice within half a year: ")[1].split("</p>")[0]
    assert said == "Aldermoor Water Group plc (20 Oct 2026) and Tressel Chemicals GmbH (1 Nov 2026)."
