"""A process of ours ends when the one that started it is gone, however that ended and on every system.

It is started with a pipe as its standard input, which nobody else holds: the pipe ends with the parent.
"""

import os
import select
import threading
from collections.abc import Callable

import psutil

from kam_analysis.batch.kernels import RUN, end_strays, end_tree


def follow_parent(gone: Callable[[], object], said: Callable[[], object] = lambda: None) -> None:
    """Call `said`, in a thread, for what the parent writes, and `gone` once when it is no more."""

    def follow() -> None:
        while _read():
            said()
        gone()

    threading.Thread(target=follow, daemon=True).start()


def _read() -> bytes:
    """What the parent writes next; nothing once it is gone."""
    while True:
        try:
            # Not through sys.stdin: Python cannot close a reader that another thread is waiting on.
            return os.read(0, 64)
        except BlockingIOError:
            # A child that shares this pipe has made it one that does not wait (Node.js does so to its standard input).
            select.select([0], [], [])


def end_at_once() -> None:
    """End this process and whatever it started."""
    for child in psutil.Process().children():
        end_tree(child.pid)
    end_strays(os.environ.get(RUN, ""))
    os._exit(1)
