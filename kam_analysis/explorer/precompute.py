"""Work that the next moves may ask for, done while the kernel is idle: whoever looks at a chart leaves it time.

All of it happens on the kernel's own event loop and in small steps, so that a move waits for one of them at most.
Where there is no such loop, as in a script, nothing is done ahead.
"""

import time
from asyncio import AbstractEventLoop, TimerHandle
from asyncio import get_running_loop as running_loop
from collections import deque
from collections.abc import Iterator

# After the last move: what a hand that goes on comes to next; then, once it rests, all else.
SOON_SECONDS, IDLE_SECONDS = 0.3, 1.5
# As long at a time, and as long in between for messages to come in.
AT_A_TIME_SECONDS, BETWEEN_SECONDS = 0.01, 0.02
# Where steps take longer, as in very large companies or on a busy machine, a move would wait too long for one: after
# a few of them within this time nothing more is done unasked until it is over.
LONG_SECONDS, MOST_LONG, WITHIN_SECONDS = 1.0, 3, 60


class Ahead:
    """Does the steps of one piece of work after another; a new piece takes the place of what is left of the last."""

    def __init__(self) -> None:
        self._next: TimerHandle | None = None
        self._long: deque[float] = deque(maxlen=MOST_LONG)  # when the last long steps ended

    def begin(self, soon: Iterator[None], later: Iterator[None]) -> None:
        """Do these from now on: `soon` after a moment without a move, `later` after a while."""
        self.end()
        try:
            loop = running_loop()
        except RuntimeError:
            return
        if not self._tired():
            self._wait(loop, [(loop.time() + SOON_SECONDS, soon), (loop.time() + IDLE_SECONDS, later)])

    def end(self) -> None:
        """What is left is not done."""
        if self._next is not None:
            self._next.cancel()
            self._next = None

    def _tired(self) -> bool:
        return len(self._long) == MOST_LONG and time.perf_counter() - self._long[0] < WITHIN_SECONDS

    def _wait(self, loop: AbstractEventLoop, work: list[tuple[float, Iterator[None]]]) -> None:
        """For the time of the first piece of work, or for nothing where none is left."""
        self._next = loop.call_at(work[0][0], self._some, loop, work) if work else None

    def _some(self, loop: AbstractEventLoop, work: list[tuple[float, Iterator[None]]]) -> None:
        step = began = time.perf_counter()
        _, steps = work[0]
        while step - began < AT_A_TIME_SECONDS:
            try:
                next(steps)
            except StopIteration:
                return self._wait(loop, work[1:])
            step, before = time.perf_counter(), step
            if step - before > LONG_SECONDS:
                self._long.append(step)
                if self._tired():
                    return self._wait(loop, [])
        return self._wait(loop, [(loop.time() + BETWEEN_SECONDS, steps), *work[1:]])
