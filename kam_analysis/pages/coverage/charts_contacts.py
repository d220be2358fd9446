"""Whom we know at one account, how well, and how well we want to."""

import pandas as pd
import plotly.graph_objects as go

from kam_analysis.analysis.coverage import INFLUENCER, LIVE
from kam_analysis.pages import style
from kam_analysis.pages.frame import Source, framed

STRENGTHS = ("unknown", "no contact", "brief", "several", "in depth")
_ROW = 26
_LABEL = 42
_PHONE_LABEL = 20


def contacts_figure(contacts: pd.DataFrame, account_name: str, source: Source) -> go.Figure:
    """One row per contact, the most influential on top: a dot where we stand, a ring where we want to be.

    `contacts`: as of `coverage.contact_map`.
    """
    rows = contacts.iloc[::-1].reset_index(drop=True)
    places = list(range(len(rows)))
    figure = go.Figure()
    for at, row in enumerate(rows.to_dict("records")):
        if pd.notna(row["gap"]) and row["gap"] > 0:
            figure.add_shape(type="line", x0=row["strength"], x1=row["strength_wanted"], y0=at, y1=at, line={"color": style.REST, "width": 3}, layer="below")  # fmt: skip
    said = [_said(row) for row in rows.to_dict("records")]
    figure.add_trace(
        go.Scatter(
            x=rows["strength_wanted"], y=places, mode="markers", hoverinfo="skip",
            marker={"symbol": "circle-open", "size": 15, "color": style.MUTED, "line": {"width": 1.5}},
        )
    )  # fmt: skip
    figure.add_trace(
        go.Scatter(
            x=rows["strength"], y=places, mode="markers", hovertext=said, hoverinfo="text",
            marker={"size": 11, "color": [_colour(row) for row in rows.to_dict("records")]},
        )
    )  # fmt: skip
    figure.update_xaxes(
        range=[-0.35, 4.35], tickvals=list(range(5)), ticktext=list(STRENGTHS), side="top", showgrid=True
    )
    labels = [style.escaped(_label(row, _LABEL)) for row in rows.to_dict("records")]
    figure.update_yaxes(range=[-0.7, len(rows) - 0.3], tickvals=places, ticktext=labels, showgrid=False, zeroline=False, ticklabelstandoff=8)  # fmt: skip
    figure.update_layout(margin={"t": 96})
    short = [style.escaped(style.shortened(_name(row), _PHONE_LABEL)) for row in rows.to_dict("records")]
    narrow = {
        "axes": {
            "yaxis": {"ticktext": short},
            "xaxis": {
                "ticktext": ["un-<br>known", "no<br>contact", "brief", "several", "in<br>depth"],
                "tickangle": 0,
                "tickfont": {"size": 10},
            },
        }
    }
    columns = ["Contact", "Role", "Influence (1-5)", "Relationship", "Wanted", "Cares about", "Approach"]
    table = [
        [_name(row), _text(row["role"]), _number(row["influence"]), _strength(row["strength"]), _strength(row["strength_wanted"]), _text(row["interests"]), _text(row["approach"])]
        for row in contacts.to_dict("records")
    ]  # fmt: skip
    alt = f"Contacts at {account_name} by influence: a dot where the relationship stands, a ring where it is wanted."
    return framed(figure, _title(contacts, account_name), alt, source, columns, table, 150 + _ROW * len(rows), narrow)


def _title(contacts: pd.DataFrame, account_name: str) -> str:
    decide = contacts[contacts["influence"] >= INFLUENCER]
    known = int((decide["strength"] >= LIVE).sum())
    live = contacts[contacts["strength"] >= LIVE]
    if len(live) == 1:
        return f"{account_name} hangs on one contact: {_name(live.to_dict('records')[0])}"
    if not len(decide):
        return f"{account_name}: {style.counted(len(live), 'live contact')}, none with much influence"
    if known == len(decide):
        weaker = int((contacts["gap"] > 0).sum())
        who = "the one who decides" if known == 1 else "both who decide" if known == 2 else f"all {known} who decide"
        return f"{account_name}: we know {who}" + (f", {weaker} of all contacts less well than wanted" if weaker else "")  # fmt: skip
    return f"{account_name}: of {len(decide)} who decide we know {known or 'none'}"


def _colour(row: dict) -> str:
    if row["strength"] >= LIVE:
        return style.ACCENT
    return style.WARNING if row["influence"] >= INFLUENCER else style.MUTED


def _said(row: dict) -> str:
    parts = [f"<b>{style.escaped(_name(row))}</b>", style.escaped(_text(row["role"])), f"influence {_number(row['influence'])} of 5"]  # fmt: skip
    parts += [f"cares about: {style.escaped(row['interests'])}"] if isinstance(row["interests"], str) else []
    parts += [f"approach: {style.escaped(row['approach'])}"] if isinstance(row["approach"], str) else []
    return "<br>".join(part for part in parts if part)


def _label(row: dict, length: int) -> str:
    role = f", {row['role']}" if isinstance(row["role"], str) else ""
    return f"{style.shortened(_name(row) + role, length)} ({_number(row['influence'])})"


def _name(row: dict) -> str:
    return row["contact_name"] if isinstance(row["contact_name"], str) else f"Contact {row['contact_id']}"


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _number(value: float) -> str:
    return f"{value:g}" if pd.notna(value) else "?"


def _strength(value: float) -> str:
    return STRENGTHS[round(value)] if pd.notna(value) else ""
