"""`kam report --only 01_concentration` on the sample, against the papermill and nbconvert commands. Aim: ratio at most 1."""

import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.timing import alternate, show
from kam_analysis.bundled import notebooks_folder

NAME = "01_concentration"
BIN = Path(sys.executable).parent


def run(*command: str | Path) -> None:
    subprocess.run([str(part) for part in command], check=True, capture_output=True)


def main(runs: int = 5) -> None:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)

        def ours() -> None:
            run(BIN / "kam", "report", "--only", NAME, "--out", out / "ours")

        def theirs() -> None:
            run(BIN / "papermill", notebooks_folder() / f"{NAME}.ipynb", out / "theirs.ipynb", "--no-progress-bar")
            run(BIN / "jupyter", "nbconvert", "--to", "html", "--no-input", out / "theirs.ipynb")

        show(alternate({"kam report": ours, "papermill + jupyter nbconvert": theirs}, runs))
