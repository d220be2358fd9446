"""Ending early and in order, whatever runs: by Ctrl-C, SIGTERM, a closed terminal, or the clock.

Python runs its own handlers of signals between two of its instructions only; while an engine works (DuckDB,
PostgreSQL, Spark) there are none, for minutes. So whoever calls an engine says how to interrupt it
(`interruptible`), and a thread that is woken by each signal does that. The engine then comes back with an
error of its own; what leaves is the reason, never that error.
"""

import _thread
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from types import FrameType
from typing import Any

from kam_analysis.errors import RunError

Interrupt = Callable[[], object]

_AGAIN_SECONDS = 0.3
_TIDYING_SECONDS = 5  # an impatient second Ctrl-C does not tear what ends the processes and removes the folders
# Wakes the main thread when time is over. Of SIGURG nothing happens where nobody handles it any more.
_TIME_IS_OVER = getattr(signal, "SIGURG", signal.SIGABRT)


class EndedBySignal(SystemExit):
    """A signal other than Ctrl-C ends the program, with the exit code that shells give for it."""

    def __init__(self, number: int) -> None:
        self.name, self.exit_code = signal.Signals(number).name, 128 + number
        super().__init__(self.exit_code)


class _Stop:
    """What may end the work inside early: the signals, or one limit of time."""

    def __init__(self) -> None:
        self.reason: BaseException | None = None
        self.works: list[Interrupt] = []
        self.unbroken = 0
        self.over = threading.Event()
        self._raised = float("-inf")

    def swallowed(self) -> None:
        """What was raised went where nobody hears it: it is raised once more, from the next step on."""
        self._raised = float("-inf")
        again = threading.Timer(_AGAIN_SECONDS, _wake_main)
        again.daemon = True
        again.start()

    def interrupt(self) -> None:
        """Interrupt what works until nothing does: an engine that is only about to begin hears nothing."""
        while self.works and not self.over.is_set():
            for work in tuple(self.works):
                _quietly(work)
            self.over.wait(_AGAIN_SECONDS)

    def leave(self) -> None:
        """Raise the reason, in the main thread; once for several signals in a row."""
        if self.reason and not self.unbroken and time.monotonic() - self._raised > _TIDYING_SECONDS:
            self._raised = time.monotonic()
            raise _on_the_way(self.reason)

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Whatever error work inside ends with once it was to stop, the reason is what leaves."""
        token = _stops.set((*_stops.get(), self))
        try:
            yield
        except SystemExit:  # the command's own end, or a signal's
            raise
        except BaseException:
            if self.reason:
                raise self.reason from None
            raise
        finally:
            self.reason = None
            self.over.set()
            _stops.reset(token)


_stops: ContextVar[tuple[_Stop, ...]] = ContextVar("stops", default=())  # the outermost first


@contextmanager
def interruptible(interrupt: Interrupt) -> Iterator[None]:
    """Work of an engine, which `interrupt`, called from another thread, brings to its end.

    Does nothing outside `ended_by_signals` and `limited`. Once asked to stop, no further work begins; after
    them the engine can be used again.
    """
    stops = _stops.get()
    _leave_if_asked(stops)
    for stop in stops:
        stop.works.append(interrupt)
    try:
        yield
    except BaseException:
        if any(stop.reason for stop in stops):
            _quietly(interrupt)  # where Python's handler came first, the engine may still be at work
            _leave_if_asked(stops)
        raise
    finally:
        for stop in stops:
            stop.works.remove(interrupt)


@contextmanager
def limited(seconds: float, what: str) -> Iterator[None]:
    """Raise `RunError` where what is done inside takes longer than `seconds`: "`what` took longer than 10 s ...".

    Outside the main thread only an engine's work is ended by the clock, not Python's own.
    """
    stop = _Stop()
    in_main = threading.current_thread() is threading.main_thread()

    def passed() -> None:
        stop.reason = RunError(f"{what} took longer than {seconds:g} s and was stopped; allow more with --time-limit")
        if in_main:
            _wake_main()
        stop.interrupt()

    clock = threading.Timer(min(seconds, threading.TIMEOUT_MAX), passed)
    clock.daemon = True
    with ended_by_signals():
        try:
            with stop.inside():
                clock.start()
                yield
        finally:
            clock.cancel()
            _joined(clock)  # its interrupt must not meet what the engine is asked next


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """SIGTERM, and the closing of the terminal, end what runs inside like Ctrl-C: what it started ends first.

    Raises `EndedBySignal`, or `KeyboardInterrupt` for Ctrl-C. Outside the main thread Python allows no handlers;
    then only the end of the process counts. Inside another one this does nothing.
    """
    if threading.current_thread() is not threading.main_thread() or _stops.get():
        yield
        return
    stop = _Stop()

    def handle(number: int, frame: FrameType | None) -> None:
        asked = next((each for each in _stops.get() if each.reason), None)
        if asked is None and number != _TIME_IS_OVER:  # else the work was done in that very moment
            asked = stop
            stop.reason = KeyboardInterrupt() if number == signal.SIGINT else EndedBySignal(number)
        if asked:
            asked.leave()

    with stop.inside(), _handlers(handle) as numbers, _watched(numbers, stop), _swallowed_is_said_again():
        yield


@contextmanager
def unbroken() -> Iterator[None]:
    """A short step that is done whole, such as starting a process and noting it down: signals wait for its end."""
    stops = _stops.get() if threading.current_thread() is threading.main_thread() else ()
    for stop in stops:
        stop.unbroken += 1
    try:
        yield
    finally:
        for stop in stops:
            stop.unbroken -= 1
            stop.leave()


@contextmanager
def _handlers(handle: Callable[[int, FrameType | None], object]) -> Iterator[frozenset[int]]:
    """`handle` for the signals that end programs; those of before afterwards."""
    before: dict[int, Any] = {_TIME_IS_OVER: signal.signal(_TIME_IS_OVER, handle)}
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"):
        number = getattr(signal, name, None)
        usual = signal.default_int_handler if name == "SIGINT" else signal.SIG_DFL
        # nohup has SIGHUP ignored, a script's & SIGINT; and the program around us may have handlers of its own.
        if number is not None and signal.getsignal(number) == usual:
            before[number] = signal.signal(number, handle)
    try:
        yield frozenset(before)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler or signal.SIG_DFL)


@contextmanager
def _swallowed_is_said_again() -> Iterator[None]:
    """A reason that is raised in a finalizer ends nothing: Python prints it as ignored and goes on."""
    before = sys.unraisablehook

    def hook(ignored: Any) -> None:
        asked = next((each for each in _stops.get() if each.reason), None)
        if asked and isinstance(ignored.exc_value, KeyboardInterrupt | EndedBySignal):
            asked.swallowed()
        else:
            before(ignored)

    sys.unraisablehook = hook
    try:
        yield
    finally:
        sys.unraisablehook = before


@contextmanager
def _watched(numbers: frozenset[int], stop: _Stop) -> Iterator[None]:
    """A thread that interrupts the engines as soon as one of these signals is there, whatever the main thread does."""
    ours, woken = socket.socketpair()  # Windows takes nothing else here

    def watch() -> None:
        while got := woken.recv(64):
            if (numbers - {_TIME_IS_OVER}).intersection(got):
                stop.interrupt()

    ours.setblocking(False)
    before = signal.set_wakeup_fd(ours.fileno(), warn_on_full_buffer=False)
    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        # Of work that an exception left in its very last step the thread may still know.
        stop.over.set()
        signal.set_wakeup_fd(before)
        ours.close()
        _joined(thread)
        woken.close()


def _joined(thread: threading.Thread) -> None:
    if thread.is_alive():
        thread.join(_TIDYING_SECONDS)


def _wake_main() -> None:
    """Let the main thread run its handler, also where it waits for something; from another thread."""
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(threading.main_thread().ident or 0, _TIME_IS_OVER)
    else:
        _thread.interrupt_main(_TIME_IS_OVER)


def _leave_if_asked(stops: tuple[_Stop, ...]) -> None:
    for stop in stops:
        if stop.reason:
            raise _on_the_way(stop.reason) from None


def _on_the_way(reason: BaseException) -> BaseException:
    """What travels until the limit is left: nothing that takes errors for its own may keep it."""
    return KeyboardInterrupt() if isinstance(reason, Exception) else reason


def _quietly(work: Interrupt) -> None:
    with suppress(Exception):  # it may have ended, or lost its connection, in that very moment
        work()
