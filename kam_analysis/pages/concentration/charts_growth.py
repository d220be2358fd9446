"""What is behind growth: prices, volume, mix, and what came and went."""

from typing import TYPE_CHECKING

import plotly.graph_objects as go

from kam_analysis.analysis.concentration import PriceVolumeMix
from kam_analysis.pages import style
from kam_analysis.pages.concentration.charts_steps import ENDS, Step, shortened, signed, stepped
from kam_analysis.pages.concentration.tables_growth import EFFECT_WORDS
from kam_analysis.pages.frame import framed
from kam_analysis.pages.sentences import said_in, words_in

if TYPE_CHECKING:
    from kam_analysis.pages.concentration.found import Found

say = said_in(__file__)


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
        _finding(growth, unit),
        alt=say("charts.growth_alt", before=totals[0], now=totals[1]),
        source=found.year.source,
        columns=[*words_in(__file__, "data_growth").values()],
        rows=rows,
        height=350,
        narrow={"annotations": shortened(steps)},
    )


def _finding(growth: PriceVolumeMix, unit: str) -> str:
    return say("charts.growth", **{name: signed(getattr(growth, name), unit) for name in ("price", "volume", "mix")})


def _steps(growth: PriceVolumeMix, unit: str) -> list[Step]:
    """Articles that came and went are one step: side by side they would dwarf all others."""
    steps = [_step(words_in(__file__, "steps")[name], getattr(growth, name), unit) for name in ("new", "lost")]
    steps += [_step(EFFECT_WORDS[name], getattr(growth, name), unit) for name in ("price", "volume", "mix")]
    steps.append(_step(say("charts.other_articles"), growth.new_items + growth.lost_items, unit))
    return steps + ([_step(EFFECT_WORDS["not_split"], growth.not_split, unit)] if growth.not_split else [])


def _step(name: str, change: float, unit: str) -> Step:
    return Step(name, float(change), signed(change, unit), signed(change, unit))
