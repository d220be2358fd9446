"""The worker processes of a run: started, watched against the clock, ended with everything below them."""

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable
from typing import Any

import psutil

from kam_analysis.batch.jobs import NO_ROOM, NOTEBOOK, OUTCOME, PAGE, RESULT, TEMPORARY, Job, Outcome, failed
from kam_analysis.batch.kernels import HISTORY, PLANS_MADE, RUN, SHELF, end_strays, end_tree, python_environment
from kam_analysis.batch.memory import GB, memory_of
from kam_analysis.batch.warm.forks import Forked, ForkServer
from kam_analysis.errors import writing

_MEMORY_SECONDS = 0.2  # a notebook takes a gigabyte in half a second
Progress = Callable[[str, int, int], None]  # report, code cells that ran, code cells


class Worker:
    """One report in its own process, forked by `server` where that serves. It prepares at once and runs the notebook
    after `go`."""

    def __init__(self, job: Job, progress: Progress, server: ForkServer | None = None) -> None:
        self.job, self._progress, self._server = job, progress, server
        self._went = 0.0
        self._run = uuid.uuid4().hex
        self._looked = 0.0
        self._family: set[psutil.Process] = set()
        self._process = self._started()

    def _started(self) -> "subprocess.Popen[bytes] | Forked":
        job, told = self.job, self._told(self.job)
        with writing(*TEMPORARY):
            path = job.write()
            log = (job.folder / "log.txt").open("wb")
        process: subprocess.Popen[bytes] | Forked
        with log:
            if self._server is not None and self._server.serves:
                process = self._server.fork(path, told, job.cwd, log)
            else:
                process = subprocess.Popen(
                    [sys.executable, "-P", "-m", "kam_analysis.batch.worker", str(path)],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=log,
                    cwd=job.cwd,
                    env=python_environment(job.folder) | told,
                    **_own_group(),
                )
        threading.Thread(target=self._follow, args=(process,), daemon=True).start()
        return process

    def _told(self, job: Job) -> dict[str, str]:
        folders = {SHELF: job.shelf, HISTORY: job.history, PLANS_MADE: job.plans_made}
        return {RUN: self._run} | {name: str(folder or "") for name, folder in folders.items()}

    def go(self) -> None:
        """Let the notebook start; the time limit counts from here."""
        self._went = time.monotonic()
        with contextlib.suppress(OSError):  # dead already: `outcome` says so
            assert self._process.stdin is not None
            self._process.stdin.write(b"go\n")
            self._process.stdin.flush()

    def outcome(self, time_limit: float, memory_limit: float) -> Outcome | None:
        """How it ended, or None while it runs within its limits (s, GB). Nothing of it is alive after it ended."""
        code = self._process.poll()
        if isinstance(self._process, Forked) and self._process.refused:
            self._instead()
        seconds = time.monotonic() - self._went
        excess = self._excess(time_limit, memory_limit, seconds) if code is None else ""
        if code is None and not excess:
            return None
        self.end()
        return failed(excess, seconds) if code is None else read_outcome(self.job, code, seconds)

    def _instead(self) -> None:
        """Start by itself what could not be forked."""
        self._close()
        self._process = self._started()
        if self._went:
            self.go()

    def _excess(self, time_limit: float, memory_limit: float, seconds: float) -> str:
        """Which limit it has passed, in a sentence; memory is looked at a few times a second."""
        if seconds > time_limit:
            return f"took longer than {time_limit:g} s and was stopped"
        if time.monotonic() - self._looked > _MEMORY_SECONDS:
            self._looked = time.monotonic()
            self._look()
            # First the quick sum, which counts twice what processes share.
            if all(memory_of(self._family, exactly) > memory_limit * GB for exactly in (False, True)):
                return f"used more than {memory_limit:g} GB of memory and was stopped; --memory-limit allows more"
        return ""

    def _look(self) -> None:
        """Remember who belongs to it: a process without our mark is not found once its parent has ended."""
        if not self._process.pid:
            return  # it is about to be forked
        with contextlib.suppress(psutil.Error):
            process = psutil.Process(self._process.pid)
            self._family |= {process, *process.children(recursive=True)}
        self._family = {each for each in self._family if each.is_running()}

    def end(self) -> None:
        """End the process, its kernel and whatever they started, daemons too."""
        if self._process.pid:
            end_tree(self._process.pid)
        for process in self._family:
            if process.is_running():  # and is no other one that has got its number
                end_tree(process.pid)
        end_strays(self._run)
        self._close()
        self._process.wait()

    def _close(self) -> None:
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()

    def _follow(self, process: "subprocess.Popen[bytes] | Forked") -> None:
        assert process.stdout is not None
        with contextlib.suppress(ValueError, OSError):  # closed while we read: the run is over
            for line in process.stdout:
                ran, _, total = line.decode(errors="replace").partition(" ")
                with contextlib.suppress(ValueError):
                    self._progress(self.job.id, int(ran), int(total))


def _own_group() -> dict[str, Any]:
    """Ctrl-C at the terminal reaches only us; the workers are ended by us, in order."""
    if os.name == "posix":
        return {"start_new_session": True}
    return {"creationflags": getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)}


def read_outcome(job: Job, code: int, seconds: float) -> Outcome:
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
    return Outcome("done", seconds=seconds, result=result, has_result=bool(said.get("has_result", True)))
