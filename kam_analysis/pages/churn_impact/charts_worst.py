"""The named worst cases, and how the largest of them is made up for."""

from collections.abc import Sequence
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import numpy as np
import plotly.graph_objects as go

from kam_analysis.analysis.concentration.indices import Floats
from kam_analysis.analysis.recovery import Loss, Replacement
from kam_analysis.pages import style
from kam_analysis.pages.churn_impact.answer import called, fraction, listed
from kam_analysis.pages.frame import framed, percent_ticks
from kam_analysis.pages.sentences import said_in
from kam_analysis.pages.words import number_word

if TYPE_CHECKING:
    from kam_analysis.pages.churn_impact.found import Found

say = said_in(__file__)

_ON_THE_AXIS = 0.08
_SMALL = {"size": 12, "color": style.MUTED}


def worst_cases_chart(found: "Found") -> go.Figure | None:
    """What each further loss adds, largest first, against what can be absorbed before break-even.

    A departure that is on file and the reader's own case stand on top, in parts.
    """
    if not found.worst:
        return None
    shown, unit = [*_apart(found), *found.worst], found.about.unit
    totals = [case.exposure for case in shown]
    lines, words = _break_even(found, len(totals))
    end = max(totals + [line["x1"] for line in lines]) * 1.45
    ticks = {"tickvals": list(range(len(totals))), "ticktext": _labels(found, 30)}
    axis = {**ticks, "range": [len(totals) - 0.4, -0.9], "showgrid": False, "ticklabelstandoff": 8}
    layout = {
        "barmode": "overlay",
        "shapes": lines,
        "annotations": [*_sums(found, totals), *words],
        "xaxis": {"range": [0, end], "visible": False},
        "yaxis": axis,
    }
    first = "a departure and with " if found.leaving_case else ""
    of = f"the {found.earned} lost with {first}{'your case and with ' if found.named else ''}the largest"
    # On a phone the sums stand alone beside short names.
    short = {"yaxis": {"ticktext": _labels(found, 15, lines=2)}}
    return framed(
        go.Figure(_bars(found), layout),
        title=_finding(found),
        alt=f"Bars of {of} one to {len(found.worst)} customers.",
        source=found.about.source,
        columns=["Lost together", f"{found.earned.capitalize()} a year", "Of all"],
        rows=[[case.label, style.money(case.exposure, unit), style.share(case.exposure_share)] for case in shown],
        height=96 + 38 * len(totals),
        narrow={"annotations": [{"text": style.money(total)} for total in totals], "axes": short},
        medium={"axes": {"xaxis": {"range": [0, end * 1.14]}}},
    )


def _apart(found: "Found") -> list[Loss]:
    """What stands above the largest ones: a departure that is on file, the reader's own case."""
    gone, own = found.leaving_case, found.named
    return [*([gone.loss] if gone else []), *([own] if own else [])]


def _bars(found: "Found") -> list[go.Bar]:
    """The cases that stand apart in parts, where there are any; then what each of the largest adds."""
    apart, sizes = _apart(found), np.array([case.exposure for case in found.worst])
    names = found.exposed.accounts["account_name"].head(len(found.worst)).tolist()
    rows = range(len(apart), len(apart) + len(sizes))
    colour = style.REST if found.named else style.ACCENT
    largest = _bar(found, sizes, sizes=np.diff(sizes, prepend=0.0), row=rows, names=names, colour=colour)
    return [*(_in_parts(found, case, row=row) for row, case in enumerate(apart)), largest]


def _in_parts(found: "Found", case: Loss, *, row: int) -> go.Bar:
    """What each customer of a case adds, and what the hand-over takes of the others."""
    known = found.exposed.accounts
    lost = known[known["account_id"].isin(case.account_ids)]
    parts, names = lost["exposure"].tolist(), lost["account_name"].tolist()
    rest = case.exposure - sum(parts)
    if case.handed_over and rest > 0:
        parts, names = [*parts, rest], [*names, "hand-over of the other customers"]
    sizes = np.array(parts)
    return _bar(found, sizes.cumsum(), sizes=sizes, row=[row] * len(parts), names=names, colour=style.ACCENT)


