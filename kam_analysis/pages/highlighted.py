"""Which customer is meant by a number, a name or a part of a name; and the one that is highlighted in charts."""

import re
from difflib import get_close_matches

import pandas as pd

from kam_analysis.analysis.concentration import Concentration
from kam_analysis.errors import SettingsError, nearest
from kam_analysis.pages.words import listed, named, said_in

say = said_in(__file__)

_NAMED = 5
_COMPARED = 1_000
_SUGGESTION = re.compile(r".*\((?P<id>[^()]*)\)")


def meant(accounts: pd.DataFrame, said: str) -> pd.DataFrame:
    """The rows (account_id, account_name) that have this number, else this name, else these words in their name."""
    ids, names = accounts["account_id"].astype("str"), accounts["account_name"].astype("str").str.casefold()
    folded = said.casefold()
    found = (ids == said, names == folded, names.str.contains(folded, regex=False))
    return accounts[next((each for each in found if each.any()), found[0])]


def with_numbers(accounts: pd.DataFrame) -> str:
    """Accounts with their numbers, the first of them: Ash Mills (A1), Birch (B1)."""
    rows = accounts[["account_id", "account_name"]].itertuples(index=False)
    return listed([suggestion(str(each.account_id), named(*each)) for each in rows], _NAMED)


def highlighted(book: Concentration, said: str) -> str:
    """The account_id that is meant by an id, a name or a part of a name; empty where nothing is said.

    Raises `SettingsError` where no account of the book is meant, or several are.
    """
    said = said.strip()
    if not said:
        return ""
    found = meant(book.accounts, said)
    if len(found) == 1:
        return str(found["account_id"].iloc[0])
    if len(found):
        raise SettingsError(say("customer.several", asked=said, accounts=with_numbers(found)))
    known = book.accounts["account_name"].head(_COMPARED).tolist()
    close = get_close_matches(said, known, n=1)
    remedy = nearest(said, known) if close else say("customer.type_more")
    raise SettingsError(say("customer.unknown", asked=said, remedy=remedy))


def suggestion(account_id: str, name: str) -> str:
    """An account as an explorer's list of suggestions has it."""
    return f"{name} ({account_id})"


def typed(said: str) -> str:
    """What was typed, or the account_id of the suggestion that was taken."""
    suggested = _SUGGESTION.fullmatch(said)
    return suggested["id"] if suggested else said


def picked(book: Concentration, said: str) -> tuple[str, str]:
    """The account_id that is meant by what was typed or taken from the suggestions, and "", or "" and why nobody is."""
    try:
        return highlighted(book, typed(said)), ""
    except SettingsError as error:
        return "", str(error)
