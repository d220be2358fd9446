"""Whoever gets which pack is asked of the data once more, within the run's time limit like all else."""

import time
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from in_process_for_tests import reports_here
from notebooks_for_tests import result, text, write

from kam_analysis.batch import runs
from kam_analysis.errors import RunError
from kam_analysis.stopping import limited

PACKS = "finding out who gets which pack"


def test_data_that_does_not_answer_ends_the_run_and_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "mine", "08_own", text("# Do discounts pay?"), result())
    (tmp_path / "out").mkdir()
    asked = []

    def sooner(seconds: float, what: str) -> AbstractContextManager[None]:
        """The run's limit, of which this test does not wait for the end."""
        asked.append((seconds, what))
        return limited(0.2 if what == PACKS else seconds, what)

    monkeypatch.setattr(runs, "limited", sooner)
    monkeypatch.setattr(runs, "packs_of", lambda settings, as_of, results: time.sleep(600))
    with pytest.raises(RunError, match=rf"{PACKS} took longer than 0\.2 s"):
        reports_here(None, tmp_path / "out", check=False, notebooks=tmp_path / "mine", pack="manager", time_limit=300)
    assert (300, PACKS) in asked
    assert not (tmp_path / "out" / "index.html").exists()
