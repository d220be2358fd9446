"""The figures of `04_coverage`."""

from kam_analysis.pages.coverage.charts_contacts import contacts_figure
from kam_analysis.pages.coverage.charts_departure import departures_figure
from kam_analysis.pages.coverage.charts_hours import hours_figure
from kam_analysis.pages.coverage.charts_successors import successors_figure

__all__ = ["contacts_figure", "departures_figure", "hours_figure", "successors_figure"]
