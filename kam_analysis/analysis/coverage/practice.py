"""Do we practise key-account management: plan, second contact, executive call, growth goal, deputy?"""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from kam_analysis.analysis.coverage.attention import is_open
from kam_analysis.analysis.coverage.holding import has_deputy
from kam_analysis.analysis.coverage.last_months import in_last_months, recorded
from kam_analysis.analysis.coverage.relationships import SECOND
from kam_analysis.analysis.frames import takes_frames
from kam_analysis.analysis.refused import refuse_twice

ITEMS = ("plan", "second_contact", "executive_call", "growth_goal", "deputy")
# Words for an objective that is over, as they are written in a free text; upper and lower case are one.
DONE = ("done", "closed", "completed", "finished", "achieved", "reached", "dropped", "cancelled", "erledigt")


@dataclass(frozen=True)
class Practice:
    """What each key account has and lacks.

    `grid`: account_id, account_name, then plan, second_contact, executive_call, growth_goal and deputy (boolean; NA
    where the table that would tell is not there) and missing (number of them that are False; NA where none can be
    told). `missing`: the number of accounts that lack each item, by item; NA where not known.
    """

    grid: pd.DataFrame
    missing: pd.Series

    @property
    def known(self) -> tuple[str, ...]:
        """The items that can be told at all: out of how many `grid`'s missing is."""
        return tuple(item for item in ITEMS if pd.notna(self.missing[item]))

    @property
    def complete(self) -> int:
        """How many key accounts lack nothing of what can be told; 0 where nothing can."""
        return int((self.grid["missing"] == 0).sum())


@takes_frames
def practice(
    key_accounts: pd.DataFrame,
    objectives: pd.DataFrame | None = None,
    live: pd.Series | None = None,
    called: pd.DataFrame | None = None,
    opportunities: pd.DataFrame | None = None,
    traits: pd.DataFrame | None = None,
    *,
    as_of: date,
) -> Practice:
    """Which of five things does each key account have? In the order of `key_accounts`.

    `key_accounts`: account_id (unique), account_name. An item is told from one table and NA where that is not
    there, or empty (`called` alone may be empty: nobody was):

    - plan: `objectives` (account_id, and where known our_contribution, status) has one that is not over (no word
      of `DONE`) and says what we do for it, or how it stands: a goal of theirs alone is no plan of ours
    - second_contact: `live` (live contacts by account_id, as of `live_contacts`) is at least `SECOND`
    - executive_call: `called` (account_id, last: the last call from above the manager, as of `calls_from_above`)
      has one in the twelve months to `as_of`
    - growth_goal: `opportunities` (account_id, and where known status, closed) has an open one: growth that nobody
      has put into an offer is a wish, and objectives are the account's own goals, not for our sales to grow
    - deputy: `traits` (account_id, deputy_id, and where known account_manager_id) names one who is not the manager

    Raises `ValueError` where a key account stands twice.

    >>> key = pd.DataFrame({"account_id": ["a", "b"], "account_name": ["A", "B"]})
    >>> found = practice(key, live=pd.Series({"a": 3, "b": 1}), as_of=date(2026, 9, 18))
    >>> found.grid[["account_id", "second_contact", "missing"]].values.tolist()
    [['a', True, 0], ['b', False, 1]]
    >>> found.known, found.complete
    (('second_contact',), 1)
    """
    refuse_twice("key accounts", key_accounts["account_id"])
    grid = key_accounts[["account_id", "account_name"]].reset_index(drop=True)
    ids = grid["account_id"]
    grid["plan"] = _has(ids, _planned(objectives))
    grid["second_contact"] = _has(ids, live.index[live >= SECOND] if live is not None and len(live) else None)
    grid["executive_call"] = _has(ids, _called(called, as_of))
    grid["growth_goal"] = _has(ids, _growing(opportunities))
    grid["deputy"] = has_deputy(traits, ids) if recorded(traits, "deputy_id") else _has(ids, None)
    lacking = (grid[[*ITEMS]] == False).fillna(False)  # noqa: E712
    known = grid[[*ITEMS]].notna().any()
    grid["missing"] = lacking.sum(axis=1).astype("Int64").mask(grid[[*ITEMS]].isna().all(axis=1))
    return Practice(grid, lacking.sum().where(known).astype("Int64").rename("missing"))


def _has(ids: pd.Series, those: pd.Index | pd.Series | None) -> pd.Series:
    """Who is among those: NA for all where nothing is known."""
    if those is None:
        return pd.Series(pd.NA, ids.index, dtype="boolean")
    return ids.isin(set(those)).astype("boolean")


def _planned(objectives: pd.DataFrame | None) -> pd.Series | None:
    if not recorded(objectives):
        return None
    ours, status = (_text(objectives, column) for column in ("our_contribution", "status"))
    return objectives.loc[((ours != "") | (status != "")) & ~status.str.casefold().isin(DONE), "account_id"]


def _called(called: pd.DataFrame | None, as_of: date) -> pd.Series | None:
    if called is None:
        return None
    return called.loc[in_last_months(called["last"], as_of), "account_id"]


def _growing(opportunities: pd.DataFrame | None) -> pd.Series | None:
    if not recorded(opportunities, "account_id"):
        return None
    return opportunities.loc[is_open(opportunities), "account_id"].dropna()


def _text(frame: pd.DataFrame, column: str) -> pd.Series:
    """The words in a column without blanks around; "" where there are none."""
    if column not in frame:
        return pd.Series("", frame.index)
    return frame[column].astype("object").fillna("").astype(str).str.strip()
