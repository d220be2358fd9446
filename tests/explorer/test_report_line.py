"""The copied line names the user's own notebooks, and works where it is typed."""

import shlex
from pathlib import Path

import pytest

from kam_analysis.bundled import notebooks_folder
from kam_analysis.explorer.report_line import report_line
from kam_analysis.ledger import open_ledger
from kam_analysis.working_copy import STARTED_IN, WORKING_COPY

SETTINGS = '[tables.transactions]\nfile = "sales.csv"\n'
ROWS = "account_id,date,revenue\nA,2025-01-01,3\nB,2025-02-01,3\n"


@pytest.fixture
def beside(company, monkeypatch):
    """A working copy in the folder `it's mine` beside kam.toml, and this process in it as its kernel."""
    settings = company(SETTINGS, sales__csv=ROWS)
    copy = settings.parent / "it's mine"
    copy.mkdir()
    (copy / "01_concentration.ipynb").write_text("{}")
    monkeypatch.chdir(copy)
    for name in (STARTED_IN, WORKING_COPY):
        monkeypatch.delenv(name, raising=False)
    return copy


def test_in_a_working_copy_the_command_names_it_and_works_where_kam_lab_was_started(beside, monkeypatch):
    monkeypatch.setenv(STARTED_IN, str(beside.parent))
    monkeypatch.setenv(WORKING_COPY, "it's mine")
    line = report_line(open_ledger("../kam.toml"), "01_concentration", {"line": "Seals"})
    assert line == (
        "kam report kam.toml --notebooks 'it'\"'\"'s mine' --only 01_concentration --set 01_concentration.line=Seals"
    )
    # Typed where kam lab was started, both are there.
    words = shlex.split(line)
    monkeypatch.chdir(beside.parent)
    assert Path(words[2]).is_file()
    assert (Path(words[4]) / f"{words[6]}.ipynb").is_file()


def test_settings_in_another_folder_are_told_from_where_kam_lab_was_started(beside, tmp_path, monkeypatch):
    (tmp_path / "desk").mkdir()
    monkeypatch.setenv(STARTED_IN, str(tmp_path / "desk"))
    monkeypatch.setenv(WORKING_COPY, str(beside))
    words = shlex.split(report_line(open_ledger("../kam.toml"), "01_concentration", {}))
    assert (tmp_path / "desk" / words[2]).samefile(beside.parent / "kam.toml")
    assert words[3:] == ["--notebooks", str(beside), "--only", "01_concentration"]
    absolute = str(beside.parent / "kam.toml")
    assert shlex.split(report_line(open_ledger(absolute), "01_concentration", {}))[2] == absolute


def test_where_kam_lab_did_not_start_it_the_command_is_for_the_notebooks_own_folder(beside):
    words = shlex.split(report_line(open_ledger("../kam.toml"), "01_concentration", {}))
    assert words == ["kam", "report", "../kam.toml", "--notebooks", ".", "--only", "01_concentration"]
    assert "--notebooks" not in report_line(open_ledger(""), "02_key_accounts", {}), "not in this folder"
    assert report_line(open_ledger(""), "01_concentration", {}) == "kam report --notebooks . --only 01_concentration"


def test_the_workbooks_own_notebooks_are_not_named(beside, monkeypatch):
    monkeypatch.chdir(notebooks_folder())
    assert report_line(open_ledger(""), "01_concentration", {}) == "kam report --only 01_concentration"
