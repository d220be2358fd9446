"""The output folder when a run is killed while it publishes, when its disk is full, and when two runs want it."""

import json
import os
import platform
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from tiny_disk_for_tests import fill, tiny_disk

sys.path.append(str(Path(__file__).parents[1] / "batch"))
from notebooks_for_tests import code, result, text, write
from published_for_tests import Shelf

from kam_analysis.batch import runs
from kam_analysis.batch.lock import LOCK, locked
from kam_analysis.batch.publish import clear_leftovers
from kam_analysis.cli import main
from kam_analysis.errors import RunError

BATCH = Path(__file__).parents[1] / "batch"
REPORTS = ("01_one", "02_two")

# Publishes a second run over a first, and is killed as by `kill -9` when so many files have been renamed.
KILLED = f"""
import os, signal, sys
from pathlib import Path
sys.path.append({str(BATCH)!r})
from published_for_tests import Shelf
left = int(sys.argv[2])
replace = os.replace
def counted(source, target):
    global left
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    left -= 1
    replace(source, target)
os.replace = counted
Shelf(Path(sys.argv[1])).publish(dict.fromkeys({REPORTS!r}, "June"))
"""


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL")
def test_a_run_killed_while_it_publishes_leaves_whole_files_and_the_truth(tmp_path: Path) -> None:
    # After how many renames, and so many new files: none; run.json; the first report; all but index; all but run.json.
    renames = {0: 0, 1: 0, 4: 3, 8: 6, 9: 7}  # the tables, of which there are none, stay the same
    shelves = {after: Shelf(tmp_path / str(after)) for after in renames}
    for shelf in shelves.values():
        shelf.publish(dict.fromkeys(REPORTS, "May"))
    old = {after: shelf.files for after, shelf in shelves.items()}
    new = Shelf(tmp_path / "new")
    new.publish(dict.fromkeys(REPORTS, "June"))
    killed = [
        subprocess.Popen([sys.executable, "-c", KILLED, str(tmp_path / str(after)), str(after)]) for after in renames
    ]
    assert [process.wait(600) for process in killed] == [-signal.SIGKILL] * len(killed)
    for after, shelf in shelves.items():
        status = shelf.record["status"]
        assert status == ("complete" if after == 0 else "publishing")
        whole = {
            name: content for name, content in shelf.files.items() if not name.endswith(".part") and name != "run.json"
        }
        assert set(whole) == set(old[after]) - {"run.json"}
        replaced = [name for name, content in whole.items() if content == new.files[name] != old[after][name]]
        assert all(content in (old[after][name], new.files[name]) for name, content in whole.items())
        assert len(replaced) == renames[after]
        assert shelf.is_true() or status == "publishing"
        _is_mended_by_the_next_run(shelf)


def _is_mended_by_the_next_run(shelf: Shelf) -> None:
    clear_leftovers(shelf.out)
    shelf.publish(dict.fromkeys(REPORTS, "July"))
    assert shelf.record["status"] == "complete"
    assert shelf.is_true()
    assert set(shelf.files) == {*shelf.named(), "run.json"}


def test_publishing_onto_a_full_disk_leaves_the_run_before_as_it_was(tmp_path: Path) -> None:
    """With ever more room: at first nothing fits, then a report, then all but the index, then everything."""
    with tiny_disk(tmp_path / "disk", 1000) as disk:
        shelf = Shelf(disk)
        shelf.publish(dict.fromkeys(REPORTS, "May"))
        before, refused = shelf.files, 0
        for room in range(0, 400, 8):
            fill(disk, leave_kilobytes=room)
            try:
                shelf.publish(dict.fromkeys(REPORTS, "June"))
                break
            except (RunError, OSError) as error:
                refused += isinstance(error, RunError)  # OSError: the test's own notebooks did not fit
                assert shelf.files == before
        assert refused > 5
        assert shelf.files != before
        assert (shelf.record["status"], shelf.is_true()) == ("complete", True)


