"""What a notebook finds, by its own cells in this process: for what needs no kernel and no page."""

import json
from pathlib import Path
from typing import Any

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"


def found(notebook: str, **parameters: Any) -> dict[str, Any]:
    """All that is known when the notebook comes to its explorer; raises what its cells raise."""
    cells = json.loads((NOTEBOOKS / f"{notebook}.ipynb").read_text(encoding="utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    known: dict[str, Any] = {}
    exec(code[0], known)
    known |= parameters
    for cell in code[1 : 1 + next(at for at, text in enumerate(code) if "findings.result(" in text)]:
        exec(cell, known)
    return known
