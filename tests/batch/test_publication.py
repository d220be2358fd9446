"""What stands in the output folder after any run, whole or cut short: `run.json` tells no lie about it."""

import errno
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from notebooks_for_tests import text, write
from published_for_tests import FILES, Shelf

from kam_analysis.batch import publish as publishing
from kam_analysis.batch import runs
from kam_analysis.errors import RunError

ONE, TWO = "01_one", "02_two"
CALL = {"day": "2025-06-02", "account_id": "A"}


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither for another program nor for the disk."""
    monkeypatch.setattr(publishing.time, "sleep", lambda seconds: None)
    monkeypatch.setattr(publishing.os, "fsync", lambda handle: None)


# Whose reports are listed


def test_a_report_that_was_not_run_stays_listed_as_long_as_it_is_the_same_companys(shelf: Shelf) -> None:
    shelf.publish({ONE: "one of May", TWO: "two of May"})
    shelf.publish({ONE: "one of June"})
    assert set(shelf.record["earlier"]) == {TWO}
    assert "two of May" in shelf.index
    assert "From an earlier run, as of 31 May 2025." in shelf.index
    assert shelf.is_true()
    shelf.publish({TWO: "two of June"})
    assert set(shelf.record["earlier"]) == {ONE}
    assert "one of June" in shelf.index


@pytest.mark.parametrize(("before", "now"), [("Acme", "Lindmark"), ("Acme", None), (None, "Lindmark")])
def test_another_companys_reports_are_listed_nowhere(shelf: Shelf, before: str | None, now: str | None) -> None:
    shelf.publish({ONE: "one of theirs", TWO: "two of theirs"}, company=before)
    shelf.publish({ONE: "one of ours"}, company=now)
    assert shelf.record["earlier"] == {}
    assert "theirs" not in shelf.index
    assert "theirs" not in str(shelf.files["tables.xlsx"])
    assert shelf.is_true()


def test_a_failed_reports_last_good_page_counts_only_for_the_same_company(shelf: Shelf) -> None:
    shelf.publish({ONE: "one of theirs", TWO: "two of theirs"}, company="Acme")
    shelf.publish({ONE: None, TWO: "two of ours"})
    assert "theirs" not in shelf.index
    assert shelf.record["reports"][ONE]["last_good_files"] == {}
    shelf.publish({ONE: "one of ours", TWO: None})
    assert "two of ours" in shelf.index
    assert set(shelf.record["reports"][TWO]["last_good_files"]) == {file.format(TWO) for file in FILES}


def test_a_company_is_known_by_what_is_done_not_by_what_failed_first(shelf: Shelf) -> None:
    """The failed report comes first in the run, and its last good page is another company's."""
    shelf.publish({ONE: "one of theirs", "03_three": "three of theirs"}, company="Acme")
    shelf.publish({TWO: "two of ours"})
    shelf.publish({ONE: None, TWO: "two of ours"})
    assert set(shelf.record["earlier"]) == set()
    assert "theirs" not in shelf.index


def test_where_everything_failed_the_last_good_pages_stay_listed(shelf: Shelf) -> None:
    shelf.publish({ONE: "one of May", TWO: "two of May"})
    for _ in range(2):
        shelf.publish({ONE: None})
        assert shelf.record["status"] == "failed"
        assert "one of May" in shelf.index
        assert "The page linked here is the last good one, as of 31 May 2025." in shelf.index
        assert "two of May" in shelf.index
        assert shelf.is_true()


def test_a_report_without_its_page_is_not_listed(shelf: Shelf) -> None:
    shelf.publish({ONE: "one of May", TWO: "two of May"})
    (shelf.out / f"{TWO}.html").unlink()
    shelf.publish({ONE: "one of June"})
    assert shelf.record["earlier"] == {}


@pytest.mark.parametrize(
    ("reports", "status"), [({ONE: "x"}, "complete"), ({ONE: "x", TWO: None}, "partial"), ({ONE: None}, "failed")]
)
def test_the_status_says_how_much_is_done(shelf: Shelf, reports: dict[str, str | None], status: str) -> None:
    shelf.publish(reports)
    assert shelf.record["status"] == status
    assert shelf.record["held_open"] == {}


