"""How likely which loss is, what margin is left month by month, and what the answer hangs on."""

from textwrap import wrap
from typing import Any, Literal

import pandas as pd
import plotly.graph_objects as go

from kam_analysis.analysis.losses import LossDistribution, TimePaths
from kam_analysis.pages import style
from kam_analysis.pages.churn_impact.findings import BAD, Evidence
from kam_analysis.pages.frame import Source, framed, percent_ticks

_SMALL = {"size": 12, "color": style.MUTED}


def exceedance_figure(found: Evidence, source: Source, unit: str) -> go.Figure | None:
    """The chance that a year costs more than this, with what could take several at once and without it."""
    if found.year is None:
        return None
    joint, (words, beside) = found.year.joint, _beside(found)
    bad = joint.quantile(BAD)
    curves, names = [_line(joint, style.ACCENT, "solid", unit)], []
    if beside is not None:
        curves.insert(0, _line(beside, style.MUTED, "dash", unit))
        names = [
            _label(beside, 0.45, words, style.MUTED, "right"),
            _label(joint, 0.30, "with what could take several at once", style.ACCENT, "left"),
        ]
    limit = {"text": f"1 year in 20: more than {style.money(bad, unit)}", "x": bad, "y": 1 - BAD, "xanchor": "left", "yanchor": "bottom", "xshift": 6, "showarrow": False, "font": {"color": style.WARNING}}  # fmt: skip
    figure = go.Figure(
        curves,
        {
            "annotations": [*names, limit],
            "shapes": [{"type": "line", "x0": bad, "x1": bad, "y0": 0, "y1": 1 - BAD, "line": {"color": style.WARNING, "width": 1.5, "dash": "dot"}}],
            "xaxis": {"title": {"text": f"{found.earned} lost in a year ({unit or 'amount'})", "font": _SMALL}, "rangemode": "tozero", "range": [0, joint.quantile(0.999)]},
            "yaxis": {"title": {"text": "chance of losing more", "font": _SMALL}, "range": [0, 1.02], **percent_ticks(0, 0.25, 0.5, 0.75, 1)},
        },
    )  # fmt: skip
    columns = ["Years", "Loss of more than", *([words.capitalize()] if beside is not None else [])]
    alt = "Curve of the chance that a year costs more than an amount."
    title = f"An even chance of losing more than {style.money(joint.quantile(0.5), unit)}; one in a hundred of more than {style.money(joint.quantile(0.99), unit)}"
    # On a phone there is room for one name: the other line is told by its dashes.
    both = "<br>".join(["with them all;", *wrap(f"dashed: {words}", 16)])
    short = [{"text": ""}, {"text": both, "align": "left"}] if beside is not None else []
    narrow = {"annotations": [*short, {"text": "1 in 20"}]}
    medium = {"annotations": [*({} for _ in short), {"text": f"1 in 20: over {style.money(bad, unit)}"}]}
    return framed(figure, title, alt, source, columns, _levels(joint, beside, unit), 360, narrow, medium)


def _levels(joint: LossDistribution, beside: LossDistribution | None, unit: str) -> list[list[str]]:
    """The loss of a year in two, five, ten, twenty, a hundred."""
    return [
        [f"1 in {1 / (1 - level):.0f}", *(style.money(each.quantile(level), unit) for each in (joint, beside) if each is not None)]
        for level in (0.5, 0.8, 0.9, 0.95, 0.99)
    ]  # fmt: skip


def _beside(found: Evidence) -> tuple[str, LossDistribution | None]:
    """What the year is held against: no manager's departure where one is expected, else each customer on its own."""
    assert found.year is not None
    if not found.causes:
        return "", None
    if found.staying is not None and len(found.slumps) < len(found.causes):
        return "if no manager leaves", found.staying.joint
    return "each on its own", found.year.alone


def _label(
    curve: LossDistribution, probability: float, words: str, colour: str, anchor: Literal["left", "right"]
) -> dict[str, Any]:
    """A line's name beside it, where it crosses a probability."""
    return {
        "text": words, "x": curve.quantile(1 - probability), "y": probability, "showarrow": False, "font": {"color": colour, "size": 12},
        "xanchor": anchor, "yanchor": "bottom" if anchor == "left" else "top", "xshift": 8 if anchor == "left" else -8,
    }  # fmt: skip


def _line(curve: LossDistribution, colour: str, dash: str, unit: str) -> go.Scatter:
    points = curve.exceedance()
    losses, chances = points["loss"].to_numpy(), points["probability"].to_numpy()
    texts = [f"{style.share(chance)} to lose more than {style.money(loss, unit)}" for loss, chance in zip(losses, chances, strict=True)]  # fmt: skip
    return go.Scatter(
        x=losses, y=chances, mode="lines", line={"color": colour, "dash": dash, "width": 2, "shape": "hv"},
        hovertext=texts, hoverinfo="text",
    )  # fmt: skip


