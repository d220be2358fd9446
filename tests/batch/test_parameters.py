"""Parameters: read without running, converted by declared type, refused before any kernel."""

import pytest
from notebooks_for_tests import code, write

from kam_analysis.batch.parameters import declared_parameters, parse_assignment, values_for
from kam_analysis.batch.reports import choose_reports
from kam_analysis.errors import SettingsError

DECLARED = declared_parameters(
    [
        code("ignored = 1"),
        code(
            'account: str = ""\nseed: int = 1\nshare = 0.1\nquick: bool = False\nlevels: list[float] = [0.95]\n'
            "names: list[str] | None = None\nrates: dict = {}\nlimit: int | None = None\nplain = 'x'\n"
            "counts: typing.List[int] = []\nanything: list = []\nflag: Optional[bool] = None\nuntyped = max(1, 2)\nprint(1)\n"
            "odd: Path = None\npoint: tuple[int] = (1,)\na, b = 1, 2\nkept: 'str' = ''\n"
            "by_name: dict[str, int] = {}",
            "parameters",
        ),
    ]
)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("account", "007", "007"),
        ("account", "1e5", "1e5"),
        ("account", "None", "None"),
        ("account", "", ""),
        ("account", "a=b.c", "a=b.c"),
        ("plain", "1_000", "1_000"),
        ("seed", "7", 7),
        ("share", "1", 1.0),
        ("share", "0.25", 0.25),
        ("quick", "True", True),
        ("levels", "[0.9, 0.95]", [0.9, 0.95]),
        ("levels", "[1, 0.95]", [1.0, 0.95]),
        ("levels", "[]", []),
        ("counts", "[1, 2]", [1, 2]),
        ("anything", '[1, "x"]', [1, "x"]),
        ("flag", " TRUE ", True),
        ("flag", "false", False),
        ("share", "-1e3", -1000.0),
        ("untyped", "x=[1", "x=[1"),
        ("names", '["007", "x"]', ["007", "x"]),
        ("rates", "{ PLN = 0.25 }", {"PLN": 0.25}),
        ("limit", "3", 3),
    ],
)
def test_values_take_the_declared_type(name: str, text: str, value: object) -> None:
    converted = values_for("03_x", DECLARED, [(name, text)])[name]
    assert converted == value
    assert type(converted) is type(value)
    if isinstance(value, list):
        assert [type(each) for each in converted] == [type(each) for each in value]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("seed", "7.5"),
        ("seed", "007"),
        ("seed", "true"),
        ("seed", "1\nother = 2"),
        ("share", "nan"),
        ("share", "ten"),
        ("quick", "1"),
        ("levels", "0.9"),
        ("names", "[7]"),
        ("names", '["a", 7]'),
        ("names", '[7, "a"]'),
        ("levels", '[0.9, "x"]'),
        ("levels", "[0.9, true]"),
        ("levels", "[0.9, inf]"),
        ("counts", "[1, 2.5]"),
        ("counts", "[1, true]"),
        ("flag", "None"),
        ("share", "inf"),
        ("share", "true"),
        ("share", "1\nother = 2"),
        ("rates", "[1]"),
    ],
)
def test_values_of_another_type_are_refused_with_what_was_expected(name: str, text: str) -> None:
    with pytest.raises(SettingsError, match=rf"03_x\.{name}: expected .*got"):
        values_for("03_x", DECLARED, [(name, text)])


def test_parameters_are_told_by_annotation_else_by_default() -> None:
    """Whatever else a parameters cell holds is none of them."""
    kinds = {name: (each.kind, each.of) for name, each in DECLARED.items()}
    assert kinds == {
        "account": ("str", ""), "seed": ("int", ""), "share": ("float", ""), "quick": ("bool", ""),
        "levels": ("list", "float"), "names": ("list", "str"), "rates": ("dict", ""), "limit": ("int", ""),
        "plain": ("str", ""), "counts": ("list", "int"), "anything": ("list", ""), "flag": ("bool", ""),
        "untyped": ("str", ""), "odd": ("str", ""), "point": ("str", ""), "kept": ("str", ""), "by_name": ("dict", ""),
    }  # fmt: skip


def test_what_was_expected_is_said() -> None:
    with pytest.raises(
        SettingsError, match=r"expected a list in TOML, such as \[0\.9, 0\.95\] of float, got \"0\.9\"; correct"
    ):
        values_for("03_x", DECLARED, [("levels", "0.9")])


def test_a_notebook_without_such_a_cell_has_none_and_one_that_is_not_python_is_refused() -> None:
    assert declared_parameters([code("x = 1"), {"cell_type": "markdown", "metadata": {"tags": ["parameters"]}}]) == {}
    assert declared_parameters([{"cell_type": "code", "metadata": {}, "source": "x = 1"}]) == {}
    with pytest.raises(ValueError, match=r"its parameters cell is not Python \(line 2\)"):
        declared_parameters([code("x = 1\nif", "parameters")])


def test_an_unknown_parameter_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(SettingsError, match='no such parameter; did you mean "levels"'):
        values_for("03_x", DECLARED, [("level", "1")])


def test_settings_cannot_be_set_as_a_parameter() -> None:
    with pytest.raises(SettingsError, match="as the command's argument"):
        values_for("03_x", DECLARED, [("settings", "/somewhere/kam.toml")])


def test_an_assignment_may_hold_dots_and_equal_signs() -> None:
    assert parse_assignment("03.churn.account=A=1.5") == ("03.churn", "account", "A=1.5")
    for wrong in ("03_churn", "03_churn.x", "x=1", ".x=1", "03_churn.=1"):
        with pytest.raises(SettingsError, match=r"NAME\.PARAM=VALUE"):
            parse_assignment(wrong)


def test_unknown_reports_and_bad_notebooks_are_refused(tmp_path) -> None:
    write(tmp_path, "01_concentration", code("x = 1", "parameters"))
    with pytest.raises(SettingsError, match='did you mean "01_concentration"'):
        choose_reports(tmp_path, ["01_concentraton"])
    with pytest.raises(SettingsError, match="no such report"):
        choose_reports(tmp_path, (), ["02.x=1"])
    with pytest.raises(SettingsError, match="has no such parameter"):
        choose_reports(tmp_path, (), ["01_concentration.y=1"])
    (tmp_path / "02_broken.ipynb").write_text("{", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"02_broken\.ipynb: not a readable notebook"):
        choose_reports(tmp_path)
    with pytest.raises(SettingsError, match=r"holds no \.ipynb files"):
        choose_reports(tmp_path / "nowhere")
