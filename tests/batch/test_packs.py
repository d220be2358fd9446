"""A pack per manager holds their own accounts' papers alone, and who leaves gets none."""

import csv
import io
import json
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from in_process_for_tests import reports_here
from test_people_held_back import texts

from kam_analysis.batch.packs import packs_of
from kam_analysis.batch.questions import NAME
from kam_analysis.ledger import open_ledger
from kam_analysis.pages.coverage.receivers import receivers

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
with (SAMPLE / "accounts.csv").open(encoding="utf-8", newline="") as file:
    ACCOUNTS = [row for row in csv.DictReader(file) if not row["parent_id"]]
OWNERS = {row["account_id"]: row["account_manager_id"] for row in ACCOUNTS}
NAMES = {row["account_id"]: row["account_name"] for row in ACCOUNTS}


@pytest.fixture(scope="module")
def told(out):
    """Who may read what: the owners of the list but for Jonas Reiter, whose successors stand in 04's plan."""
    plan = json.loads((out / "results" / "04_coverage.json").read_text(encoding="utf-8"))["tables"]["handover"]
    return receivers(open_ledger(SAMPLE / "kam.toml"), plan)


@pytest.fixture(scope="module")
def out(tmp_path_factory, shelf):
    folder = tmp_path_factory.mktemp("packs")
    old = folder / "packs" / "M01" / "plans"
    old.mkdir(parents=True)
    plans = "0010100,0010300,0010400,0010600"
    with shelf():
        done = reports_here(None, folder, only=["04_coverage", "05_account_plan"], plans=plans, pack="manager")
    assert done.exit_code == 0
    return folder


def test_who_leaves_gets_none_and_superior_and_successor_get_it(out, told):
    there = {each.parent.name for each in (out / "packs").glob("*/index.html")}
    assert "M01" not in there
    assert {"S01", "M03", "M04", "M05"} <= there
    assert (out / "packs" / "S01" / "plans" / "0010100.html").exists()
    assert (out / "packs" / "M05" / "plans" / "0010300.html").exists()
    readers = set(told.loc[told["account_id"] == "0010100", "manager_id"])
    assert readers == {each.parent.parent.name for each in (out / "packs").glob("*/plans/0010100.html")}
    assert "M01" not in readers
    assert len(readers) == 2
    assert not (out / "packs" / "M04" / "plans" / "0010300.html").exists()


def test_nothing_in_a_pack_is_of_an_account_of_others(out, told):
    seen = 0
    for pack in (out / "packs").iterdir():
        own = set(told.loc[told["manager_id"] == pack.name, "account_id"])
        others = {
            name for account, name in NAMES.items() if account not in own and OWNERS[account] not in ("", pack.name)
        }
        others = {each for each in others if not any(each in NAMES[one] for one in own if one in NAMES)}
        for path, text in texts(pack):
            seen += 1
            assert not {each for each in others if each in text}, (pack.name, path.name)
    assert seen >= 10


def test_packs_are_named_in_run_json_and_go_with_the_next_run(out, shelf):
    assert '"packs/M05/index.html"' in (out / "run.json").read_text(encoding="utf-8")
    with shelf():
        assert reports_here(None, out, only=["04_coverage"]).exit_code == 0
    assert not list((out / "packs").rglob("*.html"))


SETTINGS = """as_of = 2026-03-31
[tables.transactions]
file = "sales.csv"
[tables.accounts]
file = "accounts.csv"
[tables.managers]
file = "managers.csv"
"""
SALES = "account_id,date,revenue\nA1,2026-01-10,100\nA2,2026-02-10,50\nA3,2026-02-11,5\n"
LISTED = "account_id,account_manager_id,deputy_id\nA1,M1,M2\nA2,M2,M1\nA3,,\n"
STAFF = (
    "manager_id,superior_id,leaving_on,announced_on\nM1,S1,{leaving},{announced}\nM2,S1,,\nS1,S2,{superior},\nS2,,,\n"
)


