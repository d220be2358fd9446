"""How likely which loss is, what margin is left month by month, and what the bad-year loss depends on."""

from textwrap import wrap
from typing import TYPE_CHECKING, Any

import pandas as pd
import plotly.graph_objects as go

from kam_analysis.analysis.losses import LossDistribution
from kam_analysis.pages import style
from kam_analysis.pages.churn_impact.answer import BAD
from kam_analysis.pages.churn_impact.tables_chances import LEVELS
from kam_analysis.pages.frame import (
    BESIDE_AMOUNTS,
    band,
    course,
    framed,
    money_ticks,
    percent_ticks,
    row_axis,
    titled,
    upright,
    word,
)
from kam_analysis.pages.words import said_in, words_in

if TYPE_CHECKING:
    from kam_analysis.pages.churn_impact.found import Found

say = said_in(__file__)

# The words at the 1-in-20 line need a third of the width.
_ROOM = 0.66
_ASSUMED, _SHORT = words_in(__file__, "assumed"), words_in(__file__, "assumed_short")


def bad_year_chart(found: "Found") -> go.Figure | None:
    """The chance that a year costs more than this, with what could take several at once and without it."""
    if found.year is None:
        return None
    joint, unit, (words, beside) = found.year, found.about.unit, _beside(found)
    curves = [joint] if beside is None else [beside, joint]
    bad = joint.quantile(BAD)
    most, amount = max(joint.quantile(0.999), bad / _ROOM), style.money(bad, unit)
    lost, chance = titled(say("charts.bad_year_axis", earned=found.earned)), titled(say("charts.chance_axis"))
    axes = {
        "xaxis": {**lost, "range": [0, most], **money_ticks(most, unit)},
        "yaxis": {**chance, "range": [0, 1.02], **percent_ticks(0, 0.25, 0.5, 0.75, 1)},
    }
    names: list[dict[str, Any]] = []
    short: list[dict[str, Any]] = []
    if beside is not None:
        # Each name where its line crosses a probability. On a phone there is room for one: the other is told by its dashes.
        several = say("charts.with_several")
        names = [_name(beside, words, at=0.45, accent=False), _name(joint, several, at=0.30, accent=True)]
        both = "<br>".join([say("charts.with_them_all"), *wrap(say("charts.dashed", what=words), 16)])
        short = [{"text": ""}, {"text": both, "align": "left"}]
    place = {"xanchor": "left", "yanchor": "bottom", "xshift": 6}
    limit = word(bad, 1 - BAD, say("charts.one_in_20", amount=amount), font={"color": style.WARNING}, **place)
    return framed(
        go.Figure(
            [_line(each, unit, accent=each is joint) for each in curves],
            {"annotations": [*names, limit], "shapes": [upright(bad, 0, 1 - BAD, style.WARNING, 1.5)], **axes},
        ),
        title=say("charts.bad_year", even=style.money(joint.quantile(0.5), unit)),
        alt=say("charts.bad_year_alt"),
        source=found.about.source,
        columns=[
            say("heads.years"),
            say("heads.loss_of_more_than"),
            *([words.capitalize()] if beside is not None else []),
        ],
        rows=[
            [f"1 in {1 / (1 - at):.0f}", *(style.money(each.quantile(at), unit) for each in curves[::-1])]
            for at in LEVELS
        ],
        height=360,
        narrow={
            "annotations": [*short, {"text": say("charts.one_in_20_phone")}],
            "axes": {"xaxis": money_ticks(most, unit, steps=3)},
        },
        medium={"annotations": [*({} for _ in short), {"text": say("charts.one_in_20_short", amount=amount)}]},
    )


def _beside(found: "Found") -> tuple[str, LossDistribution | None]:
    """What the year is held against: no manager's departure where one is expected, else each customer on its own."""
    if found.bad_year is None or not found.causes:
        return "", None
    if found.staying is not None and found.may_go:
        return say("charts.nobody_leaves"), found.staying.joint
    return say("charts.independent"), found.bad_year.alone


def _name(curve: LossDistribution, words: str, *, at: float, accent: bool) -> dict[str, Any]:
    place = {"xanchor": "left" if accent else "right", "yanchor": "bottom" if accent else "top"}
    font = {"color": style.ACCENT if accent else style.MUTED, "size": 12}
    return word(curve.quantile(1 - at), at, words, font=font, **place, xshift=8 if accent else -8)


def _line(curve: LossDistribution, unit: str, *, accent: bool) -> go.Scatter:
    points = curve.exceedance()
    losses, chances = points["loss"].to_numpy(), points["probability"].to_numpy()
    line = {"color": style.ACCENT, "dash": "solid"} if accent else {"color": style.MUTED, "dash": "dash"}
    return go.Scatter(
        x=losses,
        y=chances,
        mode="lines",
        line={**line, "width": 2, "shape": "hv"},
        hovertext=[
            say("charts.lose_more", chance=style.share(chance), amount=style.money(loss, unit))
            for loss, chance in zip(losses, chances, strict=True)
        ],
        hoverinfo="text",
    )


