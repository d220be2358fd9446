"""actions.xlsx, actions.csv and actions.ics: read back by the ledger, the same twice, nothing in a calendar but what may be."""

import csv
import hashlib
import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from icalendar import Calendar

import kam_analysis as kam
from kam_analysis.batch.actions import as_csv, as_xlsx, filled_in, left_on, recommended, with_those_on_file
from kam_analysis.batch.calendar import actions_calendar
from kam_analysis.batch.plan_history import NAME, plans_made

AS_OF = "2026-09-18"


def action(**more: Any) -> dict[str, Any]:
    return {
        "due": "2026-10-02", "what": "Take over from Jonas Reiter: the €380k offer", "why": "Jonas Reiter leaves.", "owner": "Ann Hill",
        "worth": 1234.5, "rule": "left_behind", "decision_id": "act.A1.left_behind.0a0a0a", "status": "proposed",
        "called": "an open task taken over", "account_name": "Ash Mills",
    } | more  # fmt: skip


def plan(*rows: dict[str, Any], account: str = "A1", as_of: str = AS_OF) -> dict[str, Any]:
    return {
        "question": "?", "answer": "!", "tables": {"actions": list(rows)}, "figures": {"revenue": {"value": 12.5, "unit": "EUR"}},
        "provenance": {"company": "Small Works", "as_of": as_of, "parameters": {"account_id": account}},
    }  # fmt: skip


RESULTS = {
    "05_account_plan/A1": plan(action(), action(decision_id="act.A1.call.1b1b1b", rule="call", called="the annual executive call")),
    "05_account_plan/B1": plan(action(decision_id="act.B1.renew.2c2c2c", due="2026-09-20", owner="=cmd()", account_name="@Birch", what="=1+1"), account="B1"),
}  # fmt: skip


def test_rows_by_hand() -> None:
    rows = recommended(RESULTS)
    assert [each["decision_id"] for each in rows] == [
        "act.A1.call.1b1b1b",
        "act.A1.left_behind.0a0a0a",
        "act.B1.renew.2c2c2c",
    ]
    assert rows[1] == {
        "decision_id": "act.A1.left_behind.0a0a0a", "date": AS_OF, "kind": "action",
        "decision": "Take over from Jonas Reiter: the €380k offer", "owner": "Ann Hill", "due": "2026-10-02",
        "status": "proposed", "account_id": "A1", "account_name": "Ash Mills",
    }  # fmt: skip
    on_file = [
        {"decision_id": "act.A1.call.1b1b1b", "status": "done", "decision": "theirs"},
        {"decision_id": None, "decision": "old"},
    ]
    together = with_those_on_file(
        rows, [*on_file, {"decision_id": "act.A1.renew.9", "status": "Proposed", "decision": "not any more"}]
    )
    assert together[:2] == [each | {"account_name": None} for each in on_file]
    assert with_those_on_file(rows, [{"decision": "theirs", "account_id": "A1"}])[0]["account_name"] == "Ash Mills"
    assert [each["decision_id"] for each in together[2:]] == ["act.A1.left_behind.0a0a0a", "act.B1.renew.2c2c2c"]


def test_what_leadership_is_asked_leaves_first_and_without_the_money() -> None:
    asks = [
        {"what": "How we keep Ash Mills", "owner": "Sue Field", "due": "2026-10-19", "cost": 380.0, "account_ids": ["A1"], "decision_id": "ask.rescue.3d3d3d"},
        {"what": "Whether two join the list", "owner": "to be named", "due": None, "cost": None, "account_ids": ["B1", "C1"], "decision_id": "ask.list.4e4e4e"},
        {"what": "A table of somebody's own"},
    ]  # fmt: skip
    brief = {"question": "?", "answer": "!", "tables": {"asks": asks}, "provenance": {"as_of": AS_OF, "parameters": {}}}
    first, second, *plans = recommended(RESULTS | {"06_leadership_brief": brief})
    assert plans == recommended(RESULTS)
    asked = {"date": AS_OF, "kind": "decision", "status": "proposed"}
    assert first == asked | {
        "decision_id": "ask.list.4e4e4e", "decision": "Whether two join the list", "owner": "to be named", "due": None,
        "account_id": None,
    }  # fmt: skip
    assert second == asked | {
        "decision_id": "ask.rescue.3d3d3d", "decision": "How we keep Ash Mills", "owner": "Sue Field",
        "due": "2026-10-19", "account_id": "A1",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["actions.xlsx", "actions.csv"])
def test_the_ledger_reads_it_back_with_what_was_filled_in(tmp_path: Path, name: str) -> None:
    rows = [each | {"status": "declined", "result": "not now"} for each in recommended(RESULTS)]
    (tmp_path / name).write_bytes(as_xlsx(rows, AS_OF) if name.endswith("xlsx") else as_csv(rows))
    (tmp_path / "sales.csv").write_text("account_id,date,revenue\nA1,2026-09-01,5\nB1,2026-09-18,5\n")
    settings = tmp_path / "kam.toml"
    settings.write_text(f'[tables.transactions]\nfile = "sales.csv"\n[tables.decisions]\nfile = "{name}"\n')
    read = kam.open_ledger(settings).records("decisions")
    assert read["decision_id"].tolist() == [each["decision_id"] for each in rows]
    assert set(read["status"]) == {"declined"}
    assert set(read["result"]) == {"not now"}
    assert read["due"].dt.strftime("%Y-%m-%d").tolist() == [each["due"] for each in rows]
    assert read["account_id"].tolist() == ["A1", "A1", "B1"]


