"""What is not to be told: who leaves without an announcement, and, without full names, whatever is written freely."""

import re

import pandas as pd

from kam_analysis.ledger import Ledger

_SHORTEST = 3  # letters: a shorter part of a name is in every text


class KeptBack:
    """Tells whether a text may stand in the brief.

    Names other than full: none that people wrote freely. Else none that names a manager whose last day is on file and not
    announced by the ledger's day: what is written of them may say why.
    """

    def __init__(self, ledger: Ledger) -> None:
        self.full = ledger.settings.names == "full"
        parts = _parts(ledger)
        self._named = re.compile(rf"\b(?:{'|'.join(map(re.escape, parts))})\b", re.IGNORECASE) if parts else None

    def may_say(self, text: object) -> bool:
        """Whether this text may be shown."""
        return self.full and isinstance(text, str) and not (self._named and self._named.search(text))


def _parts(ledger: Ledger) -> list[str]:
    staff = ledger.table("managers")
    if not {"manager_name", "leaving_on"} <= set(staff):
        return []
    announced = staff["announced_on"] if "announced_on" in staff else pd.Series(pd.NaT, staff.index)
    told = pd.to_datetime(announced) <= pd.Timestamp(ledger.as_of)
    names = staff.loc[staff["leaving_on"].notna() & ~told, "manager_name"].dropna().astype(str)
    return sorted({part for name in names for part in name.split() if len(part) >= _SHORTEST})
