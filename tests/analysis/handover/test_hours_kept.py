"""No hours are taken from an account that is likely to leave."""

import pandas as pd
import pytest

from kam_analysis.analysis.handover import allocate_hours

ROWS = pd.DataFrame(
    {
        "account_id": ["large", "likely", "safe"],
        "account_manager_id": ["M", "M", "M"],
        "hours": [10.0, 5.0, 5.0],
        "at_stake": [1000.0, 20.0, 100.0],
        "probability": [0.2, 0.5, 0.05],
    }
)


def test_from_a_chance_on_hours_only_come():
    free, kept = (allocate_hours(ROWS, kept_from=each).accounts.set_index("account_id") for each in (None, 0.25))
    assert free.loc["likely", "hours_best"] < 5
    assert (kept.loc["likely", "hours_best"], kept.loc["likely", "held_by"]) == (pytest.approx(5.0), "kept")
    assert kept["hours_best"].sum() == pytest.approx(20.0)
    assert kept.loc["safe", "hours_best"] < 5 < 10 < kept.loc["large", "hours_best"]


def test_other_elasticities_keep_to_it():
    found = allocate_hours(ROWS, kept_from=0.25).sensitivity(0.2, 0.45)
    assert (found["gain"] >= found["gain_of_these"] - 1e-9).all()