def test_a_full_disk_is_a_sentence_of_every_command_and_leaves_nothing_half_written(tmp_path: Path) -> None:
    with tiny_disk(tmp_path / "disk", 300) as disk:
        (disk / "export.csv").write_text("Customer,Invoice date,Net sales\nA,2025-01-31,1234.56\nB,2025-02-13,234.50\n")
        fill(disk)
        before = {path: path.stat().st_size for path in disk.iterdir()}
        for where, arguments in {
            "--out disk": ["report", "--out", str(disk)],
            "--out 2025-02": ["report", "--out", f"{disk}/reports/{{month}}", "--as-of", "2025-02-28"],
            "kam.toml": ["init", str(disk / "export.csv")],
            "sample: disk": ["sample", str(disk), "--accounts", "120", "--transactions", "7000"],
            "sample: works": ["sample", str(disk / "works"), "--accounts", "120", "--transactions", "7000"],
            "--folder disk": ["lab", "--folder", str(disk)],
            "--folder mine": ["lab", "--folder", str(disk / "my" / "mine")],
            "--folder own": ["new-question", "17_own", "--folder", str(disk / "own")],
        }.items():
            said = CliRunner().invoke(main, arguments)
            assert said.exit_code == 1, said.output
            assert f"{where}: cannot be written" in said.output
            assert "(the disk is full); free some space on it, or " in said.output
            assert len(said.output.splitlines()) == 1
            assert isinstance(said.exception, SystemExit)
            assert {path: path.stat().st_size for path in disk.rglob("*")} == before
        with pytest.raises(RunError, match=r"folder disk: cannot be written to \(the disk is full\)"), locked(disk):
            pass
        assert not (disk / LOCK).exists()


def test_a_full_temporary_folder_is_a_sentence_and_leaves_the_run_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once before the report's process can start, once in that process, when it leaves what it made."""
    monkeypatch.setattr(runs, "check_data", lambda *given: None)
    write(tmp_path / "notebooks", "01_one", text("# A question?"), code("print('x' * 30_000)"), result())
    shelf = Shelf(tmp_path)
    shelf.publish({"01_one": "May"})
    before = shelf.files
    with tiny_disk(tmp_path / "disk", 400) as disk:
        monkeypatch.setattr(tempfile, "tempdir", str(disk))
        fill(disk)
        with pytest.raises(
            RunError, match=r"^the temporary folder: cannot be written to \(the disk is full\); free .*TMPDIR"
        ):
            runs.run_reports(None, shelf.out, notebooks=tmp_path / "notebooks", say=print)
        assert shelf.files == before
        fill(disk, leave_kilobytes=40)
        summary = runs.run_reports(None, shelf.out, notebooks=tmp_path / "notebooks", say=print)
        assert "the temporary folder: " in summary.failed["01_one"]
        assert "the disk is full" in summary.failed["01_one"]
        assert [path.name for path in disk.iterdir()] == ["filling"]
    assert shelf.files["01_one.html"] == before["01_one.html"]
    assert (shelf.record["status"], shelf.is_true()) == ("failed", True)


# Waits for a sign, then tries to hold the folder; two that hold it at once would meet at the marker.
WANTS = """
import sys, time
from pathlib import Path
from kam_analysis.batch import runs
from kam_analysis.batch.lock import locked
from kam_analysis.errors import RunError
folder, marker = Path(sys.argv[1]), Path(sys.argv[2])
print("ready", flush=True)
sys.stdin.readline()
try:
    with locked(folder):
        marker.touch(exist_ok=False)
        time.sleep(1)
        marker.unlink()
        print("held")
except RunError as error:
    print(error)
"""


def test_of_runs_that_want_one_folder_at_once_one_gets_it(tmp_path: Path) -> None:
    """The lock of a dead run lies there; all of them find it, and one may take it over."""
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    (tmp_path / "out").mkdir()
    owner = {"process": dead.pid, "started": 0, "machine": platform.node()}
    (tmp_path / "out" / LOCK).write_text(json.dumps(owner), encoding="utf-8")
    command = [sys.executable, "-c", WANTS, str(tmp_path / "out"), str(tmp_path / "marker")]
    streams = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    wanting = [subprocess.Popen(command, **streams) for _ in range(4)]  # type: ignore[call-overload]
    assert [process.stdout.readline() for process in wanting] == ["ready\n"] * 4
    for process in wanting:
        process.stdin.write("go\n")
        process.stdin.flush()
    said = [process.communicate(timeout=600) for process in wanting]
    assert not [errors for _, errors in said if errors]
    ended = [lines for lines, _ in said]
    assert "held\n" in ended
    assert all(lines == "held\n" or "another kam report is writing there" in lines for lines in ended)
    assert list((tmp_path / "out").iterdir()) == []
