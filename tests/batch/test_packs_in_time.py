"""Whoever gets which pack is asked of the data once more, within the run's time limit like all else."""

import time
from pathlib import Path

import pytest
from in_process_for_tests import reports_here
from notebooks_for_tests import result, text, write

from kam_analysis.batch import runs
from kam_analysis.errors import RunError


def test_data_that_does_not_answer_ends_the_run_and_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "mine", "08_own", text("# Do discounts pay?"), result())
    (tmp_path / "out").mkdir()
    monkeypatch.setattr(runs, "packs_of", lambda settings, as_of, results: time.sleep(300))
    with pytest.raises(RunError, match=r"finding out who gets which pack took longer than 20 s"):
        reports_here(None, tmp_path / "out", check=False, notebooks=tmp_path / "mine", pack="manager", time_limit=20)
    assert not (tmp_path / "out" / "index.html").exists()
