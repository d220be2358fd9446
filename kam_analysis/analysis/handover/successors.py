"""Who takes over which account, and when: the loss that the right successor saves, within what fits their hours?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from kam_analysis.analysis.frames import takes_frames
from kam_analysis.analysis.handover.assignment import Assignment, assign
from kam_analysis.analysis.handover.candidates import trait_of_manager
from kam_analysis.analysis.handover.days import PER_WEEK, PROTECT_DAYS
from kam_analysis.analysis.handover.succession_plan import Plan, able_to_take, handed_over, planned, refuse
from kam_analysis.analysis.handover.successor_tables import account_table, load_table, shortage

# Of the loss of a hand-over a successor who fits in everything saves: our own assumption. A whole firm could have saved as
# much by better reassignment (Shi, Sridhar, Grewal & Lilien, Journal of Marketing 81(2), 2017).
SAVED_SHARE = 0.4


@dataclass(frozen=True)
class Handover:
    """Who takes which account over from whom, what that saves, and what does not fit.

    `accounts`: a row per account, the largest loss first, ties by id, with the columns of `hand_over`.
    `candidates`: manager_id, manager_name (the id where there is none), new_accounts, revenue, hours, spare.
    `leaving_id`: the manager who leaves, None for several managers' accounts. `saved`: money, of the hand-over's
    `loss`; `best_saved`: what could be saved if everybody had room for everything. `gap`: by what share of it a
    better solution could save more, 0 where none does. `most_accounts`: how many each took on at most.
    `without`: ids of accounts that nobody has room for. `hours_short`: hours a month by which these exceed what
    the candidates have left in all, `accounts_short`: by how many accounts the number exceeds their places; both 0
    where something is left, though too little with any one of them. `said`: that as a sentence, "" where all fit.
    """

    accounts: pd.DataFrame
    candidates: pd.DataFrame
    leaving_id: str | None
    loss: float
    saved: float
    best_saved: float
    gap: float
    most_accounts: int
    without: tuple[str, ...] = ()
    hours_short: float = 0.0
    accounts_short: int = 0
    said: str = ""


@takes_frames
def hand_over(
    losses: pd.DataFrame,
    accounts: pd.DataFrame,
    traits: pd.DataFrame,
    managers: pd.DataFrame,
    as_of: date,
    leaving: str | None = None,
    *,
    candidates: Sequence[str] | None = None,
    interactions: pd.DataFrame | None = None,
    contacts: pd.DataFrame | None = None,
    hours: Mapping[str, float] | pd.Series | None = None,
    spare: Mapping[str, float] | pd.Series | None = None,
    most_accounts: int | None = None,
    saved_share: float = SAVED_SHARE,
    protect_days: int = PROTECT_DAYS,
    per_week: int = PER_WEEK,
) -> Handover:
    """Who takes which account when a manager leaves, or when these accounts are to change hands?

    `losses`: account_id, transition (money that changing the manager costs, at least 0); with `leaving`, all
    accounts of that manager in `accounts` are handed over, at no loss where `losses` does not name them; without,
    those in `losses`, each to another than its manager today. `accounts`: account_id (unique), account_name,
    revenue, of all that bought. `traits`, `managers`, `interactions`, `contacts`: as `fit`, with level, leaving_on
    and superior_id of managers and notice_by of traits as available. `candidates`: ids, else those of `may_take`.
    `hours`: recorded hours a month by account_id (none recorded: 0). `spare`: hours left a month by manager_id
    (NaN or not there: no bound; below 0: none left). `most_accounts`: new ones each, else twice an even share,
    rounded up, and an even share where nothing is known by which one fits better than another.

    `accounts` of the result: account_id, account_name, revenue; loss; to_id (NaN: nobody); fit (0-1) and its parts as `fit`,
    of the one who takes it; saved = loss x `saved_share` x fit (NaN where no fit is known); reasons (list of
    codes of `REASONS`); runner_up_id and runner_up_saved, the next best for this account, room or not (ties by
    id; NaN where there is none); day, late_reason (as `handover_days`) and alongside_id, the superior who goes
    along where it is in the weeks before the last day for notice (NaN else). The sum of saved is largest, with everybody's
    hours and places kept; if not all fit, as much of the loss as fits is handed over.

    Raises `ValueError` for an unknown manager or candidate, losses, hours or shares out of range or missing,
    accounts that stand twice, and where there is no candidate.

    >>> accounts = pd.DataFrame({"account_id": ["a", "b", "c"], "account_name": ["A", "B", "C"],
    ...                          "revenue": [100.0, 50.0, 80.0]})
    >>> traits = pd.DataFrame({"account_id": ["a", "b", "c"], "account_manager_id": ["M1", "M1", "M2"],
    ...                        "industry": ["Water", "Marine", "Marine"]})
    >>> managers = pd.DataFrame({"manager_id": ["M1", "M2", "M3"], "level": "manager",
    ...                          "industry": ["Food", "Marine", "Water"]})
    >>> losses = pd.DataFrame({"account_id": ["a", "b"], "transition": [15.0, 7.5]})
    >>> found = hand_over(losses, accounts, traits, managers, pd.Timestamp(2026, 9, 18), "M1")
    >>> found.accounts[["account_id", "to_id", "saved", "runner_up_id"]].values.tolist(), found.saved
    ([['a', 'M3', 6.0, 'M2'], ['b', 'M2', 3.0, 'M3']], 9.0)
    """
    refuse(losses, accounts, saved_share, most_accounts)
    able = able_to_take(candidates, managers, traits, as_of, leaving)
    handed = handed_over(losses, accounts, traits, leaving)
    plan = planned(handed, able, accounts, traits, managers, as_of, interactions, contacts, hours, spare, saved_share)
    last_day = None if leaving is None else trait_of_manager(managers, "leaving_on").get(leaving)
    solved, most = _solved(plan, most_accounts)
    rows = account_table(plan, solved.choice, as_of, last_day, protect_days, per_week)
    best = np.where(plan.allowed, np.nan_to_num(plan.saved), 0).max(axis=1, initial=0).sum()
    return Handover(
        rows,
        load_table(plan, solved.choice),
        leaving,
        float(plan.handed["loss"].sum()),
        float(rows["saved"].sum()),
        float(best),
        solved.gap,
        most,
        *shortage(plan, solved.choice, most),
    )


def _solved(plan: Plan, most_accounts: int | None) -> tuple[Assignment, int]:
    """The assignment, and how many accounts each takes at most."""
    accounts, candidates = plan.saved.shape
    even, twice = -(-accounts // candidates), -(-2 * accounts // candidates)
    limits = [twice] if most_accounts is None else [most_accounts]
    if most_accounts is None and np.isnan(plan.saved).all():
        # Nothing tells candidates apart: evenly, if that fits.
        limits = [even, twice]
    for most in limits:
        found = assign(np.nan_to_num(plan.saved), plan.handed["loss"], plan.allowed, plan.hours, plan.spare, most)
        if (found.choice >= 0).all():
            break
    return found, most
