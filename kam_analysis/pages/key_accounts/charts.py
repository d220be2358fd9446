"""The charts of `02_key_accounts`."""

from kam_analysis.pages.key_accounts.charts_firmness import firmness_figure
from kam_analysis.pages.key_accounts.charts_matrix import matrix_figure
from kam_analysis.pages.key_accounts.charts_served import served_figure

__all__ = ["firmness_figure", "matrix_figure", "served_figure"]
