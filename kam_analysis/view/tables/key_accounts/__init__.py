"""The tables of `02_key_accounts`."""

from kam_analysis.view.tables.key_accounts.keys import keys_table, moves, outside_table, work_table
from kam_analysis.view.tables.key_accounts.power import balance_table, easy_table
from kam_analysis.view.tables.key_accounts.value import changes_table, criteria_table, firmness_table, stages_table

__all__ = [
    "balance_table",
    "changes_table",
    "criteria_table",
    "easy_table",
    "firmness_table",
    "keys_table",
    "moves",
    "outside_table",
    "stages_table",
    "work_table",
]
