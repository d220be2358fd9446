"""Keeps the figures of a run, so that a later one can tell what changed; see `pages/history.py`."""

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from kam_analysis.batch.jobs import Outcome
from kam_analysis.batch.publish import publish
from kam_analysis.bundled import sample_settings
from kam_analysis.errors import KamError, unwritten
from kam_analysis.pages.history import REPORTS, document_of

_NAME = "history"


def history_folder(settings: Path | None, beside: Path) -> Path:
    """Where this run's figures are kept: where the settings say, else in `beside`, where the output folder lies."""
    from kam_analysis.ledger.settings.settings_file import load_settings

    with suppress(KamError):  # the check before the run tells what is wrong with them
        named = load_settings(settings or sample_settings()).history_dir
        if named is not None:
            return named
    return beside / _NAME


def keep_figures(folder: Path, outcomes: Mapping[str, Outcome]) -> str:
    """Keep what was done, each report in a file of its own, whole or not at all; why it could not be, or nothing.

    Two runs at once never meet in a file unless they say the same.
    """
    try:
        for name in REPORTS:
            outcome = outcomes.get(name)
            if outcome is None or not outcome.done or not outcome.has_result:
                continue
            if not {"figures", "provenance"} <= outcome.result.keys() or not outcome.result["provenance"].get("as_of"):
                continue
            file, content = document_of(name, outcome.result)
            publish(folder, file, (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode())
    except OSError as error:
        why, remedy = unwritten(error, "name another folder in the settings: [history] folder")
        return f"folder {folder.name}: this run's figures cannot be kept ({why}); {remedy}"
    return ""
