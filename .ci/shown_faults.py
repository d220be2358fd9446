"""Shows faults to tests without starting anew for each: packages, tests and fixtures' modules are loaded once.

A worker collects a room's tests and waits. For each fault it forks; the child gives the functions of the faulty file
their faulty code and runs the tests, the likeliest first, until one fails. What is not in a function (a constant, a
default, a decorator) is read when a file is imported: for such a fault the child drops the package and the tests, and
imports all of them again with the faulty text.

What a file of tests computes while it is imported is computed without the fault: such a fault counts as not noticed.
"""

import gc
import importlib.machinery
import multiprocessing
import os
import re
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from multiprocessing.queues import Queue
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import pytest
from faults import Fault

SECONDS = 900
# Hypothesis draws the same examples for each fault, few of them, and does not look for simpler ones.
_OPTIONS = ["-p", "_hypothesis_pytestplugin", "-x", "-q", "--tb=no", "--hypothesis-profile=faults"]
# A test with one of these runs reports, a browser or a JupyterLab: too much to ask for each fault.
_LONG = {"sample_reports", "told", "published", "browser", "lab", "explored", "run", "real_data", "jupyterlab"}


def noticed(faults: Sequence[Fault], tests: list[str], workers: int) -> Iterator[tuple[Fault, bool]]:
    """Each fault, and whether one of the tests failed with it, as they are known."""
    context = multiprocessing.get_context("spawn")
    todo, done = context.Queue(), context.Queue()
    # Tests that fail without a fault would notice each.
    todo.put((None, tests))
    for fault in faults:
        todo.put((fault, ordered(fault, tests)))
    started = [context.Process(target=_work, args=(tests, todo, done)) for _ in range(workers)]
    for each in started:
        todo.put(None)
        each.start()
    for _ in range(len(faults) + 1):
        fault, seen = done.get()
        if fault is None and seen:
            raise SystemExit("the tests fail without a fault")
        if fault is not None:
            yield fault, seen
    for each in started:
        each.join()


def ordered(fault: Fault, tests: list[str]) -> list[str]:
    """The tests, those first that are named after the faulty file or speak of what is in it most often."""
    stem = Path(fault.path).stem
    said = re.findall(r"^(?:def|class) ([a-z]\w+)", fault.text, re.M)
    words = re.compile(rf"\b(?:{'|'.join([stem, *said])})\b")

    def unlikely(name: str) -> tuple[bool, int]:
        return stem not in name, -len(words.findall(Path(name).read_text(encoding="utf-8")))

    return sorted(tests, key=unlikely)


def _work(tests: list[str], todo: "Queue[Any]", done: "Queue[Any]") -> None:
    os.environ |= {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    sys.path.insert(0, str(Path.cwd()))
    import hypothesis

    phases = (hypothesis.Phase.explicit, hypothesis.Phase.generate)
    hypothesis.settings.register_profile(
        "faults", deadline=None, derandomize=True, database=None, max_examples=30, phases=phases
    )
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
    code = pytest.main([*_OPTIONS, "-W", "ignore::pytest.PytestAssertRewriteWarning", *tests], [_Waiting(todo, done)])
    if code not in (0, 5):
        done.put((None, True))


class _Waiting:
    """Instead of running the tests once, runs them for each fault."""

    def __init__(self, todo: "Queue[Any]", done: "Queue[Any]") -> None:
        self._todo, self._done = todo, done

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [each for each in items if not _LONG & set(getattr(each, "fixturenames", ()))]

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        gc.freeze()
        while asked := self._todo.get():
            fault, tests = asked
            self._done.put((fault, _forked(fault, tests, session)))
        return True


def _forked(fault: Fault | None, tests: list[str], session: pytest.Session) -> bool:
    child = os.fork()  # noqa: TID251 - the tests' machine is POSIX
    if not child:
        os.setpgid(0, 0)
        code = 1
        try:
            code = _again(fault, tests) if fault and not _swapped(fault) else _run(session, tests)
        finally:
            os._exit(code)
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return status != 0
        time.sleep(0.05)
    os.killpg(child, signal.SIGKILL)  # noqa: TID251
    os.waitpid(child, 0)
    return True


def _run(session: pytest.Session, tests: list[str]) -> int:
    rank = {str(Path(name).resolve()): at for at, name in enumerate(tests)}
    session.items = sorted(session.items, key=lambda item: rank[str(item.path)])
    for at, item in enumerate(session.items):
        following = session.items[at + 1] if at + 1 < len(session.items) else None
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.testsfailed:
            if os.environ.get("KAM_SAY"):
                print(item.nodeid, file=sys.stderr, flush=True)
            return 1
    return 0


def _swapped(fault: Fault) -> bool:
    """Give the file's functions their faulty code; False where the fault is outside of them."""
    right = Path(fault.path).read_text(encoding="utf-8")
    path = str(Path(fault.path).resolve())
    old, new = (dict(_functions(compile(text, path, "exec"))) for text in (right, fault.text))
    changed = {key for key in old if key in new and new[key] != old[key]}
    if old.keys() != new.keys() or not changed:
        return False
    found = False
    gc.unfreeze()
    for each in gc.get_objects():
        if isinstance(each, FunctionType) and each.__code__.co_filename == path:
            key = _key(each.__code__)
            if key in changed:
                each.__code__, found = new[key], True
    return found


def _functions(code: CodeType) -> Iterator[tuple[tuple[str, int], CodeType]]:
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield _key(each), each
            yield from _functions(each)


def _key(code: CodeType) -> tuple[str, int]:
    return code.co_qualname, code.co_firstlineno


def _again(fault: Fault, tests: list[str]) -> int:
    """Import the package and the tests anew, with the faulty text in place of the file's."""
    import hypothesis

    path, ours = str(Path(fault.path).resolve()), str(Path.cwd()) + os.sep
    for name, module in [*sys.modules.items()]:
        if name.split(".")[0] == "kam_analysis" or str(getattr(module, "__file__", "")).startswith(ours + "tests"):
            del sys.modules[name]
    before = importlib.machinery.SourceFileLoader.get_code

    def read(self: importlib.machinery.SourceFileLoader, name: str) -> CodeType | None:
        return compile(fault.text, path, "exec") if self.path == path else before(self, name)

    importlib.machinery.SourceFileLoader.get_code = read  # type: ignore[method-assign]
    hypothesis.settings.load_profile("default")
    return int(pytest.main([*_OPTIONS, "-W", "ignore::pytest.PytestAssertRewriteWarning", *tests], [_OnlyShort()]))


class _OnlyShort:
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [each for each in items if not _LONG & set(getattr(each, "fixturenames", ()))]
