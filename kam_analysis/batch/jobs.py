"""One report to be run: what the worker process gets, and what it says afterwards."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from kam_analysis.path_text import path_text

# What a worker leaves in its folder. Nothing counts as done without all of them.
PAGE, NOTEBOOK, RESULT, SHEET, OUTCOME = "page.html", "notebook.ipynb", "result.json", "sheet.html", "outcome.json"
TEMPORARY = ("the temporary folder", "set TMPDIR to a folder on another disk")  # where, and what helps, if it is full
NO_ROOM = 74  # a worker's exit code where not even its outcome could be written


@dataclass(frozen=True)
class Job:
    """One run of one notebook.

    `id` names it in messages and in run.json ("01_concentration", "05_account_plan/A-017"); `page`,
    `executed`, `result` and `sheet` (a page for the customer, where the notebook shows one) are where its files belong in
    the output folder; `folder` is its own temporary folder, `shelf` where the run's reports keep what others of it may
    need, `history` where runs keep figures, `plans_made` what earlier runs kept of plans; `private` lists folders that
    must not be named in what it leaves. No secret stands in a job: the worker takes them from its environment.
    """

    id: str
    report: str
    notebook: Path
    parameters: Mapping[str, Any]
    page: str
    executed: str
    result: str
    cwd: Path
    folder: Path
    settings: Path | None = None
    private: tuple[Path, ...] = ()
    sheet: str = ""
    shelf: Path | None = None
    history: Path | None = None
    plans_made: Path | None = None

    def write(self) -> Path:
        """Store the job in its folder, for the worker to read."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / "job.json"
        path.write_text(json.dumps(asdict(self), default=path_text), encoding="utf-8")
        return path

    @classmethod
    def read(cls, path: Path) -> "Job":
        """The job that `write` stored at `path`."""
        stored = json.loads(path.read_text(encoding="utf-8"))
        for name in ("notebook", "cwd", "folder"):
            stored[name] = Path(stored[name])
        for name in ("shelf", "history", "plans_made", "settings"):
            stored[name] = Path(stored[name]) if stored[name] else None
        stored["private"] = tuple(map(Path, stored["private"]))
        return cls(**stored)


@dataclass(frozen=True)
class Outcome:
    """How a job ended: `status` is "done" or "failed", then with the reason in one sentence or more.

    `result` is what the index and the tables tell of it. Of a notebook without a result of its own (`has_result`
    False) that is its title and where its figures come from; nothing of it is published as a result.
    """

    status: str
    reason: str = ""
    seconds: float = 0.0
    result: Mapping[str, Any] = field(default_factory=dict)
    has_result: bool = True

    @property
    def done(self) -> bool:
        """Whether everything of the report is there."""
        return self.status == "done"


def failed(reason: str, seconds: float = 0.0) -> Outcome:
    """The outcome of a report that did not finish."""
    return Outcome("failed", reason, seconds)
