"""What the index and `run.json` tell of a run: this run's reports, and those of earlier runs that still count."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kam_analysis import __version__
from kam_analysis.batch.earlier import good_files, last_records
from kam_analysis.batch.index import BRIEF, Entry, cover, entry, index_page
from kam_analysis.batch.jobs import Job, Outcome
from kam_analysis.batch.navigation import with_navigation
from kam_analysis.batch.reports import Report
from kam_analysis.batch.told import Result, Results

INDEX, TABLES, CALLS, CALENDAR = "index.html", "tables.xlsx", "calls.ics", "actions.ics"
COMPLETE = "complete"
WITHOUT_RESULT = "without_result"  # in run.json: what the index tells of a notebook that has no result of its own
# Of a result, by the index and the tables.
_SHOWN = {"question": str, "answer": str, "tables": dict, "provenance": dict}


@dataclass
class Edition:
    """One run's reports (`records`), those of earlier runs (`earlier`), the results of both, and the `files` about all.

    `not_drawn` says of which pages no PDF or picture could be made, and why; `held` below which files stand beside their
    places: {"tables.xlsx": "tables (new).xlsx"}.
    """

    status: str
    started: datetime
    titles: Mapping[str, str]
    provenance: Mapping[str, Any]
    records: dict[str, dict[str, Any]]
    earlier: dict[str, dict[str, Any]]
    results: dict[str, Result]
    files: dict[str, str] = field(default_factory=dict)
    not_drawn: Mapping[str, str] = field(default_factory=dict)

    def page(self, held: Mapping[str, str]) -> bytes:
        """The index."""
        entries = self.entries(held)
        calls = held.get(CALLS, CALLS) if CALLS in self.files else ""
        tables = held.get(TABLES, TABLES) if any(result["tables"] for result in self.results.values()) else ""
        brief = entries.get(BRIEF)
        first = cover(brief, self.results.get(BRIEF)) if brief else None
        others = [line for name, line in entries.items() if first is None or name != BRIEF]
        actions = [held.get(name, name) for name in sorted(self.files) if name.startswith("actions")]
        page = index_page(others, self.provenance, tables, calls, first, actions=actions)
        # A reason may name a file whose name is no Unicode.
        return with_navigation(page.encode(errors="backslashreplace"), INDEX, self.pages())

    def entries(self, held: Mapping[str, str]) -> dict[str, Entry]:
        """The index's lines by report; pages per account stand below their report's."""
        # The index by report, in the order of the reports' names; pages per account stand below their report.
        records = _placed(self.records, held)
        entries: dict[str, Entry] = {}
        for name in sorted({*records, *self.earlier}):
            record = records.get(name) or self.earlier[name]
            report, _, account = name.partition("/")
            status = record["status"] if name in records else "earlier"
            title = account or self.titles.get(report) or self.results.get(name, {}).get("question") or report
            line = entry(title, status, record.get("reason", ""), record["page"], self.results.get(name))
            if account:
                above = entries.setdefault(report, Entry(self.titles.get(report, report), "done"))
                above.pages.append(line)
            else:
                entries[report] = line
        return entries

    def pages(self) -> dict[str, str]:
        """The reports that have a page, in the order of their names; those per account stand below theirs on the index."""
        known = {**self.earlier, **self.records}
        return {name: str(known[name]["page"]) for name in sorted(known) if name in self.results and "/" not in name}

    def run(self, held: Mapping[str, str]) -> dict[str, Any]:
        """`run.json`; only a run with every report done and every file in its place is complete."""
        return {
            "status": "partial" if (held or self.not_drawn) and self.status == COMPLETE else self.status,
            "started": self.started.isoformat(timespec="seconds"),
            "finished": datetime.now(UTC).isoformat(timespec="seconds"),
            "version": __version__,
            "as_of": str(self.provenance.get("as_of") or ""),
            "reports": _placed(self.records, held),
            "earlier": self.earlier,
            "files": {held.get(name, name): fingerprint for name, fingerprint in self.files.items()},
            "held_open": dict(held),
            **({"not_drawn": dict(self.not_drawn)} if self.not_drawn else {}),
        }


def edition_of(
    out: Path,
    before: Mapping[str, Any],
    reports: Sequence[Report],
    jobs: Mapping[str, Job],
    outcomes: Mapping[str, Outcome],
    started: datetime,
) -> Edition:
    """What is to be told after these `outcomes`, where `before` is the `run.json` of the run before."""
    records = {name: _record(name, jobs.get(name), outcome, before) for name, outcome in outcomes.items()}
    done = {name: outcome.result for name, outcome in outcomes.items() if outcome.done}
    # That of any report of this run; rather of one that says as of when.
    given: list[Mapping[str, Any]] = [result["provenance"] for result in done.values()]
    provenance = next((each for each in given if each.get("as_of")), given[0] if given else {})
    # Files that no run.json vouches for may be a mixture of two runs.
    known = {name: record for name, record in records.items() if record.get("last_good_files")}
    failed = _last_good(out, known, provenance)
    for name in known.keys() - failed.keys():
        records[name]["last_good_files"] = {}
    others = last_records(before)
    earlier = _last_good(out, {name: record for name, record in others.items() if name not in records}, provenance)
    return Edition(
        status=_status(outcomes),
        started=started,
        titles={report.name: report.title for report in reports},
        provenance=provenance,
        records=records,
        earlier={name: {"finished": before.get("finished", ""), **others[name]} for name in earlier},
        results={name: _as_sent_on(result) for name, result in {**done, **failed, **earlier}.items()},
    )


def _as_sent_on(result: Result) -> Result:
    """A result as the index, the tables and the calendar tell it: what may be said on its page alone is not in it."""
    other = result.get("elsewhere")
    if not isinstance(other, Mapping):
        return result
    tables = {**result["tables"], **other.get("tables", {})}
    return {**result, "answer": str(other.get("answer", "")), "tables": tables}


def _status(outcomes: Mapping[str, Outcome]) -> str:
    done = sum(outcome.done for outcome in outcomes.values())
    if done == len(outcomes):
        return COMPLETE
    return "partial" if done else "failed"


def _record(name: str, job: Job | None, outcome: Outcome, before: Mapping[str, Any]) -> dict[str, Any]:
    """One report's part of run.json; a failed one keeps what is known of its last good files."""
    record = {
        "report": job.report if job else name,
        "status": outcome.status,
        "seconds": round(outcome.seconds, 2),
        "page": job.page if job else "",
        "result": job.result if job and outcome.has_result else "",
    }
    if outcome.done:
        return record if outcome.has_result else {**record, WITHOUT_RESULT: dict(outcome.result)}
    last = last_records(before).get(name, {})
    files = good_files(last)
    place = {key: last.get(key, record[key]) for key in ("page", "result")} if files else {}
    if files and WITHOUT_RESULT in last:
        place[WITHOUT_RESULT] = last[WITHOUT_RESULT]
    return {**record, **place, "reason": outcome.reason, "files": {}, "last_good_files": files}


def _last_good(out: Path, records: Results, provenance: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Results of earlier runs that still stand in the folder, as long as they are about the company of this run."""
    found = {name: result for name, record in records.items() if (result := _result(out, record))}
    if not provenance:
        return found
    company = provenance.get("company")
    return {name: each for name, each in found.items() if each["provenance"].get("company") == company}


def _result(out: Path, record: Mapping[str, Any]) -> dict[str, Any] | None:
    """The last good result that stands in the folder, with its page."""
    try:
        found = record.get(WITHOUT_RESULT) or json.loads((out / record["result"]).read_text(encoding="utf-8"))
        whole = isinstance(found, dict) and all(isinstance(found.get(key), kind) for key, kind in _SHOWN.items())
        return found if whole and (out / record["page"]).is_file() else None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _placed(records: Results, held: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """The records with the names under which their files really stand."""
    placed = {}
    for name, record in records.items():
        new = held if record["status"] == "done" else {}
        where = {key: new.get(record[key], record[key]) for key in ("page", "result")}
        files = {new.get(each, each): fingerprint for each, fingerprint in record.get("files", {}).items()}
        placed[name] = {**record, **where, "files": files}
    return placed
