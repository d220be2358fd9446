"""The files of packs, of plans, calls and alerts made by hand: whose they are, and what stands in each."""

from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from kam_analysis.batch.alert_rules import Alert
from kam_analysis.batch.alerts import Alerts
from kam_analysis.batch.jobs import PAGE, SHEET, Job, Outcome, failed
from kam_analysis.batch.packs import Pack, pack_files

OURS = {"company": "Works", "as_of": "2026-05-31", "currency": "EUR"}
CALLS = [
    {
        "account_id": each,
        "account_name": f"Firm {each}",
        "day": f"2026-06-0{at}",
        "caller": "Sue",
        "occasion": "yearly call",
    }
    for at, each in enumerate("ABC", start=1)
]
COVERAGE = {"tables": {"calls": CALLS}, "provenance": {**OURS, "period": "12 months"}}


def plan(account: str, **parameters: Any) -> Outcome:
    actions = [{"account_name": f"Firm {account}", "what": "Call them", "owner": "Ann", "due": "2026-07-01"}]
    provenance = {**OURS, "parameters": parameters}
    told = {
        "question": f"What do we do with Firm {account}?",
        "answer": f"Keep {account}.",
        "tables": {"actions": actions},
    }
    return Outcome("done", result={**told, "provenance": provenance})


@pytest.fixture
def made(tmp_path: Path) -> tuple[dict[str, Job], dict[str, Outcome]]:
    """Plans of A, with a sheet and on paper, of B, asked for of a company of its group, and of C, which failed."""
    outcomes = {"A": plan("A"), "B1": plan("B1", account_id="B"), "C": failed("broken"), "": plan("")}
    jobs = {}
    for account in outcomes:
        folder = tmp_path / f"of {account}"
        folder.mkdir()
        files = [PAGE, SHEET, "page.pdf", "sheet.pdf"] if account == "A" else [PAGE]
        for file in files:
            (folder / file).write_text(f"{file} of {account}", encoding="utf-8")
        name = f"plans/{account}"
        given = {"account_id": account} if account else {}
        jobs[f"05/{account}"] = Job(
            f"05/{account}", "05", Path(), given, f"{name}.html", "", "", Path(), folder, sheet=f"{name}.customer.html"
        )
    return jobs, {f"05/{account}": outcome for account, outcome in outcomes.items()}


def packed(
    pack: Pack, made: tuple[dict[str, Job], dict[str, Outcome]], results: dict[str, Any], alerts: Alerts | None = None
) -> dict[str, str]:
    jobs, outcomes = made
    results |= {name: each.result for name, each in outcomes.items() if each.done}
    return {name: content.decode() for name, content in pack_files([pack], results, jobs, outcomes, alerts=alerts)}


def letter(files: dict[str, str], folder: str) -> str:
    message = message_from_bytes(files[f"packs/{folder}/mail.eml"].encode(), policy=policy.default)
    plain = message.get_body(("plain",))
    assert plain is not None
    return str(plain.get_content())


def test_a_pack_holds_the_papers_of_its_own_accounts(made: tuple[dict[str, Job], dict[str, Outcome]]) -> None:
    alerts = [
        Alert("share", each, each, f"Firm {each}", f"Firm {each}: large", 0.5, 0.2, new=each != "B") for each in "ABC"
    ]
    pack = Pack("M 1", "Ann Berg", frozenset("AB"), {"questions.xlsx": b"asked"})
    files = packed(pack, made, {"04_coverage": COVERAGE}, Alerts("Works", "2026-05-31", tuple(alerts), {}, {}))
    folder = pack.folder.removeprefix("packs/")
    assert set(files) == {f"{pack.folder}/{each}" for each in (
        "questions.xlsx", "plans/A.html", "plans/A.customer.html", "plans/A.pdf", "plans/A.customer.pdf", "plans/B1.html",
        "calls.ics", "index.html", "mail.eml",
    )}  # fmt: skip
    assert files[f"{pack.folder}/plans/A.customer.pdf"] == "sheet.pdf of A"
    assert files[f"{pack.folder}/questions.xlsx"] == "asked"
    calls = files[f"{pack.folder}/calls.ics"]
    assert [f"Call Firm {each}" in calls for each in "ABC"] == [True, True, False]
    index = files[f"{pack.folder}/index.html"]
    for told in (
        "Ann Berg: your accounts",
        "Keep A.",
        "Keep B1.",
        'href="plans/A.customer.html"',
        'href="calls.ics"',
        'href="questions.xlsx"',
    ):
        assert told in index
    assert index.count("Sheet for the customer") == 1
    assert "Firm C" not in index
    said = letter(files, folder)
    assert "2 next actions and 2 calls at your accounts, the first by 1 Jun 2026." in " ".join(said.split())
    assert [line for line in said.splitlines() if "large" in line] == ["- Firm A: large"]
    assert "questions.xlsx: what is not on file yet" in said


def test_a_manager_with_calls_alone_gets_them_and_their_day(made: tuple[dict[str, Job], dict[str, Outcome]]) -> None:
    files = packed(Pack("M2", "Bo", frozenset("C")), made, {"04_coverage": COVERAGE})
    assert set(files) == {f"packs/M2/{each}" for each in ("calls.ics", "index.html", "mail.eml")}
    assert "12 months" in files["packs/M2/index.html"]
    assert "1 call at your accounts, by 3 Jun 2026." in letter(files, "M2")


def test_who_has_nothing_gets_nothing(made: tuple[dict[str, Job], dict[str, Outcome]]) -> None:
    assert packed(Pack("M3", "Cy", frozenset("D")), made, {"04_coverage": COVERAGE}) == {}
    files = packed(Pack("M4", "Di", frozenset("B")), made, {})
    assert set(files) == {f"packs/M4/{each}" for each in ("plans/B1.html", "index.html", "mail.eml")}
    assert "calls.ics" not in files["packs/M4/index.html"]
    assert "Sheet for the customer" not in files["packs/M4/index.html"]
