"""What earlier runs printed: each report's figures, kept so that a later report can tell what changed, and why.

A record is one report as of one day: its figures and what they were made with. No text, no account, no person is in it.
"""

import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from kam_analysis.ledger import Ledger

# Where a run's reports find it.
FOLDER = "KAM_RUN_HISTORY"
# The workbook's own reports of the whole company; what others call their figures is theirs.
REPORTS = ("01_concentration", "02_key_accounts", "03_churn_impact", "04_coverage", "06_leadership_brief")
_KIND = "figures of a key-account report"
# What runs remember of alerts lies beside the figures, and is no business of a page.
ALERTS_KIND = "alerts of key-account reports"
_LARGEST = 1_000_000  # bytes: no record comes near it
_MADE_WITH = ("version", "settings_fingerprint", "data_fingerprint")


@dataclass(frozen=True, kw_only=True)
class Record:
    """What `report` printed as of `as_of`: `figures` by name; `version`, `settings` and `data` that it was made with."""

    report: str
    as_of: date
    version: str
    settings: str
    data: str
    parameters: str
    figures: Mapping[str, float]


@dataclass(frozen=True, kw_only=True)
class History:
    """The records of one company, oldest day first; `alien`: how many files of the folder are none, or unreadable."""

    records: Sequence[Record] = ()
    alien: int = 0
    reason: str = field(default="")

    def before(self, day: date) -> date | None:
        """The newest day before this one of which something was printed."""
        return max((each.as_of for each in self.records if each.as_of < day), default=None)

    def printed(self, report: str, as_of: date, parameters: Mapping[str, Any]) -> list[Record]:
        """What this report printed as of that day with these parameters."""
        asked = _fingerprint(parameters)
        of = [each for each in self.records if (each.report, each.as_of) == (report, as_of)]
        return [each for each in of if each.parameters == asked]

    def course(self, report: str, name: str, *, since: date, until: date, parameters: Mapping[str, Any]) -> list[float]:
        """One figure, a value for each day on which it was printed in that time; of several for a day any one."""
        asked = _fingerprint(parameters)
        found = {
            each.as_of: each.figures[name]
            for each in self.records
            if each.report == report
            and each.parameters == asked
            and since <= each.as_of < until
            and name in each.figures
        }
        return list(found.values())


def of_run(ledger: Ledger) -> History:
    """The history that this run keeps, else the one that the settings name; empty where there is none."""
    folder = os.environ.get(FOLDER) or ledger.settings.history_dir
    return read(Path(folder), company=ledger.name) if folder else History()


def read(folder: Path, *, company: str) -> History:
    """The records of a company in `folder`. What is no record is counted, never a failure; no folder, no records."""
    found: list[Record] = []
    alien = 0
    try:
        files = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except FileNotFoundError:
        return History()
    except OSError as error:
        return History(reason=error.strerror or "cannot be read")
    for path in files:
        document = _document(path)
        if document is not None and document.get("kind") == ALERTS_KIND:
            continue
        record = _record(document) if document is not None else None
        if record is None or document is None:
            alien += 1
        elif document.get("company") == company:
            found.append(record)
    return History(records=sorted(found, key=lambda each: (each.as_of, each.report)), alien=alien)


def document_of(report: str, result: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The file's name and its content for what a report published; the same for the same day, data and settings."""
    of = result["provenance"]
    numbers = {name: each["value"] for name, each in result["figures"].items() if _is_number(each.get("value"))}
    made = {name: str(of.get(name) or "") for name in _MADE_WITH}
    parameters = _fingerprint(of.get("parameters") or {})
    content = {
        "kind": _KIND,
        "report": report,
        "company": str(of.get("company") or ""),
        "as_of": str(of["as_of"]),
        **made,
        "parameters": parameters,
        "figures": numbers,
    }
    identity = sha256(repr((report, content["company"], parameters, sorted(made.items()))).encode()).hexdigest()[:12]
    return f"{content['as_of']}_{report}_{identity}.json", content


def _fingerprint(parameters: Mapping[str, Any]) -> str:
    """Of what a report was asked for; as JSON has it, so that what was read again is the same."""
    said = {name: value for name, value in parameters.items() if value not in (None, "", [], {})}
    return sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()[:16]


def _document(path: Path) -> Mapping[str, Any] | None:
    with suppress(OSError, ValueError, RecursionError):
        if path.is_file() and path.stat().st_size <= _LARGEST:
            found = json.loads(path.read_text(encoding="utf-8"))
            return found if isinstance(found, dict) and found.get("kind") in (_KIND, ALERTS_KIND) else None
    return None


def _record(document: Mapping[str, Any]) -> Record | None:
    with suppress(KeyError, TypeError, ValueError, AttributeError):
        figures = {str(name): float(each) for name, each in document["figures"].items() if _is_number(each)}
        return Record(
            report=str(document["report"]),
            as_of=date.fromisoformat(document["as_of"]),
            version=str(document["version"]),
            settings=str(document["settings_fingerprint"]),
            data=str(document["data_fingerprint"]),
            parameters=str(document["parameters"]),
            figures=figures,
        )
    return None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value == value
