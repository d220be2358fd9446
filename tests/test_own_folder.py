"""Temporary folders of our own: gone when done, and when their process died."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from kam_analysis import own_folder
from kam_analysis.errors import RunError
from kam_analysis.own_folder import new_folder, remove_folder, temporary_folder

OWNER = own_folder._OWNER
DIES = """
import os
from kam_analysis.own_folder import new_folder
folder = new_folder()
(folder / "deep").mkdir()
(folder / "deep" / "copy.csv").write_text("A,1")
print(folder, flush=True)
os._exit(1)
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The temporary folder of the system, empty, and not yet looked through by this process."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    own_folder._remove_left_behind.cache_clear()
    yield tmp_path
    own_folder._remove_left_behind.cache_clear()


def left_behind(place: Path, **changes: Any) -> Path:
    """A folder whose owner is a process that is no more; `changes` are made to what its file says."""
    folder = Path(tempfile.mkdtemp(prefix="kam-", dir=place))
    (folder / "copy.csv").write_text("A,1")
    owner = {**own_folder.myself(), "process": 2**22 + 1, **changes}
    (folder / OWNER).write_text(json.dumps(owner))
    return folder


def test_it_is_there_for_the_block_and_gone_afterwards(place: Path) -> None:
    with temporary_folder() as folder:
        (folder / "sub").mkdir()
        (folder / "sub" / "file").touch()
        assert folder.parent == place
    assert list(place.iterdir()) == []


def test_what_a_dead_process_left_is_removed_by_the_next(place: Path) -> None:
    environment = {**os.environ, **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(place))}
    died = subprocess.run([sys.executable, "-c", DIES], env=environment, capture_output=True, text=True)
    folder = Path(died.stdout.strip())
    assert (folder / "deep" / "copy.csv").is_file(), died.stderr
    mine = new_folder()
    assert list(place.iterdir()) == [mine]


@pytest.mark.parametrize(
    "owner",
    [
        {"process": os.getpid()},  # it lives
        {"process": os.getpid(), "started": 0.0},  # the machine's time was set meanwhile
        {"process": os.getpid(), "since_boot": -1.0},
        {"where": ["another machine"]},
        {"where": [*own_folder._where()[:1], "pid:[1]"]},  # another container of this machine
        {"process": "?"},
        {"started": None},
    ],
)
def test_what_may_be_in_use_stays(place: Path, owner: dict[str, Any]) -> None:
    folder = left_behind(place, **owner)
    new_folder()
    assert (folder / "copy.csv").is_file()


def test_a_number_given_to_another_process_meanwhile_counts_as_dead(place: Path) -> None:
    folder = left_behind(place, process=os.getpid(), started=0.0, since_boot=-1.0)
    new_folder()
    assert not folder.exists()


def test_what_only_looks_like_ours_stays(place: Path) -> None:
    (place / "kam-notebooks").mkdir()
    (place / "kam-notebooks" / "01.ipynb").touch()
    (place / "kam-list").mkdir()
    (place / "kam-list" / OWNER).write_text("[]")
    (place / "kam-torn").mkdir()
    (place / "kam-torn" / OWNER).write_text('{"proc')
    (place / "kam-file").touch()
    new_folder()
    assert len(list(place.iterdir())) == 5


def test_a_folder_of_another_user_stays(place: Path) -> None:
    folder = left_behind(place)
    own_folder._remove_left_behind(place, folder.stat().st_uid + 1)
    assert folder.exists()
    own_folder._remove_left_behind(place, folder.stat().st_uid)
    assert not folder.exists()


def test_a_link_is_not_followed(place: Path) -> None:
    (place / "elsewhere").mkdir()
    folder = left_behind(place / "elsewhere")
    try:
        (place / "kam-link").symlink_to(folder, target_is_directory=True)
    except OSError:
        pytest.skip("this system lets no ordinary user make links")
    new_folder()
    assert (folder / "copy.csv").is_file()


@pytest.mark.skipif(not hasattr(os, "waitid"), reason="only POSIX keeps the number of a process that has ended")
def test_a_process_that_ended_and_was_never_waited_for_is_dead(place: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", "pass"])
    folder = left_behind(place, process=process.pid, **own_folder._start(psutil.Process(process.pid)))
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    with process:
        new_folder()
    assert not folder.exists()


def test_what_cannot_be_removed_yet_is_found_again(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = new_folder()
    (folder / "open in Excel").mkdir()
    monkeypatch.setattr("shutil.rmtree", lambda *given, **more: None)
    remove_folder(folder)
    assert (folder / OWNER).is_file()


def test_without_room_for_it_there_is_a_sentence(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(**given: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tempfile, "mkdtemp", full)
    with pytest.raises(
        RunError, match=r"the temporary folder: cannot be written to \(the disk is full\); free some space"
    ):
        new_folder()
