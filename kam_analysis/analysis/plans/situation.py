"""What is on file about one account, as far as the next actions go by it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody of ours: their id, name, and last day where one is on file; `joins` says where they go.

    `told`: whether it is announced that they leave. Before that they get nothing to do beyond their last day, and no
    word says why.
    """

    person_id: str
    name: str
    leaves: date | None = None
    joins: str = ""
    told: bool = True

    def here_on(self, day: date) -> bool:
        """Whether they are still here at the end of that day."""
        return self.leaves is None or day < self.leaves


@dataclass(frozen=True, kw_only=True)
class Task:
    """Something decided or promised: who does it (as written, and as a person of ours where the name is known), by when;
    `task_id` where it has one."""

    text: str
    task_id: str = ""
    owner: str = ""
    person: Person | None = None
    due: date | None = None


@dataclass(frozen=True, kw_only=True)
class Offer:
    """An open offer: sales a year if won, its chance (0-1) and expected day where known."""

    amount: float
    line: str = ""
    stage: str = ""
    chance: float | None = None
    expected: date | None = None


@dataclass(frozen=True, kw_only=True)
class Opening:
    """A line that the account does not buy: sales a year as at accounts like it, and how often such a line was started."""

    line: str
    potential: float
    low: float
    high: float
    chance: float | None = None


@dataclass(frozen=True, kw_only=True)
class Situation:
    """One account on `as_of`. What no table tells is None or empty.

    `at_stake`: what we earn there a year (margin, sales without costs), `chance` that it leaves within a year (0-1).
    `manager`, `successor` (who takes over where the manager leaves), `superior`, `sponsor` (an executive). `notice_on`:
    last day to give notice, `ends_on` of that contract. `work`: the kind of work of `segments.WORK`, `why` its figures;
    `gone`: that the account is lost or quiet, in words. `competitor` named
    there. `hand_over_loss`: what the manager's departure is expected to cost here. `live`: contacts spoken to; None where nobody can tell.
    `strangers`: the roles of people who decide and whom nobody knows. `call_due`: the next call from above, `overdue`
    or not. `complaint_on`: a complaint since which nobody of ours was in touch. `tasks`: open decisions and actions.
    `promised`: goals of theirs that are not done, with their days. `margin_points`: change of the margin in the share
    of sales (0.03 is three points), `sales` of the year. `notes_on`: when the account manager's notes were written.
    `collected`: which of contacts, objectives, opportunities, interactions, account_notes and annual_spend are known at all.
    """

    as_of: date
    account_id: str = ""
    answered: frozenset[str] = field(default_factory=frozenset)
    at_stake: float
    sales: float
    chance: float | None = None
    manager: Person | None = None
    successor: Person | None = None
    superior: Person | None = None
    sponsor: Person | None = None
    notice_on: date | None = None
    ends_on: date | None = None
    work: str = ""
    why: str = ""
    gone: str = ""
    competitor: str = ""
    hand_over_loss: float | None = None
    live: int | None = None
    strangers: Sequence[str] = ()
    call_due: date | None = None
    call_overdue: bool = False
    complaint_on: date | None = None
    tasks: Sequence[Task] = ()
    promised: Sequence[Task] = ()
    offers: Sequence[Offer] = ()
    openings: Sequence[Opening] = ()
    margin_points: float | None = None
    margin_share: float | None = None
    notes_on: date | None = None
    collected: frozenset[str] = field(default_factory=frozenset)
