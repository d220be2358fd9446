"""What may it cost to keep an account, and by how much must a measure lower the chance of leaving to pay?"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from kam_analysis.analysis.concentration.indices import Floats
from kam_analysis.analysis.frames import takes_frames
from kam_analysis.analysis.recovery.replacement import PLAN_MONTHS


def years_kept(later: npt.ArrayLike, plan_months: int = PLAN_MONTHS) -> Floats:
    """For how long would a customer that is kept stay, at most to the plan's end? Years.

    `later`: its chance of leaving within each year from then on, 0-1. The integral of (1 - later)^t over the plan's T
    years: (1 - (1 - later)^T) / -ln(1 - later); T where it never leaves, 0 where it leaves for certain.

    >>> years_kept([0.0, 0.03, 1.0]).round(3).tolist()
    [3.0, 2.867, 0.0]
    """
    chance, years = np.asarray(later, dtype=np.float64), plan_months / 12
    # As 0 / 0 has no value, a chance too small to matter stands for none.
    rate = -np.log1p(-np.clip(chance, 1e-12, 1 - 1e-12))
    stays = -np.expm1(-rate * years) / rate
    return np.asarray(np.where(chance >= 1, 0.0, np.where(chance <= 0, years, stays)) + 0 * chance)


@takes_frames
def keeping(accounts: pd.DataFrame, plan_months: int = PLAN_MONTHS) -> pd.DataFrame:
    """What may keeping each account cost at most in a year, before its loss would be the cheaper?

    `accounts`: account_id, exposure (money a year, at least 0), probability (of leaving within the year, 0-1; NaN
    where not assessed) and, where there are any, later (its chance of leaving in a later year, 0-1; else, and where NaN,
    the same) and severity (the part lost, 0-1; else all).

    A customer that is lost takes its margin for as long as it would have stayed, at most to the plan's end:
    `loss_if_lost`, exposure times `years_kept`. New business that is won in that time would have come anyway and is no
    credit. A year's keeping is worth at most the chance of that loss, for it cannot lower the chance by more:
    `at_most_a_year`. Nothing is discounted.

    Returns account_id, exposure, probability, later, severity, years_kept, loss_if_lost and at_most_a_year (money; NaN
    where not assessed), in the order of `accounts`. Raises `ValueError` for exposures, probabilities or severities out
    of range, naming the accounts, and for a plan below one month.

    >>> rows = pd.DataFrame({"account_id": ["a", "b"], "exposure": [240.0, 60.0], "probability": [0.2, 0.1],
    ...                      "later": [0.0, 0.1]})
    >>> keeping(rows)[["loss_if_lost", "at_most_a_year"]].round(2).values.tolist()
    [[720.0, 144.0], [154.33, 15.43]]
    """
    if plan_months < 1:
        raise ValueError(f"plan_months: expected at least 1, got {plan_months}")
    exposure, chance = (_numbers(accounts, name) for name in ("exposure", "probability"))
    severity = _numbers(accounts, "severity") if "severity" in accounts else np.ones(len(accounts))
    later = _numbers(accounts, "later") if "later" in accounts else chance
    later = np.where(np.isnan(later), chance, later)
    _refuse(accounts, "exposure", exposure, (exposure >= 0) & np.isfinite(exposure), "0 or more")
    _refuse(accounts, "severity", severity, (severity >= 0) & (severity <= 1), "0-1")
    for name, each in (("probability", chance), ("later", later)):
        _refuse(accounts, name, each, np.isnan(each) | ((each >= 0) & (each <= 1)), "0-1")
    years = years_kept(later, plan_months)
    loss = exposure * severity * years
    return pd.DataFrame(
        {
            "account_id": accounts["account_id"].to_numpy(),
            "exposure": exposure,
            "probability": chance,
            "later": later,
            "severity": severity,
            "years_kept": years,
            "loss_if_lost": loss,
            "at_most_a_year": chance * loss,
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
    accounts: pd.DataFrame, plan_months: int = PLAN_MONTHS, cost: float | None = None
) -> tuple[pd.DataFrame, dict[str, Effect]]:
    """What may keeping each account cost, and from which effect on does a measure of some cost pay?

    Arguments as in `keeping`; `accounts` has account_name too. `cost`: of a measure at one account, money a year.
    Returns the rows of `keeping` with account_name, the dearest loss first, and by account_id the effect that such a
    measure must have; none without a cost, nor for an account that is not assessed.

    >>> rows = pd.DataFrame({"account_id": ["a", "b"], "account_name": ["A", "B"], "exposure": [60.0, 240.0],
    ...                      "probability": [0.1, 0.2], "later": [0.1, 0.0]})
    >>> kept, effects = prevention(rows, cost=18.0)
    >>> kept["account_name"].tolist(), round(effects["b"].needed, 3), effects["a"].can_pay
    (['B', 'A'], 0.025, False)
    """
    found = keeping(accounts, plan_months)
    found.insert(1, "account_name", accounts["account_name"].to_numpy())
    found = found.sort_values(["loss_if_lost", "account_id"], ascending=[False, True], ignore_index=True)
    if cost is None:
        return found, {}
    known = found.dropna(subset="loss_if_lost")
    rows = zip(known["account_id"], known["loss_if_lost"], known["probability"], strict=True)
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
