"""The tables of `04_coverage`."""

from kam_analysis.pages.coverage.tables_contacts import (
    calls_from_above_table,
    heard_table,
    relations_tables,
    silent_line,
    voices_table,
)
from kam_analysis.pages.coverage.tables_departure import calls_table, cost_notes, handover_table, movable_table
from kam_analysis.pages.coverage.tables_hours import hours_by_manager, hours_table
from kam_analysis.pages.coverage.tables_people import attention_table, few_numbers, managers_table, neither_table
from kam_analysis.pages.coverage.tables_practice import practice_table

__all__ = [
    "attention_table",
    "calls_from_above_table",
    "calls_table",
    "cost_notes",
    "few_numbers",
    "handover_table",
    "heard_table",
    "hours_by_manager",
    "hours_table",
    "managers_table",
    "movable_table",
    "neither_table",
    "practice_table",
    "relations_tables",
    "silent_line",
    "voices_table",
]
