"""The 36 months of the sample, cut where its twelve-month windows begin.

A slot is a calendar month, or a part of one: September 2024 and September 2025 are cut between the
18th and the 19th, so that a window of twelve months to 2026-09-18 is a whole number of slots and
its totals can be set exactly.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

FIRST = date(2023, 10, 1)
LAST = date(2026, 9, 18)
# Window 2 is the twelve months to LAST, window 1 the twelve before, window 0 what is left of three years.
_CUTS = (date(2024, 9, 18), date(2025, 9, 18))
_HOLIDAYS = {(1, 1), (5, 1), (12, 24), (12, 25), (12, 26), (12, 31)}
# Project business: strong springs and autumns, a thin August.
_SEASON = (0.92, 0.95, 1.07, 1.00, 1.00, 1.08, 0.96, 0.80, 1.06, 1.09, 1.10, 0.97)


@dataclass(frozen=True)
class Slot:
    """Days from `first` to `last`; `month` counts from October 2023; `days_from` and `days` index DAYS."""

    first: date
    last: date
    month: int
    window: int
    days_from: int
    days: int
    weight: float


def _working_days() -> list[date]:
    span = (FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1))
    return [day for day in span if day.weekday() < 5 and (day.month, day.day) not in _HOLIDAYS]


def _month_end(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _slots(working: list[date]) -> tuple[Slot, ...]:
    slots: list[Slot] = []
    first = FIRST
    while first <= LAST:
        month_end = _month_end(first)
        last = min([month_end, LAST, *(cut for cut in _CUTS if cut >= first)])
        inside = [n for n, day in enumerate(working) if first <= day <= last]
        in_month = np.busday_count(first.replace(day=1), month_end + timedelta(days=1))
        month = (first.year - FIRST.year) * 12 + first.month - FIRST.month
        window = sum(first > cut for cut in _CUTS)
        weight = _SEASON[first.month - 1] * len(inside) / int(in_month)
        slots.append(Slot(first, last, month, window, inside[0], len(inside), weight))
        first = last + timedelta(days=1)
    return tuple(slots)


_WORKING = _working_days()
DAYS = np.array(_WORKING, dtype="datetime64[D]")
SLOTS = _slots(_WORKING)
SLOT_WINDOW = np.array([slot.window for slot in SLOTS])
SLOT_MONTH = np.array([slot.month for slot in SLOTS])
SLOT_WEIGHT = np.array([slot.weight for slot in SLOTS])
MONTHS = 36


def slots_between(first: date, last: date) -> np.ndarray:
    """Which slots lie wholly between two days."""
    return np.array([slot.first >= first and slot.last <= last for slot in SLOTS])


def working_days(first: date, last: date) -> tuple[int, int]:
    """Where the working days between two days begin in DAYS, and how many there are."""
    inside = [n for n, day in enumerate(_WORKING) if first <= day <= last]
    return inside[0], len(inside)
