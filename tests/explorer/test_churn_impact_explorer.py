"""The explorer of `03_churn_impact`, without a browser: what its controls change, and that a report shows the same."""

import ast
import json
import re
import shlex
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from explorers_for_tests import figure, label, title, told_ahead_is_what_a_move_draws
from in_process_for_tests import reports_here
from notebook_for_tests import found
from words_for_tests import plain

from kam_analysis.analysis import losses, recovery
from kam_analysis.pages.churn_impact import explore, ticked
from kam_analysis.pages.churn_impact.answer import BAD
from kam_analysis.pages.churn_impact.likely_losses import scaled
from kam_analysis.pages.churn_impact.overrides import CHANGEABLE, overrides

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "03_churn_impact.ipynb"
ALDERMOOR, TRESSEL, PELLWORTH = "0010100", "0010200", "0010300"
ROWS = "account_id,date,revenue\nA-1,2025-01-25,100\nA-2,2025-02-25,60\nA-3,2025-03-25,-5\n"


def shown(known):
    explorer = explore.explorer(known["ledger"], known["found"])
    explorer.charts.show()
    return explorer


@pytest.fixture(scope="module")
def sample(shelf):
    with shelf():
        return found("03_churn_impact")


@pytest.fixture
def explorer(sample):
    return shown(sample)


def test_nothing_is_computed_before_it_is_shown(sample, monkeypatch):
    asked = []
    monkeypatch.setattr(losses, "bad_year", lambda *given, **causes: asked.append(given))
    waiting = explore.explorer(sample["ledger"], sample["found"])
    waiting.set(chance_factor=2.0)
    assert (waiting.charts.drawn, asked) == ({}, [])
    assert "JupyterLab" in repr(waiting)


def test_what_is_told_ahead_is_what_a_move_draws(explorer):
    assert told_ahead_is_what_a_move_draws(explorer, lambda: None) >= 20


def test_it_starts_at_the_page(explorer, sample):
    assert explorer.charts.answer == sample["found"].answer
    assert list(explorer.charts.drawn) == ["worst_cases", "bad_year", "recovery"]
    assert explorer.charts.command == "kam report --only 03_churn_impact"
    at_first = [label(explorer, name) for name in ("chance_factor", "plan_months", *CHANGEABLE)]
    assert at_first == ["as estimated", "36 months", "30%", "5.5 months", "6 months"]
    assert len(explorer.controls["lost_accounts"].widget.children) == ticked.TICKED
    causes = [plain(box.description) for box in explorer.controls["causes"].widget.children]
    assert causes == ["Marine downturn, 8%", "Jonas Reiter leaves, 90%"]


def test_ticked_accounts_stand_on_top_and_are_answered_for(explorer):
    before = dict(explorer.charts.drawn)
    boxes = explorer.controls["lost_accounts"].widget.children
    boxes[0].value = boxes[2].value = True
    answer = plain(explorer.charts.answer)
    assert answer.startswith("Losing Aldermoor Water Group plc and Pellworth Marine Ltd costs ")
    assert " and takes at least seven years to replace. In a 1-in-20 year we lose more than " in answer
    assert "Against the start: €1.51m more margin lost" in answer
    drawn = figure(explorer, "worst_cases")
    assert len(drawn["data"]) == 3
    assert drawn["layout"]["yaxis"]["ticktext"][:2] == ["Jonas Reiter leaves", "<b>Your case</b><br>2 customers"]
    assert drawn["layout"]["meta"]["table"]["rows"][1][0] == "Aldermoor Water Group plc, Pellworth Marine Ltd"
    assert title(explorer, "worst_cases") == "Your case takes €4.4m of margin and us below break-even"
    assert explorer.charts.drawn["recovery"] != before["recovery"]
    assert explorer.charts.drawn["bad_year"] == before["bad_year"]
    assert shlex.split(explorer.charts.command)[-1] == f'03_churn_impact.lost_accounts=["{ALDERMOOR}", "{PELLWORTH}"]'


def test_a_case_may_combine_a_manager_who_leaves_with_customers(explorer, sample):
    """As the departure on file has it: the same money on top, and the line that makes the report."""
    explorer.set(lost_accounts=(ALDERMOOR, TRESSEL), leaving_managers=("M01",))
    loss = sample["found"].leaving_case.loss
    assert plain(explorer.charts.answer).startswith(
        f"Losing Jonas Reiter with Aldermoor Water Group plc and Tressel Chemicals GmbH costs €{loss.exposure / 1e6:.3g}m"
    )
    ticks = figure(explorer, "worst_cases")["layout"]["yaxis"]["ticktext"]
    assert ticks[:2] == ["Jonas Reiter leaves", "<b>Your case</b><br>Jonas Reiter, 2 customers"]
    assert shlex.split(explorer.charts.command)[-1] == '03_churn_impact.leaving_managers=["M01"]'


