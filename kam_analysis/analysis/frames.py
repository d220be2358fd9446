"""What a public function says where a frame lacks a column: a sentence instead of a traceback that ends in pandas."""

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import pandas as pd

from kam_analysis.errors import DataError, nearest

P = ParamSpec("P")
R = TypeVar("R")


def takes_frames(function: Callable[P, R]) -> Callable[P, R]:
    """`function`, which raises `DataError` with the nearest name for a column that one of its frames lacks.

    >>> import pandas as pd
    >>> @takes_frames
    ... def total(frame: pd.DataFrame, measure: str) -> float:
    ...     return float(frame[measure].sum())
    >>> total(pd.DataFrame({"account_id": ["a"], "revenue": [1.0]}), "revenu")
    Traceback (most recent call last):
    kam_analysis.errors.DataError: total: expected a column "revenu", got account_id, revenue; did you mean "revenue"?
    """

    @functools.wraps(function)
    def asked(*args: P.args, **named: P.kwargs) -> R:
        try:
            return function(*args, **named)
        except KeyError as error:
            frames = [each for each in (*args, *named.values()) if isinstance(each, pd.DataFrame)]
            lacking = [(name, frame) for name in _names(error) for frame in frames if name not in frame.columns]
            if not lacking:
                raise
            name, frame = lacking[0]
            columns = [str(each) for each in frame.columns]
            has = ", ".join(columns) or "none"
            said = f'{function.__name__}: expected a column "{name}", got {has}; {nearest(name, columns)}'
            raise DataError(said) from error

    return asked


def _names(error: KeyError) -> list[str]:
    """The columns that pandas missed: it names one alone, or several in a sentence."""
    key = error.args[0] if error.args else ""
    if not isinstance(key, str):
        return []
    quoted = key.split("'")[1::2]
    return quoted if "not in index" in key or "are in the [columns]" in key else [key]
