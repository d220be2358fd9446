"""A report's worker, watched: small programs in place of the report, so that each ends, or goes on, as a test wants."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

import psutil
import pytest

from kam_analysis.batch import processes
from kam_analysis.batch.jobs import NO_ROOM, NOTEBOOK, OUTCOME, PAGE, RESULT, Job, Outcome, failed
from kam_analysis.batch.kernels import HISTORY, PLANS_MADE, RUN, SHELF
from kam_analysis.batch.processes import Worker, read_outcome
from kam_analysis.batch.warm.forks import Forked

WAITS = "import sys\nsys.stdin.readline()\n"
GOES_ON = "import time\ntime.sleep(600)\n"
ENDED = {OUTCOME: '{"status": "done"}', RESULT: '{"answer": "Two."}', PAGE: "page", NOTEBOOK: "notebook"}
Made = Callable[..., Worker]
PATIENCE_SECONDS = 120


class Server:
    """Forks nothing: it starts the program, as a fork server would the report."""

    serves = True

    def __init__(self, program: str, refuses: bool = False) -> None:
        self.program, self.refuses = program, refuses
        self.told: list[dict[str, str]] = []

    def fork(self, job: Path, environment: Mapping[str, str], cwd: Path, log: IO[bytes]) -> Any:
        self.told.append(dict(environment))
        if self.refuses:
            self.serves = False
            return Refused()
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": log}
        return subprocess.Popen(
            [sys.executable, "-S", "-c", self.program], cwd=cwd, env=os.environ | environment, **pipes
        )  # type: ignore[call-overload]


class Refused(Forked):
    """A process that will never be."""

    def __init__(self) -> None:
        reads, writes = os.pipe()
        super().__init__(None, os.fdopen(writes, "wb"), os.fdopen(reads, "rb"))  # type: ignore[arg-type]
        self.refused = True

    def poll(self) -> int | None:
        return None


@pytest.fixture
def job(tmp_path: Path) -> Job:
    made = Job(
        "05_account_plan/A", "05_account_plan", tmp_path / "x.ipynb", {}, "p", "e", "r", tmp_path, tmp_path / "1"
    )
    return replace(made, shelf=tmp_path / "shelf", history=tmp_path / "history")


@pytest.fixture
def worker(job: Job, monkeypatch: pytest.MonkeyPatch) -> Made:
    monkeypatch.setattr(processes, "_MEMORY_SECONDS", 0)
    return lambda program, progress=lambda *said: None: Worker(job, progress, Server(program))  # type: ignore[arg-type]


def come(asked: Callable[[], Any]) -> Any:
    """What is asked for, as soon as it is there; a worker that waits for ever fails its test, not the whole suite."""
    until = time.monotonic() + PATIENCE_SECONDS
    while not (found := asked()):
        assert time.monotonic() < until, "nothing comes of it"
        time.sleep(0.01)
    return found


def ended(worker: Worker, seconds: float = 300, gigabytes: float = 50) -> Outcome:
    found: Outcome = come(lambda: worker.outcome(seconds, gigabytes))
    return found


def test_its_steps_are_told_and_it_waits_for_go(worker: Made, job: Job) -> None:
    said: list[tuple[str, int, int]] = []
    files = "".join(f"open({str(job.folder / name)!r}, 'w').write({text!r})\n" for name, text in ENDED.items())
    made = worker(
        f"print('1 2')\nprint('no number')\nprint('2 2', flush=True)\n{WAITS}{files}", lambda *step: said.append(step)
    )
    come(lambda: len(said) == 2)
    assert said == [("05_account_plan/A", 1, 2), ("05_account_plan/A", 2, 2)]
    made.go()
    found = ended(made)
    assert (found.status, found.result, found.has_result) == ("done", {"answer": "Two."}, True)
    assert 0 < found.seconds < 120


def test_its_process_knows_the_run_and_its_folders(job: Job) -> None:
    server = Server("")
    ended(Worker(job, lambda *step: None, server))  # type: ignore[arg-type]
    [told] = server.told
    assert len(told.pop(RUN)) == 32
    assert told == {SHELF: str(job.shelf), HISTORY: str(job.history), PLANS_MADE: ""}
    assert Job.read(job.folder / "job.json") == job


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        ((0.25, 50), "took longer than 0.25 s and was stopped"),
        ((300, 0.001), "used more than 0.001 GB of memory and was stopped; --memory-limit allows more"),
    ],
)
def test_beyond_a_limit_it_is_stopped_with_all_that_it_started(
    worker: Made, limits: tuple[float, float], said: str
) -> None:
    start = f"subprocess.Popen([sys.executable, '-S', '-c', {GOES_ON!r}])"
    child = f"import subprocess, sys\nprint({start}.pid, 0, flush=True)\n"
    started: list[int] = []
    made = worker(child + GOES_ON, lambda _, pid, __: started.append(pid))
    come(lambda: started)
    made.go()
    found = ended(made, *limits)
    assert (found.status, found.reason) == ("failed", said)
    assert not psutil.pid_exists(started[0]) or psutil.Process(started[0]).status() == psutil.STATUS_ZOMBIE


def test_what_cannot_be_forked_is_started_by_itself(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    """And is told to go, where that was said already."""
    started: list[Any] = []
    popen = subprocess.Popen

    def instead(command: list[str], **more: Any) -> Any:
        started.append((command[1:4], more["cwd"], more["start_new_session"], SHELF in more["env"]))
        return popen([sys.executable, "-S", "-c", WAITS], **more)

    monkeypatch.setattr(processes.subprocess, "Popen", instead)
    server = Server("", refuses=True)
    made = Worker(job, lambda *step: None, server)  # type: ignore[arg-type]
    made.go()
    assert started == []
    found = ended(made)
    assert found.reason == "the report's process ended before it was done (exit code 0)"
    assert started == [(["-P", "-m", "kam_analysis.batch.worker"], job.cwd, True, True)]
    assert len(server.told) == 1


@pytest.mark.parametrize(
    ("code", "changed", "found"),
    [
        (0, {}, Outcome("done", seconds=2.5, result={"answer": "Two."})),
        (0, {OUTCOME: '{"status": "done", "has_result": false}'}, Outcome("done", "", 2.5, {"answer": "Two."}, has_result=False)),
        (0, {OUTCOME: '{"status": "failed", "reason": "It broke."}'}, failed("It broke.", 2.5)),
        (1, {OUTCOME: '{"status": "failed", "reason": "It broke."}'}, failed("It broke.", 2.5)),
        (0, {PAGE: ""}, failed("the report's process ended before it was done (exit code 0)", 2.5)),
        (0, {NOTEBOOK: None}, failed("the report's process ended before it was done (exit code 0)", 2.5)),
        (0, {RESULT: "{"}, failed("the report's process ended before it was done (exit code 0)", 2.5)),
        (1, {}, failed("the report's process ended before it was done (exit code 1)", 2.5)),
        (-9, {OUTCOME: None}, failed("the report's process ended before it was done (signal 9)", 2.5)),
        (NO_ROOM, {OUTCOME: None}, failed(
            "the temporary folder: cannot be written to (the disk is full or fails); free some space on it, or set TMPDIR to "
            "a folder on another disk", 2.5)),
    ],
)  # fmt: skip
def test_only_what_said_so_ended_well_and_left_all_its_files_is_done(
    code: int, changed: dict[str, str | None], found: Outcome, job: Job
) -> None:
    job.folder.mkdir()
    for name, text in (ENDED | changed).items():
        if text is not None:
            (job.folder / name).write_text(text, encoding="utf-8")
    assert read_outcome(job, code, 2.5) == found
