"""How much memory one report may take, and how much it has taken."""

import contextlib
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import psutil

GB = 1e9
_SHARE = 0.8  # of the machine's memory, for all reports that run at a time
_ENOUGH = 5 * GB  # a hundred million rows take 4: no more workers than memory must not stop those
_CGROUPS = Path("/sys/fs/cgroup")
_OUR_CGROUPS = Path("/proc/self/cgroup")


def default_limit(workers: int) -> float:
    """GB that one of `workers` reports may take: its part of the machine, but 5 GB where the machine has them."""
    ours = machine_memory() * _SHARE
    return round(min(ours, max(ours / workers, _ENOUGH)) / GB, 1)


def machine_memory() -> int:
    """Bytes: what the machine has, or the container's limit where that is lower."""
    return min(psutil.virtual_memory().total, *_cgroup_limits(), sys.maxsize)


def memory_of(processes: Iterable[psutil.Process], exactly: bool = False) -> int:
    """Bytes that these processes hold together.

    What several share counts once for each of them, unless `exactly`, which takes longer to find out.
    """
    held = 0
    for process in processes:
        with contextlib.suppress(psutil.Error):  # it ended meanwhile
            held += _own_part(process) if exactly else process.memory_info().rss
    return held


def _own_part(process: psutil.Process) -> int:
    try:
        found = process.memory_full_info()
    except psutil.AccessDenied:
        return int(process.memory_info().rss)
    return int(getattr(found, "pss", found.uss))  # only Linux can tell each one's part of what is shared


def _cgroup_limits() -> Iterator[int]:
    """Limits of our control groups and of those above them, in either version of Linux's interface."""
    with contextlib.suppress(OSError):
        for line in _OUR_CGROUPS.read_text(encoding="utf-8").splitlines():
            _, kinds, path = line.split(":", 2)
            if kinds and "memory" not in kinds.split(","):
                continue
            base = _CGROUPS / "memory" if kinds else _CGROUPS
            file = "memory.limit_in_bytes" if kinds else "memory.max"
            ours = base / path.strip("/")
            for folder in (ours, *(above for above in ours.parents if above.is_relative_to(base))):
                with contextlib.suppress(OSError, ValueError):  # not there, or "max"
                    yield int((folder / file).read_text(encoding="utf-8"))
