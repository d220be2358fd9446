"""A last day that is not announced stands on 04 alone; the money that it moves counts everywhere."""

import csv
import io
import json
import re
import shutil

import pytest
from in_process_for_tests import reports_here
from test_people_held_back import REPORTS, SAMPLE, texts
from words_for_tests import plain

# A day and a place that nothing else in the sample has.
DAY, PLACE = "2027-02-11", "Zephyr Pumpworks"
TELLS = re.compile(
    rf"2027-02-11|11\s+Feb(ruary)?\b(?!\s+20(?!27))|{PLACE}|leaves on|leaves for|Their manager|their manager leaves",
    re.I,
)


def made(folder, announced_on):
    shutil.copytree(SAMPLE, folder / "data")
    path = folder / "data" / "managers.csv"
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
    rows[0] |= {"leaving_on": DAY, "announced_on": announced_on, "joins": PLACE}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    tasks = folder / "data" / "decisions.csv"
    lines = tasks.read_text(encoding="utf-8").splitlines()
    tasks.write_text("\n".join(each for each in lines if "D-10" not in each) + "\n", encoding="utf-8")
    assert reports_here(folder / "data" / "kam.toml", folder / "out", only=REPORTS, plans="0010100,").exit_code == 0
    return folder / "out"


@pytest.fixture(scope="module", params=["", "2027-01-15"])
def out(request, tmp_path_factory):
    return made(tmp_path_factory.mktemp("quiet"), request.param)


def test_it_stands_on_04_alone(out):
    told = {path.relative_to(out).as_posix() for path, text in texts(out) if TELLS.search(plain(text))}
    assert told == {"04_coverage.html", "notebooks/04_coverage.ipynb", "results/04_coverage.json"}


def test_index_and_calendar_ask_what_is_asked_of_everybody(out):
    index = plain((out / "index.html").read_text(encoding="utf-8"))
    assert "Jonas Reiter looks after 29% of sales. A hand-over puts" in index
    result = json.loads((out / "results" / "04_coverage.json").read_text(encoding="utf-8"))
    assert plain(result["answer"]).startswith("Jonas Reiter, who looks after 29% of sales, leaves on 11 February")
    assert {row["occasion"] for row in result["elsewhere"]["tables"]["calls"]} == {
        "if Jonas Reiter leaves",
        "yearly call",
    }


def test_the_money_counts(out):
    losses = json.loads((out / "results" / "03_churn_impact.json").read_text(encoding="utf-8"))
    [row] = [each for each in losses["tables"]["accounts"] if each["account_id"] == "0010100"]
    assert row["probability"] > 0.16  # the company's own estimate without the departure
