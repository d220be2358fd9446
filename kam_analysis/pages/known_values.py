"""Rows of a frame without what is not known: a value that is there can be used as it is."""

from datetime import date
from typing import Any

import pandas as pd


def known_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows, each with what is known of it by column."""
    return [{str(name): value for name, value in row.items() if _known(value)} for row in frame.to_dict("records")]


def row_of(frame: pd.DataFrame, account_id: str) -> dict[str, Any]:
    """What is known in an account's first row; empty where it has none."""
    return next(iter(known_rows(frame[frame["account_id"] == account_id].head(1))), {}) if len(frame) else {}


def text_of(row: dict[str, Any], name: str) -> str:
    """A text of such a row, empty for none."""
    return str(row.get(name, "")).strip()


def day_of(row: dict[str, Any], name: str) -> date | None:
    """A day of such a row, None for none."""
    return pd.Timestamp(row[name]).date() if name in row else None


def _known(value: Any) -> bool:
    return isinstance(value, list | tuple) or not pd.isna(value)
