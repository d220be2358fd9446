"""Runs published without notebooks: what a worker leaves just lies there. Cheap enough to break one at every step."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kam_analysis.batch.jobs import NOTEBOOK, PAGE, RESULT, Job, Outcome, failed
from kam_analysis.batch.publication import publish_all

FILES = ("{}.html", "notebooks/{}.ipynb", "results/{}.json")


def document(answer: str, company: str | None = "Lindmark", **tables: Any) -> dict[str, Any]:
    """A result of the agreed shape, as far as publishing looks at it."""
    provenance = {"as_of": "2025-05-31"} | ({"company": company} if company is not None else {})
    return {"question": "How much?", "answer": answer, "tables": tables, "provenance": provenance}


class Shelf:
    """An output folder and what was published there."""

    def __init__(self, folder: Path) -> None:
        self.out, self._staging = folder / "out", folder / "staging"
        self.out.mkdir(parents=True, exist_ok=True)
        self._staging.mkdir(exist_ok=True)

    def publish(
        self, reports: Mapping[str, str | None], company: str | None = "Lindmark", **tables: Any
    ) -> dict[str, str]:
        """One run: {report: its answer, or None where it failed}."""
        jobs, outcomes = {}, {}
        for name, answer in reports.items():
            job = jobs[name] = self._job(name)
            if answer is None:
                outcomes[name] = failed("it broke")
                continue
            result = document(answer, company, **tables)
            job.folder.mkdir(exist_ok=True)
            for file, content in ((NOTEBOOK, answer), (PAGE, answer * 500), (RESULT, json.dumps(result))):
                (job.folder / file).write_text(content, encoding="utf-8")
            outcomes[name] = Outcome("done", result=result)
        return publish_all(self.out, [], jobs, outcomes, datetime(2025, 6, 1, tzinfo=UTC))

    def _job(self, name: str) -> Job:
        paths = (file.format(name) for file in FILES)
        return Job(name, name, Path(), {}, *paths, cwd=Path(), folder=self._staging / name)

    @property
    def record(self) -> dict[str, Any]:
        """run.json."""
        found: dict[str, Any] = json.loads((self.out / "run.json").read_text(encoding="utf-8"))
        return found

    @property
    def index(self) -> str:
        return (self.out / "index.html").read_text(encoding="utf-8")

    @property
    def files(self) -> dict[str, bytes]:
        """Every file there, by its name."""
        return {
            path.relative_to(self.out).as_posix(): path.read_bytes()
            for path in sorted(self.out.rglob("*"))
            if path.is_file()
        }

    def named(self) -> dict[str, str]:
        """Every file that run.json names, with its fingerprint there."""
        run = self.record
        records = [*run.get("reports", {}).values(), *run.get("earlier", {}).values()]
        kinds = [record.get(key, {}) for record in records for key in ("files", "last_good_files")]
        return {name: known for files in [*kinds, run.get("files", {})] for name, known in files.items()}

    def is_true(self) -> bool:
        """Whether every file that run.json names stands there as it says."""
        files = self.files
        return all(
            name in files and hashlib.sha256(files[name]).hexdigest() == known for name, known in self.named().items()
        )
