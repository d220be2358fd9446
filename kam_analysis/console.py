"""Lines for people. What cannot be shown is shown otherwise or not at all; it never ends a command."""

import contextlib
import io
import os
import sys
from typing import Any

import click


def show_everything() -> None:
    """Let a console or a log that knows few signs (cp1252, ASCII) get the others as escapes, such as \\u0141."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def say(text: Any = "", err: bool = False, nl: bool = True, fg: str | None = None) -> None:
    """Print a line. Where nobody reads any more (`kam check | head -1`), or a log's disk is full, nothing happens."""
    try:
        click.secho(text, err=err, nl=nl, fg=fg)
    except OSError:
        _discard(sys.stderr if err else sys.stdout)


def _discard(stream: Any) -> None:
    """From now on the stream leads nowhere: what it still holds would fail again when Python ends."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
