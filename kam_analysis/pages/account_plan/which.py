"""Which account is the plan for?"""

import pandas as pd

from kam_analysis.errors import SettingsError, nearest
from kam_analysis.ledger import Ledger
from kam_analysis.pages.key_accounts.found import Found as Keys
from kam_analysis.pages.words import named

_LISTED = 5


def which(ledger: Ledger, keys: Keys, asked: str) -> tuple[str, str]:
    """The account_id that is meant by an id, a name or a part of a name, and what is to be said of that.

    Empty: the largest key account, else the largest customer. A company of a group means the group. Raises
    `SettingsError` where nobody is meant, or several are.
    """
    asked = asked.strip()
    if not asked:
        largest = keys.ordered or keys.book.accounts["account_id"].head(1).tolist()
        if not largest:
            raise SettingsError("account_id: nobody bought in these months, so there is no account to plan for")
        return str(largest[0]), ""
    known = keys.traits[["account_id", "account_name"]]
    ids, names = known["account_id"], known["account_name"].astype("str").str.casefold()
    roots = ledger.master.roots if ledger.level == "parent" else pd.Series(dtype="str")
    if asked in roots.index and (ids == roots[asked]).any() and roots[asked] != asked:
        group, own = str(roots[asked]), ledger.master.named(pd.Series([asked])).iloc[0]
        whole = known.loc[ids == group, "account_name"].iloc[0]
        return group, f"{own} belongs to {whole}: the plan is for the group."
    for found in (ids == asked, names == asked.casefold(), names.str.contains(asked.casefold(), regex=False)):
        if found.sum() == 1:
            return str(ids[found].iloc[0]), ""
        if found.any():
            raise SettingsError(f'account_id: "{asked}" may be any of {_listed(known[found])}; write more of it')
    remedy = nearest(asked, [*ids.head(1000), *known["account_name"].head(1000)])
    raise SettingsError(f'account_id: no customer has the number or name "{asked}"; {remedy}')


def _listed(rows: pd.DataFrame) -> str:
    shown = zip(rows["account_id"].head(_LISTED), rows["account_name"].head(_LISTED), strict=True)
    more = f" and {len(rows) - _LISTED:,} more" if len(rows) > _LISTED else ""
    return ", ".join(f"{named(one, name)} ({one})" for one, name in shown) + more
