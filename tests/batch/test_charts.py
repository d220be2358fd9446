"""Charts: named, with a table, harmless as JSON, with ids that do not change."""

import base64
import json
import struct
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from notebooks_for_tests import BREAKOUT, HOSTILE

from kam_analysis.batch.charts import PLOTLY_MIME, chart, json_for_script, with_fallbacks


def test_a_chart_is_named_and_carries_its_table() -> None:
    made = chart(
        {
            "data": [],
            "layout": {"width": 900, "meta": {"alt": "one", "table": {"columns": ["a"], "rows": [["x"], [1234.5]]}}},
        },
        3,
    )
    assert made.id == "chart-3"
    assert 'aria-label="one"' in made.html
    assert '<td class="text">x</td>' in made.html
    assert ">1,234<" in made.html or ">1,235<" in made.html
    layout = json.loads(made.data)["layout"]
    assert layout == {"autosize": True}


def test_a_users_figure_gets_its_title_as_name_and_its_traces_as_table() -> None:
    packed = {"dtype": "f8", "bdata": base64.b64encode(struct.pack("<2d", 1.5, 2.5)).decode()}
    figure = {
        "data": [{"type": "bar", "name": "sales", "x": ["A", "B"], "y": packed}],
        "layout": {"title": {"text": "<b>Two</b> lead"}},
    }
    html = chart(figure, 1).html
    assert 'aria-label="Two lead"' in html
    assert ">A<" in html
    assert ">2.5<" in html
    assert 'aria-label="Chart 2"' in chart({"data": [], "layout": {}}, 2).html


def test_names_cannot_leave_the_markup_or_the_script() -> None:
    meta = {"alt": HOSTILE, "title": BREAKOUT, "source": HOSTILE, "table": {"columns": [HOSTILE], "rows": [[BREAKOUT]]}}
    made = chart({"data": [{"x": [BREAKOUT]}], "layout": {"meta": meta}}, 1)
    assert "<img" not in made.html
    assert "<script" not in made.html
    assert "<" not in made.data
    assert json.loads(made.data)["data"][0]["x"] == [BREAKOUT]


def test_what_is_not_finite_becomes_null() -> None:
    assert json_for_script({"y": [float("nan"), float("inf"), 1]}) == '{"y":[null,null,1]}'


@pytest.mark.parametrize(
    ("yref", "above", "room"), [("paper", 1, 24), ("y2 domain", 1, 24), ("paper", 0.5, 8), ("y", 1, 8)]
)
def test_words_on_top_of_a_drawing_have_room(yref: str, above: float, room: int) -> None:
    word = {"text": "key from 10 %", "yref": yref, "y": above, "yanchor": "bottom"}
    figure = {"data": [], "layout": {"annotations": [word], "meta": {"title": "Two make half", "alt": "Bars."}}}
    assert json.loads(chart(figure, 1).data)["layout"]["margin"]["t"] == room


def test_whatever_knows_no_plotly_shows_a_charts_title_alternative_and_table(tmp_path: Path) -> None:
    """Read by nbconvert's own command, as GitHub and nbviewer read a notebook."""
    meta = {
        "title": "Two lead & <b>one</b>",
        "alt": "Bars of three.",
        "source": "Invoices",
        "table": {"columns": ["Who"], "rows": [["<i>A"]]},
    }
    figure = {"data": [], "layout": {"meta": meta}}
    plain = {"data": [{"type": "bar", "x": ["A"], "y": [2.5]}], "layout": {"title": {"text": "Of a user"}}}
    cells = [nbformat.v4.new_code_cell("x", outputs=[_shown(each)]) for each in (figure, plain)]
    notebook = with_fallbacks(nbformat.v4.new_notebook(cells=cells))
    assert notebook.cells[0].outputs[0].data[PLOTLY_MIME] == figure  # JupyterLab draws it as before
    nbformat.write(notebook, tmp_path / "executed.ipynb")
    convert = [
        sys.executable,
        "-m",
        "nbconvert",
        "--to",
        "html",
        "--template",
        "basic",
        str(tmp_path / "executed.ipynb"),
    ]
    subprocess.run(convert, check=True, capture_output=True)
    shown = (tmp_path / "executed.html").read_text(encoding="utf-8")
    for said in (
        "Two lead &amp; &lt;b&gt;one",
        "Bars of three.",
        "Invoices",
        ">Who<",
        "&lt;i&gt;A",
        "Of a user",
        ">2.5<",
    ):
        assert said in shown


def test_a_fallback_that_is_there_stays() -> None:
    cell = nbformat.v4.new_code_cell("x", outputs=[_shown({"data": [], "layout": {}}, "<p>mine</p>")])
    kept = with_fallbacks(nbformat.v4.new_notebook(cells=[cell])).cells[0].outputs[0].data
    assert kept["text/html"] == "<p>mine</p>"


def _shown(figure: dict[str, object], html: str = "") -> nbformat.NotebookNode:
    data = {PLOTLY_MIME: figure} | ({"text/html": html} if html else {})
    return nbformat.v4.new_output("display_data", data=data)