@pytest.mark.parametrize(
    "foreign",
    ["[]", "{", "null", '{"reports": []}', '{"earlier": {"x": 7}}', '{"reports": {"x": {"page": [], "result": 7}}}',
     '{"files": "x"}', '{"held_open": []}', '{"status": "publishing", "reports": {"x": {"files": {}}}}'],
)  # fmt: skip
def test_a_run_json_that_is_not_ours_counts_as_none(shelf: Shelf, foreign: str) -> None:
    (shelf.out / "run.json").write_text(foreign)
    shelf.publish({ONE: "x"})
    assert shelf.record["status"] == "complete"
    assert shelf.record["earlier"] == {}


# Files that another program holds open


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """`held("tables.xlsx")`: renaming onto these fails as on Windows, while another program holds them open; as often
    as `times` says. Returns the list of such attempts."""
    replace = os.replace

    def hold(*names: str, times: int = 10**6) -> list[str]:
        tried: list[str] = []

        def refusing(source: Path, target: Path) -> None:
            if Path(target).name in names and Path(target).exists() and tried.count(Path(target).name) < times:
                tried.append(Path(target).name)
                raise PermissionError(errno.EACCES, "Access is denied", str(target))
            replace(source, target)

        monkeypatch.setattr(publishing.os, "replace", refusing)
        return tried

    return hold


def test_tables_open_in_excel_get_a_new_file_beside_them(shelf: Shelf, held: Callable[..., list[str]]) -> None:
    shelf.publish({ONE: "May"}, t=[{"a": 1}])
    old = shelf.files["tables.xlsx"]
    held("tables.xlsx")
    assert shelf.publish({ONE: "June"}, t=[{"a": 2}]) == {"tables.xlsx": "tables (new).xlsx"}
    assert shelf.files["tables.xlsx"] == old
    assert shelf.files["tables (new).xlsx"] != old
    assert 'href="tables (new).xlsx"' in shelf.index
    assert shelf.record["held_open"] == {"tables.xlsx": "tables (new).xlsx"}
    assert shelf.record["status"] == "partial"  # who goes by it must not send the old tables
    assert set(shelf.record["files"]) == {"tables (new).xlsx", "mail.eml", "index.html"}
    assert shelf.is_true()
    assert not [name for name in shelf.files if name.endswith(".part")]


