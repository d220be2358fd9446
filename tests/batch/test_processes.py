"""How much memory a report may take: of the machine, of a container, by its processes."""

import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from kam_analysis.batch import processes
from kam_analysis.batch.processes import GB, default_limit, machine_memory, memory_of


@pytest.mark.parametrize(
    ("machine", "workers", "limit"),
    [
        (64, 1, 51.2),
        (64, 4, 12.8),  # its part of four fifths
        (16, 8, 5.0),  # enough for a hundred million rows ...
        (40, 3, 10.7),
        (4, 1, 3.2),  # ... where the machine has it
        (4, 4, 3.2),
    ],
)
def test_a_report_has_its_part_of_the_machine_and_enough(
    machine: int, workers: int, limit: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "machine_memory", lambda: machine * GB)
    assert default_limit(workers) == limit


@pytest.mark.parametrize(
    ("ours", "files", "limit"),
    [
        ("0::/job/step\n", {"job/memory.max": "3000", "job/step/memory.max": "max"}, 3000),  # set above us
        ("0::/job\n", {"memory.max": "2000", "job/memory.max": "5000"}, 2000),
        ("0::/\n", {"memory.max": "4000"}, 4000),  # inside a container that sees no more than itself
        ("0::/elsewhere/of/the/host\n", {"memory.max": "4000"}, 4000),
        ("7:cpu,memory:/docker/x\n3:cpu:/docker/x\n", {"memory/docker/x/memory.limit_in_bytes": "6000"}, 6000),
        ("7:memory:/docker/x\n", {"memory/memory.limit_in_bytes": "6000"}, 6000),
        ("0::/job\n", {"job/memory.max": "max"}, None),
        ("0::/job\n", {"job/memory.max": "99999999999999999"}, None),  # more than the machine has
        ("0::/job\n", {}, None),
        (None, {}, None),  # not on Linux
    ],
)
def test_a_containers_limit_counts(
    ours: str | None, files: dict[str, str], limit: int | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in files.items():
        file = tmp_path / "groups" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text + "\n")
    if ours is not None:
        (tmp_path / "ours").write_text(ours)
    monkeypatch.setattr(processes, "_CGROUPS", tmp_path / "groups")
    monkeypatch.setattr(processes, "_OUR_CGROUPS", tmp_path / "ours")
    assert machine_memory() == (limit or psutil.virtual_memory().total)


@pytest.mark.parametrize(
    ("cores", "quota", "machine", "workers"),
    [
        (8, "max 100000", 64, 8),
        (8, "250000 100000", 64, 2),  # a container's two cores and a half
        (8, "50000 100000", 64, 1),
        (8, None, 8, 3),  # four fifths of 8 GB, 2 for each
        (8, None, 4, 1),
        (8, None, 1, 1),
        (2, None, 64, 2),
    ],
)
def test_as_many_reports_at_a_time_as_cores_and_memory_allow(
    cores: int, quota: str | None, machine: int, workers: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ours").write_text("0::/\n")
    if quota:
        (tmp_path / "cpu.max").write_text(quota)
    monkeypatch.setattr(processes, "_CGROUPS", tmp_path)
    monkeypatch.setattr(processes, "_OUR_CGROUPS", tmp_path / "ours")
    monkeypatch.setattr(processes, "machine_memory", lambda: machine * GB)
    monkeypatch.setattr(processes.os, "sched_getaffinity", lambda pid: set(range(cores)), raising=False)
    monkeypatch.setattr(processes.os, "cpu_count", lambda: cores)
    assert processes.default_workers() == workers


def test_what_processes_hold_is_added_up_and_the_ended_hold_nothing() -> None:
    holding = "import sys\nheld = bytearray(80_000_000)\nprint('ready', flush=True)\nsys.stdin.read()"
    command = [sys.executable, "-c", holding]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        known = [psutil.Process(process.pid)]
        for exactly in (False, True):
            assert 80e6 < memory_of(known, exactly) < 200e6
            assert memory_of([*known, psutil.Process()], exactly) > 80e6 + memory_of([psutil.Process()], exactly) * 0.5
        process.kill()
    assert memory_of(known) == memory_of(known, exactly=True) == 0


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what processes share")
def test_what_a_fork_shares_is_not_held_twice() -> None:
    holding = "import os, sys\nheld = b'x' * 80_000_000\nos.fork()\nprint('ready', flush=True)\nsys.stdin.read()"
    command = [sys.executable, "-c", holding]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        for _ in range(2):
            process.stdout.readline()
        family = [psutil.Process(process.pid), *psutil.Process(process.pid).children()]
        assert memory_of(family) > 160e6
        assert 80e6 < memory_of(family, exactly=True) < 130e6


def test_where_shares_cannot_be_told_the_resident_size_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(process: psutil.Process) -> None:
        raise psutil.AccessDenied

    monkeypatch.setattr(psutil.Process, "memory_full_info", denied)
    assert memory_of([psutil.Process()], exactly=True) > 20e6
