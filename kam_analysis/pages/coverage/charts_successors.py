"""Who takes over the accounts of a manager who leaves."""

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from kam_analysis.analysis.handover import Handover
from kam_analysis.pages import style
from kam_analysis.pages.coverage.findings import Evidence
from kam_analysis.pages.frame import Source, framed

_SMALL = {"size": 12, "color": style.MUTED}
_ROW = 28
# The largest losses; the table beside it has more, the workbook all.
_SHOWN = 14
_NOBODY = "nobody"


def successors_figure(found: Evidence, source: Source, unit: str) -> go.Figure | None:
    """A bar per account, the largest loss on top, with the name of who takes it over; None where nobody could.

    The loss is what the change of hands alone costs. Whoever takes most is marked; an account that nobody has room
    for is a warning.
    """
    given = found.leaving.handover
    if given is None or not len(given.accounts):
        return None
    rows = given.accounts.head(_SHOWN).iloc[::-1].to_dict("records")
    most = _takes_most(given)["manager_id"]
    colours = [_colour(row["to_id"], most) for row in rows]
    names = [found.manager(row["to_id"]) or _NOBODY for row in rows]
    places, losses = list(range(len(rows))), [float(row["loss"]) for row in rows]
    whole = max(losses) or 1.0
    bars = go.Bar(
        y=places, x=losses, orientation="h", width=0.6, marker={"color": colours},
        hovertext=[_said(found, row, unit) for row in rows], hoverinfo="text",
    )  # fmt: skip
    of = "" if len(rows) == len(given.accounts) else f", the {len(rows)} largest of {len(given.accounts):,} accounts"
    said = f"sales lost by the change alone ({unit or 'amount'} a year)"
    figure = go.Figure(bars, {
        "xaxis": {"range": [0, whole * 1.4], "nticks": 6, "title": {"text": f"{said}{of}", "font": _SMALL}},
        "yaxis": _accounts(rows, 26) | {"tickvals": places, "range": [-0.7, len(rows) - 0.3], "showgrid": False, "zeroline": False, "ticklabelstandoff": 8},
        "annotations": [
            {"x": loss, "y": at, "text": style.escaped(style.shortened(name)), "showarrow": False, "xanchor": "left", "xshift": 6, "font": {"size": 12, "color": colour}}
            for at, (loss, name, colour) in enumerate(zip(losses, names, colours, strict=True))
        ],
    })  # fmt: skip
    narrow = {
        "annotations": [{"text": style.escaped(style.shortened(name, 18))} for name in names],
        "axes": {
            "xaxis": {"range": [0, whole * 2.4], "nticks": 4, "title": {"text": f"sales lost ({unit or 'amount'} a year)", "font": _SMALL}},
            "yaxis": _accounts(rows, 16),
        },
    }  # fmt: skip
    alt = f"Bars of the sales that each account of {found.leaver} would lose by the change, with who takes it over."
    columns = ["Customer", "Goes to", "Loss by the change alone", "Loss it saves", "Next best"]
    table = [_row(found, row, unit) for row in reversed(rows)]
    return framed(figure, _title(found, given, unit), alt, source, columns, table, 140 + _ROW * len(rows), narrow)


def _takes_most(given: Handover) -> pd.Series:
    # By sales, then by number; ties go to the first id.
    order = given.candidates.sort_values(["revenue", "new_accounts"], ascending=False, kind="stable")
    return order.iloc[0]


def _title(found: Evidence, given: Handover, unit: str) -> str:
    nobody, most = given.accounts["to_id"].isna(), _takes_most(given)
    if nobody.any():
        lost = style.money(float(given.accounts.loc[nobody, "revenue"].clip(lower=0).sum()), unit)
        whose = f"{found.leaver}'s {style.counted(len(nobody), 'account')}"
        return (
            f"{int(nobody.sum()):,} of {whose} find{'s' if nobody.sum() == 1 else ''} nobody with room: {lost} of sales"
        )
    name, lot = found.manager(most["manager_id"]), style.money(most["revenue"], unit)
    whole = style.counted(len(nobody), "account")
    if most["new_accounts"] == len(nobody):
        return f"{name} takes over all of {found.leaver}'s sales: {lot}, {whole}"
    return f"{name} takes over the largest part of {found.leaver}'s sales: {lot}, {most['new_accounts']:,} of {whole}"


def _colour(to_id: object, most: str) -> str:
    if pd.isna(to_id):  # type: ignore[call-overload]
        return style.WARNING
    return style.ACCENT if to_id == most else style.MUTED


def _accounts(rows: list[dict], length: int) -> dict[str, Any]:
    return {"ticktext": [style.escaped(style.shortened(row["account_name"], length)) for row in rows]}


def _said(found: Evidence, row: dict, unit: str) -> str:
    to, second = found.manager(row["to_id"]), found.manager(row["runner_up_id"])
    parts = [f"<b>{style.escaped(row['account_name'])}</b>", f"goes to {style.escaped(to)}" if to else "nobody has room for it"]  # fmt: skip
    parts += [f"which saves {style.money(row['saved'], unit)}"] if pd.notna(row["saved"]) else []
    return "<br>".join(parts + ([f"next best: {style.escaped(second)}"] if second else []))


def _row(found: Evidence, row: dict, unit: str) -> list[str]:
    saved = style.money(row["saved"], unit) if pd.notna(row["saved"]) else ""
    to, second = found.manager(row["to_id"]) or _NOBODY, found.manager(row["runner_up_id"])
    return [row["account_name"], to, style.money(row["loss"], unit), saved, second]
