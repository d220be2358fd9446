"""What a run leaves in the output folder, in the order in which it is put there."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kam_analysis import __version__
from kam_analysis.batch.calendar import calls_calendar
from kam_analysis.batch.index import Entry, entry, index_page
from kam_analysis.batch.jobs import NOTEBOOK, PAGE, RESULT, Job, Outcome
from kam_analysis.batch.publish import earlier_run, publish, publish_run
from kam_analysis.batch.reports import Report
from kam_analysis.batch.workbook import tables_workbook

INDEX, TABLES, CALLS = "index.html", "tables.xlsx", "calls.ics"


def publish_all(
    out: Path, reports: Sequence[Report], jobs: Mapping[str, Job], outcomes: Mapping[str, Outcome], started: datetime
) -> None:
    """Publish what is done, then the tables, the calls where there are some, the index and last `run.json`.

    While files are being replaced `run.json` says "publishing": should this process die meanwhile, no
    reader takes the mixture for a complete run.
    """
    before = earlier_run(out)
    records = {name: _record(name, jobs.get(name), outcome, before) for name, outcome in outcomes.items()}
    publish_run(out, {**before, "status": "publishing"})
    for name, outcome in outcomes.items():
        if outcome.done:
            records[name]["files"] = _publish_files(out, jobs[name])
    results = {name: result for name, record in records.items() if (result := _result(out, record))}
    earlier = _earlier(out, before, records, results)
    results |= {name: result for name, record in earlier.items() if (result := _result(out, record))}
    provenance: Mapping[str, Any] = next(
        (outcome.result["provenance"] for outcome in outcomes.values() if outcome.done), {}
    )
    shown = dict(sorted(results.items()))
    files = {TABLES: publish(out, TABLES, tables_workbook(shown, str(provenance.get("as_of", ""))))}
    files |= _publish_calls(out, shown, before)
    titles = {report.name: report.title for report in reports}
    page = index_page(_entries(records, earlier, results, titles), provenance, TABLES, CALLS if CALLS in files else "")
    files[INDEX] = publish(out, INDEX, page.encode())
    publish_run(
        out,
        {
            "status": _status(outcomes),
            "started": started.isoformat(timespec="seconds"),
            "finished": datetime.now(UTC).isoformat(timespec="seconds"),
            "version": __version__,
            "reports": records,
            "earlier": earlier,
            "files": files,
        },
    )


def _status(outcomes: Mapping[str, Outcome]) -> str:
    done = sum(outcome.done for outcome in outcomes.values())
    if done == len(outcomes):
        return "complete"
    return "partial" if done else "failed"


def _record(name: str, job: Job | None, outcome: Outcome, before: Mapping[str, Any]) -> dict[str, Any]:
    """One report's part of run.json; a failed one keeps what is known of its last good files."""
    record = {
        "report": job.report if job else name,
        "status": outcome.status,
        "seconds": round(outcome.seconds, 2),
        "page": job.page if job else "",
        "result": job.result if job else "",
    }
    if outcome.done:
        return record
    last = {**before.get("earlier", {}), **before.get("reports", {})}.get(name, {})
    return {
        **record,
        "reason": outcome.reason,
        "files": {},
        "last_good_files": last.get("files") or last.get("last_good_files", {}),
    }


def _publish_files(out: Path, job: Job) -> dict[str, str]:
    left = {job.executed: NOTEBOOK, job.result: RESULT, job.page: PAGE}
    return {name: publish(out, name, (job.folder / source).read_bytes()) for name, source in left.items()}


def _publish_calls(out: Path, results: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, str]:
    """Without calls the file of the run before goes: they would be made twice, or for another company."""
    content = calls_calendar(results)
    if content is not None:
        return {CALLS: publish(out, CALLS, content)}
    if CALLS in before.get("files", {}):
        (out / CALLS).unlink(missing_ok=True)
    return {}


def _result(out: Path, record: Mapping[str, Any]) -> dict[str, Any] | None:
    """The result that stands in the folder: this run's, or the last good one."""
    try:
        found = json.loads((out / record["result"]).read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError):
        return None
    return found if isinstance(found, dict) and (out / record["page"]).is_file() else None


def _earlier(
    out: Path, before: Mapping[str, Any], records: Mapping[str, Any], results: Mapping[str, Any]
) -> dict[str, dict[str, Any]]:
    """Reports of earlier runs that were not part of this one, as long as they are about the same company."""
    company = next((result["provenance"].get("company") for result in results.values()), None)
    kept = {}
    for name, record in {**before.get("earlier", {}), **before.get("reports", {})}.items():
        result = _result(out, record) if name not in records else None
        if result is not None and (company is None or result["provenance"].get("company") == company):
            kept[name] = {"finished": before.get("finished", ""), **record}
    return kept


def _entries(
    records: Mapping[str, Any], earlier: Mapping[str, Any], results: Mapping[str, Any], titles: Mapping[str, str]
) -> list[Entry]:
    """The index in the order of the reports' names; pages per account stand below their report."""
    entries: dict[str, Entry] = {}
    for name in sorted({*records, *earlier}):
        record = records.get(name) or earlier[name]
        report, _, account = name.partition("/")
        status = record["status"] if name in records else "earlier"
        title = account or titles.get(report, report)
        line = entry(title, status, record.get("reason", ""), record["page"], results.get(name))
        if account:
            above = entries.setdefault(report, Entry(titles.get(report, report), "done"))
            above.pages.append(line)
        else:
            entries[report] = line
    return list(entries.values())
