"""An explorer as its notebook makes it, without a browser, and what is read from it."""

import json
from pathlib import Path
from typing import Any

from words_for_tests import plain

from kam_analysis.view.explore.explorer import Explorer

NOTEBOOKS = Path(__file__).parents[3] / "notebooks"


def found(notebook: str, **parameters: Any) -> dict[str, Any]:
    """What a notebook has found when it comes to its explorer, by its own cells."""
    cells = json.loads((NOTEBOOKS / f"{notebook}.ipynb").read_text(encoding="utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    known: dict[str, Any] = {}
    exec(code[0], known)
    known |= parameters
    for cell in code[1 : 1 + next(at for at, text in enumerate(code) if "findings.result(" in text)]:
        exec(cell, known)
    return known


def figure(explorer: Explorer, name: str) -> dict[str, Any]:
    """A chart as it is drawn."""
    return json.loads(explorer.charts.drawn[name])


def title(explorer: Explorer, name: str) -> str:
    """What a chart says."""
    return plain(figure(explorer, name)["layout"]["meta"]["title"])


def label(explorer: Explorer, name: str) -> str:
    """What a control shows."""
    widget = explorer.controls[name].widget
    return plain(widget.options[widget.index][0])