def test_the_largest_by_itself_is_the_case_of_the_start(explorer):
    explorer.set(lost_accounts=(ALDERMOOR,))
    assert explorer.charts.answer.endswith("Against the start hardly anything changes.")


def test_a_bad_year_is_computed_again_only_where_it_changes(explorer, monkeypatch):
    asked, known = [], losses.bad_year
    monkeypatch.setattr(losses, "bad_year", lambda *given, **causes: asked.append(given) or known(*given, **causes))
    explorer.set(lost_accounts=(TRESSEL,))
    explorer.set(plan_months=24, sales_cycle_months=4.0)
    assert asked == []
    # What is lost with a manager is no part of the year in which none leaves.
    explorer.set(follow_rate=0.2)
    assert len(asked) == 1
    explorer.set(chance_factor=2.0)
    assert len(asked) == 3
    explorer.set(causes=("marine_downturn",))
    assert len(asked) == 4
    explorer.set(chance_factor=1.0, causes=("marine_downturn", "M01"), follow_rate=0.3)
    assert len(asked) == 4


def test_higher_chances_make_the_year_dearer_and_none_is_above_one(explorer, sample):
    explorer.set(chance_factor=4.0)
    assert "more in a bad year." in explorer.charts.answer
    assert scaled(sample["found"].may_leave.chances, 4.0)["probability"].max() == 1
    assert sample["found"].may_leave.chances["probability"].max() == 1, "who is lost already"
    lower = scaled(sample["found"].may_leave.chances, 0.25)
    assert (lower.loc[lower["basis"] == "lost", "probability"] == 1).all()


def test_without_causes_each_customer_is_on_its_own(explorer, sample):
    explorer.set(causes=())
    found = sample["found"]
    alone = losses.bad_year(found.accounts["exposure"], found.accounts["estimate"], past=found.past_falls).joint
    said = f"In a 1-in-20 year we lose more than €{alone.quantile(BAD) / 1e6:.3g}m"
    assert said in plain(explorer.charts.answer)
    assert len(figure(explorer, "bad_year")["data"]) == 1
    assert figure(explorer, "worst_cases")["layout"]["yaxis"]["ticktext"][0] == "Aldermoor Water Group plc"
    assert explorer.charts.command.endswith('\'03_churn_impact.without_causes=["M01", "marine_downturn"]\'')


def test_the_plan_and_the_pace_move_the_recovery(explorer):
    assert title(explorer, "recovery").endswith(" of the sales within 36 months")
    explorer.set(plan_months=24)
    assert title(explorer, "recovery").endswith(" of the sales within 24 months")
    explorer.set(sales_cycle_months=7.5, ramp_months=12.0)
    assert "months longer to replace" in explorer.charts.answer
    assert explorer.charts.command.endswith(
        "'03_churn_impact.assumptions={ sales_cycle_months = 7.5, ramp_months = 12.0 }'"
    )


def test_reset_goes_back_to_the_page(explorer):
    before = dict(explorer.charts.drawn), explorer.charts.answer
    explorer.set(lost_accounts=(TRESSEL,), chance_factor=0.5, causes=(), plan_months=12, follow_rate=0.6)
    assert (dict(explorer.charts.drawn), explorer.charts.answer) != before
    explorer.reset_button.click()
    assert (dict(explorer.charts.drawn), explorer.charts.answer) == before
    assert explorer.charts.command == "kam report --only 03_churn_impact"


def test_an_error_is_a_sentence_in_the_explorer(explorer, monkeypatch):
    def fails(*given, **more):
        raise ValueError("ramp_months: expected at least 0, got -1 to 2")

    before = dict(explorer.charts.drawn)
    monkeypatch.setattr(recovery, "coming_through", fails)
    explorer.set(ramp_months=4.0)
    assert explorer.charts.message == "ramp_months: expected at least 0, got -1 to 2"
    assert explorer.charts.drawn == before
    monkeypatch.undo()
    explorer.reset()
    assert explorer.charts.message == ""


