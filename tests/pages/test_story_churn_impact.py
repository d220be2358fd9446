"""The sample's story as `03_churn_impact` tells it, from the executed notebook: a test per fact."""

import pytest
from words_for_tests import plain

NAME = "03_churn_impact"


@pytest.fixture(scope="module")
def figures(told):
    return {name: each["value"] for name, each in told[0]["figures"].items()}


def test_the_answer_says_the_worst_case_how_long_it_takes_and_a_bad_year(told):
    answer = plain(told[0]["answer"])
    assert answer.startswith(
        "Losing Aldermoor Water Group plc costs 15.2 M EUR of sales and 2.89 M EUR of margin, with Tressel Chemicals "
        "GmbH 4.70 M, a fifth of all margin; at our pace of new business Aldermoor Water Group plc alone takes five "
        "years to replace, seven after usual losses; in one year out of twenty we lose more than "
    )


def test_the_figures_are_those_that_others_rely_on(told, figures):
    expected = {
        "exposure_total", "expected_loss", "bad_year_loss", "bad_year_average", "worst_case_top_1", "worst_case_top_3",
        "months_to_replace_top_1",
    }  # fmt: skip
    assert set(figures) == expected
    assert {each["unit"] for name, each in told[0]["figures"].items() if name != "months_to_replace_top_1"} == {"EUR"}
    assert figures["months_to_replace_top_1"] is None, "an 18 % account is not replaced within the plan"
    bad = told[0]["figures"]["bad_year_loss"]
    assert set(bad) == {"value", "unit", "level"}, "what the arithmetic may be off by is no range of the figure"
    assert bad["level"] == 0.95
    assert figures["expected_loss"] < bad["value"] < figures["bad_year_average"] < figures["exposure_total"]


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
    assert [case["accounts"] for case in cases] == [1, 2, 3, 4, 5]
    assert cases[0]["result_after"] > 0 > cases[1]["result_after"]
    assert "losing the two largest takes us below break-even" in told[1]


@pytest.mark.parametrize(
    "fact",
    [
        "A programme of 60.0 k EUR a year pays if the risk falls",
        "If no manager leaves",
        "Nobody's departure is predicted",
        "marine downturn",
        "Within the predicted range in 1 of 1 test, too few to prove much",
        "no chance of leaving was learnt from your history: 8 accounts were lost",
        "sales director's estimate, September 2026; no published rate exists",
        "they are not confidence intervals",
    ],
)
def test_the_page_says(told, fact):
    assert fact in told[1].replace("&#x27;", "'").replace("&#39;", "'")


def test_assumptions_stand_in_the_results_with_range_and_source(told):
    found = {each["name"]: each for each in told[0]["assumptions"]}
    assert set(found) == {
        "follow_rate", "transition_rate", "sales_cycle_months", "ramp_months", "fixed_cost_share", "keeping_cost",
    }  # fmt: skip
    assert all(each["low"] <= each["value"] <= each["high"] and each["source"] for each in found.values())
