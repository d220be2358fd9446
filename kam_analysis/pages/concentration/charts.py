"""The figures of `01_concentration`."""

from kam_analysis.pages.concentration.charts_activities import MOST_PANELS, activities_panels
from kam_analysis.pages.concentration.charts_course import TREND_FROM, trend_figure, what_if_figure
from kam_analysis.pages.concentration.charts_curves import CURVE_POINTS, drawn_ranks, lorenz_curve
from kam_analysis.pages.concentration.charts_largest import CURVE_FROM, NAMED_BARS, pareto
from kam_analysis.pages.concentration.charts_movement import bridge_figure

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
