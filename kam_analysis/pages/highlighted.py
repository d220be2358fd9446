"""One customer that is highlighted in the charts: who is meant."""

import re
from difflib import get_close_matches

from kam_analysis.analysis.concentration import Concentration
from kam_analysis.errors import SettingsError, nearest

_NAMED = 5
_COMPARED = 1_000
_SUGGESTION = re.compile(r".*\((?P<id>[^()]*)\)")


def highlighted(book: Concentration, said: str) -> str:
    """The account_id that is meant by an id, a name or a part of a name; empty where nothing is said.

    Raises `SettingsError` where no account of the book is meant, or several are.
    """
    said = said.strip()
    if not said:
        return ""
    ids, names = book.accounts["account_id"], book.accounts["account_name"].str.casefold()
    for found in (ids == said, names == said.casefold(), names.str.contains(said.casefold(), regex=False)):
        if found.sum() == 1:
            return str(ids[found].iloc[0])
        if found.any():
            listed = _listed(book, ids[found].tolist())
            raise SettingsError(f'customer: "{said}" may be any of {listed}; write more of it')
    known = book.accounts["account_name"].head(_COMPARED).tolist()
    close = get_close_matches(said, known, n=1)
    remedy = nearest(said, known) if close else "type part of the name, or the number"
    raise SettingsError(f'customer: no customer matches "{said}"; {remedy}')


def suggestion(account_id: str, name: str) -> str:
    """An account as an explorer's list of suggestions has it."""
    return f"{name} ({account_id})"


def picked(book: Concentration, said: str) -> tuple[str, str]:
    """The account_id that is meant by what was typed or taken from the suggestions, and "", or "" and why nobody is."""
    suggested = _SUGGESTION.fullmatch(said)
    try:
        return highlighted(book, suggested["id"] if suggested else said), ""
    except SettingsError as error:
        return "", str(error)


def _listed(book: Concentration, ids: list[str]) -> str:
    rows = book.accounts[book.accounts["account_id"].isin(ids[:_NAMED])]
    names = map(suggestion, rows["account_id"], rows["account_name"])
    return ", ".join(names) + (f" and {len(ids) - _NAMED:,} more" if len(ids) > _NAMED else "")
