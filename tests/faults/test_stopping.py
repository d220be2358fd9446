"""`kam` is told to stop while it is deep in work: it ends at once, in a sentence, and leaves all as it was."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from click.testing import CliRunner

from kam_analysis.batch.lock import LOCK
from kam_analysis.cli import main

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals and pipes of POSIX")

MINUTES = "select 'A' as account_id, date '2025-01-31' as date, a.range * b.range as revenue from range(300000) a, range(300000) b"
SETTINGS = f'[tables.transactions]\nquery = "{MINUTES}"\n'
# As the command, and tells by a file when the work that takes minutes begins.
PROGRAM = """
import sys
from pathlib import Path
from kam_analysis.cli import main
from kam_analysis.exports import inspection
from kam_analysis.ledger.engine.sources import Connection
fetch, scan = Connection.fetch, inspection.scan
Connection.fetch = lambda *given: Path("at work").touch() or fetch(*given)
inspection.scan = lambda *given: Path("at work").touch() or scan(*given)
main()
"""
ENDS_WITHIN_SECONDS = 120  # on a busy machine; before, it was ten minutes and more


class Command:
    """One `kam` in a folder of its own, with settings whose query takes minutes."""

    def __init__(self, folder: Path, *words: str) -> None:
        self.folder = folder
        for name in ("tmp", "reports"):
            (folder / name).mkdir(parents=True)
        (folder / "kam.toml").write_text(SETTINGS, encoding="utf-8")
        (folder / "reports" / "index.html").write_text("the last good page", encoding="utf-8")
        environment = {**os.environ, "TMPDIR": str(folder / "tmp")}
        self._process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, *words],
            cwd=folder,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        self.began = psutil.Process(self._process.pid).create_time()

    def told(self, number: int) -> None:
        """Send a signal once the work has begun."""
        until = time.monotonic() + 600
        while not (self.folder / "at work").exists():
            assert self._process.poll() is None, self._process.communicate()[1].decode()
            assert time.monotonic() < until, "the work did not begin"
            time.sleep(0.05)
        time.sleep(0.5)
        self._process.send_signal(number)

    def ended(self) -> tuple[int, str]:
        """The exit code and what was said, after a look that nothing is left."""
        try:
            said = self._process.communicate(timeout=ENDS_WITHIN_SECONDS)[1].decode()
        finally:
            self._process.kill()
        deadline = time.monotonic() + 600
        while (left := self._of_its_session()) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert left == []
        assert list((self.folder / "tmp").iterdir()) == []
        assert [path.name for path in (self.folder / "reports").iterdir()] == ["index.html"]
        assert (self.folder / "reports" / "index.html").read_text() == "the last good page"
        return self._process.returncode, said

    def _of_its_session(self) -> list[str]:
        """Processes that work in its folders: workers have sessions of their own."""
        here = str(self.folder)
        found = []
        for each in psutil.process_iter(["cmdline", "environ"]):
            if each.info["cmdline"] and here in (each.info["environ"] or {}).get("TMPDIR", ""):
                found.append(" ".join(each.info["cmdline"])[:200])
        return found


def test_a_command_that_works_for_minutes_stops_when_it_is_told_to(tmp_path: Path) -> None:
    """All side by side: most of their time is starting up."""
    lines = "C-1;31.01.2025;1.234,56\n" * 2_000_000
    report, check, init = (
        Command(tmp_path / "report", "report", "kam.toml", "--only", "01_concentration"),
        Command(tmp_path / "check", "check", "kam.toml"),
        Command(tmp_path / "init", "init", str(tmp_path / "export.csv")),
    )
    late = Command(tmp_path / "late", "report", "kam.toml", "--only", "01_concentration", "--time-limit", "3")
    (tmp_path / "export.csv").write_text("Kunde;Rechnungsdatum;Umsatz\n" + lines)
    report.told(signal.SIGTERM)
    check.told(signal.SIGINT)
    init.told(signal.SIGTERM)
    assert report.ended() == (143, "Stopped by SIGTERM.\n")
    assert check.ended() == (130, "Stopped by Ctrl-C.\n")
    assert init.ended() == (143, "Stopped by SIGTERM.\n")
    assert late.ended() == (1, "the data check took longer than 3 s and was stopped; allow more with --time-limit\n")
    assert not list(tmp_path.glob(f"*/reports/{LOCK}"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["check", "export.csv", "init", "late", "report"]


@pytest.mark.parametrize("words", [["init", "pipe.csv"], ["report", "pipe.csv"], ["check", "pipe.toml"]])
@pytest.mark.parametrize("kind", ["pipe", "device"])
def test_what_need_not_end_is_refused_before_it_is_read(
    words: list[str], kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    if kind == "pipe":
        os.mkfifo(words[1])
    else:
        Path(words[1]).symlink_to("/dev/zero")
    result = CliRunner().invoke(main, words)
    assert f"{words[1]}: is a device or a pipe, not a file" in result.output
    assert result.exit_code == 2
    assert not (tmp_path / "reports").exists()


@pytest.mark.parametrize("command", ["check", "report"])
def test_a_table_that_need_not_end_is_refused(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe.csv")
    Path("kam.toml").write_text('[tables.transactions]\nfile = "pipe.csv"\n')
    result = CliRunner().invoke(main, [command, "kam.toml"])
    assert '"pipe.csv" is a device or a pipe, not a file' in result.output
    assert result.exit_code == 1
