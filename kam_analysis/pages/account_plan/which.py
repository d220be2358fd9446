"""Which account is the plan for?"""

from difflib import get_close_matches

import pandas as pd

from kam_analysis.errors import SettingsError
from kam_analysis.ledger import Ledger
from kam_analysis.pages.highlighted import meant, with_numbers
from kam_analysis.pages.key_accounts.found import Found as Keys
from kam_analysis.pages.words import said_in

say = said_in(__file__)

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
            raise SettingsError(say("which.nobody_bought"))
        return str(largest[0]), ""
    known = keys.traits[["account_id", "account_name"]]
    companies = _companies(ledger, known)
    if asked in companies["account_id"].array:
        return _group(known, companies[companies["account_id"] == asked])
    found = meant(known, asked)
    if len(found) == 1:
        return str(found["account_id"].iloc[0]), ""
    if len(found):
        raise SettingsError(say("which.several", asked=asked, accounts=with_numbers(found)))
    of_a_group = meant(companies, asked)
    if of_a_group["group"].nunique() == 1:
        return _group(known, of_a_group)
    raise SettingsError(say("which.unknown", asked=asked, remedy=_nearest(known, asked)))


def _companies(ledger: Ledger, known: pd.DataFrame) -> pd.DataFrame:
    """The companies of the groups that are known, but for those on top: account_id, account_name, group."""
    if ledger.level != "parent":
        return pd.DataFrame(columns=["account_id", "account_name", "group"], dtype="str")
    roots = ledger.master.roots
    roots = roots[roots.isin(set(known["account_id"])) & (roots != roots.index)]
    ids = pd.Series(roots.index.astype("str"))
    return pd.DataFrame({"account_id": ids, "account_name": ledger.master.named(ids), "group": roots.to_numpy()})


def _group(known: pd.DataFrame, companies: pd.DataFrame) -> tuple[str, str]:
    """The group that companies belong to, and that the plan is for it."""
    first = companies.iloc[0]
    group = known.loc[known["account_id"] == first["group"], "account_name"].iloc[0]
    return str(first["group"]), say("which.group", company=first["account_name"], group=group)


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
        return say("which.write_number")
    return say(
        "which.did_you_mean", accounts=with_numbers(rows.iloc[list(dict.fromkeys(whose[each] for each in near))])
    )
