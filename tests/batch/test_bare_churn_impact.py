"""`03_churn_impact` on less than most have, on a case of one's own, and on parameters that cannot be."""

import json
from pathlib import Path

import pytest
from notebook_for_tests import found

from kam_analysis.batch import run_reports
from kam_analysis.errors import DataError

REAL = Path(__file__).parents[1] / "real_data"
ROWS = "account_id,date,revenue\nA-1,2025-01-25,100\nA-2,2025-02-25,60\nA-3,2025-03-25,-5\n"
ASSUMED = "[assumptions.churn_probability]\nvalue = 0.1\nlow = 0.05\nhigh = 0.2\nsource = 'a guess'\n"


def bare(folder, more=""):
    (folder / "sales.csv").write_text(ROWS, encoding="utf-8")
    path = folder / "kam.toml"
    path.write_text(f'name = "Bare"\n[tables.transactions]\nfile = "sales.csv"\n{more}', encoding="utf-8")
    return path


def run(folder, more="", settings=None, **options):
    said = []
    done = run_reports(
        settings or bare(folder, more), folder / "out", only=["03_churn_impact"], say=said.append, **options
    )
    result = folder / "out" / "results" / "03_churn_impact.json"
    return done.exit_code, json.loads(result.read_text(encoding="utf-8")) if result.exists() else None, "\n".join(said)


def plain(text):
    return text.replace("\u00a0", " ")


def test_from_three_rows_the_worst_case_still_answers(tmp_path):
    code, document, _ = run(tmp_path)
    assert code == 0
    assert plain(document["answer"]) == (
        "Losing Customer A-1 costs 100 of sales, with Customer A-2 160, 100 % of all sales; "
        "how likely that is cannot be told from this data."
    )
    assert document["figures"]["bad_year_loss"] == {"value": None, "unit": "amount"}
    assert document["figures"]["worst_case_top_3"]["value"] == 160
    assert any("1 customer at or below zero sales set aside" in each for each in document["caveats"])
    assert len(document["worth_collecting"]) == 3


def test_an_assumed_chance_gives_a_bad_year_and_is_called_one(tmp_path):
    code, document, _ = run(tmp_path, ASSUMED)
    assert code == 0
    assert {row["basis"] for row in document["tables"]["accounts"]} == {"your assumption"}
    assert document["figures"]["expected_loss"]["value"] == pytest.approx(0.1 * 160)
    assert document["figures"]["bad_year_loss"]["value"] == pytest.approx(100)


def test_an_unknown_lost_account_is_named_with_the_nearest(tmp_path):
    with pytest.raises(ValueError, match='"A-9" is no id of an account that bought; did you mean "A-'):
        found("03_churn_impact", settings=str(bare(tmp_path)), lost_accounts=["A-9"])


def test_a_case_of_one_s_own_stands_below_the_largest(tmp_path):
    code, document, _ = run(tmp_path, set_values=['03_churn_impact.lost_accounts=["A-2"]'])
    assert code == 0
    assert document["tables"]["worst_cases"][-1]["exposure"] == 60


@pytest.mark.parametrize("months", [{"plan_months": 0}, {"horizon_months": 40}])
def test_months_that_cannot_be_looked_ahead_are_said(tmp_path, months):
    with pytest.raises(DataError, match="sales plans look one to three years ahead"):
        found("03_churn_impact", settings=str(bare(tmp_path)), **months)


def test_all_that_cannot_be_asked_otherwise_is_said_at_once(tmp_path):
    values = [
        "plan_months=6", "chance_factor=9", 'without_causes=["marine slump"]',
        "assumptions={ follow_rate = 0.9, ramp_months = true, cost_per_order = 1, ramp = 2 }",
    ]  # fmt: skip
    cause = '[causes.marine_slump]\nwhere = { account_id = "A-1" }\nprobability = 0.1\nloss_probability = 0.2\nsource = "x"\n'
    code, _, said = run(
        tmp_path, cause, set_values=[f"03_churn_impact.{each}" for each in [*values, 'without_causes=["Reiter"]']]
    )
    assert code == 1
    for each in (
        "plan_months: expected 12 to 36, got 6", "chance_factor: expected 0.25 to 4, got 9; 1 leaves all chances",
        'without_causes: expected a section of [causes] or a manager with a departure_probability, got "Reiter"; known here: marine slump, marine_slump',
        "assumptions.follow_rate: expected 0.132 to 0.176, its range, got 0.9; take a value within it, or widen it",
        "ramp_months: expected 3 to 12, its range, got True",
        'expected one of follow_rate, sales_cycle_months, ramp_months, got "cost_per_order"', 'got "ramp"; all others are changed in the settings',
    ):  # fmt: skip
        assert each in said, said


def test_a_cause_that_asks_for_an_unknown_column_is_said(tmp_path):
    cause = '[causes.slump]\nwhere = { branch = "Marine" }\nprobability = 0.1\nloss_probability = 0.2\nsource = "x"\n'
    with pytest.raises(DataError, match="no column branch in accounts"):
        found("03_churn_impact", settings=str(bare(tmp_path, cause)))


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        (
            "classicmodels",
            "Losing Euro+ Shopping Channel costs 509 k USD of sales and 206 k USD of margin, with Mini Gifts Distributors"
            " Ltd. 359 k, 18 % of all margin; at our pace of new business Euro+ Shopping Channel alone takes 15 months to"
            " replace; how likely that is cannot be told from this data.",
        ),
        (
            "online_retail",
            "Losing Customer 14646 costs 279 k GBP of sales, with Customer 18102 508 k, 6 % of all sales; how likely that"
            " is cannot be told from this data.",
        ),
        (
            "wide_world_importers",
            "Losing Wingtip Toys (Head Office) costs 16.3 M USD of sales, with Tailspin Toys (Head Office) 32.7 M, 61 %"
            " of all sales; at our pace of new business Wingtip Toys (Head Office) alone takes 22 years to replace, 23"
            " after usual losses; in one year out of twenty we lose more than 177 k USD of sales.",
        ),
    ],
)
def test_a_real_export_gives_an_honest_answer(real_data, tmp_path, name, answer):
    code, document, _ = run(tmp_path, settings=REAL / f"{name}.toml")
    assert code == 0
    assert plain(document["answer"]) == answer
