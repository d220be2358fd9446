"""What looks like a file and need not end: a device, a named pipe, a socket."""

from pathlib import Path

ENDLESS = "is a device or a pipe, not a file"


def is_endless(path: Path) -> bool:
    """Whether reading `path` might wait for somebody, or go on for ever."""
    return path.exists() and not path.is_file() and not path.is_dir()
