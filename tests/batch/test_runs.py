"""Whole runs: what they leave, what a failure leaves alone, what they never give away."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psutil
import pytest
from conftest import Run
from in_process_for_tests import reports_here
from notebooks_for_tests import HOSTILE, PARAMETERS, code, figure, good, result, table, text, write

from kam_analysis.batch import executor, processes, runs
from kam_analysis.batch.kernels import RUN
from kam_analysis.batch.lock import LOCK
from kam_analysis.batch.runs import RunSummary, run_reports
from kam_analysis.errors import BusyError, DataError, SettingsError
from kam_analysis.own_folder import temporary_folder

TITLE = text("# A question?")
KILL = code("import os, signal\nos.kill(os.getpid(), getattr(signal, 'SIGKILL', signal.SIGTERM))")
SLEEP = code("import time\ntime.sleep(3600)")
BROKEN = {
    "02_killed": KILL,
    "03_slow": SLEEP,
}
SECRET = "postgresql://reporter:Geheim-4711@db.internal/sales"


def record(out: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((out / "run.json").read_text(encoding="utf-8"))
    return document


def published(out: Path) -> dict[str, bytes]:
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}


class Twice:
    """A run in which all is well; one over it of a report that is too slow; one of the others, one of them wrong."""

    def __init__(self, run: Run, folder: Path) -> None:
        self.notebooks, self.out = folder / "notebooks", folder / "out"
        self.lines: list[str] = []
        good(self.notebooks)
        for name in BROKEN:
            write(self.notebooks, name, TITLE, PARAMETERS, code("print('label is', label)"), result())
        given = ["02_killed.label=007"]
        self.well = run(self.out, self.notebooks, set_values=given, workers=2, say=self.lines.append)
        self.before, self.record = published(self.out), record(self.out)
        for name, cell in BROKEN.items():
            write(self.notebooks, name, TITLE, PARAMETERS, cell, result())
        self.slow = run(self.out, self.notebooks, only=["03_slow"], time_limit=1)
        self.slow_record = record(self.out)
        others = ["01_good", "02_killed"]
        self.ill = run(self.out, self.notebooks, only=others, workers=2, say=self.lines.append)
        self.after, self.later = published(self.out), record(self.out)


@pytest.fixture(scope="module")
def twice(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Twice:
    return Twice(run, tmp_path_factory.mktemp("twice"))


def test_a_run_leaves_the_agreed_files_and_no_others(twice: Twice) -> None:
    names = ["01_good", *BROKEN]
    kinds = ("{}.html", "notebooks/{}.ipynb", "results/{}.json")
    expected = {kind.format(name) for name in names for kind in kinds} | {
        "index.html", "tables.xlsx", "mail.eml", "run.json"
    }  # fmt: skip
    assert set(twice.before) == expected == set(twice.after)
    assert twice.well.exit_code == 0
    assert twice.record["status"] == "complete"


def test_run_json_fingerprints_every_file(twice: Twice) -> None:
    import hashlib

    files = dict(twice.record["files"])
    for report in twice.record["reports"].values():
        files |= report["files"]
    assert files == {
        name: hashlib.sha256(found).hexdigest() for name, found in twice.before.items() if name != "run.json"
    }


def test_007_for_a_text_stays_007(twice: Twice) -> None:
    assert b"label is 007" in twice.before["02_killed.html"]
    assert json.loads(twice.before["notebooks/02_killed.ipynb"])["metadata"]["papermill"] == {
        "parameters": {"label": "007"}
    }


def test_failed_reports_say_why_and_leave_their_last_good_files(twice: Twice) -> None:
    assert (twice.slow.exit_code, twice.ill.exit_code) == (1, 1)
    assert (twice.slow_record["status"], twice.later["status"]) == ("failed", "partial")
    reasons = {**twice.slow.failed, **twice.ill.failed}
    assert "killed or ran out of memory" in reasons["02_killed"]
    assert "longer than 1 s" in reasons["03_slow"]
    for name in BROKEN:
        found = {**twice.slow_record["reports"], **twice.later["reports"]}[name]
        assert (found["status"], found["reason"], found["files"]) == ("failed", reasons[name], {})
        assert found["last_good_files"] == twice.record["reports"][name]["files"]
        for file in found["last_good_files"]:
            assert twice.after[file] == twice.before[file]


def test_the_index_lists_every_report_with_answer_and_state(twice: Twice) -> None:
    assert twice.before["index.html"].count(b"Five accounts make 41%.") == 3
    index = twice.after["index.html"].decode()
    assert index.count('class="report failed"') == 1
    assert index.count("From an earlier run, as of 31 May 2025.") == 1
    assert set(twice.later["earlier"]) == {"03_slow"}
    assert index.count("The page linked here is the last good one, as of 31 May 2025.") == 1
    assert "killed or ran out of memory" in index
    assert "<script" not in index


def test_the_same_inputs_give_the_same_bytes(twice: Twice) -> None:
    for name in ("01_good.html", "notebooks/01_good.ipynb", "results/01_good.json", "tables.xlsx"):
        assert twice.after[name] == twice.before[name]


def test_no_local_path_is_left_anywhere(twice: Twice) -> None:
    for folder in (twice.out.parent, Path(sys.prefix), Path.home() / "", Path(__file__).parents[2]):
        for name, content in {**twice.before, **twice.after}.items():
            assert f"{folder}{os.sep}".encode() not in content, name


def test_plain_lines_tell_the_progress(twice: Twice) -> None:
    assert "01_good: started" in twice.lines
    assert twice.lines[-1] == f"1 of 2 reports done: {twice.out / 'index.html'}"


def test_no_process_and_no_lock_survives_a_run(twice: Twice) -> None:
    started = [each for each in psutil.Process().children(recursive=True) if RUN in _environment(each)]
    assert not [" ".join(each.cmdline()) for each in started]
    assert not (twice.out / LOCK).exists()


def _environment(process: psutil.Process) -> dict[str, str]:
    try:
        return process.environ()
    except psutil.Error:  # it has just ended
        return {}


class Started(Exception):
    """A worker was started although the command could not be used."""


@pytest.fixture
def no_start(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*given: object) -> None:
        raise Started

    monkeypatch.setattr(executor, "Worker", refuse)


@pytest.mark.parametrize(
    ("only", "given", "said"),
    [
        (["01_god"], [], 'did you mean "01_good"'),
        ([], ["01_good.labl=x"], 'did you mean "label"'),
        ([], ["01_good.seed=x"], "expected a whole number"),
        ([], ["01_goood.seed=1"], "no such report"),
    ],
)
@pytest.mark.usefixtures("no_start")
def test_an_unusable_command_starts_nothing(
    run: Run, tmp_path: Path, only: list[str], given: list[str], said: str
) -> None:
    good(tmp_path / "notebooks")
    with pytest.raises(SettingsError, match=said):
        run(tmp_path / "out", tmp_path / "notebooks", only=only, set_values=given)
    assert not (tmp_path / "out").exists()


def test_unusable_data_starts_no_notebook(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    write(tmp_path / "notebooks", "01_touch", TITLE, code(f"open({str(tmp_path / 'ran')!r}, 'w').close()"), result())

    def no_rows(*given: object) -> None:
        time.sleep(1.5)  # long enough for a notebook that would not wait
        raise DataError("transactions: no rows")

    monkeypatch.setattr(runs, "check_data", no_rows)
    others = set(psutil.Process().children(recursive=True))  # a browser of other tests, for one
    with pytest.raises(DataError, match="no rows"):
        run_reports(None, tmp_path / "out", notebooks=tmp_path / "notebooks", say=lambda line: None)
    assert not (tmp_path / "out").exists()
    assert not (tmp_path / "ran").exists()
    assert set(psutil.Process().children(recursive=True)) <= others


@pytest.fixture(scope="module")
def with_secret(run: Run, tmp_path_factory: pytest.TempPathFactory) -> tuple[RunSummary, Path]:
    """Notebooks that print and raise what they should not, run with settings in a folder of their own."""
    home = tmp_path_factory.mktemp("the company's data")
    (home / "kam.toml").write_text('[connection]\nurl = "env:KAM_TEST_URL"\n', encoding="utf-8")
    leak = "import os\nleak = os.environ['KAM_TEST_URL'] + ' in ' + os.getcwd()\n"
    notebooks = home / "notebooks"
    shown = code(
        leak + "print(leak, 'settings:', settings)\nfrom IPython.display import HTML, display\ndisplay(HTML(leak))"
    )
    write(notebooks, "01_prints", TITLE, PARAMETERS, shown, result(), table(HOSTILE), figure(HOSTILE, HOSTILE))
    write(
        notebooks, "02_raises", TITLE, PARAMETERS, code(leak + "raise RuntimeError('first line\\nlast line: ' + leak)")
    )
    write(
        notebooks,
        "03_sentences",
        TITLE,
        PARAMETERS,
        code("from kam_analysis.errors import DataError\nraise DataError('one\\ntwo')"),
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KAM_TEST_URL", SECRET)
        return run(home / "out", notebooks, settings=home / "kam.toml", workers=2), home / "out"


def test_a_secret_from_the_environment_is_in_no_artefact(with_secret: tuple[RunSummary, Path]) -> None:
    summary, out = with_secret
    assert set(summary.failed) == {"02_raises", "03_sentences"}
    everything = {**published(out), "messages": json.dumps(summary.failed).encode()}
    for name, content in everything.items():
        for trace in (b"Geheim", str(out.parent).encode()):
            assert trace not in content, name
    assert b"settings: kam.toml" in everything["01_prints.html"]
    assert b"settings" not in json.dumps(json.loads(everything["notebooks/01_prints.ipynb"])["metadata"]).encode()


def test_a_failed_cell_is_told_by_its_last_line_and_our_own_errors_in_full(
    with_secret: tuple[RunSummary, Path],
) -> None:
    summary, _ = with_secret
    assert summary.failed["02_raises"].startswith("RuntimeError: last line: postgresql://...")
    assert "first line" not in summary.failed["02_raises"]
    assert summary.failed["03_sentences"] == "one\ntwo"


SHEET = """
class Sheet:
    def _repr_mimebundle_(self, include=None, exclude=None):
        body = "<p>Your goals</p>"
        return {"text/html": body, "application/vnd.kam.sheet+json": {"title": "For " + account_id, "html": body}}

