"""The process of JupyterLab, which ends with its kernels when `kam lab` is gone.

Started as `python -m kam_analysis.batch.lab_process OPTION...`, with a pipe as its standard input.
"""

import os
import signal
import sys
import time

from kam_analysis.batch.kernel_process import SLOW_AND_UNUSED
from kam_analysis.batch.parent import end_at_once, follow_parent

PATIENCE_SECONDS = 10  # JupyterLab ends its kernels in two or three; interrupted at its very start it can hang


def main() -> None:
    """JupyterLab with the options given, until it is ended or its parent is gone."""
    follow_parent(gone=_end)
    sys.modules.setdefault(SLOW_AND_UNUSED, None)  # type: ignore[arg-type]
    from jupyterlab.labapp import main as jupyterlab

    sys.exit(jupyterlab())


def _end() -> None:
    """In order where it can be asked to: killed, it would take along the browser that it may have opened."""
    if os.name == "posix":
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(PATIENCE_SECONDS)
    end_at_once()


if __name__ == "__main__":
    main()
