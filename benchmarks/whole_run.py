"""All reports of the sample: as they are run by default, with one worker, and with nothing forked or read once.

`KAM_BEFORE` may name the folder of an older checkout, which is then run beside them, in turn. Aim: a third of its seconds.
Seconds of computing stand beside those of the clock: on a machine that does other things they say more.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parents[1]
RUNS = 3


def run(package: Path, out: Path, *options: str, cold: bool = False) -> tuple[float, float]:
    """Seconds of the clock and of computing that `kam report` of the checkout `package` takes."""
    environment = {name: value for name, value in os.environ.items() if name != "KAM_COLD"}
    environment |= {"PYTHONPATH": str(package)} | ({"KAM_COLD": "1"} if cold else {})
    clock, computed = time.monotonic(), spent()
    command = [sys.executable, "-m", "kam_analysis", "report", "--plans", "0", "--out", str(out), *options]
    subprocess.run(command, check=True, capture_output=True, env=environment, cwd=out.parent)
    return time.monotonic() - clock, spent() - computed


def spent() -> float:
    times = os.times()
    return times.children_user + times.children_system


def main(runs: int = RUNS) -> None:
    before = os.environ.get("KAM_BEFORE")
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        sides = {
            "default": lambda: run(HERE, out),
            "1 worker": lambda: run(HERE, out, "--workers", "1"),
            "1 worker, KAM_COLD": lambda: run(HERE, out, "--workers", "1", cold=True),
        }
        if before:
            sides["before, 1 worker"] = lambda: run(Path(before), out, "--workers", "1")
            sides["before, 2 workers"] = lambda: run(Path(before), out, "--workers", "2")
        for number in range(runs):
            for name, side in sides.items():
                clock, computed = side()
                print(
                    f"{number + 1}  {name:<20} {clock:7.1f} s by the clock  {computed:7.1f} s of computing", flush=True
                )


if __name__ == "__main__":
    main()