def _bar(
    found: "Found", ends: Floats, *, sizes: Floats, row: Sequence[int], names: Sequence[str], colour: str
) -> go.Bar:
    """A bar per customer, from where those before it end."""
    unit = found.about.unit
    return go.Bar(
        x=sizes,
        base=ends - sizes,
        y=list(row),
        orientation="h",
        width=0.6,
        marker={"color": colour, "line": {"color": style.PAPER, "width": 1}},
        hovertext=[
            f"{style.escaped(name)}: {style.money(each, unit)}" for name, each in zip(names, sizes, strict=True)
        ],
        hoverinfo="text",
    )


def _sums(found: "Found", totals: Sequence[float]) -> list[dict[str, Any]]:
    """Beside each bar its end, and what the customer adds to those above it."""
    said = [style.money(total, found.about.unit) for total in totals]
    for row in range(len(_apart(found)) + 1, len(totals)):
        said[row] = f"+ {style.money(totals[row] - totals[row - 1], found.about.unit)} = {said[row]}"
    beside = {"showarrow": False, "xanchor": "left", "xshift": 6, "bgcolor": style.PAPER}
    return [{"x": total, "y": row, "text": said[row], **beside} for row, total in enumerate(totals)]


def _labels(found: "Found", length: int, *, lines: int = 1) -> list[str]:
    """Who is lost in each row: the reader's own case, then what each customer adds to those above it."""
    names = found.exposed.accounts["account_name"].head(len(found.worst))
    said = [_folded(("and " if row else "") + name, length, lines=lines) for row, name in enumerate(names)]
    gone = [] if found.leaving_case is None else [_folded(f"{found.leaving_case.name} leaves", length, lines=lines)]
    if found.named is None:
        return [*gone, *said]
    leaving, count = found.overrides.leaving.values(), style.counted(found.named.accounts, "customer")
    own = count if found.named.accounts > 1 else called(found, found.named)
    if leaving and found.named.accounts:
        own = f"{listed(list(leaving))}, {count}"
    return [*gone, f"<b>Your case</b><br>{_folded(own, length, lines=1)}", *said]


def _folded(name: str, length: int, *, lines: int) -> str:
    """A name in lines of some length; what has no room is cut."""
    *first, last = wrap(name, length, max_lines=lines, placeholder="…") if lines > 1 and name.strip() else [name]
    return "<br>".join(style.escaped(style.shortened(each, length + 1)) for each in [*first, last])


