"""The named worst cases, and how the largest of them is made up for."""

from collections.abc import Sequence
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import numpy as np
import plotly.graph_objects as go

from kam_analysis.analysis.concentration.indices import Floats
from kam_analysis.analysis.recovery import Loss, Replacement
from kam_analysis.pages import style
from kam_analysis.pages.churn_impact.answer import called, fraction
from kam_analysis.pages.frame import band, course, framed, percent_ticks, row_axis, titled, upright, word
from kam_analysis.pages.words import headed, listed, number_word, said_in

if TYPE_CHECKING:
    from kam_analysis.pages.churn_impact.found import Found

say = said_in(__file__)

_ON_THE_AXIS, _LOW = 0.08, 0.25


def worst_cases_chart(found: "Found") -> go.Figure | None:
    """What each further loss adds, largest first, against what can be absorbed before break-even.

    A departure that is on file and the reader's own case stand on top, in parts.
    """
    if not found.worst:
        return None
    apart, unit, earned = _apart(found), found.about.unit, found.earned
    shown = [*apart, *found.worst]
    totals = [case.exposure for case in shown]
    lines, words = _break_even(found, len(totals))
    end = max(totals + [line["x1"] for line in lines]) * 1.45
    layout = {
        "barmode": "overlay",
        "shapes": lines,
        "annotations": [*_sums(totals, unit, apart=len(apart)), *words],
        "xaxis": {"range": [0, end], "visible": False},
        "yaxis": row_axis(_labels(found, 30), range=[len(totals) - 0.4, -0.9]),
    }
    cases = [say("charts.worst_alt_departure")] if found.leaving_case else []
    cases += [say("charts.worst_alt_own")] if found.named else []
    cases.append(say("charts.worst_alt_largest", number=len(found.worst)))
    return framed(
        go.Figure(_bars(found, apart), layout),
        title=_finding(found),
        alt=say("charts.worst_alt", earned=earned, cases=listed(cases)),
        source=found.about.source,
        columns=[say("heads.lost_together"), say("charts.a_year_axis", earned=headed(earned)), say("heads.of_all")],
        rows=[[case.label, style.money(case.exposure, unit), style.share(case.exposure_share)] for case in shown],
        height=96 + 38 * len(totals),
        # On a phone the sums stand alone beside short names.
        narrow={
            "annotations": [{"text": style.money(total)} for total in totals],
            "axes": {"yaxis": {"ticktext": _labels(found, 15, lines=2)}},
        },
        medium={"axes": {"xaxis": {"range": [0, end * 1.14]}}},
    )


def _apart(found: "Found") -> list[Loss]:
    """What stands above the largest ones: a departure that is on file, the reader's own case."""
    gone, own = found.leaving_case, found.named
    return [*([gone.loss] if gone else []), *([own] if own else [])]


def _bars(found: "Found", apart: Sequence[Loss]) -> list[go.Bar]:
    """The cases that stand apart in parts, where there are any; then what each of the largest adds."""
    unit, sizes = found.about.unit, np.array([case.exposure for case in found.worst])
    names = found.exposed.accounts["account_name"].head(len(found.worst)).tolist()
    rows = range(len(apart), len(apart) + len(sizes))
    colour = style.REST if found.named else style.ACCENT
    largest = _bar(np.diff(sizes, prepend=0.0), rows, names=names, colour=colour, unit=unit)
    return [*(_in_parts(found, case, row=row) for row, case in enumerate(apart)), largest]


def _in_parts(found: "Found", case: Loss, *, row: int) -> go.Bar:
    """What each customer of a case adds, and what the hand-over takes of the others."""
    known = found.exposed.accounts
    lost = known[known["account_id"].isin(case.account_ids)]
    parts, names = lost["exposure"].tolist(), lost["account_name"].tolist()
    rest = case.exposure - sum(parts)
    if case.handed_over and rest > 0:
        parts, names = [*parts, rest], [*names, say("charts.others_handed_over")]
    return _bar(np.array(parts), [row] * len(parts), names=names, colour=style.ACCENT, unit=found.about.unit)


def _bar(sizes: Floats, rows: Sequence[int], *, names: Sequence[str], colour: str, unit: str) -> go.Bar:
    """A bar per customer, from where those before it end."""
    said = [f"{style.escaped(name)}: {style.money(each, unit)}" for name, each in zip(names, sizes, strict=True)]
    return go.Bar(
        x=sizes,
        base=sizes.cumsum() - sizes,
        y=list(rows),
        orientation="h",
        width=0.6,
        marker={"color": colour, "line": {"color": style.PAPER, "width": 1}},
        hovertext=said,
        hoverinfo="text",
    )


