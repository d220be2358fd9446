"""A Dask cluster of this machine's own: a scheduler and workers, each a process as on machines of their own."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psutil

from kam_analysis.batch.kernels import end_tree

ROOT = Path(__file__).parents[2]


class Cluster:
    """A scheduler's address, and its workers."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._processes: list[subprocess.Popen[bytes]] = []
        self.workers: list[subprocess.Popen[bytes]] = []
        self.scratch = folder / "tmp"  # the workers' temporary files
        self.scratch.mkdir()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.address = f"tcp://127.0.0.1:{port}"
        self._start("scheduler", "--host", "127.0.0.1", "--port", str(port))
        _wait_until(lambda: _listens(port), "the scheduler listens")

    def add_worker(self, environment: Mapping[str, str] | None = None, path: Path = ROOT) -> subprocess.Popen[bytes]:
        """One more, with the package that lies in `path`."""
        own = {"PYTHONPATH": str(path), **(environment or {})}
        options = ("--nthreads", "1", "--no-nanny", "--local-directory", str(self._folder))
        return self._start("worker", self.address, *options, environment=own)

    def end(self) -> None:
        """Nothing of it is alive."""
        for process in reversed(self._processes):
            end_tree(process.pid)
            process.wait()

    def _start(self, *command: str, environment: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
        log = self._folder / f"{len(self._processes)}.log"
        with log.open("wb") as file:
            process = subprocess.Popen(
                [sys.executable, "-P", "-m", "distributed.cli.dask_" + command[0], *command[1:], "--no-dashboard"],
                stdout=file,
                stderr=file,
                env={**os.environ, "PYTHONWARNINGS": "", **(environment or {})},
                cwd=self._folder,
            )
        self._processes.append(process)
        return process


@contextmanager
def cluster_in(folder: Path) -> Iterator[Cluster]:
    """A scheduler without workers yet; all of it is gone at the end."""
    found = Cluster(folder)
    try:
        yield found
    finally:
        found.end()


def worker_of(kernel: int, workers: list[subprocess.Popen[bytes]]) -> subprocess.Popen[bytes]:
    """Which of the workers a report's kernel belongs to."""
    above = {each.pid for each in psutil.Process(kernel).parents()}
    return next(each for each in workers if each.pid in above)


def _listens(port: int) -> bool:
    with socket.socket() as asked:
        return asked.connect_ex(("127.0.0.1", port)) == 0


def _wait_until(so: object, what: str, seconds: float = 300) -> None:
    until = time.monotonic() + seconds
    assert callable(so)
    while not so():
        assert time.monotonic() < until, f"waited {seconds:g} s until {what}"
        time.sleep(0.1)
