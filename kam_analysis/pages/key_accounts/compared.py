"""The list of key accounts against the year before, the settings, and one customer's place in it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kam_analysis.pages import style
from kam_analysis.pages.key_accounts.reasons import listed, not_key, reasons, share_of

if TYPE_CHECKING:
    from kam_analysis.pages.key_accounts.found import Found


def moved(found: "Found") -> tuple[Sequence[str], Sequence[str]]:
    """Who became key since the year before and who is no longer, as account_ids."""
    if found.keys_before is None:
        return [], []
    now, before = set(found.keys["account_id"]), set(found.keys_before["account_id"])
    return [each for each in found.ordered if each not in before], sorted(before - now)


def changed(found: "Found") -> tuple[Sequence[str], Sequence[str]]:
    """Who comes in and who goes out against the settings, the largest sales first; nobody where nothing else is asked."""
    if found.usual is None:
        return [], []
    return _largest_first(found, found.served - found.usual), _largest_first(found, found.usual - found.served)


def _largest_first(found: "Found", ids: frozenset[str]) -> Sequence[str]:
    return sorted(ids, key=lambda each: (-share_of(found, each), each))


def against_settings(found: "Found") -> str:
    """That in a sentence; empty where nothing else than the settings is asked for."""
    if found.usual is None:
        return ""
    came, went = changed(found)
    if not came and not went:
        return "The same customers are served as with your settings."
    return f"Compared with your settings, {_told(found, came, way='in')} and {_told(found, went, way='out')}."


def _told(found: "Found", ids: Sequence[str], *, way: str) -> str:
    if not ids:
        return f"nobody {'comes' if way == 'in' else 'goes'} {way}"
    verb = {"in": ("comes", "come"), "out": ("goes", "go")}[way][len(ids) > 1]
    return f"{listed([found.name(each) for each in ids])} {verb} {way}"


def where_it_stands(found: "Found") -> str:
    """The followed account's value, its place, and why it is key or is not; empty for no account."""
    if not found.customer:
        return ""
    said = f"{found.name(found.customer)} is {_place(found)}"
    if found.customer not in set(found.keys["account_id"]):
        why = not_key(found, found.customer)
        return f"{said}. It is not key{f' ({why})' if why else ''}."
    served = "" if found.customer in found.served else f", but not among the {found.limit} served"
    return f"{said}. It is key ({reasons(found, found.customer)}){served}."


def _place(found: "Found") -> str:
    score = found.of(found.scores, found.customer, "score")
    if score is None:
        return "not assessed by value"
    known = found.scores["score"].dropna()
    place = int((known > score).sum()) + 1
    return f"number {place:,} of {len(known):,} by value ({style.decimal(score, 2)} of 1)"
