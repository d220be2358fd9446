"""The house rules that a machine can hold."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
ADDRESS = re.compile(r"https?://|--index-url|--find-links|file:", re.IGNORECASE)


def cells(path):
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


def source(cell):
    return "".join(cell["source"])


def test_the_conda_route_asks_for_what_pyproject_asks_for():
    listed = re.findall(r'^    - "(.+)"$', (ROOT / "environment.yml").read_text(encoding="utf-8"), re.MULTILINE)
    assert listed == PROJECT["project"]["dependencies"]


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_locks_are_hashed_complete_and_name_no_address(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    pins = re.findall(r"^([a-z0-9][a-z0-9.-]*)(?:\[[^\]]*\])?==[^\n]*\\\n    --hash=sha256", text, re.MULTILINE)
    assert not ADDRESS.search(text)
    assert len(pins) == len(re.findall(r"^[a-z0-9]\S*(?: [^=\n]*)?==", text, re.MULTILINE))
    wanted = [re.split(r"[\[<>=!~ ]", each)[0].lower() for each in PROJECT["project"]["dependencies"]]
    assert set(wanted) <= set(pins)


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_locks_keep_the_extras_that_packages_ask_for(name):
    """Older pips (3.11's own) read coverage[toml] as another package than coverage: unpinned, once a newer one is out."""
    pinned = re.findall(
        r"^([a-z0-9][a-z0-9.-]*)\[([^\]]*)\]==", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE
    )
    assert ("jsonschema", "format-nongpl") in pinned


def test_both_locks_agree():
    def versions(name):
        text = (ROOT / name).read_text(encoding="utf-8")
        return set(re.findall(r"^([a-z0-9][a-z0-9.-]*)(?:\[[^\]]*\])?(==[^ \\\n]+)", text, re.MULTILINE))

    assert versions("requirements.lock") <= versions("requirements-dev.lock")


def test_importing_the_package_is_light():
    code = "import sys, kam_analysis, kam_analysis.cli; print([m for m in ('pandas', 'ibis', 'plotly', 'papermill', 'nbconvert') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_no_file_has_a_name_that_says_nothing():
    names = {path.stem for path in (ROOT / "kam_analysis").rglob("*.py")}
    assert not names & {"utils", "util", "helpers", "helper", "common", "misc"}


def test_the_package_declares_its_types():
    assert (ROOT / "kam_analysis" / "py.typed").is_file()


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
class TestNotebook:
    def test_is_short_and_only_calls(self, path):
        code = [source(cell) for cell in cells(path) if cell["cell_type"] == "code"]
        assert 15 <= len(cells(path)) <= 70
        assert all(len(text.splitlines()) <= 10 for text in code)
        assert not any(re.search(r"^\s*(def|class|lambda)\b", text, re.MULTILINE) for text in code)

    def test_begins_with_its_question_and_declares_typed_parameters(self, path):
        first, parameters = cells(path)[:2]
        assert re.match(r"# .+\?\n", source(first))
        assert parameters["metadata"]["tags"] == ["parameters"]
        names = re.findall(r"^(\w+): \w+ = ", source(parameters), re.MULTILINE)
        assert names[:4] == ["settings", "as_of", "period", "measure"]

    def test_keeps_outputs_only_where_they_are_checked(self, path):
        for cell in cells(path):
            checked = {"nbval-check-output", "keep_output"} <= set(cell["metadata"].get("tags", []))
            assert bool(cell.get("outputs")) == checked

    def test_ends_with_what_is_sure_and_what_to_do(self, path):
        # A part that is there only where there is something to show has its heading in the call.
        headings = [source(cell).splitlines()[0] for cell in cells(path) if cell["cell_type"] == "markdown"]
        calls = "".join(source(cell) for cell in cells(path) if cell["cell_type"] == "code")
        for names in (["How sure are we?"], ["What to do, what to ask next", "Recommended actions"]):
            assert any(
                f"## {each}" in headings or re.search(rf'html\.section\(\s*"{re.escape(each)}"', calls)
                for each in names
            )


def nbval(path):
    command = [sys.executable, "-m", "pytest", "-q", "--nbval-lax", "--nbval-current-env", "--nbval-cell-timeout=120"]
    return subprocess.run(
        [*command, "-W", "default", "-p", "no:cacheprovider", str(path)], capture_output=True, text=True, cwd=ROOT
    )


def test_a_changed_number_in_a_checked_table_fails_the_notebooks_check(tmp_path):
    """The check of kept outputs is proved by mutation: one digit of the stored table is changed."""
    document = json.loads((ROOT / "notebooks" / "01_concentration.ipynb").read_text(encoding="utf-8"))
    [output] = [out for cell in document["cells"] for out in cell.get("outputs", [])]
    html = "".join(output["data"]["text/html"])
    changed = re.sub(r"(\d)(</td></tr></tbody>)", lambda m: str((int(m[1]) + 1) % 10) + m[2], html)
    assert changed != html
    output["data"]["text/html"] = changed
    mutated = tmp_path / "01_concentration.ipynb"
    mutated.write_text(json.dumps(document), encoding="utf-8")
    done = nbval(mutated)
    assert done.returncode == 1
    assert "mismatch" in done.stdout
    assert "1 failed" in done.stdout
