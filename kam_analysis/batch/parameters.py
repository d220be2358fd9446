"""The parameters that a notebook declares, and values for them given as text.

They are read from the notebook's cell tagged `parameters` by parsing it, not by running it, so that
an unknown name or a value of the wrong type is refused before any kernel starts. (papermill itself
only logs an unknown parameter, and turns "007" into 7.)
"""

import ast
import math
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kam_analysis.errors import SettingsError, nearest

_KINDS: dict[str, type] = {"str": str, "int": int, "float": float, "bool": bool, "list": list, "dict": dict}
_WANTED = {
    "str": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "list": "a list in TOML, such as [0.9, 0.95]",
    "dict": 'a table in TOML, such as { a = 1, b = "x" }',
}


@dataclass(frozen=True)
class Parameter:
    """One declared parameter: its type by annotation, else by its default; `of` is a list's element type."""

    name: str
    kind: str
    of: str = ""

    def convert(self, text: str) -> Any:
        """`text` as this parameter's type. Text stays untouched: "007" stays "007".

        Raises `ValueError` with what was expected.
        """
        if self.kind == "str":
            return text
        value = _parsed(text, self.kind)
        if not _fits(value, self.kind) or (self.of and not all(_fits(each, self.of) for each in value)):
            wanted = _WANTED[self.kind] + (f" of {self.of}" if self.of else "")
            raise ValueError(f'expected {wanted}, got "{text}"')
        if self.of == "float":  # 1 in a list of shares is 1.0, as it is where one share is asked for
            return [float(each) for each in value]
        return float(value) if self.kind == "float" else value


def declared_parameters(cells: Iterable[Mapping[str, Any]]) -> dict[str, Parameter]:
    """The parameters assigned in the cell tagged `parameters`, in order; none where there is no such cell.

    Raises `ValueError` where that cell is not Python.
    """
    for cell in cells:
        if cell.get("cell_type") == "code" and "parameters" in cell.get("metadata", {}).get("tags", []):
            try:
                statements = ast.parse("".join(cell["source"])).body
            except SyntaxError as error:
                raise ValueError(f"its parameters cell is not Python (line {error.lineno}); mend it") from None
            return {found.name: found for found in map(_parameter, statements) if found}
    return {}


def parse_assignment(text: str) -> tuple[str, str, str]:
    """`NAME.PARAM=VALUE` taken apart; report names may hold dots, parameter names do not.

    Raises `SettingsError` for any other form.
    """
    left, equals, value = text.partition("=")
    report, dot, name = left.strip().rpartition(".")
    if not (equals and dot and report and name):
        raise SettingsError(f'--set: expected NAME.PARAM=VALUE, got "{left}{equals}"; as in 03_churn_impact.seed=7')
    return report, name, value


def values_for(report: str, declared: Mapping[str, Parameter], given: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Typed values of one report's parameters.

    Raises `SettingsError` for an unknown name (with the nearest one) and for a value of the wrong type.
    """
    values: dict[str, Any] = {}
    for name, text in given:
        if name == "settings":
            raise SettingsError(f"--set {report}.settings: give the settings file as the command's argument instead")
        if name not in declared:
            known = [each for each in declared if each != "settings"]
            raise SettingsError(f"--set {report}.{name}: {report} has no such parameter; {nearest(name, known)}")
        try:
            values[name] = declared[name].convert(text)
        except ValueError as error:
            raise SettingsError(f"--set {report}.{name}: {error}; correct the value") from None
    return values


def _parameter(statement: ast.stmt) -> Parameter | None:
    if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
        kind, of = _annotated(statement.annotation)
        return Parameter(statement.target.id, kind or _kind_of(statement.value), of)
    if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
        return Parameter(statement.targets[0].id, _kind_of(statement.value))
    return None


def _annotated(annotation: ast.expr) -> tuple[str, str]:
    """(type, element type) of an annotation: `int`, `int | None`, `Optional[int]`, `list[str]`."""
    if isinstance(annotation, ast.BinOp):
        return _annotated(annotation.left)
    if isinstance(annotation, ast.Subscript):
        outer = ast.unparse(annotation.value).rpartition(".")[2]
        if outer == "Optional":
            return _annotated(annotation.slice)
        of = ast.unparse(annotation.slice) if outer.lower() == "list" else ""
        return (outer.lower() if outer.lower() in _KINDS else ""), (of if of in _KINDS else "")
    name = ast.unparse(annotation).strip("'\"").lower()
    return (name if name in _KINDS else ""), ""


def _kind_of(default: ast.expr | None) -> str:
    try:
        value = ast.literal_eval(default) if default is not None else ""
    except ValueError:  # an expression; text is the one type that cannot lose anything
        return "str"
    return next((kind for kind, python in _KINDS.items() if type(value) is python), "str")


def _parsed(text: str, kind: str) -> Any:
    if kind == "bool" and text.strip().lower() in ("true", "false"):
        return text.strip().lower() == "true"
    try:
        document = tomllib.loads(f"value = {text}")
    except tomllib.TOMLDecodeError:
        return None
    return document["value"] if len(document) == 1 else None  # a line break could start a second key


def _fits(value: Any, kind: str) -> bool:
    if kind == "float":
        return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return type(value) is _KINDS[kind]
