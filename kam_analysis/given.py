"""Parameters as papermill, Airflow, scripts and people hand them over: taken for what they plainly mean, or refused.

2025 is a year's name as well as a number, 20251231 a day, "0.1" and "10%" a share, True a yes.
"""

import json
import math
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from kam_analysis.errors import SettingsError

_YES, _NO = ("yes", "true", "y", "on", "1"), ("no", "false", "n", "off", "0")


def text(name: str, value: Any) -> str:
    """Text, or a whole number as text; nothing for None.

    >>> text("period", 2025), text("line", " 7 "), text("measure", None)
    ('2025', '7', '')
    """
    value = _unwrapped(value)
    if _missing(value):
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, datetime | date):
        return str(day(name, value))
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise _refused(name, "text", value)
    return str(value).strip()


def day(name: str, value: Any) -> date | None:
    """A calendar day; None where none is given.

    >>> day("as_of", 20251231), day("as_of", "2025-12-31T00:00:00"), day("as_of", "")
    (datetime.date(2025, 12, 31), datetime.date(2025, 12, 31), None)
    """
    value = _unwrapped(value)
    if _missing(value):
        return None
    if isinstance(value, datetime):  # a pandas Timestamp is one
        return value.date()
    if isinstance(value, date):
        return value
    try:
        written = text(name, value)
        return datetime.fromisoformat(written).date() if written else None
    except (SettingsError, ValueError):
        raise _refused(name, "a date such as 2025-12-31", value) from None


def yes_or_no(name: str, value: Any) -> bool | None:
    """Yes or no; None where neither is said.

    >>> yes_or_no("parents", "yes"), yes_or_no("parents", 0), yes_or_no("parents", "")
    (True, False, None)
    """
    value = _unwrapped(value)
    if isinstance(value, bool) or value is None:
        return value
    written = str(value).strip().lower() if isinstance(value, str | int | float) else None
    if written in (*_YES, "1.0"):
        return True
    if written in (*_NO, "0.0"):
        return False
    if written != "":
        raise SettingsError(f'{name}: expected "yes" or "no", got "{value}"; empty: as the settings say')
    return None


def number(name: str, value: Any) -> float:
    """A finite number.

    >>> number("chance_factor", "1.5"), number("spare_hours", 4)
    (1.5, 4.0)
    """
    value = _unwrapped(value)
    try:
        found = math.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        found = math.nan
    if not math.isfinite(found):
        raise _refused(name, "a number", value)
    return found


def share(name: str, value: Any) -> float:
    """A share, 0-1 or in per cent with its sign; 0 where none is given. Its range is for the caller to check.

    >>> share("key_share", "10%"), share("key_share", "0.1"), share("key_share", "")
    (0.1, 0.1, 0.0)
    """
    value = _unwrapped(value)
    if _empty(value):
        return 0.0
    if not isinstance(value, str) or not value.strip().endswith("%"):
        return number(name, value)
    try:
        return number(name, value.strip().removesuffix("%")) / 100
    except SettingsError:
        raise _refused(name, "a share such as 0.1 or 10%", value) from None


def whole(name: str, value: Any) -> int:
    """A whole number.

    >>> whole("limit", "25"), whole("limit", 25.0)
    (25, 25)
    """
    found = number(name, value)
    if not found.is_integer():
        raise _refused(name, "a whole number", value)
    return int(found)


def texts(name: str, value: Any) -> list[str]:
    """Several texts: a list, one text alone, or a list written as JSON.

    >>> texts("lost_accounts", ["A", 7]), texts("lost_accounts", '["A", "B"]'), texts("lost_accounts", "A")
    (['A', '7'], ['A', 'B'], ['A'])
    """
    value = _from_json(_unwrapped(value), "[")
    if _empty(value):
        return []
    if isinstance(value, Mapping | bytes):
        raise _refused(name, 'a list such as ["A", "B"]', value)
    several = value if isinstance(value, Iterable) and not isinstance(value, str) else [value]
    return [written for each in several if (written := text(name, each))]


def numbers(name: str, value: Any) -> dict[str, float]:
    """Numbers by name: a table, or one written as JSON.

    >>> numbers("weights", '{"volume": 40}'), numbers("weights", None)
    ({'volume': 40.0}, {})
    """
    value = _from_json(value, "{")
    if _empty(value):
        return {}
    if not isinstance(value, Mapping):
        raise _refused(name, 'a table such as {"volume": 40}', value)
    return {text(name, key): number(f"{name}, {key}", each) for key, each in value.items()}


def _from_json(value: Any, opening: str) -> Any:
    if not isinstance(value, str) or not value.strip().startswith(opening):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


def _unwrapped(value: Any) -> Any:
    """A number of numpy's as Python's own."""
    return value.item() if getattr(value, "shape", None) == () and hasattr(value, "item") else value


def _missing(value: Any) -> bool:
    """Nothing, NaN or pandas' NaT."""
    return value is None or (isinstance(value, float | datetime) and value != value)


def _empty(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _refused(name: str, wanted: str, value: Any) -> SettingsError:
    got = f'"{value}"' if isinstance(value, str) else f"{value!r}"
    return SettingsError(f"{name}: expected {wanted}, got {got}; correct it")
