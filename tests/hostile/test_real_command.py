"""A few of the corpus through the real command, in surroundings that no test runner has."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hostile_case import GOOD, HEADER, SALES, SECRET, TOP

KAM = "from kam_analysis.cli import main; main()"
POLISH = HEADER + "Łódź Müller 株式会社,2025-01-31,300\n,2025-02-28,200\nŁódź Müller 株式会社,soon,1\n"
DATABASE = "[connection]\nurl = \"env:KAM_CASE\"\n[tables.transactions]\ntable = 'lines'\n"
URL = f"postgresql://reporter:{SECRET}@127.0.0.1:9/sales"  # nothing answers at the discard port


class Started:
    """`kam check kam.toml` in a folder of its own, under way."""

    def __init__(self, folder: Path, settings: str, sales: str, before: str = "", **environ: str | None) -> None:
        self.folder = folder
        folder.mkdir()
        (folder / "kam.toml").write_text(settings, encoding="utf-8")
        (folder / "sales.csv").write_text(sales, encoding="utf-8")
        here = {**os.environ, **{name: value for name, value in environ.items() if value is not None}}
        kept = {name: value for name, value in here.items() if environ.get(name, "") is not None}
        command = [sys.executable, "-c", f"{before}\nimport sys; sys.argv = ['kam', 'check', 'kam.toml']\n{KAM}"]
        self.process = subprocess.Popen(
            command, cwd=folder, env=kept, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL
        )

    def end(self) -> tuple[int, str]:
        """The exit code and what was said."""
        said, _ = self.process.communicate(timeout=600)
        return self.process.returncode, said.decode("utf-8", errors="replace")


# Settings, sales, what runs before the command, the environment; then the exit code and words.
SURROUNDINGS: dict[str, tuple[tuple[str, str, str], dict[str, str | None], int, str]] = {
    "a console that writes ASCII alone": (
        (TOP + SALES, POLISH, ""),
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"},
        1,
        "soon",
    ),
    "no home": ((TOP + SALES, GOOD, ""), {"HOME": None, "USERPROFILE": None}, 0, "0 error(s)"),
    "warnings are errors": ((TOP + SALES, GOOD, ""), {"PYTHONWARNINGS": "error"}, 0, "0 error(s)"),
    "a folder that is gone": (
        (TOP + SALES, GOOD, "import os, shutil\nif os.name == 'posix':\n    shutil.rmtree(os.getcwd())"),
        {},
        2,
        "kam.toml",
    ),
    "nobody reads what is said": (
        (TOP + SALES, GOOD, "import os\nr, w = os.pipe()\nos.close(r)\nos.dup2(w, 1)"),
        {},
        0,
        "",
    ),
    "a database that is down": ((TOP + DATABASE, GOOD, ""), {"KAM_CASE": URL}, 1, "no answer from the postgresql"),
}


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Started]]:
    """All of them at once, as soon as the first is asked for: each waits most of its time for imports."""
    top = tmp_path_factory.mktemp("Müller")
    found = {
        name: Started(top / str(at), *given, **environ)
        for at, (name, (given, environ, _, _)) in enumerate(SURROUNDINGS.items())
    }
    yield found
    for run in found.values():
        run.process.kill()  # those that no test waited for
        run.process.communicate()


@pytest.mark.parametrize("name", list(SURROUNDINGS))
def test_the_command_ends_in_a_sentence_wherever_it_runs(name: str, started: dict[str, Started]) -> None:
    if name == "a folder that is gone" and sys.platform == "win32":
        pytest.skip("Windows does not let go of a folder in use")
    code, said = started[name].end()
    *_, wanted, word = SURROUNDINGS[name]
    assert "Traceback" not in said, said
    assert SECRET not in said
    assert (code, word in said) == (wanted, True), said
    left = {path.name for path in started[name].folder.rglob("*")} if started[name].folder.exists() else set()
    assert left <= {"kam.toml", "sales.csv"}
