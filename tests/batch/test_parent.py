"""A process of ours ends with the one that started it."""

import os
import subprocess
import sys

import pytest

FOLLOWS = """
import os, time
from kam_analysis.batch.parent import follow_parent
{before}
follow_parent(gone=lambda: os._exit(7), said=lambda: print("heard", flush=True))
time.sleep(1200)
"""


@pytest.mark.parametrize(
    "before",
    [
        "",
        pytest.param(
            "os.set_blocking(0, False)",  # as a child that runs on Node.js leaves the pipe to all who share it
            marks=pytest.mark.skipif(os.name != "posix", reason="pipes wait otherwise there"),
        ),
    ],
)
def test_it_hears_its_parent_and_ends_when_that_is_gone(before: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", FOLLOWS.format(before=before)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b"go\n")
        process.stdin.flush()
        assert process.stdout.readline() == f"heard{os.linesep}".encode()
        assert process.poll() is None
        said = process.communicate(timeout=600)[1]
    assert process.returncode == 7
    assert said == b""
