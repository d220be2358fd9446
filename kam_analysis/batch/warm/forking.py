"""Forking a process that has no other thread of Python's own, and ending it with the one that it was forked from."""

import ctypes
import os
import signal
import sys
import warnings

COLD = "KAM_COLD"  # set to anything: every process starts by itself, as where nothing can be forked
_PR_SET_PDEATHSIG = 1


def can_fork() -> bool:
    """Whether processes are forked here: on Linux, unless the environment says `KAM_COLD`.

    Elsewhere on POSIX they are not: macOS's own libraries may crash in a fork.
    """
    return sys.platform == "linux" and not os.environ.get(COLD)


def forked() -> int:
    """As `os.fork`. Raises `OSError` where the system refuses."""
    with warnings.catch_warnings():
        # Python 3.12 warns of any thread; those that wait in NumPy's BLAS are made anew after a fork.
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()  # noqa: TID251 - called where `can_fork` says so


def end_with(parent: int) -> None:
    """The system kills this process, just forked by `parent`, as soon as that is gone, however it ended."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # gone before we could ask
        os._exit(1)