@pytest.mark.parametrize(
    ("leaving", "announced", "superior", "gets"),
    [
        ("", "", "", ["M1"]),
        ("2026-06-30", "", "", ["S1"]),
        ("2026-06-30", "2026-04-01", "", ["S1"]),
        ("2026-06-30", "2026-03-31", "", ["M2", "S1"]),
        ("2026-01-31", "2026-01-01", "2026-05-01", ["M2", "S2"]),
    ],
)
def test_who_reads_what(company, leaving, announced, superior, gets):
    staff = STAFF.format(leaving=leaving, announced=announced, superior=superior)
    ledger = open_ledger(company(SETTINGS, sales__csv=SALES, accounts__csv=LISTED, managers__csv=staff))
    found = receivers(ledger)
    assert sorted(found.loc[found["account_id"] == "A1", "manager_id"]) == gets
    assert found.loc[found["account_id"] == "A2", "manager_id"].tolist() == ["M2"]
    assert "A3" not in set(found["account_id"])


def test_each_reader_has_a_pack_with_the_questions_about_their_own_accounts(company):
    staff = STAFF.format(leaving="2026-06-30", announced="2026-03-31", superior="").replace(
        "manager_id,", "manager_id,manager_name,", 1
    )
    staff = (
        staff.replace("M1,", "M1,Ann,")
        .replace("M2,", "M2,Bo,")
        .replace("S1,S2", "S1,Di,S2")
        .replace("S2,,,", "S2,Ed,,,")
    )
    files = {"sales__csv": SALES, "accounts__csv": LISTED, "managers__csv": staff}
    packs = packs_of(company(SETTINGS, **files), None, {"04_coverage": {"tables": {"handover": []}}})
    assert [(each.manager_id, each.manager_name, sorted(each.accounts)) for each in packs] == [
        ("M2", "Bo", ["A1", "A2"]), ("S1", "Di", ["A1"]),
    ]  # fmt: skip
    asked = [openpyxl.load_workbook(io.BytesIO(each.files[NAME])).active for each in packs]
    first = (
        "Customer A1",
        "Who decides at Customer A1?",
        None,
        None,
        "a name; the role beside it",
        "decides|A1",
        "2026-03-31",
    )
    for each, (name, accounts) in zip(asked, (("Bo", ["A1"] * 3 + ["A2"] * 3), ("Di", ["A1"] * 3)), strict=True):
        said, how, nothing, head, *rows = each.iter_rows(values_only=True)
        assert said[0] == f"{name}: what we do not know yet, the largest customers first"
        assert how[0] == 'Fill in what you know and leave the rest. Save it in the folder "answers" beside the data.'
        assert set(nothing) == {None}
        assert head == ("No.", "Customer", "Question", "Your answer", "Role", "How to answer", "key", "asked on")
        assert rows[0] == (1, *first)
        assert [(row[0], row[6].partition("|")[2]) for row in rows] == list(enumerate(accounts, start=1))
        assert [each.column_dimensions[column].hidden for column in "FGH"] == [False, True, True]


def test_the_succession_plan_goes_before_the_deputy(company):
    staff = STAFF.format(leaving="2026-06-30", announced="2026-03-01", superior="") + "M3,S1,,\n"
    ledger = open_ledger(company(SETTINGS, sales__csv=SALES, accounts__csv=LISTED, managers__csv=staff))
    found = receivers(ledger, [{"account_id": "A1", "to_id": "M3"}])
    assert sorted(found.loc[found["account_id"] == "A1", "manager_id"]) == ["M3", "S1"]


def test_without_managers_nobody_gets_anything(company):
    text = '[tables.transactions]\nfile = "sales.csv"\n'
    found = receivers(open_ledger(company(text, sales__csv=SALES)))
    pd.testing.assert_index_equal(found.columns, pd.Index(["account_id", "manager_id", "manager_name"]))
    assert found.empty
