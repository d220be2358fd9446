"""`04_coverage` on less than most have, with names held back, and on parameters that cannot be."""

import json
import shutil
from pathlib import Path

import pytest

from kam_analysis.batch import run_reports

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
REAL = Path(__file__).parents[1] / "real_data"
ROWS = "account_id,date,revenue\nA-1,2025-01-25,100\nA-2,2025-02-25,60\nA-3,2025-03-25,-5\n"
MASTER = "account_id,account_name,account_manager_id\nA-1,Alder,M1\nA-2,Birch,M2\nA-3,Cedar,\nA-4,Dogwood,\n"


def run(folder, more="", settings=None, **options):
    path = settings
    if settings is None:
        (folder / "sales.csv").write_text(ROWS, encoding="utf-8")
        (folder / "accounts.csv").write_text(MASTER, encoding="utf-8")
        path = folder / "kam.toml"
        path.write_text(f'name = "Bare"\n[tables.transactions]\nfile = "sales.csv"\n{more}', encoding="utf-8")
    said = []
    done = run_reports(path, folder / "out", only=["04_coverage"], say=said.append, **options)
    result = folder / "out" / "results" / "04_coverage.json"
    page = folder / "out" / "04_coverage.html"
    document = json.loads(result.read_text(encoding="utf-8")) if result.exists() else None
    return done.exit_code, document, page.read_text(encoding="utf-8") if page.exists() else "", "\n".join(said)


def plain(text):
    return text.replace("\u00a0", " ").replace("\u2013", "-")


def test_from_sales_alone_the_page_says_what_is_missing(tmp_path):
    code, document, page, _ = run(tmp_path)
    assert code == 0
    assert document["answer"].startswith("Nobody is named as looking after an account")
    assert {each["value"] for each in document["figures"].values()} == {None}
    assert document["worth_collecting"][0] == "who looks after each account"
    assert "not assessed" not in page.split("<h2>")[0]


def test_from_sales_and_owners_alone_it_answers(tmp_path):
    code, document, page, _ = run(tmp_path, '[tables.accounts]\nfile = "accounts.csv"\n')
    assert code == 0
    assert plain(document["answer"]) == (
        "M1 looks after 62 % of sales; a hand-over alone would cost 13.20-17.60 of sales by published experience; "
        "1 customer with 0 % of sales have nobody."
    )
    assert document["figures"]["managers"]["value"] == 2
    assert document["figures"]["accounts_on_one_contact"]["value"] is None
    [row] = document["tables"]["handover"]
    assert (row["account_id"], row["to_id"], row["reasons"]) == ("A-1", "M2", "only_candidate, nothing_known")
    [call] = [each for each in document["tables"]["calls"] if each["occasion"].startswith("if")]
    assert (call["caller_id"], call["caller"]) == (None, "executive")
    assert "never measured" in page


@pytest.fixture(scope="module")
def initials(tmp_path_factory):
    folder = tmp_path_factory.mktemp("initials")
    shutil.copytree(SAMPLE, folder / "data")
    path = folder / "data" / "kam.toml"
    path.write_text(path.read_text(encoding="utf-8") + '\n[people]\nnames = "initials"\n', encoding="utf-8")
    return run(folder, settings=path)


def test_with_initials_no_name_of_a_person_is_anywhere(initials, tmp_path_factory):
    code, document, page, _ = initials
    assert code == 0
    assert plain(document["answer"]).startswith("J. R. looks after 29 % of sales")
    for name in ("Reiter", "Ingrid", "Vass", "Fontaine", "Jonas"):
        assert name not in page, name
        assert name not in json.dumps(document), name
    assert "I. V." in page


def test_an_unknown_manager_account_or_hours_are_all_told_at_once(tmp_path):
    wanted = [
        "04_coverage.leaving=Jonas Reiter",
        "04_coverage.contacts_of=0010101x",
        "04_coverage.spare_hours=-3",
        "04_coverage.follow_rate=30",
    ]
    code, document, _, said = run(tmp_path, settings=SAMPLE / "kam.toml", set_values=wanted)
    assert (code, document) == (1, None)
    assert 'leaving: expected the id of an account manager with accounts, got "Jonas Reiter"; the id of Jonas Reiter is "M01"' in said  # fmt: skip
    assert 'contacts_of: expected the id of an account, got "0010101x"' in said
    assert "spare_hours: expected hours a month, 0 or more, got -3" in said
    assert "follow_rate: expected a share 0-1, got 30; below 0 means as the settings say" in said


def test_without_room_the_page_says_by_how_much(tmp_path):
    code, document, _, _ = run(tmp_path, settings=SAMPLE / "kam.toml", set_values=["04_coverage.spare_hours=10", "04_coverage.leaving=M05"])  # fmt: skip
    assert code == 0
    assert plain(document["answer"]).startswith("Declan Byrne looks after 24 % of sales")
    rows = document["tables"]["handover"]
    nobody = [row for row in rows if row["to_id"] is None]
    assert nobody
    assert all("no_room" in row["reasons"] for row in nobody)
    [said] = [each for each in document["caveats"] if "find no successor" in each]
    assert said.startswith(f"{len(nobody)} of {len(rows)} accounts find no successor")
    assert "more than the candidates have left" in said


def test_classicmodels_has_managers_and_22_customers_without_one(tmp_path, real_data):
    code, document, page, _ = run(tmp_path, settings=REAL / "classicmodels.toml")
    assert code == 0
    assert plain(document["answer"]) == (
        "Gerard Hernandez looks after 15 % of sales; a hand-over alone would cost 103-137 k USD of sales by published "
        "experience; 22 customers who bought nothing have nobody."
    )
    assert document["figures"]["managers"]["value"] == 15
    assert "your contacts at the key accounts" in document["worth_collecting"][0]
    assert "22 customers" in page.split("<h2>")[0].replace("\u00a0", " ")
