"""A report is done only on positive evidence."""

from typing import Any

import pytest

from kam_analysis.batch.evidence import RESULT_MIME, proven_result
from kam_analysis.errors import RunError

GOOD: dict[str, Any] = {
    "question": "q?",
    "answer": "a.",
    "caveats": [],
    "figures": {"hhi": {"value": None, "unit": "share"}},
    "tables": {"t": [{"a": 1}]},
    "assumptions": [],
    "worth_collecting": [],
    "provenance": {},
}


def notebook(*results: Any, count: int | None = 1, error: bool = False) -> dict[str, Any]:
    outputs: list[dict[str, Any]] = [{"output_type": "display_data", "data": {RESULT_MIME: each}} for each in results]
    if error:
        outputs.append({"output_type": "error", "ename": "ValueError", "evalue": "no"})
    cell = {"cell_type": "code", "source": "x", "metadata": {}, "execution_count": count, "outputs": outputs}
    empty = {"cell_type": "code", "source": " \n", "metadata": {}, "execution_count": None, "outputs": []}
    return {"cells": [cell, empty]}


def test_a_complete_notebook_gives_its_result() -> None:
    assert proven_result(notebook(GOOD)) == GOOD


def test_a_notebook_without_a_result_is_done_where_every_cell_ran() -> None:
    assert proven_result(notebook()) is None


@pytest.mark.parametrize(
    ("executed", "reason"),
    [
        (notebook(GOOD, GOOD), "got 2"),
        (notebook(GOOD, count=None), "code cell 1 did not run"),
        (notebook(count=None), "code cell 1 did not run"),
        (notebook(error=True), "ValueError: no"),
        (notebook(GOOD, error=True), "ValueError: no"),
        (notebook([1]), "expected a table"),
        (notebook({**GOOD, "answer": " "}), "answer: is empty"),
        (notebook({**GOOD, "caveats": None}), "caveats: expected list"),
        (notebook({key: GOOD[key] for key in GOOD if key != "tables"}), "tables: expected dict, got nothing"),
        (notebook({**GOOD, "figures": {"hhi": 0.1}}), "figure hhi"),
        (
            notebook({**GOOD, "figures": {"hhi": {"value": "1", "unit": "share"}}}),
            "figure hhi, value: expected a number",
        ),
        (notebook({**GOOD, "figures": {"hhi": {"value": 1, "unit": "share", "low": True}}}), "low: expected a number"),
        (notebook({**GOOD, "figures": {"hhi": {"unit": "share"}}}), "expected a value and a unit"),
        (notebook({**GOOD, "figures": {"hhi": {"value": 1, "unit": 1}}}), "expected a value and a unit"),
        (notebook({**GOOD, "tables": {"t": [[1]]}}), "table t"),
        (notebook({**GOOD, "tables": {"t": [{"a": float("nan")}]}}), "not finite"),
    ],
)
def test_anything_less_is_a_failure_with_its_reason(executed: dict[str, Any], reason: str) -> None:
    with pytest.raises(RunError, match=reason):
        proven_result(executed)
