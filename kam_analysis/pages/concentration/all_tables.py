"""The tables of `01_concentration`."""

from kam_analysis.pages.concentration.tables_accounts import accounts_table
from kam_analysis.pages.concentration.tables_activities import activities_table
from kam_analysis.pages.concentration.tables_groups import groups_finding, suggested_table
from kam_analysis.pages.concentration.tables_indices import indices, inequality_split
from kam_analysis.pages.concentration.tables_movement import falls_table, largest_line, pushed_table
from kam_analysis.pages.concentration.tables_reconciliation import reconciliation_tables
from kam_analysis.pages.concentration.tables_steadiness import steadiness_table
from kam_analysis.pages.concentration.tables_sureness import sureness_table
from kam_analysis.pages.concentration.tables_year import year_to_date_table

__all__ = [
    "accounts_table",
    "activities_table",
    "falls_table",
    "groups_finding",
    "indices",
    "inequality_split",
    "largest_line",
    "pushed_table",
    "reconciliation_tables",
    "steadiness_table",
    "suggested_table",
    "sureness_table",
    "year_to_date_table",
]
