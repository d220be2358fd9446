"""How much memory one report may take, and how much it has taken."""

import contextlib
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import psutil

GB = 1e9
_SHARE = 0.8  # of the machine's memory, for all reports that run at a time
_ENOUGH = 5 * GB  # a hundred million rows take 4: no more workers than memory must not stop those
_PER_WORKER = 2 * GB  # a report's engine takes 1.6 before it uses the disk, and its frames and its kernel the rest
_CGROUPS = Path("/sys/fs/cgroup")
_OUR_CGROUPS = Path("/proc/self/cgroup")


def default_workers() -> int:
    """Reports at a time where nobody says how many: as many as cores and memory allow, at least one.

    Cores are those that this process may use, or a container's part of them; memory counts four fifths of what
    `machine_memory` says, 2 GB a report.
    """
    cores = os.cpu_count() or 1
    if hasattr(os, "sched_getaffinity"):  # not everywhere
        cores = len(os.sched_getaffinity(0))
    return max(1, min(int(min((cores, *_cgroup_cores()))), int(machine_memory() * _SHARE / _PER_WORKER)))


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
    """Bytes: limits of our control groups and of those above them, in either version of Linux's interface."""
    for text in _cgroup_texts("memory", {"": "memory.max", "memory": "memory.limit_in_bytes"}):
        with contextlib.suppress(ValueError):  # "max"
            yield int(text)


def _cgroup_cores() -> Iterator[float]:
    """The same of computing: a container with 150 of every 100 milliseconds has one core and a half."""
    for text in _cgroup_texts("cpu", {"": "cpu.max"}):
        with contextlib.suppress(ValueError):
            allowed, period = map(int, text.split())
            yield allowed / period


def _cgroup_texts(kind: str, files: Mapping[str, str]) -> Iterator[str]:
    """What stands in our control groups' files, and in those above them; `files` by the folder of their version."""
    with contextlib.suppress(OSError):
        for line in _OUR_CGROUPS.read_text(encoding="utf-8").splitlines():
            _, kinds, path = line.split(":", 2)
            folder = kind if kinds else ""
            if (kinds and kind not in kinds.split(",")) or folder not in files:
                continue
            base = _CGROUPS / folder
            ours = base / path.strip("/")
            for each in (ours, *(above for above in ours.parents if above.is_relative_to(base))):
                with contextlib.suppress(OSError):  # not there
                    yield (each / files[folder]).read_text(encoding="utf-8")
