"""Where the key accounts stand: value against our position, and who stays among the best in nine tenths of weightings."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import plotly.graph_objects as go

from kam_analysis.analysis.segments import ACTIONS, FIRM
from kam_analysis.pages import style
from kam_analysis.pages.frame import column, framed, row_axis, titled, upright, word
from kam_analysis.pages.key_accounts.answer import ROBUST
from kam_analysis.pages.key_accounts.reasons import NAMED, share_of
from kam_analysis.pages.label_placement import Field, placed
from kam_analysis.pages.words import listed, said_in, words_in

if TYPE_CHECKING:
    from kam_analysis.pages.key_accounts.found import Found

say = said_in(__file__)

_HEIGHT = 560
_HIGH = 450.0


class _Width(NamedTuple):
    """Of the page: pixels of the drawing at the least, the longest name, how large bubbles are beside a desktop's."""

    wide: float
    longest: int
    size: float


_DESK, _TABLET, _PHONE = _Width(960.0, 28, 1.0), _Width(580.0, 26, 0.85), _Width(270.0, 16, 0.6)
_AXIS = {"showgrid": False, "zeroline": False, "tickvals": [0, 0.25, 0.5, 0.75, 1]}


def matrix_figure(found: "Found") -> go.Figure | None:
    """Value against our position: a bubble per key account, its area the sales; four quadrants with their action.

    Whoever is followed is there too, key or not, with a heavy rim and a bold name. None where the matrix is
    empty, and where nobody is key.
    """
    if found.matrix.empty or not len(found.keys):
        return None
    rows = found.matrix.set_index("account_id")
    # Names are placed in this order, while there is room.
    rows = rows.loc[[each for each in dict.fromkeys([found.customer, *found.ordered]) if each in rows.index]]
    names = [found.name(str(each)) for each in rows.index]
    shares = np.array([share_of(found, str(each)) for each in rows.index])
    radii = 7 + 30 * np.sqrt(shares / max(shares.max(initial=0.0), 1e-9))
    x, y = rows["strength"].to_numpy(), rows["attractiveness"].to_numpy()
    across, up = _range(x), _range(y)
    near, picked = rows["borderline"].tolist(), [each == found.customer for each in rows.index]

    def drawn(on: _Width) -> dict[str, Any]:
        field = Field(across, up, wide=on.wide, high=_HIGH)
        words, lines = placed(names, x, y=y, radii=on.size * radii, field=field, longest=on.longest)
        if found.customer in rows.index:
            words = _bold(words, found.name(found.customer), longest=on.longest)
        return {"annotations": [*_corners(), *words], "shapes": [*_borders(across, up), *lines]}

    def smaller(on: _Width) -> dict[str, Any]:
        marker = _marker(on.size * radii, near=near, picked=picked)
        return {"layout": drawn(on), "data": [{"marker": marker}]}

    axes = {
        "xaxis": {"range": across, **titled(say("charts.position")), **_AXIS},
        "yaxis": {"range": up, **titled(say("charts.value")), **_AXIS},
    }
    hover, marker = [style.escaped(name) for name in names], _marker(radii, near=near, picked=picked)
    bubbles = go.Scatter(x=x, y=y, mode="markers", marker=marker, hovertext=hover, hoverinfo="text")
    figure = go.Figure([bubbles], axes | drawn(_DESK))
    table = []
    for name, row in zip(names, rows.to_dict("records"), strict=True):
        strength, value = (style.decimal(row[each], 2) for each in ("strength", "attractiveness"))
        border = say("charts.near_border") if row["borderline"] else ""
        table.append([name, strength, value, row["action"], border])
    alt = say("charts.matrix_alt", accounts=len(rows))
    keys = rows[rows.index.isin(found.ordered)]
    title = _finding(found, keys["quadrant"].tolist(), ids=keys.index.tolist())
    return framed(
        figure,
        title,
        alt=alt,
        source=found.about.source,
        columns=[*words_in(__file__, "data_matrix").values(), ""],
        rows=table,
        height=_HEIGHT,
        narrow=smaller(_PHONE),
        medium=smaller(_TABLET),
    )


def _bold(words: Sequence[dict[str, Any]], name: str, *, longest: int) -> list[dict[str, Any]]:
    text = style.escaped(style.shortened(name, longest))
    return [{**each, "text": f"<b>{text}</b>"} if each["text"] == text else each for each in words]


def _marker(radii: np.ndarray, *, near: Sequence[bool], picked: Sequence[bool]) -> dict[str, Any]:
    rims = [4 if followed else 2 if border else 1 for border, followed in zip(near, picked, strict=True)]
    colours = [style.WARNING if each else style.ACCENT for each in near]
    # Not by colour alone: a border case has a dark rim.
    line = {"color": [style.INK if rim > 1 else style.PAPER for rim in rims], "width": rims}
    size = {"size": (2 * radii).tolist(), "sizemode": "diameter"}
    return {**size, "opacity": 0.75, "color": colours, "line": line}


