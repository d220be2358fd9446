"""calls.ics: read back with icalendar; the same twice; text from data is never a property; published like the tables."""

import hashlib
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar, Event

from kam_analysis.batch.calendar import calls_calendar
from kam_analysis.batch.jobs import NOTEBOOK, PAGE, RESULT, Job, Outcome, failed
from kam_analysis.batch.publication import publish_all

AS_OF = "2026-09-18"


def call(**more: Any) -> dict[str, Any]:
    told = {
        "occasion": "if Jonas Reiter leaves", "account_id": "0010100", "account_name": "Aldermoor Water Group plc",
        "caller_id": "S01", "caller": "Henrik Dahl", "day": "2026-10-05", "at_risk": 2_861_000.4, "unit": "EUR",
        "reason": "one contact; the contract ends on 18 January 2027",
    }  # fmt: skip
    return told | more


def document(*calls: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"question": "Who?", "answer": "Reiter.", "tables": {"calls": list(calls)},
            "provenance": {"company": "Lindmark Flow Controls", "as_of": AS_OF}} | more  # fmt: skip


def written(*calls: dict[str, Any], **more: Any) -> bytes:
    content = calls_calendar({"04_coverage": document(*calls, **more)})
    assert content is not None
    return content


def events(content: bytes) -> list[Event]:
    return [each for each in Calendar.from_ical(content).walk("VEVENT") if isinstance(each, Event)]


def test_a_call_by_hand() -> None:
    (event,) = events(written(call()))
    assert str(event["SUMMARY"]) == "Call Aldermoor Water Group plc (Henrik Dahl)"
    # A calendar is shared: no money, no departure, nobody but the caller.
    assert set(event) == {"SUMMARY", "DTSTART", "DTEND", "DTSTAMP", "UID", "TRANSP"}
    for secret in (b"Reiter", b"leaves", b"861", b"EUR", b"contract"):
        assert secret not in written(call())
    assert (event.start, event.end) == (date(2026, 10, 5), date(2026, 10, 6))
    assert event.stamp == datetime(2026, 9, 18, tzinfo=UTC)
    assert str(event["TRANSP"]) == "TRANSPARENT"
    assert b"DTSTART;VALUE=DATE:20261005\r\n" in written(call())
    # By hand: of company, occasion, account and day; a calendar that has read the file knows the call by it.
    told = b'["Lindmark Flow Controls", "if Jonas Reiter leaves", "0010100", "2026-10-05"]'
    assert str(event["UID"]) == f"{hashlib.sha256(told).hexdigest()[:32]}@kam-analysis"


def test_what_is_not_known_is_left_out() -> None:
    for nothing in (None, float("nan"), True, "much"):
        (event,) = events(written(call(caller=None, at_risk=nothing, reason=None, account_name=None)))
        assert str(event["SUMMARY"]) == "Call 0010100"


def test_no_calls_no_file_and_a_call_without_a_day_is_none() -> None:
    assert calls_calendar({}) is None
    assert calls_calendar({"01_concentration": document(call())}) is None
    assert calls_calendar({"04_coverage": document(tables={})}) is None
    assert calls_calendar({"04_coverage": document(call(day=None), call(day="soon"))}) is None
    assert len(events(written(call(), call(day=None)))) == 1


def test_calls_stand_by_day_then_money_and_rows_in_any_order_give_the_same_bytes() -> None:
    calls = [
        call(account_id="c", account_name="C", day="2026-10-06"),
        call(account_id="a", account_name="A", at_risk=5),
        call(account_id="b", account_name="B", at_risk=7),
        call(account_id="d", account_name="D", at_risk=None),
        call(account_id="a", account_name="A", at_risk=5, occasion="yearly call"),
    ]
    found = written(*calls)
    assert [str(event["SUMMARY"])[5] for event in events(found)] == ["B", "A", "A", "D", "C"]
    assert written(*calls) == found == written(*calls[::-1])


