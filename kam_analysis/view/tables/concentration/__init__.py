"""The tables of `01_concentration`."""

from kam_analysis.view.tables.concentration.accounts import accounts_table
from kam_analysis.view.tables.concentration.activities import activities_section
from kam_analysis.view.tables.concentration.groups import groups_finding
from kam_analysis.view.tables.concentration.indices import indices
from kam_analysis.view.tables.concentration.reconciliation import reconciliation_tables

__all__ = ["accounts_table", "activities_section", "groups_finding", "indices", "reconciliation_tables"]