def _sums(totals: Sequence[float], unit: str, *, apart: int) -> list[dict[str, Any]]:
    """Beside each bar its end, and what the customer adds to those above it."""
    said = [style.money(total, unit) for total in totals]
    for row in range(apart + 1, len(totals)):
        said[row] = f"+ {style.money(totals[row] - totals[row - 1], unit)} = {said[row]}"
    beside = {"xanchor": "left", "xshift": 6, "bgcolor": style.PAPER}
    return [word(total, row, said[row], font=None, **beside) for row, total in enumerate(totals)]


def _labels(found: "Found", length: int, *, lines: int = 1) -> list[str]:
    """Who is lost in each row: the reader's own case, then what each customer adds to those above it."""
    first, *others = found.exposed.accounts["account_name"].head(len(found.worst))
    names, gone, own = [first, *(say("charts.and", who=each) for each in others)], found.leaving_case, found.named
    leaves = [say("charts.leaves", who=gone.name)] if gone else []
    said = [_folded(name, length, lines=lines) for name in [*leaves, *names]]
    if own is None:
        return said
    count = style.counted(own.accounts, "customer")
    whose = count if own.accounts > 1 else called(found, own)
    if found.overrides.leaving and own.accounts:
        whose = f"{listed(found.overrides.leaving.values())}, {count}"
    said.insert(len(leaves), f"<b>{say('charts.your_case')}</b><br>{_folded(whose, length, lines=1)}")
    return said


def _folded(name: str, length: int, *, lines: int) -> str:
    """A name in lines of some length; what has no room is cut."""
    *first, last = wrap(name, length, max_lines=lines, placeholder="…") if lines > 1 and name.strip() else [name]
    return "<br>".join(style.escaped(style.shortened(each, length + 1)) for each in [*first, last])


def _break_even(found: "Found", rows: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The line of what can be absorbed, and its word; nothing where that is not known, or nothing can be."""
    if found.absorbable is None or found.absorbable.margin.value <= 0:
        return [], []
    margin = found.absorbable.margin.value
    said = word(margin, -0.68, say("charts.break_even"), font={"size": 12, "color": style.WARNING})
    return [upright(margin, -0.45, rows - 0.5, style.WARNING, 1.5)], [said]


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
    path = gross.path
    figure = go.Figure(band(path["month"], path["share_low"], path["share_high"], "rgba(82,96,109,0.12)"))
    top = max(float(each.path["share"].max()) for each in (gross, net))
    _course(figure, gross, label=say("charts.new_alone"), above=True, top=top)
    _course(figure, net, label=say("charts.net"), above=False, top=top)
    plan, months = net.plan_months, titled(say("charts.loss_axis"))
    figure.update_xaxes(range=[0, plan * 1.02], tickvals=list(range(0, plan + 1, 6)), showgrid=False, **months)
    figure.update_yaxes(range=[0, 1.06], **percent_ticks(0, 0.25, 0.5, 0.75, 1))
    return framed(
        figure,
        title=_made_up(gross, net),
        alt=say("charts.recovery_alt", who=name, months=plan),
        source=found.about.source,
        columns=[say("heads.months"), say("heads.new_customers"), say("heads.range"), say("heads.after_usual_losses")],
        rows=_milestones(gross, net),
        height=300,
        narrow={"annotations": [{}, {"text": say("charts.net_short")}]},
    )


def _milestones(gross: Replacement, net: Replacement) -> list[list[str]]:
    found = []
    for new, both in zip(gross.at().to_dict("records"), net.at().to_dict("records"), strict=True):
        share, low, high = (style.share(new[each], 0) for each in ("share", "share_low", "share_high"))
        found.append([str(int(new["month"])), share, f"{low} to {high}", style.share(both["share"], 0)])
    return found


def _made_up(gross: Replacement, net: Replacement) -> str:
    most = max(float(each.path["share"].iloc[-1]) for each in (net, gross))
    months, part = style.counted(gross.plan_months, "month"), style.share(most, 0)
    if part in ("0%", "100%"):
        return say("charts.replaces_nothing" if part == "0%" else "charts.replaces_all", months=months)
    return say("charts.replaces_at_most", part=part, months=months)


def _course(figure: go.Figure, way: Replacement, *, label: str, above: bool, top: float) -> None:
    """A pace with its name beside it: `above` and left of it where it is the upper one. `top`: how far both of them go."""
    path, at = way.path, int(len(way.path) * 0.62)
    month, share = path["month"].iloc[at], float(path["share"].iloc[at])
    # Below a line that lies on the axis its name would stand among the months, and where both lie there, in a line.
    over = above or share < _ON_THE_AXIS
    share = top if top < _LOW else share
    side = {"xanchor": "right" if above else "left", "xshift": -8 if above else 8}
    named = {"x": month, "y": share, **side, "yanchor": "bottom" if over else "top", "yshift": 4 if over else -4}
    hover = f"%{{x}} months: %{{y:.0%}} by {label}<extra></extra>"
    course(figure, path["month"], path["share"], label=label, above=above, named=named, hovertemplate=hover)
