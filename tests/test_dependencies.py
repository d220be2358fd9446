"""What is imported is declared: nothing is there only because another package happens to ask for it."""

import ast
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
DEPENDENCIES = PROJECT["project"]["dependencies"]
EXTRAS = PROJECT["project"]["optional-dependencies"]
DEVELOPMENT = [each for group in PROJECT["dependency-groups"].values() for each in group if isinstance(each, str)]


def distribution(requirement: str) -> str:
    """The distribution that a requirement asks for, as package indexes write it."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=!~; ]", requirement)[0]).lower()


def imported(source: str) -> Iterator[str]:
    """The modules on top of all that is imported, also inside functions."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            yield node.module.split(".")[0]


def sources(folder: str) -> Iterator[tuple[str, str]]:
    """Each module's and each notebook's name and Python."""
    for path in sorted((ROOT / folder).rglob("*.py")):
        yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
    for path in sorted((ROOT / folder).rglob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        code = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
        yield path.relative_to(ROOT).as_posix(), code


def undeclared(folders: list[str], declared: list[str]) -> list[str]:
    """Which third parties' modules are imported in these folders, and by which declared distribution are they brought?"""
    known, brought = set(map(distribution, declared)), packages_distributions()
    ours = {
        "kam_analysis",
        "tests",
        "benchmarks",
        *(path.stem for folder in ("tests", ".ci") for path in (ROOT / folder).rglob("*.py")),
    }
    found: dict[str, str] = {}
    for where, source in (pair for folder in folders for pair in sources(folder)):
        for module in set(imported(source)) - set(sys.stdlib_module_names) - ours:
            if not known & set(map(distribution, brought.get(module, [module]))):
                found.setdefault(module, where)
    return [f"{module} ({where})" for module, where in sorted(found.items())]


def test_what_the_package_and_the_notebooks_import_is_declared() -> None:
    extras = [each for group in EXTRAS.values() for each in group]
    assert undeclared(["kam_analysis", "notebooks"], DEPENDENCIES + extras) == []


def test_what_belongs_to_an_extra_is_imported_where_the_extra_is_needed_and_nowhere_else() -> None:
    """Whoever installs no extra has only the dependencies."""
    assert [each.split(" ")[0] for each in undeclared(["kam_analysis", "notebooks"], DEPENDENCIES)] == [
        "distributed",
        "fsspec",
        "plotly_print",
        "psycopg",
        "pyspark",
    ]
    at_the_top = ast.parse((ROOT / "kam_analysis/ledger/engine/databases.py").read_text(encoding="utf-8")).body
    lazy = ("pyspark", "psycopg", "kam_analysis.ledger.engine.postgres")
    assert not [node for node in at_the_top if isinstance(node, ast.ImportFrom) and str(node.module).startswith(lazy)]


def test_what_tests_and_benchmarks_import_is_declared() -> None:
    extras = [each for group in EXTRAS.values() for each in group]
    # make test-slow installs it for itself: fourteen packages that no other command needs.
    slow = ["cosmic-ray"]
    assert undeclared(["tests", "benchmarks", ".ci"], DEPENDENCIES + extras + DEVELOPMENT + slow) == []


@pytest.mark.parametrize("line", ["import os, psutil as p", "def f():\n    from psutil import Process", "try:\n    import psutil.tests\nexcept ImportError: ..."])  # fmt: skip
def test_an_import_is_seen_wherever_it_stands(line: str) -> None:
    assert "psutil" in set(imported(line))


def test_imports_within_the_package_are_not_dependencies() -> None:
    assert set(imported("from . import a\nfrom .b import c\n")) == set()
