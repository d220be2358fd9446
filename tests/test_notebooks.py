"""The notebooks as an analyst opens them: their form, and every cell run on the sample, in this process."""

import ast
import json
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import IPython.display
import pytest

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))
CHECKED = {"nbval-check-output", "keep_output"}
TAGS = {"parameters", "remove-cell", "notebook-only", "explore", "fold", "new-sheet", "not-on-paper"} | CHECKED
LONGEST_LINE, MOST_LINES, FEWEST_WORDS = 120, 20, 250
Shelf = Callable[[], AbstractContextManager[None]]
on_each = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def cells(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return found


def source(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


def tags(cell: dict[str, Any]) -> set[str]:
    return set(cell["metadata"].get("tags", []))


def code(path: Path) -> list[dict[str, Any]]:
    return [cell for cell in cells(path) if cell["cell_type"] == "code"]


@on_each
def test_it_begins_with_its_question_and_typed_parameters(path: Path) -> None:
    first, parameters = cells(path)[:2]
    assert re.match(r"# .+\?\n\nUse this to decide: ", source(first))
    assert tags(parameters) == {"parameters"}
    names = re.findall(r"^(\w+): [\w\[\], ]+ = ", source(parameters), re.MULTILINE)
    assert names[:4] == ["settings", "as_of", "period", "measure"]


@on_each
def test_it_can_be_read_and_changed(path: Path) -> None:
    """No plumbing: one hidden cell, no function, no private name, no long line, and text that explains."""
    assert sum("remove-cell" in tags(cell) for cell in cells(path)) <= 2
    assert {tag for cell in cells(path) for tag in tags(cell)} <= TAGS
    for cell in code(path):
        lines = source(cell).splitlines()
        assert max(map(len, lines)) <= LONGEST_LINE
        assert len(lines) <= MOST_LINES or "parameters" in tags(cell)
        for node in ast.walk(ast.parse(source(cell))):
            assert not isinstance(node, ast.FunctionDef | ast.ClassDef)
            assert not (isinstance(node, ast.Attribute) and node.attr.startswith("_"))
    words = sum(len(source(cell).split()) for cell in cells(path) if cell["cell_type"] == "markdown")
    assert words >= FEWEST_WORDS


@on_each
def test_what_to_do_comes_before_the_evidence_and_how_sure_after_it(path: Path) -> None:
    headings = [source(cell).splitlines()[0] for cell in cells(path) if source(cell).startswith("## ")]
    assert headings[0] == "## Recommended actions"
    assert "## How sure are we?" in headings[2:]


@on_each
def test_it_offers_to_change_something_and_says_what(path: Path) -> None:
    found = cells(path)
    offers = [at for at, cell in enumerate(found) if source(cell).startswith("**Change it here.**")]
    assert len(offers) >= 3
    for at in offers:
        assert tags(found[at]) == tags(found[at + 1]) == {"explore"}
        assert 2 <= len(ast.parse(source(found[at + 1])).body) <= 8


@on_each
def test_it_keeps_outputs_only_where_they_are_checked(path: Path) -> None:
    for cell in cells(path):
        assert bool(cell.get("outputs")) == (tags(cell) >= CHECKED)


@on_each
def test_every_cell_runs_on_the_sample_and_shows_what_it_promises(path: Path, shelf: Shelf) -> None:
    """Those for exploring too; a kept table is what the cell shows today."""
    with shelf():
        for cell, shown in run(path):
            if "explore" in tags(cell):
                assert shown, source(cell)
            if tags(cell) >= CHECKED:
                kept = "".join(cell["outputs"][0]["data"]["text/html"])
                assert shown[-1]._repr_html_() == kept


def run(path: Path) -> Iterator[tuple[dict[str, Any], list[Any]]]:
    """Each code cell with what it showed."""
    known: dict[str, Any] = {}
    for cell in code(path):
        shown: list[Any] = []
        *statements, last = ast.parse(source(cell)).body
        with patch.object(IPython.display, "display", lambda *each, **how: shown.extend(each)):  # noqa: B023
            if isinstance(last, ast.Expr):
                exec(compile(ast.Module(statements, []), path.stem, "exec"), known)
                value = eval(compile(ast.Expression(last.value), path.stem, "eval"), known)
                shown += [] if value is None else [value]
            else:
                exec(compile(ast.Module([*statements, last], []), path.stem, "exec"), known)
        yield cell, shown


def test_a_changed_number_in_a_kept_table_is_noticed(tmp_path: Path, shelf: Shelf) -> None:
    """The check is proved by mutation: one digit of the stored table is changed."""
    document = json.loads(NOTEBOOKS[0].read_text(encoding="utf-8"))
    [output] = [out for cell in document["cells"] for out in cell.get("outputs", [])]
    html = "".join(output["data"]["text/html"])
    output["data"]["text/html"] = re.sub(r"(\d)(</td></tr></tbody>)", lambda m: str((int(m[1]) + 1) % 10) + m[2], html)
    assert output["data"]["text/html"] != html
    mutated = tmp_path / NOTEBOOKS[0].name
    mutated.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(AssertionError):
        test_every_cell_runs_on_the_sample_and_shows_what_it_promises(mutated, shelf)
