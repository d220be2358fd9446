"""Deliberate faults, one at a time: how many of them do the tests notice?

`python .ci/mutation.py [--draw N] [FAULTS [ROOM ...]]`. For each room it draws so many faults (20 by default) of those that
cosmic-ray can make and that somebody could see (`faults.py`), shows each to the room's tests (`shown_faults.py`), and prints
a table; with KAM_WRITE_TABLES set it goes into docs/reliability.md. The same draw gives the same faults, as long as the room
stays what it is: tests written for one draw are measured by another. KAM_SAY=1 says which test noticed each.
"""

import argparse
import os
import random
import re
import sys
from fnmatch import fnmatch
from pathlib import Path

from faults import Fault, faults, made
from shown_faults import shown

ROOT = Path(__file__).parents[1]
IDEAS = ("concentration", "segments", "churn", "losses", "recovery", "coverage", "handover", "plans")
QUESTIONS = ("concentration", "key_accounts", "churn_impact", "coverage", "account_plan", "leadership_brief")
# A plan needs three other pages and a brief eight: only tests on pages made by hand are quick enough to be asked.
_BY_HAND = ("account_plan", "leadership_brief")
# These tests collect pages several times over, of the sample or of each other, or open a browser: minutes for each fault.
_MINUTES = (
    *("*/test_one_departure.py", "*/test_who_is_key.py", "*/test_bare_*.py", "*/test_story_*.py"),
    *("*/test_pages_agree.py", "*/test_leadership_brief.py", "*/test_account_plan.py", "*/test_contingency_plan.py"),
    *("*/test_plan_changes.py", "*/test_rated_per_team.py", "*/test_recovery_on_sample.py"),
    *("*_in_browser.py", "*_in_lab.py", "*_on_paper.py", "*/test_lab.py", "*/test_real_reports.py"),
    *("*/test_departure_not_announced.py", "*/test_reports_on_yearly_totals.py", "*/test_runs.py"),
    *("*/test_cluster.py", "*/test_kernels.py", "*/test_warm.py"),
)

# What these do, they do in processes of their own or in a browser, where no fault reaches them.
_ELSEWHERE = ("lab", "lab_process", "kernels", "kernel_process", "kernel_shown", "parent", "chromium", "papers", "runs",
              "execute", "executor", "worker")  # fmt: skip
# What all of a floor keeps.
_ALL = ("tests/analysis/test_frozen.py", "tests/analysis/test_frames.py", "tests/analysis/test_rules_by_default.py")


def rooms() -> dict[str, tuple[list[str], list[str]]]:
    """Each room's files and the files of tests that are about it."""
    found = {}
    for each in IDEAS:
        found[f"analysis/{each}"] = (
            _files(f"kam_analysis/analysis/{each}/*.py"),
            [*_files(f"tests/analysis/{each}/test_*.py"), *_ALL],
        )
    for each in QUESTIONS:
        # What a widget does when somebody moves it is seen by tests of the explorers, which take minutes.
        files = [
            name
            for name in _files(f"kam_analysis/pages/{each}/*.py")
            if not name.endswith(("explore.py", "weights.py"))
        ]
        found[f"pages/{each}"] = files, [*_about(each), *_ALL[:1]]
    shared = _files("kam_analysis/pages/*.py")
    about_none = [name for name in _taking("pages", shared) if not any(each in name for each in QUESTIONS)]
    found["pages"] = shared, [*about_none, *_ALL[:1]]
    batch = [name for name in _files("kam_analysis/batch/*.py") if Path(name).stem not in _ELSEWHERE]
    found["batch"] = batch, _taking("batch", batch)
    return found


def _about(question: str) -> list[str]:
    """The files of tests that are named after a question or take something of its page."""
    taken = re.compile(rf"\bpages\.{question}\b|\bpages import .*\b{question}\b|\bkam\.{question}\(")
    if question in _BY_HAND:
        return _files(f"tests/pages/test_{question}_*.py")
    return [
        name
        for name in _files("tests/pages/test_*.py")
        if question in name or taken.search((ROOT / name).read_text(encoding="utf-8"))
    ]


