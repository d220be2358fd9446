"""What several test files need: a company made of a few lines of text, where real data is, and what runs together."""

import gc
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
from shelf_for_tests import take_along

from kam_analysis.batch.kernel_process import SLOW_AND_UNUSED

if TYPE_CHECKING:
    from xdist.scheduler import LoadFileScheduling

# No test fails because a machine is slow.
hypothesis.settings.register_profile("kam", deadline=None)
hypothesis.settings.load_profile("kam")
# Each process of tests imports nbformat, as a report's does.
sys.modules.setdefault(SLOW_AND_UNUSED, None)  # type: ignore[arg-type]
# The cyclic collector looks through all that lives, a tenth of what tests compute: a report's process is forked from one in
# which that is frozen. Frames are freed without it.
gc.set_threshold(50_000, 10, 10)

# Where tests run in the background of a script, Ctrl-C is ignored, by all that they start too: tests that send it would wait.
signal.signal(signal.SIGINT, signal.default_int_handler)

REAL_DATA = os.environ.get("KAM_REAL_DATA", "")

Company = Callable[..., Path]
Shelf = Callable[[], AbstractContextManager[None]]

# Files that share what takes long to start run one after the other in one process: a JupyterLab, and each page opened
# once; Spark.
TOGETHER = {
    "one browser": {
        "batch/test_brief_on_paper.py",
        "batch/test_drawn_in_browser.py",
        "batch/test_explore_in_browser.py",
        "batch/test_explorer_layout_in_lab.py",
        "batch/test_explorers_in_browser.py",
        "batch/test_first_screen_in_lab.py",
        "batch/test_own_notebooks.py",
        "batch/test_page_in_browser.py",
        "batch/test_page_tools_in_browser.py",
        "batch/test_papers_in_browser.py",
        "batch/test_plan_explorer_in_browser.py",
        "batch/test_plans_on_paper.py",
        "batch/test_reports_for_everybody.py",
        "batch/test_reports_in_browser.py",
        "batch/test_reports_on_paper.py",
        "batch/test_ticked_in_browser.py",
    },
    "one Spark": {"ledger/engines/"},
}
assert all((Path(__file__).parent / each).exists() for files in TOGETHER.values() for each in files)
# What is long begins early, and what is short ("" is all else) fills the processes to the end.
ORDER = (
    *TOGETHER, "tests/batch/", "tests/explorer/", "tests/faults/", "tests/hostile/", "", "tests/pages/", "tests/analysis/"
)  # fmt: skip


def _runs_with(nodeid: str) -> str:
    """The name of what a test belongs to: what runs in one process, one after the other."""
    file = nodeid.split("::", 1)[0]
    below = file.removeprefix("tests/")
    return next((name for name, files in TOGETHER.items() if any(map(below.startswith, files))), file)


def _turn(nodeid: str) -> int:
    name = _runs_with(nodeid)
    return ORDER.index(max((each for each in ORDER if name.startswith(each)), key=len))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda each: _turn(each.nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> "LoadFileScheduling | None":
    """Of `--dist loadfile`: file by file, but for those that run together."""
    if config.getoption("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class Together(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return _runs_with(nodeid)

    return Together(config, log)


LAST_HEARD: dict[str, float] = {}
COMPUTED: dict[str, float] = {}


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if node := getattr(report, "node", None):
        LAST_HEARD[node.gateway.id] = time.monotonic()


def pytest_sessionfinish(session: pytest.Session) -> None:
    if (told := getattr(session.config, "workeroutput", None)) is not None:
        told["computed"] = sum(
            os.times()[:4]
        )  # seconds, with those of the processes that it started and that have ended


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    COMPUTED[node.gateway.id] = getattr(node, "workeroutput", {}).get("computed", 0.0)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Whether the processes end together: else what is long and begins last belongs further ahead in `ORDER`."""
    for name, at in sorted(LAST_HEARD.items()):
        early = max(LAST_HEARD.values()) - at
        computed = f"{COMPUTED.get(name, 0):.0f} s of computing"
        terminalreporter.write_line(f"{name}: {computed}, done {early:.0f} s before the last")


@pytest.fixture(autouse=True)
def _numbers_as_pandas_shows_them() -> Iterator[None]:
    """A notebook's cells that ran in this process have chosen how pandas shows numbers: not for other tests."""
    yield
    if "pandas" in sys.modules:
        sys.modules["pandas"].reset_option("display.float_format")


@pytest.fixture
def company(tmp_path: Path) -> Company:
    """Write a settings file and its tables: `company(settings_text, **{"file.csv": text})` gives the settings' path."""
    return _written_in(tmp_path)


@pytest.fixture(scope="module")
def shared_company(tmp_path_factory: pytest.TempPathFactory) -> Company:
    """`company` for a file of tests whose tests change nothing of it."""
    return _written_in(tmp_path_factory.mktemp("company"))


def _written_in(folder: Path) -> Company:
    def write(settings: str, encoding: str = "utf-8", **files: str) -> Path:
        for name, text in files.items():
            (folder / name.replace("__", ".")).write_bytes(text.encode(encoding))
        path = folder / "kam.toml"
        path.write_text(settings, encoding="utf-8")
        return path

    return write


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real exports; skips where it is not there."""
    if not REAL_DATA or not Path(REAL_DATA).is_dir():
        pytest.skip("KAM_REAL_DATA names no folder with the real exports")
    return Path(REAL_DATA)


@pytest.fixture(scope="session")
def shelf_folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Where all processes of the session put it."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "shelf"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def shelf(shelf_folder: Path) -> Shelf:
    """`with shelf():` what a page finds of the sample is found once for all test files, as the reports of a run share it.

    Not for a test that changes what is computed: another would take what it has left.
    """
    from kam_analysis.pages.shelf import FOLDER

    @contextmanager
    def on_it() -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv(FOLDER, str(shelf_folder))
            yield

    return on_it


@pytest.fixture(scope="session")
def sample_reports(tmp_path_factory: pytest.TempPathFactory, worker_id: str, shelf_folder: Path) -> Path:
    """The sample's reports and their index, made once for all who read them; nobody changes them."""
    if worker_id == "master":
        return _made(tmp_path_factory.mktemp("sample") / "reports", shelf_folder)
    # Tests run in several processes: whoever comes first makes them in the folder that all of them know.
    shared = tmp_path_factory.getbasetemp().parent / "sample"
    try:
        shared.mkdir()
    except FileExistsError:
        _wait_for(shared / "made")
    else:
        _made(shared / "reports", shelf_folder)
        (shared / "made").touch()
    return shared / "reports"


def _made(out: Path, shelf: Path) -> Path:
    from kam_analysis.batch import runs

    publish = runs.publish_all

    def published(out: Path, reports: Any, jobs: Any, *more: Any) -> Any:
        for job in jobs.values():
            take_along(job.shelf, shelf)
        return publish(out, reports, jobs, *more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runs, "publish_all", published)
        summary = runs.run_reports(None, out, plans="3", workers=os.cpu_count() or 1, say=lambda line: None)
    assert summary.failed == {}
    return out


def _wait_for(path: Path, seconds: float = 1800) -> None:
    until = time.monotonic() + seconds
    while not path.exists():
        assert time.monotonic() < until, f"no sample reports after {seconds:g} s; another process was to make them"
        time.sleep(0.5)
