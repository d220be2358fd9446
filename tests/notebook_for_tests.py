"""What a notebook finds and shows, by its own cells in this process: for what needs no kernel, no worker and no file."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import IPython.display

from kam_analysis.pages.results import Answered, Result

_NOT_ON_PAGE = {"notebook-only", "remove-cell"}
NOTEBOOKS = Path(__file__).parents[1] / "notebooks"


def found(notebook: str, **parameters: Any) -> dict[str, Any]:
    """All that is known when the notebook has its result; raises what its cells raise."""
    known: dict[str, Any] = {}
    for shown in _run(notebook, parameters, known):
        if isinstance(shown, Result | Answered):
            return known
    raise AssertionError(f"{notebook} shows no result")


def page_of(notebook: str, **parameters: Any) -> tuple[dict[str, Any], str]:
    """The results document and the HTML of all that the notebook shows on its page, run to its end as in a batch."""
    shown: list[Any] = []
    with patch.object(IPython.display, "display", lambda *each, **how: shown.extend(each)):
        shown.extend(_run(notebook, parameters, {}))
    [result] = [
        each if isinstance(each, Result) else each.result() for each in shown if isinstance(each, Result | Answered)
    ]
    # As it is published: what JSON cannot hold must fail here.
    document: dict[str, Any] = json.loads(json.dumps(result.document(), allow_nan=False))
    return document, "\n".join(filter(None, map(_html, shown)))


def explored(notebook: str, **parameters: Any) -> list[Any]:
    """What the cells for exploring show by their last lines, each run in its place after those of the page."""
    with patch.object(IPython.display, "display", lambda *each, **how: None):
        return [shown for shown in _run(notebook, parameters, {}, exploring=True) if shown is not None]


def _run(notebook: str, parameters: dict[str, Any], known: dict[str, Any], exploring: bool = False) -> Iterator[Any]:
    """What each cell shows by its last line, None where it is no expression.

    Cells for exploring are left out; or, `exploring`, they run too and show alone.
    """
    cells = json.loads((NOTEBOOKS / f"{notebook}.ipynb").read_text(encoding="utf-8"))["cells"]
    for cell in cells:
        tags = cell["metadata"].get("tags", [])
        if cell["cell_type"] != "code" or ("explore" in tags and not exploring):
            continue
        *statements, last = ast.parse("".join(cell["source"])).body
        if isinstance(last, ast.Expr):
            exec(compile(ast.Module(statements, []), notebook, "exec"), known)
            shown = eval(compile(ast.Expression(last.value), notebook, "eval"), known)
            hidden = "explore" not in tags if exploring else bool(_NOT_ON_PAGE & set(tags))
            yield None if hidden else shown
        else:
            exec(compile(ast.Module([*statements, last], []), notebook, "exec"), known)
        if "parameters" in tags:
            known |= parameters


def _html(shown: Any) -> str:
    for bundle in ("_repr_mimebundle_", "_repr_html_"):
        made = getattr(shown, bundle, None)
        if made is not None:
            written = made()
            return str(written.get("text/html", "") if isinstance(written, dict) else written)
    return ""
