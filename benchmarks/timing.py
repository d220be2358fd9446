"""Alternating runs: what slows the machine down slows both sides."""

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from types import ModuleType
from typing import Any


def alternate(sides: Mapping[str, Callable[[], object]], runs: int = 5, warm_up: int = 1) -> dict[str, list[float]]:
    """Seconds of each side, run by run, in turn; the first `warm_up` rounds are not counted."""
    seconds: dict[str, list[float]] = {name: [] for name in sides}
    for round_ in range(warm_up + runs):
        for name, run in sides.items():
            began = time.perf_counter()
            run()
            if round_ >= warm_up:
                seconds[name].append(time.perf_counter() - began)
    return seconds


def inside(module: ModuleType, solvers: Sequence[str], run: Callable[[], object]) -> tuple[float, float]:
    """Seconds of one run's own work, and those of them inside `solvers`, functions that it finds in `module`."""
    own, spent = {name: getattr(module, name) for name in solvers}, [0.0]

    def timed(solver: Callable[..., Any]) -> Callable[..., Any]:
        def of(*given: Any, **more: Any) -> Any:
            began = time.process_time()
            try:
                return solver(*given, **more)
            finally:
                spent[0] += time.process_time() - began

        return of

    try:
        for name, solver in own.items():
            setattr(module, name, timed(solver))
        began = time.process_time()
        run()
        return time.process_time() - began, spent[0]
    finally:
        for name, solver in own.items():
            setattr(module, name, solver)


def show(seconds: Mapping[str, list[float]]) -> None:
    """A line per side: median and spread in seconds, and the first side's ratio to it, pair by pair."""
    ours = next(iter(seconds.values()))
    for name, each in seconds.items():
        ratios = sorted(a / b for a, b in zip(ours, each, strict=True))
        ratio = f"first/this {statistics.median(ratios):5.2f} ({ratios[0]:.2f}-{ratios[-1]:.2f})"
        print(f"{name:<42} {statistics.median(each):7.2f} s  ({min(each):.2f}-{max(each):.2f})  {ratio}", flush=True)
