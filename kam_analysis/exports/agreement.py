"""Whether two columns of amounts say the same, row by row."""

import pandas as pd

# Half a cent on each of three amounts.
_CENTS = 0.0151
# A column that is held against others in too few rows proves nothing.
_LEAST_ROWS = 1


def holds(left: pd.Series, right: pd.Series) -> bool:
    """Whether two amounts are one in every row that has both."""
    both = left.notna() & right.notna()
    return int(both.sum()) >= _LEAST_ROWS and bool(((left - right).abs()[both] <= _CENTS).all())


def same(left: pd.Series, right: pd.Series) -> bool:
    """Whether two amounts are one in every row, and empty in the same rows."""
    return len(left) > 0 and bool((left.isna() == right.isna()).all()) and holds(left, right)
