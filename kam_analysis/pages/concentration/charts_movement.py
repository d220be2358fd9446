"""What moved between two years: from the sales of one to the sales of the other."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import plotly.graph_objects as go

from kam_analysis.analysis.concentration import Bridge
from kam_analysis.pages import style
from kam_analysis.pages.frame import framed
from kam_analysis.pages.words import headed, named

if TYPE_CHECKING:
    from kam_analysis.pages.concentration.found import Found

# A customer that did not buy in a year may only order rarely: it is not "lost".
STEPS = {"new": "New", "grown": "Growth", "shrunk": "Decline", "lost": "No orders this year"}

Drawn = dict[str, Any]
Changes = Mapping[str, float]


def bridge_chart(found: "Found") -> go.Figure | None:
    """From the year before to this one: what came in, grew, shrank and stopped; None without a year before.

    The highlighted account's own part is drawn in its step. The two totals are points, not bars: the axis does
    not begin at zero, so only the changes have a length.
    """
    if found.year is None:
        return None
    bridge, unit, measure, followed = found.year.bridge, found.about.unit, found.about.measure_words, found.customer
    changes = {kind: float(getattr(bridge, kind)) for kind in STEPS}
    levels = [bridge.opening]
    for change in changes.values():
        levels.append(levels[-1] + change)
    parts, said = _part(bridge, levels, unit=unit, followed=followed)
    low, high = min(levels), max(levels)
    span = (high - low) or high
    names = ["The year before", *STEPS.values(), "This year"]
    layout = {
        "barmode": "overlay",
        "xaxis": {"range": [low - 0.04 * span, high + 0.75 * span], "visible": False},
        "yaxis": {
            "range": [len(names) - 0.5, -0.5], "tickvals": list(range(len(names))), "ticktext": names, "showgrid": False,
            "ticklabelstandoff": 8,
        },
        "annotations": [*_amounts(bridge, changes, levels, unit), *said],
        "shapes": _levels(levels),
    }  # fmt: skip
    # Made in one go: plotly takes several times as long to add to a figure.
    figure = go.Figure([_totals(bridge, unit), *_changes(bridge, changes, levels, unit), *parts], layout)
    rows = [["The year before", "", style.money(bridge.opening, unit)]]
    rows += [[STEPS[kind], style.count(bridge.count(kind)), style.money(changes[kind], unit)] for kind in STEPS]
    rows.append(["This year", "", style.money(bridge.closing, unit)])
    alt = f"Bridge from {style.money(bridge.opening, unit)} of {measure} the year before to {style.money(bridge.closing, unit)}."
    columns = ["Step", "Customers", headed(measure)]
    # On a phone the amounts stand alone; the numbers of customers are in the table.
    short = [{"text": _signed(change, unit)} for change in changes.values()]
    short += [{"text": each["text"].rpartition(": ")[2]} for each in said]
    return framed(
        figure,
        _finding(bridge, measure),
        alt=alt,
        source=found.year.source,
        columns=columns,
        rows=rows,
        height=330,
        narrow={"annotations": short},
    )


def _finding(bridge: Bridge, measure: str) -> str:
    kept = f"{style.share(bridge.kept, 0)} of the {measure} of the year before were kept"
    return f"{kept}; with the growth of those customers {style.share(bridge.kept_plus_grown, 0)}"


def _signed(change: float, unit: str) -> str:
    return ("+" if change > 0 else "") + style.money(change, unit)


def _totals(bridge: Bridge, unit: str) -> Drawn:
    return {
        "type": "scatter", "mode": "markers+text", "x": [bridge.opening, bridge.closing], "y": [0, len(STEPS) + 1],
        "marker": {"color": style.INK, "size": 11}, "textposition": "middle right", "hoverinfo": "skip",
        "text": [f"  {style.money(total, unit)}" for total in (bridge.opening, bridge.closing)],
    }  # fmt: skip


def _text(bridge: Bridge, kind: str, change: float, unit: str) -> str:
    return f"{_signed(change, unit)}, {style.counted(bridge.count(kind), 'customer')}"


def _colour(change: float) -> str:
    return style.ACCENT if change >= 0 else style.WARNING


def _changes(bridge: Bridge, changes: Changes, levels: Sequence[float], unit: str) -> list[Drawn]:
    found: list[Drawn] = []
    for row, (kind, change) in enumerate(changes.items(), start=1):
        text = _text(bridge, kind, change, unit)
        found.append(
            {
                "type": "bar", "orientation": "h", "x": [abs(change)], "base": [min(levels[row - 1], levels[row])],
                "y": [row], "width": 0.6, "text": [text], "textposition": "none", "marker": {"color": _colour(change)},
                "hovertemplate": f"{text}<extra></extra>",
            }
        )  # fmt: skip
    return found


def _amounts(bridge: Bridge, changes: Changes, levels: Sequence[float], unit: str) -> list[Drawn]:
    return [
        {
            "x": max(levels[row - 1], levels[row]), "y": row, "text": _text(bridge, kind, change, unit), "showarrow": False,
            "xanchor": "left", "xshift": 6, "font": {"color": _colour(change)},
        }
        for row, (kind, change) in enumerate(changes.items(), start=1)
    ]  # fmt: skip


def _levels(levels: Sequence[float]) -> list[Drawn]:
    """Thin lines lead the eye from one level to the next."""
    line = {"color": style.REST, "width": 1}
    return [
        {"type": "line", "x0": level, "x1": level, "y0": row, "y1": row + 1, "line": line, "layer": "below"}
        for row, level in enumerate(levels)
    ]


def _part(bridge: Bridge, levels: Sequence[float], *, unit: str, followed: str) -> tuple[list[Drawn], list[Drawn]]:
    """The followed account's part of its step, and the words for it below the step's own amount."""
    for each in bridge.accounts[bridge.accounts["account_id"] == followed].to_dict("records"):
        if each["kind"] not in STEPS:
            continue
        row, change = list(STEPS).index(each["kind"]) + 1, float(each["change"])
        name = style.escaped(style.shortened(named(followed, each["account_name"]), 16))
        said = f"{name}: {_signed(change, unit)}"
        bar = {
            "type": "bar", "orientation": "h", "x": [abs(change)], "base": [min(levels[row - 1], levels[row - 1] + change)],
            "y": [row], "width": 0.6, "marker": {"color": style.INK}, "hovertemplate": f"{said}<extra></extra>",
        }  # fmt: skip
        words = {
            "x": max(levels[row - 1], levels[row]), "y": row, "text": said, "showarrow": False, "xanchor": "left",
            "xshift": 6, "yshift": -15, "font": {"size": 12, "color": style.INK},
        }  # fmt: skip
        return [bar], [words]
    return [], []
