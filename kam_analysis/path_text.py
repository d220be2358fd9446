"""Paths as text for those who take nothing but UTF-8: DuckDB, and our own processes."""

import os
import sys
from pathlib import Path

from kam_analysis.errors import DataError


def path_text(path: Path) -> str:
    """`path` as its bytes read in UTF-8, whatever this process's locale makes of them (ü is two signs in LC_ALL=C).

    Raises `DataError` where they are no UTF-8.
    """
    if sys.platform == "win32":
        return str(path)
    try:
        return os.fsencode(path).decode()
    except UnicodeDecodeError:
        rule = f"expected a path in UTF-8, got {os.fsencode(path).decode(errors='backslashreplace')}"
        raise DataError.of("", rule, "rename what has a \\x in it") from None
