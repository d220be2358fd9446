"""One customer that is highlighted in the charts: who is meant."""

from difflib import get_close_matches

from kam_analysis.analysis.concentration import Concentration
from kam_analysis.errors import SettingsError, nearest

_NAMED = 5
_COMPARED = 1_000


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


def _listed(book: Concentration, ids: list[str]) -> str:
    rows = book.accounts[book.accounts["account_id"].isin(ids[:_NAMED])]
    names = [f"{name} ({id_})" for id_, name in zip(rows["account_id"], rows["account_name"], strict=True)]
    return ", ".join(names) + (f" and {len(ids) - _NAMED:,} more" if len(ids) > _NAMED else "")
