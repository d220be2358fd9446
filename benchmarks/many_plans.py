"""Plans of the sample's largest accounts to HTML, against a shell loop of papermill and nbconvert over the same notebook.

The loop is measured for `LOOP` accounts and extrapolated: each of its rounds does the same. Aim: ten times faster.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import kam_analysis as kam
from benchmarks.whole_run import HERE, spent
from kam_analysis.bundled import notebooks_folder

PLANS, LOOP = 50, 2
NAME = "05_account_plan"
BIN = Path(sys.executable).parent


def main(plans: int = PLANS, loop: int = LOOP) -> None:
    ids = list(kam.open_ledger().by_account()["account_id"].head(plans))
    environment = {**os.environ, "PYTHONPATH": str(HERE)}
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)

        def ours() -> None:
            named = ",".join(ids)
            command = [
                sys.executable,
                "-m",
                "kam_analysis",
                "report",
                "--only",
                NAME,
                "--plans",
                named,
                "--out",
                str(out / "o"),
            ]
            subprocess.run(command, check=True, capture_output=True, env=environment)
            assert len(list((out / "o" / "plans").glob("*.html"))) >= len(ids)

        def theirs() -> None:
            for each in ids[:loop]:
                made = str(out / f"{each}.ipynb")
                run = [
                    str(BIN / "papermill"),
                    str(notebooks_folder() / f"{NAME}.ipynb"),
                    made,
                    "-r",
                    "account_id",
                    each,
                ]
                for command in ([*run, "--no-progress-bar"], [str(BIN / "jupyter"), "nbconvert", "--to", "html", made]):
                    subprocess.run(command, check=True, capture_output=True, env=environment)

        for name, side, times in (("kam report", ours, 1.0), ("loop, extrapolated", theirs, plans / loop)):
            clock, computed = time.monotonic(), spent()
            side()
            clock, computed = (time.monotonic() - clock) * times, (spent() - computed) * times
            print(
                f"{len(ids)} plans, {name:<20} {clock:7.0f} s by the clock  {computed:7.0f} s of computing", flush=True
            )


if __name__ == "__main__":
    main()
