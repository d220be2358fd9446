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
ADDRESS = re.compile(r"https?://|--index-url|--find-links|file:", re.IGNORECASE)


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