def test_a_notebook_that_was_asked_otherwise_starts_there(sample):
    asked = overrides(
        sample["ledger"],
        lost_accounts=[TRESSEL],
        plan_months=24,
        chance_factor=1.3,
        without_causes=["Jonas Reiter"],
        assumptions={"ramp_months": 4.25},
    )
    start = replace(
        sample["found"],
        overrides=asked,
        named=recovery.lose_named(sample["found"].exposed, [TRESSEL]),
        assumed=asked.assumed(sample["found"].assumed, sample["found"].departing),
    )
    explorer = shown(sample | {"found": start})
    values = explorer.values
    assert values["lost_accounts"] == (TRESSEL,)
    assert (values["chance_factor"], values["causes"], values["plan_months"]) == (1.3, ("marine_downturn",), 24)
    assert label(explorer, "ramp_months") == "4.25 months"
    assert [word.partition(".")[2] for word in shlex.split(explorer.charts.command) if "=" in word] == [
        f'lost_accounts=["{TRESSEL}"]', "plan_months=24", "chance_factor=1.3", 'without_causes=["M01"]',
        "assumptions={ ramp_months = 4.25 }",
    ]  # fmt: skip


def test_from_sales_alone_it_shows_what_it_can(company):
    known = found(
        "03_churn_impact", settings=str(company('[tables.transactions]\nfile = "sales.csv"\n', sales__csv=ROWS))
    )
    explorer = shown(known)
    assert list(explorer.controls) == ["lost_accounts"]
    assert list(explorer.charts.drawn) == ["worst_cases"]
    explorer.set(lost_accounts=("A-2",))
    assert explorer.charts.answer.startswith("Losing Customer A-2 costs 60")


def test_where_nothing_is_earned_it_says_so(company):
    rows = "account_id,date,revenue,cost\nA-1,2025-01-25,100,120\nA-2,2025-02-25,60,60\n"
    known = found(
        "03_churn_impact", settings=str(company('[tables.transactions]\nfile = "sales.csv"\n', sales__csv=rows))
    )
    explorer = shown(known)
    assert (explorer.controls, explorer.charts.drawn) == ({}, {})
    assert "there is nothing to lose" in explorer.charts.answer


def test_the_copied_line_makes_a_report_with_the_same_numbers(explorer, tmp_path):
    explorer.set(
        lost_accounts=(ALDERMOOR, PELLWORTH), chance_factor=1.5, causes=("M01",), plan_months=24, follow_rate=0.2, ramp_months=3.0
    )  # fmt: skip
    words = shlex.split(explorer.charts.command)
    values = [value for word, value in pairwise(words) if word == "--set"]
    assert reports_here(None, tmp_path, only=["03_churn_impact"], set_values=values).exit_code == 0
    document = json.loads((tmp_path / "results" / "03_churn_impact.json").read_text(encoding="utf-8"))
    assert explorer.charts.answer.startswith(document["answer"])
    assert document["figures"]["own_case"]["value"] == pytest.approx(4.40e6, rel=1e-3)
    assert document["provenance"]["parameters"] | {"assumptions": {"follow_rate": 0.2, "ramp_months": 3.0}} == document["provenance"]["parameters"]  # fmt: skip
    [changed] = [each for each in document["caveats"] if each.startswith("changed for this report")]
    assert plain(changed) == (
        "changed for this report: all chances of leaving × 1.50, at most 100%; not counted among what could take several at "
        "once: marine downturn; customers who follow a manager who leaves: 20%; months from there to full size: 3"
    )
    page = (tmp_path / "03_churn_impact.html").read_text(encoding="utf-8")
    for name in explore.CHARTS:
        assert figure(explorer, name)["layout"]["meta"]["title"] in page.replace("\\u00a0", "\u00a0").replace("&nbsp;", "\u00a0")  # fmt: skip


CELLS = [
    "".join(cell["source"])
    for cell in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    if cell["cell_type"] == "code" and "explore" in cell["metadata"].get("tags", [])
]


@pytest.mark.parametrize("code", [each for each in CELLS if "explorer(ledger, found)" not in each])
def test_a_cell_to_change_shows_something_else_once_its_first_number_is_changed(sample, code):
    changed = re.sub(r"\d+(\.\d+)?", lambda number: f"{0.3 * float(number[0]):g}", code, count=1)
    before, after = (shown_by(each, dict(sample)) for each in (code, changed))
    assert len(before) > 0
    assert repr(before) != repr(after)


def shown_by(code, known):
    """What a cell's last line gives."""
    *statements, last = ast.parse(code).body
    exec(compile(ast.Module(statements, []), "cell", "exec"), known)
    return eval(compile(ast.Expression(last.value), "cell", "eval"), known)
