"""What README and docs say is true of the code: examples run, tables agree, links and options exist."""

import ast
import doctest
import importlib
import re
import struct
from pathlib import Path

import pytest
from click.testing import CliRunner

from kam_analysis.cli import main
from kam_analysis.ledger.settings import settings, settings_file
from kam_analysis.pages.words import number_word

ROOT = Path(__file__).parents[1]
README, METHOD = ROOT / "README.md", ROOT / "docs" / "method.md"
PAGES = [README, ROOT / "SECURITY.md", *sorted((ROOT / "docs").glob("*.md"))]
LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)")


def text(path):
    return path.read_text(encoding="utf-8")


def section(path, heading):
    """What stands under one heading of the second level."""
    return re.split(r"^## ", text(path).split(f"\n## {heading}\n")[1], maxsplit=1, flags=re.MULTILINE)[0]


def rows(table):
    """The cells of a table's rows below its head."""
    lines = [line for line in table.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def anchors(path):
    """The headings of a page as GitHub names them in links."""
    found = re.findall(r"^#+ (.+)$", text(path), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in found}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_example_gives_what_it_says(page):
    found = doctest.testfile(str(page), module_relative=False, encoding="utf-8")
    assert found.failed == 0
    assert found.attempted > (100 if page == METHOD else -1)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_link_leads_somewhere(page):
    for _, _, target in LINK.findall(text(page)):
        if re.match(r"https?:", target):
            continue
        name, _, anchor = target.partition("#")
        there = (page.parent / name).resolve() if name else page
        assert there.exists(), target
        assert not anchor or anchor in anchors(there), target


def test_every_notebook_has_its_picture_and_its_question_in_the_readme():
    pictures = {Path(target).stem: words for sign, words, target in LINK.findall(text(README)) if sign}
    notebooks = sorted(each.stem for each in (ROOT / "notebooks").glob("*.ipynb"))
    assert sorted(pictures) == [*notebooks, "explorer", "index"]
    assert sorted(pictures) == sorted(each.stem for each in (ROOT / "docs" / "pictures").iterdir())
    for name, words in pictures.items():
        assert words.endswith("."), f"{name}: its text is the answer, a sentence"
    for name in notebooks:
        assert re.search(rf"^### {name}: .+\?$", text(README), re.MULTILINE)


@pytest.mark.parametrize("path", sorted((ROOT / "docs" / "pictures").iterdir()), ids=lambda path: path.stem)
def test_pictures_are_small(path):
    data = path.read_bytes()
    assert data.startswith(b"\x89PNG")
    assert len(data) <= 80_000
    assert struct.unpack(">I", data[16:20])[0] <= 1200


def test_the_table_of_assumptions_is_that_of_the_code():
    told = {name.strip("`"): cells for name, _, *cells in rows(section(METHOD, "Assumptions"))}
    assert list(told) == list(settings.ASSUMPTIONS)
    for name, (default, span, source) in told.items():
        known = settings._DEFAULTS.get(name)
        if known is None:
            assert default.startswith("none: ")
            assert span == source == ""
        else:
            assert (float(default), source) == (known.value, known.source), name
            assert [float(end) for end in span.split(" to ")] == [known.low, known.high], name


def test_the_table_of_thresholds_is_that_of_the_code():
    for name, value, reason in rows(section(METHOD, "Thresholds")):
        if name.startswith("`[significance]`"):
            known = getattr(settings.Significance(), name.split()[-1])
        else:
            known = named(name.strip("`"))
        assert str(known) == value, name
        assert reason, name


def named(dotted):
    """What a dotted name below `kam_analysis.analysis` means: of its longest part that is a module."""
    parts = dotted.split(".")
    for length in range(len(parts) - 1, 0, -1):
        try:
            found = importlib.import_module(".".join(["kam_analysis.analysis", *parts[:length]]))
        except ModuleNotFoundError:
            continue
        for part in parts[length:]:
            found = getattr(found, part)
        return found
    raise AssertionError(f"{dotted}: not below kam_analysis.analysis")


def help_of(*command):
    done = CliRunner().invoke(main, [*command, "--help"])
    assert done.exit_code == 0, command
    return done.output


def test_the_criteria_of_value_are_those_of_the_code():
    """A criterion takes three files; what is said of how many there are is held to them here."""
    method, worked = " ".join(text(METHOD).split()), " ".join(text(ROOT / "docs" / "key_accounts.md").split())
    number = number_word(len(settings.CRITERIA))
    assert (
        f"{number.capitalize()} criteria ({', '.join(settings.CRITERIA)})".replace("ease)", "ease of serving)")
        in method
    )
    assert f"0 for the {number_word(len(settings.CRITERIA) - 3)} other criteria" in worked
    assert f"all {number} are equal" in worked


def test_every_command_and_option_of_the_readme_is_one_of_kams():
    said = [each.split() for each in re.findall(r"^kam .+$|(?<=`)kam [^`]+(?=`)", text(README), re.MULTILINE)]
    assert {words[1] for words in said} >= {"report", "check", "init", "lab", "new-question", "sample"}
    table = [cells[0].strip("`").split()[0] for cells in rows(section(README, "Reference")) if cells[0][1:3] == "--"]
    assert len(table) > 5
    for words in [*said, *(["kam", "report", option] for option in table)]:
        known = help_of(words[1])
        ours = words[: words.index("--")] if "--" in words else words  # JupyterLab's own stand behind two hyphens
        for option in re.findall(r"(?<!\S)--[a-z-]+", " ".join(ours)):
            assert re.search(rf"{option}\b", known), words


def test_every_option_of_kam_report_is_in_the_readme():
    for option in set(re.findall(r"--[a-z-]+", help_of("report"))) - {"--help"}:
        assert re.search(rf"^\| `{option}[ `]", text(README), re.MULTILINE), option


def test_the_settings_in_the_readme_are_complete_and_can_be_loaded(tmp_path):
    whole = next(each for each in re.findall(r"```toml\n(.+?)```", text(README), re.DOTALL) if "[people]" in each)
    path = tmp_path / "kam.toml"
    path.write_text(whole, encoding="utf-8")
    settings_file.load_settings(path)
    for key in settings_file._TOP:
        assert re.search(rf"^(\[{key}[.\]]|{key} = )", whole, re.MULTILINE), key


def test_windows_installs_what_the_makefile_installs():
    lines = section(README, "Windows, without make")
    for asked in ("--require-hashes -r requirements.lock", "--no-deps --no-build-isolation"):
        assert asked in lines
        assert asked in text(ROOT / "Makefile")


def test_every_promise_names_a_test_that_is_there():
    promises = rows(section(ROOT / "docs" / "reliability.md", "Promises"))
    assert len(promises) > 20
    for promise, test, _ in promises:
        path, _, name = test.strip("`").partition("::")
        tree = ast.parse(text(ROOT / path))
        functions = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        assert name in functions, f"{promise}: {test}"
