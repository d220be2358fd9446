"""A column that a frame lacks is told in a sentence, with the nearest name; other errors stay what they are."""

import pandas as pd
import pytest

from kam_analysis.analysis import concentration, recovery, segments
from kam_analysis.analysis.frames import takes_frames
from kam_analysis.errors import DataError

SALES = pd.DataFrame({"account_id": ["a", "b"], "account_name": ["A", "B"], "revenue": [3.0, 1.0]})


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda: concentration.concentrate(SALES, "sales"), 'concentrate: expected a column "sales", got account_id'),
        (lambda: concentration.concentrate(SALES, "revenu"), 'did you mean "revenue"'),
        (lambda: concentration.concentrate(SALES.drop(columns="account_name"), "revenue"), 'column "account_name"'),
        (
            lambda: concentration.bridge(SALES, SALES.rename(columns={"revenue": "x"}), "revenue"),
            "got account_id, account_name, x",
        ),
        (lambda: segments.key_accounts(SALES), "key_accounts: expected a column"),
        (lambda: recovery.exposures(SALES[["account_id"]]), "exposures: expected a column"),
    ],
)
def test_a_missing_column_is_told(ask, said):
    with pytest.raises(DataError) as error:
        ask()
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_another_key_error_stays_what_it_is():
    @takes_frames
    def looked_up(frame: pd.DataFrame) -> int:
        return {"revenue": 1}["a"] + len(frame)

    @takes_frames
    def of_a_column(frame: pd.DataFrame) -> int:
        return {}["revenue"]

    assert looked_up.__name__ == "looked_up"
    with pytest.raises(KeyError, match="revenue"):
        of_a_column(SALES)
