"""`01_concentration` on less than most have; and its cells for exploring, which no batch runs."""

import ast
import json
import re

import pandas as pd
import pytest
from notebook_for_tests import NOTEBOOKS, page_of
from words_for_tests import plain

import kam_analysis as kam
from kam_analysis.pages.concentration.advice import next_steps

NAME = "01_concentration"


def test_from_sales_alone_it_answers_and_says_what_is_missing(bare):
    document, page = page_of(NAME, settings=bare())
    assert plain(document["answer"]) == "Customer A-1 is 62% of sales. There are two customers in all."
    assert document["worth_collecting"][0] == "names of accounts (a customer master)"
    assert document["worth_collecting"][-1] == "quantities, with the product or the product line"
    assert document["caveats"][0] == "There is no comparison with the year before: the data does not cover it."
    for said in (
        "The customer list names no parents",
        "A fall against the year before cannot be judged",
        "A range for the shares needs twelve complete months",
        "A forecast of the next twelve months needs two years of purchases.",
        "Price and volume cannot be separated: that needs quantities, with the product or the product line.",
        "Customers by the year they first bought: that needs more than twelve months of sales.",
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
    needed, large, moved, cheaper, average, ahead, levels = of_sample
    assert needed.loc["for 80%", "all customers"] == 42
    assert needed.loc["for 80%", "without the largest"] > 42
    assert large.iloc[0].tolist() == ["Skids", "Corvane Dairy SA", 0.41]
    assert moved.iloc[0].tolist()[:3] == ["Ahrens Wasserwerke GmbH", 1_414_569.47, 672_117.06]
    assert (moved["change_share"].abs() >= 0.2).all()
    assert cheaper.iloc[0].tolist()[::2][:2] == ["Corvane Dairy SA", pytest.approx(-70_300, abs=50)]
    assert (cheaper["price_share"] <= -0.01).all()
    assert average.shape == (3, 3)
    assert (ahead["low"] < ahead["middle"]).all()
    assert ahead["value"].tolist() == [0.181, 0.41, 18.473]
    assert levels["parent"] > levels["legal_entity"]


@pytest.mark.parametrize(
    ("at", "old", "new"),
    [(0, "0.9)", "0.95)"), (1, "threshold = 0.25", "threshold = 0.4"), (2, "at_least = 0.2", "at_least = 0.5"),
     (3, "at_least = 0.01", "at_least = 0.05"), (4, '"buying"', '"customers"'), (5, "0.8, 2", "0.5, 2"),
     (6, "top = 3", "top = 8")],
)  # fmt: skip
def test_a_threshold_that_is_changed_changes_what_is_seen(of_sample, at, old, new):
    now = explored("", [(old, new)])[at]
    assert not now.equals(of_sample[at])


def test_cells_to_change_run_on_sales_alone(bare):
    needed, large, moved, cheaper, average, ahead, levels = explored(bare())
    assert needed.loc["for 80%"].tolist() == [2, 1]
    assert large.empty
    assert moved.empty
    assert cheaper.empty
    assert average.empty
    assert ahead.empty
    assert levels["parent"] == levels["legal_entity"] == 1
    assert all(
        isinstance(each, pd.DataFrame | pd.Series) for each in (needed, large, moved, cheaper, average, ahead, levels)
    )


def test_a_short_history_falls_here_as_it_does_among_the_key_accounts(company):
    """18 months: too few for a year before, enough to see that one of two buys a tenth of what it did."""
    lines = ["account_id,date,revenue"]
    for month in range(18):
        day = f"{2024 + month // 12}-{month % 12 + 1:02d}-28"
        lines += [
            f"steady,{day},{400 + 10 * (month % 3)}",
            f"falling,{day},{(500 if month < 12 else 50) + 5 * (month % 2)}",
        ]
    settings = company('[tables.transactions]\nfile = "sales.csv"\n', sales__csv="\n".join(lines) + "\n")
    ledger = kam.open_ledger(settings, as_of="2025-06-30")
    found, keys = kam.concentration(ledger), kam.key_accounts(ledger)
    assert found.short_falls["account_id"].tolist() == ["falling"]
    said = plain(found.falls_table().nothing)
    assert "these fell by more than is normal for them: falling is down 90% on the 6 months before" in said
    assert any(
        "what changed: sales are 90% below the 6 months before" in plain(each.what) for each in next_steps(found)
    )
    # The page of key accounts says the same.
    assert plain(keys.of(keys.work, "falling", "figures")).startswith("sales down 90% on the 6 months before")
