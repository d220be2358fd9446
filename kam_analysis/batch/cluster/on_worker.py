"""A worker's side: the report runs in a process of its own, as on the machine that publishes it, and its files go back.

What the reports of one run share on one worker lies in a `Room`: their folder, and the process that they are forked from.
"""

import hashlib
import threading
import time
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from kam_analysis import __version__
from kam_analysis.batch.cluster.parcel import Parcel, Returned, files_seen
from kam_analysis.batch.jobs import NOTEBOOK, OUTCOME, PAGE, RESULT, SHEET, TEMPORARY, Job, Outcome, failed
from kam_analysis.batch.processes import Worker, default_limit
from kam_analysis.batch.warm.forks import ForkServer
from kam_analysis.errors import KamError, writing
from kam_analysis.ledger.engine.opened_once import kept_in
from kam_analysis.ledger.settings.settings_file import load_settings
from kam_analysis.own_folder import new_folder, remove_folder
from kam_analysis.pages.account_plan.decision_columns import FILE as DECISIONS

_LOOK_SECONDS = 0.05
_IDLE_SECONDS = 60  # whoever sent the reports may be gone without a word; data of companies must not lie about
_PACKAGE = Path(__file__).parents[2]


def code_here() -> str:
    """The version of the package on this machine, and a fingerprint of its code."""
    return f"{__version__} {_code()}"


@cache
def _code() -> str:
    found = hashlib.sha256()
    for file in sorted(_PACKAGE.rglob("*.py")):
        found.update(file.relative_to(_PACKAGE).as_posix().encode() + b"\0" + file.read_bytes())
    return found.hexdigest()[:12]


def run_report(parcel: Parcel) -> Returned:
    """Run one report and return its files. Ends early where nobody waits for it any more."""
    from distributed import get_worker

    worker = get_worker()
    key = worker.get_current_task()

    def wanted() -> bool:
        task = worker.state.tasks.get(key)
        return task is not None and task.state not in ("cancelled", "released", "forgotten")

    def tell(report: str, ran: int, total: int) -> None:
        worker.log_event(topic(parcel.run), [report, ran, total])

    if parcel.code != code_here():  # it joined after the others were asked
        return Returned(failed(f"the worker {worker.name} has another version of the workbook; install the same there"))
    room = _entered(parcel.run)
    try:
        return room.run(parcel, wanted, tell, at_once=worker.state.nthreads)
    except KamError as error:
        return Returned(failed(f"on the worker {worker.name}: {error}"))
    finally:
        _leave(room)


def topic(run: str) -> str:
    """Under which the workers tell how far the reports of a run are."""
    return f"kam-{run}"


class Room:
    """What the reports of a run share here. One thread at a time asks what they are forked from."""

    def __init__(self, run: str) -> None:
        self.run_name, self.inside, self.over = run, 0, False
        self.forsaken = False  # as it seems: whoever sent a report is gone, or has given that one up
        self.left = time.monotonic()
        self.folder = new_folder()
        self._lock = threading.Lock()
        self._server: ForkServer | None = None
        self._count = 0

    def run(self, parcel: Parcel, wanted: Any, tell: Any, at_once: int) -> Returned:
        """Run the report as long as it is `wanted`, tell how far it is, and give back its files."""
        with self._lock, writing(*TEMPORARY):
            job = self._unpacked(parcel)
        with kept_in(self.folder / "shelf"):
            _require_same_files(parcel.seen, job.settings)
        memory_limit = parcel.memory_limit or default_limit(at_once)
        with self._lock:
            if self._server is None and parcel.one_of_several:
                self._server = ForkServer(self.folder)
            process = Worker(job, tell, self._server)
        process.go()
        while True:
            with self._lock:
                self.forsaken = not wanted()
                if self.over or self.forsaken:
                    process.end()
                    return Returned(failed("nobody waits for it"))
                if outcome := process.outcome(parcel.time_limit, memory_limit):
                    return self._returned(job, outcome)
            time.sleep(_LOOK_SECONDS)

    def close(self) -> None:
        """Nothing of it is left."""
        if self._server is not None:
            self._server.end()
        remove_folder(self.folder)

    def _unpacked(self, parcel: Parcel) -> Job:
        """The job, in a folder of its own; what several of a run bring along is written once."""
        self._count += 1
        notebooks, here, history = (self.folder / name for name in ("notebooks", "settings", "history"))
        files = {notebooks / name: content for name, content in (parcel.notebook, *parcel.beside.items())}
        files |= {history / name: content for name, content in parcel.history.items()}
        files |= {here / parcel.settings[0]: parcel.settings[1]} if parcel.settings else {}
        plans_made = self.folder / "plans_made.json"
        files |= {plans_made: parcel.plans_made} if parcel.plans_made is not None else {}
        for folder in (notebooks, here, history, self.folder / "shelf"):
            folder.mkdir(mode=0o700, exist_ok=True)
        for file, content in files.items():
            if not file.exists():
                file.write_bytes(content)
        settings = here / parcel.settings[0] if parcel.settings else None
        data = [load_settings(settings).data_dir] if settings else []
        return Job(
            **parcel.job,
            notebook=notebooks / parcel.notebook[0],
            cwd=here,
            folder=self.folder / str(self._count),
            settings=settings,
            private=(self.folder, *data),
            shelf=self.folder / "shelf",
            history=history,
            plans_made=plans_made,
        )

    def _returned(self, job: Job, outcome: Outcome) -> Returned:
        if not outcome.done:
            return Returned(outcome)
        names = (PAGE, NOTEBOOK, RESULT, SHEET, OUTCOME)
        files = {name: (job.folder / name).read_bytes() for name in names if (job.folder / name).exists()}
        left = self.folder / "shelf" / DECISIONS
        return Returned(replace(outcome, result={}), files, {DECISIONS: left.read_bytes()} if left.exists() else {})


_rooms: dict[str, Room] = {}
_over: set[str] = set()
_door = threading.Lock()


def close_room(run: str) -> None:
    """The run is over: its reports end here, and nothing of it is left."""
    with _door:
        _over.add(run)
        room = _rooms.get(run)
        if room is not None:
            room.over = True
    if room is not None:
        _close_if_empty(room)


def _entered(run: str) -> Room:
    with _door:
        if run not in _rooms:
            _rooms[run] = Room(run)
        room = _rooms[run]
        room.over = run in _over
        room.inside += 1
        return room


def _leave(room: Room) -> None:
    with _door:
        room.inside -= 1
        room.left = time.monotonic()
    if room.over or room.forsaken:
        _close_if_empty(room)
    else:
        later = threading.Timer(_IDLE_SECONDS, _close_if_empty, [room])
        later.daemon = True
        later.start()


def _close_if_empty(room: Room) -> None:
    with _door:
        lately = time.monotonic() - room.left < _IDLE_SECONDS and not (room.over or room.forsaken)
        if room.inside or lately or _rooms.get(room.run_name) is not room:
            return
        del _rooms[room.run_name]
    room.close()


def _require_same_files(seen: Mapping[str, str], settings: Path | None) -> None:
    """Raise `KamError` where this machine sees other files than the one that checked the data."""
    found = files_seen(settings)
    other = sorted(name for name in {*seen, *found} if seen.get(name) != found.get(name))
    if other:
        shown = ", ".join(Path(each).name for each in other[:5])
        raise KamError(
            f"the data's files are not those that were checked ({shown}); let every machine read the same folder, or "
            "keep the data in a database"
        )
