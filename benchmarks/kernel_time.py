"""What an explorer's moves take in the kernel, and how much of that in the analysis and the ledger."""

import json
import time
from collections.abc import Callable
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Any

from kam_analysis.analysis import public
from kam_analysis.explorer.explorer import Explorer
from kam_analysis.ledger import Ledger

PACKAGES = ("concentration", "segments", "churn", "losses", "coverage", "recovery", "handover")


class _Clock:
    """Seconds inside any of several functions; one that is called by another counts once."""

    def __init__(self) -> None:
        self.seconds, self._inside = 0.0, False

    def around(self, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def timed(*given: Any, **more: Any) -> Any:
            if self._inside:
                return function(*given, **more)
            self._inside, began = True, time.perf_counter()
            try:
                return function(*given, **more)
            finally:
                self._inside = False
                self.seconds += time.perf_counter() - began

        return timed


def watched(explorer: Explorer, kept: str) -> None:
    """Write seconds of the latest move, all of it and the analysis alone, into the file `kept`, as JSON."""
    clock, follow = _Clock(), explorer.follow
    for name in PACKAGES:
        package = import_module(f"kam_analysis.analysis.{name}")
        for each in public(package):
            made = getattr(package, each)
            if callable(made) and not isinstance(made, type):
                setattr(package, each, clock.around(made))
    for name, made in vars(Ledger).items():
        if callable(made) and not name.startswith("_"):
            setattr(Ledger, name, clock.around(made))

    def timed() -> None:
        began, before = time.perf_counter(), clock.seconds
        follow()
        found = (time.perf_counter() - began, clock.seconds - before)
        Path(kept).write_text(json.dumps(found), encoding="utf-8")

    explorer.follow = timed  # type: ignore[method-assign]
