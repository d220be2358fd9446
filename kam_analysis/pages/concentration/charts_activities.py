"""Every significant activity side by side: who carries it, and who is small in total yet large in one."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import plotly.graph_objects as go

from kam_analysis.analysis.concentration import Activity, Hidden
from kam_analysis.pages import style
from kam_analysis.pages.concentration.answer import activity_label
from kam_analysis.pages.concentration.charts_largest import told_bars
from kam_analysis.pages.frame import framed
from kam_analysis.pages.words import named, said_in, words_in

if TYPE_CHECKING:
    from kam_analysis.pages.concentration.found import Found

say = said_in(__file__)

LEADERS = 3
MOST_PANELS = 12
# Pixels: a bar with its name, the panel's heading, and the space below a panel.
_BAR, _HEADING, _BETWEEN = 22, 24, 14
_PANEL = _HEADING + LEADERS * _BAR + _BETWEEN
# Columns, and letters of a name: on a screen, on a phone, and on a tablet or paper.
_ARRANGED = ((2, 26), (1, 17), (2, 20))
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
    wide = max((each.leaders[0].share for each in shown if each.kind != "presence"), default=1.0)
    headings = [f"<b>{style.escaped(labels[each.activity])}</b>" for each in shown]
    on_screen, narrow, medium = (_places(shown, columns, letters) for columns, letters in _ARRANGED)
    layout: dict[str, Any] = {"margin": {"b": 8}}
    for at, each in enumerate(shown):
        layout |= _axes(each, str(at + 1) if at else "", 1.0 if each.kind == "presence" else wide)
    for axis, place in on_screen["axes"].items():
        layout[axis] |= place
    said = {"showarrow": False, "xref": "paper", "yref": "paper", "xanchor": "left", "yanchor": "top"}
    layout["annotations"] = [
        {"text": text} | said | place for text, place in zip(headings, on_screen["annotations"], strict=True)
    ]
    figure = go.Figure([_bars(each, at + 1, marked) for at, each in enumerate(shown)], layout)
    rows = [
        [labels[each.activity], leader.account_name, style.share(leader.share), style.share(leader.share_of_total)]
        for each in every
        for leader in each.leaders[:LEADERS]
    ]
    columns = [*words_in(__file__, "data_activities", measure=measure).values()]
    return framed(
        figure,
        _finding(hidden, labels, measure=measure),
        alt=say("charts.activities_alt", activities=len(shown)),
        source=found.about.source,
        columns=columns,
        rows=rows,
        height=on_screen["layout"]["height"],
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


def _bars(each: Activity, number: int, marked: set[tuple[str, str]]) -> dict[str, Any]:
    leaders = each.leaders[:LEADERS]
    shares, names = [leader.share for leader in leaders], [leader.account_name for leader in leaders]
    said = [_written(leader.share, leader.amount, each) for leader in leaders]
    strong = [(leader.account_id, each.activity) in marked for leader in leaders]
    place = {"width": 0.66, "xaxis": f"x{number}", "yaxis": f"y{number}"}
    return told_bars(shares, said, names=names, strong=strong, **place)


def _axes(each: Activity, number: str, longest: float) -> dict[str, dict[str, Any]]:
    across = {"range": [0, longest * 1.4], "visible": False, "anchor": f"y{number}"}
    up = {"range": [LEADERS - 0.5, -0.5], "tickvals": list(range(len(each.leaders[:LEADERS]))), "anchor": f"x{number}"}
    plain = {
        "showgrid": False,
        "zeroline": False,
        "automargin": False,
        "tickfont": {"size": 12},
        "ticklabelstandoff": 4,
    }
    return {f"xaxis{number}": across, f"yaxis{number}": up | plain}


def _written(part: float, amount: float, each: Activity) -> str:
    if each.kind == "presence":
        return say("charts.of_regions", served=f"{amount:.0f}", regions=f"{each.amount:.0f}")
    return style.share(part, 0 if part > 0.1 else 1)


def _places(shown: Sequence[Activity], columns: int, letters: int) -> dict[str, Any]:
    """Where each panel and its heading lie, as parts of the drawing, with names of so many letters."""
    rows = -(-len(shown) // columns)
    width, whole = 1.0 / columns, float(rows * _PANEL)
    axes: dict[str, dict[str, Any]] = {}
    annotations = []
    for at, each in enumerate(shown):
        row, column = divmod(at, columns)
        left = column * width + (_GUTTER / 2 if column else 0.0)
        top = 1.0 - row * _PANEL / whole
        bars = top - _HEADING / whole
        number = str(at + 1) if at else ""  # plotly's first axis has none
        names = [style.escaped(style.shortened(leader.account_name, letters)) for leader in each.leaders[:LEADERS]]
        axes[f"xaxis{number}"] = {"domain": [left + width * _NAMES, left + width - _GUTTER]}
        axes[f"yaxis{number}"] = {"domain": [max(0.0, bars - LEADERS * _BAR / whole), bars], "ticktext": names}
        annotations.append({"x": left, "y": top})
    return {"axes": axes, "annotations": annotations, "layout": {"height": rows * _PANEL + 40}}