def _finding(found: "Found", quadrants: Sequence[str], *, ids: Sequence[str]) -> str:
    weak = [found.name(each) for each, quadrant in zip(ids, quadrants, strict=True) if quadrant == "Strategic"]
    if weak:
        return say("charts.weak", who=listed(weak, NAMED))
    return say("charts.strong", strong=quadrants.count("Star"), keys=len(quadrants))


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
    corners = {
        "Star": ("right", "top"),
        "Strategic": ("left", "top"),
        "Status": ("right", "bottom"),
        "Streamline": ("left", "bottom"),
    }
    found = []
    for quadrant, (x, y) in corners.items():
        place = {"xref": "paper", "yref": "paper", "xanchor": x, "yanchor": y}
        found.append(word(int(x == "right"), int(y == "top"), f"<i>{ACTIONS[quadrant]}</i>", **place))
    return found


_SHOWN, _ROW = 30, 24


def firmness_figure(found: "Found") -> go.Figure | None:
    """In what part of all weightings each key account, and whoever is followed, is among the best; None without any.

    A dark bar with a word beside it stays below nine tenths: borderline. Large lists show those nearest to the line.
    """
    rows = _rows(found)
    if not rows:
        return None
    shown = sorted(sorted(rows, key=lambda row: abs(row[1] - FIRM))[:_SHOWN], key=lambda row: -row[1])
    tops, firm = [top for _, top, _ in shown], [top >= FIRM for _, top, _ in shown]
    places = list(range(len(shown)))
    hover = [say("charts.robust_hover", who=style.escaped(name), share=style.share(top)) for _, top, name in shown]
    marker = {
        "color": [style.ACCENT if sure else style.REST for sure in firm],
        "opacity": [0.45 if sure else 1 for sure in firm],
        "line": {"color": style.INK, "width": [1.5 if id_ == found.customer else 0 for id_, _, _ in shown]},
    }
    bars = go.Bar(x=tops, y=places, orientation="h", cliponaxis=False, marker=marker, hovertext=hover, hoverinfo="text")
    borderline = f"  {say('robust.borderline')}"
    said = [style.share(top, 0) + ("" if sure else borderline) for top, sure in zip(tops, firm, strict=True)]
    robust = say("charts.robust_from", share=style.share(FIRM, 0))
    layout = {
        "bargap": 0.3,
        "xaxis": {"range": [0, 1.35], "visible": False},
        "yaxis": row_axis(_names(found, shown, longest=26), places, range=[places[-1] + 0.6, -0.6]),
        "shapes": [upright(FIRM, 0, 1, yref="y domain")],
        "annotations": [word(FIRM, 1, robust, yref="y domain", yanchor="bottom")],
    }
    figure = go.Figure([bars, column(1.03, places, said, {"size": 12})], layout)
    narrow = {"axes": {"yaxis": {"ticktext": _names(found, shown, longest=16)}, "xaxis": {"range": [0, 1.95]}}}
    alt = say("charts.robust_alt", draws=style.count(found.draws), customers=len(shown), limit=found.limit)
    table = [
        [name, style.share(top), say("robust.robust" if top >= FIRM else "robust.borderline")] for _, top, name in rows
    ]
    columns = [*words_in(__file__, "data_robust", limit=found.limit).values()]
    return framed(
        figure,
        _how_many(found, rows),
        alt=alt,
        source=found.about.source,
        columns=columns,
        rows=table,
        height=_ROW * len(shown) + 130,
        narrow=narrow,
    )


Row = tuple[str, float, str]


def _rows(found: "Found") -> list[Row]:
    """account_id, part of the weightings and name of all that have a score, the firmest first."""
    apart = [found.customer] if found.customer and found.customer not in set(found.ordered) else []
    told = [(each, found.of(found.scores, each, "top"), found.name(each)) for each in [*found.ordered, *apart]]
    scored = [row for row in told if row[1] is not None and found.of(found.scores, row[0], "score") is not None]
    return sorted(scored, key=lambda row: (-row[1], row[0]))


def _names(found: "Found", shown: list[Row], *, longest: int) -> list[str]:
    names = [(id_, style.escaped(style.shortened(name, longest))) for id_, _, name in shown]
    return [f"<b>{name}</b>" if id_ == found.customer else name for id_, name in names]


def _how_many(found: "Found", rows: list[Row]) -> str:
    keys: list[Any] = [top for id_, top, _ in rows if id_ != found.customer or id_ in set(found.ordered)]
    firm = sum(top >= FIRM for top in keys)
    of = {"firm": firm, "keys": len(keys), "limit": found.limit, "robust": ROBUST}
    if not keys:
        return say("charts.nobody")
    return say("charts.one_robust", **of) if firm == 1 else say("charts.robust", **of)
