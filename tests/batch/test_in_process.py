"""A report run in this process, as other tests do for speed, leaves what one in a kernel leaves."""

from pathlib import Path

from in_process_for_tests import reports_here
from notebooks_for_tests import code, result, text, write


def test_the_files_are_those_that_a_kernel_leaves(sample_reports: Path, tmp_path: Path) -> None:
    assert reports_here(None, tmp_path, only=["01_concentration"]).failed == {}
    for name in ("01_concentration.html", "notebooks/01_concentration.ipynb", "results/01_concentration.json"):
        assert (tmp_path / name).read_text(encoding="utf-8") == (sample_reports / name).read_text(encoding="utf-8")


def test_a_cell_that_fails_is_told_as_from_a_kernel(tmp_path: Path) -> None:
    cells = (code("print('so far')"), code("1 / 0"), result())
    write(tmp_path / "notebooks", "08_broken", text("# Why?"), *cells)
    summary = reports_here(None, tmp_path / "out", check=False, notebooks=tmp_path / "notebooks")
    assert summary.failed == {"08_broken": "ZeroDivisionError: division by zero (code cell 2)"}
