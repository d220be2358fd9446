"""Runs notebooks unattended and publishes their pages."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kam_analysis.batch.runs import RunSummary as RunSummary
    from kam_analysis.batch.runs import run_reports as run_reports


def __getattr__(name: str) -> Any:
    # The worker and the kernel live in this package too and must start without the rest of it.
    if name in ("RunSummary", "run_reports"):
        from kam_analysis.batch import runs

        return getattr(runs, name)
    raise AttributeError(name)
