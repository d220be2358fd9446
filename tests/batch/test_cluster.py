"""Reports on a Dask cluster of separate processes: the same as here, nothing lost or doubled, nothing left behind."""

import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest
from conftest import Run
from dask_for_tests import ROOT, Cluster, cluster_in, worker_of
from notebooks_for_tests import PARAMETERS, code, result, text, write
from small_works_for_tests import FILES, SETTINGS

from kam_analysis.batch.cluster import cluster as our_side
from kam_analysis.batch.runs import RunSummary, run_reports
from kam_analysis.bundled import notebooks_folder
from kam_analysis.errors import RunError, SettingsError

pytestmark = pytest.mark.skipif(os.name != "posix", reason="it is killed by signals of POSIX")
Company = Callable[..., Path]
TITLE = text("# A question?")
OURS, THEIRS = (f"postgresql://reporter:Geheim-{whose}@db.internal/sales" for whose in ("of-here", "of-the-workers"))


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with cluster_in(tmp_path_factory.mktemp("dask")) as found:
        yield found


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the data, as the workers' environment names it."""
    return tmp_path_factory.mktemp("elsewhere")


@pytest.fixture(scope="module")
def cluster(scheduler: Cluster, elsewhere: Path) -> Cluster:
    scratch = scheduler.scratch
    environment = {"KAM_TEST_DATA": str(elsewhere), "KAM_TEST_URL": THEIRS, "TMPDIR": str(scratch)}
    scheduler.workers = [scheduler.add_worker(environment) for _ in range(2)]
    return scheduler


def files_of(out: Path) -> dict[str, bytes]:
    found = {each.relative_to(out).as_posix(): each.read_bytes() for each in out.rglob("*") if each.is_file()}
    del found["run.json"]  # it tells the time
    return found


