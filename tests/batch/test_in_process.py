"""A report run in this process, as other tests do for speed, leaves what one in a kernel leaves."""

import json
import re
from pathlib import Path
from typing import Any

from in_process_for_tests import reports_here
from notebooks_for_tests import code, result, text, write

_LINKS = re.compile(r'<nav class="(tabs|around)".*?</nav>')


def test_the_files_are_those_that_a_kernel_leaves(sample_reports: Path, tmp_path: Path) -> None:
    assert reports_here(None, tmp_path, only=["01_concentration"]).failed == {}
    page = "01_concentration.html"
    # The other run made more reports, to which its pages lead.
    here, there = (_LINKS.sub("", (each / page).read_text(encoding="utf-8")) for each in (tmp_path, sample_reports))
    assert here == there
    for name in ("notebooks/01_concentration.ipynb", "results/01_concentration.json"):
        assert told(tmp_path / name) == told(sample_reports / name)


def told(file: Path) -> Any:
    """What JSON holds, numbers to twelve digits: sums of squares depend on the order in which threads add them."""
    return json.loads(file.read_text(encoding="utf-8"), parse_float=lambda number: f"{float(number):.12g}")


def test_a_cell_that_fails_is_told_as_from_a_kernel(tmp_path: Path) -> None:
    cells = (code("print('so far')"), code("1 / 0"), result())
    write(tmp_path / "notebooks", "08_broken", text("# Why?"), *cells)
    summary = reports_here(None, tmp_path / "out", check=False, notebooks=tmp_path / "notebooks")
    assert summary.failed == {"08_broken": "ZeroDivisionError: division by zero (code cell 2)"}
