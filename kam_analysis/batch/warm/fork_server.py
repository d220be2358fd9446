"""The process that a run's reports are forked from. It has imported what they import, and never opened data.

Started as `python -m kam_analysis.batch.warm.fork_server`; its standard input is a socket to the run. Each message asks
for one report's process, and brings that one's standard streams; each answer says that one was started, or how one ended.
When the run is gone, so is this process, with all that it forked. A report's process forks its kernel at once, while it
has no thread: the kernel is its child, as where both are started by themselves.
"""

import array
import gc
import json
import os
import select
import signal
import socket
import sys
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from kam_analysis.batch.kernels import RUN, end_strays, end_tree
from kam_analysis.batch.warm.forking import end_with, forked

LONGEST = 1 << 16  # bytes of one message
_STREAMS = 3
Work = Callable[[], object]


def main() -> None:
    """Warm up, then fork what is asked for. In a forked process this returns when its work is done."""
    channel = socket.socket(fileno=os.dup(0))
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.close(nothing)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    from kam_analysis.batch.warm.warming import warm_up

    warm_up()
    gc.collect()
    gc.freeze()  # what is shared now is not written to by a collection in each fork
    work = _Server(channel).serve()
    if work:
        work()


class _Server:
    """Forks on demand, and tells how each of its processes ended."""

    def __init__(self, channel: socket.socket) -> None:
        self._channel = channel
        self._alive: set[int] = set()
        self._woken, self._wake = socket.socketpair()
        for end in (self._woken, self._wake):
            end.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)
        signal.set_wakeup_fd(self._wake.fileno(), warn_on_full_buffer=False)

    def serve(self) -> Work | None:
        """Until the run is gone; in a forked process, what that has to do."""
        while True:
            ready, _, _ = select.select([self._channel, self._woken], [], [])
            if self._woken in ready:
                self._woken.recv(LONGEST)
                self._tell_ended()
            if self._channel in ready:
                asked, streams = _received(self._channel)
                if not asked:
                    break
                work = self._fork(json.loads(asked), streams)
                if work:
                    return work
        for pid in self._alive:
            end_tree(pid)
        end_strays(os.environ.get(RUN, ""))
        return None

    def _fork(self, asked: dict[str, Any], streams: Sequence[int]) -> Work | None:
        ours = os.getpid()
        try:
            pid = forked()
        except OSError:
            self._say(asked=asked["number"], pid=0)
            pid = -1
        if pid == 0:
            end_with(ours)
            self._leave()
            return _prepared(asked, streams)
        for each in streams:
            os.close(each)
        if pid > 0:
            self._alive.add(pid)
            self._say(asked=asked["number"], pid=pid)
        return None

    def _tell_ended(self) -> None:
        for pid in tuple(self._alive):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                self._alive.remove(pid)
                self._say(ended=pid, code=os.waitstatus_to_exitcode(status))

    def _say(self, **said: int) -> None:
        try:
            self._channel.send(json.dumps(said).encode())
        except OSError:  # the run is gone; the next look at the channel says so
            return

    def _leave(self) -> None:
        """In a forked process: nothing of the server's own."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        for end in (self._channel, self._woken, self._wake):
            end.close()


def _received(channel: socket.socket) -> tuple[bytes, list[int]]:
    """One message and the streams that came with it; an empty one where the run is gone."""
    room = socket.CMSG_SPACE(_STREAMS * array.array("i").itemsize)
    try:
        message, extra, _, _ = channel.recvmsg(LONGEST, room)
    except ConnectionError:
        return b"", []
    streams = array.array("i")
    for _, _, content in extra:
        streams.frombytes(content[: len(content) - len(content) % streams.itemsize])
    return message, list(streams)


def _prepared(asked: dict[str, Any], streams: Sequence[int]) -> Work:
    """This process as if it had been started for its report alone; and its work."""
    os.setsid()
    for ours, theirs in enumerate(streams):
        os.dup2(theirs, ours)
        os.close(theirs)
    os.chdir(asked["cwd"])
    os.environ.update(asked["environment"])
    tempfile.tempdir = None  # known from the environment of before
    return partial(_work, asked["job"])


def _work(job: str) -> None:
    from kam_analysis.batch import worker
    from kam_analysis.batch.warm.forked_kernel import WaitingKernel, be_kernel

    told, tell = os.pipe()
    ours = os.getpid()
    kernel = forked()
    if kernel == 0:
        end_with(ours)
        os.close(tell)
        be_kernel(told)
        return
    os.close(told)
    worker.main(job, WaitingKernel(kernel, tell))


if __name__ == "__main__":
    main()
    sys.exit()
