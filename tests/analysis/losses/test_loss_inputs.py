"""What the loss distribution refuses, in which words; and that it leaves alone what it is given."""

import numpy as np
import pandas as pd
import pytest

from kam_analysis.analysis.losses import CommonCause, loss_distribution


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"exposure": [1, -2, 3]}, "exposure: expected amounts of zero or more, none missing, got 1 that are not: -2 at position 1"),
        ({"exposure": [1, np.nan, np.inf]}, "got 2 that are not: nan at position 1, inf at position 2"),
        ({"exposure": 5.0}, "exposure: expected one amount per account, got the single number 5"),
        ({"exposure": [[1, 2, 3]]}, "exposure: expected one number per account, got an array of 2 dimensions"),
        ({"exposure": ["a", "b", "c"]}, "exposure: expected numbers, got"),
        ({"exposure": pd.Series([1, None, 3], dtype="Int64")}, "got 1 that are not: nan at position 1"),
        ({"probability": [0.1, 1.1, -0.1]}, "probability: expected 0 to 1, got 2 that are not: 1.1 at position 1, -0.1 at position 2"),
        ({"probability": [0.1, np.nan, 0.1]}, "probability: expected 0 to 1, got 1 that are not: nan"),
        ({"probability": [0.1, 0.1]}, "probability: expected one number or 3, one per account, got 2"),
        ({"probability": 2}, "probability: expected 0 to 1, got 1 that are not: 2"),
        ({"severity": [0, 1, 1.5]}, "severity: expected 0 to 1, got 1 that are not: 1.5 at position 2"),
        ({"severity": [0.5, 0.5]}, "severity: expected one number or 3, one per account, got 2"),
        ({"causes": [CommonCause(0.1, [0, 3, 4], 0.5)]}, "cause 0, members: expected positions from 0 to 2, of 3 accounts, got 2 that are not: 3 at position 1"),
        ({"causes": [CommonCause(0.1, [7], 0.5, "a downturn")]}, "a downturn, members: expected positions"),
        ({"causes": ["a downturn"]}, "causes: expected CommonCause, got str at position 0"),
    ],
)  # fmt: skip
def test_inputs_refused(changed, said):
    with pytest.raises(ValueError, match=said):
        loss_distribution(**{"exposure": [1, 2, 3], "probability": 0.1} | changed)


def test_only_the_first_few_are_named_and_all_are_counted():
    with pytest.raises(ValueError, match=r"got 40 that are not: .*position 4, \.\.\.$"):
        loss_distribution(np.full(40, -1.0), 0.1)


@pytest.mark.parametrize("q", [0, 1, -0.1, 1.5, float("nan")])
def test_levels_refused(q):
    found = loss_distribution([1, 2], 0.1)
    for asked in (found.quantile, found.expected_shortfall, found.contributions):
        with pytest.raises(ValueError, match="q: expected a level above 0 and below 1"):
            asked(q)


def test_other_questions_refused():
    found = loss_distribution([1, 2], 0.1)
    with pytest.raises(ValueError, match="x: expected one number"):
        found.probability_above(np.nan)
    with pytest.raises(ValueError, match="points: expected a whole number, at least 2, got 1"):
        found.exceedance(1)


def test_inputs_stay_and_results_cannot_be_changed():
    exposure, probability = np.array([10.0, 20.0]), pd.Series([0.1, 0.2], index=["b", "a"])
    kept = exposure.copy(), probability.copy()
    found = loss_distribution(exposure, probability, np.array([1.0, 0.5]), [CommonCause(0.1, [0, 1], 0.5)])
    for result in (found.losses, found.probabilities, found.contributions(0.9)):
        with pytest.raises(ValueError, match="read-only"):
            result[0] = 1.0
    with pytest.raises(AttributeError):
        found.mean = 1.0
    assert (exposure == kept[0]).all()
    pd.testing.assert_series_equal(probability, kept[1])


def test_a_frame_s_columns_count_by_position():
    frame = pd.DataFrame({"margin": [10.0, 20.0], "p": [0.1, 0.2]}, index=["b", "a"])
    found = loss_distribution(frame["margin"], frame["p"])
    assert found.mean == pytest.approx(5)
    assert found.contributions(0.95) == pytest.approx(loss_distribution([10, 20], [0.1, 0.2]).contributions(0.95))
