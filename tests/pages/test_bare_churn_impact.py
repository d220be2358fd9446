"""`03_churn_impact` on less than most have, on a case of one's own, and on parameters that cannot be."""

import pytest
from notebook_for_tests import found, page_of
from words_for_tests import plain

from kam_analysis.errors import DataError, SettingsError

NAME = "03_churn_impact"
ASSUMED = "[assumptions.churn_probability]\nvalue = 0.1\nlow = 0.05\nhigh = 0.2\nsource = 'a guess'\n"


def test_from_three_rows_the_worst_case_still_answers(bare):
    document, html = page_of(NAME, settings=bare())
    assert "What keeping one may cost is not assessed: none of them has a chance of leaving" in html
    assert "Lost if it leaves" not in html
    assert plain(document["answer"]) == ("Losing Customer A-1 costs 100 of sales a year.")
    assert document["figures"]["bad_year_loss_this_year"] == {"value": None, "unit": "amount"}
    assert document["figures"]["bad_year_loss"] == {"value": None, "unit": "amount"}
    assert document["figures"]["worst_case_top_3"]["value"] == 160
    assert any("1 customer at or below zero sales set aside" in each for each in document["caveats"])
    assert len(document["worth_collecting"]) == 3


def test_an_assumed_chance_gives_a_bad_year_and_is_called_one(bare):
    document, _ = page_of(NAME, settings=bare(ASSUMED))
    assert {row["basis"] for row in document["tables"]["accounts"]} == {"your assumption"}
    assert document["figures"]["expected_loss"]["value"] == pytest.approx(0.1 * 160)
    assert document["figures"]["bad_year_loss"]["value"] == pytest.approx(100)


def test_an_unknown_lost_account_is_named_with_the_nearest(bare):
    with pytest.raises(ValueError, match='"A-9" is no id of an account that bought; did you mean "A-'):
        found(NAME, settings=bare(), lost_accounts=["A-9"])


def test_a_case_of_one_s_own_stands_below_the_largest(bare):
    document, _ = page_of(NAME, settings=bare(), lost_accounts=["A-2"])
    assert document["tables"]["worst_cases"][-1]["exposure"] == 60


@pytest.mark.parametrize("months", [{"plan_months": 0}, {"horizon_months": 40}])
def test_months_that_cannot_be_looked_ahead_are_said(bare, months):
    with pytest.raises(DataError, match="sales plans look one to three years ahead"):
        found(NAME, settings=bare(), **months)


def test_all_that_cannot_be_asked_otherwise_is_said_at_once(bare):
    cause = '[causes.marine_slump]\nwhere = { account_id = "A-1" }\nprobability = 0.1\nloss_probability = 0.2\nsource = "x"\n'
    otherwise = {"follow_rate": 1.9, "ramp_months": 13, "cost_per_order": 1, "ramp": 2}
    with pytest.raises(DataError) as told:
        found(
            NAME, settings=bare(cause), plan_months=6, chance_factor=9, without_causes=["Reiter"], assumptions=otherwise
        )
    for each in (
        "plan_months: expected 12 to 36, got 6", "chance_factor: expected 0.25 to 4, got 9; 1 leaves all chances",
        'without_causes: expected a section of [causes] or a manager who may leave, got "Reiter"; known here: marine slump, marine_slump',
        "assumptions.follow_rate: expected a share 0-1, got 1.9",
        "ramp_months: expected 3 to 12, its range, got 13",
        'expected one of follow_rate, sales_cycle_months, ramp_months, got "cost_per_order"', 'got "ramp"; all others are changed in the settings',
    ):  # fmt: skip
        assert each in str(told.value)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"assumptions": {"ramp_months": True}}, "assumptions, ramp_months: expected a number, got True"),
        ({"plan_months": "two years"}, 'plan_months: expected a number, got "two years"'),
        ({"horizon_months": 7.5}, "horizon_months: expected a whole number, got 7.5"),
    ],
)
def test_what_is_no_number_is_refused(bare, given, said):
    with pytest.raises(SettingsError, match=said):
        found(NAME, settings=bare(), **given)


def test_parameters_are_taken_as_schedulers_hand_them_over(bare):
    given = {"plan_months": "24", "chance_factor": "2", "lost_accounts": '["A-2"]', "assumptions": '{"ramp_months": 4}'}
    known = found(NAME, settings=bare(ASSUMED), **given)["found"]
    asked = known.overrides
    assert (asked.plan_months, asked.chance_factor, asked.lost_accounts) == (24, 2.0, ("A-2",))
    assert known.assumed["ramp_months"].value == 4
    assert known.accounts["probability"].tolist() == [0.2, 0.2]


def test_a_cause_that_asks_for_an_unknown_column_is_said(bare):
    cause = '[causes.slump]\nwhere = { branch = "Marine" }\nprobability = 0.1\nloss_probability = 0.2\nsource = "x"\n'
    with pytest.raises(DataError, match="no column branch in accounts"):
        found(NAME, settings=bare(cause))
