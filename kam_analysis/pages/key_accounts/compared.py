"""The list of key accounts against the year before, the settings, and one customer's place in it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kam_analysis.pages import style
from kam_analysis.pages.key_accounts.reasons import NAMED, not_key, reasons, share_of
from kam_analysis.pages.sentences import listed, said_in

if TYPE_CHECKING:
    from kam_analysis.pages.key_accounts.found import Found

say = said_in(__file__)


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
        return say("compared.same")
    way_in = say("compared.come" if len(came) > 1 else "compared.comes", who=_listed(found, came))
    way_out = say("compared.go" if len(went) > 1 else "compared.goes", who=_listed(found, went))
    return say("compared.changed", came=way_in, went=way_out)


def _listed(found: "Found", ids: Sequence[str]) -> str:
    return listed(map(found.name, ids), NAMED) or say("compared.nobody")


def where_it_stands(found: "Found") -> str:
    """The followed account's value, its place, and why it is key or is not; empty for no account."""
    if not found.customer:
        return ""
    who = found.name(found.customer)
    score = found.of(found.scores, found.customer, "score")
    if score is None:
        said = say("compared.no_value", who=who)
    else:
        known = found.scores["score"].dropna()
        place, all_of_them = style.count(int((known > score).sum()) + 1), style.count(len(known))
        said = say("compared.place", who=who, place=place, all=all_of_them, value=style.decimal(score, 2))
    if found.customer in set(found.keys["account_id"]):
        why = reasons(found, found.customer)
        if found.customer in found.served:
            return f"{said} {say('compared.key', why=why)}"
        return f"{said} {say('compared.not_served', why=why, limit=found.limit)}"
    why = not_key(found, found.customer)
    return f"{said} {say('compared.not_key', why=why) if why else say('compared.not_key_at_all')}"
