"""Which notebooks of a folder are run, and what is refused before any of them starts."""

from pathlib import Path

import pytest
from notebooks_for_tests import PARAMETERS, code, text, write

from kam_analysis.batch.reports import choose_reports, title_of
from kam_analysis.errors import SettingsError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, "02_two", text("Before.\n\n#No title\n# Two?  \n# Three?"), PARAMETERS)
    write(tmp_path, "01_one", code("# no words"), text("## Below"))
    write(tmp_path, "05_plan", text("# Plans"), code('account_id: str = ""', "parameters"))
    return tmp_path


def test_reports_are_in_the_order_of_their_names_with_title_and_values(folder: Path) -> None:
    found = choose_reports(folder, set_values=["02_two.label=a.b=c", "02_two.seed=7"])
    assert [(each.name, each.title, each.per_account, each.given) for each in found] == [
        ("01_one", "01_one", False, {}),
        ("02_two", "Two?", False, {"label": "a.b=c", "seed": 7}),
        ("05_plan", "Plans", True, {}),
    ]
    assert [each.name for each in choose_reports(folder, ["05_plan", "01_one"])] == ["01_one", "05_plan"]
    assert found[1].notebook == folder / "02_two.ipynb"
    assert title_of([]) == ""


@pytest.mark.parametrize(
    ("only", "values", "said"),
    [
        (["02_two", "9"], [], r"^--only 9: there is no such report"),
        ([], ["03.label=x"], r"^--set 03: there is no such report"),
        (["01_one"], ["02_two.label=x"], r"^--set 02_two: this report is not among those of --only"),
    ],
)
def test_what_does_not_go_together_is_refused(folder: Path, only: list[str], values: list[str], said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        choose_reports(folder, only, values)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("[]", "not a readable notebook of format 4"),
        ('{"worksheets": []}', "not a readable notebook of format 4"),
        ("\x00", "not a readable notebook of format 4"),
    ],
)
def test_a_file_that_is_no_notebook_is_named(folder: Path, content: str, said: str) -> None:
    (folder / "06_odd.ipynb").write_text(content, encoding="utf-8")
    with pytest.raises(SettingsError, match=rf"^notebook 06_odd\.ipynb: {said}"):
        choose_reports(folder)


def test_parameters_that_are_no_python_and_a_file_without_end_are_told(folder: Path) -> None:
    write(folder, "06_odd", code("if", "parameters"))
    with pytest.raises(SettingsError, match=r"^notebook 06_odd\.ipynb: its parameters cell is not Python"):
        choose_reports(folder)
    (folder / "06_odd.ipynb").unlink()
    (folder / "06_odd.ipynb").symlink_to("/dev/zero")
    with pytest.raises(SettingsError, match=r"^notebook 06_odd\.ipynb: .*save it in JupyterLab"):
        choose_reports(folder)
