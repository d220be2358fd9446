"""`01_concentration` on less than most have; and its cells for exploring, which no batch runs."""

import ast
import json
import re

import pandas as pd
import pytest
from notebook_for_tests import NOTEBOOKS, page_of
from words_for_tests import plain

NAME = "01_concentration"


def test_from_sales_alone_it_answers_and_says_what_is_missing(bare):
    document, page = page_of(NAME, settings=bare())
    assert plain(document["answer"]) == "Customer A-1 is 62 % of sales; 2 of 2 make 80 %."
    assert document["worth_collecting"][0] == "names of accounts (a customer master)"
    assert document["caveats"][0] == "no comparison with the year before: the data does not cover it"
    for said in (
        "The customer list names no parents",
        "Falls cannot be told from usual ups and downs",
        "A range for the shares needs twelve complete months",
    ):
        assert said in page
    assert not re.search(r">\s*nan\b|None|not assessed", page)


def explored(settings, changed=()):
    """What the cells below each "Change it here." show, run after the others; `changed` are (old, new) in their code."""
    known, shown = {}, []
    for cell in json.loads((NOTEBOOKS / f"{NAME}.ipynb").read_text(encoding="utf-8"))["cells"]:
        code = "".join(cell["source"])
        if cell["cell_type"] != "code" or "explorer(" in code:
            continue
        tags = cell["metadata"].get("tags", [])
        for old, new in changed if "explore" in tags else ():
            code = code.replace(old, new)
        *statements, last = ast.parse(code).body
        exec(compile(ast.Module(statements, []), NAME, "exec"), known)
        if isinstance(last, ast.Expr):
            if "explore" in tags:
                shown.append(eval(compile(ast.Expression(last.value), NAME, "eval"), known))
        else:
            exec(compile(ast.Module([last], []), NAME, "exec"), known)
        if "parameters" in tags:
            known["settings"] = settings
    return shown


@pytest.fixture(scope="module")
def of_sample():
    return explored("")


def test_each_cell_to_change_shows_something(of_sample):
    needed, large, moved, levels = of_sample
    assert needed.loc["for 80%", "all customers"] == 42
    assert needed.loc["for 80%", "without the largest"] > 42
    assert large.iloc[0].tolist() == ["Skids", "Corvane Dairy SA", 0.41]
    assert moved.iloc[0].tolist()[:3] == ["Ahrens Wasserwerke GmbH", 1_414_569.47, 672_117.06]
    assert (moved["change_share"].abs() >= 0.2).all()
    assert levels["parent"] > levels["legal_entity"]


@pytest.mark.parametrize(
    ("at", "old", "new"),
    [(0, "0.9)", "0.95)"), (1, "threshold = 0.25", "threshold = 0.4"), (2, "at_least = 0.2", "at_least = 0.5"), (3, "top = 3", "top = 8")],
)  # fmt: skip
def test_a_threshold_that_is_changed_changes_what_is_seen(of_sample, at, old, new):
    now = explored("", [(old, new)])[at]
    assert not now.equals(of_sample[at])


def test_cells_to_change_run_on_sales_alone(bare):
    needed, large, moved, levels = explored(bare())
    assert needed.loc["for 80%"].tolist() == [2, 1]
    assert large.empty
    assert moved.empty
    assert levels["parent"] == levels["legal_entity"] == 1
    assert all(isinstance(each, pd.DataFrame | pd.Series) for each in (needed, large, moved, levels))
