"""Whom we know at one account, how well, and how well we want to; and where hours keep and win most."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd
import plotly.graph_objects as go

from kam_analysis.analysis import coverage
from kam_analysis.analysis.coverage import INFLUENCER, LIVE
from kam_analysis.pages import style
from kam_analysis.pages.frame import framed, row_axis, titled
from kam_analysis.pages.words import said_in, words_in

if TYPE_CHECKING:
    from kam_analysis.pages.coverage.found import Found

say = said_in(__file__)

STRENGTHS = ("unknown", "no contact", "brief", "several", "in depth")
_SHORT_STRENGTHS = ["un-<br>known", "no<br>contact", "brief", "several", "in<br>depth"]
_ROW, _HOURS_ROW = 26, 28
_LABEL, _PHONE_LABEL = 42, 20
_HOURS_SHOWN = 14


def contacts_chart(found: "Found", account_id: str) -> go.Figure | None:
    """One row per contact, the most influential on top: a dot where we stand, a ring where we want to be."""
    contacts = coverage.contact_map(found.known.contacts, account_id)
    if not len(contacts):
        return None
    account_name, rows = found.customer(account_id), contacts.iloc[::-1].reset_index(drop=True)
    people = rows.to_dict("records")
    figure = _rings_and_dots(
        rows["strength_wanted"],
        rows["strength"],
        size=15,
        colours=[_colour(each) for each in people],
        hover=[_said(each) for each in people],
        labels=[_label(each) for each in people],
        joined=rows["gap"] > 0,
    )
    figure.update_xaxes(
        range=[-0.35, 4.35], tickvals=list(range(5)), ticktext=list(STRENGTHS), side="top", showgrid=True
    )
    figure.update_layout(margin={"t": 96})
    short = [style.escaped(style.shortened(contact_name(each), _PHONE_LABEL)) for each in people]
    levels = {"ticktext": _SHORT_STRENGTHS, "tickangle": 0, "tickfont": {"size": 10}}
    narrow = {"axes": {"yaxis": {"ticktext": short}, "xaxis": levels}}
    columns = [*words_in(__file__, "data_contacts").values()]
    table = [_person(each) for each in contacts.to_dict("records")]
    return framed(
        figure,
        _title(contacts, account_name),
        alt=say("charts.contacts_alt", account=account_name),
        source=found.about.source,
        columns=columns,
        rows=table,
        height=150 + _ROW * len(rows),
        narrow=narrow,
    )


def hours_chart(found: "Found") -> go.Figure | None:
    """A row per account: a ring for today's hours, a dot for the better ones."""
    best = found.allocation
    if best is None or not best.assessed:
        return None
    rows = found.hours.dropna(subset="hours_best").head(_HOURS_SHOWN)
    rows = rows.sort_values(["change", "account_id"]).reset_index(drop=True)
    accounts, colours = rows.to_dict("records"), [style.ACCENT if each > 0 else style.MUTED for each in rows["change"]]
    figure = _rings_and_dots(
        rows["hours"],
        rows["hours_best"],
        size=11,
        colours=colours,
        hover=[_moved(each) for each in accounts],
        labels=[style.shortened(each) for each in rows["account_name"]],
        joined=rows["hours_best"].notna(),
    )
    for at, row in enumerate(accounts):
        side = {"xanchor": "left", "xshift": 9} if row["change"] > 0 else {"xanchor": "right", "xshift": -9}
        text = {"text": style.change(row["change"]), "font": {"size": 12, "color": colours[at]}}
        figure.add_annotation(x=row["hours_best"], y=at, showarrow=False, **text, **side)
    most = float(rows[["hours", "hours_best"]].max().max())
    figure.update_xaxes(range=[-0.09 * most, 1.12 * most], **titled(say("charts.hours_axis")))
    short = [style.escaped(style.shortened(each, 18)) for each in rows["account_name"]]
    phone = {"range": [-0.16 * most, 1.22 * most], "nticks": 5, **titled(say("charts.hours_axis_narrow"))}
    narrow = {"axes": {"yaxis": {"ticktext": short}, "xaxis": phone}}
    columns = [
        say("heads.customer"),
        "Manager" if found.rated.individuals else "Team",
        say("heads.hours_a_month_now"),
        say("heads.best"),
        say("managers.gain"),
    ]
    table = [_better(found, each) for each in reversed(accounts)]
    return framed(
        figure,
        say("charts.hours", money=style.money(best.gain, found.about.unit), earned=found.earned),
        alt=say("charts.hours_alt"),
        source=found.about.source,
        columns=columns,
        rows=table,
        height=140 + _HOURS_ROW * len(rows),
        narrow=narrow,
    )


