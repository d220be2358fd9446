"""Shows faults to tests without starting anew for each: packages, tests and fixtures' modules are loaded once.

A worker collects a room's tests and waits. For each fault it forks; the child gives the functions of the faulty file
their faulty code and runs the tests, the likeliest first, until one fails. What is not in a function (a constant, a
default, a decorator) is read when a file is imported: for such a fault the child drops the package and the tests, and
imports all of them again with the faulty text.

What a file of tests computes while it is imported is computed without the fault: such a fault counts as not noticed.

How long a child may run is counted in seconds of the processor, not of the clock: a busy machine fails no test. With a fault
it may take several times what it took without one; then something goes on for ever, which counts as noticed.
"""

import gc
import importlib.machinery
import multiprocessing
import os
import re
import resource  # noqa: TID251 - the tests' machine is POSIX
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.queues import Queue
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any, ClassVar

import pytest
from faults import Fault

# Seconds of the processor without a fault, and with one how many times as long as then.
SECONDS, TIMES = 900, 4
# A test that takes longer is shown a fault after all others.
SLOW = 1.0
# Seconds of the clock: for what waits for ever, and uses no processor.
PATIENCE = 3600
# Hypothesis draws the same examples for each fault, few of them, and does not look for simpler ones.
_OPTIONS = ["-p", "_hypothesis_pytestplugin", "-x", "-q", "--tb=no", "--hypothesis-profile=faults"]
# A test with one of these runs reports, a browser or a JupyterLab: too much to ask for each fault.
_LONG = {"sample_reports", "told", "published", "browser", "lab", "explored", "run", "real_data", "jupyterlab", "shelf"}


@dataclass(frozen=True)
class Shown:
    """How tests took a fault: the first of them that failed, whether they had to be stopped, and for how long they ran."""

    failed: str = ""
    stopped: bool = False
    processor_seconds: float = 0.0

    @property
    def noticed(self) -> bool:
        """Whether anybody would have seen the fault."""
        return bool(self.failed) or self.stopped


def shown(faults: Sequence[Fault], tests: list[str], workers: int) -> Iterator[tuple[Fault, Shown]]:
    """Each fault, and how the tests took it, as they are known; SystemExit where they fail without a fault."""
    context = multiprocessing.get_context("spawn")
    todo, done, seconds = context.Queue(), context.Queue(), context.Value("d", SECONDS)
    # Tests that fail without a fault would notice each.
    todo.put((None, tests))
    for fault in faults:
        todo.put((fault, ordered(fault, tests)))
    started = [context.Process(target=_work, args=(tests, todo, done, seconds)) for _ in range(workers)]
    try:
        for each in started:
            todo.put(None)
            each.start()
        for _ in range(len(faults) + 1):
            fault, taken = done.get()
            if fault is not None:
                yield fault, taken
            elif taken.stopped:
                raise SystemExit(f"without a fault the tests ran for more than {SECONDS} s of the processor")
            elif taken.failed:
                raise SystemExit(f"without a fault there fails {taken.failed}")
            else:
                seconds.value = min(SECONDS, 60 + TIMES * taken.processor_seconds)
        for each in started:
            each.join()
    finally:
        for each in started:
            each.terminate()
        todo.cancel_join_thread()  # of faults that nobody takes any more


def ordered(fault: Fault, tests: list[str]) -> list[str]:
    """The tests, those first that are named after the faulty file or speak of what is in it most often."""
    stem = Path(fault.path).stem
    said = re.findall(r"^(?:def|class) ([a-z]\w+)", fault.text, re.M)
    words = re.compile(rf"\b(?:{'|'.join([stem, *said])})\b")

    def unlikely(name: str) -> tuple[bool, int]:
        return stem not in name, -len(words.findall(Path(name).read_text(encoding="utf-8")))

    return sorted(tests, key=unlikely)


