"""The tables of `01_concentration`."""

from kam_analysis.view.tables.concentration.accounts import accounts_table
from kam_analysis.view.tables.concentration.activities import activities_table
from kam_analysis.view.tables.concentration.groups import groups_finding, suggested_table
from kam_analysis.view.tables.concentration.indices import indices, inequality_split
from kam_analysis.view.tables.concentration.movement import falls_table, largest_line, pushed_table
from kam_analysis.view.tables.concentration.reconciliation import reconciliation_tables
from kam_analysis.view.tables.concentration.steadiness import steadiness_table
from kam_analysis.view.tables.concentration.sureness import sureness_table
from kam_analysis.view.tables.concentration.year import year_to_date_table

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
