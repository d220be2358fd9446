"""Reports of a company that holds people's names back: no name and no id of a person is in any file that a run leaves."""

import csv
import email
import json
import re
import shutil
import zipfile
from email.policy import default
from pathlib import Path

import pytest
from in_process_for_tests import reports_here
from pages_for_tests import CHROMIUM
from words_for_tests import plain

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
REPORTS = [
    "01_concentration",
    "02_key_accounts",
    "03_churn_impact",
    "04_coverage",
    "05_account_plan",
    "06_leadership_brief",
]


def column(table, name):
    with (SAMPLE / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return [row[name] for row in csv.DictReader(file) if row[name]]


STAFF = column("managers", "manager_name")
# A company may bear a person's surname; nobody's is that of an account manager.
NAMES = {
    *STAFF,
    *(each.split()[-1] for each in STAFF if each != "Margareta Lindmark"),
    *column("contacts", "contact_name"),
}
IDS = {*column("managers", "manager_id"), *column("contacts", "contact_id")}
# What is written freely of people, and by them; a few words stand in a note on an account or in a goal, too.
NOTED = " ".join([*column("accounts", "barrier_note"), *column("objectives", "objective")])
WRITTEN = (*column("contacts", "interests"), *column("contacts", "approach"), *column("feedback", "said"))
TEXTS = {each for each in WRITTEN if len(each) > 12 and each not in NOTED}


def texts(out):
    """Each file of a run as text, workbooks unpacked, mails decoded."""
    for path in sorted(each for each in out.rglob("*") if each.is_file()):
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as book:
                yield path, " ".join(book.read(each).decode("utf-8", "replace") for each in book.namelist())
        elif path.suffix == ".eml":
            message = email.message_from_bytes(path.read_bytes(), policy=default)
            words = [each.get_content() for each in message.walk() if each.get_content_maintype() == "text"]
            yield path, " ".join([*map(str, message.values()), *words, *(" ".join(each.split()) for each in words)])
        elif path.suffix in (".pdf", ".png"):
            continue  # drawn from the page and the SVG beside them, which are read
        else:
            yield path, path.read_text(encoding="utf-8", errors="replace").replace("\\u00fc", "ü").replace("\r\n ", "")


@pytest.fixture(scope="module", params=["initials", "none"])
def run(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    shutil.copytree(SAMPLE, folder / "data")
    path, out = folder / "data" / "kam.toml", folder / "out"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("[people]\n", f'[people]\nnames = "{request.param}"\n'), encoding="utf-8")
    # A PDF is drawn from the page, which is read: once is enough to see it in packs.
    asked = {"figures": bool(CHROMIUM), "pdf": bool(CHROMIUM) and request.param == "none", "pack": "manager"}
    assert reports_here(path, out, only=REPORTS, plans="0010100,0010300", **asked).exit_code == 0
    return request.param, out


def test_no_name_and_no_id_of_a_person_is_in_any_file(run):
    names, out = run
    seen = set()
    for path, text in texts(out):
        seen.add(path.name)
        assert not {each for each in NAMES if each in text}, path.name
        assert not set(re.findall(r"\b(?:[MSE]0\d|C\d{5})\b", text)) & IDS, path.name
    assert {"actions.csv", "actions.ics", "calls.ics", "made.json", "tables.xlsx", "index.html", "mail.eml"} <= seen
    assert "1_where_the_account_stands.svg" in seen or not CHROMIUM
    assert names == "initials" or any(out.glob("packs/*/plans/*.pdf")) or not CHROMIUM


def test_what_is_written_of_people_is_in_no_file_either(run):
    for path, text in texts(run[1]):
        assert not {each for each in TEXTS if each in text}, path.name


def test_they_are_called_by_initials_or_by_their_roles(run):
    names, out = run
    answer = plain(json.loads((out / "results" / "04_coverage.json").read_text(encoding="utf-8"))["answer"])
    page = (out / "04_coverage.html").read_text(encoding="utf-8")
    plan = (out / "plans" / "0010100.html").read_text(encoding="utf-8")
    if names == "initials":
        assert answer.startswith("J. R., who looks after 29% of sales, leaves on 31 December")
        assert "I. V." in page
        assert "I. V." in plan
    else:
        assert re.match(r"Account manager [A-F], who looks after 29% of sales, leaves on 31 December", answer)
        assert "Group purchasing director" in page
        assert "Head of team" in page


def test_no_address_and_no_telephone_number_is_in_what_is_sent_on(run):
    for path, text in texts(run[1]):
        if path.suffix in (".eml", ".svg", ".xlsx"):
            known = {"chart@kam-analysis.invalid"}
            assert set(re.findall(r"[\w.+-]+@[\w-]+\.[A-Za-z]+", text)) <= known, path.name
            assert not re.findall(r"\+\d\d[ \d/()-]{6,}", text), path.name
