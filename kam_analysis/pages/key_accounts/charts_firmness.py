"""Who stays among the best however the criteria are weighed."""

from typing import Any

import plotly.graph_objects as go

from kam_analysis.pages import style
from kam_analysis.pages.frame import Source, framed
from kam_analysis.pages.key_accounts.findings import Evidence

# From this part of the weightings on an account is firm, as `segments.firm` has it.
_FIRM = 0.9
_SHOWN, _ROW = 30, 24
_SMALL = {"size": 12, "color": style.MUTED}


def firmness_figure(found: Evidence, source: Source) -> go.Figure | None:
    """In what part of all weightings each key account, and whoever is followed, is among the best; None without any.

    A dark bar with a word beside it stays below nine tenths: borderline. Large lists show those nearest to the line.
    """
    rows = _rows(found)
    if not rows:
        return None
    shown = sorted(sorted(rows, key=lambda row: abs(row[1] - _FIRM))[:_SHOWN], key=lambda row: -row[1])
    tops, firm = [top for _, top, _ in shown], [top >= _FIRM for _, top, _ in shown]
    places = list(range(len(shown)))
    bars = {
        "type": "bar", "x": tops, "y": places, "orientation": "h", "cliponaxis": False, "hoverinfo": "text",
        "hovertext": [f"{style.escaped(name)}<br>{style.share(top)} of weightings" for _, top, name in shown],
        "marker": {
            "color": [style.ACCENT if sure else style.REST for sure in firm], "opacity": [0.45 if sure else 1 for sure in firm],
            "line": {"color": style.INK, "width": [1.5 if id_ == found.customer else 0 for id_, _, _ in shown]},
        },
    }  # fmt: skip
    # In a column of their own, where the dotted line crosses no word.
    words = {
        "type": "scatter", "mode": "text", "x": [1.03] * len(shown), "y": places, "textposition": "middle right",
        "text": [style.share(top, 0) + ("" if sure else "  borderline") for top, sure in zip(tops, firm, strict=True)],
        "textfont": {"size": 12}, "hoverinfo": "skip", "cliponaxis": False,
    }  # fmt: skip
    layout = {
        "bargap": 0.3,
        "xaxis": {"range": [0, 1.35], "visible": False},
        "yaxis": {
            "tickvals": places, "ticktext": _names(found, shown, 26), "range": [places[-1] + 0.6, -0.6],
            "showgrid": False, "ticklabelstandoff": 8,
        },
        "shapes": [_line()],
        "annotations": [_label()],
    }  # fmt: skip
    figure = go.Figure([bars, words], layout)
    narrow = {"axes": {"yaxis": {"ticktext": _names(found, shown, 16)}, "xaxis": {"range": [0, 1.95]}}}
    alt = f"Bars of the part of {found.draws:,} weightings in which each of {len(shown)} customers is among the best {found.limit}."
    table = [[name, style.share(top), "firm" if top >= _FIRM else "borderline"] for _, top, name in rows]
    columns = ["Customer", f"Among the best {found.limit}", "However weighed"]
    return framed(figure, _finding(found, rows), alt, source, columns, table, _ROW * len(shown) + 130, narrow)


def _line() -> dict[str, Any]:
    dots = {"color": style.MUTED, "dash": "dot", "width": 1}
    return {"type": "line", "x0": _FIRM, "x1": _FIRM, "yref": "y domain", "y0": 0, "y1": 1, "line": dots}


def _label() -> dict[str, Any]:
    return {
        "x": _FIRM, "y": 1, "yref": "y domain", "yanchor": "bottom", "showarrow": False, "font": _SMALL,
        "text": f"firm from {style.share(_FIRM, 0)} of weightings",
    }  # fmt: skip


Row = tuple[str, float, str]


def _rows(found: Evidence) -> list[Row]:
    """account_id, part of the weightings and name of all that have a score, the firmest first."""
    apart = [found.customer] if found.customer and found.customer not in set(found.ordered) else []
    told = [(each, found.of(found.scores, each, "top"), found.name(each)) for each in [*found.ordered, *apart]]
    scored = [row for row in told if row[1] is not None and found.of(found.scores, row[0], "score") is not None]
    return sorted(scored, key=lambda row: (-row[1], row[0]))


def _names(found: Evidence, shown: list[Row], longest: int) -> list[str]:
    names = [(id_, style.escaped(style.shortened(name, longest))) for id_, _, name in shown]
    return [f"<b>{name}</b>" if id_ == found.customer else name for id_, name in names]


def _finding(found: Evidence, rows: list[Row]) -> str:
    keys: list[Any] = [top for id_, top, _ in rows if id_ != found.customer or id_ in set(found.ordered)]
    firm = sum(top >= _FIRM for top in keys)
    if not keys:
        return "Nobody is key"
    verb = "is" if firm == 1 else "are"
    return f"{firm} of {len(keys)} key accounts {verb} among the best {found.limit} by value, however you weigh the criteria"