def test_a_run_says_what_was_held_open_and_is_not_well(
    tmp_path: Path, held: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its reports are all done; who goes by the exit code must not send the old tables."""
    write(tmp_path / "notebooks", ONE, text("# A question?"))
    monkeypatch.setattr(runs, "check_data", lambda *given: None)
    monkeypatch.setattr(runs._Run, "prepare", lambda run, known: None)  # no report is run
    lines: list[str] = []
    for names, exit_code in (((), 0), (("tables.xlsx", "index.html"), 1)):
        held(*names)
        summary = runs.run_reports(None, tmp_path / "out", notebooks=tmp_path / "notebooks", say=lines.append)
        assert (summary.exit_code, summary.failed) == (exit_code, {})
    assert summary.index == tmp_path / "out" / "index (new).html"
    assert lines[1:3] == [
        f"{name}: another program holds it open, so the new one is {new}; close it there and run again"
        for name, new in {"tables.xlsx": "tables (new).xlsx", "index.html": "index (new).html"}.items()
    ]
    assert "delete it" in runs._said_of_held("calls.ics", "")


def test_the_file_beside_goes_as_soon_as_the_place_is_free(
    shelf: Shelf, held: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.publish({ONE: "May"})
    held("tables.xlsx")
    for _ in range(2):  # and the one beside is replaced, not numbered on
        assert shelf.publish({ONE: "June"}) == {"tables.xlsx": "tables (new).xlsx"}
    monkeypatch.undo()
    assert shelf.publish({ONE: "July"}) == {}
    assert "tables (new).xlsx" not in shelf.files
    assert shelf.record["status"] == "complete"
    assert shelf.is_true()


def test_a_file_that_is_let_go_in_time_is_replaced(shelf: Shelf, held: Callable[..., list[str]]) -> None:
    shelf.publish({ONE: "May"})
    tried = held("tables.xlsx", times=2)
    assert shelf.publish({ONE: "June"}) == {}
    assert len(tried) == 2


def test_somebodys_own_file_beside_is_not_overwritten(shelf: Shelf, held: Callable[..., list[str]]) -> None:
    shelf.publish({ONE: "May"})
    (shelf.out / "tables (new).xlsx").write_text("mine")
    held("tables.xlsx")
    for _ in range(2):
        assert shelf.publish({ONE: "June"}) == {"tables.xlsx": "tables (new 2).xlsx"}
    assert (shelf.out / "tables (new).xlsx").read_text() == "mine"
    held()
    shelf.publish({ONE: "July"})
    assert (shelf.out / "tables (new).xlsx").read_text() == "mine"
    assert "tables (new 2).xlsx" not in shelf.files


def test_both_held_open_gives_the_next_name(shelf: Shelf, held: Callable[..., list[str]]) -> None:
    shelf.publish({ONE: "May"})
    held("tables.xlsx")
    shelf.publish({ONE: "June"})
    held("tables.xlsx", "tables (new).xlsx")
    assert shelf.publish({ONE: "July"}) == {"tables.xlsx": "tables (new 2).xlsx"}
    held("tables.xlsx")
    assert shelf.publish({ONE: "August"}) == {"tables.xlsx": "tables (new).xlsx"}
    assert "tables (new 2).xlsx" not in shelf.files


def test_a_page_held_open_is_linked_where_the_new_one_is(shelf: Shelf, held: Callable[..., list[str]]) -> None:
    shelf.publish({ONE: "May", TWO: "May"})
    held(f"{ONE}.html", f"{ONE}.json")
    shelf.publish({ONE: "June", TWO: "June"})
    record = shelf.record["reports"][ONE]
    assert (record["page"], record["result"]) == (f"{ONE} (new).html", f"results/{ONE} (new).json")
    assert f'href="{ONE}%20%28new%29.html"' in shelf.index
    assert shelf.is_true()
    # What a later run says of it, as earlier or as last good, names the new one too; then it is replaced.
    shelf.publish({TWO: "July"})
    assert f'href="{ONE}%20%28new%29.html"' in shelf.index
    shelf.publish({ONE: None, TWO: "July"})
    assert f'href="{ONE}%20%28new%29.html"' in shelf.index
    assert f"{ONE} (new).html" in shelf.files
    assert shelf.is_true()
    held()
    shelf.publish({ONE: "August", TWO: "August"})
    assert not [name for name in shelf.files if "(new)" in name]
    assert shelf.is_true()


def test_an_index_held_open(shelf: Shelf, held: Callable[..., list[str]]) -> None:
    shelf.publish({ONE: "May"})
    held("index.html")
    assert shelf.publish({ONE: "June"}) == {"index.html": "index (new).html"}
    assert b"June" in shelf.files["index (new).html"]
    assert shelf.is_true()


def test_a_run_json_held_open_ends_the_run_before_anything_is_replaced(
    shelf: Shelf, held: Callable[..., list[str]]
) -> None:
    shelf.publish({ONE: "May"})
    before = shelf.files
    held("run.json")
    with pytest.raises(
        RunError, match=r"folder out: cannot be written to \(run.json is held open by another program\).*close it"
    ):
        shelf.publish({ONE: "June"})
    assert shelf.files == before


def test_old_calls_held_open_are_told(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    coverage = "04_coverage"
    shelf.publish({coverage: "May"}, calls=[CALL])
    unlink = Path.unlink

    def refusing(path: Path, missing_ok: bool = False) -> None:
        if path.name == "calls.ics":
            raise PermissionError(errno.EACCES, "Access is denied", str(path))
        unlink(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", refusing)
    assert shelf.publish({coverage: "June"}) == {"calls.ics": ""}
    assert (shelf.record["status"], shelf.record["held_open"]) == ("partial", {"calls.ics": ""})
    monkeypatch.undo()
    assert shelf.publish({coverage: "July"}) == {}
    assert "calls.ics" not in shelf.files
    assert shelf.record["status"] == "complete"


def test_nothing_outside_the_folder_is_removed_whatever_run_json_says(shelf: Shelf, tmp_path: Path) -> None:
    victims = [tmp_path / "mine (new).xlsx", tmp_path / "calls.ics"]
    for victim in victims:
        victim.write_text("mine")
    named = ["../calls.ics", "../mine (new).xlsx", str(victims[0]), "notes.txt"]
    (shelf.out / "run.json").write_text(json.dumps({"files": dict.fromkeys(named, "")}))
    (shelf.out / "notes.txt").write_text("mine")
    shelf.publish({ONE: "x"})
    assert all(victim.exists() for victim in [*victims, shelf.out / "notes.txt"])


# A disk that refuses


class Refusing:
    """Lets `os.fsync` or `os.replace` work so many times, then fails once: OSError, or the end of the process."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, name: str, after: int, error: BaseException) -> None:
        self.left, self.refused = after, False
        work = getattr(os, name)

        def call(*given: Any) -> Any:
            self.left -= 1
            if self.left == -1:
                self.refused = True
                raise error
            return work(*given)

        monkeypatch.setattr(publishing.os, name, call)


def raised(publish: Callable[[], object]) -> str:
    """The sentence in which it ended, or nothing where it did not."""
    try:
        publish()
    except RunError as error:
        return str(error)
    return ""


@pytest.mark.parametrize(("number", "said"), [
    (errno.ENOSPC, "the disk is full"), (errno.EDQUOT, "your share of the disk is used up"),
    (errno.EIO, "input/output error"), (errno.EROFS, "can only be read"),
])  # fmt: skip
def test_a_disk_that_refuses_to_write_leaves_the_run_before_as_it_was(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, number: int, said: str
) -> None:
    """Whenever that happens: every write is made to fail once."""
    shelf.publish({ONE: "May", TWO: "May"}, t=[{"a": 1}])
    before = shelf.files
    places = 0
    for after in range(100):
        with monkeypatch.context() as patch:
            refusing = Refusing(patch, "fsync", after, OSError(number, os.strerror(number)))
            refused = raised(lambda: shelf.publish({ONE: "June", TWO: "June"}, t=[{"a": 2}]))
        if not refused:
            break  # only the flushing of folders was refused, or nothing: the run is whole
        for words in (said, "folder out: cannot be written to", "as it was before this run"):
            assert words in refused
        assert str(shelf.out) not in refused
        assert shelf.files == before
        places += 1
    assert places == 11  # two reports of three files, tables, mail, index, run.json twice
    assert refusing.refused
    assert shelf.record["status"] == "complete"
    assert shelf.is_true()


def test_a_disk_that_refuses_to_rename_leaves_the_truth_in_run_json(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = set()
    for after in range(100):
        shelf.publish({ONE: "May"})
        before = shelf.files
        with monkeypatch.context() as patch:
            refusing = Refusing(patch, "replace", after, OSError(errno.EIO, "Input/output error"))
            said = raised(lambda: shelf.publish({ONE: "June"}))
        if not refusing.refused:
            break
        status = shelf.record["status"]
        assert (shelf.files == before) == (status == "complete")
        assert ('run.json says "publishing"' in said) == (status == "publishing")
        assert not [name for name in shelf.files if name.endswith(".part")]
        seen.add(status)
    assert seen == {"complete", "publishing"}
    assert (shelf.record["status"], shelf.is_true()) == ("complete", True)


def test_after_a_run_cut_short_no_mixture_of_two_runs_is_listed(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    for after in range(1, 8):  # the first rename is run.json's own; then two reports of three files, and the tables
        shelf.publish({ONE: "May", TWO: "May"})
        with monkeypatch.context() as patch:
            Refusing(patch, "replace", after, KeyboardInterrupt())
            with pytest.raises(KeyboardInterrupt):
                shelf.publish({ONE: "June", TWO: "June"})
        assert shelf.record["status"] == "publishing"
        torn = {name for name, done in ((ONE, after - 1), (TWO, after - 4)) if done > 0}
        shelf.publish({"03_three": "July", TWO: None})
        assert shelf.is_true()
        assert (ONE in shelf.record["earlier"]) == (ONE not in torn)
        assert bool(shelf.record["reports"][TWO]["last_good_files"]) == (TWO not in torn)
        assert shelf.index.count(">May<") == 2 - len(torn)
        assert ">June<" not in shelf.index


def test_files_of_a_run_cut_short_do_not_pass_for_those_of_a_report_that_had_none(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.publish({ONE: "May", TWO: None})
    with monkeypatch.context() as patch:
        Refusing(patch, "replace", 7, KeyboardInterrupt())
        with pytest.raises(KeyboardInterrupt):
            shelf.publish({ONE: "June", TWO: "June"})
    assert f"{TWO}.html" in shelf.files
    shelf.publish({"03_three": "July"})
    assert shelf.record["earlier"] == {}