def test_an_entry_is_the_same_one_in_the_next_report() -> None:
    (first,), (later,) = (
        events(written(call(reason=why, caller="Claire Fontaine", at_risk=1), provenance={"as_of": day}))
        for why, day in (("one contact", AS_OF), ("two contacts", "2026-10-01"))
    )
    assert first["UID"] == later["UID"]
    calls = (call(), call(account_id="9"), call(occasion="yearly call"), call(day="2026-10-06"))
    alone = {str(events(written(each))[0]["UID"]) for each in calls}
    assert len(alone) == len(calls)
    assert {str(event["UID"]) for event in events(written(*calls))} == alone
    (elsewhere,) = events(written(call(), provenance={"company": "Another", "as_of": AS_OF}))
    assert str(elsewhere["UID"]) not in alone
    # The same in every part of its identity, yet two calls.
    twins = events(written(call(), call(caller_id="S02", caller="Claire Fontaine")))
    assert len({str(event["UID"]) for event in twins}) == 2


def test_without_an_as_of_date_the_stamp_is_no_clock() -> None:
    (event,) = events(written(call(), provenance={}))
    assert event.stamp == datetime(2000, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "name",
    [
        "Smith, Jones; Partners & Co: \\ \"quoted\" 'n' = ^n",
        "Evil\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:another\r\nATTENDEE:mailto:x@example.com",
        "Tab\tand\x00null\x07bell\x1b\x7f\x85\u2028line",
        "Ærøskøbing " * 20 + "😀",
        "lone \ud800 surrogate",
        "=SUM(A1) <script>alert(1)</script>",
    ],
)
def test_hostile_names_stay_text_of_one_entry(name: str) -> None:
    content = written(call(account_name=name, caller=name, reason=name, occasion=name, unit=name))
    calendar = Calendar.from_ical(content)
    (event,) = calendar.walk("VEVENT")
    expected = "".join(sign for sign in " ".join(name.split()) if sign.isprintable())
    assert str(event["SUMMARY"]) == f"Call {expected} ({expected})"
    assert set(event) == {"SUMMARY", "DTSTART", "DTEND", "DTSTAMP", "UID", "TRANSP"}
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert not any(sign < 32 and sign not in b"\r\n" for sign in content)


def test_nothing_but_the_agreed_columns_gets_in() -> None:
    content = written(call(email="ingrid.vass@aldermoor.example", phone="+44 20 7946 0000", note="private"))
    assert not any(word in content for word in (b"@aldermoor", b"7946", b"private", b"ORGANIZER", b"ATTENDEE"))


def run(out: Path, staging: Path, found: dict[str, Any] | None, name: str = "04_coverage") -> dict[str, Any]:
    """One report's run published: done with `found`, or failed. Returns run.json."""
    staging.mkdir(exist_ok=True)
    for file, content in ((NOTEBOOK, ""), (PAGE, ""), (RESULT, json.dumps(found))):
        (staging / file).write_text(content, encoding="utf-8")
    paths = (f"{name}.html", f"notebooks/{name}.ipynb", f"results/{name}.json")
    job = Job(name, name, staging / NOTEBOOK, {}, *paths, cwd=staging, folder=staging)
    outcome = Outcome("done", result=found) if found else failed("it broke")
    publish_all(out, [], {name: job}, {name: outcome}, datetime.now(UTC))
    record: dict[str, Any] = json.loads((out / "run.json").read_text(encoding="utf-8"))
    return record


def test_a_run_leaves_the_calls_names_and_links_them(tmp_path: Path) -> None:
    out, staging = tmp_path / "out", tmp_path / "staging"
    record = run(out, staging, document(call()))
    content = (out / "calls.ics").read_bytes()
    assert content == written(call())
    assert record["files"]["calls.ics"] == hashlib.sha256(content).hexdigest()
    assert 'href="calls.ics"' in (out / "index.html").read_text(encoding="utf-8")
    # A failed report, and a run of another one, leave the last good calls.
    assert "calls.ics" in run(out, staging, None)["files"]
    assert "calls.ics" in run(out, staging, document(), "01_concentration")["files"]
    assert (out / "calls.ics").read_bytes() == content


def test_calls_that_are_no_longer_asked_for_go_but_nobody_elses_file(tmp_path: Path) -> None:
    out, staging = tmp_path / "out", tmp_path / "staging"
    out.mkdir()
    (out / "calls.ics").write_text("mine")
    for _ in range(2):
        assert "calls.ics" not in run(out, staging, document())["files"]
        assert (out / "calls.ics").read_text() == "mine"
        assert "calls.ics" not in (out / "index.html").read_text(encoding="utf-8")
    run(out, staging, document(call()))
    run(out, staging, document())
    assert not (out / "calls.ics").exists()
