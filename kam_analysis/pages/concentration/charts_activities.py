"""Every significant activity side by side: who carries it, and who is small in total yet large in one."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import plotly.graph_objects as go

from kam_analysis.analysis.concentration import Activity, Hidden
from kam_analysis.pages import style
from kam_analysis.pages.concentration.answer import activity_label
from kam_analysis.pages.frame import framed
from kam_analysis.pages.sentences import said_in, words_in
from kam_analysis.pages.words import named

if TYPE_CHECKING:
    from kam_analysis.pages.concentration.found import Found

say = said_in(__file__)

LEADERS = 3
MOST_PANELS = 12
_COLUMNS = 2  # on a screen: names stand whole, and on paper it is the same
# Pixels: a bar with its name, the panel's heading, and the space below a panel.
_BAR, _HEADING, _BETWEEN = 22, 24, 14
_PANEL = _HEADING + LEADERS * _BAR + _BETWEEN
# Letters of a name: on a screen, on a phone, on a tablet or paper.
_LETTERS, _ON_A_PHONE, _ON_PAPER = 26, 17, 20
# Of a column's width: its names, and the space to the next column.
_NAMES, _GUTTER = 0.42, 0.03


def activities_chart(found: "Found") -> go.Figure | None:
    """A small panel per activity with its three largest customers, all on one scale; None where the total is alone.

    Customers that are key for one activity and not in total are drawn in the accent colour. At most twelve panels;
    the table behind the chart has them all. Presence counts regions, not money, and so has its own scale, the whole
    being all regions.
    """
    every = [each for each in found.activities if _has_a_panel(found, each)]
    if len(every) < 2:
        return None
    hidden, measure = found.hidden, found.about.measure_words
    labels = {each.activity: activity_label(each) for each in every}
    shown = every[:MOST_PANELS]
    marked = {(each.account_id, each.activity) for each in hidden}
    figure, wide = go.Figure(), max((each.leaders[0].share for each in shown if each.kind != "presence"), default=1.0)
    for at, each in enumerate(shown):
        _panel(figure, at, each=each, marked=marked, wide=wide)
    figure.update_layout(margin={"b": 8})
    narrow, medium = _arranged(figure, [labels[each.activity] for each in shown])
    for at, each in enumerate(shown):
        axis = f"yaxis{at + 1}" if at else "yaxis"
        narrow["axes"][axis]["ticktext"] = _called(each, _ON_A_PHONE)
        medium["axes"][axis]["ticktext"] = _called(each, _ON_PAPER)
    rows = [
        [labels[each.activity], leader.account_name, style.share(leader.share), style.share(leader.share_of_total)]
        for each in every
        for leader in each.leaders[:LEADERS]
    ]
    columns = [*words_in(__file__, "data_activities", measure=measure).values()]
    alt = say("charts.activities_alt", activities=len(shown))
    height = _height(len(shown), _COLUMNS)
    return framed(
        figure,
        _finding(hidden, labels, measure=measure),
        alt=alt,
        source=found.about.source,
        columns=columns,
        rows=rows,
        height=height,
        narrow=narrow,
        medium=medium,
    )


def _has_a_panel(found: "Found", each: Activity) -> bool:
    """Regions have the table alone; presence only where somebody buys in enough of them."""
    if each.kind == "presence":
        return each.largest.share >= found.presence_from
    return each.kind != "region"


def _finding(hidden: Sequence[Hidden], labels: Mapping[str, str], *, measure: str) -> str:
    if not hidden:
        return say("charts.activities_none")
    first = hidden[0]
    return say(
        "charts.activities",
        who=named(first.account_id, first.account_name),
        total=style.share(first.share_of_total, 0),
        measure=measure,
        share=style.share(first.share, 0),
        activity=labels[first.activity],
    )


def _panel(figure: go.Figure, at: int, *, each: Activity, marked: set[tuple[str, str]], wide: float) -> None:
    leaders = each.leaders[:LEADERS]
    positions = list(range(len(leaders)))
    parts = np.array([leader.share for leader in leaders])
    colours = [style.ACCENT if (leader.account_id, each.activity) in marked else style.REST for leader in leaders]
    texts = [_written(leader.share, leader.amount, each) for leader in leaders]
    figure.add_trace(
        go.Bar(
            x=parts, y=positions, orientation="h", marker={"color": colours}, width=0.66, text=texts,
            textposition="outside", cliponaxis=False, xaxis=f"x{at + 1}", yaxis=f"y{at + 1}",
            hovertext=[style.escaped(leader.account_name) for leader in leaders],
            hovertemplate="%{hovertext}<br>%{text}<extra></extra>",
        )
    )  # fmt: skip
    own = 1.0 if each.kind == "presence" else wide
    figure.update_layout(
        {
            f"xaxis{at + 1}": {"range": [0, own * 1.4], "visible": False, "anchor": f"y{at + 1}"},
            f"yaxis{at + 1}": {
                "range": [LEADERS - 0.5, -0.5], "tickvals": positions, "ticktext": _called(each, _LETTERS), "showgrid": False,
                "anchor": f"x{at + 1}", "automargin": False, "zeroline": False, "tickfont": {"size": 12}, "ticklabelstandoff": 4,
            },
        }
    )  # fmt: skip


def _called(each: Activity, letters: int) -> list[str]:
    return [style.escaped(style.shortened(leader.account_name, letters)) for leader in each.leaders[:LEADERS]]


def _written(part: float, amount: float, each: Activity) -> str:
    if each.kind == "presence":
        return say("charts.of_regions", served=f"{amount:.0f}", regions=f"{each.amount:.0f}")
    return style.share(part, 0 if part > 0.1 else 1)


def _arranged(figure: go.Figure, headings: Sequence[str]) -> list[dict[str, Any]]:
    """Three columns on a screen; returns what makes them one on a phone, and two between."""
    for heading in headings:
        figure.add_annotation(
            text=f"<b>{style.escaped(heading)}</b>", showarrow=False, xref="paper", yref="paper", xanchor="left",
            yanchor="top",
        )  # fmt: skip
    wide = _places(len(headings), _COLUMNS)
    for axis, place in wide["axes"].items():
        figure.layout[axis].update(place)
    for annotation, place in zip(figure.layout.annotations, wide["annotations"], strict=True):
        annotation.update(place)
    return [
        _places(len(headings), columns) | {"layout": {"height": _height(len(headings), columns)}} for columns in (1, 2)
    ]


def _height(panels: int, columns: int) -> int:
    return _PANEL * -(-panels // columns) + 40


def _places(panels: int, columns: int) -> dict[str, Any]:
    """Where each panel and its heading lie, as parts of the drawing."""
    rows = -(-panels // columns)
    width, whole = 1.0 / columns, float(rows * _PANEL)
    axes: dict[str, dict[str, Any]] = {}
    annotations = []
    for at in range(panels):
        row, column = divmod(at, columns)
        left = column * width + (_GUTTER / 2 if column else 0.0)
        top = 1.0 - row * _PANEL / whole
        bars = top - _HEADING / whole
        number = str(at + 1) if at else ""  # plotly's first axis has none
        axes[f"xaxis{number}"] = {"domain": [left + width * _NAMES, left + width - _GUTTER]}
        axes[f"yaxis{number}"] = {"domain": [max(0.0, bars - LEADERS * _BAR / whole), bars]}
        annotations.append({"x": left, "y": top})
    return {"axes": axes, "annotations": annotations}
