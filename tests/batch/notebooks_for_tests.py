"""Small notebooks that the tests run: cheap to start, each with one thing to watch."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat

HOSTILE = "<img src=x onerror=alert(1)>"
BREAKOUT = "</script><script>alert(2)</script>\"'&"


def code(source: str, *tags: str) -> dict[str, Any]:
    """A code cell."""
    return {
        "cell_type": "code",
        "id": f"c{abs(hash(source)) % 10**8}",
        "metadata": {"tags": list(tags)} if tags else {},
        "source": source,
        "outputs": [],
        "execution_count": None,
    }


def text(source: str, *tags: str) -> dict[str, Any]:
    """A Markdown cell."""
    return {
        "cell_type": "markdown",
        "id": f"m{abs(hash(source)) % 10**8}",
        "metadata": {"tags": list(tags)},
        "source": source,
    }


def write(folder: Path, name: str, *cells: dict[str, Any]) -> Path:
    """A notebook file of these cells; ids are counted, so that a test's notebook is the same every time."""
    folder.mkdir(parents=True, exist_ok=True)
    numbered = [{**cell, "id": f"cell-{position}"} for position, cell in enumerate(cells)]
    document = {
        "cells": numbered,
        "metadata": {"language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    path = folder / f"{name}.ipynb"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


PARAMETERS = code(
    'settings: str = ""\nas_of: str = ""\nperiod: str = ""\nlabel: str = "x"\nlevels: list[float] = [0.95]\nseed: int = 1',
    "parameters",
)


def result(
    answer: str = "Five accounts make 41%.", question: str = "How much depends on how few?", **more: Any
) -> dict[str, Any]:
    """A cell that displays a result of the right shape; `more` replaces parts of it."""
    document = {
        "question": question,
        "answer": answer,
        "caveats": [],
        "figures": {"hhi": {"value": 0.054, "unit": "share"}},
        "tables": {
            "accounts": [{"rank": 1, "account_id": "007", "name": "=SUM(A1)", "revenue": 1234.5, "share": 0.18}]
        },
        "assumptions": [],
        "worth_collecting": [],
        "provenance": {
            "version": "0.1",
            "company": "Lindmark Flow Controls",
            "as_of": "2025-05-31",
            "freshness": "data to 30 May 2025",
            "period": "12 months to 31 May 2025",
            "source": "invoices",
            "parameters": {"period": "last_12_months"},
        },
        **more,
    }
    return code(
        "import html\nfrom IPython.display import display\n"
        f"document = {document!r}\n"
        "display({'application/vnd.kam.result+json': document, 'text/html': '<p>' + html.escape(document['answer']) + '</p>'}, raw=True)"
    )


def figure(title: str = "Five accounts make 41%", name: str = "Aldermoor") -> dict[str, Any]:
    """A cell that displays a plotly figure without importing plotly, so that the tests stay quick."""
    shown = {
        "data": [{"type": "bar", "x": [name, "Tressel"], "y": [18.1, 7.4]}],
        "layout": {
            "title": {"text": title},
            "width": 900,
            "meta": {
                "alt": f"{title}, by account",
                "table": {"columns": ["account", "share"], "rows": [[name, 18.1], ["Tressel", 7.4]]},
            },
        },
    }
    return code(
        f"from IPython.display import display\ndisplay({{'application/vnd.plotly.v1+json': {shown!r}}}, raw=True)"
    )


def table(name: str = "Aldermoor") -> dict[str, Any]:
    """A cell that displays a wide table whose names are escaped, as views do."""
    return code(
        "import html\nfrom IPython.display import HTML, display\n"
        f"name = html.escape({name!r})\n"
        "cells = ''.join(f'<td>{name} {n}</td>' for n in range(30))\n"
        "display(HTML(f'<table><thead><tr><th>account</th></tr></thead><tr>{cells}</tr></table>'))"
    )


def good(folder: Path, name: str = "01_good") -> Path:
    """A report with everything: parameters, answer, two charts, a table, a cell only for exploring."""
    return write(
        folder,
        name,
        text("# How much depends on how few?\nWhat to worry about."),
        PARAMETERS,
        code("raise RuntimeError('cells for exploring do not run in a batch')", "explore"),
        result(),
        text("## Evidence\nWhy it matters."),
        figure(),
        figure("Seven make half"),
        table(),
        code("secret_code_of_the_notebook = 1\nprint('12.4m')"),
    )


def by_nbconvert(notebook: nbformat.NotebookNode, folder: Path) -> str:
    """What the jupyter command makes of a notebook, which knows no plotly."""
    nbformat.write(notebook, folder / "executed.ipynb")
    command = ["nbconvert", "--to", "html", "--template", "basic", str(folder / "executed.ipynb")]
    subprocess.run([sys.executable, "-m", *command], check=True, capture_output=True)
    return (folder / "executed.html").read_text(encoding="utf-8")
