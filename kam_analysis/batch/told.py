"""What results tell, as the files about all reports read them: {report id: result}, as their JSON has it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

Result = Mapping[str, Any]
Results = Mapping[str, Result]


def rows_of(result: Result, table: str) -> list[Mapping[str, Any]]:
    """The rows of one of its tables; none where it has no such table, or an earlier version wrote something else."""
    rows = result.get("tables", {}).get(table)
    return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []


def account_of(result: Result) -> str:
    """The id of the account that it is about; empty where it is about all of them."""
    return str((result["provenance"].get("parameters") or {}).get("account_id") or "")


def day_in(value: Any) -> date | None:
    """The day with which a text begins; None for anything else."""
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
