"""The data is checked before any notebook starts: errors stop the run, warnings go into the pages."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

from kam_analysis.errors import DataError


def check_data(settings: Path, as_of: date | None, say: Callable[[str], object]) -> None:
    """Raise `SettingsError` or `DataError` with every problem of the settings and the data.

    Imported here, not above: reading data costs a second of imports, spent while the kernels start.
    """
    from kam_analysis.ledger.opening import check
    from kam_analysis.ledger.settings.settings_file import load_settings

    loaded = load_settings(settings)
    problems = check(replace(loaded, as_of=as_of) if as_of else loaded)
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        raise DataError(problems=errors)
    if count := sum(problem.severity == "warning" for problem in problems):
        say(f"data checked: {count} warning{'' if count == 1 else 's'}; kam check lists them")