def margin_chart(found: "Found") -> go.Figure | None:
    """What today's customers still bring, month by month, in simulated futures, and with new business on top."""
    paths, unit, earned = found.margin_by_month, found.about.unit, found.earned
    if paths is None:
        return None
    table = paths.table()
    months, total = table["month"], table["mean"] + table["new_business"]
    figure = go.Figure(band(months, table["5%"], table["95%"], "rgba(31,95,191,0.14)"))
    sides = {False: {"yanchor": "top", "yshift": -6}, True: {"yanchor": "bottom", "yshift": 6}}
    for label, values, above in ((say("charts.todays"), table["mean"], False), (say("charts.with_new"), total, True)):
        said = [f"month {at}: {style.money(each, unit)} {label}" for at, each in zip(months, values, strict=True)]
        named = {"x": months.iloc[-1], "y": values.iloc[-1], "xanchor": "right", **sides[above]}
        course(figure, months, values, label=label, above=above, named=named, hovertext=said, hoverinfo="text")
    top = 1.15 * max(paths.start, float(total.max()))
    ahead = {"tickvals": list(range(0, paths.months + 1, 6)), "showgrid": False}
    figure.update_xaxes(**titled(say("charts.months_axis")), **ahead)
    figure.update_yaxes(
        **titled(say("charts.a_month_axis", earned=earned), **BESIDE_AMOUNTS),
        rangemode="tozero",
        range=[0, top],
        **money_ticks(top, unit),
    )
    part = style.share(table["mean"].iloc[-1] / paths.start if paths.start else 0.0, 0)
    return framed(
        figure,
        title=say("charts.margin", part=part, earned=earned, months=paths.months),
        alt=say("charts.margin_alt", earned=earned, courses=style.count(paths.scenarios)),
        source=found.about.source,
        columns=[*words_in(__file__, "data_margin").values()],
        rows=[_month(table.iloc[at - 1], unit) for at in (12, 24, 36) if at <= paths.months],
        height=360,
    )


def _month(row: pd.Series, unit: str) -> list[str]:
    mean, low, high, new = (style.money(row[each], unit) for each in ("mean", "5%", "95%", "new_business"))
    return [f"{row['month']:.0f}", mean, f"{low} to {high}", new]


def sensitivity_chart(found: "Found") -> go.Figure | None:
    """What the bad-year loss depends on: each assumption from its low to its high end, the others as they are."""
    if found.sensitivity.empty:
        return None
    rows, unit = found.sensitivity.iloc[::-1].reset_index(drop=True), found.about.unit
    middle, places = float(rows["answer"].iloc[0]), list(range(len(rows)))
    span = float((rows[["at_low", "at_high"]] - middle).abs().max().max()) or 1.0
    bars = [
        go.Bar(
            x=rows[name] - middle,
            base=middle,
            y=places,
            orientation="h",
            width=0.55,
            marker={"color": colour},
            hovertext=[style.money(each, unit) for each in rows[name]],
            hoverinfo="text",
        )
        for name, colour in (("at_low", style.MUTED), ("at_high", style.ACCENT))
    ]
    ends = [
        _label(row, end, middle=middle, at=at)
        for at, row in enumerate(rows.to_dict("records"))
        for end in ("low", "high")
    ]
    labels = [_ASSUMED[name] for name in rows["name"]]
    figure = go.Figure(bars, {"annotations": ends, "barmode": "overlay"})
    figure.update_yaxes(**row_axis(labels))
    figure.update_xaxes(**titled(say("charts.depends_axis")), **_around(middle, 1.5 * span, unit, steps=5))
    few = {"ticktext": [_SHORT[name] for name in rows["name"]]}
    return framed(
        figure,
        title=say("charts.depends_most", what=labels[-1]),
        alt=say("charts.depends_most_alt"),
        source=found.about.source,
        columns=[say("heads.assumption"), say("heads.low"), say("heads.then"), say("heads.high"), say("heads.then")],
        rows=[_ends(row, unit) for row in found.sensitivity.to_dict("records")],
        height=140 + 46 * len(rows),
        narrow={"axes": {"yaxis": few, "xaxis": _around(middle, 1.9 * span, unit, steps=3)}},
    )


def _around(middle: float, reach: float, unit: str, *, steps: int) -> dict[str, Any]:
    low, high = middle - reach, middle + reach
    return {"range": [low, high], **money_ticks(high, unit, least=low, steps=steps)}


def _label(row: dict, end: str, *, middle: float, at: int) -> dict[str, Any]:
    value = float(row[f"at_{end}"])
    left = value < middle or (value == middle and end == "low")
    side = {"xanchor": "right" if left else "left", "xshift": -6 if left else 6}
    return word(value, at, _written(row, end), **side)


def _ends(row: dict, unit: str) -> list[str]:
    ends = [text for end in ("low", "high") for text in (_written(row, end), style.money(row[f"at_{end}"], unit))]
    return [_ASSUMED[row["name"]], *ends]


def _written(row: dict, end: str) -> str:
    value = float(row[end])
    return f"× {style.decimal(value, 2)}" if row["name"] == "chance" else style.share(value, 0)
