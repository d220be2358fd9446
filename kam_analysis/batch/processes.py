"""The worker processes of a run: started, watched against the clock, ended with everything below them."""

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import psutil

from kam_analysis.batch.jobs import NO_ROOM, NOTEBOOK, OUTCOME, PAGE, RESULT, TEMPORARY, Job, Outcome, failed
from kam_analysis.batch.kernels import HISTORY, PLANS_MADE, RUN, SHELF, end_strays, end_tree, python_environment
from kam_analysis.batch.warm.forks import Forked, ForkServer
from kam_analysis.errors import writing

GB = 1e9
_SHARE = 0.8  # of the machine's memory, for all reports that run at a time
_ENOUGH = 5 * GB  # a hundred million rows take 4: no more workers than memory must not stop those
_PER_WORKER = 2 * GB  # a report's engine takes 1.6 before it uses the disk, and its frames and its kernel the rest
_CGROUPS = Path("/sys/fs/cgroup")
_OUR_CGROUPS = Path("/proc/self/cgroup")


def default_workers() -> int:
    """Reports at a time where nobody says how many: as many as cores and memory allow, at least one.

    Cores are those that this process may use, or a container's part of them; memory counts four fifths of what
    `machine_memory` says, 2 GB a report.
    """
    cores = os.cpu_count() or 1
    if hasattr(os, "sched_getaffinity"):  # not everywhere
        cores = len(os.sched_getaffinity(0))
    return max(1, min(int(min((cores, *_cgroup_cores()))), int(machine_memory() * _SHARE / _PER_WORKER)))


def default_limit(workers: int) -> float:
    """GB that one of `workers` reports may take: its part of the machine, but 5 GB where the machine has them."""
    ours = machine_memory() * _SHARE
    return round(min(ours, max(ours / workers, _ENOUGH)) / GB, 1)


def machine_memory() -> int:
    """Bytes: what the machine has, or the container's limit where that is lower."""
    return min(psutil.virtual_memory().total, *_cgroup_limits(), sys.maxsize)


def memory_of(processes: Iterable[psutil.Process], exactly: bool = False) -> int:
    """Bytes that these processes hold together.

    What several share counts once for each of them, unless `exactly`, which takes longer to find out.
    """
    held = 0
    for process in processes:
        with contextlib.suppress(psutil.Error):  # it ended meanwhile
            held += _own_part(process) if exactly else process.memory_info().rss
    return held


def _own_part(process: psutil.Process) -> int:
    try:
        found = process.memory_full_info()
    except psutil.AccessDenied:
        return int(process.memory_info().rss)
    return int(getattr(found, "pss", found.uss))  # only Linux can tell each one's part of what is shared


def _cgroup_limits() -> Iterator[int]:
    """Bytes: limits of our control groups and of those above them, in either version of Linux's interface."""
    for text in _cgroup_texts("memory", {"": "memory.max", "memory": "memory.limit_in_bytes"}):
        with contextlib.suppress(ValueError):  # "max"
            yield int(text)


def _cgroup_cores() -> Iterator[float]:
    """The same of computing: a container with 150 of every 100 milliseconds has one core and a half."""
    for text in _cgroup_texts("cpu", {"": "cpu.max"}):
        with contextlib.suppress(ValueError):
            allowed, period = map(int, text.split())
            yield allowed / period


def _cgroup_texts(kind: str, files: Mapping[str, str]) -> Iterator[str]:
    """What stands in our control groups' files, and in those above them; `files` by the folder of their version."""
    with contextlib.suppress(OSError):
        for line in _OUR_CGROUPS.read_text(encoding="utf-8").splitlines():
            _, kinds, path = line.split(":", 2)
            folder = kind if kinds else ""
            if (kinds and kind not in kinds.split(",")) or folder not in files:
                continue
            base = _CGROUPS / folder
            ours = base / path.strip("/")
            for each in (ours, *(above for above in ours.parents if above.is_relative_to(base))):
                with contextlib.suppress(OSError):  # not there
                    yield (each / files[folder]).read_text(encoding="utf-8")


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
        """After `go`: how it ended, or None while it runs within its limits (s, GB). Nothing of it is alive after it ended."""
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
