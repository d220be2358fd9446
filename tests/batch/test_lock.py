"""One run per folder; a dead run's lock is taken over."""

import json
import os
import platform
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from kam_analysis.batch.lock import LOCK, locked
from kam_analysis.batch.publish import clear_leftovers, publish, writable
from kam_analysis.errors import RunError, SettingsError


def test_a_second_run_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with (
        locked(tmp_path),
        pytest.raises(RunError, match=r"another kam report is writing there .*wait until it ends"),
        locked(tmp_path),
    ):
        pass
    assert not (tmp_path / LOCK).exists()


def test_the_lock_of_a_dead_process_is_taken_over(tmp_path: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    owner = {"process": gone.pid, "started": time.time(), "machine": platform.node()}
    (tmp_path / LOCK).write_text(json.dumps(owner), encoding="utf-8")
    with locked(tmp_path):
        assert json.loads((tmp_path / LOCK).read_text(encoding="utf-8"))["process"] == os.getpid()


def test_a_process_number_used_again_is_not_the_owner(tmp_path: Path) -> None:
    owner = {"process": os.getpid(), "started": psutil.Process().create_time() - 1000, "machine": platform.node()}
    (tmp_path / LOCK).write_text(json.dumps(owner), encoding="utf-8")
    with locked(tmp_path):
        pass


def test_another_machines_lock_counts_until_it_has_been_silent_for_long(tmp_path: Path) -> None:
    path = tmp_path / LOCK
    path.write_text(json.dumps({"process": 1, "started": 0, "machine": "elsewhere"}), encoding="utf-8")
    with pytest.raises(RunError), locked(tmp_path):
        pass
    os.utime(path, (0, 0))
    with locked(tmp_path):
        pass


def test_a_lock_that_is_just_being_written_counts(tmp_path: Path) -> None:
    (tmp_path / LOCK).write_text("", encoding="utf-8")
    with pytest.raises(RunError), locked(tmp_path):
        pass


def test_publishing_replaces_whole_files_and_leaves_nothing_beside_them(tmp_path: Path) -> None:
    publish(tmp_path, "a/x.html", b"old")
    publish(tmp_path, "a/x.html", b"new")
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["x.html"]
    assert (tmp_path / "a" / "x.html").read_bytes() == b"new"


def test_a_folder_that_cannot_be_written_is_refused_before_anything_runs(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(SettingsError, match="--out file: cannot be written to"):
        writable(tmp_path / "file")


def test_parts_left_by_a_killed_run_are_removed(tmp_path: Path) -> None:
    for name in (".x.html.77.part", "notebooks/plans/.A.ipynb.77.part", "mine.part"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("half", encoding="utf-8")
    clear_leftovers(tmp_path)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["mine.part"]
