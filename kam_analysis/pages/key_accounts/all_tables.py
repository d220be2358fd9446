"""The tables of `02_key_accounts`."""

from kam_analysis.pages.key_accounts.tables_keys import keys_table, moves, rules_table, work_table
from kam_analysis.pages.key_accounts.tables_line import borders, line_table
from kam_analysis.pages.key_accounts.tables_power import balance_table, barriers_table, invoices_table
from kam_analysis.pages.key_accounts.tables_value import (
    changes_table,
    criteria_table,
    firmness_table,
    parts_table,
    stages_table,
)

__all__ = [
    "balance_table",
    "barriers_table",
    "borders",
    "changes_table",
    "criteria_table",
    "firmness_table",
    "invoices_table",
    "keys_table",
    "line_table",
    "moves",
    "parts_table",
    "rules_table",
    "stages_table",
    "work_table",
]
