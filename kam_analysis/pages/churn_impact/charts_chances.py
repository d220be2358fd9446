"""How likely which loss is, what margin is left month by month, and what the bad-year loss depends on."""

from textwrap import wrap
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd
import plotly.graph_objects as go

from kam_analysis.analysis.losses import LossDistribution
from kam_analysis.pages import style
from kam_analysis.pages.churn_impact.answer import BAD
from kam_analysis.pages.frame import framed, percent_ticks
from kam_analysis.pages.sentences import said_in

if TYPE_CHECKING:
    from kam_analysis.pages.churn_impact.found import Found

say = said_in(__file__)

_SMALL = {"size": 12, "color": style.MUTED}
# The words at the 1-in-20 line need a third of the width.
_ROOM = 0.66
_LEVELS = (0.5, 0.8, 0.9, 0.95, 0.99)
_ASSUMED = {"chance": "chances of leaving", "follow": "customers who follow a manager"}
_SHORT = {"chance": "chances", "follow": "who follows"}


def bad_year_chart(found: "Found") -> go.Figure | None:
    """The chance that a year costs more than this, with what could take several at once and without it."""
    if found.year is None:
        return None
    joint, unit, (words, beside) = found.year, found.about.unit, _beside(found)
    curves = [joint] if beside is None else [beside, joint]
    lines = [_line(each, unit, accent=each is joint) for each in curves]
    bad = joint.quantile(BAD)
    even = style.money(joint.quantile(0.5), unit)
    axes = {
        "xaxis": {
            **_title(f"{found.earned} lost in a year", unit),
            "range": [0, max(joint.quantile(0.999), bad / _ROOM)],
        },
        "yaxis": {**_title("chance of losing more"), "range": [0, 1.02], **percent_ticks(0, 0.25, 0.5, 0.75, 1)},
    }
    line = {"color": style.WARNING, "width": 1.5, "dash": "dot"}
    mark = {"type": "line", "x0": bad, "x1": bad, "y0": 0, "y1": 1 - BAD, "line": line}
    names = [] if beside is None else _names(joint, beside, words=words)
    # On a phone there is room for one name: the other line is told by its dashes.
    both = "<br>".join(["with them all;", *wrap(f"dashed: {words}", 16)])
    short: list[dict[str, Any]] = [] if beside is None else [{"text": ""}, {"text": both, "align": "left"}]
    over = {"text": f"1 in 20: over {style.money(bad, unit)}"}
    return framed(
        go.Figure(lines, {"annotations": [*names, _limit(bad, unit)], "shapes": [mark], **axes}),
        title=say("charts.bad_year", even=even),
        alt="Curve of the chance that a year costs more than an amount.",
        source=found.about.source,
        columns=["Years", "Loss of more than", *([words.capitalize()] if beside is not None else [])],
        rows=[
            [f"1 in {1 / (1 - at):.0f}", *(style.money(each.quantile(at), unit) for each in curves[::-1])]
            for at in _LEVELS
        ],
        height=360,
        narrow={"annotations": [*short, {"text": "1 in 20"}]},
        medium={"annotations": [*({} for _ in short), over]},
    )


def _title(words: str, unit: str | None = None) -> dict[str, Any]:
    return {"title": {"text": words if unit is None else f"{words} ({unit or 'amount'})", "font": _SMALL}}


def _limit(bad: float, unit: str) -> dict[str, Any]:
    text = f"1 year in 20: more than {style.money(bad, unit)}"
    place = {"xanchor": "left", "yanchor": "bottom", "xshift": 6, "showarrow": False}
    return {"text": text, "x": bad, "y": 1 - BAD, "font": {"color": style.WARNING}, **place}


def _beside(found: "Found") -> tuple[str, LossDistribution | None]:
    """What the year is held against: no manager's departure where one is expected, else each customer on its own."""
    if found.bad_year is None or not found.causes:
        return "", None
    if found.staying is not None and found.may_go:
        return "if no manager leaves", found.staying.joint
    return "independent", found.bad_year.alone


def _names(joint: LossDistribution, beside: LossDistribution, *, words: str) -> list[dict[str, Any]]:
    """Both lines' names beside them, each where its line crosses a probability."""
    return [
        _name(beside, words, at=0.45, colour=style.MUTED, anchor="right"),
        _name(joint, "with what could take several at once", at=0.30, colour=style.ACCENT, anchor="left"),
    ]


def _name(
    curve: LossDistribution, words: str, *, at: float, colour: str, anchor: Literal["left", "right"]
) -> dict[str, Any]:
    right = anchor == "left"
    place = {"xanchor": anchor, "yanchor": "bottom" if right else "top", "xshift": 8 if right else -8}
    font = {"color": colour, "size": 12}
    return {"text": words, "x": curve.quantile(1 - at), "y": at, "showarrow": False, "font": font, **place}


def _line(curve: LossDistribution, unit: str, *, accent: bool) -> go.Scatter:
    points = curve.exceedance()
    losses, chances = points["loss"].to_numpy(), points["probability"].to_numpy()
    rows = zip(losses, chances, strict=True)
    line = {"color": style.ACCENT, "dash": "solid"} if accent else {"color": style.MUTED, "dash": "dash"}
    return go.Scatter(
        x=losses,
        y=chances,
        mode="lines",
        line={**line, "width": 2, "shape": "hv"},
        hovertext=[f"{style.share(chance)} to lose more than {style.money(loss, unit)}" for loss, chance in rows],
        hoverinfo="text",
    )


