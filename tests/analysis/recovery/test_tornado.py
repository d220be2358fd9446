"""Each assumption to its ends, one at a time, against the answer called by hand."""

import numpy as np
import pytest

from kam_analysis.analysis import recovery as r


def test_spreads_by_hand_largest_first_and_ties_by_name():
    ends = {"a": (10, 6, 14), "d": (1, 0, 2), "b": r.Range(5, 3, 7)}
    found = r.tornado(lambda a, b, d: a + 2 * b + 0 * d, ends)
    assert found["name"].tolist() == ["a", "b", "d"]
    assert found["at_low"].tolist() == [16, 16, 20]
    assert found["at_high"].tolist() == [24, 24, 20]
    assert found["spread"].tolist() == [8, 8, 0]
    assert set(found["answer"]) == {20}


def test_an_end_without_an_answer_comes_first():
    given_ends = {"pace": (120.0, 10.0, 240.0), "cycle": (6.0, 4.0, 8.0)}
    found = r.tornado(lambda pace, cycle: r.replacement(240.0, pace, cycle, 0).months, given_ends)
    assert found["name"].tolist() == ["pace", "cycle"]
    assert np.isnan(found["at_low"].iloc[0])
    assert found["at_high"].iloc[0] == 18
    assert found["spread"].iloc[1] == 4


def test_no_assumptions_no_rows_and_a_range_upside_down_is_refused():
    assert r.tornado(lambda: 1.0, {}).empty
    with pytest.raises(ValueError, match="pace: range: expected low <= value <= high"):
        r.tornado(lambda pace: pace, {"pace": (1.0, 2.0, 3.0)})
