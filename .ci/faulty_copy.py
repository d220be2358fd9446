"""A copy of the checkout in which faults are put, one at a time, and tests run: the checkout itself is never touched.

What takes long to import is imported once; each run of tests is a fork of that process.
"""

import atexit
import contextlib
import json
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[1]
SECONDS = 600
_HEAVY = "pytest hypothesis coverage openpyxl hypothesis.extra.numpy hypothesis.extra.pandas"
# A test with one of these runs reports, a browser or a JupyterLab: too much to ask for each fault.
_LONG = {"sample_reports", "told", "published", "browser", "lab", "explored", "run", "real_data", "jupyterlab"}
_NOTHING_TO_RUN = 5
# Hypothesis is imported before pytest sees it.
_OPTIONS = [
    "-p",
    "_hypothesis_pytestplugin",
    "-x",
    "-q",
    "--tb=short",
    "--hypothesis-profile=faults",
    "-W",
    "ignore::pytest.PytestAssertRewriteWarning",
]


class FaultyCopy:
    """The process moves into a copy of what the checkout holds, until it ends."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="kam-faults-"))
        listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
        for name in subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines():
            if (ROOT / name).is_file():
                (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, self.folder / name)
        os.chdir(self.folder)
        os.environ |= {
            "PYTHONPATH": str(self.folder),
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
        }
        sys.path.insert(0, str(self.folder))
        _imported_once()
        _examples_always_the_same()
        atexit.register(shutil.rmtree, self.folder, ignore_errors=True)

    def notices(self, path: str, text: str, tests: list[str]) -> bool:
        """Whether one of the tests, asked in this order, fails with this text in that file."""
        file = self.folder / path
        right = file.read_text(encoding="utf-8")
        try:
            _written(file, text)
            return _forked(_asked, [["--doctest-modules", path, *tests]]) != 0
        finally:
            _written(file, right)

    def lines_run(self, tests: str) -> dict[str, list[int]]:
        """The lines of the package that a file of tests runs, by file; under "" the seconds it took."""
        with tempfile.NamedTemporaryFile() as out:
            if _forked(_measured, [tests, out.name]) not in (0, _NOTHING_TO_RUN):
                raise RuntimeError(f"{tests} fails as it is")
            return json.loads(Path(out.name).read_text(encoding="utf-8"))


def _imported_once() -> None:
    """What the package and the tests import of others; the package itself goes again, for faults are put into it."""
    names = [str(path.with_suffix("")).replace(os.sep, ".") for path in Path("kam_analysis").rglob("*.py")]
    for name in [*_HEAVY.split(), *names]:
        if not name.endswith(("__init__", "__main__")):
            with contextlib.suppress(ImportError):
                import_module(name)
    for name in [each for each in sys.modules if each.split(".")[0] == "kam_analysis"]:
        del sys.modules[name]


def _examples_always_the_same() -> None:
    """Hypothesis draws the same examples for each fault and does not look for simpler ones."""
    import hypothesis

    phases = (hypothesis.Phase.explicit, hypothesis.Phase.generate)
    hypothesis.settings.register_profile("faults", deadline=None, derandomize=True, database=None, phases=phases)


def _written(file: Path, text: str) -> None:
    for old in (file.parent / "__pycache__").glob(f"{file.stem}.*.pyc"):
        old.unlink()
    file.write_text(text, encoding="utf-8")


def _forked(work: object, words: list[object]) -> int:
    """The exit code of a piece of work in a fork of this process; one that never ends is ended, and has failed."""
    process = multiprocessing.get_context("fork").Process(target=work, args=words)  # type: ignore[arg-type,attr-defined]
    process.start()
    process.join(SECONDS)
    if process.exitcode is None:
        with contextlib.suppress(psutil.Error):
            for each in [*psutil.Process(process.pid).children(recursive=True), psutil.Process(process.pid)]:
                each.kill()
        process.join()
    return int(process.exitcode or 0)


class _WithoutLong:
    """Leaves out tests that take too long for each fault."""

    def pytest_collection_modifyitems(self, items: list) -> None:  # type: ignore[type-arg]
        items[:] = [each for each in items if not _LONG & set(getattr(each, "fixturenames", ()))]


def _asked(words: list[str]) -> None:
    import pytest

    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
    os._exit(int(pytest.main([*_OPTIONS, *words], plugins=[_WithoutLong()])))


def _measured(tests: str, out: str) -> None:
    import coverage
    import pytest

    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
    start, here = time.process_time(), str(Path.cwd()) + os.sep
    measure = coverage.Coverage(data_file=None, source=["kam_analysis"], config_file=False)
    measure.start()
    code = int(pytest.main([*_OPTIONS, tests], plugins=[_WithoutLong()]))
    measure.stop()
    data = measure.get_data()
    lines = {name.removeprefix(here): sorted(data.lines(name) or []) for name in data.measured_files()}
    Path(out).write_text(json.dumps({"": [round(time.process_time() - start, 1)]} | lines))
    os._exit(code)