def _work(tests: list[str], todo: "Queue[Any]", done: "Queue[Any]", seconds: Any) -> None:
    os.environ |= {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    sys.path.insert(0, str(Path.cwd()))
    import hypothesis

    phases = (hypothesis.Phase.explicit, hypothesis.Phase.generate)
    hypothesis.settings.register_profile(
        "faults", deadline=None, derandomize=True, database=None, max_examples=30, phases=phases
    )
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
    code = pytest.main(
        [*_OPTIONS, "-W", "ignore::pytest.PytestAssertRewriteWarning", *tests], [_Waiting(todo, done, seconds)]
    )
    if code not in (0, 5):
        done.put((None, Shown(failed="the collection of the tests")))


def _asks_much(item: pytest.Item) -> bool:
    """Whether a test takes one of `_LONG`; a file's own fixture of the same name is another one."""
    taken = item._fixtureinfo.name2fixturedefs.items() if isinstance(item, pytest.Function) else ()
    return any(name in _LONG and found[-1].baseid not in item.nodeid.split("::") for name, found in taken)


class _OnlyShort:
    """Leaves out the tests that ask too much, and says to the parent which one failed first."""

    saying = -1
    slow: ClassVar[set[str]] = set()

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = sorted((each for each in items if not _asks_much(each)), key=lambda each: each.nodeid in self.slow)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            os.write(self.saying, f"{report.nodeid}\n".encode())


class _Waiting(_OnlyShort):
    """Instead of running the tests once, runs them for each fault."""

    def __init__(self, todo: "Queue[Any]", done: "Queue[Any]", seconds: Any) -> None:
        self._todo, self._done, self._seconds = todo, done, seconds

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        gc.freeze()
        while asked := self._todo.get():
            fault, tests = asked
            self._done.put((fault, _forked(fault, tests, session, self._seconds.value)))
        return True


def _forked(fault: Fault | None, tests: list[str], session: pytest.Session, seconds: float) -> Shown:
    said, saying = os.pipe()
    child = os.fork()  # noqa: TID251 - the tests' machine is POSIX
    if not child:
        os.setpgid(0, 0)
        resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
        _OnlyShort.saying = saying
        code = 1
        try:
            code = _again(fault, tests) if fault and not _swapped(fault) else _run(session, tests, told=not fault)
        finally:
            os._exit(code)
    # What a test left running may hold the other end: reading must not wait for it.
    os.set_blocking(said, False)
    os.close(saying)
    until, ended = time.monotonic() + PATIENCE, 0
    while not ended and time.monotonic() < until:
        time.sleep(0.05)
        ended, status, used = os.wait4(child, os.WNOHANG)
    if not ended:
        os.killpg(child, signal.SIGKILL)  # noqa: TID251
        _, status, used = os.wait4(child, 0)
    try:
        failed = os.read(said, 60_000).decode()
    except BlockingIOError:
        failed = ""
    os.close(said)
    if not fault and not status:
        _OnlyShort.slow, failed = set(failed.splitlines()), ""
    failed = failed.partition("\n")[0]
    if not failed and os.WIFEXITED(status) and status:
        failed = "what is imported"
    return Shown(failed, not failed and os.WIFSIGNALED(status), used.ru_utime + used.ru_stime)


def _run(session: pytest.Session, tests: list[str], *, told: bool) -> int:
    """Run them until one fails. `told`: say which of them take long, after all others, for these then come last."""
    rank = {str(Path(name).resolve()): at for at, name in enumerate(tests)}
    session.items = sorted(session.items, key=lambda item: (item.nodeid in _OnlyShort.slow, rank[str(item.path)]))
    slow = []
    for at, item in enumerate(session.items):
        following, began = session.items[at + 1] if at + 1 < len(session.items) else None, time.process_time()
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.testsfailed:
            return 1
        slow += [item.nodeid] if time.process_time() - began > SLOW else []
    if told:
        os.write(_OnlyShort.saying, "\n".join(slow).encode()[:60_000])
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
