"""What a hand-over would cost, for each manager alike, and who takes over from the one who leaves."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd
import plotly.graph_objects as go

from kam_analysis.analysis.handover import Handover
from kam_analysis.pages import style
from kam_analysis.pages.frame import SMALL, framed, money_ticks, row_axis, titled, word
from kam_analysis.pages.words import said_in, words_in

if TYPE_CHECKING:
    from kam_analysis.pages.coverage.found import Found

say = said_in(__file__)

_ROW, _ACCOUNT_ROW = 36, 28
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
    most, said = max(ends), [_written(row, unit, follows) for row in rows]
    names = [found.manager(row["account_manager_id"]) for row in rows]
    shares = [style.share(row["revenue_share"], 0) for row in rows]
    labels = [style.escaped(f"{name}, {share}") for name, share in zip(names, shares, strict=True)]
    figure = go.Figure(_bars(rows, chosen, follows, unit), {"barmode": "overlay", "annotations": _beside(ends, said)})
    figure.update_yaxes(**row_axis(labels))
    lost = titled(say("charts.departures_axis_followed" if follows else "charts.departures_axis"))
    figure.update_xaxes(range=[0, most * 1.52 or 1.0], **lost, showgrid=False, **money_ticks(most, unit, steps=3))
    medium = {
        "annotations": [{"text": text.replace(" alone,", ",")} for text in said],
        "axes": {"xaxis": {"range": [0, most * 1.85 or 1.0]}},
    }
    short = [style.escaped(style.shortened(name, 18)) for name in names]
    phone = {
        "xaxis": {"range": [0, most * 1.3 or 1.0], **money_ticks(most, unit, steps=3)},
        "yaxis": {"ticktext": short},
    }
    brief = [_in_all(row, unit) if follows else _range(row, "transition", unit) for row in rows]
    narrow = {"annotations": [{"text": text} for text in brief], "axes": phone}
    columns = [*words_in(__file__, "data_departures").values()]
    table = [[name, *_cost(row, unit)] for name, row in zip(reversed(names), reversed(rows), strict=True)]
    cost = style.amounts(rows[-1]["transition_low"], rows[-1]["transition_high"], unit)
    return framed(
        figure,
        say("charts.departures", who=names[-1], loss=cost),
        alt=say("charts.departures_alt"),
        source=found.about.source,
        columns=columns,
        rows=table,
        height=120 + _ROW * len(rows),
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
    ranges = [say("charts.hand_over", loss=_range(row, "transition", unit)) for row in rows]
    form = {"y": list(range(len(rows))), "orientation": "h", "width": 0.5, "hoverinfo": "text"}
    bars = [go.Bar(x=alone, marker={"color": colours}, hovertext=ranges, **form)]
    if follows:
        more = [say("charts.followed", loss=_range(row, "further", unit)) for row in rows]
        further = [row["further"] for row in rows]
        bars.append(go.Bar(x=further, base=alone, marker={"color": style.REST}, hovertext=more, **form))
    return bars


def _beside(ends: Sequence[float], said: Sequence[str], colours: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Words at the end of each bar."""
    fonts = [{"size": 12, "color": each} for each in colours] or [SMALL] * len(ends)
    rows = enumerate(zip(ends, said, fonts, strict=True))
    return [word(end, at, text, font=font, xanchor="left", xshift=6) for at, (end, text, font) in rows]


def _range(row: Mapping[Any, Any], name: str, unit: str) -> str:
    return style.amounts(row[f"{name}_low"], row[f"{name}_high"], unit)


def _written(row: Mapping[Any, Any], unit: str, follows: bool) -> str:
    alone = _range(row, "transition", unit)
    if not follows:
        return alone
    return say("charts.alone_and_followed", loss=alone, more=_in_all(row, unit))


def _in_all(row: Mapping[Any, Any], unit: str) -> str:
    """Hand-over and followers together, as exactly as both ends tell it."""
    low, value, high = (row[f"transition{end}"] + row[f"further{end}"] for end in ("_low", "", "_high"))
    return style.estimate(value, low, high, unit)


def _cost(row: Mapping[Any, Any], unit: str) -> list[str]:
    more = _range(row, "further", unit) if pd.notna(row["further"]) else style.NOT_ASSESSED
    return [style.share(row["revenue_share"]), _range(row, "transition", unit), more]


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
    said = say("charts.successors_axis")
    if len(rows) < len(given.accounts):
        said = say("charts.successors_axis_largest", shown=len(rows), all=style.count(len(given.accounts)))
    ticks = money_ticks(whole, unit)
    figure.update_xaxes(range=[0, whole * 1.4], **titled(said), showgrid=False, **ticks)
    figure.update_yaxes(**row_axis(_accounts(rows, 26)), range=[-0.7, len(rows) - 0.3], zeroline=False)
    title = titled(say("charts.departures_axis"))
    phone = {"xaxis": {"range": [0, whole * 2.4], **title, **money_ticks(whole, unit, steps=2)}}
    phone["yaxis"] = {"ticktext": _accounts(rows, 16)}
    narrow = {"annotations": [{"text": style.escaped(style.shortened(name, 18))} for name in names], "axes": phone}
    columns = [*words_in(__file__, "data_successors").values()]
    table = [_row(found, row) for row in reversed(rows)]
    height = 140 + _ACCOUNT_ROW * len(rows)
    return framed(
        figure,
        _title(found, given),
        alt=say("charts.successors_alt", who=found.leaver),
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
    if nobody.any():
        lost = style.money(float(given.accounts.loc[nobody, "revenue"].clip(lower=0).sum()), unit)
        told = {"leaver": found.leaver, "accounts": style.counted(len(nobody), "account"), "money": lost}
        if nobody.sum() == 1:
            return say("charts.one_has_no_room", **told)
        return say("charts.no_room", number=style.count(nobody.sum()), **told)
    told = {
        "who": found.manager(most["manager_id"]),
        "leaver": found.leaver,
        "money": style.money(most["revenue"], unit),
    }
    return say("charts.takes_all" if most["new_accounts"] == len(nobody) else "charts.takes_largest_part", **told)


def _colour(to_id: object, most: str) -> str:
    if pd.isna(to_id):  # type: ignore[call-overload]
        return style.WARNING
    return style.ACCENT if to_id == most else style.MUTED


def _accounts(rows: Sequence[Mapping[Any, Any]], length: int) -> list[str]:
    return [style.escaped(style.shortened(row["account_name"], length)) for row in rows]


def _said(found: "Found", row: Mapping[Any, Any]) -> str:
    to, second = found.manager(row["to_id"]), found.manager(row["runner_up_id"])
    parts = [f"<b>{style.escaped(row['account_name'])}</b>"]
    parts.append(say("charts.goes_to", who=style.escaped(to)) if to else say("charts.nobody_has_room"))
    parts += [say("charts.avoids", money=style.money(row["saved"], found.about.unit))] if pd.notna(row["saved"]) else []
    return "<br>".join(parts + ([say("charts.next_best", who=style.escaped(second))] if second else []))


def _row(found: "Found", row: Mapping[Any, Any]) -> list[str]:
    unit = found.about.unit
    saved = style.money(row["saved"], unit) if pd.notna(row["saved"]) else ""
    to, second = found.manager(row["to_id"]) or _NOBODY, found.manager(row["runner_up_id"])
    return [row["account_name"], to, style.money(row["loss"], unit), saved, second]
