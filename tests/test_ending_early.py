"""What `kam_analysis.stopping` promises to those who call engines, in this very process."""

import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import duckdb
import pytest

from kam_analysis.errors import DataError, RunError
from kam_analysis.exports import Guess, toml_file
from kam_analysis.ledger.engine.sources import Connection
from kam_analysis.ledger.settings.settings import TableSource
from kam_analysis.ledger.settings.settings_file import load_settings
from kam_analysis.sample.files import write_rows
from kam_analysis.stopping import EndedBySignal, ended_by_signals, interruptible, limited, unbroken

MINUTES = "select count(*) as n from range(300000) a, range(300000) b where (a.range * b.range) % 7 = 3"
SETTINGS = f'[tables.transactions]\nquery = "{MINUTES}"\n'
posix = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
Company = Callable[..., Path]


@pytest.fixture
def connection(company: Company) -> Connection:
    return Connection(load_settings(company(SETTINGS)))


def count_for_minutes(connection: Connection) -> None:
    connection.fetch(connection._view("slow", MINUTES), "lines")


def still_usable(connection: Connection) -> bool:
    frame = connection.fetch(connection._view("quick", "select 7 as n"), "lines")
    return bool(frame["n"].tolist() == [7])


@contextmanager
def signal_soon(number: int) -> Iterator[None]:
    """To this process, once it is at work: entered last, so that somebody waits for it."""
    clock = threading.Timer(0.5, os.kill, (os.getpid(), number))
    clock.daemon = True
    clock.start()
    yield


@pytest.fixture(autouse=True)
def ctrl_c_counts() -> Iterator[None]:
    """A shell lets what it starts in the background ignore Ctrl-C; these tests are about one that is not ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(autouse=True)
def handlers_of_before_are_restored() -> Iterator[None]:
    names = [name for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGURG") if hasattr(signal, name)]
    before = [signal.getsignal(getattr(signal, name)) for name in names]
    yield
    assert [signal.getsignal(getattr(signal, name)) for name in names] == before
    assert signal.set_wakeup_fd(-1) == -1


def by_hand(connection: Connection) -> None:
    """The way of DuckDB on which it looks for signals itself and makes a RuntimeError of them."""
    with connection.one_at_a_time, connection.guarded("lines"):
        connection._duck.raw_sql(f"CREATE TEMP TABLE slow AS {MINUTES}")


def test_an_interrupt_in_the_moment_before_the_work_leaves_the_engine_to_others(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It comes between a context manager's entering and its block; what is forgotten so, another thread clears away."""
    heard: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda ignored: heard.append(ignored.exc_value))

    def interrupt(frame: FrameType, event: str, returned: object) -> None:
        code, caller = frame.f_code, frame.f_back
        entered = (code.co_filename, code.co_name) == (contextlib.__file__, "__enter__")
        if event == "return" and entered and caller and caller.f_code.co_name == "fetch":
            sys.setprofile(None)
            raise KeyboardInterrupt

    view = connection._view("quick", "select 7 as n")
    sys.setprofile(interrupt)
    with pytest.raises(KeyboardInterrupt) as caught:
        connection.fetch(view, "lines")
    left, free = [caught._excinfo], list[bool]()
    del caught

    def others() -> None:
        left.clear()  # with the traceback goes what was entered
        free.append(connection.one_at_a_time.acquire(blocking=False))

    (other := threading.Thread(target=others)).start()
    other.join()
    assert (free, heard) == ([True], [])


@posix
@pytest.mark.parametrize("work", [count_for_minutes, by_hand])
@pytest.mark.parametrize(("number", "reason"), [(signal.SIGTERM, EndedBySignal), (signal.SIGINT, KeyboardInterrupt)])
def test_a_signal_ends_a_query_as_itself_and_not_as_a_data_error(
    connection: Connection, work: Callable[[Connection], None], number: int, reason: type[BaseException]
) -> None:
    with pytest.raises(reason) as caught, ended_by_signals(), signal_soon(number):
        work(connection)
    if isinstance(caught.value, EndedBySignal):
        assert (caught.value.code, caught.value.name) == (128 + number, "SIGTERM")
    assert still_usable(connection)


@pytest.mark.parametrize("work", [count_for_minutes, by_hand])
def test_the_clock_ends_a_query_in_a_sentence(connection: Connection, work: Callable[[Connection], None]) -> None:
    said = r"^the check took longer than 0\.3 s and was stopped; allow more with --time-limit$"
    with pytest.raises(RunError, match=said), limited(0.3, "the check"):
        work(connection)
    assert still_usable(connection)


def test_outside_the_main_thread_the_clock_still_ends_a_query(connection: Connection) -> None:
    said: list[BaseException] = []

    def run() -> None:
        try:
            with ended_by_signals(), limited(0.3, "the check"):
                count_for_minutes(connection)
        except BaseException as error:
            said.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(600)
    assert [type(each) for each in said] == [RunError]
    assert still_usable(connection)