def _taking(floor: str, files: list[str]) -> list[str]:
    """The floor's files of tests that are named after one of these files, or take something of it."""
    some = "|".join(Path(name).stem for name in files)
    named, taken = re.compile(rf"test_({some})"), re.compile(rf"\b{floor}\.({some})\b|\b{floor} import .*\b({some})\b")
    return [
        name
        for name in _files(f"tests/{floor}/test_*.py")
        if named.match(Path(name).name) or taken.search((ROOT / name).read_text(encoding="utf-8"))
    ]


def _files(pattern: str) -> list[str]:
    names = sorted(str(path.relative_to(ROOT)) for path in ROOT.glob(pattern) if path.name != "__init__.py")
    return [name for name in names if not any(fnmatch(name, each) for each in _MINUTES)]


def drawn(room: str, many: int, draw: int = 0) -> list[Fault]:
    """The same faults each time, as long as the room stays what it is; others in each draw."""
    every = [(path, *each) for path in rooms()[room][0] for each in faults(path)]
    random.Random(f"{room} {draw}" if draw else room).shuffle(every)
    found: list[Fault] = []
    while every and len(found) < many:
        fault = made(*every.pop())
        found += [fault] if fault else []
    return found


def likely(caught: int, faulty: int) -> str:
    """Between which parts of all faults the tests notice lies, with 95 %: Wilson's interval of so small a sample."""
    z2, part = 1.96**2, caught / faulty
    middle, half = part + z2 / 2 / faulty, (z2 * (part * (1 - part) + z2 / 4 / faulty) / faulty) ** 0.5
    low, high = ((middle + side * half) / (1 + z2 / faulty) for side in (-1, 1))
    return f"{low:.0%} to {high:.0%}"


def main(many: int, chosen: list[str], draw: int) -> None:
    """Print each room's row, and before it every fault that nobody noticed; the table is kept after each room."""
    os.chdir(ROOT)
    # Tests that hold a file would write it anew, and a fault into it, in place of failing.
    written = os.environ.pop("KAM_WRITE_TABLES", "")
    found: dict[str, tuple[int, int]] = {}
    for room in chosen or rooms():
        here, missed = drawn(room, many, draw), 0
        for fault, taken in shown(here, rooms()[room][1], int(os.environ.get("KAM_WORKERS", os.cpu_count() or 1))):
            seen = f"\n{taken.failed or 'stopped'}" if os.environ.get("KAM_SAY") or taken.stopped else "."
            print(seen if taken.noticed else f"\n   {fault.said()}\n", end="", flush=True)
            missed += not taken.noticed
        found[room] = len(here), len(here) - missed
        print("\n" + " ".join(_row(room, *found[room])), flush=True)
        if written:
            _keep(found)


def _row(room: str, faulty: int, caught: int) -> tuple[str, ...]:
    return room, str(faulty), str(caught), f"{caught / faulty:.0%}", likely(caught, faulty)


def _keep(found: dict[str, tuple[int, int]]) -> None:
    """The table of these rooms, after those of each floor its sum."""
    sys.path.insert(0, str(ROOT / "tests"))
    from generated_for_tests import keep, markdown

    os.environ["KAM_WRITE_TABLES"] = "1"
    rows = []
    for floor in dict.fromkeys(room.split("/")[0] for room in found):
        of = {room: each for room, each in found.items() if room.split("/")[0] == floor}
        rows += [_row(room, *each) for room, each in of.items()]
        if len(of) > 1:
            faulty, caught = (sum(each[at] for each in of.values()) for at in (0, 1))
            rows.append(_row(f"all of {floor}", faulty, caught))
    keep("faults", markdown(("room", "faults made", "noticed", "part", "95% range"), rows))
    del os.environ["KAM_WRITE_TABLES"]


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("faults", nargs="?", type=int, default=20, help="how many in each room")
    asked.add_argument("rooms", nargs="*", metavar="room")
    asked.add_argument("--draw", type=int, default=0, help="which draw (0: the one of make test-slow)")
    given = asked.parse_args()
    main(given.faults, given.rooms, given.draw)
