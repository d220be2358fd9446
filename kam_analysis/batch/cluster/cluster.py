"""This machine's side of a cluster: sends each report as a parcel and waits for its files."""

import logging
import pydoc
import re
import threading
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kam_analysis import __version__
from kam_analysis.batch.cluster.on_worker import close_room, code_here, run_report, topic
from kam_analysis.batch.cluster.parcel import Returned, files_seen, parcel_of
from kam_analysis.batch.jobs import TEMPORARY, Job, Outcome, failed
from kam_analysis.batch.preflight import Checked
from kam_analysis.batch.processes import Progress, read_outcome
from kam_analysis.errors import RunError, SettingsError, writing

if TYPE_CHECKING:
    from distributed import Client, Future

_ADDRESS = re.compile(r"(tcp|tls)://[^\s/@]+:\d+")
_ANSWER_SECONDS = 10
_END_SECONDS = 5
_GRACE_SECONDS = 60  # a report's time is kept where it runs; beyond that it never came to run, or nobody is there
_EXTRA = 'pip install -e ".[dask]"'
_WORDS = logging.getLogger("distributed")
_LOST = "the cluster's scheduler ended, or was restarted, before it was done"


class Cluster:
    """The workers of a Dask cluster, as many reports at a time as they have threads.

    Raises `SettingsError` without the extra and for what is no address; `RunError` where nobody answers, no worker is
    there, or one of them has another version of the workbook, or none.
    """

    def __init__(self, address: str, workers: int | None, memory_limit: float | None, time_limit: float) -> None:
        self.run, self.time_limit, self.given_limit = uuid.uuid4().hex, time_limit, memory_limit
        self.checked: Checked | None = None
        self.memory_limit = memory_limit or 0.0
        self.reports: list[Report] = []
        self._seen: dict[str, str] | None = None
        self._ended = False
        self.client = _connected(address)
        try:
            places = _places(self.client, address)
            _require_same_code(self.client)
            self.client.subscribe_topic(topic(self.run), self._hear)
        except BaseException:
            self.end()
            raise
        self.workers = workers or places

    def start(self, job: Job, progress: Progress, one_of_several: bool) -> "Report":
        """A report that is sent when it may start."""
        report = Report(self, job, progress, one_of_several)
        self.reports.append(report)
        return report

    def take_for_granted(self, data: Checked | None) -> None:
        """What the reports' own fingerprints are held against."""
        self.checked = data

    def seen(self, settings: Path | None) -> dict[str, str]:
        """The data's files, looked at once."""
        if self._seen is None:
            self._seen = files_seen(settings)
        return self._seen

    def end(self) -> None:
        """Nothing of this run is left on the workers that can be reached."""
        if self._ended:
            return
        self._ended, client = True, self.client
        _within(_END_SECONDS, lambda: client.run(close_room, self.run, on_error="ignore"))
        _within(_END_SECONDS, lambda: client.close(timeout=_END_SECONDS))
        _WORDS.setLevel(logging.WARNING)

    def _hear(self, event: tuple[float, Any]) -> None:
        report, ran, total = event[1]
        for each in self.reports:
            if each.job.id == report:
                each.progress(report, ran, total)


class Report:
    """One report on the cluster; a `Running` of the run."""

    def __init__(self, cluster: Cluster, job: Job, progress: Progress, one_of_several: bool) -> None:
        self.job, self.progress = job, progress
        self._cluster, self._one_of_several = cluster, one_of_several
        self._future: Future[Returned] | None = None
        self._went, self._unsent = 0.0, ""

    def go(self) -> None:
        """Send it. A worker that dies has it done again elsewhere, by Dask."""
        cluster = self._cluster
        try:
            parcel = parcel_of(
                self.job,
                run=cluster.run,
                code=code_here(),
                seen=cluster.seen(self.job.settings),
                one_of_several=self._one_of_several,
                time_limit=cluster.time_limit,
                memory_limit=cluster.given_limit,
            )
        except OSError as error:
            self._unsent = f"{Path(str(error.filename or self.job.notebook)).name}: cannot be read ({error.strerror})"
            return
        self._went = time.monotonic()
        # Others see the key on the cluster's pages: no account in it.
        self._future = cluster.client.submit(run_report, parcel, key=f"kam-report-{uuid.uuid4().hex}", pure=False)

    def outcome(self, time_limit: float, memory_limit: float) -> Outcome | None:
        """How it ended, its files in the job's folder; None while it is waited for. The worker keeps the limits."""
        if self._unsent:
            return failed(self._unsent)
        assert self._future is not None
        seconds = time.monotonic() - self._went
        status = self._future.status
        if status == "pending":
            if seconds < time_limit + _GRACE_SECONDS:
                return None
            self.end()
            return failed(f"no worker of the cluster had done it after {seconds:.0f} s, so it was given up", seconds)
        if status == "finished":
            return self._received(seconds)
        why = _error_said(self._future) if status == "error" else _LOST
        self.end()
        return failed(why, seconds)

    def end(self) -> None:
        """Whoever works on it stops."""
        future, self._future = self._future, None
        if future is not None:
            _within(_END_SECONDS, lambda: future.cancel())

    def _received(self, seconds: float) -> Outcome | None:
        assert self._future is not None
        try:
            returned: Returned = self._future.result(timeout=_ANSWER_SECONDS)
        except Exception:  # who held its files has gone: it is pending again, or lost, and the next look says which
            return None
        self._future.release()
        self._future = None
        if not returned.outcome.done:
            return returned.outcome
        with writing(*TEMPORARY):
            self.job.folder.mkdir(parents=True, exist_ok=True)
            for name, content in returned.files.items():
                (self.job.folder / name).write_bytes(content)
            for name, content in returned.left.items():
                assert self.job.shelf is not None
                (self.job.shelf / name).write_bytes(content)
        outcome = read_outcome(self.job, 0, returned.outcome.seconds)
        # Failed where it read other data than was checked.
        checked = self._cluster.checked
        if not outcome.done or checked is None or not checked.is_other(outcome.result.get("provenance", {})):
            return outcome
        where = "files" if checked.engine == "duckdb" else "database"
        reason = (
            f"the data that its worker read is not the data that was checked; let every machine read the same {where}"
        )
        return failed(reason, seconds)


