"""What the questions of this folder are asked about, checked once: money at stake, chances, shares lost."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

# So many positions are named in an error; the number of all is said beside them.
_NAMED = 5


def numbers(name: str, values: npt.ArrayLike) -> Floats:
    """A new array of floats of one dimension, missing values as NaN; raises `ValueError` for anything else."""
    try:
        if isinstance(values, pd.Series):
            found = values.to_numpy(dtype=np.float64, na_value=np.nan, copy=True)
        else:
            found = np.array(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name}: expected numbers, got {values!r:.80}") from error
    if found.ndim > 1:
        raise ValueError(f"{name}: expected one number per account, got an array of {found.ndim} dimensions")
    return found


def refuse(name: str, expected: str, wrong: npt.NDArray[np.bool_], values: npt.NDArray[np.generic]) -> None:
    """Raises `ValueError` where anything is wrong: what was expected, how many are not so, the first of them."""
    where = np.flatnonzero(wrong)
    if where.size:
        named = ", ".join(f"{values[at]:g} at position {at}" for at in where[:_NAMED])
        more = ", ..." if where.size > _NAMED else ""
        raise ValueError(f"{name}: expected {expected}, got {where.size} that are not: {named}{more}")


def shares(name: str, values: npt.ArrayLike, n: int) -> Floats:
    """One number from 0 to 1 per account; a single number holds for all `n`."""
    found = numbers(name, values)
    if found.ndim == 1 and found.size != n:
        raise ValueError(f"{name}: expected one number or {n}, one per account, got {found.size}")
    refuse(name, "0 to 1", ~((np.atleast_1d(found) >= 0) & (np.atleast_1d(found) <= 1)), np.atleast_1d(found))
    return np.full(n, float(found)) if found.ndim == 0 else found


def money(name: str, values: npt.ArrayLike) -> Floats:
    """Amounts per account, zero or more, none missing."""
    found = numbers(name, values)
    if found.ndim == 0:
        raise ValueError(f"{name}: expected one amount per account, got the single number {found:g}")
    refuse(name, "amounts of zero or more, none missing", ~(np.isfinite(found) & (found >= 0)), found)
    return found


def number(name: str, value: float, least: float = 0.0, most: float = np.inf) -> float:
    """One number between two bounds, both allowed."""
    found = numbers(name, value)
    if found.ndim or not (np.isfinite(found) and least <= found <= most):
        bounds = f"{least:g} to {most:g}" if np.isfinite(most) else f"at least {least:g}"
        raise ValueError(f"{name}: expected one number, {bounds}, got {value!r:.80}")
    return float(found)


def count(name: str, value: int, least: int, most: int | None = None) -> int:
    """One whole number between two bounds, both allowed."""
    if isinstance(value, bool) or value != int(value) or value < least or (most is not None and value > most):
        bounds = f"at least {least}" if most is None else f"{least} to {most}"
        raise ValueError(f"{name}: expected a whole number, {bounds}, got {value!r:.80}")
    return int(value)


def levels(name: str, values: Sequence[float]) -> Floats:
    """Levels of quantiles, strictly between 0 and 1, ascending."""
    found = np.atleast_1d(numbers(name, values))
    refuse(name, "above 0 and below 1", ~((found > 0) & (found < 1)), found)
    return np.sort(found)


def fixed(values: npt.NDArray[np.generic]) -> npt.NDArray:
    """The same array, read-only."""
    values.setflags(write=False)
    return values
