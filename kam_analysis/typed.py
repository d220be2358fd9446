"""A command as it is typed at a prompt."""

import os
import shlex
import subprocess
from collections.abc import Sequence


def typed(words: Sequence[str], windows: bool = os.name == "nt") -> str:
    """The words in the quotes that this system's prompt needs.

    >>> typed(["kam", "report", "my data/kam.toml"], windows=False), typed(["my data"], windows=True)
    ("kam report 'my data/kam.toml'", '"my data"')
    """
    return subprocess.list2cmdline(words) if windows else shlex.join(words)
