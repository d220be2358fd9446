"""Activities: which of them count, and who carries each."""

import pandas as pd
import pytest

from kam_analysis.analysis import concentration as c


def test_activities_leave_out_what_is_too_small_to_matter():
    rows = pd.DataFrame(
        {
            "account_id": ["a", "b", "a", "b", "a"],
            "account_name": ["A", "B", "A", "B", "A"],
            "line": ["x", "x", "y", "y", "tiny"],
            "revenue": [50.0, 40.0, 1.0, 5.0, 1.0],
        }
    )
    found = c.activities(rows, "line", "revenue", 0.05)
    assert [each.activity for each in found] == ["line:x", "line:y"]
    assert (found[1].largest_account_id, found[1].largest_share) == ("b", pytest.approx(5 / 6))
