"""A password planted in the environment, and everything that a run leaves searched for it."""

import importlib.util
import io
import json
import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

sys.path.append(str(Path(__file__).parents[1] / "batch"))
from notebooks_for_tests import PARAMETERS, code, result, text, write

ENGINES = Path(__file__).parents[1] / "ledger" / "engines"
PASSWORD = "p#ss/w?rd@Geheim %47"
CORE = b"Geheim"  # stays the same in every spelling
SETTINGS = """
data_dir = "env:KAM_TEST_DATA"
[connection]
url = "env:KAM_TEST_DATABASE"
[tables.transactions]
table = "planted_sales"
[tables.accounts]
file = "accounts.csv"
"""
TITLE = text("# A question?")
LEAK = """import os, sys
from urllib.parse import unquote
url = os.environ["KAM_TEST_DATABASE"]
password = url.split("://")[1].rpartition("@")[0].partition(":")[2]
leak = f"{url} and {password} and {unquote(password)} in {os.environ['KAM_TEST_DATA']}"
"""
OPENED = code("from kam_analysis.ledger import open_ledger\nledger = open_ledger(settings)\nprint(ledger.source)")
PRINTED = code(
    LEAK
    + "print(leak)\nprint(leak, file=sys.stderr)\nfrom IPython.display import HTML\nHTML(f'<p title=\"{leak}\">{leak}</p>')"
)
# In the answer, which stands on the page and in the index, and in a table, which stands in tables.xlsx too.
RESULT = result(answer="LEAK", tables={"t": [{"LEAK": "LEAK", "found": "LEAK"}]})["source"].replace(
    "display({",
    LEAK
    + "import json\ndocument = json.loads(json.dumps(document).replace('LEAK', json.dumps(leak)[1:-1]))\ndisplay({",
    1,
)
RAISED = code(LEAK + "raise RuntimeError('could not connect: ' + leak)")

# `kam`, with its temporary files left where they are; after the data's check it waits where it is told to.
KAM = """
import os, shutil, tempfile, time
shutil.rmtree = lambda *given, **more: None
tempfile.TemporaryDirectory._rmtree = classmethod(lambda *given, **more: None)
from kam_analysis.batch import runs
from kam_analysis.cli import main
check, sign = runs.check_data, os.environ.get("KAM_TEST_SIGN")
def checked(*given, **more):
    check(*given, **more)
    if sign:
        open(sign, "w").close()
        while not os.path.exists(sign + ".seen"):
            time.sleep(0.02)
runs.check_data = checked
main()
"""