Sheet()"""


@pytest.mark.parametrize(
    ("plans", "made"),
    [("key", ["A", "B", "C"]), ("2", ["A", "B"]), ("0", []), ("all", ["A", "B", "C", "D"]), ("D,A", ["A", "D"]), ("7,", ["7"])],
)  # fmt: skip
def test_plans_are_made_for_the_accounts_that_are_chosen(tmp_path: Path, plans: str, made: list[str]) -> None:
    notebooks = tmp_path / "notebooks"
    tables = {
        "key_accounts": [{"account_id": each} for each in "ABC"],
        "lifecycle": [{"account_id": each} for each in "ABCD"],
    }
    write(notebooks, "02_key_accounts", TITLE, result(tables=tables))
    write(notebooks, "05_account_plan", TITLE, code('account_id: str = ""', "parameters"), result())
    summary = reports_here(None, tmp_path / "out", check=False, notebooks=notebooks, plans=plans)
    assert summary.failed == {}
    assert sorted(summary.outcomes) == ["02_key_accounts", *(f"05_account_plan/{each}" for each in made)]


def test_plans_of_nobody_are_asked_about(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="--plans: expected key, all, a number, or account ids"):
        reports_here(None, tmp_path / "out", plans=" , ")


def test_a_sheet_for_the_customer_is_a_page_of_its_own_and_nothing_of_the_plan_is_on_it(tmp_path: Path) -> None:
    notebooks = tmp_path / "notebooks"
    mine = code('account_id: str = ""', "parameters")
    write(notebooks, "05_account_plan", TITLE, mine, result(answer="A secret answer."), code(SHEET))
    out = tmp_path / "out"
    assert reports_here(None, out, check=False, notebooks=notebooks, plans="A-1,b").failed == {}
    files = sorted(path.name for path in (out / "plans").iterdir())
    assert len(files) == 4
    assert files[0:2] == ["A-1.customer.html", "A-1.html"]
    sheet, plan = ((out / "plans" / name).read_text(encoding="utf-8") for name in files[:2])
    assert "For A-1" in sheet
    assert "Your goals" in sheet
    for kept_back in ("secret", "Key-account workbook 0", "index.html", "settings"):
        assert kept_back not in sheet, kept_back
    assert "script-src 'none'" in sheet
    assert 'href="A-1.customer.html"' in plan
    assert "Your goals" not in plan
    run = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert "plans/A-1.customer.html" in run["reports"]["05_account_plan/A-1"]["files"]


def test_account_pages_follow_the_list_of_key_accounts(tmp_path: Path) -> None:
    accounts = ["A-017", "../Müller & Söhne"]
    rows = [{"account_id": account} for account in accounts]
    notebooks = tmp_path / "notebooks"
    write(notebooks, "02_key_accounts", TITLE, result(tables={"key_accounts": rows}))
    mine = code('account_id: str = ""', "parameters")
    write(notebooks, "05_account_plan", TITLE, mine, code("print('plan of', account_id)"), result())
    with pytest.raises(SettingsError, match="which accounts are key is not known yet"):
        reports_here(None, tmp_path / "other", check=False, notebooks=notebooks, only=["05_account_plan"])
    summary = reports_here(None, tmp_path / "out", check=False, notebooks=notebooks)
    assert summary.failed == {}
    pages = sorted((tmp_path / "out" / "plans").iterdir())
    assert len(pages) == 2
    shown = "".join(page.read_text(encoding="utf-8") for page in pages)
    for written in ("plan of A-017", "plan of ../Müller &amp; Söhne"):
        assert written in shown
    index = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert all(f'href="plans/{page.name}"' in index for page in pages)
    assert 'href="../index.html"' in shown
    one = {"only": ["05_account_plan"], "set_values": ["05_account_plan.account_id=A-017"]}
    alone = reports_here(None, tmp_path / "out", check=False, notebooks=notebooks, **one)
    assert list(alone.outcomes) == ["05_account_plan/A-017"]
    assert set(record(tmp_path / "out")["earlier"]) == {
        "02_key_accounts",
        *(f"05_account_plan/{each}" for each in accounts[1:]),
    }


SUBPROCESS = """
import sys
from pathlib import Path
from kam_analysis.batch import runs
runs.check_data = lambda *given: None
runs.run_reports(None, Path(sys.argv[1]), notebooks=Path(sys.argv[2]))
"""


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_signals_leave_no_kernel_and_a_run_under_way_keeps_others_out(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SIGTERM to one run and SIGKILL to another: the kernels of both go, nothing half-written stays."""
    started = {}
    for name, number in (("term", signal.SIGTERM), ("kill", signal.SIGKILL)):
        marker = tmp_path / f"{name}.pid"
        tell = code(f"import os\nopen({str(marker)!r}, 'w').write(str(os.getpid()))")
        write(tmp_path / name, "01_slow", TITLE, tell, SLEEP, result())
        (tmp_path / f"tmp-{name}").mkdir()
        environment = {**os.environ, "TMPDIR": str(tmp_path / f"tmp-{name}")}
        command = [sys.executable, "-c", SUBPROCESS, str(tmp_path / f"out-{name}"), str(tmp_path / name)]
        started[name] = (subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL), number, marker)
    kernels = {name: psutil.Process(_number_in(marker)) for name, (_, _, marker) in started.items()}
    with pytest.raises(BusyError, match="another kam report is writing there") as busy:
        run(tmp_path / "out-term", tmp_path / "term")
    assert busy.value.exit_code == 3
    for process, number, _ in started.values():
        process.send_signal(number)
    assert started["term"][0].wait(600) == 128 + signal.SIGTERM
    started["kill"][0].wait(600)
    assert psutil.wait_procs(kernels.values(), timeout=600)[1] == []
    assert not (tmp_path / "out-term").exists()
    assert list((tmp_path / "tmp-term").glob("kam-*")) == []
    assert [path.name for path in (tmp_path / "out-kill").iterdir()] == [LOCK]
    assert list((tmp_path / "tmp-kill").glob("kam-*")) != []
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp-kill"))
    with temporary_folder():
        pass
    assert list((tmp_path / "tmp-kill").glob("kam-*")) == [], "the next run does not tidy up"


