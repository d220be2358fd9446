"""Output that nobody can show, read or store: it never ends a command, and no traceback is seen."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from kam_analysis import console
from kam_analysis.cli import main
from kam_analysis.errors import disk_fails, unwritten

KAM = [sys.executable, "-c", "from kam_analysis.cli import main; main()"]
NAME = "Łódź"
SETTINGS = '[tables.transactions]\nfile = "sales.csv"\n'
SALES = f"account_id,date,revenue\n{NAME},2025-01-01,3\nB,soon in {NAME},2\n"
EXPORT = f"Kunde {NAME};Datum;Umsatz\n007;31.01.2025;1.234,56\n008;13.02.2025;234,50-\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a Polish name, settings with a fault in such a row, and an export with such a header."""
    here = tmp_path / NAME
    here.mkdir()
    for name, content in (("kam.toml", SETTINGS), ("sales.csv", SALES), ("export.csv", EXPORT)):
        (here / name).write_text(content, encoding="utf-8")
    return here


@pytest.mark.parametrize("charset", ["cp1252", "utf-8"])
@pytest.mark.parametrize("arguments", [["check", "kam.toml"], ["init", "export.csv"], ["check", NAME], [NAME]])
def test_a_console_that_knows_few_signs_gets_the_others_as_escapes(
    folder: Path, charset: str, arguments: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    if arguments[0] == "init":
        (folder / "kam.toml").unlink()
    said = CliRunner(charset=charset).invoke(main, arguments)
    assert isinstance(said.exception, SystemExit | None), said.exception
    assert NAME.encode(charset, "backslashreplace") in said.output_bytes


@pytest.mark.skipif(os.name != "posix", reason="pipes and locales of POSIX")
def test_real_consoles_and_pipes(folder: Path) -> None:
    """A redirected log as on Windows; in a container without a locale a reader that has gone (`| head -1`)."""
    (folder / "kam.toml").rename(folder / "settings.toml")
    read, write = os.pipe()
    os.close(read)
    started = {}
    for arguments, more, out in (
        (["init", "export.csv"], {"PYTHONIOENCODING": "cp1252"}, subprocess.PIPE),
        (["check", "settings.toml"], {"LC_ALL": "C", "PYTHONUTF8": "0"}, write),
    ):
        environment = {**os.environ, **more}
        started[arguments[0]] = subprocess.Popen(
            [*KAM, *arguments], cwd=folder, env=environment, stdout=out, stderr=subprocess.PIPE
        )
    os.close(write)
    said = {name: process.communicate(timeout=600) for name, process in started.items()}
    assert {name: errors for name, (_, errors) in said.items()} == dict.fromkeys(started, b"")
    assert {name: process.returncode for name, process in started.items()} == {"init": 0, "check": 1}
    assert NAME.encode("cp1252", "backslashreplace") in said["init"][0]


class Refusing(io.TextIOWrapper):
    """A stream that fails with every line."""

    def write(self, text: str) -> int:
        raise BrokenPipeError


def test_a_line_that_cannot_be_written_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    """As for a run whose reader has gone: it goes on and publishes."""
    for stream in ("stdout", "stderr"):
        monkeypatch.setattr(sys, stream, Refusing(io.BytesIO()))
        console.say("Łódź", err=stream == "stderr")


def test_streams_that_are_not_there_are_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    console.show_everything()
    console.say("x")
    console.say("x", err=True)


@pytest.mark.parametrize(
    ("error", "disk"),
    [
        (OSError(28, "No space left on device"), True),
        (FileNotFoundError(2, "No usable temporary directory found in ['/tmp']"), True),
        (FileNotFoundError(2, "No such file or directory"), False),
        (PermissionError(13, "Permission denied"), False),
        (OSError("bare"), False),
        (ValueError("other"), False),
    ],
)
def test_a_disk_that_fails_is_told_from_a_place_that_does(error: Exception, disk: bool) -> None:
    assert disk_fails(error) is disk
    if isinstance(error, OSError):
        why, remedy = unwritten(error, "give another folder")
        assert remedy.endswith("give another folder")
        assert remedy.startswith("free") is disk
        assert "/tmp" not in why


def test_a_full_disk_met_anywhere_ends_in_a_sentence(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading makes copies too: in another encoding, unpacked, spilled."""
    from kam_analysis.ledger import opening

    def full(*given: object) -> None:
        raise OSError(28, "No space left on device", "/tmp/kam-x1/copy.csv")

    monkeypatch.setattr(opening, "checked", full)
    said = CliRunner().invoke(main, ["check", str(folder / "kam.toml")])
    assert said.exit_code == 1
    assert said.output == (
        "copy.csv: cannot be written to (the disk is full); free some space on it, or set TMPDIR to a folder on "
        "another disk\n"
    )
