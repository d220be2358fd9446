"""What a hand-over would cost, for each manager alike, and who takes over from the one who leaves."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd
import plotly.graph_objects as go

from kam_analysis.analysis.handover import Handover
from kam_analysis.pages import style
from kam_analysis.pages.frame import framed

if TYPE_CHECKING:
    from kam_analysis.pages.coverage.found import Found

_SMALL = {"size": 12, "color": style.MUTED}
_ROW, _ACCOUNT_ROW = 44, 28
# The dearest managers and the largest losses; the tables have more, the workbook of tables all.
_SHOWN, _ACCOUNTS_SHOWN = 12, 14
_NOBODY = "nobody"


def departures_chart(found: "Found") -> go.Figure | None:
    """A bar for each of the dearest managers: what a hand-over alone would cost, and what more if customers follow.

    The manager looked at is marked, and among them in any case.
    """
    if not len(found.managers) or found.leaving.cost is None:
        return None
    unit, chosen = found.about.unit, found.leaving.cost.manager_id
    rows = _dearest(found.managers, chosen)
    follows = any(pd.notna(row["further"]) for row in rows)
    ends = [row["transition"] + (row["further"] if pd.notna(row["further"]) else 0.0) for row in rows]
    most, said = max(ends), [_written(row, follows) for row in rows]
    names = [found.manager(row["account_manager_id"]) for row in rows]
    shares = [style.share(row["revenue_share"], 0) for row in rows]
    labels = [style.escaped(f"{name}, {share}") for name, share in zip(names, shares, strict=True)]
    lost = f"sales lost a year ({unit or 'amount'})" + ("; light: if customers follow" if follows else "")
    figure = go.Figure(_bars(rows, chosen, follows, unit), {"barmode": "overlay", "annotations": _beside(ends, said)})
    figure.update_yaxes(tickvals=list(range(len(rows))), ticktext=labels, showgrid=False, ticklabelstandoff=8)
    figure.update_xaxes(range=[0, most * 1.52 or 1.0], title={"text": lost, "font": _SMALL})
    brief = [{"text": text.replace(" alone,", ",")} for text in said]
    medium = {"annotations": brief, "axes": {"xaxis": {"range": [0, most * 1.85 or 1.0]}}}
    title = {"text": f"{unit or 'amount'} a year" + ("; light: if some follow" if follows else ""), "font": _SMALL}
    short = [style.escaped(style.shortened(name, 18)) for name in names]
    phone = {"xaxis": {"range": [0, most * 1.3 or 1.0], "nticks": 4, "title": title}, "yaxis": {"ticktext": short}}
    narrow = {"annotations": [{"text": style.money(end)} for end in ends], "axes": phone}
    columns = ["Account manager", "Share of sales", "Hand-over alone", "More if customers follow"]
    table = [[name, *_cost(row, unit)] for name, row in zip(reversed(names), reversed(rows), strict=True)]
    alt = "Bars of the sales that a change of each account manager would cost."
    cost = style.amounts(rows[-1]["transition_low"], rows[-1]["transition_high"], unit)
    finding = f"{names[-1]}'s portfolio would be the costliest to hand over: {cost} of sales"
    return framed(
        figure,
        finding,
        alt=alt,
        source=found.about.source,
        columns=columns,
        rows=table,
        height=150 + _ROW * len(rows),
        narrow=narrow,
        medium=medium,
    )


def _dearest(managers: pd.DataFrame, chosen: str) -> list[dict[str, Any]]:
    """The dearest, the last one most; the manager looked at first where they are none of them."""
    order = managers.sort_values("transition")
    shown = order.tail(_SHOWN)
    if chosen not in set(shown["account_manager_id"]):
        shown = pd.concat([order[order["account_manager_id"] == chosen], shown.iloc[1:]])
    return shown.to_dict("records")  # type: ignore[return-value]


def _bars(rows: Sequence[Mapping[Any, Any]], chosen: str, follows: bool, unit: str) -> list[go.Bar]:
    alone = [row["transition"] for row in rows]
    colours = [style.ACCENT if row["account_manager_id"] == chosen else style.MUTED for row in rows]
    ranges = [f"hand-over alone: {style.amounts(row['transition_low'], row['transition_high'], unit)}" for row in rows]
    form = {"y": list(range(len(rows))), "orientation": "h", "width": 0.5, "hoverinfo": "text"}
    bars = [go.Bar(x=alone, marker={"color": colours}, hovertext=ranges, **form)]
    if follows:
        more = [
            f"more if customers follow: {style.amounts(row['further_low'], row['further_high'], unit)}" for row in rows
        ]
        further = [row["further"] for row in rows]
        bars.append(go.Bar(x=further, base=alone, marker={"color": style.REST}, hovertext=more, **form))
    return bars


def _beside(ends: Sequence[float], said: Sequence[str], colours: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Words at the end of each bar."""
    fonts = [{"size": 12, "color": each} for each in colours] or [_SMALL] * len(ends)
    form = {"showarrow": False, "xanchor": "left", "xshift": 6}
    rows = enumerate(zip(ends, said, fonts, strict=True))
    return [{"x": end, "y": at, "text": text, "font": font, **form} for at, (end, text, font) in rows]


def _written(row: Mapping[Any, Any], follows: bool) -> str:
    said = style.amounts(row["transition_low"], row["transition_high"], "")
    return said + (f" alone, {style.money(row['transition'] + row['further'])} if some follow" if follows else "")


