"""Which account is the plan for?"""

from difflib import get_close_matches

import pandas as pd

from kam_analysis.errors import SettingsError
from kam_analysis.ledger import Ledger
from kam_analysis.pages.key_accounts.found import Found as Keys
from kam_analysis.pages.words import named

_LISTED = 5
_SEARCHED, _MEANT, _ALIKE = 5_000, 3, 0.7  # accounts, how many of them are named, how alike (0-1) they are


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
        return _group(ledger, known, asked)
    for found in (ids == asked, names == asked.casefold(), names.str.contains(asked.casefold(), regex=False)):
        if found.sum() == 1:
            return str(ids[found].iloc[0]), ""
        if found.any():
            raise SettingsError(f'account_id: "{asked}" may be any of {_listed(known[found])}; write more of it')
    company = _company(ledger, roots[roots.isin(set(ids))], asked)
    if company:
        return _group(ledger, known, company)
    raise SettingsError(f'account_id: no customer has the number or name "{asked}"; {_nearest(known, asked)}')


def _group(ledger: Ledger, known: pd.DataFrame, company: str) -> tuple[str, str]:
    """The group that a company belongs to, and that the plan is for it."""
    group, own = str(ledger.master.roots[company]), ledger.master.named(pd.Series([company])).iloc[0]
    whole = known.loc[known["account_id"] == group, "account_name"].iloc[0]
    return group, f"{own} belongs to {whole}: the plan is for the group."


def _company(ledger: Ledger, roots: pd.Series, asked: str) -> str:
    """The one company of a group whose name it is or is a part of; empty where there is none, or several groups'."""
    if roots.empty:
        return ""
    ids = pd.Series(roots.index.astype("str"))
    names = ledger.master.named(ids).astype("str").str.casefold()
    for found in (names == asked.casefold(), names.str.contains(asked.casefold(), regex=False)):
        if roots[ids[found.to_numpy()]].nunique() == 1:
            return str(ids[found.to_numpy()].iloc[0])
    return ""


def _nearest(known: pd.DataFrame, asked: str) -> str:
    """Whose number, name or first words of a name come nearest; else what is to be written."""
    rows = known.head(_SEARCHED)
    whose = dict(zip(rows["account_id"].astype("str").str.casefold(), range(len(rows)), strict=True))
    words = len(asked.split())
    for place, name in enumerate(rows["account_name"].astype("str").str.casefold()):
        for said in (name, " ".join(name.split()[:words])):
            whose.setdefault(said, place)
    near = get_close_matches(asked.casefold(), whose, n=_MEANT, cutoff=_ALIKE)
    if not near:
        return "write its number, or a part of its name"
    meant = rows.iloc[list(dict.fromkeys(whose[each] for each in near))]
    return f"did you mean {_listed(meant)}?"


def _listed(rows: pd.DataFrame) -> str:
    shown = zip(rows["account_id"].head(_LISTED), rows["account_name"].head(_LISTED), strict=True)
    more = f" and {len(rows) - _LISTED:,} more" if len(rows) > _LISTED else ""
    return ", ".join(f"{named(one, name)} ({one})" for one, name in shown) + more
