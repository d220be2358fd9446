"""The figures of `01_concentration`."""

from kam_analysis.view.figures.concentration.activities import MOST_PANELS, activities_panels
from kam_analysis.view.figures.concentration.curves import CURVE_POINTS, drawn_ranks, lorenz_curve
from kam_analysis.view.figures.concentration.movement import bridge_figure
from kam_analysis.view.figures.concentration.pareto import CURVE_FROM, NAMED_BARS, pareto
from kam_analysis.view.figures.concentration.trend import TREND_FROM, trend_figure, what_if_figure

__all__ = [
    "CURVE_FROM",
    "CURVE_POINTS",
    "MOST_PANELS",
    "NAMED_BARS",
    "TREND_FROM",
    "activities_panels",
    "bridge_figure",
    "drawn_ranks",
    "lorenz_curve",
    "pareto",
    "trend_figure",
    "what_if_figure",
]
