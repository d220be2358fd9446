"""Did a notebook really finish? Only positive evidence counts.

After a dead kernel or a timeout papermill marks every cell "completed" and no exception, so its marks
are not looked at. A report is done when every code cell has run, none shows an error, and the result, if it shows
one, has the agreed shape. A notebook without a result has a page of all that it shows.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from kam_analysis.errors import RunError

RESULT_MIME = "application/vnd.kam.result+json"
SHEET_MIME = "application/vnd.kam.sheet+json"  # a page of its own for the customer
FRAME_MIME = "application/vnd.kam.frame+json"  # a pandas frame, its cells as written
LEDGER_MIME = "application/vnd.kam.ledger+json"  # where a ledger's figures come from
CELL_NUMBER = "kam_number"  # metadata: which of the notebook's code cells this was before the run
_SHAPE = {
    "question": str,
    "answer": str,
    "caveats": list,
    "figures": dict,
    "tables": dict,
    "assumptions": list,
    "worth_collecting": list,
    "provenance": dict,
}


def proven_result(notebook: Mapping[str, Any]) -> dict[str, Any] | None:
    """The result document of an executed notebook, None where it shows none.

    Raises `RunError` that names the first cell which did not run or failed, or what is wrong with the result.
    """
    for position, cell in enumerate(_code_cells(notebook), start=1):
        number = cell["metadata"].get(CELL_NUMBER, position)
        for output in cell.get("outputs", []):
            if output["output_type"] == "error":
                raise RunError(f"{output['ename']}: {output['evalue']} (code cell {number})")
        if cell.get("execution_count") is None:
            raise RunError(f"code cell {number} did not run; the notebook stopped before its end")
    found = shown(notebook, RESULT_MIME)
    if len(found) > 1:
        raise RunError(f"expected one result at most, got {len(found)}; a page has one answer: display only that one")
    return _checked(found[0]) if found else None


def shown(notebook: Mapping[str, Any], mime: str) -> list[Any]:
    """All that a notebook shows of one type, in order."""
    outputs = (output for cell in notebook["cells"] for output in cell.get("outputs", []))
    return [output["data"][mime] for output in outputs if mime in output.get("data", {})]


def _code_cells(notebook: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Code cells that are meant to run."""
    for cell in notebook["cells"]:
        skipped = "skip-execution" in cell.get("metadata", {}).get("tags", [])
        if cell["cell_type"] == "code" and "".join(cell["source"]).strip() and not skipped:
            yield cell


def _checked(result: Any) -> dict[str, Any]:
    if not isinstance(result, dict):
        raise RunError(f"the result: expected a table, got {type(result).__name__}")
    for key, kind in _SHAPE.items():
        if not isinstance(result.get(key), kind):
            got = type(result[key]).__name__ if key in result else "nothing"
            raise RunError(f"the result, {key}: expected {kind.__name__}, got {got}; correct the notebook")
    for key in ("question", "answer"):
        if not result[key].strip():
            raise RunError(f"the result, {key}: is empty; correct the notebook")
    for name, figure in result["figures"].items():
        _check_figure(name, figure)
    for name, rows in result["tables"].items():
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise RunError(f"the result, table {name}: expected a list of rows, each a table; correct the notebook")
    try:
        json.dumps(result, allow_nan=False)
    except ValueError:
        raise RunError("the result holds a number that is not finite; what cannot be assessed must be null") from None
    return result


def _check_figure(name: str, figure: Any) -> None:
    if not isinstance(figure, dict) or "value" not in figure or not isinstance(figure.get("unit"), str):
        raise RunError(f"the result, figure {name}: expected a value and a unit; correct the notebook")
    for key in ("value", "low", "high", "level"):
        number = figure.get(key)
        if number is not None and (isinstance(number, bool) or not isinstance(number, int | float)):
            raise RunError(f"the result, figure {name}, {key}: expected a number or null, got {type(number).__name__}")
