"""What is an account worth to us, all criteria together? Scaled to 0-1, weighted, missing ones left out and said."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

import numpy as np
import numpy.typing as npt
import pandas as pd

from kam_analysis.analysis.frames import takes_frames
from kam_analysis.analysis.segments.criteria import CRITERIA

# One giant or one odd account must not squeeze all others into a corner of the scale.
QUANTILES = (0.05, 0.95)
_BY_NAME = {each.name: each for each in CRITERIA}


@takes_frames
def scaled(raw: pd.DataFrame) -> pd.DataFrame:
    """Where does each account stand on each criterion, between our weak and our strong ones?

    `raw`: account_id and columns of `CRITERIA` in their units, NaN where not assessed. Returns account_id
    and the criteria on 0-1, 1 the best: 0 and 1 are at the 5% and 95% quantiles of the assessed
    accounts, what lies beyond is cut off, the direction is applied. A criterion that is the same for
    (nearly) all tells nobody apart and is left out; `not_assessed` says so.

    Raises `ValueError` for a column that is no criterion and for infinite values.

    Five accounts with distances of 0, 10, 20, 30 and 40 km: the quantiles are 2 and 38 km, near is good.

    >>> scaled(pd.DataFrame({"account_id": list("abcde"), "nearness": [0, 10, 20, 30, 40]}))["nearness"].round(3).tolist()
    [1.0, 0.778, 0.5, 0.222, 0.0]
    """
    found = {"account_id": raw["account_id"]}
    for name in criteria_of(raw):
        values = raw[name].to_numpy(dtype=np.float64)
        if np.isinf(values).any():
            raise ValueError(f"{name}: expected finite numbers, got {int(np.isinf(values).sum())} others")
        unit = _unit(values)
        if unit is not None:
            found[name] = pd.Series(1 - unit if _BY_NAME[name].direction == "less" else unit, index=raw.index)
    return pd.DataFrame(found)


@takes_frames
def not_assessed(raw: pd.DataFrame) -> dict[str, str]:
    """Which criteria does the score leave out for everybody, and why? Name to reason, in the order of `CRITERIA`."""
    there = criteria_of(scaled(raw))
    return {
        each.name: "the same for nearly all accounts"
        if each.name in raw and raw[each.name].notna().any()
        else f"needs {each.needs}"
        for each in CRITERIA
        if each.name not in there
    }


@takes_frames
def value_scores(scaled: pd.DataFrame, weights: Mapping[str, float] | None = None) -> pd.DataFrame:
    """What is each account worth, and on how much of the weight does that rest?

    `scaled`: account_id and criteria on 0-1, NaN where not assessed. `weights`: by criterion, in any
    unit; 1 for those not named, so equal by default. Returns account_id, score (0-1: the weighted mean
    over the criteria assessed for this account; NaN where none is) and assessed_weight (0-1, the part of
    the weight of all `CRITERIA` that these carry), in the order of `scaled`.

    Raises `ValueError` for an unknown criterion, negative weights and weights that are all zero.

    >>> rows = pd.DataFrame({"account_id": ["a", "b"], "volume": [1.0, 0.4], "profit": [0.5, None]})
    >>> value_scores(rows, {"volume": 2})[["score", "assessed_weight"]].round(3).values.tolist()
    [[0.833, 0.333], [0.4, 0.222]]
    """
    every = weights_of(weights)
    names = criteria_of(scaled)
    values = scaled[names].to_numpy(dtype=np.float64)
    each = np.array([every[name] for name in names])
    known = ~np.isnan(values)
    assessed = (known * each).sum(axis=1)
    points = (np.where(known, values, 0.0) * each).sum(axis=1)
    score = np.divide(points, assessed, out=np.full(len(values), np.nan), where=assessed > 0)
    return pd.DataFrame(
        {"account_id": scaled["account_id"], "score": score, "assessed_weight": assessed / sum(every.values())}
    )


def criteria_of(frame: pd.DataFrame) -> list[str]:
    """The criteria among the columns, in the frame's order; raises `ValueError` for an unknown one."""
    names = [str(name) for name in frame.columns if name != "account_id"]
    _check_known(names)
    return names


def weights_of(weights: Mapping[str, float] | None = None) -> dict[str, float]:
    """The weight of every criterion of `CRITERIA`, 1 where none is given; raises `ValueError` as `value_scores` does."""
    given = dict(weights or {})
    _check_known(given)
    for name, weight in given.items():
        if not 0 <= weight < np.inf:
            raise ValueError(f"weight of {name}: expected a number at or above 0, got {weight}")
    every = dict.fromkeys(_BY_NAME, 1.0) | given
    if not any(every.values()):
        raise ValueError("weights: expected at least one above 0, all of them are 0")
    return every


def _check_known(names: Iterable[str]) -> None:
    for name in names:
        if name not in _BY_NAME:
            near = get_close_matches(name, _BY_NAME, n=1, cutoff=0)[0]
            raise ValueError(f'criterion "{name}": not known; the nearest is "{near}", all are {", ".join(_BY_NAME)}')


def _unit(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64] | None:
    """On 0-1 between the two quantiles; None where they meet."""
    known = values[~np.isnan(values)]
    if not known.size:
        return None
    low, high = np.quantile(known, QUANTILES)
    # Equal accounts leave a residue of their interpolation.
    if high - low <= 1e-12 * max(abs(low), abs(high)):
        return None
    return np.clip((values - low) / (high - low), 0, 1)
