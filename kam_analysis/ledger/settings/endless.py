"""What looks like a file and need not end: a device, a named pipe, a socket."""

import os
from pathlib import Path

ENDLESS = "is a device or a pipe, not a file"


def is_endless(path: Path) -> bool:
    """Whether reading `path` might wait for somebody, or go on for ever."""
    # os.path takes a name that is too long for one that is not there.
    return os.path.exists(path) and not os.path.isfile(path) and not os.path.isdir(path)
