"""How the cells of a table are written: empty where nothing is known."""

from typing import Any

import pandas as pd

from kam_analysis.pages import style


def of(unit: str) -> str:
    """What a heading adds for the unit: " (€)", nothing where there is none."""
    return f" ({style.sign(unit)})" if unit else ""


def whole(value: Any) -> str:
    """A count."""
    return "" if value is None or pd.isna(value) else style.count(float(value))


def share(value: Any, places: int = 0) -> str:
    """A share (0-1) in per cent."""
    return "" if pd.isna(value) else style.share(float(value), places)


def chance(value: Any) -> str:
    """A chance (0-1) in per cent, with a place where it is less than one."""
    return "" if pd.isna(value) else share(value, 0 if value >= 0.01 else 1)


def day(value: Any, without: str = "") -> str:
    """A day, or the word for none."""
    return without if pd.isna(value) else style.day(pd.Timestamp(value).date())
