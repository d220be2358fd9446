"""The portfolio matrix of `02_key_accounts`."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from kam_analysis.analysis.segments import ACTIONS
from kam_analysis.view import style
from kam_analysis.view.figures.frame import Source, framed
from kam_analysis.view.findings.key_accounts import Evidence, share_of

_HEIGHT = 560
# Left, low, right, high, in pixels.
Box = tuple[float, float, float, float]
# Pixels of the drawing on a desktop, and of a character, for keeping names apart.
_WIDE, _HIGH, _CHARACTER = 960.0, 450.0, 6.9
# Where a name may stand: beside, above and below its bubble, then at its corners.
_PLACES = ((0, 1), (0, -1), (1, 0), (-1, 0), (0.8, 0.8), (-0.8, 0.8), (0.8, -0.8), (-0.8, -0.8))
# How much farther away, in pixels, where there is no room beside a bubble.
_AWAY = (0.0, 18.0, 36.0, 60.0, 90.0)
_AXIS = {"showgrid": False, "zeroline": False, "tickvals": [0, 0.25, 0.5, 0.75, 1]}


def matrix_figure(found: Evidence, source: Source) -> go.Figure:
    """Attractiveness against our strength: a bubble per key account, its area the sales; four quadrants with their action."""
    assert found.matrix is not None
    rows = found.matrix.set_index("account_id")
    rows = rows.loc[[each for each in found.ordered if each in rows.index]]
    names = [found.name(str(each)) for each in rows.index]
    shares = np.array([share_of(found, str(each)) for each in rows.index])
    radii = 7 + 30 * np.sqrt(shares / max(shares.max(initial=0.0), 1e-9))
    x, y = rows["strength"].to_numpy(), rows["attractiveness"].to_numpy()
    across, up = _range(x), _range(y)
    figure = go.Figure(_bubbles(x, y, radii, names, rows["borderline"].tolist()))
    _quadrants(figure, across, up)
    _names(figure, names, x, y, radii, across, up)
    figure.update_xaxes(range=across, title={"text": "our strength with it (0-1)", "font": _SMALL}, **_AXIS)
    figure.update_yaxes(range=up, title={"text": "its value to us (0-1)", "font": _SMALL}, **_AXIS)
    table = [
        [name, style.decimal(row["strength"], 2), style.decimal(row["attractiveness"], 2), row["action"],
         "near a border" if row["borderline"] else ""]
        for name, row in zip(names, rows.to_dict("records"), strict=True)
    ]  # fmt: skip
    alt = f"Bubbles of {len(rows)} key accounts by our strength and their value; the area is their sales."
    columns = ["Customer", "Our strength (0-1)", "Value (0-1)", "Action", ""]
    title = _finding(found, rows["quadrant"].tolist(), rows.index.tolist())
    # On a phone names would cover each other: there the table names the bubbles.
    corners = len(ACTIONS)
    borders = [each.to_plotly_json() for each in figure.layout.shapes[:2]]
    narrow: dict[str, Any] = {
        "layout": {"shapes": borders},
        "annotations": [{}] * corners + [{"text": ""}] * (len(figure.layout.annotations) - corners),
    }
    return framed(figure, title, alt, source, columns, table, _HEIGHT, narrow)


_SMALL = {"size": 12, "color": style.MUTED}


def _bubbles(x: np.ndarray, y: np.ndarray, radii: np.ndarray, names: Sequence[str], near: Sequence[bool]) -> go.Scatter:
    return go.Scatter(
        x=x, y=y, mode="markers", hoverinfo="text", hovertext=[style.escaped(name) for name in names],
        marker={
            "size": 2 * radii, "sizemode": "diameter", "opacity": 0.75,
            "color": [style.WARNING if each else style.ACCENT for each in near],
            # Not by colour alone: a border case has a dark rim.
            "line": {"color": [style.INK if each else style.PAPER for each in near], "width": [2 if each else 1 for each in near]},
        },
    )  # fmt: skip


def _finding(found: Evidence, quadrants: Sequence[str], ids: Sequence[str]) -> str:
    weak = [found.name(each) for each, quadrant in zip(ids, quadrants, strict=True) if quadrant == "Strategic"]
    if weak:
        return f"Valuable, and our position is weak: {', '.join(weak[:3])}{f' and {len(weak) - 3} more' if len(weak) > 3 else ''}"
    return f"{quadrants.count('Star')} of {len(quadrants)} key accounts are valuable, and our position is strong"


def _range(values: np.ndarray) -> tuple[float, float]:
    """An axis that holds all bubbles and the cut at one half, with room for names."""
    low, high = float(values.min(initial=0.5)), float(values.max(initial=0.5))
    room = 0.15 * (high - low) + 0.05
    return low - room, high + room


def _quadrants(figure: go.Figure, across: tuple[float, float], up: tuple[float, float]) -> None:
    line = {"color": style.REST, "dash": "dot", "width": 1}
    figure.add_shape(type="line", x0=0.5, x1=0.5, y0=up[0], y1=up[1], line=line, layer="below")
    figure.add_shape(type="line", x0=across[0], x1=across[1], y0=0.5, y1=0.5, line=line, layer="below")
    corners = {"Star": (1, 1), "Strategic": (0, 1), "Status": (1, 0), "Streamline": (0, 0)}
    for quadrant, (right, top) in corners.items():
        figure.add_annotation(
            x=right, y=top, xref="paper", yref="paper", text=f"<i>{ACTIONS[quadrant]}</i>", showarrow=False,
            xanchor="right" if right else "left", yanchor="top" if top else "bottom", font=_SMALL,
        )  # fmt: skip


def _names(
    figure: go.Figure, names: Sequence[str], x: np.ndarray, y: np.ndarray, radii: np.ndarray,
    across: tuple[float, float], up: tuple[float, float],
) -> None:  # fmt: skip
    """Names where there is room, largest customers first, farther away with a line to the bubble; a name without
    any room is left to hovering and the table."""
    # In pixels of a desktop's drawing, its origin below left.
    left, low = (x - across[0]) / (across[1] - across[0]) * _WIDE, (y - up[0]) / (up[1] - up[0]) * _HIGH
    taken = [(a - r, b - r, a + r, b + r) for a, b, r in zip(left, low, radii, strict=True)]
    for name, a, b, r in zip(names, left, low, radii, strict=True):
        shown = style.shortened(name, 28)
        found = next(
            (each for each in _boxes(a, b, r, _CHARACTER * len(shown)) if _fits(each, (a, b), taken, len(names))), None
        )
        if found is None:
            continue
        away, box = found
        taken.append(box)
        if away:
            end = _end(box, (a, b))
            figure.add_shape(
                type="line", x0=across[0] + a / _WIDE * (across[1] - across[0]), y0=up[0] + b / _HIGH * (up[1] - up[0]),
                x1=across[0] + end[0] / _WIDE * (across[1] - across[0]), y1=up[0] + end[1] / _HIGH * (up[1] - up[0]),
                line={"color": style.MUTED, "width": 1}, layer="below",
            )  # fmt: skip
        middle, height = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        figure.add_annotation(
            x=across[0] + middle / _WIDE * (across[1] - across[0]), y=up[0] + height / _HIGH * (up[1] - up[0]),
            text=style.escaped(shown), showarrow=False, font={"size": 12},
        )  # fmt: skip


def _boxes(a: float, b: float, r: float, wide: float) -> Iterator[tuple[float, Box]]:
    for away in _AWAY:
        for right, above in _PLACES:
            middle, height = a + right * (r + 5 + away + wide / 2), b + above * (r + 9 + away)
            yield away, (middle - wide / 2, height - 8, middle + wide / 2, height + 8)


def _fits(place: tuple[float, Box], at: tuple[float, float], taken: Sequence[Box], bubbles: int) -> bool:
    """Whether a name meets nothing there, and its line no other name."""
    away, box = place
    if not _free(box, taken):
        return False
    end = _end(box, at)
    steps = [(at[0] + part * (end[0] - at[0]), at[1] + part * (end[1] - at[1])) for part in np.linspace(0, 1, 25)]
    return not away or not any(
        left <= x <= right and low <= y <= high for x, y in steps for left, low, right, high in taken[bubbles:]
    )


def _end(box: Box, at: tuple[float, float]) -> tuple[float, float]:
    """Where a line from a bubble meets a name."""
    return min(max(at[0], box[0]), box[2]), min(max(at[1], box[1]), box[3])


def _free(box: Box, taken: Sequence[Box]) -> bool:
    inside = box[0] >= 0 and box[2] <= _WIDE and box[1] >= 18 and box[3] <= _HIGH - 18
    return inside and not any(
        box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3] for other in taken
    )
