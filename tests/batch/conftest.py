"""Fixtures of the batch tests: runs whose data needs no check, and a browser where there is one."""

from collections.abc import Callable
from pathlib import Path

import pytest

from kam_analysis.batch import runs
from kam_analysis.batch.runs import RunSummary, run_reports

Run = Callable[..., RunSummary]


CHECK = runs.check_data


@pytest.fixture(scope="session")
def run() -> Run:
    """`run_reports` on notebooks that open no ledger: the data's check has tests of its own."""

    def quiet(out: Path, notebooks: Path, settings: Path | None = None, **more: object) -> RunSummary:
        more.setdefault("say", lambda line: None)
        # For this call only: other tests of the session need the check.
        with pytest.MonkeyPatch.context() as patch:
            if runs.check_data is CHECK:
                patch.setattr(runs, "check_data", lambda settings, as_of, say: None)
            return run_reports(settings, out, notebooks=notebooks, **more)  # type: ignore[arg-type]

    return quiet
