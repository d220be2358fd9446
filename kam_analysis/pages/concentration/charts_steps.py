"""From one total to the next, step by step: the drawing that the bridges share."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import plotly.graph_objects as go

from kam_analysis.pages import style
from kam_analysis.pages.sentences import words_in

Drawn = dict[str, Any]
# Of the two totals, as pages name them.
ENDS = tuple(words_in(__file__, "ends").values())


@dataclass(frozen=True)
class Step:
    """One step: its name, by how much it changes the total, and the words that stand beside it and on a phone."""

    name: str
    change: float
    said: str
    short: str


def levels(opening: float, steps: Sequence[Step]) -> list[float]:
    """The total before each step, and after the last one."""
    return list(accumulate((step.change for step in steps), initial=opening))


def stepped(opening: float, steps: Sequence[Step], *, unit: str, parts: Sequence[Drawn] = ()) -> go.Figure:
    """Bars from total to total; `parts` are drawn on top of them.

    The two totals are points, not bars: the axis does not begin at zero, so only the changes have a length.
    """
    at = levels(opening, steps)
    low, high = min(at), max(at)
    span = (high - low) or high
    names = [ENDS[0], *(step.name for step in steps), ENDS[1]]
    layout = {
        "barmode": "overlay",
        "margin": {"b": 8},  # nothing stands below the last bar
        "xaxis": {"range": [low - 0.04 * span, high + 0.75 * span], "visible": False},
        "yaxis": {
            "range": [len(names) - 0.5, -0.5], "tickvals": list(range(len(names))), "ticktext": names, "showgrid": False,
            "ticklabelstandoff": 8,
        },
        "annotations": [_words(step, row, at) for row, step in enumerate(steps, start=1)],
        "shapes": [_level(level, row) for row, level in enumerate(at)],
    }  # fmt: skip
    bars = [_bar(step, row, at) for row, step in enumerate(steps, start=1)]
    # Made in one go: plotly takes several times as long to add to a figure.
    return go.Figure([_totals(at, unit), *bars, *parts], layout)


def shortened(steps: Sequence[Step]) -> list[Drawn]:
    """On a phone the amounts stand alone; the rest is in the table."""
    return [{"text": step.short} for step in steps]


def signed(change: float, unit: str) -> str:
    """An amount with its sign."""
    return ("+" if change > 0 else "") + style.money(change, unit)


def _totals(at: Sequence[float], unit: str) -> Drawn:
    return {
        "type": "scatter", "mode": "markers+text", "x": [at[0], at[-1]], "y": [0, len(at)],
        "marker": {"color": style.INK, "size": 11}, "textposition": "middle right", "hoverinfo": "skip",
        "text": [f"  {style.money(total, unit)}" for total in (at[0], at[-1])],
    }  # fmt: skip


def _colour(change: float) -> str:
    return style.ACCENT if change >= 0 else style.WARNING


def _bar(step: Step, row: int, at: Sequence[float]) -> Drawn:
    return {
        "type": "bar", "orientation": "h", "x": [abs(step.change)], "base": [min(at[row - 1], at[row])], "y": [row],
        "width": 0.6, "text": [step.said], "textposition": "none", "marker": {"color": _colour(step.change)},
        "hovertemplate": f"{step.said}<extra></extra>",
    }  # fmt: skip


def _words(step: Step, row: int, at: Sequence[float]) -> Drawn:
    return {
        "x": max(at[row - 1], at[row]), "y": row, "text": step.said, "showarrow": False, "xanchor": "left", "xshift": 6,
        "font": {"color": _colour(step.change)},
    }  # fmt: skip


def _level(level: float, row: int) -> Drawn:
    """A thin line leads the eye from one level to the next."""
    line = {"color": style.REST, "width": 1}
    return {"type": "line", "x0": level, "x1": level, "y0": row, "y1": row + 1, "line": line, "layer": "below"}
