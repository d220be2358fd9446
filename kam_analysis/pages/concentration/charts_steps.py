"""From one total to the next, step by step: the drawing that the bridges share."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Any

import plotly.graph_objects as go

from kam_analysis.analysis.concentration import Bridge, PriceVolumeMix
from kam_analysis.pages import style
from kam_analysis.pages.concentration.tables_growth import EFFECT_WORDS
from kam_analysis.pages.frame import framed, row_axis, word
from kam_analysis.pages.words import headed, named, said_in, words_in

if TYPE_CHECKING:
    from kam_analysis.pages.concentration.found import Found

say = said_in(__file__)

Drawn = dict[str, Any]
# Of the two totals, as pages name them.
ENDS = tuple(words_in(__file__, "ends").values())
_BESIDE = {"xanchor": "left", "xshift": 6}


@dataclass(frozen=True)
class Step:
    """One step: its name, by how much it changes the total, and the words that stand beside it and on a phone."""

    name: str
    change: float
    said: str
    short: str


def levels(opening: float, steps: Sequence[Step]) -> list[float]:
    """The total before each step, and after the last one."""
    return list(accumulate((step.change for step in steps), initial=opening))


def stepped(opening: float, steps: Sequence[Step], *, unit: str, parts: Sequence[Drawn] = ()) -> go.Figure:
    """Bars from total to total; `parts` are drawn on top of them.

    The two totals are points, not bars: the axis does not begin at zero, so only the changes have a length.
    """
    at = levels(opening, steps)
    low, high = min(at), max(at)
    span = (high - low) or high
    names = [ENDS[0], *(step.name for step in steps), ENDS[1]]
    layout = {
        "barmode": "overlay",
        "margin": {"b": 8},  # nothing stands below the last bar
        "xaxis": {"range": [low - 0.04 * span, high + 0.75 * span], "visible": False},
        "yaxis": row_axis(names, range=[len(names) - 0.5, -0.5]),
        "annotations": [
            word(max(at[row - 1], at[row]), row, step.said, font={"color": _colour(step.change)}, **_BESIDE)
            for row, step in enumerate(steps, start=1)
        ],
        "shapes": [_level(level, row) for row, level in enumerate(at)],
    }
    bars = [
        _bar(step.said, row, at, change=step.change, colour=_colour(step.change))
        | {"text": [step.said], "textposition": "none"}
        for row, step in enumerate(steps, start=1)
    ]
    # Made in one go: plotly takes several times as long to add to a figure.
    return go.Figure([_totals(at, unit), *bars, *parts], layout)


def shortened(steps: Sequence[Step]) -> list[Drawn]:
    """On a phone the amounts stand alone; the rest is in the table."""
    return [{"text": step.short} for step in steps]


def signed(change: float, unit: str) -> str:
    """An amount with its sign."""
    return ("+" if change > 0 else "") + style.money(change, unit)


def _totals(at: Sequence[float], unit: str) -> Drawn:
    said = [f"  {style.money(total, unit)}" for total in (at[0], at[-1])]
    form = {"mode": "markers+text", "marker": {"color": style.INK, "size": 11}, "textposition": "middle right"}
    return {"type": "scatter", "x": [at[0], at[-1]], "y": [0, len(at)], "text": said, "hoverinfo": "skip", **form}


def _colour(change: float) -> str:
    return style.ACCENT if change >= 0 else style.WARNING


def _bar(said: str, row: int, at: Sequence[float], *, change: float, colour: str) -> Drawn:
    """A change from the level above on."""
    place = {"x": [abs(change)], "base": [min(at[row - 1], at[row - 1] + change)], "y": [row], "width": 0.6}
    hover = {"hovertemplate": f"{said}<extra></extra>"}
    return {"type": "bar", "orientation": "h", **place, "marker": {"color": colour}, **hover}


def _level(level: float, row: int) -> Drawn:
    """A thin line leads the eye from one level to the next."""
    line = {"color": style.REST, "width": 1}
    return {"type": "line", "x0": level, "x1": level, "y0": row, "y1": row + 1, "line": line, "layer": "below"}


STEPS = words_in(__file__, "steps")


def bridge_chart(found: "Found") -> go.Figure | None:
    """From the year before to this one: what came in, grew, shrank and stopped; None without a year before.

    The highlighted account's own part is drawn in its step.
    """
    if found.year is None:
        return None
    bridge, unit, measure = found.year.bridge, found.about.unit, found.about.measure_words
    steps = [_step(bridge, kind, unit) for kind in STEPS]
    parts, said = _part(bridge, levels(bridge.opening, steps), unit=unit, followed=found.customer)
    figure = stepped(bridge.opening, steps, unit=unit, parts=parts)
    figure.layout.annotations += tuple(said)
    rows = [[ENDS[0], "", style.money(bridge.opening, unit)]]
    rows += [
        [step.name, style.count(bridge.count(kind)), style.money(step.change, unit)]
        for kind, step in zip(STEPS, steps, strict=True)
    ]
    rows.append([ENDS[1], "", style.money(bridge.closing, unit)])
    totals = [style.money(total, unit) for total in (bridge.opening, bridge.closing)]
    kept, grown = style.share(bridge.kept, 0), style.share(bridge.kept_plus_grown, 0)
    return framed(
        figure,
        say("charts.bridge", measure=measure, kept=kept, grown=grown),
        alt=say("charts.bridge_alt", before=totals[0], measure=measure, now=totals[1]),
        source=found.year.source,
        columns=[*words_in(__file__, "data_bridge", measure=headed(measure)).values()],
        rows=rows,
        height=290,
        narrow={"annotations": [*shortened(steps), *({"text": each["text"].rpartition(": ")[2]} for each in said)]},
    )


def _step(bridge: Bridge, kind: str, unit: str) -> Step:
    amount = signed(float(getattr(bridge, kind)), unit)
    customers = bridge.count(kind)
    said = say("charts.step", amount=amount, customers=style.counted(customers, "customer"))
    said = said if customers else say("charts.step_none")
    return Step(STEPS[kind], float(getattr(bridge, kind)), said, amount)


def _part(bridge: Bridge, at: Sequence[float], *, unit: str, followed: str) -> tuple[list[Drawn], list[Drawn]]:
    """The followed account's part of its step, and the words for it below the step's own amount."""
    for each in bridge.accounts[bridge.accounts["account_id"] == followed].to_dict("records"):
        if each["kind"] not in STEPS:
            continue
        row, change = list(STEPS).index(each["kind"]) + 1, float(each["change"])
        name = style.escaped(style.shortened(named(followed, each["account_name"]), 16))
        said = f"{name}: {signed(change, unit)}"
        font = {"size": 12, "color": style.INK}
        words = word(max(at[row - 1], at[row]), row, said, font=font, yshift=-15, **_BESIDE)
        return [_bar(said, row, at, change=change, colour=style.INK)], [words]
    return [], []


def growth_chart(found: "Found") -> go.Figure | None:
    """From last year's sales to this year's by price, volume and mix; None where they cannot be told apart."""
    growth, unit = found.growth, found.about.unit
    if growth is None or found.year is None:
        return None
    steps = _steps(growth, unit)
    rows = [
        [name, style.money(total, unit)] for name, total in zip(ENDS, (growth.opening, growth.closing), strict=True)
    ]
    rows[1:1] = [[words, style.money(getattr(growth, name), unit)] for name, words in EFFECT_WORDS.items()]
    totals = [style.money(total, unit) for total in (growth.opening, growth.closing)]
    return framed(
        stepped(growth.opening, steps, unit=unit),
        say("charts.growth", **{name: signed(getattr(growth, name), unit) for name in ("price", "volume", "mix")}),
        alt=say("charts.growth_alt", before=totals[0], now=totals[1]),
        source=found.year.source,
        columns=[*words_in(__file__, "data_growth").values()],
        rows=rows,
        height=350,
        narrow={"annotations": shortened(steps)},
    )


def _steps(growth: PriceVolumeMix, unit: str) -> list[Step]:
    """Articles that came and went are one step: side by side they would dwarf all others."""
    steps = [_growth_step(words_in(__file__, "steps")[name], getattr(growth, name), unit) for name in ("new", "lost")]
    steps += [_growth_step(EFFECT_WORDS[name], getattr(growth, name), unit) for name in ("price", "volume", "mix")]
    steps.append(_growth_step(say("charts.other_articles"), growth.new_items + growth.lost_items, unit))
    return steps + ([_growth_step(EFFECT_WORDS["not_split"], growth.not_split, unit)] if growth.not_split else [])


def _growth_step(name: str, change: float, unit: str) -> Step:
    return Step(name, float(change), signed(change, unit), signed(change, unit))
