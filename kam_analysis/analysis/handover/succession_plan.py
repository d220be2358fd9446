"""What is handed over, to whom it could go, and what each pair saves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from kam_analysis.analysis.handover.candidates import (
    holders,
    known_manager,
    may_take,
    superiors_who_stay,
    trait_of_manager,
)
from kam_analysis.analysis.handover.fits import Bools, Fits, Floats, fits
from kam_analysis.analysis.refused import refuse_rows, refuse_twice


@dataclass(frozen=True)
class Plan:
    """What is handed over (rows) and to whom it could go (columns).

    `handed`: account_id, account_name, revenue, loss, manager_id (today's), notice_by. `saved` (NaN where no fit is
    known) and `allowed`: shape (accounts, candidates). `hours`: shape (accounts,). `spare` and `names`: shape
    (candidates,). `superiors`: of today's managers, the one who stays.
    """

    handed: pd.DataFrame
    fits: Fits
    saved: Floats
    allowed: Bools
    hours: Floats
    spare: Floats
    names: npt.NDArray[np.object_]
    superiors: Mapping[str, str | None]


def planned(
    handed: pd.DataFrame,
    candidates: Sequence[str],
    accounts: pd.DataFrame,
    traits: pd.DataFrame,
    managers: pd.DataFrame,
    as_of: date,
    interactions: pd.DataFrame | None,
    contacts: pd.DataFrame | None,
    hours: Mapping[str, float] | pd.Series | None,
    spare: Mapping[str, float] | pd.Series | None,
    saved_share: float,
) -> Plan:
    """The plan of accounts as `handed_over` gives them, and candidates as `able_to_take` does."""
    ids, today = handed["account_id"].tolist(), handed["manager_id"].to_numpy(dtype=object)
    found = fits(ids, accounts, traits, managers, candidates, interactions, contacts, as_of)
    names = trait_of_manager(managers, "manager_name").reindex(list(candidates))
    return Plan(
        handed,
        found,
        handed["loss"].to_numpy()[:, None] * saved_share * found.fit,
        # One's own account is no hand-over.
        today[:, None] != np.array(candidates, dtype=object)[None, :],
        _numbers(hours, ids, 0.0, "hours"),
        np.maximum(_numbers(spare, candidates, np.inf, "spare"), 0),
        np.where(names.notna(), names.to_numpy(dtype=object), np.array(candidates, dtype=object)),
        superiors_who_stay(managers, sorted(set(handed["manager_id"].dropna()))),
    )


def handed_over(
    losses: pd.DataFrame, accounts: pd.DataFrame, traits: pd.DataFrame, leaving: str | None
) -> pd.DataFrame:
    """Accounts of who leaves, or those in `losses`: the largest loss first, ties by id, as `Plan.handed`."""
    told = [name for name in ("account_id", "account_manager_id", "notice_by") if name in traits]
    by_id, known = accounts.set_index("account_id")[["account_name", "revenue"]], traits[told].set_index("account_id")
    loss = losses.set_index("account_id")["transition"]
    if leaving is None:
        ids = loss.index
        unknown = ~(ids.isin(by_id.index) | ids.isin(known.index))
        refuse_rows("losses", "accounts that are known", ids.to_series(), unknown)
    else:
        ids = by_id.index[holders(traits).reindex(by_id.index).eq(leaving).fillna(False).to_numpy(dtype=bool)]
    said, own = known.reindex(ids), by_id.reindex(ids)
    rows = pd.DataFrame(
        {
            "account_id": pd.Series(ids, dtype="str"),
            "account_name": own["account_name"].where(own["account_name"].notna(), ids.to_series()).array,
            "revenue": own["revenue"].to_numpy(np.float64),
            "loss": loss.reindex(ids).fillna(0.0).to_numpy(np.float64),
            "manager_id": said["account_manager_id"].array if "account_manager_id" in said else None,
            "notice_by": pd.to_datetime(said["notice_by"]).array if "notice_by" in said else pd.NaT,
        }
    )
    return rows.sort_values(["loss", "account_id"], ascending=[False, True], ignore_index=True)


def able_to_take(
    candidates: Sequence[str] | None, managers: pd.DataFrame, traits: pd.DataFrame, as_of: date, leaving: str | None
) -> list[str]:
    """Those given or `may_take`'s, in the order of ids, so that the order in which they come changes nothing."""
    able = may_take(managers, traits, as_of, leaving)
    if candidates is not None:
        known = (set(managers["manager_id"]) | set(holders(traits).dropna().unique())) - {leaving}
        for each in candidates:
            known_manager(each, known, "candidates")
        able = sorted(set(candidates))
    if not able:
        whose = "these accounts" if leaving is None else f"the accounts of {leaving}"
        raise ValueError(
            f"candidates: expected somebody who can take over {whose}, got nobody: "
            "there is no other account manager who stays for a year"
        )
    return able


def _numbers(given: Mapping[str, float] | pd.Series | None, ids: Sequence[str], unknown: float, name: str) -> Floats:
    """What is given for each id, `unknown` where it is not."""
    if given is None:
        return np.full(len(ids), unknown)
    values = pd.Series(given, dtype="float64")
    if name == "hours":
        refuse_rows("hours", "at least 0 a month", values.index.to_series(), values < 0)
    return values.reindex(list(ids)).fillna(unknown).to_numpy(np.float64)


def refuse(losses: pd.DataFrame, accounts: pd.DataFrame, saved_share: float, most_accounts: int | None) -> None:
    """Raises `ValueError` for what `hand_over` cannot be asked."""
    for name, frame in (("losses", losses), ("accounts", accounts)):
        refuse_twice(name, frame["account_id"])
    amounts = losses["transition"].to_numpy(np.float64, na_value=np.nan)
    wrong = ~(np.isfinite(amounts) & (amounts >= 0))
    refuse_rows("losses", "a transition of at least 0 each", losses["account_id"], wrong)
    if not 0 <= saved_share <= 1:
        raise ValueError(f"saved_share: expected 0 to 1, got {saved_share:g}")
    if most_accounts is not None and most_accounts < 0:
        raise ValueError(f"most_accounts: expected at least 0, got {most_accounts}")
