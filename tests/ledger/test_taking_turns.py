"""Two who need the same thing at the same moment: it is made once, unless who makes it dies or cannot keep it."""

import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from kam_analysis.ledger.engine import taking_turns
from kam_analysis.ledger.engine.taking_turns import made_once
from kam_analysis.own_folder import myself


class Question:
    """Something that takes until `go_on`, and counts how often it was worked out."""

    def __init__(self, folder: Path, keeps: bool = True) -> None:
        self.path, self._keeps = folder / "answer", keeps
        self.times, self.begun, self.go_on = 0, threading.Event(), threading.Event()

    def ask(self) -> str:
        return made_once(self.path, lambda: self.path.read_text() if self.path.exists() else None, self._make)

    def _make(self) -> str:
        self.times += 1
        self.begun.set()
        assert self.go_on.wait(60)
        if self._keeps:
            self.path.write_text("42")
        return "42"


def asked_by(question: Question, others: int, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a first one and, while that is at it, others get."""
    waiting, found = threading.Semaphore(0), list[str]()
    sleep = taking_turns.time.sleep

    def counted(seconds: float) -> None:
        waiting.release()
        sleep(seconds)

    monkeypatch.setattr(taking_turns.time, "sleep", counted)
    threads = [threading.Thread(target=lambda: found.append(question.ask())) for _ in range(1 + others)]
    threads[0].start()
    assert question.begun.wait(60)
    for each in threads[1:]:
        each.start()
        assert waiting.acquire(timeout=60)
    question.go_on.set()
    for each in threads:
        each.join(60)
    return found


def test_the_second_waits_and_takes_what_the_first_has_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    question = Question(tmp_path)
    assert asked_by(question, 2, monkeypatch) == ["42"] * 3
    assert question.times == 1
    assert [each.name for each in tmp_path.iterdir()] == ["answer"]


def test_what_could_not_be_kept_is_made_by_each_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    question = Question(tmp_path, keeps=False)
    assert asked_by(question, 2, monkeypatch) == ["42"] * 3
    assert question.times == 3
    assert list(tmp_path.iterdir()) == []


def test_nobody_waits_for_the_dead(tmp_path: Path) -> None:
    """Killed while at it, in a process of its own."""
    question = Question(tmp_path)
    question.go_on.set()
    dies = (
        "import os, pathlib, sys\nfrom kam_analysis.ledger.engine.taking_turns import made_once\n"
        "made_once(pathlib.Path(sys.argv[1]), lambda: None, lambda: os._exit(9))"
    )
    assert subprocess.run([sys.executable, "-c", dies, str(question.path)], check=False).returncode == 9
    assert [each.name for each in tmp_path.iterdir()] == ["answer.making"]
    assert (question.ask(), question.times) == ("42", 1)


def test_a_mark_of_a_live_process_counts_and_one_that_says_nothing_only_while_it_is_young(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark = tmp_path / "answer.making"
    mark.write_text(json.dumps(myself()))
    taking_turns._clear_if_dead(mark)
    assert mark.exists()
    mark.write_text("")
    taking_turns._clear_if_dead(mark)
    assert mark.exists()
    monkeypatch.setattr(taking_turns, "_WRITING_SECONDS", -1)
    taking_turns._clear_if_dead(mark)
    assert not mark.exists()


def test_what_fails_leaves_no_mark(tmp_path: Path) -> None:
    def fail() -> str:
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011
        made_once(tmp_path / "answer", lambda: None, fail)
    assert list(tmp_path.iterdir()) == []
