"""The portfolio matrix of `02_key_accounts`, beside its other pictures."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from kam_analysis.analysis.segments import ACTIONS
from kam_analysis.pages import style
from kam_analysis.pages.frame import Source, framed
from kam_analysis.pages.key_accounts.charts_firmness import firmness_figure
from kam_analysis.pages.key_accounts.charts_served import served_figure
from kam_analysis.pages.key_accounts.findings import Evidence, share_of
from kam_analysis.pages.label_placement import Field, placed

__all__ = ["firmness_figure", "matrix_figure", "served_figure"]

_HEIGHT = 560
_HIGH = 450.0
# For each width of the page (framed knows which): pixels of the drawing at the least, the longest name, and how large
# bubbles are beside a desktop's.
_DESK, _TABLET, _PHONE = (960.0, 28, 1.0), (580.0, 26, 0.85), (270.0, 16, 0.6)
_AXIS = {"showgrid": False, "zeroline": False, "tickvals": [0, 0.25, 0.5, 0.75, 1]}


def matrix_figure(found: Evidence, source: Source) -> go.Figure:
    """Attractiveness against our strength: a bubble per key account, its area the sales; four quadrants with their action.

    Whoever is followed is there too, key or not, with a heavy rim and a bold name.
    """
    assert found.matrix is not None
    rows = found.matrix.set_index("account_id")
    # Names are placed in this order, while there is room.
    rows = rows.loc[[each for each in dict.fromkeys([found.customer, *found.ordered]) if each in rows.index]]
    names = [found.name(str(each)) for each in rows.index]
    shares = np.array([share_of(found, str(each)) for each in rows.index])
    radii = 7 + 30 * np.sqrt(shares / max(shares.max(initial=0.0), 1e-9))
    x, y = rows["strength"].to_numpy(), rows["attractiveness"].to_numpy()
    across, up = _range(x), _range(y)
    near, picked = rows["borderline"].tolist(), [each == found.customer for each in rows.index]

    def drawn(wide: float, longest: int, size: float) -> dict[str, Any]:
        words, lines = placed(names, x, y, size * radii, Field(across, up, wide, _HIGH), longest)
        if found.customer in rows.index:
            words = _bold(words, found.name(found.customer), longest)
        return {"annotations": [*_corners(), *words], "shapes": [*_borders(across, up), *lines]}

    def smaller(wide: float, longest: int, size: float) -> dict[str, Any]:
        marker = _marker(size * radii, near, picked)
        return {"layout": drawn(wide, longest, size), "data": [{"marker": marker}]}

    axes = {
        "xaxis": {"range": across, "title": {"text": "our strength with it (0-1)", "font": _SMALL}, **_AXIS},
        "yaxis": {"range": up, "title": {"text": "its value to us (0-1)", "font": _SMALL}, **_AXIS},
    }
    figure = go.Figure([_bubbles(x, y, radii, names, near, picked)], axes | drawn(*_DESK))
    table = [
        [name, style.decimal(row["strength"], 2), style.decimal(row["attractiveness"], 2), row["action"],
         "near a border" if row["borderline"] else ""]
        for name, row in zip(names, rows.to_dict("records"), strict=True)
    ]  # fmt: skip
    alt = f"Bubbles of {len(rows)} key accounts by our strength and their value; the area is their sales."
    columns = ["Customer", "Our strength (0-1)", "Value (0-1)", "Action", ""]
    keys = rows[rows.index.isin(found.ordered)]
    title = _finding(found, keys["quadrant"].tolist(), keys.index.tolist())
    return framed(figure, title, alt, source, columns, table, _HEIGHT, smaller(*_PHONE), smaller(*_TABLET))


_SMALL = {"size": 12, "color": style.MUTED}


def _bold(words: Sequence[dict[str, Any]], name: str, longest: int) -> list[dict[str, Any]]:
    text = style.escaped(style.shortened(name, longest))
    return [{**each, "text": f"<b>{text}</b>"} if each["text"] == text else each for each in words]


def _bubbles(
    x: np.ndarray, y: np.ndarray, radii: np.ndarray, names: Sequence[str], near: Sequence[bool], picked: Sequence[bool]
) -> dict[str, Any]:
    hover = [style.escaped(name) for name in names]
    return {
        "type": "scatter", "x": x, "y": y, "mode": "markers", "hoverinfo": "text", "hovertext": hover,
        "marker": _marker(radii, near, picked),
    }  # fmt: skip


def _marker(radii: np.ndarray, near: Sequence[bool], picked: Sequence[bool]) -> dict[str, Any]:
    rims = [4 if followed else 2 if border else 1 for border, followed in zip(near, picked, strict=True)]
    return {
        "size": (2 * radii).tolist(), "sizemode": "diameter", "opacity": 0.75,
        "color": [style.WARNING if each else style.ACCENT for each in near],
        # Not by colour alone: a border case has a dark rim.
        "line": {"color": [style.INK if rim > 1 else style.PAPER for rim in rims], "width": rims},
    }  # fmt: skip


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


def _borders(across: tuple[float, float], up: tuple[float, float]) -> list[dict[str, Any]]:
    dots = {"type": "line", "line": {"color": style.REST, "dash": "dot", "width": 1}, "layer": "below"}
    return [
        dots | {"x0": 0.5, "x1": 0.5, "y0": up[0], "y1": up[1]},
        dots | {"x0": across[0], "x1": across[1], "y0": 0.5, "y1": 0.5},
    ]


def _corners() -> list[dict[str, Any]]:
    """What to do in each quadrant, said in its corner."""
    corners = {"Star": (1, 1), "Strategic": (0, 1), "Status": (1, 0), "Streamline": (0, 0)}
    return [
        {
            "x": right, "y": top, "xref": "paper", "yref": "paper", "text": f"<i>{ACTIONS[quadrant]}</i>", "showarrow": False,
            "xanchor": "right" if right else "left", "yanchor": "top" if top else "bottom", "font": _SMALL,
        }
        for quadrant, (right, top) in corners.items()
    ]  # fmt: skip
