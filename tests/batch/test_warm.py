"""Forked reports: the same as those started by themselves, nothing handed from one to the next, nothing left behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from conftest import Run
from notebooks_for_tests import code, figure, good, result, table, text, write

from kam_analysis.batch.warm import forks
from kam_analysis.batch.warm.forking import COLD, can_fork

pytestmark = pytest.mark.skipif(not can_fork(), reason="nothing is forked there")

LEAVE = """
import builtins, os, random, tempfile
import numpy as np, pandas as pd, plotly.io as pio, duckdb
import kam_analysis
left = builtins.left = kam_analysis.left = "something"
pd.set_option("display.max_rows", 7)
pd.DataFrame.left = "something"
pio.templates.default = "ggplot2"
random.seed(1), np.random.seed(1)
os.environ["LEFT"] = "something"
os.chdir(tempfile.mkdtemp())
duckdb.sql("create table left_here as select 1 as x")
open_connection = duckdb.connect("file.duckdb")
"""
LOOK = """
import builtins, os, random, sys
import numpy as np, pandas as pd, plotly.io as pio, duckdb
import kam_analysis
from IPython import get_ipython
print({
    "globals": "left" in globals(), "builtins": hasattr(builtins, "left"), "module": hasattr(kam_analysis, "left"),
    "class": hasattr(pd.DataFrame, "left"), "option": pd.get_option("display.max_rows"),
    "template": pio.templates.default, "environment": "LEFT" in os.environ, "folder": os.path.basename(os.getcwd()).startswith("kam-"),
    "tables": duckdb.sql("show tables").fetchall(), "run": get_ipython().execution_count,
    "main": sys.modules["__main__"].__dict__ is get_ipython().user_ns, "argv": len(sys.argv) > 1,
    "renderer": pio.renderers.default, "hashes": hash("a"), "threads": len(duckdb.sql("select 1").fetchall()),
})
"""


def test_nothing_of_a_report_reaches_the_next_one_and_each_is_as_if_started_by_itself(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, cell in {"01_leaves": LEAVE, "02_looks": LOOK}.items():
        write(tmp_path / "n", name, text("# What is there?"), code(cell), figure("a", "b"), table("c"), result())
    pages = {}
    for name in ("forked", "cold"):
        if name == "cold":
            monkeypatch.setenv(COLD, "1")
        assert run(tmp_path / name, tmp_path / "n", workers=1).failed == {}
        pages[name] = {
            path.relative_to(tmp_path / name).as_posix(): path.read_bytes()
            for path in (tmp_path / name).rglob("*")
            if path.is_file() and path.name != "run.json"
        }
    assert pages["forked"] == pages["cold"]
    said = pages["forked"]["02_looks.html"].decode()
    for nothing in ("globals", "builtins", "module", "class", "environment"):
        assert f"&#x27;{nothing}&#x27;: False" in said
    assert "&#x27;tables&#x27;: []" in said


def test_a_report_is_forked_from_a_process_that_has_imported_everything(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A kernel by itself never imports papermill."""
    said = code("import sys; print('papermill', 'papermill' in sys.modules)")
    for name in ("01_a", "02_b"):
        write(tmp_path / "n", name, text("# What?"), said, result())
    assert run(tmp_path / "warm", tmp_path / "n").failed == {}
    monkeypatch.setenv(COLD, "1")
    assert run(tmp_path / "cold", tmp_path / "n").failed == {}
    assert b"papermill True" in (tmp_path / "warm" / "02_b.html").read_bytes()
    assert b"papermill False" in (tmp_path / "cold" / "02_b.html").read_bytes()


def test_random_numbers_begin_anew_in_every_report(run: Run, tmp_path: Path) -> None:
    draw = code("import random, numpy as np\nprint('lots-drawn', random.random(), np.random.rand(), 'lots-end')")
    for name in ("01_a", "02_b"):
        write(tmp_path / "n", name, text("# What?"), draw, result())
    assert run(tmp_path / "out", tmp_path / "n").failed == {}
    drawn = [
        (tmp_path / "out" / f"{name}.html").read_text("utf-8").split("lots-drawn ")[1] for name in ("01_a", "02_b")
    ]
    first, second = (each.split(" lots-end")[0].split() for each in drawn)
    assert first[0] != second[0]
    assert first[1] != second[1]


def test_where_nothing_can_be_forked_the_reports_start_by_themselves(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good(tmp_path / "n")
    write(tmp_path / "n", "02_b", text("# What?"), result())
    monkeypatch.setattr(forks, "SERVER", "this")  # a module that says something, and ends
    summary = run(tmp_path / "out", tmp_path / "n")
    assert summary.failed == {}
    assert len(summary.outcomes) == 2


def test_a_server_that_is_killed_takes_its_reports_along_and_the_others_start_by_themselves(
    run: Run, tmp_path: Path
) -> None:
    marker = tmp_path / "kernel.pid"
    kill = f"""
import os, psutil, signal, time
worker = psutil.Process().parent()
open({str(marker)!r}, "w").write(f"{{os.getpid()}} {{worker.pid}}")
worker.parent().send_signal(signal.SIGKILL)
time.sleep(3600)"""
    write(tmp_path / "n", "01_kills", text("# What?"), code(kill), result())
    write(tmp_path / "n", "02_b", text("# What?"), result())
    summary = run(tmp_path / "out", tmp_path / "n", workers=1)
    assert list(summary.failed) == ["01_kills"]
    assert "process ended before it was done" in summary.failed["01_kills"]
    for pid in map(int, marker.read_text().split()):
        assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


WHOLE_RUN = """
import sys
from pathlib import Path
from kam_analysis.batch import runs
runs.check_data = lambda *given: None
runs.run_reports(None, Path(sys.argv[1]), notebooks=Path(sys.argv[2]), workers=2)
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_run_that_ends_early_leaves_no_process(number: signal.Signals, tmp_path: Path) -> None:
    (tmp_path / "tmp").mkdir()
    tell = "import os, time\nopen({!r}, 'w').write(str(os.getpid()))\ntime.sleep(3600)"
    markers = [tmp_path / name for name in ("a.pid", "b.pid")]
    for name, marker in zip(("01_a", "02_b"), markers, strict=True):
        write(tmp_path / "n", name, text("# What?"), code(tell.format(str(marker))), result())
    command = [sys.executable, "-c", WHOLE_RUN, str(tmp_path / "out"), str(tmp_path / "n")]
    environment = {**os.environ, "TMPDIR": str(tmp_path / "tmp")}
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 600
        while not all(each.exists() and each.read_text() for each in markers) and time.monotonic() < deadline:
            time.sleep(0.1)
        family = psutil.Process(process.pid).children(recursive=True)
        assert len(family) >= 5  # the server, two workers, two kernels
        process.send_signal(number)
        process.wait(600)
    assert psutil.wait_procs(family, timeout=600)[1] == []
