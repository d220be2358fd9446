"""A copy of what a run has published, at any address that fsspec knows: s3://, gs://, abfs://, sftp://, file://, memory://.

The folder here stays the truth: locks, and files that are whole or not there, need a disk. The copy's `run.json` comes
last, and says "publishing" before anything else is touched, so that no reader takes a mixture for a complete run.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

from kam_analysis.batch.dated_folder import check_fields, filled
from kam_analysis.batch.earlier import PUBLISHING, last_records, named_files
from kam_analysis.batch.edition import INDEX
from kam_analysis.batch.publish import RUN, as_json
from kam_analysis.errors import SettingsError
from kam_analysis.ledger.settings.addresses import opened_address, require_address, shown_address, why_not

_OPTION = "--copy-to"


class Elsewhere:
    """An address to copy to; `as_of` fills its fields in, as those of the output folder.

    Raises `SettingsError` where it is none, holds a password, or where what reaches it is not installed.
    """

    def __init__(self, address: str, as_of: date | None) -> None:
        require_address(address, _OPTION, "s3://bucket/reports")
        self.shown = f"{_OPTION} {shown_address(address)}"
        if {"{", "}"} & set(address):
            check_fields(address, _OPTION)
            if as_of is None:
                raise SettingsError(
                    f"{_OPTION}: has a field for the date and --out has none; give both the same fields"
                )
            address = filled(address, as_of)
        self._files, self._root = opened_address(address, _OPTION)

    def take(self, folder: Path) -> str:
        """Copy what `run.json` in `folder` names and is not there yet; why that failed, or nothing."""
        try:
            self._take(folder)
        except Exception as error:
            return f"{self.shown}: the copy is not complete ({why_not(error)}); run again, or copy the folder yourself"
        return ""

    def _take(self, folder: Path) -> None:
        run = json.loads((folder / RUN).read_text(encoding="utf-8"))
        before = self._earlier()
        there = {} if before.get("status") == PUBLISHING else _fingerprints(before)
        names = _fingerprints(run)
        self._put(RUN, as_json({**before, "status": PUBLISHING}))
        for name in sorted(names.keys() - {INDEX}):
            if there.get(name) != names[name]:
                self._put(name, (folder / name).read_bytes())
        self._put(INDEX, (folder / INDEX).read_bytes())
        for name in sorted(named_files(before) - names.keys()):
            if ".." not in Path(name).parts:  # it comes from a file that anybody may have changed
                with suppress(FileNotFoundError):
                    self._files.rm_file(f"{self._root}/{name}")
        self._put(RUN, (folder / RUN).read_bytes())

    def _earlier(self) -> dict[str, Any]:
        with suppress(FileNotFoundError, ValueError):
            found = json.loads(self._files.cat_file(f"{self._root}/{RUN}"))
            return found if isinstance(found, dict) else {}
        return {}

    def _put(self, name: str, content: bytes) -> None:
        path = f"{self._root}/{name}"
        self._files.makedirs(path.rpartition("/")[0], exist_ok=True)
        self._files.pipe_file(path, content)


def _fingerprints(run: Mapping[str, Any]) -> dict[str, str]:
    """Every file that a run names, with what it says of its content."""
    found: dict[str, str] = {}
    for record in last_records(run).values():
        found |= record.get("last_good_files") or {}
        found |= record.get("files") or {}
    found |= run.get("files", {})
    return found
