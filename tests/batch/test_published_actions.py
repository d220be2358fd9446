"""What a run publishes beside its reports: actions to fill in, the plans' history, sheets for customers, an index on paper."""

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from published_for_tests import Shelf, document

from kam_analysis.batch.jobs import NOTEBOOK, PAGE, RESULT, SHEET, Job, Outcome
from kam_analysis.batch.navigation import AROUND, TABS
from kam_analysis.batch.publication import publish_all

ACTION = {
    "decision_id": "D1",
    "what": "Call Ash",
    "owner": "Sue",
    "due": "2025-07-01",
    "rule": "call",
    "status": "proposed",
}


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


def actions(*ids: str) -> list[dict[str, Any]]:
    return [{**ACTION, "decision_id": each} for each in ids]


def test_actions_are_published_twice_in_calendars_and_in_the_history(shelf: Shelf) -> None:
    shelf.publish({"05_plan": "May"}, actions=actions("D1", "D2"))
    assert {"actions.csv", "actions.xlsx", "actions.ics"} <= set(shelf.record["files"])
    assert shelf.files["actions.csv"].count(b"Call Ash") == 2
    assert [f'href="actions{end}"' in shelf.index for end in (".csv", ".ics", ".xlsx")] == [True] * 3
    shelf.publish({"05_plan": "June"})
    assert not {"actions.csv", "actions.ics"} & set(shelf.record["files"])
    assert "actions.ics" not in shelf.files  # a calendar would do what is done already
    assert shelf.is_true()


def test_a_file_that_somebody_filled_in_stays_and_the_new_one_lies_beside_it(shelf: Shelf) -> None:
    shelf.publish({"05_plan": "May"}, actions=actions("D1"))
    mine = shelf.files["actions.csv"].replace(b"proposed", b"done")
    (shelf.out / "actions.csv").write_bytes(mine)
    shelf.publish({"05_plan": "June"}, actions=actions("D1", "D2"))
    assert shelf.files["actions.csv"] == mine
    assert shelf.files["actions (new).csv"].count(b"Call Ash") == 2
    assert "actions (new).xlsx" not in shelf.files
    assert 'href="actions%20%28new%29.csv"' in shelf.index
    assert shelf.is_true()


@pytest.mark.parametrize("made", [b"%PDF", b""])
def test_a_plan_has_its_sheet_its_links_and_its_paper(made: bytes, tmp_path: Path) -> None:
    """`made`: what Chromium made of the index, nothing where it failed."""
    folder = tmp_path / "staging"
    folder.mkdir()
    page = f"<table><td>Ash</td></table>{TABS}{AROUND}"
    for file, content in ((NOTEBOOK, "{}"), (PAGE, page), (RESULT, "{}"), (SHEET, "for Ash")):
        (folder / file).write_text(content, encoding="utf-8")
    names = ("02_key_accounts", "05_plan/A")
    jobs = {
        name: Job(name, name.partition("/")[0], Path(), {}, f"{stem}.html", f"{stem}.ipynb", f"{stem}.json", cwd=Path(), folder=folder, sheet=f"{stem}.customer.html")
        for name, stem in zip(names, ("02_key_accounts", "plans/A"), strict=True)
    }  # fmt: skip
    keys, plan = (
        document("Three are key.", accounts=[{"account_id": "A", "account_name": "Ash"}]),
        document("Keep Ash."),
    )
    plan["provenance"]["parameters"] = {"account_id": "A"}
    outcomes = {name: Outcome("done", result=result) for name, result in zip(names, (keys, plan), strict=True)}
    papers: Any = SimpleNamespace(
        pdf=True, failed={"02": "broke"}, files=lambda job: {f"{job.page}.pdf": b"paper"}, letter_picture=lambda *page: None,
        made=lambda name, html: (made, "why"),
    )  # fmt: skip
    out = tmp_path / "out"
    out.mkdir()
    publish_all(out, [], jobs, outcomes, datetime(2025, 6, 1, tzinfo=UTC), papers=papers)
    assert (out / "plans" / "A.customer.html").read_text(encoding="utf-8") == "for Ash"
    assert (out / "plans" / "A.html.pdf").read_bytes() == b"paper"
    assert '<td><a href="plans/A.html">Ash</a></td>' in (out / "02_key_accounts.html").read_text(encoding="utf-8")
    assert "<td>Ash</td>" in (out / "plans" / "A.html").read_text(encoding="utf-8")
    assert (out / "index.pdf").exists() is bool(made)
    assert '"status": "partial"' in (out / "run.json").read_text(encoding="utf-8")  # a page could not be drawn
    publish_all(out, [], jobs, outcomes, datetime(2025, 6, 2, tzinfo=UTC))
    assert not (out / "index.pdf").exists()
    assert '"status": "complete"' in (out / "run.json").read_text(encoding="utf-8")
