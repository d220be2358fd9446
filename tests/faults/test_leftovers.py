"""What a report leaves behind when it misbehaves or is killed: nothing that lives, nothing that stays on the disk."""

import os
import sys
from pathlib import Path

import psutil
import pytest

sys.path.append(str(Path(__file__).parents[1] / "batch"))
from notebooks_for_tests import code, result, text, write

from kam_analysis.batch import runs

TITLE = text("# A question?")
# A grandchild whose parents are gone, in a session of its own.
DAEMON = """
import os, sys, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        open({marker!r}, 'w').write(str(os.getpid()))
        os.execv(sys.executable, [sys.executable, '-c', 'import time; time.sleep(600)'])
    os._exit(0)
os.wait()
while not os.path.exists({marker!r}) or not open({marker!r}).read():
    time.sleep(0.02)
"""
# A child that does not carry the mark of its report, and whose parent ends without a word.
UNMARKED = """
import os, subprocess, sys, time
child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'], env={{}})
with open({marker!r}, 'w') as marker:
    marker.write(str(child.pid))
time.sleep(2)
os._exit(3)
"""
HUNGRY = "import time\nheld = []\nfor _ in range(30):\n    held.append(b'x' * 50_000_000)\n    time.sleep(0.05)\ntime.sleep(600)"


# A module that ends the process in which it is imported; the kernel imports it before any cell runs.
EXITS = "import os, sys\nprint('no licence in /srv/secret/licence.dat', file=sys.stderr, flush=True)\nos._exit(4)"


class Misbehaved:
    """One run: a report that is well and one that is not, which leave processes behind, one that eats memory, one that never starts."""

    def __init__(self, folder: Path) -> None:
        notebooks, self.markers = folder / "notebooks", {}
        for name, source in {"01_daemon": DAEMON, "02_unmarked": UNMARKED}.items():
            self.markers[name] = folder / f"{name}.pid"
            write(notebooks, name, TITLE, code(source.format(marker=str(self.markers[name]))), result())
        write(notebooks, "03_hungry", TITLE, code(HUNGRY), result())
        (notebooks / "licensed.py").write_text(EXITS)
        write(notebooks, "04_at_the_start", TITLE, code("import licensed"), result())
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(runs, "check_data", lambda settings, as_of, say: None)
            self.summary = runs.run_reports(
                None, folder / "out", notebooks=notebooks, workers=2, memory_limit=0.6, time_limit=600, say=str
            )


@pytest.fixture(scope="module")
def misbehaved(tmp_path_factory: pytest.TempPathFactory) -> Misbehaved:
    if os.name != "posix":
        pytest.skip("processes are left behind otherwise there")
    return Misbehaved(tmp_path_factory.mktemp("misbehaved"))


def test_a_report_that_eats_memory_is_stopped_in_a_sentence_and_the_others_finish(misbehaved: Misbehaved) -> None:
    assert misbehaved.summary.failed == {
        "02_unmarked": "the notebook's process ended in code cell 1: it ended with exit code 3",
        "03_hungry": "used more than 0.6 GB of memory and was stopped; --memory-limit allows more",
        "04_at_the_start": "the notebook's process ended before the first cell: it ended with exit code 4; "
        "its last words: no licence in licence.dat",
    }


@pytest.mark.parametrize("name", ["01_daemon", "02_unmarked"])
def test_nothing_that_a_report_started_outlives_it(misbehaved: Misbehaved, name: str) -> None:
    number = int(misbehaved.markers[name].read_text())
    assert not psutil.pid_exists(number) or psutil.Process(number).status() == psutil.STATUS_ZOMBIE
