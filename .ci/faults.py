"""Which deliberate faults there are in a file: those that cosmic-ray can make, less those that nobody can see."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names

# `x is "a"` for `x == "a"` is a fault that Python itself warns of, and `x == None` for `x is None` is none.
_IDENTITY = ("_Eq_Is", "_NotEq_IsNot", "_Is_Eq", "_IsNot_NotEq")
# On masks, which are all that these stand between and before here, both are the same.
_MASKS = ("_BitAnd_Mul", "_Invert_USub")
# They spare time and say nothing; without them the same comes out.
_KEPT = {"cache", "lru_cache", "cached"}
# `zip(strict=True)` and their like hold where the code is right: no input shows the difference.
_GUARDS = {"strict", "kw_only", "slots", "observed"}
_SIGNATURES = {"parameters", "lambdef"}


@dataclass(frozen=True)
class Fault:
    """One fault: the file, where in it, what is done, and the file's text with it."""

    path: str
    line: int
    operator: str
    occurrence: int
    text: str

    def said(self) -> str:
        """For people: where, and the line as it is and as the fault makes it."""
        before = Path(self.path).read_text(encoding="utf-8").splitlines()
        after = self.text.splitlines()
        changed = next((at for at, (old, new) in enumerate(zip(before, after, strict=False)) if old != new), 0)
        return f"{self.path}:{changed + 1}\n      - {before[changed].strip()}\n      + {after[changed].strip()}"


def faults(path: str) -> Iterator[tuple[int, str, int]]:
    """Line, operator and occurrence of every fault that somebody could see."""
    text = Path(path).read_text(encoding="utf-8")
    # A sign in a parameter list (`*`, `/`) says how to call: nothing that anybody sees.
    nodes = [each for each in ast_nodes(get_ast(text)) if not (each.parent and each.parent.type in _SIGNATURES)]
    unseen = _unseen(ast.parse(text))
    for name in operator_names():
        if name.endswith(_IDENTITY + _MASKS) or get_operator(name).arguments():
            continue
        operator, occurrence = get_operator(name)(), 0
        for node in nodes:
            for start, _ in operator.mutation_positions(node):
                if not any(first <= start < last for kind, first, last in unseen if kind in ("", name.split("/")[1])):
                    yield start[0], name, occurrence
                occurrence += 1


def made(path: str, line: int, operator: str, occurrence: int) -> Fault | None:
    """The fault; None where its text is no Python, or the same program."""
    text = Path(path).read_text(encoding="utf-8")
    faulty = mutate_code(text, get_operator(operator)(), occurrence)
    try:
        same = faulty is None or ast.dump(ast.parse(faulty)) == ast.dump(ast.parse(text))
    except SyntaxError:
        return None
    return None if same else Fault(path, line, operator, occurrence, faulty)


def _unseen(tree: ast.Module) -> list[tuple[str, tuple[int, int], tuple[int, int]]]:
    """The operator ("" is each) and the places, from and to, where it changes nothing that anybody can see."""
    found: list[tuple[str, ast.AST]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.arg | ast.AnnAssign) and node.annotation:
            found.append(("", node.annotation))
        elif isinstance(node, ast.FunctionDef):
            found += [("", node.returns)] if node.returns else []
            found += [("RemoveDecorator", each) for each in node.decorator_list if _KEPT & _names(each)]
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in _names(node.test):
            found.append(("", node.test))
        elif isinstance(node, ast.keyword) and node.arg in _GUARDS:
            found.append(("ReplaceTrueWithFalse", node.value))
    return [(kind, _start(each), (each.end_lineno or 0, each.end_col_offset or 0)) for kind, each in found]  # type: ignore[attr-defined]


def _start(node: ast.AST) -> tuple[int, int]:
    # A decorator's sign stands before it.
    return node.lineno, max(node.col_offset - 1, 0)  # type: ignore[attr-defined]


def _names(node: ast.AST) -> set[str]:
    return {each.id if isinstance(each, ast.Name) else getattr(each, "attr", "") for each in ast.walk(node)}
