"""What the run before left: its `run.json`, and how far that can be trusted."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kam_analysis.batch.publish import RUN

PUBLISHING = "publishing"  # the status while files are being replaced
_FILES = ("files", "last_good_files")


def earlier_run(folder: Path) -> dict[str, Any]:
    """The `run.json` of the run before, or an empty table where there is none that can be used.

    Of a run that was cut short while it replaced files, only the reports whose files are still those it names.
    """
    try:
        found = json.loads((folder / RUN).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(found, dict) or not _is_ours(found):
        return {}
    return _unharmed(folder, found) if found.get("status") == PUBLISHING else found


def last_records(run: Mapping[str, Any]) -> dict[str, Any]:
    """The records of all reports that `run` knows, its own and those of runs before it."""
    return {**run.get("earlier", {}), **run.get("reports", {})}


def good_files(record: Mapping[str, Any]) -> dict[str, str]:
    """The files of a report, {name: fingerprint}: those of this run or, where it failed, the last good ones."""
    return record.get("files") or record.get("last_good_files") or {}


def named_files(run: Mapping[str, Any]) -> set[str]:
    """Every file that `run` names."""
    named = {name for record in last_records(run).values() for key in _FILES for name in record.get(key, ())}
    return named | set(run.get("files", ()))


def _is_ours(run: Mapping[str, Any]) -> bool:
    """Whether this is a run of ours: another program may call a file the same."""
    tables = [run.get(key, {}) for key in ("reports", "earlier", "files", "held_open")]
    if not all(isinstance(table, dict) for table in tables):
        return False
    records = [*tables[0].values(), *tables[1].values()]
    return all(isinstance(record, dict) for record in records) and all(
        isinstance(record.get(key, {}), dict) for record in records for key in _FILES
    )


def _unharmed(folder: Path, run: dict[str, Any]) -> dict[str, Any]:
    kept = {
        key: {name: record for name, record in run.get(key, {}).items() if _unchanged(folder, good_files(record))}
        for key in ("reports", "earlier")
    }
    return {**run, **kept}


def _unchanged(folder: Path, files: Mapping[str, str]) -> bool:
    try:
        found = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in files}
    except OSError:
        return False
    return bool(files) and found == files
