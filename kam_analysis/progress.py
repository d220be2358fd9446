"""How far a run is, in one line on a terminal; elsewhere nothing but the plain lines."""

import os
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from kam_analysis.console import say

_FIRST_GUESS = 0.05  # of the work: before that much is done, nobody knows how long the rest takes


class Bar:
    """The line: what is left of the run, about how long that takes, and each report that runs.

    `quiet` leaves out the lines that stay, but for those of failures, and the bar with them.
    """

    def __init__(self, shown: bool, quiet: bool = False, clock: Callable[[], float] = time.monotonic) -> None:
        self._shown, self._quiet, self._clock = shown and not quiet, quiet, clock
        self._begun = clock()
        self._running: dict[str, float] = {}
        self._done, self._total, self._more = 0, 0, ""
        self._drawing = threading.Lock()  # each report tells its progress from a thread of its own

    def say(self, line: str) -> None:
        """A line that stays. Reports that still run show again at their next cell."""
        if not self._quiet:
            self._stay(line, err=False)

    def complain(self, line: str) -> None:
        """A failure, on the stream for those; it is never left out."""
        self._stay(line, err=True)

    def end(self) -> None:
        """Leave the terminal's line empty for what comes next."""
        with self._drawing:
            self._draw("")
            self._shown = False

    def progress(self, name: str, ran: int, cells: int) -> None:
        """So many of a report's cells have run."""
        with self._drawing:
            self._running[name] = min(ran / max(cells, 1), 1)
            parts = (f"{report} {share:4.0%}" for report, share in sorted(self._running.items()) if share < 1)
            self._draw("  ".join([*self._left(), *parts]))

    def count(self, done: int, total: int, more: str) -> None:
        """`done` of `total` reports are; `more` names what is not counted yet ("and the plans")."""
        with self._drawing:
            self._done, self._total, self._more = done, total, more

    def _left(self) -> list[str]:
        if not self._total:
            return []
        counted = f"{self._done} of {self._total} reports{f' {self._more}' if self._more else ''} done"
        share = (self._done + sum(each for each in self._running.values() if each < 1)) / self._total
        if self._more or not _FIRST_GUESS <= share < 1:
            return [f"{counted}:"]
        return [f"{counted}, about {_spoken((self._clock() - self._begun) * (1 / share - 1))} left:"]

    def _stay(self, line: str, err: bool) -> None:
        with self._drawing:
            self._running.clear()
            self._draw("")
            say(line, err=err)

    def _draw(self, text: str) -> None:
        if self._shown:
            width = shutil.get_terminal_size().columns - 1
            # Spaces, not an escape sequence: not every console of Windows knows those.
            say(f"\r{text[:width]:{width}}\r{text[:width]}", err=True, nl=False)


def _spoken(seconds: float) -> str:
    """
    >>> _spoken(0.2), _spoken(44), _spoken(95), _spoken(4000)
    ('1 s', '44 s', '2 min', '67 min')
    """
    return f"{max(round(seconds), 1)} s" if seconds < 90 else f"{round(seconds / 60)} min"


@contextmanager
def bar(quiet: bool = False) -> Iterator[Bar]:
    """The line where somebody looks: on a terminal, and not in a pipeline of a CI."""
    drawn = Bar(sys.stderr.isatty() and not os.environ.get("CI"), quiet)
    try:
        yield drawn
    finally:
        drawn.end()
