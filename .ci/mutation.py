"""Deliberate faults, one at a time: how many of them do the tests notice?

`python .ci/mutation.py [FAULTS [ROOM ...]]`. For each room it draws so many faults (20 by default, always the same ones)
of those that cosmic-ray can make and that somebody could see (`faults.py`), shows each to the tests of the room that run
its line, the quickest first, and prints a table; with KAM_WRITE_TABLES set it goes into docs/reliability.md.
"""

import ast
import hashlib
import json
import multiprocessing
import os
import random
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from fnmatch import fnmatch
from pathlib import Path

from faults import Fault, faults, made
from faulty_copy import FaultyCopy

ROOT = Path(__file__).parents[1]
IDEAS = ("concentration", "segments", "churn", "losses", "recovery", "coverage", "handover")
QUESTIONS = ("concentration", "key_accounts", "churn_impact", "coverage")
# These tests collect a page from the sample several times over: minutes for each fault.
_MINUTES = (
    "*/test_one_departure.py",
    "*/test_who_is_key.py",
    "*/test_who_may_go.py",
    "*_in_browser.py",
    "*/test_lab.py",
)
_LINES_RUN = Path(tempfile.gettempdir()) / "kam-lines-run.json"
_copy: FaultyCopy


def rooms() -> dict[str, tuple[list[str], list[str]]]:
    """Each room's files and the files of tests that are about it."""
    found = {}
    for each in IDEAS:
        found[f"analysis/{each}"] = (
            _files(f"kam_analysis/analysis/{each}/*.py"),
            _files(f"tests/analysis/{each}/test_*.py"),
        )
    for each in QUESTIONS:
        # What a widget does when somebody moves it is seen by tests in a browser.
        files = [name for name in _files(f"kam_analysis/pages/{each}/*.py") if not name.endswith("explore.py")]
        found[f"pages/{each}"] = files, _files(f"tests/pages/test_*{each}*.py")
    tested = {Path(name).stem.removeprefix("test_") for name in _files("tests/batch/test_*.py")}
    files = [
        name for name in _files("kam_analysis/batch/*.py") if Path(name).stem in tested - {"lab", "kernels", "runs"}
    ]
    found["batch"] = files, _files("tests/batch/test_*.py")
    return found


def _files(pattern: str) -> list[str]:
    names = sorted(str(path.relative_to(ROOT)) for path in ROOT.glob(pattern) if path.name != "__init__.py")
    return [name for name in names if not any(fnmatch(name, each) for each in _MINUTES)]


def drawn(room: str, many: int) -> list[Fault]:
    """The same faults each time, as long as the room stays what it is."""
    every = [(path, *each) for path in rooms()[room][0] for each in faults(path)]
    random.Random(room).shuffle(every)
    found: list[Fault] = []
    while every and len(found) < many:
        fault = made(*every.pop())
        found += [fault] if fault else []
    return found


def asked(fault: Fault, lines: dict[str, dict[str, list[int]]]) -> list[str]:
    """The files of tests that run the faulty lines, the quickest first; for what runs at import, the whole file's."""
    wanted = _lines_of(fault)
    running = [name for name, run in lines.items() if wanted & set(run.get(fault.path, ()))]
    return sorted(running, key=lambda name: lines[name][""])


def _lines_of(fault: Fault) -> set[int]:
    """The lines of the statement with the fault, or of all functions where it stands outside them."""
    tree = ast.parse((ROOT / fault.path).read_text(encoding="utf-8"))
    bodies = [each for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) for each in node.body]
    inside = [each for each in bodies if each.lineno <= fault.line <= (each.end_lineno or 0)]
    within = [node for top in inside for node in ast.walk(top) if isinstance(node, ast.stmt)]
    holding = [each for each in within if each.lineno <= fault.line <= (each.end_lineno or 0)]
    chosen = [min(holding, key=lambda each: (each.end_lineno or 0) - each.lineno)] if holding else bodies or tree.body
    return {line for each in chosen for line in range(each.lineno, (each.end_lineno or 0) + 1)}


def _start() -> None:
    global _copy
    _copy = FaultyCopy()


def _lines_run(tests: str) -> dict[str, list[int]]:
    return _copy.lines_run(tests)


def _noticed(fault: Fault, tests: list[str]) -> bool:
    return _copy.notices(fault.path, fault.text, tests)


def measured(workers: ProcessPoolExecutor, tests: list[str]) -> dict[str, dict[str, list[int]]]:
    """The lines that each file of tests runs; kept until it or the package changes."""
    package = hashlib.sha256(
        b"".join((ROOT / name).read_bytes() for name in _files("kam_analysis/**/*.py"))
    ).hexdigest()
    keys = {each: f"{each} {hashlib.sha256((ROOT / each).read_bytes()).hexdigest()} {package}" for each in tests}
    kept = json.loads(_LINES_RUN.read_text(encoding="utf-8")) if _LINES_RUN.exists() else {}
    anew = [each for each in tests if keys[each] not in kept]
    kept |= zip(map(keys.get, anew), workers.map(_lines_run, anew), strict=True)
    _LINES_RUN.write_text(json.dumps(kept), encoding="utf-8")
    return {each: kept[keys[each]] for each in tests}


def main(many: int = 20, *chosen: str) -> None:
    """Print the table, and below each room every fault that nobody noticed."""
    os.chdir(ROOT)
    rows, spawn = [], multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(int(os.environ.get("KAM_WORKERS", os.cpu_count() or 1)), spawn, _start) as workers:
        for room in chosen or rooms():
            lines, here = measured(workers, rooms()[room][1]), drawn(room, many)
            noticed = workers.map(_noticed, here, [asked(each, lines) for each in here])
            missed = []
            for fault, caught in zip(here, noticed, strict=True):
                if not caught:
                    missed.append(fault)
                    print("  ", fault.said(), flush=True)
            print(f"{room}: {len(here) - len(missed)} of {len(here)} noticed", flush=True)
            rows.append((room, len(here), len(here) - len(missed)))
    rows.append(("all", sum(row[1] for row in rows), sum(row[2] for row in rows)))
    table = [(room, str(faulty), str(caught), f"{caught / faulty:.0%}") for room, faulty, caught in rows]
    if os.environ.get("KAM_WRITE_TABLES"):
        sys.path.insert(0, str(ROOT / "tests"))
        from generated_for_tests import keep, markdown

        keep("faults", markdown(("room", "faults made", "noticed", "part"), table))
    print(*(" ".join(row) for row in table), sep="\n")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]), *sys.argv[2:])
