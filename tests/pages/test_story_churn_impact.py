"""The sample's story as `03_churn_impact` tells it, from the executed notebook: a test per fact."""

import pytest
from words_for_tests import plain

NAME = "03_churn_impact"


@pytest.fixture(scope="module")
def figures(told):
    return {name: each["value"] for name, each in told[0]["figures"].items()}


def test_the_answer_says_the_worst_case_and_how_long_it_takes_and_then_the_departure_on_file(told):
    answer = plain(told[0]["answer"])
    assert answer == (
        "Losing Aldermoor Water Group plc costs €2.89m of margin a year and takes at least five years to replace."
    )
    assert len(answer.split()) <= 24
    assert (
        "Jonas Reiter leaves on 31 Dec 2026. If Aldermoor Water Group plc and Tressel Chemicals GmbH go along, it costs "
        "€4.84m of margin a year, and we probably fall below break-even."
    ) in plain(told[1])


def test_the_departure_on_file_is_the_first_case(told, figures):
    first, second = told[0]["tables"]["worst_cases"][:2]
    assert (first["kind"], first["accounts"], second["label"]) == ("departure", 2, "Aldermoor Water Group plc")
    assert figures["departure_case"] == pytest.approx(first["exposure"])
    two = told[0]["tables"]["worst_cases"][2]["exposure"]
    [reiter] = [row for row in told[0]["tables"]["managers"] if row["manager_name"] == "Jonas Reiter"]
    # His other customers stay, and the hand-over takes 15.4% of them.
    assert first["exposure"] == pytest.approx(two + 0.154 * (reiter["exposure"] - two))


def test_no_margin_is_missing_before_the_last_day(told):
    rows = told[0]["tables"]["cash"]
    assert [row["month"] for row in rows if row["margin_lost"] == 0] == [1, 2, 3]
    assert rows[-1]["cash_so_far"] == pytest.approx(sum(row["cash"] for row in rows))
    assert {row["costs_cut"] for row in rows[:9]} == {0.0}, "cut six months after the first has gone"


def test_what_stopped_and_what_shrank_last_year_stand_beside_what_is_expected(told, figures):
    leaving, less, both = told[0]["tables"]["year_parts"]
    assert less["last_year"] / leaving["last_year"] == pytest.approx(2.04, abs=0.01)
    assert (
        leaving["expected"] + less["expected"]
        == pytest.approx(both["expected"])
        == pytest.approx(figures["expected_loss"])
    )


def test_renewals_go_by_the_last_day_to_give_notice(told):
    rows = {row["account_name"]: row for row in told[0]["tables"]["renewals"]}
    assert next(iter(rows)) == "Aldermoor Water Group plc"
    tressel = rows["Tressel Chemicals GmbH"]
    assert (tressel["notice_by"], tressel["ends_on"], tressel["under_contract"]) == ("2026-11-01", "2026-12-31", 3.42e6)
    assert tressel["cost"] == pytest.approx(0.03 * 3.42e6)


def test_the_figures_are_those_that_others_rely_on(told, figures):
    expected = {
        "exposure_total", "expected_loss", "bad_year_loss", "bad_year_average", "worst_case_top_1", "worst_case_top_3",
        "months_to_replace_top_1", "bad_year_loss_this_year", "departure_case",
    }  # fmt: skip
    assert set(figures) == expected
    assert {each["unit"] for name, each in told[0]["figures"].items() if name != "months_to_replace_top_1"} == {"EUR"}
    assert figures["months_to_replace_top_1"] is None, "an 18% account is not replaced within the plan"
    bad = told[0]["figures"]["bad_year_loss"]
    assert set(bad) == {"value", "unit", "level"}, "what the arithmetic may be off by is no range of the figure"
    assert bad["level"] == 0.95
    assert figures["expected_loss"] < bad["value"] < figures["bad_year_average"] < figures["exposure_total"]
    assert figures["bad_year_loss_this_year"] < bad["value"]


def test_the_accounts_add_up_to_the_whole(told, figures):
    rows = told[0]["tables"]["accounts"]
    assert sum(row["exposure"] for row in rows) == pytest.approx(figures["exposure_total"])
    assert sum(row["contribution"] for row in rows) == pytest.approx(1)
    assert sum(row["exposure"] for row in rows[:3]) == pytest.approx(figures["worst_case_top_3"])
    first = rows[0]
    assert (first["account_name"], first["basis"], first["estimate"]) == (
        "Aldermoor Water Group plc",
        "your figure",
        0.16,
    )
    assert first["probability"] == pytest.approx(0.9 * 0.6), "its manager's departure alone, and it is bound to him"


def test_quarrix_is_lost_already_and_kelso_is_not(told):
    said = " ".join(map(plain, told[0]["caveats"]))
    assert "lost already and left out of what there is to lose: " in said
    assert "Quarrix Refining BV" in said
    assert "Kelso" not in said


def test_two_largest_take_the_company_below_break_even_by_its_own_fixed_costs(told):
    cases = told[0]["tables"]["worst_cases"]
    assert [case["accounts"] for case in cases] == [2, 1, 2, 3, 4, 5]
    assert cases[1]["result_after"] > 0 > cases[2]["result_after"]
    assert "Losing the two largest takes us below break-even" in told[1]


@pytest.mark.parametrize(
    "fact",
    [
        "A programme of €60k a year pays if the risk falls",
        "Henrik Dahl · by 19 Oct 2026 · €2.89m of margin a year at stake",
        "If no manager leaves",
        "Nobody's departure is predicted",
        "marine downturn",
        "Customers that may have left already",
        "silent for 639 days; its longest gap was 419",
        "Within the predicted range in 2 of 2 tests, too few to prove much",
        "chances of leaving are judged from each customer's own rhythm alone",
        "Of 278 customers we expect 14.1 to leave within a year",
        "Your own estimates for 28 customers are not tested, because none of earlier years are on file.",
        "sales director's estimate, September 2026; no published rate exists",
        "They are not confidence intervals",
    ],
)
def test_the_page_says(told, fact):
    assert fact in told[1].replace("&#x27;", "'").replace("&#39;", "'")


def test_assumptions_stand_in_the_results_with_range_and_source(told):
    found = {each["name"]: each for each in told[0]["assumptions"]}
    assert set(found) == {
        "follow_rate", "transition_rate", "sales_cycle_months", "ramp_months", "fixed_cost_share", "keeping_cost",
        "fixed_cost_cut", "fixed_cost_cut_months", "renewal_concession", "own_estimate_odds",
    }  # fmt: skip
    assert all(each["low"] <= each["value"] <= each["high"] and each["source"] for each in found.values())