def _connected(address: str) -> "Client":
    if not _ADDRESS.fullmatch(address):
        raise SettingsError(f'--scheduler: expected an address such as tcp://host:8786, got "{address}"; correct it')
    try:
        from distributed import Client
    except ImportError:
        raise SettingsError(
            f"--scheduler: the package distributed is not installed; run `{_EXTRA}` in the workbook's folder"
        ) from None
    # Its own words about lost connections would tear the bar, and ours say what is to be done.
    _WORDS.setLevel(logging.CRITICAL)
    found: list[Client | Exception] = []

    def connect() -> None:
        try:
            found.append(Client(address, timeout=_ANSWER_SECONDS, set_as_default=False))
        except Exception as error:  # whatever a server that is no scheduler makes of it
            found.append(error)

    # Somebody who takes the connection and says nothing keeps Dask waiting for ever.
    thread = threading.Thread(target=connect, daemon=True)
    thread.start()
    thread.join(_ANSWER_SECONDS + 1)
    if found and isinstance(found[0], Client):
        return found[0]
    _WORDS.setLevel(logging.WARNING)
    raise RunError(
        f"--scheduler {address}: does not answer (waited {_ANSWER_SECONDS} s); check the address, that its machine can be "
        "reached from here, and that a Dask scheduler of about the same version runs there"
    )


def _places(client: "Client", address: str) -> int:
    """How many reports the workers run at a time."""
    with suppress(TimeoutError):
        client.wait_for_workers(1, timeout=_ANSWER_SECONDS)
    places = sum(client.nthreads().values())
    if not places:
        raise RunError(f"--scheduler {address}: has no workers; start some on other machines: dask worker {address}")
    return places


def _require_same_code(client: "Client") -> None:
    """Raise `RunError` where a worker would compute with something else than this workbook."""
    versions = client.run(pydoc.locate, "kam_analysis.__version__", on_error="return")
    without = {each: found for each, found in versions.items() if found != __version__}
    if without:
        worker, found = next(iter(without.items()))
        has = f"has version {found} of the workbook" if isinstance(found, str) else "has no kam_analysis"
        more = f" (and {len(without) - 1} more)" if len(without) > 1 else ""
        raise RunError(f"the worker {worker}{more} {has}, here is {__version__}; install this version there")
    ours = code_here()
    for worker, code in client.run(code_here, on_error="return").items():
        if isinstance(code, Exception):
            raise RunError(
                f"the worker {worker} cannot load kam_analysis ({type(code).__name__}); install it anew there"
            )
        if code != ours:
            raise RunError(
                f"the worker {worker} has other code of version {__version__}; install the same there as here"
            )


def _error_said(future: "Future[Returned]") -> str:
    """Why Dask says that it cannot be done."""
    error = future.exception(timeout=_ANSWER_SECONDS)
    if type(error).__name__ == "KilledWorker":
        return "every worker that ran it ended before it was done (killed, or out of memory)"
    if isinstance(error, ImportError):
        return "a worker that joined later has no kam_analysis, or not this version; install it there"
    return f"its worker could not run it: {type(error).__name__}"


def _within(seconds: float, work: Callable[[], object]) -> None:
    """Try something that may wait for machines that are gone."""

    def quietly() -> None:
        with suppress(Exception):
            work()

    thread = threading.Thread(target=quietly, daemon=True)
    thread.start()
    thread.join(seconds)
