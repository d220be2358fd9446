"""What moved between two years: from the sales of one to the sales of the other."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import plotly.graph_objects as go

from kam_analysis.analysis.concentration import Bridge
from kam_analysis.pages import style
from kam_analysis.pages.concentration.charts_steps import ENDS, Drawn, Step, levels, shortened, signed, stepped
from kam_analysis.pages.frame import framed
from kam_analysis.pages.sentences import said_in, words_in
from kam_analysis.pages.words import headed, named

if TYPE_CHECKING:
    from kam_analysis.pages.concentration.found import Found

say = said_in(__file__)

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
    return framed(
        figure,
        _finding(bridge, measure),
        alt=say("charts.bridge_alt", before=totals[0], measure=measure, now=totals[1]),
        source=found.year.source,
        columns=[*words_in(__file__, "data_bridge", measure=headed(measure)).values()],
        rows=rows,
        height=290,
        narrow={"annotations": [*shortened(steps), *({"text": each["text"].rpartition(": ")[2]} for each in said)]},
    )


def _finding(bridge: Bridge, measure: str) -> str:
    kept, grown = style.share(bridge.kept, 0), style.share(bridge.kept_plus_grown, 0)
    return say("charts.bridge", measure=measure, kept=kept, grown=grown)


def _step(bridge: Bridge, kind: str, unit: str) -> Step:
    amount = signed(float(getattr(bridge, kind)), unit)
    said = say("charts.step", amount=amount, customers=style.counted(bridge.count(kind), "customer"))
    return Step(STEPS[kind], float(getattr(bridge, kind)), said, amount)


def _part(bridge: Bridge, at: Sequence[float], *, unit: str, followed: str) -> tuple[list[Drawn], list[Drawn]]:
    """The followed account's part of its step, and the words for it below the step's own amount."""
    for each in bridge.accounts[bridge.accounts["account_id"] == followed].to_dict("records"):
        if each["kind"] not in STEPS:
            continue
        row, change = list(STEPS).index(each["kind"]) + 1, float(each["change"])
        name = style.escaped(style.shortened(named(followed, each["account_name"]), 16))
        said = f"{name}: {signed(change, unit)}"
        bar = {
            "type": "bar", "orientation": "h", "x": [abs(change)], "base": [min(at[row - 1], at[row - 1] + change)],
            "y": [row], "width": 0.6, "marker": {"color": style.INK}, "hovertemplate": f"{said}<extra></extra>",
        }  # fmt: skip
        words = {
            "x": max(at[row - 1], at[row]), "y": row, "text": said, "showarrow": False, "xanchor": "left",
            "xshift": 6, "yshift": -15, "font": {"size": 12, "color": style.INK},
        }  # fmt: skip
        return [bar], [words]
    return [], []