def margin_chart(found: "Found") -> go.Figure | None:
    """What today's customers still bring, month by month, in simulated futures, and with new business on top."""
    paths, unit, earned = found.margin_by_month, found.about.unit, found.earned
    if paths is None:
        return None
    table = paths.table()
    figure = go.Figure(_band(table))
    total = table["mean"] + table["new_business"]
    _course(figure, table["mean"], unit=unit, label="today's customers", above=False)
    _course(figure, total, unit=unit, label="with new business", above=True)
    top = 1.15 * max(paths.start, float(total.max()))
    figure.update_xaxes(**_title("months from now"), tickvals=list(range(0, paths.months + 1, 6)), showgrid=False)
    figure.update_yaxes(**_title(f"{earned} a month", unit), rangemode="tozero", range=[0, top])
    part = style.share(table["mean"].iloc[-1] / paths.start if paths.start else 0.0, 0)
    return framed(
        figure,
        title=say("charts.margin", part=part, earned=earned, months=paths.months),
        alt=f"Simulated {earned} of today's customers by month, {paths.scenarios:,} courses, with a band of 9 in 10.",
        source=found.about.source,
        columns=["Month", "Today's customers", "9 courses in 10", "New business"],
        rows=[_month(table, at, unit=unit) for at in (12, 24, 36) if at <= paths.months],
        height=360,
    )


def _month(table: pd.DataFrame, month: int, *, unit: str) -> list[str]:
    row = table.iloc[month - 1]
    between = f"{style.money(row['5%'])} to {style.money(row['95%'])}"
    return [str(month), style.money(row["mean"], unit), between, style.money(row["new_business"])]


def _band(table: pd.DataFrame) -> go.Scatter:
    return go.Scatter(
        x=[*table["month"], *table["month"][::-1]],
        y=[*table["95%"], *table["5%"][::-1]],
        fill="toself",
        fillcolor="rgba(31,95,191,0.14)",
        line={"width": 0},
        hoverinfo="skip",
    )


def _course(figure: go.Figure, values: pd.Series, *, unit: str, label: str, above: bool) -> None:
    """A line by month with its name at its end: `above` it where it is the upper one."""
    colour, dash = (style.MUTED, "dash") if above else (style.ACCENT, "solid")
    months = list(range(1, len(values) + 1))
    said = [f"month {at}: {style.money(each, unit)} {label}" for at, each in zip(months, values, strict=True)]
    line = {"color": colour, "width": 2.5, "dash": dash}
    figure.add_trace(go.Scatter(x=months, y=values, mode="lines", line=line, hovertext=said, hoverinfo="text"))
    side = {"yanchor": "bottom", "yshift": 6} if above else {"yanchor": "top", "yshift": -6}
    font = {"color": colour, "size": 12}
    figure.add_annotation(
        x=months[-1], y=values.iloc[-1], text=label, showarrow=False, xanchor="right", font=font, **side
    )


def sensitivity_chart(found: "Found") -> go.Figure | None:
    """What the bad-year loss depends on: each assumption from its low to its high end, the others as they are."""
    if found.sensitivity.empty:
        return None
    rows, unit = found.sensitivity.iloc[::-1].reset_index(drop=True), found.about.unit
    middle = float(rows["answer"].iloc[0])
    span = float((rows[["at_low", "at_high"]] - middle).abs().max().max()) or 1.0
    ends = (("at_low", style.MUTED), ("at_high", style.ACCENT))
    figure = go.Figure([_end(rows, name, middle=middle, unit=unit, colour=colour) for name, colour in ends])
    for at, row in enumerate(rows.to_dict("records")):
        for end in ("low", "high"):
            figure.add_annotation(_label(row, end, middle=middle, at=at))
    labels = [_ASSUMED[name] for name in rows["name"]]
    figure.update_yaxes(tickvals=list(range(len(rows))), ticktext=labels, showgrid=False, ticklabelstandoff=8)
    figure.update_xaxes(range=[middle - 1.5 * span, middle + 1.5 * span], **_title("the bad-year loss", unit))
    figure.update_layout(barmode="overlay")
    wide = {"range": [middle - 1.9 * span, middle + 1.9 * span], "nticks": 4}
    few = {"ticktext": [_SHORT[name] for name in rows["name"]]}
    return framed(
        figure,
        title=say("charts.depends_most", what=labels[-1]),
        alt="Bars of the bad-year loss as each assumption goes from its low to its high end.",
        source=found.about.source,
        columns=["Assumption", "Low", "Then", "High", "Then"],
        rows=[_ends(row, unit) for row in found.sensitivity.to_dict("records")],
        height=140 + 46 * len(rows),
        narrow={"axes": {"yaxis": few, "xaxis": wide}},
    )


def _end(rows: pd.DataFrame, name: str, *, middle: float, unit: str, colour: str) -> go.Bar:
    return go.Bar(
        x=rows[name] - middle,
        base=middle,
        y=list(range(len(rows))),
        orientation="h",
        width=0.55,
        marker={"color": colour},
        hovertext=[style.money(each, unit) for each in rows[name]],
        hoverinfo="text",
    )


def _label(row: dict, end: str, *, middle: float, at: int) -> dict[str, Any]:
    value = float(row[f"at_{end}"])
    left = value < middle or (value == middle and end == "low")
    side = {"xanchor": "right" if left else "left", "xshift": -6 if left else 6}
    return {"x": value, "y": at, "text": _written(row, end), "showarrow": False, "font": _SMALL, **side}


def _ends(row: dict, unit: str) -> list[str]:
    ends = [text for end in ("low", "high") for text in (_written(row, end), style.money(row[f"at_{end}"], unit))]
    return [_ASSUMED[row["name"]], *ends]


def _written(row: dict, end: str) -> str:
    value = float(row[end])
    return f"× {style.decimal(value, 2)}" if row["name"] == "chance" else style.share(value, 0)
