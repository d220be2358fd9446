"""What happens around papermill: which modules the kernel imports early, and where a failure is placed."""

from pathlib import Path

from conftest import Run
from notebooks_for_tests import PARAMETERS, code, write

from kam_analysis.batch.execute import modules_imported
from kam_analysis.batch.jobs import Job


def test_the_kernel_imports_early_what_the_cells_import(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "01_x",
        code("%matplotlib inline\nimport never_reached"),
        code("import json, os.path as p\nfrom collections import abc\nfrom . import nothing"),
        code("import only_for_people", "explore"),
    )
    job = Job("01_x", "01_x", path, {}, "p", "e", "r", tmp_path, tmp_path)
    assert modules_imported(job) == ("json", "os.path", "collections:abc")


def test_a_failure_is_placed_as_the_author_counts_cells(run: Run, tmp_path: Path) -> None:
    """Neither the cells left out in a batch nor the one that papermill puts in shift the count."""
    (tmp_path / "beside.py").write_text("FOUND = 'orders.csv'", encoding="utf-8")
    cells = (PARAMETERS, code("1 / 0", "explore"), code("import beside\nopen('/srv/somewhere/' + beside.FOUND)"))
    write(tmp_path, "01_x", *cells)
    summary = run(tmp_path / "out", tmp_path, set_values=["01_x.seed=2"])
    said = "FileNotFoundError: [Errno 2] No such file or directory: 'orders.csv' (code cell 3)"
    assert summary.failed["01_x"] == said
