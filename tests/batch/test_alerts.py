"""Alerts: each rule against rows by hand, what is new from date to date, and what is told once."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from in_process_for_tests import reports_here
from notebooks_for_tests import PARAMETERS, code, result, text, write

from kam_analysis.batch import alerts
from kam_analysis.batch.alert_rules import RULES, look
from kam_analysis.batch.alerts import NAME, Watch
from kam_analysis.batch.jobs import Outcome, failed
from kam_analysis.batch.runs import RunSummary
from kam_analysis.errors import SettingsError
from kam_analysis.ledger.settings.settings import AlertLimits
from kam_analysis.ledger.settings.settings_file import load_settings
from kam_analysis.pages import history

AS_OF = date(2026, 9, 18)
EVERYTHING = AlertLimits(fall=0.20, share=0.15, notice_days=60, calls=True)
PERSON = "Henrik Dahl"


def made(as_of: date = AS_OF, **tables: list[dict[str, Any]]) -> dict[str, Any]:
    provenance = {"company": "Works", "as_of": as_of.isoformat(), "currency": "EUR"}
    return {"provenance": provenance, "tables": tables}


def row(account: str, **more: Any) -> dict[str, Any]:
    return {"account_id": account, "account_name": f"Firm {account}", **more}


def fall(account: str, change_share: float) -> dict[str, Any]:
    return row(
        account,
        recent=1000 * (1 + change_share),
        year_before=1000.0,
        change=1000 * change_share,
        change_share=change_share,
    )


def call(account: str, occasion: str = "yearly call", reason: str = "overdue") -> dict[str, Any]:
    return row(account, occasion=occasion, reason=reason, caller=PERSON, caller_id="S-77", day="2026-10-01")


def contract(account: str, days: int | None, name: str = "V-1") -> dict[str, Any]:
    return row(account, contract_id=name, notice_by=None if days is None else (AS_OF + timedelta(days)).isoformat())


RESULTS = {
    "01_concentration": made(
        fell_more_than_usual=[fall("A", -0.29), fall("B", -0.20), fall("C", -0.11)],
        accounts=[row("A", share=0.151), row("B", share=0.15), row("C", share=0.02)],
    ),
    "03_churn_impact": made(contracts=[contract(*each) for each in (("A", 60), ("B", 61), ("C", 0), ("D", -1), ("E", None))]),
    "04_coverage": made(
        calls=[call("A"), call("B", reason="notice"), call("C", occasion="if Jonas leaves"), call("D", reason="yearly")]
    ),
}  # fmt: skip


def test_each_rule_finds_the_rows_beyond_its_limit_and_no_others() -> None:
    found, unseen = look(EVERYTHING, RESULTS)
    assert unseen == {}
    assert [(each.rule, each.account_id, each.value, each.limit, each.day) for each in found] == [
        ("fall", "A", pytest.approx(0.29), 0.20, ""),
        ("share", "A", 0.151, 0.15, ""),
        ("notice_days", "A", 60, 60, "2026-11-17"),
        ("notice_days", "C", 0, 60, "2026-09-18"),
        ("calls", "A", None, None, ""),
    ]
    assert [each.said.replace("\u00a0", " ") for each in found] == [
        "Firm A: the last six months are 29% (€290) below those a year before, more than is usual for it",
        "Firm A: 15.1% of all sales, above 15.0%",
        "Firm A: last day for notice 17 Nov 2026, in 60 days",
        "Firm C: last day for notice 18 Sep 2026, today",
        "Firm A: the yearly executive call is overdue",
    ]
    assert len({each.id for each in found}) == len(found)


def test_a_terminal_obeys_nothing_of_a_name() -> None:
    large = made(accounts=[{**row("A", share=0.5), "account_name": "Ash\x1b[31m & Co"}])
    [alert] = look(AlertLimits(share=0.15), {"01_concentration": large})[0]
    assert alert.said.startswith("Ash\\x1b[31m & Co: 50.0% of all sales")


def test_what_nobody_asked_for_is_no_alert_and_what_cannot_be_seen_is_said() -> None:
    assert look(AlertLimits(share=0.15), RESULTS)[0] == [
        each for each in look(EVERYTHING, RESULTS)[0] if each.rule == "share"
    ]
    found, unseen = look(EVERYTHING, {"01_concentration": made(accounts=[])})
    assert found == []
    assert unseen == {
        "fall": "the data does not give 01_concentration its table fell_more_than_usual",
        "notice_days": "03_churn_impact was not made by this run",
        "calls": "04_coverage was not made by this run",
    }  # fmt: skip


@pytest.mark.parametrize("rule", RULES)
def test_the_tables_and_columns_that_rules_read_are_those_of_the_samples_reports(
    rule: str, sample_reports: Path
) -> None:
    result = json.loads((sample_reports / "results" / f"{RULES[rule].report}.json").read_text(encoding="utf-8"))
    found, unseen = look(EVERYTHING, {RULES[rule].report: result})
    assert rule not in unseen
    of_rule = [each for each in found if each.rule == rule]
    assert of_rule
    if rule == "calls":
        assert len(of_rule) == result["figures"]["executive_calls_overdue"]["value"]
    published = json.loads((sample_reports / NAME).read_text(encoding="utf-8"))
    assert [each["id"] for each in published["alerts"] if each["rule"] == rule] == [each.id for each in of_rule]


def watched(folder: Path, settings: Path, results: dict[str, Any], outcomes: dict[str, Outcome] | None = None) -> Watch:
    watch = Watch(settings, folder / "history", outcomes or {name: Outcome("done") for name in results})
    watch.look(results)
    return watch


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    path = tmp_path / "kam.toml"
    path.write_text(
        '[tables.transactions]\nfile = "t.csv"\n[alerts]\nfall = 0.2\nnotice_days = 60\ncalls = true\n',
        encoding="utf-8",
    )
    return path


def at(as_of: date, falls: list[str], calls: list[str]) -> dict[str, Any]:
    return {
        "01_concentration": made(as_of, fell_more_than_usual=[fall(each, -0.5) for each in falls]),
        "04_coverage": made(as_of, calls=[call(each) for each in calls]),
        "03_churn_impact": made(as_of, contracts=[]),
    }


def test_only_what_is_new_since_the_date_before_is_told_and_that_once(settings: Path, tmp_path: Path) -> None:
    september, october = date(2026, 9, 30), date(2026, 10, 31)
    told: list[str] = []

    def tell(watch: Watch) -> list[str]:
        return [each.split(":")[0] for each in watch.tell(told.append, told.append)]

    first = watched(tmp_path, settings, at(september, ["A"], ["B"]))
    assert tell(first) == ["Firm A", "Firm B"]
    # The same date once more: nothing to say, and the same file to the byte.
    again = watched(tmp_path, settings, at(september, ["A"], ["B"]))
    assert (tell(again), again.found and again.found.document()) == ([], first.found and first.found.document())
    # A month later B's call is done, A still falls, and so does C.
    later = watched(tmp_path, settings, at(october, ["A", "C"], []))
    assert tell(later) == ["Firm C"]
    assert later.found
    assert [(each.account_id, each.new) for each in later.found.alerts] == [("A", False), ("C", True)]
    # The month before, once more, for a file that was mended: October says nothing about it.
    assert tell(watched(tmp_path, settings, at(september, ["A", "D"], ["B"]))) == ["Firm D"]
    # Two months on B's call is overdue anew.
    assert tell(watched(tmp_path, settings, at(date(2026, 12, 31), ["A", "C"], ["B"]))) == ["Firm B"]


def test_a_report_that_failed_makes_nothing_new_when_it_runs_again(settings: Path, tmp_path: Path) -> None:
    watched(tmp_path, settings, at(date(2026, 9, 30), ["A"], ["B"])).tell(print, print)
    october = at(date(2026, 10, 31), ["A"], ["B"])
    outcomes = {name: failed("broken") if name == "04_coverage" else Outcome("done") for name in october}
    said: list[str] = []
    complaints: list[str] = []
    assert watched(tmp_path, settings, october, outcomes).tell(said.append, complaints.append) == ()
    assert said[-1] == "alerts, calls: not looked at: 04_coverage was not made by this run"
    assert complaints == []
    del october["04_coverage"]["tables"]["calls"]
    watched(tmp_path, settings, october).tell(said.append, complaints.append)
    assert complaints == ["alerts, calls: not looked at: the data does not give 04_coverage its table calls"]
    november = watched(tmp_path, settings, at(date(2026, 11, 30), ["A"], ["B"]))
    assert november.tell(print, print) == ()


def test_no_person_is_in_the_file_and_no_name_at_all_in_what_is_remembered(settings: Path, tmp_path: Path) -> None:
    watch = watched(tmp_path, settings, RESULTS)
    watch.tell(print, print)
    assert watch.found
    published = watch.found.document().decode()
    assert "Firm A" in published
    assert PERSON not in published
    assert "S-77" not in published
    [kept] = (tmp_path / "history").iterdir()
    assert not [each for each in ("Firm", '"A"', PERSON) if each in kept.read_text(encoding="utf-8")]
    found = history.read(tmp_path / "history", company="Works")
    assert (found.records, found.alien) == ([], 0)


def test_a_record_that_is_too_large_or_not_ours_is_no_record(
    settings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched(tmp_path, settings, at(date(2026, 9, 30), ["A"], [])).tell(print, print)
    [kept] = (tmp_path / "history").iterdir()
    october = at(date(2026, 10, 31), ["A"], [])
    assert watched(tmp_path, settings, october).tell(print, print) == ()
    for name in ("kind", "company"):
        told = json.loads(kept.read_text(encoding="utf-8"))
        (tmp_path / name / "history").mkdir(parents=True)
        (tmp_path / name / "history" / kept.name).write_text(json.dumps(told | {name: "other"}), encoding="utf-8")
        assert len(watched(tmp_path / name, settings, october).tell(print, print)) == 1
    (tmp_path / "large" / "history").mkdir(parents=True)
    (tmp_path / "large" / "history" / kept.name).write_bytes(kept.read_bytes())
    monkeypatch.setattr(alerts, "_LARGEST", kept.stat().st_size - 1)
    assert len(watched(tmp_path / "large", settings, october).tell(print, print)) == 1


def test_a_history_that_cannot_be_written_is_said(settings: Path, tmp_path: Path) -> None:
    (tmp_path / "history").touch()
    complaints: list[str] = []
    assert watched(tmp_path, settings, RESULTS).tell(print, complaints.append)
    assert "will be said again" in complaints[-1]


def whole_run(folder: Path, settings: Path, *falls: str, broken: bool = False, **more: Any) -> RunSummary:
    provenance = {"company": "Works", "as_of": "2026-09-30", "currency": "EUR"}
    shown = result(tables={"fell_more_than_usual": [fall(each, -0.5) for each in falls]}, provenance=provenance)
    write(folder / "notebooks", "01_concentration", text("# One?"), PARAMETERS, shown)
    write(folder / "notebooks", "09_more", text("# Nine?"), PARAMETERS, code("1 / 0" if broken else "1"))
    return reports_here(
        settings, folder / "out", check=False, notebooks=folder / "notebooks", fail_on_alert=True, **more
    )


def test_a_run_ends_with_a_code_of_its_own_for_what_is_new(settings: Path, tmp_path: Path) -> None:
    lines: list[str] = []
    assert whole_run(tmp_path, settings, "A", say=lines.append).exit_code == 4
    assert [line for line in lines if line.startswith("alert: Firm A: the last six months")]
    assert "1 new alert, 0 known: alerts.json" in lines
    published = json.loads((tmp_path / "out" / NAME).read_text(encoding="utf-8"))
    assert [each["account_id"] for each in published["alerts"]] == ["A"]
    record = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
    assert (NAME in record["files"], record["status"]) == (True, "complete")
    assert whole_run(tmp_path, settings, "A").exit_code == 0
    assert whole_run(tmp_path, settings, "A", "B", broken=True).exit_code == 1  # a failure goes before


def test_somebodys_own_notebooks_alone_have_no_alerts(settings: Path, tmp_path: Path) -> None:
    assert watched(tmp_path, settings, {"09_mine": made()}).found is None
    both = {"01_concentration": failed("broken"), "09_mine": Outcome("done")}
    found = watched(tmp_path, settings, {"09_mine": made()}, both).found
    assert found
    assert found.unseen["fall"] == "01_concentration was not made by this run"


def test_without_limits_there_is_no_file_and_nothing_to_fail_on(tmp_path: Path, settings: Path) -> None:
    whole_run(tmp_path, settings, "A")
    settings.write_text('[tables.transactions]\nfile = "t.csv"\n', encoding="utf-8")
    with pytest.raises(SettingsError, match=r"no section \[alerts\]"):
        whole_run(tmp_path, settings, "A")
    notebooks = tmp_path / "notebooks"
    assert reports_here(settings, tmp_path / "out", check=False, notebooks=notebooks).exit_code == 0
    assert not (tmp_path / "out" / NAME).exists()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("fall = 20", "expected a share 0-1, got 20"),
        ("share = -0.1", "expected a share 0-1"),
        ("notice_days = -1", "expected 0 to 3,650 days"),
        ("notice_days = 9.5", "expected a whole number"),
        ("calls = 3", "expected true or false"),
        ("fal = 0.2", 'did you mean "fall"?'),
    ],
)
def test_limits_that_mean_nothing_are_refused(said: str, words: str, settings: Path) -> None:
    settings.write_text(f'[tables.transactions]\nfile = "t.csv"\n[alerts]\n{said}\n', encoding="utf-8")
    with pytest.raises(SettingsError, match=words.replace("?", r"\?")):
        load_settings(settings)
