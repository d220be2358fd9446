"""What the engine has answered is not asked again: the same frame, the caller's own, and only while it is small."""

import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import ibis
import pandas as pd
import pytest

from kam_analysis.ledger import Ledger, open_ledger
from kam_analysis.ledger.engine import answers as answers_module
from kam_analysis.ledger.engine.answers import Answers
from kam_analysis.ledger.engine.opened_once import kept_in
from kam_analysis.ledger.engine.sources import Connection


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A word for each question that reaches an engine."""
    found, fetch = [], Connection.fetch

    def counted(self: Connection, expression: object, where: str) -> object:
        found.append(where)
        return fetch(self, expression, where)

    monkeypatch.setattr(Connection, "fetch", counted)
    return found


def every_kind(ledger: Ledger) -> dict[str, pd.DataFrame]:
    year = ledger.period_of("last_12_months")
    return {
        "lines": ledger.by_account_line(year, measure="margin"),
        "habits": ledger.habits(year),
        "months": ledger.month_statistics(),
        "controls": pd.DataFrame([vars(each) for each in ledger.controls()]),
    }


def test_the_same_question_reaches_the_engine_once_also_from_another_look_at_the_same_data(asked: list[str]) -> None:
    ledger = open_ledger()
    first = every_kind(ledger)
    before = len(asked)
    again = every_kind(ledger.at(ledger.as_of))
    assert len(asked) == before
    alone = every_kind(open_ledger())
    assert len(asked) > before
    for kind, frame in first.items():
        pd.testing.assert_frame_equal(again[kind], frame, check_exact=True, obj=kind)
        pd.testing.assert_frame_equal(alone[kind], frame, check_exact=True, obj=kind)


def test_another_day_or_line_is_another_question(asked: list[str]) -> None:
    ledger = open_ledger()
    year = ledger.period_of("last_12_months")
    ours = ledger.by_account_line(year)
    before = len(asked)
    earlier = ledger.at(date(ledger.as_of.year - 1, 6, 30))
    theirs = earlier.by_account_line(earlier.period_of("last_12_months"))
    assert len(asked) == before + 1
    assert not theirs.equals(ours)
    line = ours["product_line"].iloc[0]
    only = ledger.asked(line=line).by_account_line(year)
    pd.testing.assert_frame_equal(
        only.reset_index(drop=True), ours[ours["product_line"] == line].reset_index(drop=True), atol=1e-9
    )


def test_in_a_run_the_next_report_takes_sums_over_and_asks_only_what_is_new(tmp_path: Path, asked: list[str]) -> None:
    def sums(ledger: Ledger) -> list[pd.DataFrame]:
        year = ledger.period_of("last_12_months")
        controls = pd.DataFrame([vars(each) for each in ledger.controls()])
        return [ledger.by_account(year, measures=["margin"]), ledger.by_account_line(year), controls]

    alone = sums(open_ledger())
    with kept_in(tmp_path):
        sums(open_ledger())
        ledger = open_ledger()
        before = len(asked)
        again = sums(ledger)
        assert len(asked) == before
        for one, other in zip(again, alone, strict=True):
            pd.testing.assert_frame_equal(one, other, check_exact=True)
        line = str(again[1]["product_line"].iloc[0])
        part = ledger.asked(line=line)
        only = part.by_account_line(part.period_of("last_12_months"))
        assert set(only["product_line"]) == {line}
        assert len(asked) > before


def test_what_a_caller_writes_is_not_in_the_next_answer() -> None:
    question = ibis.memtable({"account_id": ["a"], "revenue": [1.0]})
    answers, given = Answers(), pd.DataFrame({"account_id": ["a"], "revenue": [1.0]})
    first = answers.of(question, lambda: given)
    first["revenue"] = 2.0
    first.loc[0, "account_id"] = "b"
    first["more"] = 1
    assert answers.of(question, pytest.fail).to_dict("records") == [{"account_id": "a", "revenue": 1.0}]


def test_only_the_latest_small_frames_are_kept() -> None:
    frame = pd.DataFrame({"x": [1.0] * 1000})
    size = int(frame.memory_usage().sum())
    answers, calls = Answers(most_bytes=2 * size), list[int]()

    def question(n: int) -> Callable[[], pd.DataFrame]:
        return lambda: calls.append(n) or (frame if n else pd.concat([frame] * 3))  # type: ignore[func-returns-value]

    tables = [ibis.memtable({"x": [n]}) for n in range(4)]
    for n in (1, 2, 3, 3, 2, 1, 0, 0):
        answers.of(tables[n], question(n))
    assert calls == [1, 2, 3, 1, 0, 0]


def test_after_a_large_frame_unused_memory_goes_back_and_after_small_ones_nothing_is_done(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    back = list[int]()
    monkeypatch.setattr(answers_module, "give_back", lambda: back.append(1))
    frame = pd.DataFrame({"revenue": [1.0] * 100})
    size = int(frame.memory_usage().sum())
    for most, times in ((size, 0), (size - 1, 1)):
        Answers(most_bytes=most).of(ibis.memtable({"x": [1]}), lambda: frame)
        assert len(back) == times


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the resident size is read from /proc")
def test_memory_of_many_small_things_goes_back() -> None:
    """In a process of its own: what was freed before would blur it. Of 200 MB of texts at least half is seen to go."""
    code = """
from kam_analysis.ledger.engine.given_back import give_back
def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096
def texts():
    return [bytes(700) for _ in range(300_000)]
kept = texts()
last = kept[::100]  # some all over the heap: without help it shrinks from its end alone
del kept
before = resident()
give_back()
print(before - resident())
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(done.stdout) > 100_000_000