def paths_figure(paths: TimePaths, source: Source, unit: str, earned: str) -> go.Figure:
    """What today's customers still bring, month by month, in simulated futures, and with new business on top."""
    table = paths.table()
    months, low, high = table["month"], table["5 %"], table["95 %"]
    figure = go.Figure(
        go.Scatter(
            x=[*months, *months[::-1]], y=[*high, *low[::-1]], fill="toself", fillcolor="rgba(0,114,178,0.14)",
            line={"width": 0}, hoverinfo="skip",
        )
    )  # fmt: skip
    for values, colour, dash, label in (
        (table["mean"], style.ACCENT, "solid", "today's customers"),
        (table["mean"] + table["new_business"], style.MUTED, "dash", "with new business"),
    ):
        figure.add_trace(
            go.Scatter(
                x=months, y=values, mode="lines", line={"color": colour, "dash": dash, "width": 2.5},
                hovertext=[f"month {month}: {style.money(each, unit)} {label}" for month, each in zip(months, values, strict=True)],
                hoverinfo="text",
            )
        )  # fmt: skip
        above = dash == "dash"
        figure.add_annotation(
            x=months.iloc[-1], y=values.iloc[-1], text=label, showarrow=False, xanchor="right", yanchor="bottom" if above else "top",
            yshift=6 if above else -6, font={"color": colour, "size": 12},
        )  # fmt: skip
    figure.update_xaxes(title={"text": "months from now", "font": _SMALL}, tickvals=list(range(0, paths.months + 1, 6)), showgrid=False)  # fmt: skip
    figure.update_yaxes(title={"text": f"{earned} a month ({unit or 'amount'})", "font": _SMALL}, rangemode="tozero", range=[0, 1.15 * max(paths.start, float((table["mean"] + table["new_business"]).max()))])  # fmt: skip
    marks = [at for at in (12, 24, 36) if at <= paths.months]
    rows = [
        [str(at), style.money(table["mean"].iloc[at - 1], unit), f"{style.money(low.iloc[at - 1])} to {style.money(high.iloc[at - 1])}", style.money(table["new_business"].iloc[at - 1])]
        for at in marks
    ]  # fmt: skip
    left = float(table["mean"].iloc[-1] / paths.start) if paths.start else 0.0
    title = f"After {paths.months} months today's customers bring {style.share(left, 0)} of today's {earned}, {style.share(float(low.iloc[-1]) / paths.start if paths.start else 0.0, 0)} in a bad course (1 in 20)"
    alt = f"Simulated {earned} of today's customers by month, {paths.scenarios:,} courses, with a band from 5 to 95 %."
    columns = ["Month", "Today's customers", "9 courses in 10", "New business"]
    return framed(figure, title, alt, source, columns, rows, 360)


ASSUMED_WORDS = {
    "chance": "chances of leaving",
    "follow": "part lost when a manager leaves",
}


_SHORT = {"chance": "chances", "follow": "manager's part"}


def tornado_figure(hangs_on: pd.DataFrame, source: Source, unit: str, what: str) -> go.Figure:
    """What the answer hangs on: each assumption from its low to its high end, the others as they are."""
    rows = hangs_on.iloc[::-1].reset_index(drop=True)
    middle = float(rows["answer"].iloc[0])
    figure = go.Figure()
    for name, colour in (("at_low", style.MUTED), ("at_high", style.ACCENT)):
        figure.add_trace(
            go.Bar(
                x=rows[name] - middle, base=middle, y=list(range(len(rows))), orientation="h", width=0.55, marker={"color": colour},
                hovertext=[f"{style.money(each, unit)}" for each in rows[name]], hoverinfo="text",
            )
        )  # fmt: skip
    span = float((rows[["at_low", "at_high"]] - middle).abs().max().max()) or 1.0
    for at, row in enumerate(rows.to_dict("records")):
        for end in ("low", "high"):
            value = float(row[f"at_{end}"])
            left = value < middle or (value == middle and end == "low")
            figure.add_annotation(
                x=value, y=at, text=_shown(row, end), showarrow=False, xanchor="right" if left else "left",
                xshift=-6 if left else 6, font=_SMALL,
            )  # fmt: skip
    labels = [ASSUMED_WORDS.get(name, name) for name in rows["name"]]
    figure.update_yaxes(tickvals=list(range(len(rows))), ticktext=labels, showgrid=False, ticklabelstandoff=8)
    figure.update_xaxes(range=[middle - 1.5 * span, middle + 1.5 * span], title={"text": f"{what} ({unit or 'amount'})", "font": _SMALL})  # fmt: skip
    figure.update_layout(barmode="overlay")
    table = [
        [ASSUMED_WORDS.get(row["name"], row["name"]), _shown(row, "low"), style.money(row["at_low"], unit), _shown(row, "high"), style.money(row["at_high"], unit)]
        for row in hangs_on.to_dict("records")
    ]  # fmt: skip
    first = ASSUMED_WORDS.get(str(hangs_on["name"].iloc[0]), str(hangs_on["name"].iloc[0]))
    title = f"{what.capitalize()}, {style.money(middle, unit)}, hangs most on: {first}"
    alt = f"Bars of {what} as each assumption goes from its low to its high end."
    columns = ["Assumption", "Low", "Then", "High", "Then"]
    few = {"ticktext": [_SHORT.get(name, name) for name in rows["name"]]}
    wide = {"range": [middle - 1.9 * span, middle + 1.9 * span], "nticks": 4}
    narrow = {"axes": {"yaxis": few, "xaxis": wide}}
    return framed(figure, title, alt, source, columns, table, 140 + 46 * len(rows), narrow)


def _shown(row: dict, end: str) -> str:
    value = float(row[end])
    if row["name"] == "chance":
        return f"× {style.decimal(value, 2)}"
    return style.share(value, 0)