def test_the_clock_ends_pythons_own_work_and_what_waits() -> None:
    def loop() -> None:
        while True:
            time.sleep(0)

    for work in (loop, lambda: time.sleep(600)):
        with pytest.raises(RunError, match=r"took longer than 0\.2 s"), limited(0.2, "it"):
            work()


def test_nothing_that_catches_errors_keeps_the_end() -> None:
    """As openpyxl's and the drivers' callers do: every error means a broken file to them."""

    def read() -> None:
        try:
            time.sleep(600)
        except Exception:
            raise DataError("the file is broken") from None

    with pytest.raises(RunError, match="took longer"), limited(0.2, "it"):
        read()


@posix
class Dying:
    """Whose finalizer takes long enough for the end to come within it."""

    def __del__(self) -> None:
        until = time.monotonic() + 1
        while time.monotonic() < until:
            pass


def finalized_and_on(until: float) -> None:
    Dying()
    while time.monotonic() < until:
        pass


def test_an_end_that_falls_into_a_finalizer_is_not_lost(capfd: pytest.CaptureFixture[str]) -> None:
    """Python prints it as ignored and goes on: a limit of 1 s let the data check run to its end, behind a traceback."""
    began = time.monotonic()
    with pytest.raises(RunError, match="the check took longer"), limited(0.2, "the check"):
        finalized_and_on(began + 600)
    assert time.monotonic() < began + 300
    assert capfd.readouterr().err == ""


def test_an_error_of_an_engine_nobody_registered_is_the_signals_all_the_same() -> None:
    with pytest.raises(EndedBySignal), ended_by_signals(), signal_soon(signal.SIGTERM):
        duckdb.sql(f"CREATE TEMP TABLE slow AS {MINUTES}")


def test_no_work_begins_once_the_time_is_over() -> None:
    began = []

    def work() -> None:
        try:
            time.sleep(600)
        except KeyboardInterrupt:
            with interruptible(lambda: None):
                began.append("a query of hours")

    with pytest.raises(RunError), limited(0.1, "it"):
        work()
    assert began == []


def test_what_is_done_in_time_is_left_alone() -> None:
    with limited(600, "it"):
        pass
    heard: list[str] = []
    with ended_by_signals(), interruptible(lambda: heard.append("interrupted")):
        clocks = [each for each in threading.enumerate() if isinstance(each, threading.Timer)]
        for clock in clocks:
            clock.join(300)
        assert not any(clock.is_alive() for clock in clocks)
    assert heard == []


def test_the_inner_limit_counts_for_itself() -> None:
    with limited(600, "all"):
        with pytest.raises(RunError, match="the part took longer"), limited(0.1, "the part"):
            time.sleep(600)
        with limited(600, "another part"):
            assert True
    with pytest.raises(RunError, match="all took longer"), limited(0.2, "all"), limited(600, "the part"):
        time.sleep(600)


@posix
def test_a_second_signal_does_not_tear_the_tidying_up() -> None:
    tidied = []

    def work() -> None:
        try:
            time.sleep(600)
        finally:
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(0.05)
            tidied.append("all")

    with pytest.raises(EndedBySignal), ended_by_signals(), signal_soon(signal.SIGTERM):
        work()
    assert tidied == ["all"]


@posix
def test_an_unbroken_step_is_done_before_the_end() -> None:
    done = []

    def work() -> None:
        with unbroken():
            os.kill(os.getpid(), signal.SIGTERM)
            done.append("noted down")
        done.append("gone on")

    with pytest.raises(EndedBySignal), ended_by_signals():
        work()
    assert done == ["noted down"]


def interrupted(*given: object) -> Iterator[list[str]]:
    yield ["a row"]
    raise KeyboardInterrupt


def test_a_file_that_is_being_written_goes_with_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(KeyboardInterrupt):
        write_rows(tmp_path / "sales.csv", ["column"], interrupted())
    monkeypatch.setattr(toml_file, "settings_text", lambda guess, **more: list(interrupted()))
    with pytest.raises(KeyboardInterrupt):
        toml_file.write_settings(Guess(tmp_path / "sales.csv", TableSource("transactions"), ()))
    assert list(tmp_path.iterdir()) == []


@posix
def test_what_is_ignored_or_somebody_elses_stays_so() -> None:
    """nohup, and a program around us with handlers of its own."""
    mine: list[int] = []
    hup = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    term = signal.signal(signal.SIGTERM, lambda number, frame: mine.append(number))
    try:
        with ended_by_signals():
            os.kill(os.getpid(), signal.SIGHUP)
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(0.05)
        assert mine == [signal.SIGTERM]
    finally:
        signal.signal(signal.SIGHUP, hup)
        signal.signal(signal.SIGTERM, term)
