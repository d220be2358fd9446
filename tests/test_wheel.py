"""The workbook from an installed wheel, in an empty folder: notebooks and sample travel in it."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from kam_analysis import bundled

ROOT = Path(__file__).parents[1]
KAM = "import sys; from kam_analysis.cli import main; sys.argv[0] = 'kam'; main()"


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A folder that holds the package as the wheel brings it."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, check=True, capture_output=True, cwd=ROOT)
    [wheel] = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def test_the_wheel_runs_its_own_notebooks_on_its_own_sample(installed, tmp_path):
    environment = os.environ | {"PYTHONPATH": str(installed)}
    where = "import kam_analysis.bundled as b; print(b.sample_settings()); print(b.notebooks_folder())"
    found = subprocess.run([sys.executable, "-c", where], env=environment, cwd=tmp_path, capture_output=True, text=True)
    assert all(
        Path(line).is_relative_to(installed / "kam_analysis" / "_bundled") for line in found.stdout.split("\n") if line
    )
    done = subprocess.run(
        [sys.executable, "-c", KAM, "report", "--only", "01_concentration"],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads((tmp_path / "reports" / "run.json").read_text(encoding="utf-8"))["status"] == "complete"
    assert {each.name for each in tmp_path.iterdir()} == {"history", "reports"}


def test_the_wheel_has_types_and_jupyterlabs_settings_and_no_tests(installed):
    assert (installed / "kam_analysis" / "py.typed").is_file()
    assert list((installed / "kam_analysis" / "batch" / "jupyter").rglob("*.json"))
    tables = {file.relative_to(ROOT) for file in (ROOT / "kam_analysis").rglob("*.toml")}
    named = ("ledger/sniffing/headers/japanese.toml", "ledger/settings/schema.toml", "exports/crm_headers.toml")
    assert {Path("kam_analysis", each) for each in named} <= tables
    assert tables <= {file.relative_to(installed) for file in (installed / "kam_analysis").rglob("*.toml")}
    assert not (installed / "tests").exists()


def test_a_checkout_uses_its_own_notebooks_and_sample():
    assert bundled.notebooks_folder() == ROOT / "notebooks"
    assert bundled.sample_settings() == ROOT / "data" / "sample" / "kam.toml"


def test_the_wheel_writes_a_notebook_to_begin_with(installed, tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", KAM, "new-question", "07_discounts"],
        env=os.environ | {"PYTHONPATH": str(installed)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    written = json.loads((tmp_path / "kam-notebooks" / "07_discounts.ipynb").read_text(encoding="utf-8"))
    assert len(written["cells"]) == 8
