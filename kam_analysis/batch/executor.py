"""Where the reports of a run are computed: in processes of this machine or on a cluster. A run asks both alike."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from kam_analysis.batch.jobs import Job, Outcome
from kam_analysis.batch.preflight import Checked
from kam_analysis.batch.processes import Progress, Worker, default_limit, default_workers
from kam_analysis.batch.warm.forks import ForkServer


class Running(Protocol):
    """One report under way. Once it is done, its files lie in its job's folder."""

    job: Job

    def go(self) -> None:
        """Let the notebook start: the data can be used."""

    def outcome(self, time_limit: float, memory_limit: float) -> Outcome | None:
        """How it ended, or None while it runs within its limits (s, GB)."""

    def end(self) -> None:
        """Nothing of it is alive when this returns, or will be soon."""


class Executor(Protocol):
    """What computes reports, `workers` of them at a time, each within `memory_limit` GB."""

    workers: int
    memory_limit: float

    def start(self, job: Job, progress: Progress, one_of_several: bool) -> Running:
        """Prepare a report; its notebook waits for `go`."""

    def take_for_granted(self, data: Checked | None) -> None:
        """What this process has found when it checked the data; None where it did not look."""

    def end(self) -> None:
        """Let go of everything; may be called again."""


class ThisMachine:
    """Each report in a process of its own, forked from a warm one where there are several."""

    def __init__(self, workers: int | None = None, memory_limit: float | None = None) -> None:
        self.workers = workers or default_workers()
        self.memory_limit = memory_limit or default_limit(self.workers)
        self._server: ForkServer | None = None

    def start(self, job: Job, progress: Progress, one_of_several: bool) -> Running:
        """Its process; a server pays from the second report on."""
        if self._server is None and one_of_several:
            self._server = ForkServer(job.folder.parent)
        return Worker(job, progress, self._server)

    def take_for_granted(self, data: Checked | None) -> None:
        """The reports read what was checked: this machine's own."""

    def end(self) -> None:
        """End the process that the reports were forked from."""
        if self._server is not None:
            self._server.end()
            self._server = None


@contextmanager
def executor(scheduler: str, workers: int | None, memory_limit: float | None, time_limit: float) -> Iterator[Executor]:
    """This machine or, where `scheduler` names one ("tcp://host:8786"), a Dask cluster; let go of at the end.

    Raises `SettingsError` and `RunError` where the cluster cannot be used.
    """
    found: Executor
    if scheduler:
        from kam_analysis.batch.cluster.cluster import Cluster

        found = Cluster(scheduler, workers, memory_limit, time_limit)
    else:
        found = ThisMachine(workers, memory_limit)
    try:
        yield found
    finally:
        found.end()
