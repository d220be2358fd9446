"""Runs the notebooks on the sample and keeps, stripped of all else, the tables that tests/test_notebooks.py compares.

For those who change a checked table on purpose: `make outputs`, then read the difference in git.
"""

import sys
from pathlib import Path

import nbformat
from nbconvert.preprocessors import ExecutePreprocessor

CHECKED = {"nbval-check-output", "keep_output"}


def keep_outputs(path: Path) -> None:
    """Execute one notebook; outputs and counts stay only in checked cells."""
    notebook = nbformat.read(path, as_version=4)
    ExecutePreprocessor(timeout=120, kernel_name="python3").preprocess(
        notebook, {"metadata": {"path": str(path.parent)}}
    )
    notebook.metadata["language_info"] = {"name": "python"}
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            checked = set(cell.metadata.get("tags", [])) >= CHECKED
            cell.outputs = cell.outputs if checked else []
            # One count for all: which cell ran when says nothing and changes with every cell added.
            cell.execution_count = 1 if checked else None
            for output in cell.outputs:
                if "execution_count" in output:
                    output["execution_count"] = 1
    nbformat.write(notebook, path)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        keep_outputs(Path(name))
