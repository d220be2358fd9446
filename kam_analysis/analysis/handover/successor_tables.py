"""The hand-over as tables: each account with its successor, reasons and day; each successor's load; what does not fit."""

from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from kam_analysis.analysis.handover.days import IN_LAST_WEEKS, handover_days
from kam_analysis.analysis.handover.fits import PARTS, WAYS, Floats, Integers
from kam_analysis.analysis.handover.succession_plan import Plan

# Codes of `reasons`, in this order.
REASONS = ("industry", "region", *WAYS, "only_candidate", "better_is_full", "nothing_known", "no_room")
COLUMNS = ["account_id", "account_name", "revenue", "loss", "to_id", "fit", *PARTS, "saved", "reasons", "runner_up_id",
           "runner_up_saved", "day", "late_reason", "alongside_id"]  # fmt: skip


def account_table(
    plan: Plan, choice: Integers, as_of: date, last_day: date | None, protect_days: int, per_week: int
) -> pd.DataFrame:
    """Each account with its successor (`choice`: the candidate's place, -1 for nobody), in the order of `plan`."""
    fits, second = plan.fits, _runner_up(plan, choice)
    values = {"fit": fits.fit, **fits.parts, "saved": plan.saved}
    found = {"to_id": _texts(_ids(plan, choice)), **{name: _at(each, choice) for name, each in values.items()}}
    found |= {"reasons": _reasons(plan, choice)}
    found |= {"runner_up_id": _texts(_ids(plan, second)), "runner_up_saved": _at(plan.saved, second)}
    rows = plan.handed.assign(**found)
    days = handover_days(rows, as_of, last_day, protect_days, per_week)
    late = (days["late_reason"] == IN_LAST_WEEKS).to_numpy(dtype=bool, na_value=False)
    today = plan.handed["manager_id"].to_numpy(dtype=object)
    beside = [plan.superiors.get(each) if given else None for each, given in zip(today, late, strict=True)]
    return rows.assign(day=days["day"], late_reason=days["late_reason"], alongside_id=_texts(beside))[COLUMNS]


def _texts(values: Any) -> Any:
    return pd.array(values, dtype="str")


def _ids(plan: Plan, places: Integers) -> npt.NDArray[np.object_]:
    return np.array([*plan.fits.candidate_ids, None], dtype=object)[places]


def _at(values: Floats, places: Integers) -> Floats:
    """The value of each row at its place, NaN where that is -1."""
    rows = np.arange(len(places))
    return np.where(places >= 0, values[rows, places], np.nan) if len(places) else np.zeros(0)


def _runner_up(plan: Plan, choice: Integers) -> Integers:
    """The place of the next best, by fit; -1 where no other is known to fit."""
    fit = np.where(plan.allowed & np.isfinite(plan.fits.fit), plan.fits.fit, -1.0)
    given = choice >= 0
    fit[np.flatnonzero(given), choice[given]] = -1.0
    best = fit.argmax(axis=1)
    return np.where(fit[np.arange(len(fit)), best] >= 0, best, -1)


def _reasons(plan: Plan, choice: Integers) -> list[list[str]]:
    """Codes of why it is this one, for each account."""
    fit = np.where(plan.allowed, np.nan_to_num(plan.fits.fit, nan=-1.0), -1.0)
    best = fit.max(axis=1, initial=-1.0)
    own = _at(fit, choice)
    holds = {
        "industry": _at(plan.fits.parts["industry_fit"], choice) == 1,
        "region": _at(plan.fits.parts["region_fit"], choice) == 1,
        **{name: _at(values.astype(np.float64), choice) == 1 for name, values in plan.fits.ways.items()},
        "only_candidate": (plan.allowed.sum(axis=1) == 1) & (choice >= 0),
        "better_is_full": own < best,
        "nothing_known": (choice >= 0) & np.isnan(_at(plan.fits.fit, choice)),
        "no_room": choice < 0,
    }
    told = np.column_stack([holds[name] for name in REASONS])
    return [[REASONS[at] for at in np.flatnonzero(row)] for row in told]


def load_table(plan: Plan, choice: Integers) -> pd.DataFrame:
    """What each candidate takes on: manager_id, manager_name, new_accounts, revenue, hours, spare (NaN: no bound)."""
    given, size = choice >= 0, plan.spare.size
    revenue = np.nan_to_num(plan.handed["revenue"].to_numpy(np.float64))
    return pd.DataFrame(
        {
            "manager_id": _texts(plan.fits.candidate_ids),
            "manager_name": _texts(plan.names),
            "new_accounts": np.bincount(choice[given], minlength=size),
            "revenue": np.bincount(choice[given], revenue[given], size),
            "hours": np.bincount(choice[given], plan.hours[given], size),
            "spare": np.where(np.isfinite(plan.spare), plan.spare, np.nan),
        }
    )


def shortage(plan: Plan, choice: Integers, most: int) -> tuple[tuple[str, ...], float, int, str]:
    """Who finds nobody, how many hours and places are missing for them in all, and a sentence."""
    given = choice >= 0
    if given.all():
        return (), 0.0, 0, ""
    needed = float(plan.hours[~given].sum())
    left = float((plan.spare - np.bincount(choice[given], plan.hours[given], plan.spare.size)).clip(0).sum())
    hours = max(needed - left, 0.0)
    places = max(int((~given).sum()) - (most * plan.spare.size - int(given.sum())), 0)
    names = plan.handed.loc[~given, "account_name"].tolist()
    shown = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
    said = [f"{len(names)} of {len(given)} accounts {'finds' if len(names) == 1 else 'find'} no successor ({shown})"]
    if hours:
        said.append(f"the hours they take, {needed:,.1f} a month, are {hours:,.1f} more than the candidates have left")
    if places:
        said.append(f"at most {most} new accounts for each of {plan.spare.size} candidates are {places} too few")
    if not hours and not places:
        said.append("no one candidate has room for any of them, though some is left in all")
    return tuple(plan.handed.loc[~given, "account_id"]), hours, places, "; ".join(said) + "."
