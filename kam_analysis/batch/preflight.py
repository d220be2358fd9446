"""The data is checked before any notebook starts: errors stop the run, warnings go into the pages."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from kam_analysis.errors import DataError

# A database that others write to has more rows a few minutes later, but not more than this part of them.
_MAY_GROW = 0.01


@dataclass(frozen=True)
class Checked:
    """The data that was checked: as of which day, its fingerprint as pages tell it, and how many `rows`. `engine` reads it:
    "duckdb" for files and in this process, else a database's."""

    as_of: str
    fingerprint: str
    engine: str
    rows: int

    def is_other(self, told: Mapping[str, Any]) -> bool:
        """Whether a page whose provenance says what is `told` was made of other data.

        Files must be the same to the last sum. A server's rows may have become a few more meanwhile; fewer, many more,
        or as many with other sums are another server's, or are being loaded anew.
        """
        rows, of_this_day = told.get("rows"), told.get("as_of") == self.as_of
        if told.get("data_fingerprint") in (None, self.fingerprint):
            return False
        if self.engine == "duckdb" or not isinstance(rows, int):
            return of_this_day and self.engine == "duckdb"
        if rows == self.rows:
            return of_this_day  # of another day than the run's, sums differ
        return not self.rows < rows <= self.rows * (1 + _MAY_GROW)


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
    found = Checked(str(ledger.as_of), ledger.fingerprint, loaded.url.engine, ledger.overview.rows) if ledger else None
    del ledger
    # Who checks a large company then waits beside the notebooks, which need the memory that Arrow would keep.
    pyarrow.default_memory_pool().release_unused()
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        raise DataError(problems=errors)
    if count := sum(problem.severity == "warning" for problem in problems):
        say(f"data checked: {count} warning{'' if count == 1 else 's'}; kam check lists them")
    return found
