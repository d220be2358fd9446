"""Who calls which customer of a manager who leaves, and on which day?"""

from collections.abc import Iterable, Mapping
from datetime import date

import numpy as np
import pandas as pd

from kam_analysis.analysis.frames import takes_frames
from kam_analysis.analysis.handover.candidates import EXECUTIVE, SUPERIOR, superiors_who_stay, trait_of_manager
from kam_analysis.analysis.refused import refuse_rows, refuse_twice

PER_DAY = 2


@takes_frames
def call_list(
    losses: pd.DataFrame,
    key_ids: Iterable[str],
    managers: pd.DataFrame,
    leaving_id: str,
    as_of: date,
    per_day: int = PER_DAY,
) -> pd.DataFrame:
    """Which superior or executive calls each account when its manager leaves, and when?

    `losses`: account_id (unique), account_name, revenue, at_risk (money) of the accounts of `leaving_id`. `managers`:
    manager_id, and as available superior_id, level, hours_per_month, leaving_on; may be empty.

    Every account once, the most money at risk first, ties by account_id: rank (from 1), account_id, account_name,
    at_risk, caller_id, caller_level ("superior" or "executive"), day. Key accounts go to an executive or to the
    leaving manager's own superior (the next one up the line who stays), the others to a superior, the own one first; to executives
    where there is no superior, and to superiors where there is no executive. Each account goes to the caller whose
    calls, this one among them, are fewest for their hours_per_month (the average where not known), ties to the own superior, then by
    id. Nobody who leaves calls. Where nobody is known, caller_id is NaN and the level says who it should be. Days
    are Mondays to Fridays from the first after `as_of`, `per_day` calls each; public holidays are not known.

    Raises `ValueError` for accounts that stand twice, money that is missing or not finite, `per_day` below 1, and a
    manager who is their own superior or under themselves.

    >>> losses = pd.DataFrame({"account_id": ["a", "b", "c"], "account_name": ["A", "B", "C"],
    ...                        "revenue": [9.0, 8.0, 7.0], "at_risk": [1.0, 3.0, 2.0]})
    >>> managers = pd.DataFrame({"manager_id": ["M1", "S1", "E1"], "superior_id": ["S1", "E1", None],
    ...                          "level": ["manager", "superior", "executive"]})
    >>> found = call_list(losses, ["b", "c"], managers, "M1", pd.Timestamp(2026, 9, 18), per_day=1)
    >>> found[["account_id", "caller_id"]].values.tolist(), found["day"].astype(str).tolist()
    ([['b', 'S1'], ['c', 'E1'], ['a', 'S1']], ['2026-09-21', '2026-09-21', '2026-09-22'])
    """
    if per_day < 1:
        raise ValueError(f"per_day: expected at least 1, got {per_day}")
    refuse_twice("accounts to call", losses["account_id"])
    missing = ~np.isfinite(losses["at_risk"].to_numpy(np.float64, na_value=np.nan))
    refuse_rows("accounts to call", "money at risk each", losses["account_id"], missing)
    rows = losses[["account_id", "account_name", "at_risk"]]
    rows = rows.sort_values(["at_risk", "account_id"], ascending=[False, True], ignore_index=True)
    rows.insert(0, "rank", np.arange(1, len(rows) + 1))
    is_key = rows["account_id"].isin(list(key_ids)).to_numpy()
    own = superiors_who_stay(managers, [leaving_id])[leaving_id]
    levels = _callers(managers, leaving_id, own)
    callers = _shared_out(is_key, levels, _weights(managers, levels), own)
    rows["caller_id"] = pd.Series(callers, index=rows.index, dtype="str")
    nobody = np.where(is_key, EXECUTIVE, SUPERIOR)
    said = [level if each is None else levels[each] for each, level in zip(callers, nobody, strict=True)]
    rows["caller_level"] = pd.Series(said, index=rows.index, dtype="str")
    turn = rows.groupby(rows["caller_id"].fillna("").str.cat(rows["caller_level"], sep="/")).cumcount()
    first = np.datetime64(pd.Timestamp(as_of).date(), "D")
    days = np.busday_offset(first, 1 + turn.to_numpy() // per_day, roll="backward")
    return rows.assign(day=days.astype("datetime64[s]"))


def _callers(managers: pd.DataFrame, leaving_id: str, own: str | None) -> dict[str, str]:
    """Who can call, and their level, in the order of ids: the own superior too where their level is not given."""
    levels = {str(each): str(level) for each, level in trait_of_manager(managers, "level").dropna().items()}
    leaves = {leaving_id, *trait_of_manager(managers, "leaving_on").dropna().index}
    found = {each: level for each, level in levels.items() if level in (SUPERIOR, EXECUTIVE) and each not in leaves}
    if own is not None and own not in leaves:
        found.setdefault(own, SUPERIOR)
    return dict(sorted(found.items()))


def _weights(managers: pd.DataFrame, levels: Mapping[str, str]) -> dict[str, float]:
    """Each caller's hours a month; where not known the average of the others, and 1 where no one's is."""
    hours = trait_of_manager(managers, "hours_per_month").reindex(list(levels)).astype("float64")
    hours = hours.where(hours > 0)
    known = hours.fillna(hours.mean() if hours.notna().any() else 1.0)
    return dict(zip(levels, known.tolist(), strict=True))


def _shared_out(
    is_key: np.ndarray, levels: Mapping[str, str], weights: Mapping[str, float], own: str | None
) -> list[str | None]:
    """The caller of each account, in the order in which they are called."""
    executives = [each for each, level in levels.items() if level == EXECUTIVE or each == own]
    superiors = [each for each, level in levels.items() if level == SUPERIOR or each == own]
    load = dict.fromkeys(levels, 0)
    found: list[str | None] = []
    for key in is_key:
        able = (executives or superiors) if key else (superiors or executives)
        chosen = min(able, key=lambda each: ((load[each] + 1) / weights[each], each != own, each), default=None)
        if chosen is not None:
            load[chosen] += 1
        found.append(chosen)
    return found
