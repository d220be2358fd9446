"""The pictures of `03_churn_impact`."""

from kam_analysis.pages.churn_impact.charts_chances import exceedance_figure, paths_figure, tornado_figure
from kam_analysis.pages.churn_impact.charts_worst import recovery_figure, worst_cases_figure

__all__ = ["exceedance_figure", "paths_figure", "recovery_figure", "tornado_figure", "worst_cases_figure"]