def _engines() -> Any:
    """The PostgreSQL that the engines' tests start."""
    spec = importlib.util.spec_from_file_location("engines_for_faults", ENGINES / "conftest.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A PostgreSQL of our own, for it is going to be stopped; it takes any password."""
    engines = _engines()
    programs = engines._postgres_programs()
    if programs is None or importlib.util.find_spec("psycopg") is None:
        engines._missing("no PostgreSQL here, or not the extra postgres")
    import psycopg

    with engines.tempfile.TemporaryDirectory(prefix="kam-pg-", ignore_cleanup_errors=True) as folder:
        started = engines._Server(programs, Path(folder))
        started.start()
        try:
            with psycopg.connect(f"postgres://kam@127.0.0.1:{started.port}/postgres", autocommit=True) as connection:
                connection.execute("create table planted_sales (account_id text, date date, revenue numeric)")
                connection.execute("insert into planted_sales values ('A', '2025-01-01', 3), ('B', '2025-02-01', 2)")
            yield started
        finally:
            if (started.data / "postmaster.pid").exists():
                started.stop()


@dataclass
class Run:
    """One `kam report` process in a folder of its own: settings, data elsewhere, output, temporary files."""

    folder: Path
    port: int
    notebooks: dict[str, tuple[dict[str, Any], ...]]
    waits: bool = False

    def __post_init__(self) -> None:
        for name in ("home", "data of us", "staging"):
            (self.folder / name).mkdir(parents=True)
        (self.folder / "home" / "kam.toml").write_text(SETTINGS, encoding="utf-8")
        (self.folder / "data of us" / "accounts.csv").write_text("account_id,account_name\nA,Acme\nB,Bolt\n")
        for name, cells in self.notebooks.items():
            write(self.folder / "home" / "notebooks", name, TITLE, PARAMETERS, *cells)
        self.sign = self.folder / "checked"
        environment = {
            "KAM_TEST_DATABASE": f"postgres://kam:{quote(PASSWORD, safe='')}@127.0.0.1:{self.port}/postgres",
            "KAM_TEST_DATA": str(self.folder / "data of us"),
            "TMPDIR": str(self.folder / "staging"),
        } | ({"KAM_TEST_SIGN": str(self.sign)} if self.waits else {})
        options = ["--notebooks", "notebooks", "--out", "out", "--workers", "2"]
        self.process = subprocess.Popen(
            [sys.executable, "-c", KAM, "report", "kam.toml", *options],
            cwd=self.folder / "home",
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    @property
    def out(self) -> Path:
        return self.folder / "home" / "out"

    def wait(self) -> "Run":
        self.said = b"".join(self.process.communicate(timeout=600))
        return self

    def everything(self) -> Iterator[tuple[str, bytes]]:
        """What it said and every file that it left, archives unpacked."""
        yield "said", self.said
        for path in self.folder.rglob("*"):
            if not path.is_file():
                continue
            name, content = path.relative_to(self.folder).as_posix(), path.read_bytes()
            yield name, content
            if zipfile.is_zipfile(path):
                with zipfile.ZipFile(io.BytesIO(content)) as archive:
                    yield from ((f"{name}/{each}", archive.read(each)) for each in archive.namelist())


def searched(run: Run) -> set[str]:
    """The files searched, none of which holds the password; and no page names the folder of the data."""
    found = dict(run.everything())
    assert [name for name, content in found.items() if CORE in content] == []
    private = str(run.folder / "data of us").encode()
    assert [name for name, content in found.items() if name.startswith("home/out") and private in content] == []
    assert b"Traceback" not in run.said
    return set(found)


@pytest.fixture(scope="module")
def runs(server: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Run]:
    """Three runs side by side: no database answers; all is well; the database goes after the data's check."""
    home = tmp_path_factory.mktemp("planted")
    started = {
        "well": Run(home / "well", server.port, {"01_leaks": (OPENED, PRINTED, code(RESULT)), "02_raises": (RAISED,)}),
        "gone": Run(home / "gone", server.port, {"01_opens": (OPENED, result())}, waits=True),
        "nobody": Run(home / "nobody", 9, {"01_waits": (result(),)}),  # nothing answers at the discard port
    }
    ended = {"well": started["well"].wait(), "nobody": started["nobody"].wait()}
    until = time.monotonic() + 600
    while not started["gone"].sign.exists() and time.monotonic() < until and started["gone"].process.poll() is None:
        time.sleep(0.02)
    server.stop()
    Path(f"{started['gone'].sign}.seen").touch()
    return {**ended, "gone": started["gone"].wait()}


def test_a_run_that_works_leaves_the_password_nowhere(runs: dict[str, Run]) -> None:
    """Although its notebooks print, show and raise it, in both spellings."""
    run = runs["well"]
    names = searched(run)
    assert {"home/out/index.html", "home/out/01_leaks.html", "home/out/notebooks/01_leaks.ipynb", "home/out/run.json",
            "home/out/results/01_leaks.json", "home/out/tables.xlsx/xl/sharedStrings.xml"} <= names  # fmt: skip
    assert {Path(name).name for name in names} >= {
        "log.txt",
        "job.json",
        "outcome.json",
        "kernel.json",
        "notebook.ipynb",
    }
    record = json.loads((run.out / "run.json").read_text(encoding="utf-8"))
    assert [record["reports"][name]["status"] for name in ("01_leaks", "02_raises")] == ["done", "failed"]
    assert record["reports"]["02_raises"]["reason"].startswith(
        "RuntimeError: could not connect: postgres://... and ... and ... in "
    )
    assert b"... and ... and ..." in (run.out / "01_leaks.html").read_bytes()


def test_a_connection_that_fails_leaves_the_password_nowhere(runs: dict[str, Run]) -> None:
    run = runs["nobody"]
    searched(run)
    assert run.process.returncode == 1
    assert b"no answer from the postgres database" in run.said
    assert not list(run.out.glob("*"))


def test_a_database_that_goes_while_a_run_is_under_way_is_a_sentence_and_leaves_the_password_nowhere(
    runs: dict[str, Run],
) -> None:
    run = runs["gone"]
    searched(run)
    assert run.process.returncode == 1
    assert b"01_opens: failed: connection: no answer from the postgres database" in run.said
    assert json.loads((run.out / "run.json").read_text(encoding="utf-8"))["status"] == "failed"
