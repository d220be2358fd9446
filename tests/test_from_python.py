"""docs/from_python.md: its examples run, and its index is what the docstrings say."""

import importlib
import inspect
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from generated_for_tests import keep, markdown

import kam_analysis
from kam_analysis.analysis import public
from kam_analysis.ledger import Ledger

PAGE = Path(__file__).parents[1] / "docs" / "from_python.md"
IDEAS = ("concentration", "segments", "churn", "losses", "recovery", "coverage", "handover")


def test_the_ten_examples_run_one_after_the_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    examples = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(examples) == 10
    known: dict[str, Any] = {}
    for example in examples:
        exec(compile(example, PAGE.name, "exec"), known)
    assert (tmp_path / "pareto.html").stat().st_size > 1_000


def test_docs_list_every_public_name_with_its_question() -> None:
    keep("names", index(), PAGE)


def index() -> str:
    """A table for each place, a row for each public name: the first line of its docstring."""
    door = [(name, getattr(kam_analysis, name)) for name in kam_analysis.__all__]
    frames = [(name, each) for name, each in vars(Ledger).items() if not name.startswith("_") and _is_asked(each)]
    parts = [_table("kam_analysis", door), _table("A ledger", frames)]
    parts += [_of(importlib.import_module(f"kam_analysis.analysis.{idea}")) for idea in IDEAS]
    return "\n\n".join(parts)


def _of(module: ModuleType) -> str:
    names = [(name, getattr(module, name)) for name in public(module)]
    return _table(module.__name__, [each for each in names if callable(each[1])])


def _is_asked(each: object) -> bool:
    return inspect.isfunction(each) or isinstance(each, property)


def _table(title: str, names: list[tuple[str, Any]]) -> str:
    rows = [(name, _first_line(each)) for name, each in names]
    return f"### {title}\n\n{markdown(('name', 'what it answers'), rows)}"


def _first_line(each: Any) -> str:
    said = inspect.getdoc(each) or ""
    assert said, each
    return said.split("\n\n")[0]