def _cost(row: Mapping[Any, Any], unit: str) -> list[str]:
    more = (
        style.amounts(row["further_low"], row["further_high"], unit) if pd.notna(row["further"]) else style.NOT_ASSESSED
    )
    return [style.share(row["revenue_share"]), style.amounts(row["transition_low"], row["transition_high"], unit), more]


def successors_chart(found: "Found") -> go.Figure | None:
    """A bar per account, the largest loss on top, with the name of who takes it over; None where nobody could.

    The loss is what the change of hands alone costs. Whoever takes most is marked; an account that nobody has room
    for is a warning.
    """
    given, unit = found.leaving.takes, found.about.unit
    if given is None or not len(given.accounts):
        return None
    rows = given.accounts.head(_ACCOUNTS_SHOWN).iloc[::-1].to_dict("records")
    most = _takes_most(given)["manager_id"]
    colours = [_colour(row["to_id"], most) for row in rows]
    names = [found.manager(row["to_id"]) or _NOBODY for row in rows]
    places, losses = list(range(len(rows))), [float(row["loss"]) for row in rows]
    whole, hover = max(losses) or 1.0, [_said(found, row) for row in rows]
    bars = go.Bar(
        x=losses, y=places, orientation="h", width=0.6, marker={"color": colours}, hovertext=hover, hoverinfo="text"
    )
    beside = _beside(losses, [style.escaped(style.shortened(name)) for name in names], colours)
    figure = go.Figure(bars, {"annotations": beside})
    of = "" if len(rows) == len(given.accounts) else f", the {len(rows)} largest of {len(given.accounts):,} accounts"
    said = f"sales lost by the change alone ({unit or 'amount'} a year){of}"
    figure.update_xaxes(range=[0, whole * 1.4], nticks=6, title={"text": said, "font": _SMALL})
    figure.update_yaxes(
        ticktext=_accounts(rows, 26),
        tickvals=places,
        range=[-0.7, len(rows) - 0.3],
        showgrid=False,
        zeroline=False,
        ticklabelstandoff=8,
    )
    title = {"text": f"sales lost ({unit or 'amount'} a year)", "font": _SMALL}
    phone = {"xaxis": {"range": [0, whole * 2.4], "nticks": 4, "title": title}}
    phone["yaxis"] = {"ticktext": _accounts(rows, 16)}
    narrow = {"annotations": [{"text": style.escaped(style.shortened(name, 18))} for name in names], "axes": phone}
    alt = f"Bars of the sales that each account of {found.leaver} would lose by the change, with who takes it over."
    columns = ["Customer", "Goes to", "Loss by the change alone", "Loss avoided", "Next best"]
    table = [_row(found, row) for row in reversed(rows)]
    height = 140 + _ACCOUNT_ROW * len(rows)
    return framed(
        figure,
        _title(found, given),
        alt=alt,
        source=found.about.source,
        columns=columns,
        rows=table,
        height=height,
        narrow=narrow,
    )


def _takes_most(given: Handover) -> pd.Series:
    # By sales, then by number; ties go to the first id.
    order = given.candidates.sort_values(["revenue", "new_accounts"], ascending=False, kind="stable")
    return order.iloc[0]


def _title(found: "Found", given: Handover) -> str:
    nobody, most, unit = given.accounts["to_id"].isna(), _takes_most(given), found.about.unit
    whole = style.counted(len(nobody), "account")
    if nobody.any():
        lost = style.money(float(given.accounts.loc[nobody, "revenue"].clip(lower=0).sum()), unit)
        find = "finds" if nobody.sum() == 1 else "find"
        return f"{int(nobody.sum()):,} of {found.leaver}'s {whole} {find} nobody with room: {lost} of sales"
    name, lot = found.manager(most["manager_id"]), style.money(most["revenue"], unit)
    if most["new_accounts"] == len(nobody):
        return f"{name} takes over all of {found.leaver}'s sales: {lot}, {whole}"
    return f"{name} takes over the largest part of {found.leaver}'s sales: {lot}, {most['new_accounts']:,} of {whole}"


def _colour(to_id: object, most: str) -> str:
    if pd.isna(to_id):  # type: ignore[call-overload]
        return style.WARNING
    return style.ACCENT if to_id == most else style.MUTED


def _accounts(rows: Sequence[Mapping[Any, Any]], length: int) -> list[str]:
    return [style.escaped(style.shortened(row["account_name"], length)) for row in rows]


def _said(found: "Found", row: Mapping[Any, Any]) -> str:
    to, second = found.manager(row["to_id"]), found.manager(row["runner_up_id"])
    parts = [f"<b>{style.escaped(row['account_name'])}</b>"]
    parts.append(f"goes to {style.escaped(to)}" if to else "nobody has room for it")
    parts += [f"which avoids {style.money(row['saved'], found.about.unit)}"] if pd.notna(row["saved"]) else []
    return "<br>".join(parts + ([f"next best: {style.escaped(second)}"] if second else []))


def _row(found: "Found", row: Mapping[Any, Any]) -> list[str]:
    unit = found.about.unit
    saved = style.money(row["saved"], unit) if pd.notna(row["saved"]) else ""
    to, second = found.manager(row["to_id"]) or _NOBODY, found.manager(row["runner_up_id"])
    return [row["account_name"], to, style.money(row["loss"], unit), saved, second]
