"""What a hand-over would cost, for each manager alike."""

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from kam_analysis.pages import style
from kam_analysis.pages.coverage.findings import Evidence, amounts
from kam_analysis.pages.frame import Source, framed

_SMALL = {"size": 12, "color": style.MUTED}
_ROW = 44
# The dearest; the table above has everybody.
_SHOWN = 12


def departures_figure(found: Evidence, source: Source, unit: str) -> go.Figure | None:
    """A bar for each of the dearest managers: the sales that a hand-over alone would cost, and what more goes if customers follow.

    The manager looked at is marked, and among them in any case.
    """
    if not len(found.people) or found.leaving.cost is None:
        return None
    chosen = found.leaving.cost.manager_id
    rows = _shown(found.people, chosen)
    follows = any(pd.notna(row["further"]) for row in rows)
    ends = [row["transition"] + (row["further"] if pd.notna(row["further"]) else 0.0) for row in rows]
    places, most = list(range(len(rows))), max(ends)
    said = [_written(row, follows) for row in rows]
    names = [found.manager(row["account_manager_id"]) for row in rows]
    labels = [style.escaped(f"{name}, {style.share(row['revenue_share'], 0)}") for name, row in zip(names, rows, strict=True)]  # fmt: skip
    lost = f"sales lost a year ({unit or 'amount'})" + ("; light: if customers follow" if follows else "")
    figure = go.Figure(_bars(rows, chosen, follows, unit), {
        "barmode": "overlay",
        "yaxis": {"tickvals": places, "ticktext": labels, "showgrid": False, "ticklabelstandoff": 8},
        "xaxis": {"range": [0, most * 1.42 or 1.0], "title": {"text": lost, "font": _SMALL}},
        "annotations": [
            {"x": end, "y": at, "text": text, "showarrow": False, "xanchor": "left", "xshift": 6, "font": _SMALL}
            for at, (end, text) in enumerate(zip(ends, said, strict=True))
        ],
    })  # fmt: skip
    brief = [{"text": text.replace(" alone,", ",")} for text in said]
    medium = {"annotations": brief, "axes": {"xaxis": {"range": [0, most * 1.85 or 1.0]}}}
    brief_title = {
        "text": f"{unit or 'amount'} a year" + ("; light: if some follow" if follows else ""),
        "font": _SMALL,
    }
    short = [style.escaped(style.shortened(name, 18)) for name in names]
    narrow = {
        "annotations": [{"text": style.money(end)} for end in ends],
        "axes": {
            "xaxis": {"range": [0, most * 1.3 or 1.0], "nticks": 4, "title": brief_title},
            "yaxis": {"ticktext": short},
        },
    }
    columns = ["Account manager", "Share of sales", "Hand-over alone", "More if customers follow"]
    table = [[name, *_row(row, unit)] for name, row in zip(reversed(names), reversed(rows), strict=True)]
    alt = "Bars of the sales that a change of each account manager would cost."
    title = _title(names[-1], rows[-1], unit)
    return framed(figure, title, alt, source, columns, table, 150 + _ROW * len(rows), narrow, medium)


def _shown(people: pd.DataFrame, chosen: str) -> list[dict[str, Any]]:
    """The dearest, the last one most; the manager looked at first where he is none of them."""
    order = people.sort_values("transition")
    shown = order.tail(_SHOWN)
    if chosen not in set(shown["account_manager_id"]):
        shown = pd.concat([order[order["account_manager_id"] == chosen], shown.iloc[1:]])
    return shown.to_dict("records")  # type: ignore[return-value]


def _bars(rows: list[dict[str, Any]], chosen: str, follows: bool, unit: str) -> list[go.Bar]:
    places, alone = list(range(len(rows))), [row["transition"] for row in rows]
    colours = [style.ACCENT if row["account_manager_id"] == chosen else style.MUTED for row in rows]
    ranges = [f"hand-over alone: {amounts(row['transition_low'], row['transition_high'], unit)}" for row in rows]
    form = {"y": places, "orientation": "h", "width": 0.5, "hoverinfo": "text"}
    found = [go.Bar(x=alone, marker={"color": colours}, hovertext=ranges, **form)]
    if follows:
        ranges = [f"more if customers follow: {amounts(row['further_low'], row['further_high'], unit)}" for row in rows]
        further = [row["further"] for row in rows]
        found.append(go.Bar(x=further, base=alone, marker={"color": style.REST}, hovertext=ranges, **form))
    return found


def _written(row: dict[str, Any], follows: bool) -> str:
    said = amounts(row["transition_low"], row["transition_high"], "")
    return said + (f" alone, {style.money(row['transition'] + row['further'])} if some follow" if follows else "")


def _row(row: dict[str, Any], unit: str) -> list[str]:
    more = style.NOT_ASSESSED
    if pd.notna(row["further"]):
        more = amounts(row["further_low"], row["further_high"], unit)
    return [style.share(row["revenue_share"]), amounts(row["transition_low"], row["transition_high"], unit), more]


def _title(name: str, dearest: dict[str, Any], unit: str) -> str:
    cost = amounts(dearest["transition_low"], dearest["transition_high"], unit)
    return f"The dearest hand-over is {name}'s: {cost} of sales"
