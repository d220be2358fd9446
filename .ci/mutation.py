"""Deliberate faults, one at a time: how many of them do the tests notice?

`python .ci/mutation.py [FAULTS [ROOM ...]]` in a clean checkout, for it changes files where they stand and puts them back. For
each room it draws so many faults (20 by default, always the same ones) of those that cosmic-ray can make, runs the
room's own tests against each, and prints a table; with KAM_WRITE_TABLES set it goes into docs/reliability.md. Faults
that change nothing anybody can see (an operator in a type, an unused default) count as not noticed, so no room reaches
all of them.
"""

import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

from cosmic_ray.work_db import WorkDB, use_db

ROOT = Path(__file__).parents[1]
IDEAS = ("concentration", "segments", "churn", "losses", "recovery", "coverage", "handover")
QUESTIONS = ("concentration", "key_accounts", "churn_impact", "coverage")
_BATCH = [
    "charts",
    "edition",
    "evidence",
    "export",
    "fragments",
    "lock",
    "memory",
    "parameters",
    "publication",
    "publish",
    "scrub",
    "spreadsheet",
]
# Types are written with these operators too, and a fault in a type changes nothing.
_NOT_IN_CODE = ("BitOr", "BitAnd", "BitXor", "RShift", "LShift")
_CONFIG = """
[cosmic-ray]
module-path = {modules}
timeout = 180.0
excluded-modules = []
test-command = "{python} -m pytest -x -q -p no:cacheprovider {tests}"
[cosmic-ray.distributor]
name = "local"
"""


def rooms() -> dict[str, tuple[list[str], str]]:
    """Each room's files and the tests that are about it."""
    found = {f"analysis/{each}": (_files(f"kam_analysis/analysis/{each}"), f"tests/analysis/{each}") for each in IDEAS}
    for each in QUESTIONS:
        files = [name for name in _files(f"kam_analysis/pages/{each}") if not name.endswith("explore.py")]
        found[f"pages/{each}"] = (files, f"tests/pages/test_{each}_cells.py")
    batch = [name for name in _BATCH if (ROOT / f"tests/batch/test_{name}.py").is_file()]
    files = [f"kam_analysis/batch/{name}.py" for name in batch]
    found["batch"] = (files, " ".join(f"tests/batch/test_{name}.py" for name in batch))
    return found


def _files(folder: str) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in sorted((ROOT / folder).glob("*.py")) if path.name != "__init__.py"]


def noticed(room: str, faults: int, folder: Path) -> tuple[int, int, list[str]]:
    """How many of the faults were noticed, how many were made, and those that were not."""
    files, tests = rooms()[room]
    config, session = folder / "config.toml", folder / "session.sqlite"
    config.write_text(_CONFIG.format(modules=files, tests=tests, python=sys.executable), encoding="utf-8")
    _cosmic_ray("init", str(config), str(session))
    with use_db(session, WorkDB.Mode.open) as database:
        every = [item for item in database.work_items if not _in_a_type(item)]
        drawn = random.Random(room).sample(sorted(every, key=_place), min(faults, len(every)))
        database.clear()
        database.add_work_items(drawn)
    _cosmic_ray("exec", str(config), str(session))
    with use_db(session, WorkDB.Mode.open) as database:
        outcomes = {job: result.test_outcome for job, result in database.results}
    missed = [item for item in drawn if str(outcomes.get(item.job_id)) in ("TestOutcome.SURVIVED", "survived")]
    return len(drawn) - len(missed), len(drawn), [_said(item) for item in missed]


def _in_a_type(item: object) -> bool:
    return any(each.operator_name.endswith(_NOT_IN_CODE) for each in item.mutations)  # type: ignore[attr-defined]


def _place(item: object) -> tuple[str, str, int]:
    [each] = item.mutations  # type: ignore[attr-defined]
    return str(each.module_path), each.operator_name, each.occurrence


def _said(item: object) -> str:
    [each] = item.mutations  # type: ignore[attr-defined]
    return f"{each.module_path}:{each.start_pos[0]} {each.operator_name.removeprefix('core/')}"


def _cosmic_ray(*words: str) -> None:
    subprocess.run([sys.executable, "-m", "cosmic_ray.cli", *words], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def main(faults: int = 20, *chosen: str) -> None:
    """Print the table, and below it every fault that nobody noticed."""
    dirty = subprocess.run(["git", "status", "--porcelain", "kam_analysis"], cwd=ROOT, capture_output=True, text=True)
    if dirty.stdout.strip():
        sys.exit("kam_analysis has changes that are not committed: faults would be put into them; commit first")
    rows, missed = [], []
    for room in chosen or rooms():
        with tempfile.TemporaryDirectory() as folder:
            caught, made, here = noticed(room, faults, Path(folder))
        print(f"{room}: {caught} of {made} noticed", *here, sep="\n  ", flush=True)
        rows.append((room, str(made), str(caught), f"{caught / made:.0%}"))
        missed += here
    made = sum(int(row[1]) for row in rows)
    caught = sum(int(row[2]) for row in rows)
    rows.append(("all", str(made), str(caught), f"{caught / made:.0%}"))
    if os.environ.get("KAM_WRITE_TABLES"):
        sys.path.insert(0, str(ROOT / "tests"))
        from generated_for_tests import keep, markdown

        keep("faults", markdown(("room", "faults made", "noticed", "part"), rows))
    print(f"{caught} of {made} faults noticed ({caught / made:.0%})")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]), *sys.argv[2:])
