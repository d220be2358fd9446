"""`actions.xlsx` and `actions.csv`: what leadership is asked, what the plans recommend and what was decided, as the
table `decisions` takes it back.

Whoever fills in `status` and `result` there and points `[tables.decisions] file` to it is understood by the next run:
what is done or declined is not recommended or asked again, what is open keeps its owner and day.
"""

import csv
import hashlib
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from kam_analysis.batch.spreadsheet import midnight, workbook, would_be_formula, write_text
from kam_analysis.batch.told import Result, Results, account_of, day_in
from kam_analysis.pages.account_plan.decision_columns import COLUMNS, FILE

XLSX, CSV, TABLE, ASKS = "actions.xlsx", "actions.csv", "actions", "asks"
_WRITTEN = (*COLUMNS, "account_name")
_DAYS = ("date", "due")
_STATUSES = ["proposed", "open", "done", "declined"]
_WIDTHS = {"decision": 60, "decision_id": 28, "result": 30, "account_name": 28, "owner": 20}


def recommended(results: Results) -> list[dict[str, Any]]:
    """The rows that leave: what plans recommend, by account and day, after what leadership is asked to decide.

    Of every table "asks" and "actions" those that have a number.
    """
    found = {row["decision_id"]: row for result in results.values() for row in (*_asked(result), *_planned(result))}
    return sorted(
        found.values(),
        key=lambda row: (row["kind"] == "action", str(row["account_id"] or ""), str(row["due"]), row["decision_id"]),
    )


def _asked(result: Result) -> Iterator[dict[str, Any]]:
    for row in result["tables"].get(ASKS, ()):
        if row.get("decision_id"):
            of: list[Any] = row.get("account_ids") or []
            yield _left(result, row, "decision", "proposed") | {"account_id": of[0] if len(of) == 1 else None}


def _planned(result: Result) -> Iterator[dict[str, Any]]:
    about = {"account_id": account_of(result) or None}
    for row in result["tables"].get(TABLE, ()):
        if row.get("decision_id"):
            yield _left(result, row, "action", row.get("status")) | about | {"account_name": row.get("account_name")}


def _left(result: Result, row: Mapping[str, Any], kind: str, status: Any) -> dict[str, Any]:
    return {
        "decision_id": row["decision_id"],
        "date": result["provenance"].get("as_of"),
        "kind": kind,
        "decision": row.get("what"),
        "owner": row.get("owner"),
        "due": row.get("due"),
        "status": status,
    }


def with_those_on_file(
    rows: Sequence[Mapping[str, Any]], on_file: Sequence[Mapping[str, Any]] | None
) -> list[dict[str, Any]]:
    """First what was decided, as it is on file, then what is recommended now and not among it.

    What was only proposed by an earlier run is no decision: it stays where it is recommended again, as it is now.
    """
    names = {each["account_id"]: each["account_name"] for each in rows if each.get("account_name")}
    known = [
        {**each, "account_name": names.get(each.get("account_id"))}
        for each in on_file or ()
        if str(each.get("status")).strip().casefold() != _STATUSES[0]
    ]
    numbers = {each.get("decision_id") for each in known}
    return [*known, *(dict(each) for each in rows if each["decision_id"] not in numbers)]


def left_on(shelf: Path | None) -> Mapping[str, Any]:
    """What the run's reports left of the table `decisions`: `rows` and the fingerprint of the file that was `read`."""
    try:
        found = json.loads((shelf / FILE).read_text(encoding="utf-8")) if shelf else {}
    except (OSError, ValueError):
        found = {}
    return found if isinstance(found, dict) else {}


def filled_in(path: Path, published: str, left: Mapping[str, Any]) -> bool:
    """Whether somebody has changed the file since it was `published` (its fingerprint) and this run did not read that.

    Also where it did, but may not write the rows: such a file is not to be replaced.
    """
    try:
        now = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return False
    if left.get("read") == now:
        return left.get("rows") is None
    return now != published


def as_csv(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """UTF-8 with its mark, so that Excel reads names; days as ISO dates; no cell is a formula."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow(_WRITTEN)
    for row in rows:
        writer.writerow([_harmless(row.get(name)) for name in _WRITTEN])
    return target.getvalue().encode("utf-8-sig", errors="replace")


def _harmless(value: Any) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if would_be_formula(text) else text


def as_xlsx(rows: Sequence[Mapping[str, Any]], as_of: str = "") -> bytes:
    """One sheet with the same columns, days as days, and a list to choose the status from."""

    def write(book: Any) -> None:
        head, day = book.add_format({"bold": True, "bottom": 1}), book.add_format({"num_format": "yyyy-mm-dd"})
        formats = {"day": day, "quoted": book.add_format({"quote_prefix": True})}
        sheet = book.add_worksheet("decisions")
        for at, name in enumerate(_WRITTEN):
            sheet.write_string(0, at, name, head)
            sheet.set_column(at, at, _WIDTHS.get(name, 12))
            for down, row in enumerate(rows, start=1):
                _write(sheet, (down, at), name, row.get(name), formats)
        status = _WRITTEN.index("status")
        allowed = {"validate": "list", "source": _STATUSES, "error_type": "information"}
        sheet.data_validation(1, status, max(len(rows), 1) + 200, status, allowed)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(len(rows), 1), len(_WRITTEN) - 1)

    return workbook("Actions", day_in(as_of), write)


def _write(sheet: Any, where: tuple[int, int], name: str, value: Any, formats: Mapping[str, Any]) -> None:
    if value is None:
        return
    if name in _DAYS and (day := day_in(value)):
        sheet.write_datetime(*where, midnight(day), formats["day"])
    else:
        write_text(sheet, where, value, formats)
