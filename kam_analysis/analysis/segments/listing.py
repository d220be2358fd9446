"""The key accounts against the company's own list: who is missing there, and who is there by habit?"""

from dataclasses import dataclass

import pandas as pd

from kam_analysis.analysis.frames import takes_frames


@dataclass(frozen=True)
class Listing:
    """What the two lists say, as account_ids.

    `agreed`: key and on the company's list; `missing`: key and not on it; both in the order of the key
    accounts. `habit`: on the list and key on nothing, by account_id.
    """

    agreed: tuple[str, ...]
    missing: tuple[str, ...]
    habit: tuple[str, ...]

    def place(self, account_id: str) -> str:
        """Where one account stands: "agreed", "missing", "habit", or "" where it is on neither list."""
        names = {"agreed": self.agreed, "missing": self.missing, "habit": self.habit}
        return next((name for name, ids in names.items() if account_id in ids), "")


@takes_frames
def against_list(keys: pd.DataFrame, on_list: pd.Series | None) -> Listing | None:
    """Who should be on the company's list of key accounts and is not, and who is on it only by habit?

    `keys`: account_id, one row per key account. `on_list`: true or false by account_id (its index), as
    the customer master's `is_key` says; a missing value is not on the list. None where the company
    keeps no list: nothing given, or every value missing. A list on which nobody stands is a list.

    Raises `ValueError` for values that are neither true nor false, and for an account that is there twice.

    >>> keys = pd.DataFrame({"account_id": ["Dag", "Caro", "Eve"]})
    >>> against_list(keys, pd.Series({"Dag": True, "Eve": True, "Bo": True, "Ada": False}))
    Listing(agreed=('Dag', 'Eve'), missing=('Caro',), habit=('Bo',))
    """
    if on_list is None or on_list.isna().all():
        return None
    if not on_list.index.is_unique:
        raise ValueError(f"on_list: expected each account once, {on_list.index[on_list.index.duplicated()][0]} is not")
    known = on_list.dropna()
    wrong = known[~known.isin([True, False])]
    if len(wrong):
        raise ValueError(f"on_list: expected true or false, got {wrong.iloc[0]!r} for {wrong.index[0]}")
    ids, there = [str(each) for each in keys["account_id"]], {str(each) for each in known.index[known.astype(bool)]}
    return Listing(
        tuple(each for each in ids if each in there),
        tuple(each for each in ids if each not in there),
        tuple(sorted(there.difference(ids))),
    )
