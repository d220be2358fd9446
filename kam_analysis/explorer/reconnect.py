"""A second attempt where a busy browser gave the charts up.

anywidget lets a widget two seconds to start in the browser. While all cells of a notebook run, charts of the page
can keep a slow machine's browser busy for longer; the widget is then dead, and a new one has to take its place.
"""

from collections.abc import Callable
from threading import Timer

PATIENCE_SECONDS = (4.0, 6.0, 10.0, 20.0, 40.0)


class Attempts:
    """Asks, some seconds after each attempt, whether the browser was `heard`, and if not begins `again`."""

    def __init__(self, heard: Callable[[], bool], again: Callable[[], None]) -> None:
        self._heard, self._again = heard, again
        self._left: list[float] = []

    def begin(self) -> None:
        """The first attempt is made now."""
        waiting = bool(self._left)
        self._left = list(PATIENCE_SECONDS)
        if not waiting:
            self._wait()

    def _wait(self) -> None:
        timer = Timer(self._left.pop(0), self._look)
        timer.daemon = True  # a kernel that ends waits for nobody
        timer.start()

    def _look(self) -> None:
        if self._heard():
            self._left = []
            return
        if self._left:
            self._again()
            self._wait()
