"""Who does something about an account, and by when: the same people and days as in the accounts' plans."""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import pandas as pd

from kam_analysis.analysis.plans import Limits, Person, Situation, who_and_when
from kam_analysis.ledger import Ledger
from kam_analysis.pages import style
from kam_analysis.pages.own_people import OurPeople

# Of traits as much as is asked: all of them are a third of a gigabyte for a million accounts.
_ASKED = ("account_manager_id", "notice_by")
URGENT_DAYS, OTHER_DAYS, NEAR_DAYS = Limits().act_days, Limits().known_days, Limits().near_days


@dataclass(frozen=True, kw_only=True, eq=False)
class WhoActs:
    """What is known of it: `traits` and `staff` are the ledger's; without them nobody is named, and days are counted
    from `as_of` alone."""

    as_of: date
    traits: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["account_id"]))
    staff: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["manager_id", "manager_name"]))

    def within(self, account_id: str, days: int, *, executive: bool = False) -> dict[str, str]:
        """`who` and `by` of what is to be done about an account within so many days, as a `Step` takes them.

        `executive`: by the nearest executive above its manager, as a rescue is.
        """
        of = self._situation(account_id)
        person, day = who_and_when(of, days, of.sponsor if executive else None)
        return {"who": person.name if person else "", "by": style.day(day)}

    def notice_on(self, account_id: str) -> date | None:
        """The last day on which the account can give notice, where that is still to come."""
        found = self._situation(account_id).notice_on
        return found if found is not None and found >= self.as_of else None

    def _situation(self, account_id: str) -> Situation:
        manager, above, sponsor = self._people(self._of(account_id, "account_manager_id"))
        notice = self._of(account_id, "notice_by")
        return Situation(
            as_of=self.as_of,
            account_id=account_id,
            at_stake=0.0,
            sales=0.0,
            manager=manager,
            superior=above[0] if above else None,
            sponsor=sponsor,
            notice_on=None if notice is None else pd.Timestamp(notice).date(),
        )

    def _people(self, manager_id: Any) -> tuple[Person | None, list[Person], Person | None]:
        if manager_id is None:  # an executive whom nothing ties to the account is not its owner
            return None, [], None
        above = self._ours.above(str(manager_id))
        return self._ours.person(str(manager_id)), above, self._ours.sponsor(above, self.as_of)

    @cached_property
    def _ours(self) -> OurPeople:
        return OurPeople(self.staff, self.as_of)

    @cached_property
    def _rows(self) -> pd.DataFrame:
        columns = [each for each in _ASKED if each in self.traits]
        return self.traits.set_index("account_id")[columns]

    def _of(self, account_id: str, name: str) -> Any:
        if name not in self._rows or account_id not in self._rows.index:
            return None
        value: Any = self._rows.at[account_id, name]
        return None if pd.isna(value) else value


def who_acts(ledger: Ledger, traits: pd.DataFrame | None = None) -> WhoActs:
    """What the ledger knows of it; `traits` where they have been asked for already."""
    known = ledger.traits() if traits is None else traits
    asked = [each for each in ("account_id", *_ASKED) if each in known]
    return WhoActs(as_of=ledger.as_of, traits=known[asked], staff=ledger.staff())
