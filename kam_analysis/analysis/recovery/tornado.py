"""What does the answer depend on? Each assumption moved to its ends, one at a time."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from kam_analysis.analysis.losses import CommonCause, Falls, bad_year
from kam_analysis.analysis.recovery.ranges import Assumed, ranged


def tornado(
    answer: Callable[..., float | None], assumptions: Mapping[str, Assumed | tuple[float, float, float]]
) -> pd.DataFrame:
    """Which assumption moves the answer most?

    `answer` takes the assumptions by name and gives a number, or None where there is no answer. `assumptions`:
    by name (value, low, high), or anything that has these. All others stay at their values while one is moved.

    Returns name, value, low, high (of the assumption), answer (at all values), at_low, at_high and spread
    (their distance, 0 up), the largest spread first, ties by name; those that leave no answer at an end are NaN
    there and come first: they decide whether there is one. Raises `ValueError` for a range upside down.

    >>> found = tornado(lambda pace, cycle: 240 / pace * 12 + cycle, {"cycle": (6, 4, 8), "pace": (120, 80, 160)})
    >>> found[["name", "answer", "at_low", "at_high", "spread"]].values.tolist()
    [['pace', 30.0, 42.0, 24.0, 18.0], ['cycle', 30.0, 28.0, 32.0, 4.0]]
    """
    given = {name: ranged(each, name) for name, each in assumptions.items()}
    values = {name: each.value for name, each in given.items()}
    middle = _number(answer(**values))
    rows = [
        {
            "name": name,
            "value": each.value,
            "low": each.low,
            "high": each.high,
            "answer": middle,
            "at_low": _number(answer(**values | {name: each.low})),
            "at_high": _number(answer(**values | {name: each.high})),
        }
        for name, each in given.items()
    ]
    frame = pd.DataFrame(rows, columns=["name", "value", "low", "high", "answer", "at_low", "at_high"])
    frame["spread"] = (frame["at_high"] - frame["at_low"]).abs()
    return frame.sort_values(["spread", "name"], ascending=[False, True], na_position="first", ignore_index=True)


def bad_year_sensitivity(
    exposure: npt.ArrayLike,
    probability: npt.ArrayLike,
    causes: Callable[[float], Sequence[CommonCause]],
    scale: Assumed | tuple[float, float, float] | None,
    follow: Assumed | tuple[float, float, float] | None,
    past: Falls | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """What does the bad-year loss depend on: all chances of leaving, or how much goes with a manager?

    `exposure`, `probability` and `past` as in `losses.bad_year`. `causes`: the common causes for a part that is lost when a
    manager leaves (0-1). `scale`: what all chances are multiplied by, at most to 1; `follow`: that part. Returns
    the frame of `tornado` over those of the two that are given (`chance`, `follow`); empty without any, and where
    no account is assessed.
    """
    chance = np.asarray(probability, dtype=np.float64)
    given = {name: each for name, each in (("chance", scale), ("follow", follow)) if each is not None}
    if np.isnan(chance).all() or not given:
        return tornado(lambda: None, {})
    usual = ranged(follow, "follow").value if follow is not None else 0.0

    def loss(**moved: float) -> float:
        scaled = np.minimum(chance * moved.get("chance", 1.0), 1.0)
        found = bad_year(exposure, scaled, causes(moved.get("follow", usual)), past)
        assert found is not None
        return found.joint.quantile(level)

    return tornado(loss, given)


def _number(answer: float | None) -> float:
    return float("nan") if answer is None else float(answer)
