"""Each run keeps its figures beside its output folder, and the index opens with the brief."""

import json
from pathlib import Path
from threading import Thread

import pytest
from in_process_for_tests import reports_here
from notebooks_for_tests import result as shown
from notebooks_for_tests import text, write
from words_for_tests import plain

from kam_analysis.batch.history import keep_figures
from kam_analysis.batch.jobs import Outcome, failed
from kam_analysis.pages.history import ALERTS_KIND

PROVENANCE = {
    "company": "Works", "as_of": "2025-05-31", "version": "1", "settings_fingerprint": "s", "data_fingerprint": "d",
    "parameters": {"period": "all"},
}  # fmt: skip
FIGURES = {"hhi": {"value": 0.25, "unit": "share"}}


def outcome(**provenance: str) -> Outcome:
    return Outcome("done", result={"provenance": PROVENANCE | provenance, "figures": FIGURES})


def of(folder: Path) -> list[dict[str, object]]:
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.iterdir())]


def test_a_run_again_replaces_its_figures_and_another_day_adds_some(tmp_path: Path) -> None:
    for each in ({}, {}, {"as_of": "2025-06-30"}, {"data_fingerprint": "d2"}):
        assert keep_figures(tmp_path / "history", {"01_concentration": outcome(**each)}) == ""
    assert len(of(tmp_path / "history")) == 3
    assert {each["figures"]["hhi"] for each in of(tmp_path / "history")} == {0.25}  # type: ignore[index]


def test_what_failed_is_a_plan_or_is_not_ours_is_not_kept(tmp_path: Path) -> None:
    outcomes = {
        "01_concentration": failed("broken"),
        "05_account_plan/A-1": outcome(),
        "07_mine": outcome(),
        "02_key_accounts": Outcome("done", result={"provenance": {}, "figures": {}}),
        "03_churn_impact": Outcome("done", result={"provenance": {}, "tables": {}}),
    }
    assert keep_figures(tmp_path / "history", outcomes) == ""
    assert not (tmp_path / "history").exists()


def test_a_folder_that_cannot_be_written_is_said_and_fails_nothing(tmp_path: Path) -> None:
    (tmp_path / "history").write_text("", encoding="utf-8")
    said = keep_figures(tmp_path / "history", {"01_concentration": outcome()})
    assert said.startswith("folder history: this run's figures cannot be kept (")
    assert "[history] folder" in said


def test_two_runs_at_once_leave_whole_files(tmp_path: Path) -> None:
    names = ["01_concentration", "02_key_accounts"]
    runs = [Thread(target=keep_figures, args=(tmp_path, dict.fromkeys(names, outcome()))) for _ in range(8)]
    for each in runs:
        each.start()
    for each in runs:
        each.join()
    assert [each["report"] for each in of(tmp_path)] == names


@pytest.fixture
def notebooks(tmp_path: Path) -> Path:
    folder = tmp_path / "notebooks"
    asks = [{"what": "How we keep Ash & Co", "owner": "Sue", "due": "2025-06-02", "cost_said": "€3m of margin"}]
    tiles = [
        {"label": "Sales & more", "written": "€84m", "beside": "+2.4% since 30 Jun"},
        {"label": "Of an earlier version"},
    ]
    tables, parts = {"asks": asks, "figures": tiles}, {"provenance": PROVENANCE, "figures": FIGURES}
    write(folder, "01_concentration", text("# One?"), shown(answer="Five make 41%.", **parts))
    write(folder, "06_leadership_brief", text("# Six?"), shown(answer="Ash can go.", tables=tables, **parts))
    return folder


def test_a_run_keeps_its_figures_beside_its_folder_and_its_index_opens_with_the_brief(
    tmp_path: Path, notebooks: Path
) -> None:
    assert reports_here(None, tmp_path / "out", check=False, notebooks=notebooks).failed == {}
    kept = [each for each in of(tmp_path / "history") if each["kind"] != ALERTS_KIND]
    assert [each["report"] for each in kept] == ["01_concentration", "06_leadership_brief"]
    assert "41%" not in json.dumps(kept)
    assert str(tmp_path) not in json.dumps(kept)
    index = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert index.index("Ash can go.") < index.index("Five make 41%.")
    for part in (
        "How we keep Ash &amp; Co",
        "Sue",
        "2 Jun 2025",
        "€3m of margin",
        'href="06_leadership_brief.html"',
        "Decide this month",
        '<div class="kam-label">Sales &amp; more</div><div class="kam-value">€84m</div>',
        "+2.4% since 30 Jun",
    ):
        assert part in plain(index), part
    assert "Of an earlier version" not in index
    assert index.count("Ash can go.") == 1


def test_an_index_without_a_brief_or_with_a_failed_one_is_as_ever(tmp_path: Path, notebooks: Path) -> None:
    out = tmp_path / "out"
    assert reports_here(None, out, check=False, notebooks=notebooks, only=["01_concentration"]).failed == {}
    assert '<section class="cover' not in (out / "index.html").read_text(encoding="utf-8")
    reports_here(None, out, check=False, notebooks=notebooks)
    write(notebooks, "06_leadership_brief", text("# Six?"), {**shown(), "source": "1 / 0"})
    reports_here(None, out, check=False, notebooks=notebooks)
    index = (out / "index.html").read_text(encoding="utf-8")
    assert "Ash can go." in index
    assert "Not updated in this run." in index
    assert "division by zero" in index


def test_the_settings_name_another_folder(tmp_path: Path, notebooks: Path) -> None:
    settings = tmp_path / "kam.toml"
    settings.write_text(
        'name = "Works"\n[tables.transactions]\nfile = "sales.csv"\n[history]\nfolder = "kept"\n', encoding="utf-8"
    )
    reports_here(settings, tmp_path / "deep" / "out", check=False, notebooks=notebooks)
    assert len(of(tmp_path / "kept")) == 2
    assert not (tmp_path / "deep" / "history").exists()
