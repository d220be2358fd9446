"""The figures of `01_concentration`."""

from kam_analysis.view.figures.concentration.curves import CURVE_POINTS, drawn_ranks, lorenz_curve
from kam_analysis.view.figures.concentration.pareto import CURVE_FROM, NAMED_BARS, pareto

__all__ = ["CURVE_FROM", "CURVE_POINTS", "NAMED_BARS", "drawn_ranks", "lorenz_curve", "pareto"]
