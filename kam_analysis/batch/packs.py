"""A folder per account manager: an index, the plans and the calls of their own accounts, and nothing of anybody else's."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kam_analysis.batch.alerts import Alerts
from kam_analysis.batch.calendar import COVERAGE, TABLE, calls_calendar
from kam_analysis.batch.file_names import safe_name
from kam_analysis.batch.index import Entry, entry, index_page
from kam_analysis.batch.jobs import PAGE, SHEET, Job, Outcome
from kam_analysis.batch.mail import MAIL, as_mail, manager_letter, with_picture
from kam_analysis.batch.papers import Papers, letter_picture, pdf_of
from kam_analysis.batch.reports import PER_ACCOUNT
from kam_analysis.batch.told import Result, Results

if TYPE_CHECKING:
    import pandas as pd

FOLDER = "packs"
_INDEX, _CALLS = "index.html", "calls.ics"


@dataclass(frozen=True)
class Pack:
    """What one manager gets: `accounts` are the ids of those whose papers they may read."""

    manager_id: str
    manager_name: str
    accounts: frozenset[str]
    files: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def folder(self) -> str:
        """Where it goes, below the output folder; any id makes a name that every platform can store."""
        return f"{FOLDER}/{safe_name(self.manager_id)}"


def packs_of(settings: Path, as_of: date | None, results: Results) -> list[Pack]:
    """Who gets a pack, by the data that the reports are made of; see `receivers`."""
    from kam_analysis.analysis.coverage.open_questions import PER_LIST
    from kam_analysis.batch.questions import NAME, questions_workbook
    from kam_analysis.ledger import open_ledger
    from kam_analysis.pages.coverage.kept_up import questions
    from kam_analysis.pages.coverage.receivers import receivers

    ledger = open_ledger(settings, as_of=as_of)
    handover = results.get(COVERAGE, {}).get("tables", {}).get("handover", ())
    found: pd.DataFrame = receivers(ledger, handover)
    asked, packs = questions(ledger), []
    for manager, rows in found.groupby("manager_id", sort=True):
        name = str(rows["manager_name"].iloc[0])
        own = asked[asked["account_id"].isin(rows["account_id"])].head(PER_LIST)
        files = {NAME: questions_workbook(own, ledger.as_of, name)} if len(own) else {}
        packs.append(Pack(str(manager), name, frozenset(rows["account_id"].astype(str)), files))
    return packs


def pack_files(
    packs: list[Pack],
    results: Results,
    jobs: Mapping[str, Job],
    outcomes: Mapping[str, Outcome],
    papers: Papers | None = None,
    alerts: Alerts | None = None,
) -> Iterator[tuple[str, bytes]]:
    """Every file of every pack: its name below the output folder, and its content. `results` as they are sent on.

    A pack holds what this run made; a manager without a plan, a call or a file of their own gets none.
    """
    plans = [job for name, job in jobs.items() if job.parameters.get(PER_ACCOUNT) and outcomes[name].done]
    for pack in packs:
        own = [job for job in plans if _account(outcomes[job.id], job) in pack.accounts]
        files = dict(pack.files)
        for job in own:
            left = {job.page: PAGE, job.sheet: SHEET, pdf_of(job.page): pdf_of(PAGE), pdf_of(job.sheet): pdf_of(SHEET)}
            there = {name: job.folder / source for name, source in left.items()}
            files |= {name: path.read_bytes() for name, path in there.items() if path.exists()}
        calls = calls_calendar(_own_calls(results, pack.accounts))
        files |= {} if calls is None else {_CALLS: calls}
        if files:
            found = next((outcomes[job.id].result["provenance"] for job in own), None)
            provenance = found or results.get(COVERAGE, {}).get("provenance", {})
            index = _index(pack, own, outcomes, provenance, has_calls=calls is not None)
            files |= {_INDEX: index.encode(), MAIL: _mail(pack, own, results, provenance, papers, alerts)}
        yield from ((f"{pack.folder}/{name}", content) for name, content in files.items())


def _account(outcome: Outcome, job: Job) -> str:
    """The account that the plan is for: who asked for a company of a group got the group's."""
    meant = outcome.result.get("provenance", {}).get("parameters", {}).get(PER_ACCOUNT)
    return str(meant or job.parameters[PER_ACCOUNT])


def _own_calls(results: Results, accounts: frozenset[str]) -> dict[str, Result]:
    result = results.get(COVERAGE)
    if result is None:
        return {}
    rows = [row for row in result["tables"].get(TABLE, ()) if str(row.get("account_id")) in accounts]
    return {COVERAGE: {**result, "tables": {TABLE: rows}}}


def _index(
    pack: Pack,
    own: list[Job],
    outcomes: Mapping[str, Outcome],
    provenance: Mapping[str, Any],
    *,
    has_calls: bool,
) -> str:
    entries: list[Entry] = []
    for job in own:
        line = entry(job.id, "done", "", job.page, outcomes[job.id].result)
        sheet = [Entry("Sheet for the customer", "done", job.sheet)] if (job.folder / SHEET).exists() else []
        line.pages.extend(sheet)
        entries.append(line)
    told = json.loads(json.dumps(provenance, default=str))
    files = sorted(pack.files)
    return index_page(
        entries, told, "", _CALLS if has_calls else "", title=f"{pack.manager_name}: your accounts", questions=files
    )


def _mail(
    pack: Pack,
    own: list[Job],
    results: Results,
    provenance: Mapping[str, Any],
    papers: Papers | None,
    alerts: Alerts | None,
) -> bytes:
    """The letter that goes with the pack, with what the pack holds and nothing else."""
    plans = [results[job.id] for job in own if job.id in results]
    calls = _own_calls(results, pack.accounts).get(COVERAGE, {}).get("tables", {}).get(TABLE, ())
    new = [each.said for each in (alerts.alerts if alerts else ()) if each.new and each.account_id in pack.accounts]
    letter = manager_letter(pack.manager_name, plans, calls, provenance, sorted(pack.files), new)
    return as_mail(with_picture(letter, letter_picture(own[:1], papers)))
