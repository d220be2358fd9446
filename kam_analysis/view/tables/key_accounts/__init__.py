"""The tables of `02_key_accounts`."""

from kam_analysis.view.tables.key_accounts.keys import keys_table, moves, rules_table, work_table
from kam_analysis.view.tables.key_accounts.line import borders, line_table
from kam_analysis.view.tables.key_accounts.power import balance_table, barriers_table, invoices_table
from kam_analysis.view.tables.key_accounts.value import (
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
