"""What a report's processes are given, and how their end is told."""

import os
import signal
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from kam_analysis.batch.jobs import Job
from kam_analysis.batch.kernels import how_it_ended, python_environment


@pytest.mark.parametrize(
    ("code", "said", "told"),
    [
        (-9, b"", "it was killed or ran out of memory"),
        (None, b"", "it was killed or ran out of memory"),
        (-int(signal.SIGSEGV), b"", f"it crashed ({signal.strsignal(signal.SIGSEGV)})"),
        (0, b"", "it ended with exit code 0"),
        (
            1,
            b"Traceback\nValueError: not so \xff\n \n",
            "it ended with exit code 1; its last words: ValueError: not so �",
        ),
        (1, b"x" * 1000, "it ended with exit code 1; its last words: " + "x" * 300),
    ],
)
def test_an_end_is_told_as_far_as_it_is_known(code: int | None, said: bytes, told: str, tmp_path: Path) -> None:
    (tmp_path / "kernel.log").write_bytes(said)
    manager: Any = SimpleNamespace(provisioner=SimpleNamespace(process=SimpleNamespace(returncode=code)))
    assert how_it_ended(manager, tmp_path) == told


def test_what_makes_other_programs_strict_is_not_handed_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value in {"PYTHONWARNINGS": "error", "PYTHONOPTIMIZE": "2", "PYTHONINSPECT": "1", "MINE": "x"}.items():
        monkeypatch.setenv(name, value)
    environment = python_environment(tmp_path)
    assert environment["MINE"] == "x"
    assert not {"PYTHONWARNINGS", "PYTHONOPTIMIZE", "PYTHONINSPECT"} & set(environment)


def test_a_user_without_a_home_gets_one_and_a_user_with_one_keeps_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", "/home/anna")
    monkeypatch.setenv("USERPROFILE", "/home/anna")
    assert python_environment(tmp_path)["HOME"] == "/home/anna"

    def unknown() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", unknown)
    assert python_environment(tmp_path)["HOME"] == str(tmp_path)


@pytest.mark.parametrize(("encoding", "utf8"), [("ascii", "1"), ("iso8859-15", "1"), ("utf-8", "0")])
def test_our_processes_agree_on_utf8(encoding: str, utf8: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PYTHONUTF8", "0")
    monkeypatch.setattr(sys, "getfilesystemencoding", lambda: encoding)
    assert python_environment(tmp_path)["PYTHONUTF8"] == utf8


@pytest.mark.skipif(os.name != "posix", reason="paths are no bytes there")
def test_a_job_names_its_paths_in_utf8_whatever_the_locale_makes_of_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    job = Job("01_x", "01_x", Path("/data/MÃ¼ller/01_x.ipynb"), {}, "p", "e", "r", tmp_path, tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsencode", lambda path: str(path).encode("latin-1"))  # as in a locale of Latin-1
        stored = job.write()
    assert Job.read(stored).notebook == Path("/data/Müller/01_x.ipynb")
