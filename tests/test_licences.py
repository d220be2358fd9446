"""Whose software this stands on, under which licences: read from what is installed, for everything that is locked."""

import re
from collections import defaultdict
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest
from generated_for_tests import keep, markdown

ROOT = Path(__file__).parents[1]
ALLOWED = frozenset(
    (
        "MIT",
        "MIT-0",
        "BSD",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "0BSD",
        "Apache-2.0",
        "ISC",
        "PSF-2.0",
        "Zlib",
        "CC0-1.0",
        "MIT-CMU",
    )
)
# Whoever changes files of these gives the changed files away under the same licence; using them asks for nothing.
NAMED = {
    "MPL-2.0": {"axe-core", "certifi", "fqdn", "hypothesis", "pathspec", "tqdm"},
    "LGPL-3.0-only": {"psycopg", "psycopg-binary"},
}
# In the words of classifiers and of authors who wrote no identifier.
SPELLED = {
    "apache": "Apache-2.0", "bsd": "BSD", "isc": "ISC", "mit": "MIT", "mozilla public license 2.0": "MPL-2.0", "mpl-2.0": "MPL-2.0",
    "psf": "PSF-2.0", "python software foundation": "PSF-2.0", "http://www.apache.org/licenses/license-2.0": "Apache-2.0",
}  # fmt: skip
# Locked for other systems or versions of Python, or silent about their licence: looked up in the projects themselves.
LOOKED_UP = {
    "aiohappyeyeballs": "PSF-2.0", "aiohttp": "Apache-2.0 AND MIT", "aiosignal": "Apache-2.0", "appnope": "BSD-2-Clause",
    "axe-playwright-python": "MIT", "colorama": "BSD-3-Clause", "frozenlist": "Apache-2.0", "multidict": "Apache-2.0",
    "propcache": "Apache-2.0", "pywinpty": "MIT", "quickjs": "MIT", "resvg-py": "MIT", "yarl": "Apache-2.0",
}  # fmt: skip
INSIDE = {"axe-core": "MPL-2.0"}  # comes within axe-playwright-python


def locked(name: str) -> list[str]:
    """The distributions of a lock."""
    text = (ROOT / name).read_text(encoding="utf-8")
    return sorted(set(re.findall(r"^([a-z0-9][a-z0-9.-]*)(?:\[[^\]]*\])?==", text, re.MULTILINE)))


def licence(name: str) -> str:
    """As the installed distribution says, in SPDX's identifiers; "" where it says nothing."""
    try:
        said = distribution(name).metadata
    except PackageNotFoundError:
        return LOOKED_UP.get(name, "")
    # By get: where another package has brought its own reader of metadata, what is not there raises.
    if expression := said.get("License-Expression"):
        return str(expression)
    short = str(said.get("License") or "").strip()
    words = [each.split(" :: ")[-1] for each in said.get_all("Classifier") or [] if each.startswith("License ::")]
    for text in (short if "\n" not in short else "", *words, short.splitlines()[0] if short else ""):
        if text in ALLOWED or text in NAMED or " AND " in text:
            return text
        for start, identifier in SPELLED.items():
            if text.lower().startswith(start):
                return identifier
    return LOOKED_UP.get(name, "")


def parts(expression: str) -> set[str]:
    """The licences that an expression asks to be kept: of a choice, those that may be chosen here."""
    kept: set[str] = set()
    for part in re.split(r"\s+AND\s+", expression.replace("(", "").replace(")", "")):
        choice = set(re.split(r"\s+OR\s+", part))
        kept |= choice & ALLOWED or choice
    return kept


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_everything_locked_has_a_licence_that_is_allowed_or_named(name: str) -> None:
    found = {each: licence(each) for each in locked(name)}
    refused = {
        each: said or "says nothing"
        for each, said in found.items()
        if not said or not all(part in ALLOWED or each in NAMED.get(part, ()) for part in parts(said))
    }
    assert refused == {}


def test_nothing_is_named_that_is_not_there() -> None:
    there = {**{each: licence(each) for each in locked("requirements-dev.lock")}, **INSIDE}
    for identifier, names in NAMED.items():
        assert {each for each, said in there.items() if identifier in parts(said)} == names
    assert set(LOOKED_UP) <= set(there)


@pytest.mark.parametrize(
    ("expression", "kept"),
    [("MIT", {"MIT"}), ("Apache-2.0 OR GPL-3.0", {"Apache-2.0"}), ("MPL-2.0 AND MIT", {"MPL-2.0", "MIT"}), ("AGPL-3.0", {"AGPL-3.0"})],
)  # fmt: skip
def test_a_choice_is_ours_and_a_sum_is_kept_whole(expression: str, kept: set[str]) -> None:
    assert parts(expression) == kept


def test_docs_list_the_licences() -> None:
    runs, everything = locked("requirements.lock"), locked("requirements-dev.lock")
    by_licence: dict[str, list[list[str]]] = defaultdict(lambda: [[], []])
    for each, said in {**{each: licence(each) for each in everything}, **INSIDE}.items():
        by_licence[said][0 if each in runs else 1].append(each)
    rows = [(said, told(said, mine), told(said, theirs)) for said, (mine, theirs) in sorted(by_licence.items())]
    head = ("licence", "what the workbook runs on", "only with an extra or for development")
    keep("licences", markdown(head, rows))


def told(said: str, names: list[str]) -> str:
    """The names where the licence asks for something, else how many there are."""
    if not names or parts(said) <= ALLOWED:
        return str(len(names)) if names else ""
    return ", ".join(sorted(names))
