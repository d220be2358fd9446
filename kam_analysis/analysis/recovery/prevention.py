"""What may it cost to keep an account, and by how much must a measure lower the chance of leaving to pay?"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from kam_analysis.analysis.frames import takes_frames
from kam_analysis.analysis.recovery.ranges import Assumed
from kam_analysis.analysis.recovery.replacement import PLAN_MONTHS
from kam_analysis.analysis.recovery.time_course import missing_until, months_to_replace, way_of_replacing


@takes_frames
def keeping(
    accounts: pd.DataFrame,
    pace: float | Assumed,
    cycle_months: float | Assumed,
    ramp_months: float | Assumed,
    plan_months: int = PLAN_MONTHS,
) -> pd.DataFrame:
    """What may keeping each account cost at most in a year, before its loss would be the cheaper?

    `accounts`: account_id, exposure (money a year, at least 0), probability (of leaving within the year, 0-1; NaN
    where not assessed) and, where there is one, severity (the part lost, 0-1; else all). The others as in
    `replacement`, at their values; the pace in the money of the exposure; 0 where none is known.

    If it is lost, what is missing until it is replaced, at most to the plan's end, is missing once: `loss_if_lost`.
    A year's keeping is worth at most the chance of that, for it cannot lower the chance by more:
    `at_most_a_year`. Nothing is discounted, and each account is replaced as if it alone were lost: of several, the
    sum is worth more, for they share one pace.

    Returns account_id, exposure, probability, severity, months_to_replace (NaN: not within the plan),
    loss_if_lost and at_most_a_year (money; NaN where not assessed), in the order of `accounts`. Raises
    `ValueError` for exposures, probabilities or severities out of range, naming the accounts.

    >>> rows = pd.DataFrame({"account_id": ["a", "b"], "exposure": [240.0, 60.0], "probability": [0.2, 0.1]})
    >>> keeping(rows, pace=120.0, cycle_months=6, ramp_months=0)[["loss_if_lost", "at_most_a_year"]].values.tolist()
    [[360.0, 72.0], [45.0, 4.5]]
    """
    exposure, chance = (_numbers(accounts, name) for name in ("exposure", "probability"))
    severity = _numbers(accounts, "severity") if "severity" in accounts else np.ones(len(accounts))
    _refuse(accounts, "exposure", exposure, (exposure >= 0) & np.isfinite(exposure), "0 or more")
    _refuse(accounts, "severity", severity, (severity >= 0) & (severity <= 1), "0-1")
    _refuse(accounts, "probability", chance, np.isnan(chance) | ((chance >= 0) & (chance <= 1)), "0-1")
    lost = exposure * severity
    way = [each.value for each in way_of_replacing(pace, cycle_months, ramp_months)]
    months, gap = months_to_replace(lost, *way), missing_until(plan_months, lost, *way)
    return pd.DataFrame(
        {
            "account_id": accounts["account_id"].to_numpy(),
            "exposure": exposure,
            "probability": chance,
            "severity": severity,
            "months_to_replace": np.where(months <= plan_months, months, np.nan),
            "loss_if_lost": gap,
            "at_most_a_year": chance * gap,
        }
    )


@dataclass(frozen=True)
class Effect:
    """By how much a measure must lower the chance of leaving within the year, in order to pay.

    `needed`: 0-1 (0.021 is 2.1 points), infinite where there is nothing to lose; `probability` is the chance that
    there is to lower, NaN where not assessed. `can_pay`: needed is at most that; None where not assessed.
    """

    cost: float
    loss_if_lost: float
    needed: float
    probability: float
    can_pay: bool | None


def effect_needed(cost: float, loss_if_lost: float, probability: float = float("nan")) -> Effect:
    """From which effect on does a measure pay?

    Cost by what is lost if the account is lost, as `keeping` gives: a measure of this cost a year that lowers the
    chance by that much breaks even. No measure lowers it by more than there is. Raises `ValueError` for a cost or
    loss below zero, or a probability outside 0-1.

    >>> found = effect_needed(60_000.0, 2_890_000.0, 0.16)
    >>> round(found.needed, 3), found.can_pay
    (0.021, True)
    >>> effect_needed(60_000.0, 100_000.0, 0.16).can_pay
    False
    """
    for name, amount in (("cost", cost), ("loss_if_lost", loss_if_lost)):
        if not 0 <= amount < float("inf"):
            raise ValueError(f"{name}: expected 0 or more, got {amount:g}")
    if not (np.isnan(probability) or 0 <= probability <= 1):
        raise ValueError(f"probability: expected 0-1, got {probability:g}")
    needed = float(cost / loss_if_lost) if loss_if_lost else (float("inf") if cost else 0.0)
    can_pay = None if np.isnan(probability) else bool(needed <= probability)
    return Effect(float(cost), float(loss_if_lost), needed, float(probability), can_pay)


@takes_frames
def prevention(
    accounts: pd.DataFrame,
    pace: float | Assumed,
    cycle_months: float | Assumed,
    ramp_months: float | Assumed,
    plan_months: int = PLAN_MONTHS,
    cost: float | None = None,
) -> tuple[pd.DataFrame, dict[str, Effect]]:
    """What may keeping each account cost, and from which effect on does a measure of some cost pay?

    Arguments as in `keeping`; `accounts` has account_name too. `cost`: of a measure at one account, money a year.
    Returns the rows of `keeping` with account_name, the dearest loss first, and by account_id the effect that such a
    measure must have; no effects without a cost.

    >>> rows = pd.DataFrame({"account_id": ["a", "b"], "account_name": ["A", "B"], "exposure": [60.0, 240.0], "probability": [0.1, 0.2]})
    >>> kept, effects = prevention(rows, pace=120.0, cycle_months=6, ramp_months=0, cost=9.0)
    >>> kept["account_name"].tolist(), round(effects["b"].needed, 3), effects["a"].can_pay
    (['B', 'A'], 0.025, False)
    """
    found = keeping(accounts, pace, cycle_months, ramp_months, plan_months)
    found.insert(1, "account_name", accounts["account_name"].to_numpy())
    found = found.sort_values(["loss_if_lost", "account_id"], ascending=[False, True], ignore_index=True)
    if cost is None:
        return found, {}
    rows = zip(found["account_id"], found["loss_if_lost"], found["probability"], strict=True)
    return found, {str(each): effect_needed(cost, loss, chance) for each, loss, chance in rows}


def _numbers(frame: pd.DataFrame, name: str) -> npt.NDArray[np.float64]:
    return pd.to_numeric(frame[name]).to_numpy(np.float64, na_value=np.nan)


def _refuse(
    accounts: pd.DataFrame,
    name: str,
    values: npt.NDArray[np.float64],
    right: npt.NDArray[np.bool_],
    expected: str,
) -> None:
    if not right.all():
        wrong = zip(accounts.loc[~right, "account_id"].head(5), values[~right], strict=False)
        shown = ", ".join(f"{account}: {value:g}" for account, value in wrong)
        raise ValueError(f"{name}: expected {expected}, got other in {int((~right).sum())} ({shown})")
