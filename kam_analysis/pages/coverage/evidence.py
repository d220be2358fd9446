"""What a page of `04_coverage` is drawn from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from kam_analysis.analysis.concentration import Concentration
from kam_analysis.analysis.coverage import OnFew, Practice
from kam_analysis.analysis.handover import Allocation, Departure, Handover, OwnTransition
from kam_analysis.ledger.settings import Assumption
from kam_analysis.pages.words import named


@dataclass(frozen=True)
class Relations:
    """Whom we know, what hangs on one person, who is due for a call, what customers say; empty where no table tells.

    Frames as of `analysis.coverage`: `known` of `relationships`, `grid` of `counts_by`, `hanging`, `one_contact` of `hangs_on_one`,
    `no_contact`, `strangers` of `unknown_influencers`, `touches` of `last_touch`, `called` of `calls_from_above`
    (None where nobody can tell), `due` of `due_calls`, `voices`, `heard`, `silent` of `never_asked`.
    """

    known: pd.DataFrame
    grid: pd.DataFrame
    hanging: pd.DataFrame
    one_contact: pd.DataFrame
    no_contact: pd.DataFrame
    strangers: pd.DataFrame
    touches: pd.DataFrame
    called: pd.DataFrame | None
    due: pd.DataFrame
    voices: pd.DataFrame
    heard: pd.DataFrame
    silent: pd.DataFrame


@dataclass(frozen=True)
class Leaving:
    """If one manager left: `cost` account by account, `calls` of all his accounts, `handover` who takes them.

    `cost` is None where nobody is known to look after an account; `handover` None where nobody could take over, and
    `nobody` says why. `renewals`: contracts among them that end soon, of `renewals_near`.
    """

    cost: Departure | None
    calls: pd.DataFrame
    handover: Handover | None
    nobody: str = ""
    renewals: pd.DataFrame = field(default_factory=pd.DataFrame)


@dataclass(frozen=True)
class Evidence:
    """The results of one ledger.

    `days`: the twelve months that all of it is of, in words. `accounts`: account_id, account_name, revenue and,
    where known, margin. `people`: `manager_table`, `by_manager` and `departures_of_each` side by side, one row per
    manager. `unheld_idle`: how many without a manager bought nothing. `attended`: of `attention`. `own`: what past hand-overs cost, None where transactions name nobody; `unseen`
    hand-overs it cannot count, for nothing was bought since.
    `movable`: whose manager could change. `hours`: None where no hours are on record. `names`: managers by id.
    """

    as_of: date
    days: str
    book: Concentration
    accounts: pd.DataFrame
    key_ids: list[str]
    people: pd.DataFrame
    few: OnFew
    unheld: pd.DataFrame
    unheld_idle: int
    alone: pd.DataFrame
    attended: pd.DataFrame
    leaving: Leaving
    own: OwnTransition | None
    unseen: int
    movable: pd.DataFrame
    relations: Relations
    hours: Allocation | None
    practice: Practice
    assumptions: Mapping[str, Assumption]
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def earned(self) -> str:
        """What hours keep and win, and what hangs on a contact, as pages name it."""
        return "margin" if "margin" in self.accounts else "sales"

    def manager(self, manager_id: object) -> str:
        """A manager as pages name him; empty for nobody."""
        return "" if pd.isna(manager_id) else str(self.names.get(str(manager_id), manager_id))  # type: ignore[call-overload]

    def customer(self, account_id: str) -> str:
        """An account as pages name it."""
        found = self.accounts.loc[self.accounts["account_id"] == account_id, "account_name"]
        return named(account_id, found.iloc[0] if len(found) else account_id)

    @property
    def leaver(self) -> str:
        """The manager whose departure is looked at, as pages name him; empty where nobody is known."""
        return "" if self.leaving.cost is None else self.manager(self.leaving.cost.manager_id)

    @property
    def his_hanging(self) -> pd.DataFrame:
        """Accounts with one live contact among those of the manager looked at."""
        hanging = self.relations.hanging
        if self.leaving.cost is None:
            return hanging.iloc[:0]
        return hanging[(hanging["live"] == 1) & (hanging["account_manager_id"] == self.leaving.cost.manager_id)]

    @property
    def on_one(self) -> pd.DataFrame:
        """All accounts with one live contact."""
        return self.relations.hanging[self.relations.hanging["live"] == 1]

    @property
    def overdue(self) -> int | None:
        """Key accounts without a call from above within a year; None where nobody can tell."""
        return None if self.relations.called is None else int(self.relations.due["overdue"].sum())
