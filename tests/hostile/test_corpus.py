"""Hostile inputs, each ending in the right total or in a sentence: nothing else written, nothing said that is secret."""

import gc
import hashlib
import math
import os
import re
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import psutil
import pytest
from click.testing import CliRunner, Result
from corpus import CASES, KINDS
from generated_for_tests import keep, markdown
from hostile_case import SECRET, Case, Refused, Right

from kam_analysis.cli import main
from kam_analysis.ledger import Ledger, opening
from kam_analysis.pages.concentration.found import collect

SECONDS = 10
GIGABYTE = 2**30
# Control signs would reach the terminal: colours, titles, the bell.
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
# How files are read is no user's business.
OURS = re.compile(r"auto_detect|strict_mode|null_padding|VARCHAR'|kam_transactions|maximum recursion")


def marked(case: Case) -> object:
    marks = [pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX")] if case.posix else []
    return pytest.param(case, id=case.name, marks=marks)


@pytest.fixture(scope="module", autouse=True)
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where temporary files go: nothing may be left in it."""
    folder = tmp_path_factory.mktemp("scratch")
    before, tempfile.tempdir = tempfile.tempdir, str(folder)
    yield folder
    tempfile.tempdir = before


@pytest.mark.parametrize("case", [marked(case) for case in CASES])
def test_it_is_right_or_says_why_not(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "case"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name, value in case.environ.items():
        monkeypatch.delenv(name, raising=False) if value is None else monkeypatch.setenv(name, value)
    case.build(folder)
    before = seen(tmp_path)
    with bounded(), case.around(folder) if case.around else nullcontext():
        said, code, ledger = run(case, recorded(monkeypatch))
    if ledger and case.all_frames:
        for frame in ("month_statistics", "rolling", "habits", "by_month"):
            getattr(ledger, frame)()
    if ledger and case.shown:
        harmless(ledger)
    problems = [wrong(outcome, said, code, ledger) for outcome in case.outcomes]
    assert not all(problems), problems
    plain(said, folder)
    allowed = {"check": set(), "init": {"case/kam.toml"}, "report": {"case/reports"}}[case.command]
    assert {name for name, _ in before ^ seen(tmp_path)} <= allowed


def recorded(monkeypatch: pytest.MonkeyPatch) -> list[Ledger]:
    """The ledgers that a command opens, as it opens them: opening each a second time would take as long again."""
    found: list[Ledger] = []
    make = opening.ledger_of

    def ledger_of(*given: object, **more: object) -> Ledger:
        found.append(make(*given, **more))
        return found[-1]

    monkeypatch.setattr(opening, "ledger_of", ledger_of)
    return found


def run(case: Case, opened: list[Ledger]) -> tuple[str, int, Ledger | None]:
    """What the command says, its exit code, and the ledger that it opened; after `init` the one that its file opens."""
    result: Result = CliRunner().invoke(main, [case.command, case.argument, "--time-limit", str(case.time_limit)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    figures = any(isinstance(outcome, Right) for outcome in case.outcomes)
    if case.command == "init" and not result.exit_code and figures:
        opening.open_ledger("kam.toml")
    return result.output, result.exit_code, opened[-1] if opened and not result.exit_code else None


def wrong(outcome: Right | Refused, said: str, code: int, ledger: Ledger | None) -> str:
    """What keeps this outcome from being the one; empty where it is."""
    if isinstance(outcome, Refused):
        missing = [word for word in outcome.words if word not in " ".join(said.split())]
        return "" if code == outcome.code and not missing else f"exit {code}, without {missing}: {said[:600]}"
    if ledger is None:
        return f"exit {code}: {said[:600]}"
    missing = [word for word in outcome.warned if word not in said]
    everything = ledger.period_of("all")
    parts = ledger.reconciliation(everything, "legal_entity")
    amounts = ledger.by_account(everything, "legal_entity")
    told = dict(zip(amounts["account_id"], amounts["revenue"], strict=True))
    right = (
        same(parts.total, outcome.total)
        and all(same(told.get(name, 0), amount) for name, amount in outcome.accounts.items())
        and not (outcome.accounts and set(told) - set(outcome.accounts))
    )
    return "" if right and not missing else f"total {parts.total}, accounts {told}, without {missing}: {said[:600]}"


def same(amount: float, wanted: float) -> bool:
    """Equal to the cent, as far as a float tells cents apart."""
    return math.isclose(amount, wanted, rel_tol=1e-12, abs_tol=0.004)


def plain(said: str, folder: Path) -> None:
    """Sentences, and not a secret, a path, a traceback, a control sign or a book in them."""
    for leak in (SECRET, "reporter", "127.0.0.1", str(folder), folder.as_posix(), "Traceback"):
        assert leak not in said
    assert not re.search(r"\b[A-Z]\w*(Error|Exception)\b", said), said
    assert not OURS.search(said), said
    assert not re.search(r"\b0 rows\b", said), said  # what concerns nothing is not said
    assert not CONTROLS.search(said), ascii(said)[:600]
    assert len(said) < 10_000


def harmless(ledger: Ledger) -> None:
    """What a page shows of the customers: names stay text in the table, in the chart and in its data."""
    found = collect(ledger)
    shown = [found.accounts_table(), found.activities_table(), found.suggested_table(), found.groups_table()]
    html = "".join(each._repr_html_() for each in shown) + found.actions().html
    assert not re.search(r"<(script|img|a )", html)
    figure = found.pareto()
    figure.layout.meta = None  # what the table below the chart is made of, as text
    drawn = str(figure.to_plotly_json())
    assert not re.search(r"<(script|img|a )", drawn)


def seen(folder: Path) -> set[tuple[str, str]]:
    """Every file below a folder with what it holds."""
    found = set()
    for path in folder.rglob("*"):
        kind = "folder" if path.is_dir() else "other"
        if path.is_file() and not path.is_symlink():
            kind = hashlib.blake2b(path.read_bytes()).hexdigest() if os.access(path, os.R_OK) else "closed"
        found.add((path.relative_to(folder).as_posix(), kind))
    return found


@contextmanager
def bounded() -> Iterator[None]:
    """Neither a hang nor a gigabyte: work of all threads is counted, for a busy machine is slow."""
    process, peak, done = psutil.Process(), [0], threading.Event()

    def watch() -> None:
        while not done.wait(0.05):
            peak[0] = max(peak[0], process.memory_info().rss)

    before, worked, began = process.memory_info().rss, time.process_time(), time.monotonic()
    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()
    assert max(peak[0], process.memory_info().rss) - before < GIGABYTE
    assert time.process_time() - worked < SECONDS
    assert time.monotonic() - began < 60 * SECONDS


def test_nothing_is_left_among_the_temporary_files(scratch: Path) -> None:
    gc.collect()
    assert list(scratch.iterdir()) == []


def test_each_case_has_a_name_of_its_own() -> None:
    names = [case.name for case in CASES]
    assert len(set(names)) == len(names) >= 120


def test_docs_list_every_case() -> None:
    tables = []
    for kind, cases in KINDS.items():
        lines = [(case.name, f"kam {case.command}", " or ".join(map(str, case.outcomes))) for case in cases]
        tables.append(f"### {kind}\n\n{markdown(('case', 'command', 'what comes of it'), lines)}")
    keep("corpus", "\n\n".join(tables))
