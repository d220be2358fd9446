"""What a calculation cannot take of a frame: all such rows in one sentence, five of their accounts named."""

import numpy as np
import pandas as pd


def refuse_rows(name: str, rule: str, ids: pd.Series, wrong: pd.Series | np.ndarray) -> None:
    """Raise `ValueError` where rows are not as the rule says."""
    at = np.asarray(wrong, dtype=bool)
    if at.any():
        named = ", ".join(ids[at].astype(str).drop_duplicates().head(5))
        raise ValueError(f"{name}: expected {rule}, got other in {int(at.sum())} ({named})")


def refuse_twice(name: str, ids: pd.Series) -> None:
    """Raise `ValueError` where one has two rows."""
    refuse_rows(name, "one row each", ids, ids.duplicated())


def refuse_missing(name: str, frame: pd.DataFrame, column: str = "revenue") -> None:
    """Raise `ValueError` where an amount is missing or not finite."""
    wrong = ~np.isfinite(frame[column].to_numpy(np.float64, na_value=np.nan))
    refuse_rows(name, f"a {column} each", frame["account_id"], wrong)