def record(out: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((out / "run.json").read_text(encoding="utf-8"))
    return found


def is_true(out: Path) -> bool:
    run = record(out)
    named = {
        **run["files"],
        **{name: each for report in run["reports"].values() for name, each in report["files"].items()},
    }
    return all(hashlib.sha256((out / name).read_bytes()).hexdigest() == each for name, each in named.items())


def until(so: Callable[[], object], seconds: float = 600) -> None:
    late = time.monotonic() + seconds
    while not so():
        assert time.monotonic() < late
        time.sleep(0.1)


def alive(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def owner(folder: Path) -> int:
    """The process that a temporary folder of ours belongs to; 0 where it is being removed."""
    with suppress(FileNotFoundError):
        return int(json.loads((folder / ".kam-owner.json").read_text(encoding="utf-8"))["process"])
    return 0


def marking(folder: Path, then: str) -> dict[str, Any]:
    """A cell that leaves its process's number in `folder`, each run of it a file."""
    return code(f"import os, time, pathlib\npathlib.Path({str(folder)!r}, str(os.getpid())).touch()\n{then}")


def test_a_cluster_without_workers_is_said_at_once(scheduler: Cluster, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(our_side, "_ANSWER_SECONDS", 1)
    with pytest.raises(
        RunError, match=f"has no workers; start some on other machines: dask worker {scheduler.address}"
    ):
        run_reports(None, tmp_path / "out", scheduler=scheduler.address)
    assert not (tmp_path / "out").exists()


def test_a_worker_with_another_version_is_refused(scheduler: Cluster, tmp_path: Path) -> None:
    (tmp_path / "kam_analysis").mkdir()
    (tmp_path / "kam_analysis" / "__init__.py").write_text('__version__ = "0.0.7"\n', encoding="utf-8")
    worker = scheduler.add_worker(path=tmp_path)
    try:
        with pytest.raises(RunError, match=r"has version 0[.]0[.]7 of the workbook, here is"):
            run_reports(None, tmp_path / "out", scheduler=scheduler.address)
    finally:
        worker.kill()
        worker.wait()


def test_a_report_from_the_cluster_is_the_one_from_here_to_the_byte(
    cluster: Cluster, company: Company, tmp_path: Path
) -> None:
    """A plan of a small company, and a notebook with a module beside it."""
    (tmp_path / "data").mkdir()
    settings = company('data_dir = "data"\n' + SETTINGS + '[history]\nfolder = "kept"\n')
    for name, content in FILES.items():
        (tmp_path / "data" / name.replace("__", ".")).write_text(content, encoding="utf-8")
    notebooks = tmp_path / "notebooks"
    here = code("import os\nfrom beside import word\nprint(word, settings, os.getcwd(), __import__('sys').prefix)")
    write(notebooks, "01_own", TITLE, PARAMETERS, here, result())
    (notebooks / "beside.py").write_text("word = 'from beside'\n", encoding="utf-8")
    shutil.copy(notebooks_folder() / "05_account_plan.ipynb", notebooks)
    made = {}
    for name, address in {"here": "", "there": cluster.address}.items():
        shutil.rmtree(tmp_path / "kept", ignore_errors=True)
        given = {"plans": "A1,", "notebooks": notebooks, "say": lambda line: None}
        assert run_reports(settings, tmp_path / name, scheduler=address, **given).failed == {}
        made[name] = files_of(tmp_path / name)
    assert made["here"].keys() == made["there"].keys() >= {"plans/A1.html", "actions.xlsx", "plans/made.json"}
    assert [name for name in made["here"] if made["here"][name] != made["there"][name]] == []
    assert b"from beside kam.toml" in made["there"]["01_own.html"]
    assert is_true(tmp_path / "there")


def test_what_a_variable_holds_stands_on_the_workers_and_is_in_no_artefact(
    cluster: Cluster, run: Run, company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = company('[connection]\nurl = "env:KAM_TEST_URL"\n[tables.transactions]\ntable = "sales"\n')
    leak = "import os\nheld = os.environ['KAM_TEST_URL']\nprint('theirs', 'of-the-workers' in held, held)"
    write(tmp_path / "n", "01_prints", TITLE, PARAMETERS, code(leak), result())
    write(tmp_path / "n", "02_raises", TITLE, PARAMETERS, code(leak + "\nraise RuntimeError(held)"))
    monkeypatch.setenv("KAM_TEST_URL", OURS)
    summary = run(tmp_path / "out", tmp_path / "n", settings=settings, scheduler=cluster.address)
    assert list(summary.failed) == ["02_raises"]
    made = files_of(tmp_path / "out")
    assert b"theirs True ..." in made["01_prints.html"]
    for name, content in {
        **made,
        "said": str(summary.failed).encode(),
        "run": str(record(tmp_path / "out")).encode(),
    }.items():
        for secret in (b"Geheim", b"db.internal", str(tmp_path).encode()):
            assert secret not in content, name


def test_a_worker_that_sees_other_files_computes_nothing(
    cluster: Cluster, company: Company, elsewhere: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One sale more is enough; the variable that names the folder has another value on each machine."""
    lines = "account_id,date,revenue\n" + "".join(f"A{n},2025-0{n}-10,{n}\n" for n in range(1, 9))
    settings = company('data_dir = "env:KAM_TEST_DATA"\n[tables.transactions]\nfile = "sales.csv"\n', sales__csv=lines)
    (elsewhere / "sales.csv").write_text(lines + "A1,2025-09-10,5\n", encoding="utf-8")
    monkeypatch.setenv("KAM_TEST_DATA", str(tmp_path))
    write(tmp_path / "n", "01_own", TITLE, result())
    out = tmp_path / "out"
    summary = run_reports(settings, out, notebooks=tmp_path / "n", scheduler=cluster.address, say=lambda line: None)
    assert "the data's files are not those that were checked (sales.csv); let every machine" in summary.failed["01_own"]
    (elsewhere / "sales.csv").write_text(lines, encoding="utf-8")
    of = {"company": "Lindmark Flow Controls", "as_of": "2025-08-10", "data_fingerprint": "of other data"}
    write(tmp_path / "n", "02_through_a_query", TITLE, result(provenance=of))
    again = run_reports(settings, out, notebooks=tmp_path / "n", scheduler=cluster.address, say=lambda line: None)
    assert list(again.failed) == ["02_through_a_query"]
    assert "the data that its worker read is not the data that was checked" in again.failed["02_through_a_query"]


def test_the_time_limit_ends_a_report_where_it_runs(cluster: Cluster, run: Run, tmp_path: Path) -> None:
    marks = tmp_path / "marks"
    marks.mkdir()
    write(tmp_path / "n", "01_slow", TITLE, marking(marks, "time.sleep(3600)"), result())
    summary = run(tmp_path / "out", tmp_path / "n", scheduler=cluster.address, time_limit=20)
    assert "took longer than 20 s and was stopped" in summary.failed["01_slow"]
    assert [each for each in marks.iterdir() if alive(int(each.name))] == []


WHOLE_RUN = """
import sys
from pathlib import Path
from kam_analysis.batch import runs
runs.check_data = lambda *given: None
runs.run_reports(None, Path(sys.argv[1]), notebooks=Path(sys.argv[2]), scheduler=sys.argv[3])
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_run_that_ends_early_ends_its_reports_on_the_cluster(
    cluster: Cluster, tmp_path: Path, number: signal.Signals
) -> None:
    marks = tmp_path / "marks"
    marks.mkdir()
    write(tmp_path / "n", "01_slow", TITLE, marking(marks, "time.sleep(3600)"), result())
    command = [sys.executable, "-c", WHOLE_RUN, str(tmp_path / "out"), str(tmp_path / "n"), cluster.address]
    with subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(ROOT)}, stderr=subprocess.DEVNULL) as process:
        until(lambda: list(marks.iterdir()) or process.poll() is not None)
        [kernel] = (int(each.name) for each in marks.iterdir())
        assert alive(kernel)
        process.send_signal(number)
        process.wait(600)
    until(lambda: not alive(kernel))
    if number != signal.SIGKILL:
        assert not (tmp_path / "out").exists()
    assert len(list(marks.iterdir())) == 1


def test_a_worker_that_is_killed_loses_and_doubles_nothing(cluster: Cluster, run: Run, tmp_path: Path) -> None:
    marks, go_on = tmp_path / "marks", tmp_path / "go-on"
    marks.mkdir()
    waits = f"while not os.path.exists({str(go_on)!r}): time.sleep(0.1)"
    write(tmp_path / "n", "01_slow", TITLE, marking(marks, waits), result())
    for name in ("02_quick", "03_quick"):
        write(tmp_path / "n", name, TITLE, result())
    found: list[RunSummary] = []
    out = tmp_path / "out"
    running = threading.Thread(target=lambda: found.append(run(out, tmp_path / "n", scheduler=cluster.address)))
    running.start()
    until(lambda: list(marks.iterdir()) or not running.is_alive())
    [first] = (int(each.name) for each in marks.iterdir())
    killed = worker_of(first, cluster.workers)
    killed.kill()
    killed.wait()
    cluster.workers.remove(killed)
    until(lambda: len(list(marks.iterdir())) == 2 or not running.is_alive())
    assert not alive(first)
    go_on.touch()
    running.join(600)
    [summary] = found
    assert (summary.failed, sorted(summary.outcomes)) == ({}, ["01_slow", "02_quick", "03_quick"])
    assert (record(out)["status"], sorted(record(out)["reports"])) == ("complete", sorted(summary.outcomes))
    assert is_true(out)


def test_nothing_of_any_run_is_left_on_the_workers(cluster: Cluster) -> None:
    """After all of the above; what a killed worker could not remove, the next one that starts there does."""
    workers = {one.pid for one in cluster.workers}
    until(lambda: not [each for each in cluster.scratch.glob("kam-*") if owner(each) in workers])
    until(lambda: not [each for pid in workers for each in psutil.Process(pid).children()])


def test_an_address_where_nobody_answers_is_said_within_seconds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(our_side, "_ANSWER_SECONDS", 1)
    with socket.socket() as silent:  # takes connections and says nothing
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        address = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(RunError, match=f"--scheduler {address}: does not answer .*; check the address"):
            run_reports(None, tmp_path / "out", scheduler=address)
    with pytest.raises(SettingsError, match='expected an address such as tcp://host:8786, got "host"'):
        run_reports(None, tmp_path / "out", scheduler="host")
    assert not (tmp_path / "out").exists()


def test_without_the_extra_its_installation_is_the_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(SettingsError, match=r"distributed is not installed; run `pip install -e \"\.\[dask\]\"`"):
        run_reports(None, tmp_path / "out", scheduler="tcp://127.0.0.1:8786")