def _break_even(found: "Found", rows: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The line of what can be absorbed, and its word; nothing where that is not known, or nothing can be."""
    if found.absorbable is None or found.absorbable.margin.value <= 0:
        return [], []
    margin = found.absorbable.margin.value
    line = {"color": style.WARNING, "width": 1.5, "dash": "dot"}
    font = {"size": 12, "color": style.WARNING}
    return (
        [{"type": "line", "x0": margin, "x1": margin, "y0": -0.45, "y1": rows - 0.5, "line": line}],
        [{"x": margin, "y": -0.68, "text": "break-even", "showarrow": False, "font": font}],
    )


def _finding(found: "Found") -> str:
    room = found.absorbable
    if found.named is not None:
        return _own_finding(found, found.named)
    if room is not None and not room.below_already and room.largest < len(found.worst):
        if room.largest == 0:
            return say("charts.largest_alone_is_too_much")
        return say("charts.several_are_too_much", number=number_word(room.largest + 1))
    last = found.worst[min(2, len(found.worst) - 1)]
    part = fraction(last.exposure_share)
    if last.accounts == 1:
        return say("charts.one_brings", part=part, earned=found.earned)
    return say("charts.several_bring", number=number_word(last.accounts), part=part, earned=found.earned)


def _own_finding(found: "Found", own: Loss) -> str:
    amount, room = style.money(own.exposure, found.about.unit), found.absorbable
    if room is None or room.below_already:
        return say("charts.own_case", amount=amount, part=fraction(own.exposure_share), earned=found.earned)
    below = own.exposure > room.margin.value
    return say("charts.own_case_below" if below else "charts.own_case_above", amount=amount, earned=found.earned)


def recovery_chart(found: "Found") -> go.Figure | None:
    """How much of the largest loss, or of the reader's own case, new business makes up for by month, at two paces."""
    way = found.case_way
    if way is None or found.case is None:
        return None
    gross, net, name = way.by_new_customers, way.by_net, called(found, found.case)
    figure = go.Figure(_band(gross))
    _course(figure, gross, label=say("charts.new_alone"), above=True)
    _course(figure, net, label=say("charts.net"), above=False)
    plan, months = net.plan_months, {"text": "months after the loss", "font": _SMALL}
    figure.update_xaxes(range=[0, plan * 1.02], tickvals=list(range(0, plan + 1, 6)), showgrid=False, title=months)
    figure.update_yaxes(range=[0, 1.06], **percent_ticks(0, 0.25, 0.5, 0.75, 1))
    return framed(
        figure,
        title=_made_up(gross, net),
        alt=say("charts.recovery_alt", who=name, months=plan),
        source=found.about.source,
        columns=["Months", "New customers", "Range", "After usual losses"],
        rows=_milestones(gross, net),
        height=300,
        narrow={"annotations": [{}, {"text": say("charts.net_short")}]},
    )


def _milestones(gross: Replacement, net: Replacement) -> list[list[str]]:
    rows = zip(gross.at().to_dict("records"), net.at().to_dict("records"), strict=True)
    return [
        [
            str(int(a["month"])),
            style.share(a["share"], 0),
            f"{style.share(a['share_low'], 0)} to {style.share(a['share_high'], 0)}",
            style.share(b["share"], 0),
        ]
        for a, b in rows
    ]


def _made_up(gross: Replacement, net: Replacement) -> str:
    most = max(float(each.path["share"].iloc[-1]) for each in (net, gross))
    months, part = style.counted(gross.plan_months, "month"), style.share(most, 0)
    if part in ("0%", "100%"):
        return say("charts.replaces_nothing" if part == "0%" else "charts.replaces_all", months=months)
    return say("charts.replaces_at_most", part=part, months=months)


def _band(way: Replacement) -> go.Scatter:
    path = way.path
    return go.Scatter(
        x=[*path["month"], *path["month"][::-1]],
        y=[*path["share_high"], *path["share_low"][::-1]],
        fill="toself",
        fillcolor="rgba(82,96,109,0.12)",
        line={"width": 0},
        hoverinfo="skip",
    )


def _course(figure: go.Figure, way: Replacement, *, label: str, above: bool) -> None:
    """A line with its name beside it: `above` and left of it where it is the upper one."""
    path, colour, dash = way.path, style.MUTED if above else style.ACCENT, "dash" if above else "solid"
    hover = f"%{{x}} months: %{{y:.0%}} by {label}<extra></extra>"
    line = {"color": colour, "width": 2.5, "dash": dash}
    figure.add_trace(go.Scatter(x=path["month"], y=path["share"], mode="lines", line=line, hovertemplate=hover))
    at = int(len(path) * 0.62)
    share = float(path["share"].iloc[at])
    # Below a line that lies on the axis its name would stand among the months.
    over = above or share < _ON_THE_AXIS
    figure.add_annotation(
        x=path["month"].iloc[at],
        y=share,
        text=label,
        showarrow=False,
        font={"color": colour, "size": 12},
        xanchor="right" if above else "left",
        yanchor="bottom" if over else "top",
        xshift=-8 if above else 8,
        yshift=4 if over else -4,
    )