def _number_in(marker: Path) -> int:
    deadline = time.monotonic() + 600
    while time.monotonic() < deadline:
        if marker.exists() and marker.read_text():
            return int(marker.read_text())
        time.sleep(0.05)
    raise AssertionError("the notebook did not start")


def test_a_worker_that_dies_is_a_failure_and_takes_its_kernel_along(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the kernel's out-of-memory killer would do it."""
    marker = tmp_path / "kernel.pid"
    tell = code(f"import os\nopen({str(marker)!r}, 'w').write(str(os.getpid()))")
    write(tmp_path / "notebooks", "01_slow", TITLE, tell, SLEEP, result())
    look = processes.Worker.outcome

    def killed(worker: processes.Worker, *limits: float) -> Any:
        if marker.exists() and marker.read_text() and worker._process.poll() is None:
            worker._process.kill()
            worker._process.wait()
        return look(worker, *limits)

    monkeypatch.setattr(processes.Worker, "outcome", killed)
    summary = run(tmp_path / "out", tmp_path / "notebooks", time_limit=600)
    assert "process ended before it was done" in summary.failed["01_slow"]
    assert (
        not psutil.pid_exists(int(marker.read_text())) or psutil.Process(int(marker.read_text())).status() == "zombie"
    )


def test_the_brief_comes_first_whatever_is_queued_before_it(tmp_path: Path) -> None:
    """It takes longest, and what it looks back on nobody else computes: started last, it would leave a core idle."""
    cells = (TITLE, result())
    for name in ("01_first", "06_leadership_brief", "07_own"):
        write(tmp_path / "notebooks", name, *cells)
    said: list[str] = []
    run_reports(None, tmp_path / "out", notebooks=tmp_path / "notebooks", workers=1, say=said.append)
    started = [line.split(":")[0] for line in said if line.endswith(": started")]
    assert started == ["06_leadership_brief", "01_first", "07_own"]
