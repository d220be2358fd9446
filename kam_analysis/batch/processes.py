"""The worker processes of a run: started, watched against the clock, ended with everything below them."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

import psutil

from kam_analysis.batch.jobs import (
    KERNEL_PID,
    NO_ROOM,
    NOTEBOOK,
    OUTCOME,
    PAGE,
    RESULT,
    TEMPORARY,
    Job,
    Outcome,
    failed,
)
from kam_analysis.batch.kernels import end_tree, python_environment
from kam_analysis.errors import writing

Progress = Callable[[str, int, int], None]  # report, code cells that ran, code cells


class Worker:
    """One report in its own process. It prepares at once and runs the notebook after `go`."""

    def __init__(self, job: Job, progress: Progress) -> None:
        self.job = job
        self._went = 0.0
        with writing(*TEMPORARY):
            path = job.write()
            log = (job.folder / "log.txt").open("wb")
        with log:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "kam_analysis.batch.worker", str(path)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                cwd=job.cwd,
                env=python_environment(),
                **_own_group(),
            )
        threading.Thread(target=self._follow, args=(progress,), daemon=True).start()

    def go(self) -> None:
        """Let the notebook start; the time limit counts from here."""
        self._went = time.monotonic()
        with contextlib.suppress(OSError):  # dead already: `outcome` says so
            assert self._process.stdin is not None
            self._process.stdin.write(b"go\n")
            self._process.stdin.flush()

    def outcome(self, time_limit: float) -> Outcome | None:
        """How it ended, or None while it runs within its limit. Nothing of it is alive after it ended."""
        code = self._process.poll()
        seconds = time.monotonic() - self._went
        if code is None and seconds <= time_limit:
            return None
        self.end()
        if code is None:
            return failed(f"took longer than {time_limit:g} s and was stopped", seconds)
        return _read_outcome(self.job, code, seconds)

    def end(self) -> None:
        """End the process, its kernel and whatever they started."""
        end_tree(self._process.pid)
        self._end_orphan()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        self._process.wait()

    def _end_orphan(self) -> None:
        """A kernel whose worker was killed is nobody's child any more; its number was written down."""
        with contextlib.suppress(OSError, ValueError, psutil.Error):
            pid = int((self.job.folder / KERNEL_PID).read_text())
            if any("kam_analysis.batch.kernel_process" in part for part in psutil.Process(pid).cmdline()):
                end_tree(pid)

    def _follow(self, progress: Progress) -> None:
        assert self._process.stdout is not None
        with contextlib.suppress(ValueError, OSError):  # closed while we read: the run is over
            for line in self._process.stdout:
                ran, _, total = line.decode(errors="replace").partition(" ")
                with contextlib.suppress(ValueError):
                    progress(self.job.id, int(ran), int(total))


@contextlib.contextmanager
def ended_by_signals() -> Iterator[None]:
    """SIGTERM, and the closing of the terminal, end a run like Ctrl-C: what it started ends first.

    Outside the main thread Python allows no handlers; then only Ctrl-C and the end of the process count.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    numbers = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {number: signal.signal(number, stop) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _own_group() -> dict[str, Any]:
    """Ctrl-C at the terminal reaches only us; the workers are ended by us, in order."""
    if os.name == "posix":
        return {"start_new_session": True}
    return {"creationflags": getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)}


def _read_outcome(job: Job, code: int, seconds: float) -> Outcome:
    """Done only on positive evidence: the worker said so, ended well, and left all its files."""
    try:
        said = json.loads((job.folder / OUTCOME).read_text(encoding="utf-8"))
        if said["status"] != "done":
            return failed(str(said["reason"]), seconds)
        result = json.loads((job.folder / RESULT).read_text(encoding="utf-8"))
        complete = all((job.folder / name).stat().st_size > 0 for name in (PAGE, NOTEBOOK))
    except (OSError, ValueError, KeyError):
        complete = False
    if code == NO_ROOM:
        where, remedy = TEMPORARY
        return failed(
            f"{where}: cannot be written to (the disk is full or fails); free some space on it, or {remedy}", seconds
        )
    if code != 0 or not complete:
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        return failed(f"the report's process ended before it was done ({how})", seconds)
    return Outcome("done", seconds=seconds, result=result)
