"""Exports of strangers, of systems and languages not seen before: read right, or asked about, never a wrong first sentence.

The files of the folder `strangers` were made by hand, each with what its owner knows to be sold (`right.toml`).
"""

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kam_analysis.exports import Guess, inspect_export
from kam_analysis.exports.toml_file import settings_text
from kam_analysis.ledger import open_ledger

FOLDER = Path(__file__).parent / "strangers"
RIGHT: dict[str, dict[str, Any]] = tomllib.loads((FOLDER / "right.toml").read_text(encoding="utf-8"))


def export(name: str) -> Path:
    [path] = FOLDER.glob(f"{name}.*")
    return path


def answered(guess: Guess, answers: list[int]) -> Guess:
    pairs = zip(guess.questions, answers, strict=True)
    return replace(guess, questions=tuple(replace(each, chosen=each.alternatives[at - 1]) for each, at in pairs))


def sold(folder: Path, guess: Guess) -> dict[str, float]:
    """Revenue by customer over all data, largest first, and what every open question says is answered."""
    (folder / "kam.toml").write_text(settings_text(guess, FOLDER.as_posix()), encoding="utf-8")
    frame = open_ledger(folder / "kam.toml", period="all").by_account()
    return {
        name: round(amount, 2) for name, amount in zip(frame["account_name"], frame["revenue"], strict=True) if amount
    }


@pytest.mark.parametrize("name", [name for name, known in RIGHT.items() if "asked" not in known])
def test_read_right_at_once(tmp_path: Path, name: str) -> None:
    guess = inspect_export(export(name))
    assert not guess.questions, [str(question) for question in guess.questions]
    assert sold(tmp_path, guess) == RIGHT[name]["right"]


@pytest.mark.parametrize("name", [name for name, known in RIGHT.items() if "asked" in known])
def test_asked_about_and_one_of_the_answers_is_right(tmp_path: Path, name: str) -> None:
    guess = inspect_export(export(name))
    assert guess.questions, "read at once, which nobody can know to be right"
    if "answers" in RIGHT[name]:
        assert sold(tmp_path, answered(guess, RIGHT[name]["answers"])) == RIGHT[name]["right"]


def test_every_file_has_its_right_value() -> None:
    assert {path.stem for path in FOLDER.iterdir()} - {"right"} == set(RIGHT)
    assert len(RIGHT) >= 80
