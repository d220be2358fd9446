"""What pages found of the sample lies in one folder for a session of tests, as it does for a run's reports."""

import os
from contextlib import suppress
from pathlib import Path


def take_along(known: str | Path | None, shelf: str | Path | None) -> None:
    """What was found on one shelf lies on the other, too."""
    # What was opened leads to its rows: they come first.
    for each in [*Path(known).glob("*.parquet"), *Path(known).glob("*.pickle")] if known and shelf else ():
        with suppress(OSError):  # it is there, or on another disk
            os.link(each, Path(shelf) / each.name)
