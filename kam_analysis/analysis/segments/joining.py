"""What another frame knows of the same accounts."""

import pandas as pd

from kam_analysis.analysis.frames import takes_frames


@takes_frames
def of_accounts(frame: pd.DataFrame, ids: pd.Series) -> pd.DataFrame:
    """The columns of `frame` (one row per account_id) in the order of `ids`, missing where it does not know one.

    All columns at once: looking up a million ids takes a second, whatever the number of columns.

    >>> sold = pd.DataFrame({"account_id": ["a", "b"], "revenue": [1.0, 2.0]})
    >>> of_accounts(sold, pd.Series(["b", "c"])).values.tolist()
    [[2.0], [nan]]
    """
    return frame.set_index("account_id").reindex(ids).reset_index(drop=True)
