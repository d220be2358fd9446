"""Files put where readers find them: whole or not at all, and nothing left beside them."""

import errno
import hashlib
import os
from pathlib import Path

import pytest

from kam_analysis.batch import publish as publishing
from kam_analysis.batch.publish import Staged, clear_leftovers, publish, removed, writable
from kam_analysis.errors import RunError, SettingsError


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_publishing_replaces_whole_files_and_leaves_nothing_beside_them(tmp_path: Path) -> None:
    publish(tmp_path, "a/x.html", b"old")
    publish(tmp_path, "a/x.html", b"new")
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["x.html"]
    assert (tmp_path / "a" / "x.html").read_bytes() == b"new"


def test_a_folder_that_cannot_be_written_is_refused_before_anything_runs(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(SettingsError, match="--out file: cannot be written to"), writable(tmp_path / "file"):
        pass


def test_parts_left_by_a_killed_run_are_removed(tmp_path: Path) -> None:
    for name in (".x.html.77.part", "notebooks/plans/.A.ipynb.77.part", "mine.part"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("half", encoding="utf-8")
    clear_leftovers(tmp_path)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["mine.part"]


def test_what_was_published_is_fingerprinted(tmp_path: Path) -> None:
    assert publish(tmp_path, "x.html", b"new") == hashlib.sha256(b"new").hexdigest()


def test_what_was_staged_and_not_put_is_gone(tmp_path: Path) -> None:
    with Staged(tmp_path) as staged:
        staged.add("x.html", b"x")
        staged.add("y.html", b"y")
        assert staged.names == ("x.html", "y.html")
        assert len(names(tmp_path)) == 2
        assert not (tmp_path / "x.html").exists()
        staged.put("x.html")
    assert names(tmp_path) == ["x.html"]


def test_what_is_staged_again_replaces_what_was(tmp_path: Path) -> None:
    with Staged(tmp_path) as staged:
        staged.add("x.html", b"longer than")
        staged.add("x.html", b"this")
        staged.put("x.html")
    assert (tmp_path / "x.html").read_bytes() == b"this"
    assert names(tmp_path) == ["x.html"]


def test_a_place_held_open_for_good_is_waited_for_but_not_for_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    monkeypatch.setattr(publishing.time, "sleep", waits.append)
    monkeypatch.setattr(publishing.os, "replace", lambda *paths: (_ for _ in ()).throw(PermissionError(13, "no")))
    with pytest.raises(PermissionError, match=r"x\.html is held open by another program"):
        publish(tmp_path, "x.html", b"x")
    assert 1 < sum(waits) < 5
    once = sum(waits)
    with Staged(tmp_path) as staged:
        staged.add("x.html", b"x")
        with pytest.raises(PermissionError, match=r"x\.html is held open"):
            staged.put("x.html")
    assert sum(waits) == 2 * once  # names beside are tried without waiting
    assert names(tmp_path) == []


def test_nine_names_beside_are_tried_and_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody else's files stand there; ours is put where none is."""
    replace = os.replace

    def refusing(source: Path, target: Path) -> None:
        if Path(target).name == "x.html":
            raise PermissionError(errno.EACCES, "Access is denied", str(target))
        replace(source, target)

    monkeypatch.setattr(publishing.time, "sleep", lambda seconds: None)
    monkeypatch.setattr(publishing.os, "replace", refusing)
    for name in ("x.html", "x (new).html", *(f"x (new {number}).html" for number in range(2, 9))):
        (tmp_path / name).write_text("somebody's")
    with Staged(tmp_path) as staged:
        staged.add("x.html", b"ours")
        staged.put("x.html")
        assert staged.held_open == {"x.html": "x (new 9).html"}
    with Staged(tmp_path) as staged:
        staged.add("x.html", b"ours again")
        with pytest.raises(PermissionError, match=r"x\.html is held open"):
            staged.put("x.html")
    assert len(names(tmp_path)) == 10


@pytest.mark.parametrize(("number", "kind"), [(errno.ENOSPC, RunError), (errno.EACCES, SettingsError)])
def test_a_full_disk_is_said_before_anything_runs(
    tmp_path: Path, number: int, kind: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        publishing.os, "fsync", lambda handle: (_ for _ in ()).throw(OSError(number, os.strerror(number)))
    )
    said = rf"--out {tmp_path.name}: cannot be written to \(.*give another folder"
    with pytest.raises(kind, match=said), writable(tmp_path):
        pass
    assert names(tmp_path) == []


def test_a_folder_that_can_be_written_is_made_and_left_empty(tmp_path: Path) -> None:
    with writable(tmp_path / "a" / "b") as made:
        assert made == tmp_path / "a" / "b"
    assert list(made.iterdir()) == []


def test_of_a_run_that_fails_no_empty_folder_is_left_and_no_other_is_touched(tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir()
    for out, also in ((tmp_path / "a" / "b", ""), (tmp_path / "theirs", ""), (tmp_path / "c" / "d", "kept")):
        with pytest.raises(RunError), writable(out):
            raise RunError(f"refused: {(out.parent / also).mkdir(exist_ok=True)}")
    left = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*"))
    assert left == ["c", "c/kept", "theirs"]


def test_only_files_of_the_folder_are_removed(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    for victim in (tmp_path / "x", out / "y"):
        victim.write_text("mine")
    assert removed(out, "y")
    assert removed(out, "z")
    assert not removed(out, "../x")
    assert not removed(out, str(tmp_path / "x"))
    assert names(tmp_path) == ["x"]


@pytest.mark.parametrize(
    ("name", "beside"),
    [("tables (new).xlsx", True), ("plans/A (new 2).html", True), ("x (new 9).json", True), ("tables.xlsx", False),
     ("x (new 10).json", False), ("(new).xlsx", False), ("x (newer).xlsx", False), ("x (new)", True)],
)  # fmt: skip
def test_a_name_says_whether_the_file_stands_beside_its_place(name: str, beside: bool) -> None:
    assert publishing.is_beside(name) is beside
