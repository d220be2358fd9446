"""Charts: named, with a table, harmless as JSON, with ids that do not change."""

import base64
import json
import struct
from pathlib import Path

import nbformat
import numpy as np
import plotly.express as px
import plotly.graph_objects as go
import pytest
from notebooks_for_tests import BREAKOUT, HOSTILE, by_nbconvert

from kam_analysis.batch.evidence import FRAME_MIME
from kam_analysis.batch.page_charts import PLOTLY_MIME, chart, json_for_script, with_fallbacks
from kam_analysis.pages.frame import Source, framed


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


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, "–"), (float("nan"), "–"), (float("-inf"), "–"), (True, "True"), ("2025-05-31T00:00:00", "2025-05-31"),
        ("a & b", "a &amp; b"), (0, "0"), (-1234567, "-1,234,567"), (999.96, "1,000"), (1000.4, "1,000"), (-1000.6, "-1,001"),
        (0.012346, "0.01235"), (99.994, "99.99"),
    ],
)  # fmt: skip
def test_a_cell_behind_a_chart_is_written_so(value: object, written: str) -> None:
    meta = {"alt": "one", "table": {"columns": ["a"], "rows": [[value]]}}
    html = chart({"data": [], "layout": {"meta": meta}}, 1).html
    assert f">{written}<" in html.split("<tbody>")[1]


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
    word = {"text": "key from 10%", "yref": yref, "y": above, "yanchor": "bottom"}
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
    shown = by_nbconvert(notebook, tmp_path)
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


# Our charts as a user changed them

OURS = "Aldermoor & <b>Tressel</b> make 26%"


def ours() -> go.Figure:
    """A chart of the workbook: two bars, a table that says so, and what a phone shows otherwise."""
    bars = go.Bar(x=["Aldermoor", "Tressel"], y=np.array([18.1, 7.4]))
    source = Source("Lindmark", "31 May 2025", "12 months to 31 May 2025")
    rows = [["Aldermoor", "18.1%"], ["Tressel", "7.4%"]]
    narrow = {"data": [{"text": ["18", "7"]}], "annotations": []}
    return framed(
        go.Figure(bars),
        OURS,
        alt="Bars of two.",
        source=source,
        columns=["Customer", "Share"],
        rows=rows,
        height=300,
        narrow=narrow,
    )


def on_page(figure: go.Figure) -> tuple[str, dict[str, object]]:
    """Its markup and its layout, as a page gets them from an executed notebook."""
    made = chart(json.loads(figure.to_json()), 1)
    return made.html, json.loads(made.data)["layout"]


def test_our_own_chart_has_our_title_our_table_and_what_a_phone_shows() -> None:
    html, layout = on_page(ours())
    assert "<figcaption>Aldermoor &amp; &lt;b&gt;Tressel&lt;/b&gt; make 26%</figcaption>" in html
    assert 'aria-label="Bars of two."' in html
    assert "18.1%" in html
    assert '<p class="source">12 months to 31 May 2025</p>' in html
    assert layout["meta"] == {"narrow": {"data": [{"text": ["18", "7"]}], "annotations": []}}
    assert "title" not in layout


@pytest.mark.parametrize(
    ("change", "caption", "source"),
    [
        ({"title": "Mine <i>now</i>"}, "<figcaption>Mine now</figcaption>", "12 months"),
        ({"title_text": "R&amp;D<br>first"}, "<figcaption>R&amp;D first</figcaption>", "12 months"),
        (
            {"title": {"text": "Mine", "subtitle": {"text": "Source: me"}}},
            "<figcaption>Mine</figcaption>",
            "Source: me",
        ),
        ({"title": None}, "", "12 months"),
    ],
)
def test_a_title_that_a_user_gave_is_the_pages(change: dict[str, object], caption: str, source: str) -> None:
    figure = ours()
    figure.update_layout(**change)
    html, layout = on_page(figure)
    assert caption in html
    assert OURS.split()[0] not in html.partition('<div class="drawing"')[0], "our own title"
    assert f'<p class="source">{source}' in html
    assert "18.1%" in html, "the data is ours still, and so is its table"
    assert "title" not in layout


@pytest.mark.parametrize(
    "change",
    [
        lambda figure: figure.data[0].update(y=[30.0, 7.4]),
        lambda figure: figure.data[0].update(x=["Tressel", "Aldermoor"]),
        lambda figure: figure.add_trace(go.Bar(x=["Corvane"], y=[4.0])),
        lambda figure: figure.update_traces(visible="legendonly"),
        lambda figure: figure.update_layout(title="Mine") and figure.data[0].update(y=[30.0, 7.4]),
    ],
)
def test_changed_data_never_stands_beside_our_table_or_our_words_for_it(change: object) -> None:
    figure = ours()
    change(figure)  # type: ignore[operator]
    html, layout = on_page(figure)
    assert "18.1%" not in html
    assert "Bars of two." not in html
    assert ">7.4<" in html, "the table is made of what is drawn"
    assert "meta" not in layout, "a phone shows what is drawn"
    fallback = with_fallbacks(_executed(json.loads(figure.to_json()))).cells[0].outputs[0].data["text/html"]
    assert "18.1%" not in fallback
    assert ">7.4<" in fallback


@pytest.mark.parametrize(
    "change",
    [
        lambda figure: figure.update_traces(marker_color="red", name="share", hoverinfo="skip"),
        lambda figure: figure.update_layout(height=600, template="plotly_white", xaxis_title="Customer"),
        lambda figure: figure.add_annotation(text="Look here", x="Tressel", y=8),
    ],
)
def test_what_changes_no_number_leaves_the_table(change: object) -> None:
    figure = ours()
    change(figure)  # type: ignore[operator]
    html, _ = on_page(figure)
    assert "18.1%" in html
    assert 'aria-label="Bars of two."' in html


def test_a_users_own_chart_keeps_its_margins_and_gets_a_table_with_its_axes_names() -> None:
    lying = px.bar(x=[3.5, 2], y=["A", "B"], orientation="h", labels={"x": "Change", "y": "Customer"}, title="Two")
    lying.update_layout(margin={"b": 90})
    html, layout = on_page(lying)
    assert "<figcaption>Two</figcaption>" in html
    assert layout["margin"] == {"t": 8, "b": 90}
    head, body = html.partition("<table>")[2].split("</thead>")
    assert head.index("Customer") < head.index("Change")
    assert '<td class="text">A</td><td>3.5</td>' in body
    series = px.line(x=["2025-01-01T00:00:00", "2025-02-01T00:00:00"], y=[[1, 2], [3, 4]])
    assert ">series<" in on_page(series)[0]
    assert ">2025-01-01<" in on_page(series)[0]


def test_what_is_for_the_page_alone_does_not_stay_in_the_executed_notebook() -> None:
    output = nbformat.v4.new_output("display_data", data={FRAME_MIME: {"rows": []}, "text/html": "<table></table>"})
    cell = nbformat.v4.new_code_cell("x", outputs=[output])
    assert set(with_fallbacks(nbformat.v4.new_notebook(cells=[cell])).cells[0].outputs[0].data) == {"text/html"}


def _executed(figure: dict[str, object]) -> nbformat.NotebookNode:
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("x", outputs=[_shown(figure)])])