def test_no_cell_is_a_formula() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx(recommended(RESULTS)))).active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} <= {"s", "d"}
    assert sheet["D4"].value == "=1+1"
    assert sheet["D4"].quotePrefix
    table = list(csv.reader(io.StringIO(as_csv(recommended(RESULTS)).decode("utf-8-sig"))))
    assert table[3][3:5] == ["'=1+1", "'=cmd()"]
    assert as_csv(recommended(RESULTS)) == as_csv(recommended(dict(reversed(RESULTS.items()))))
    assert as_xlsx(recommended(RESULTS), AS_OF) == as_xlsx(recommended(RESULTS), AS_OF)


def test_the_status_is_chosen_from_a_list_also_in_two_hundred_rows_below() -> None:
    rows = recommended(RESULTS)
    for known in (rows, []):
        sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx(known, AS_OF))).active
        last = max(len(known), 1) + 1
        heads = [cell.value for cell in sheet[1]]
        status = openpyxl.utils.get_column_letter(heads.index("status") + 1)
        [choice] = sheet.data_validations.dataValidation
        assert (str(choice.sqref), choice.formula1) == (
            f"{status}2:{status}{last + 200}",
            '"proposed,open,done,declined"',
        )
        assert (sheet.freeze_panes, sheet.auto_filter.ref) == (
            "A2",
            f"A1:{openpyxl.utils.get_column_letter(len(heads))}{last}",
        )
        assert (sheet.max_row, sheet.column_dimensions["D"].width > 55) == (len(known) + 1, heads[3] == "decision")


def test_the_calendar_has_no_money_no_departure_and_nobody_but_the_owner() -> None:
    content = actions_calendar(RESULTS)
    assert content is not None
    words = content.decode()
    for secret in ("Jonas", "Reiter", "leaves", "380", "1234", "EUR", "DESCRIPTION"):
        assert secret not in words
    events = Calendar.from_ical(content).walk("VEVENT")
    assert [str(each["SUMMARY"]) for each in events] == [
        "@Birch: an open task taken over (=cmd())", "Ash Mills: the annual executive call (Ann Hill)",
        "Ash Mills: an open task taken over (Ann Hill)",
    ]  # fmt: skip


def test_a_calendar_read_again_doubles_nothing_and_an_action_moves_with_its_day() -> None:
    later = {"05_account_plan/A1": plan(action(due="2026-10-30"), as_of="2026-10-01")}
    [moved] = Calendar.from_ical(actions_calendar(later)).walk("VEVENT")
    uids = {str(each["UID"]): each.start for each in Calendar.from_ical(actions_calendar(RESULTS)).walk("VEVENT")}
    assert len(uids) == 3
    assert uids[str(moved["UID"])].isoformat() == "2026-10-02"
    assert moved.start.isoformat() == "2026-10-30"


def test_two_companies_have_no_entry_in_common() -> None:
    other = {name: each | {"provenance": each["provenance"] | {"company": "Other"}} for name, each in RESULTS.items()}
    ids = []
    for results in (RESULTS, other):
        found = actions_calendar(results)
        assert found is not None
        calendar = Calendar.from_ical(found)
        ids.append({str(each["UID"]) for each in [calendar, *calendar.walk("VEVENT")] if "UID" in each})
    assert (len(ids[0]) >= 3, ids[0] & ids[1]) == (True, set())


def test_a_call_that_calls_ics_has_is_not_made_twice() -> None:
    coverage = {
        "question": "?",
        "answer": "!",
        "tables": {"calls": [{"account_id": "A1", "day": AS_OF}]},
        "provenance": {},
    }
    events = Calendar.from_ical(actions_calendar(RESULTS | {"04_coverage": coverage})).walk("VEVENT")
    assert len(events) == 2
    assert not any("executive call" in str(each["SUMMARY"]) for each in events)
    assert actions_calendar({"04_coverage": coverage}) is None


def test_a_file_that_was_filled_in_and_not_read_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "actions.xlsx"
    ours, theirs = (hashlib.sha256(each).hexdigest() for each in (b"ours", b"theirs"))
    assert not filled_in(path, ours, {})
    path.write_bytes(b"ours")
    assert not filled_in(path, ours, {})
    path.write_bytes(b"theirs")
    assert filled_in(path, ours, {})
    assert not filled_in(path, ours, {"read": theirs, "rows": []})
    # Read, but not to be written: names are held back.
    assert filled_in(path, ours, {"read": theirs, "rows": None})
    (tmp_path / "decisions.json").write_text("[]")
    assert left_on(tmp_path) == left_on(None) == {}


def test_history_has_figures_and_numbers_alone_and_a_day_once(tmp_path: Path) -> None:
    content = plans_made(tmp_path / NAME, RESULTS)
    assert content is not None
    for text in ("Ann", "Reiter", "offer", "Ash", "Birch"):
        assert text not in content.decode()
    (tmp_path / "plans").mkdir()
    (tmp_path / "plans" / "made.json").write_bytes(content)
    assert plans_made(tmp_path / NAME, RESULTS) == content
    later = plans_made(tmp_path / NAME, {"05_account_plan/A1": plan(action(), as_of="2026-10-01")})
    assert later is not None
    kept = json.loads(later)["plans"]
    assert [each["as_of"] for each in kept["A1"]] == [AS_OF, "2026-10-01"]
    assert kept["A1"][1]["actions"] == {"act.A1.left_behind.0a0a0a": "left_behind"}
    assert list(kept) == ["A1", "B1"]
    other = plan(action())
    other["provenance"]["company"] = "Another"
    assert list(json.loads(plans_made(tmp_path / NAME, {"05_account_plan/A1": other}) or b"")["plans"]) == ["A1"]
    (tmp_path / "plans" / "made.json").write_text("no json")
    assert plans_made(tmp_path / NAME, RESULTS) == content
    assert plans_made(tmp_path / NAME, {}) is None
