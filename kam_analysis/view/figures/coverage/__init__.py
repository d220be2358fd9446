"""The figures of `04_coverage`."""

from kam_analysis.view.figures.coverage.contacts import contacts_figure
from kam_analysis.view.figures.coverage.departures import departures_figure
from kam_analysis.view.figures.coverage.hours import hours_figure
from kam_analysis.view.figures.coverage.successors import successors_figure

__all__ = ["contacts_figure", "departures_figure", "hours_figure", "successors_figure"]
