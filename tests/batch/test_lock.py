"""One run per folder; a dead run's lock is taken over."""

import errno
import json
import os
import platform
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from kam_analysis.batch import lock
from kam_analysis.batch.lock import LOCK, locked
from kam_analysis.errors import BusyError, RunError


def test_a_second_run_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with (
        locked(tmp_path),
        pytest.raises(BusyError, match=r"another kam report is writing there .*wait until it ends"),
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


def lock_of(folder: Path, seconds_ago: float = 0, **owner: object) -> Path:
    """A lock that somebody left so long ago; of this process where nothing else is given."""
    path = folder / LOCK
    mine = {"process": os.getpid(), "started": psutil.Process().create_time(), "machine": platform.node()}
    path.write_text(json.dumps(mine | owner), encoding="utf-8")
    touched(path, seconds_ago)
    return path


def touched(path: Path, seconds_ago: float) -> None:
    then = time.time() - seconds_ago
    os.utime(path, (then, then))


def holds(folder: Path) -> bool:
    """Whether the lock that is there keeps us out."""
    try:
        with locked(folder):
            return False
    except BusyError:
        return True


@pytest.mark.parametrize(("seconds_ago", "counts"), [(0, True), (30, True), (570, True), (630, False), (-3600, True)])
def test_another_machines_lock_counts_until_it_has_been_silent_for_long(
    tmp_path: Path, seconds_ago: float, counts: bool
) -> None:
    """Its process cannot be looked at: that none here has its number says nothing."""
    lock_of(tmp_path, seconds_ago, machine="elsewhere", process=2**22 + 1, started=0)
    assert holds(tmp_path) is counts


@pytest.mark.parametrize("content", ["", "{", "[]", "7", '{"machine": ""}'[:-1]])
@pytest.mark.parametrize(("seconds_ago", "counts"), [(0, True), (8, True), (13, False)])
def test_a_lock_that_is_just_being_written_counts(
    tmp_path: Path, content: str, seconds_ago: float, counts: bool
) -> None:
    (tmp_path / LOCK).write_text(content, encoding="utf-8")
    touched(tmp_path / LOCK, seconds_ago)
    assert holds(tmp_path) is counts


def test_the_lock_of_a_living_run_counts_however_long_it_has_been_silent(tmp_path: Path) -> None:
    lock_of(tmp_path, 10**6)
    assert holds(tmp_path)


@pytest.mark.parametrize("seconds", [-0.5, 0.5])
def test_a_processs_start_is_known_to_the_second(tmp_path: Path, seconds: float) -> None:
    lock_of(tmp_path, started=psutil.Process().create_time() + seconds)
    assert holds(tmp_path)


@pytest.mark.parametrize("seconds", [-1.5, 1.5])
def test_a_process_that_started_at_another_time_is_another_one(tmp_path: Path, seconds: float) -> None:
    lock_of(tmp_path, started=psutil.Process().create_time() + seconds)
    assert not holds(tmp_path)


@pytest.mark.parametrize(
    "owner", [{"process": "x"}, {"process": None}, {"started": "x"}, {"process": -1}, {"process": 10**30}]
)
def test_a_lock_of_this_machine_that_names_no_process_is_nobodys(tmp_path: Path, owner: dict[str, object]) -> None:
    lock_of(tmp_path, **owner)
    assert not holds(tmp_path)


def test_another_users_run_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its process is there and may not be looked at."""

    def refused(process: psutil.Process) -> float:
        raise psutil.AccessDenied(1)

    lock_of(tmp_path, process=1)
    mine = psutil.Process.create_time
    monkeypatch.setattr(psutil.Process, "create_time", lambda each: refused(each) if each.pid == 1 else mine(each))
    with (
        pytest.raises(BusyError, match=r"another kam report is writing there \(process 1, since \?\)"),
        locked(tmp_path),
    ):
        pass


def test_a_lock_that_may_not_be_read_counts_and_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = lock_of(tmp_path, 10**6, machine="elsewhere")
    monkeypatch.setattr(Path, "read_bytes", lambda path: (_ for _ in ()).throw(PermissionError(13, "no")))
    with pytest.raises(BusyError, match=rf"its lock cannot be read.*delete {LOCK}"), locked(tmp_path):
        pass
    assert path.exists()


@pytest.mark.skipif(os.name != "posix", reason="only there does a dead process stay")
def test_a_dead_process_that_nobody_has_asked_after_holds_nothing(tmp_path: Path) -> None:
    """In a container without an init, such processes stay for good."""
    dead = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE)
    process = psutil.Process(dead.pid)
    lock_of(tmp_path, process=dead.pid, started=process.create_time())
    assert holds(tmp_path)
    assert dead.stdin is not None
    dead.stdin.close()
    until = time.monotonic() + 600
    while process.status() != psutil.STATUS_ZOMBIE and time.monotonic() < until:
        time.sleep(0.01)
    assert not holds(tmp_path)
    dead.wait()


def test_a_lock_is_touched_while_it_is_held_and_gone_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also while the data is checked, which is one long call: else a run on another machine would take over."""
    assert 0 < lock._TOUCH_SECONDS < lock._SILENT_SECONDS / 4
    monkeypatch.setattr(lock, "_TOUCH_SECONDS", 0.01)
    threads = threading.active_count()
    with locked(tmp_path):
        touched(tmp_path / LOCK, 10**6)
        until = time.monotonic() + 600
        while lock._silent_seconds(tmp_path / LOCK) > 100 and time.monotonic() < until:
            time.sleep(0.01)
        assert lock._silent_seconds(tmp_path / LOCK) < 100
    assert not (tmp_path / LOCK).exists()
    until = time.monotonic() + 600
    while threading.active_count() > threads and time.monotonic() < until:
        time.sleep(0.01)
    assert threading.active_count() == threads


def test_a_lock_that_another_run_has_taken_over_is_left_to_it(tmp_path: Path) -> None:
    with locked(tmp_path):
        (tmp_path / LOCK).write_text("another's", encoding="utf-8")
    assert (tmp_path / LOCK).read_text(encoding="utf-8") == "another's"


def test_of_several_that_find_a_stale_lock_one_removes_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between our look and our removal another run has taken the folder: its lock stays."""
    path = lock_of(tmp_path, 10**6, machine="elsewhere")
    written = lock._written

    def first(target: Path, content: bytes) -> bool:
        if target.name.endswith(".removing"):
            lock_of(tmp_path)
        return written(target, content)

    monkeypatch.setattr(lock, "_written", first)
    assert holds(tmp_path)
    assert json.loads(path.read_text(encoding="utf-8"))["process"] == os.getpid()
    assert [each.name for each in tmp_path.iterdir()] == [LOCK]


def test_a_lock_that_goes_as_we_look_at_it_keeps_nobody_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = lock_of(tmp_path)
    written = lock._written

    def last(target: Path, content: bytes) -> bool:
        if target.name.endswith(".removing"):
            path.unlink()
        return written(target, content)

    monkeypatch.setattr(lock, "_written", last)
    assert not holds(tmp_path)


@pytest.mark.parametrize(("seconds_ago", "said"), [(0, "other runs keep taking it"), (8, "other runs"), (13, "")])
def test_a_run_killed_while_it_removed_a_stale_lock_keeps_others_out_for_seconds(
    tmp_path: Path, seconds_ago: float, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock.time, "sleep", lambda seconds: None)
    lock_of(tmp_path, 10**6, machine="elsewhere")
    (tmp_path / f"{LOCK}.removing").write_bytes(b"")
    touched(tmp_path / f"{LOCK}.removing", seconds_ago)
    if said:
        with pytest.raises(BusyError, match=said), locked(tmp_path):
            pass
    else:
        assert not holds(tmp_path)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EROFS, "the disk can only be read"),
        (errno.EACCES, "permission denied"),
    ],
)
def test_a_lock_that_cannot_be_written_ends_in_a_sentence_and_keeps_nobody_out(
    tmp_path: Path, number: int, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(lock.os, "fsync", lambda handle: (_ for _ in ()).throw(OSError(number, os.strerror(number))))
        with (
            pytest.raises(RunError, match=rf"folder {tmp_path.name}: cannot be written to \({said}"),
            locked(tmp_path),
        ):
            pass
    assert list(tmp_path.iterdir()) == []
