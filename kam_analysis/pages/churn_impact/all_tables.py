"""The tables of `03_churn_impact`."""

from kam_analysis.pages.churn_impact.tables import bad_year_levels, cases_table, causes_table, groups_table
from kam_analysis.pages.churn_impact.tables_chances import (
    accounts_table,
    bases_table,
    definitions_list,
    right_table,
    scores_table,
)
from kam_analysis.pages.churn_impact.tables_recovery import keeping_table, recovery_rows

__all__ = [
    "accounts_table",
    "bad_year_levels",
    "bases_table",
    "cases_table",
    "causes_table",
    "definitions_list",
    "groups_table",
    "keeping_table",
    "recovery_rows",
    "right_table",
    "scores_table",
]
