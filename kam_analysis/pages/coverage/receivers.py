"""Who gets the plans and calls of which accounts, where they are handed out manager by manager."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from kam_analysis.ledger import Ledger

COLUMNS = ["account_id", "manager_id", "manager_name"]


def receivers(ledger: Ledger, handover: Sequence[Mapping[str, Any]] = ()) -> pd.DataFrame:
    """Who may read the papers of which account? account_id, manager_id, manager_name: a row each, by manager and account.

    An account's own manager does; whose last day is on file gets nothing more. Then it is the superior (the next above who
    stays) and, once the departure is announced, the successor: `handover` of 04 says who (account_id, to_id), else the
    deputy does. Nobody but the superior learns of a departure by what they are given. Accounts without a manager go to
    nobody.
    """
    traits, staff = ledger.traits(), ledger.staff()
    if "account_manager_id" not in traits:
        return pd.DataFrame(columns=COLUMNS)
    team = _Team(staff, pd.Timestamp(ledger.as_of))
    to = {str(row["account_id"]): str(row["to_id"]) for row in handover if row.get("to_id")}
    deputies = traits["deputy_id"] if "deputy_id" in traits else pd.Series(pd.NA, traits.index)
    rows = []
    for account, manager, deputy in zip(traits["account_id"], traits["account_manager_id"], deputies, strict=True):
        if not pd.isna(manager):
            after = to.get(str(account), "" if pd.isna(deputy) else str(deputy))
            rows += [(account, each, team.names.get(each, each)) for each in team.readers(str(manager), after)]
    found = pd.DataFrame(rows, columns=COLUMNS).drop_duplicates()
    return found.sort_values(["manager_id", "account_id"], ignore_index=True)


class _Team:
    """Our own people: who leaves, whether that is announced, and who is above whom."""

    def __init__(self, staff: pd.DataFrame, today: pd.Timestamp) -> None:
        known = staff.reindex(
            columns=["manager_id", "manager_name", "superior_id", "leaving_on", "announced_on"]
        ).set_index("manager_id")
        self.names = {
            str(one): name if isinstance(name, str) else str(one) for one, name in known["manager_name"].items()
        }
        self._leaves = set(known.index[pd.to_datetime(known["leaving_on"]).notna()])
        self._announced = set(known.index[pd.to_datetime(known["announced_on"]) <= today])
        self._above = known["superior_id"].dropna().to_dict()

    def readers(self, manager: str, after: str) -> list[str]:
        """The manager or, where they leave, who is above them, and who comes after them once everybody knows."""
        if manager not in self._leaves:
            return [manager]
        found, at = [], self._above.get(manager)
        seen = {manager}
        while at is not None and at in self._leaves and at not in seen:
            seen.add(at)
            at = self._above.get(at)
        if at is not None and at not in self._leaves:
            found.append(str(at))
        if manager in self._announced and after and after not in self._leaves:
            found.append(after)
        return list(dict.fromkeys(found))
