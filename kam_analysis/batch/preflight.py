"""The data is checked before any notebook starts: errors stop the run, warnings go into the pages."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from kam_analysis.errors import DataError


@dataclass(frozen=True)
class Checked:
    """The data that was checked: as of which day, and its fingerprint as pages tell it. `engine` reads it: "duckdb" for
    files and in this process, else a database's."""

    as_of: str
    fingerprint: str
    engine: str


def check_data(settings: Path, as_of: date | None, say: Callable[[str], object]) -> Checked | None:
    """What was found where all is well.

    Raises `SettingsError` or `DataError` with every problem of the settings and the data.

    Imported here, not above: reading data costs a second of imports, spent while the kernels start.
    """
    import pyarrow

    from kam_analysis.ledger.opening import checked
    from kam_analysis.ledger.settings.settings_file import load_settings

    loaded = load_settings(settings)
    problems, ledger = checked(replace(loaded, as_of=as_of) if as_of else loaded)
    found = Checked(str(ledger.as_of), ledger.fingerprint, loaded.url.engine) if ledger else None
    del ledger
    # Who checks a large company then waits beside the notebooks, which need the memory that Arrow would keep.
    pyarrow.default_memory_pool().release_unused()
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        raise DataError(problems=errors)
    if count := sum(problem.severity == "warning" for problem in problems):
        say(f"data checked: {count} warning{'' if count == 1 else 's'}; kam check lists them")
    return found
