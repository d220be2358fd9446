"""04 rates persons only where the settings say so: else teams of three or more, on page, in results, explorer and notebook."""

import json
import re
from pathlib import Path

import pandas as pd
import pytest

import kam_analysis as kam
from kam_analysis.analysis import coverage
from kam_analysis.ledger.settings.settings_file import load_settings
from kam_analysis.pages.coverage.explore import explorer
from kam_analysis.pages.coverage.managers import rated

SAMPLE = Path(__file__).parents[2] / "data" / "sample" / "kam.toml"
RATINGS = {"grown", "protected", "neither", "kept_share", "hours_per_month", "hours_recorded"}
MANAGERS = ("Jonas Reiter", "Sabine Krüger", "Annika Sandström", "Pauline Marchetti", "Declan Byrne", "Tomasz Wilk")


def found_with(individuals):
    from dataclasses import replace

    ledger = kam.open_ledger(replace(load_settings(SAMPLE), individuals=individuals))
    return ledger, kam.coverage(ledger)


@pytest.fixture(scope="module")
def per_team():
    return found_with(False)


@pytest.fixture(scope="module")
def per_person():
    return found_with(True)


def shown(found):
    tables = (found.attention_table(), found.slipping_table(), found.hours_by_manager_table(), found.hours_table())
    return " ".join(each.html().html for each in tables) + found.hours_chart().to_json()


def test_no_manager_is_named_beside_what_grew_or_where_hours_go(per_team):
    _, found = per_team
    told = json.loads('"' + re.sub(r'[\n"]', " ", shown(found).replace("\\u", "@u")) + '"').replace("@u", "\\u")
    assert not [each for each in MANAGERS if each in told or each.encode("ascii", "backslashreplace").decode() in told]
    assert "Team of Henrik Dahl" in told


def test_neither_results_nor_frames_rate_a_manager(per_team):
    _, found = per_team
    for row in found.result().document()["tables"]["managers"]:
        assert not RATINGS & set(row)
    assert not RATINGS & set(found.managers)
    assert not {"account_manager_id", "manager_name"} & {*found.attended, *found.hours}
    assert {"rated_as", "verdict"} <= set(found.attended)


def test_teams_add_up_to_their_managers(per_team, per_person):
    """By another route: the managers' own rows, added by who they report to."""
    teams, each = per_team[1].rated.rows, per_person[1].rated.rows
    staff = pd.read_csv(SAMPLE.parent / "managers.csv").set_index("manager_name")
    names = {row["manager_id"]: f"Team of {name}" for name, row in staff.iterrows()}
    sums = each.groupby(each["rated_as"].map(staff["superior_id"]).map(names))[
        ["grown", "neither", "hours_recorded"]
    ].sum()
    pd.testing.assert_frame_equal(
        teams.set_index("rated_as")[["grown", "neither", "hours_recorded"]].sort_index(),
        sums.sort_index(),
        check_names=False,
    )
    assert per_person[1].rated.word == "Account manager"
    assert {*each["rated_as"]} == set(MANAGERS)


def test_if_somebody_left_is_asked_of_each_alike(per_team, per_person):
    columns = ["manager_name", "accounts", "transition", "at_risk"]
    pd.testing.assert_frame_equal(per_team[1].departures[columns], per_person[1].departures[columns])
    assert per_team[1].answer == per_person[1].answer


def test_the_explorer_works_with_teams(per_team):
    view = explorer(*per_team)
    view.charts.show()
    view.set(leaving="M03", spare_hours=30.0)
    assert "looks after" in view.charts.answer


NAMED = {"S": "Sue", "T": "Tom", "1": "Ann", "2": "Bo", "3": "Cy", "4": "Di", "5": "Ed", "6": "Flo"}


@pytest.mark.parametrize(
    ("above", "called"),
    [
        ("SSSTTT", {"Team of Sue", "Team of Tom"}),
        ("SSSSTT", {"all account managers"}),  # of two each knows the other's
        ("SSSSST", {"all account managers"}),  # the one would be what is left
        ("......", {"all account managers"}),
        ("SSS...", {"Team of Sue", "no superior on file"}),
    ],
)
def test_no_team_is_so_small_that_it_names_a_person(above, called):
    staff = pd.DataFrame(
        {"manager_id": list("123456"), "superior_id": [None if each == "." else each for each in above]}
    )
    attended = pd.DataFrame(
        {
            "account_id": list("abcdef"),
            "account_manager_id": list("123456"),
            "revenue": 1.0,
            "before": 1.0,
            "verdict": "grown",
        }
    )
    managers = pd.DataFrame({"account_manager_id": list("123456"), "hours_recorded": 1.0, "hours_per_month": 2.0})
    found = rated(managers, attended, staff=staff, named=lambda one: NAMED[str(one)], individuals=False)
    assert set(found.rows["rated_as"]) == called
    assert found.rows["grown"].sum() == 6
    assert found.rows["hours_recorded"].sum() == 6.0
    whole = coverage.by_manager(attended.assign(account_manager_id="x"))
    assert found.rows["money_grown"].sum() == whole["money_grown"].sum()