def _rings_and_dots(
    rings: pd.Series,
    dots: pd.Series,
    *,
    size: int,
    colours: list[str],
    hover: list[str],
    labels: list[str],
    joined: pd.Series,
) -> go.Figure:
    """A row per name with a ring and a dot, `joined` by a line where the two are to be told apart."""
    places = list(range(len(dots)))
    ring, dot = {"symbol": "circle-open", "size": size, "color": style.MUTED, "line": {"width": 1.5}}, {"size": 11}
    form = {"y": places, "mode": "markers"}
    figure = go.Figure(
        [
            go.Scatter(x=rings, marker=ring, hoverinfo="skip", **form),
            go.Scatter(x=dots, marker={**dot, "color": colours}, hovertext=hover, hoverinfo="text", **form),
        ]
    )
    line = {"color": style.REST, "width": 3}
    for at in joined.index[joined]:
        figure.add_shape(type="line", x0=dots[at], x1=rings[at], y0=at, y1=at, line=line, layer="below")
    names = [style.escaped(each) for each in labels]
    figure.update_yaxes(**row_axis(names), range=[-0.7, len(labels) - 0.3], zeroline=False)
    return figure


def _moved(row: Mapping[Any, Any]) -> str:
    now, best = style.decimal(row["hours"]), style.decimal(row["hours_best"])
    return say("charts.hours_moved", customer=style.escaped(row["account_name"]), now=now, best=best)


def _better(found: "Found", row: Mapping[Any, Any]) -> list[str]:
    more = style.money(row["value_best"] - row["value"], found.about.unit)
    hours = [style.decimal(row["hours"]), style.decimal(row["hours_best"])]
    return [row["account_name"], row["rated_as"], *hours, more]


def _title(contacts: pd.DataFrame, account_name: str) -> str:
    decide, live = contacts[contacts["influence"] >= INFLUENCER], contacts[contacts["strength"] >= LIVE]
    known, account = int((decide["strength"] >= LIVE).sum()), style.shortened(account_name)
    if len(live) == 1:
        return say("charts.one_contact", account=account, who=contact_name(live.to_dict("records")[0]))
    if not len(decide):
        return say("charts.no_influence", account=account, contacts=style.counted(len(live), "live contact"))
    if known < len(decide):
        return say("charts.of_those_who_decide", account=account, number=len(decide), known=known or "none")
    weaker = int((contacts["gap"] > 0).sum())
    if not weaker:
        if known > 2:
            return say("charts.all_known", account=account, number=known)
        return say("charts.one_known" if known == 1 else "charts.both_known", account=account)
    if known > 2:
        return say("charts.all_known_weaker", account=account, number=known, weaker=style.counted(weaker, "contact"))
    weak = style.counted(weaker, "contact")
    return say("charts.one_known_weaker" if known == 1 else "charts.both_known_weaker", account=account, weaker=weak)


def _colour(row: Mapping[Any, Any]) -> str:
    if row["strength"] >= LIVE:
        return style.ACCENT
    return style.WARNING if row["influence"] >= INFLUENCER else style.MUTED


def _said(row: Mapping[Any, Any]) -> str:
    parts = [f"<b>{style.escaped(contact_name(row))}</b>", style.escaped(_text(row["role"]) if named(row) else "")]
    parts.append(say("charts.influence", number=_number(row["influence"])))
    return "<br>".join(part for part in parts if part)


def _person(row: Mapping[Any, Any]) -> list[str]:
    levels = [_strength(row["strength"]), _strength(row["strength_wanted"])]
    return [contact_name(row), _text(row["role"]), _number(row["influence"]), *levels]


def _label(row: Mapping[Any, Any]) -> str:
    role = f", {row['role']}" if named(row) and isinstance(row["role"], str) else ""
    return f"{style.shortened(contact_name(row) + role, _LABEL)} ({_number(row['influence'])})"


def contact_name(row: Mapping[Any, Any]) -> str:
    """A person's name as the settings allow it, else their role there."""
    if named(row):
        return str(row["contact_name"])
    return row["role"] if isinstance(row["role"], str) else say("contacts.role_unknown")


def named(row: Mapping[Any, Any]) -> bool:
    """Whether the settings allow the person's name, and it is on file."""
    return isinstance(row["contact_name"], str)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _number(value: float) -> str:
    return f"{value:g}" if pd.notna(value) else "?"


def _strength(value: float) -> str:
    return STRENGTHS[round(value)] if pd.notna(value) else ""
