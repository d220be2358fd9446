"""Who is served against what the settings alone would say, and where one customer stands."""

from collections.abc import Mapping, Sequence

import pandas as pd

from kam_analysis.analysis import segments as key
from kam_analysis.ledger.settings import Settings
from kam_analysis.pages import style
from kam_analysis.pages.key_accounts.evidence import Evidence
from kam_analysis.pages.key_accounts.parameters import LIMIT
from kam_analysis.pages.key_accounts.reasons import listed, not_key, reasons, share_of


def usually_served(settings: Settings, rows: pd.DataFrame, scaled: pd.DataFrame) -> frozenset[str]:
    """The accounts that are served by the threshold and weights of the settings, as many as usual.

    `rows` are significance and presence at any threshold, `scaled` the criteria on 0-1.
    """
    keys = key.key_accounts(key.at_threshold(rows, settings.significance.share))
    return frozenset(key.cut(keys, key.value_scores(scaled, settings.criteria), LIMIT).inside["account_id"])


def as_settings_say(settings: Settings, share: float, limit: int, weights: Mapping[str, float]) -> bool:
    """Whether nothing else is asked for than what the settings and the usual number say."""
    return share == settings.significance.share and limit == LIMIT and not weights


def changed(found: Evidence) -> tuple[Sequence[str], Sequence[str]]:
    """Who comes in and who goes out against the settings, the largest sales first; nobody where nothing else is asked."""
    if found.usual is None:
        return (), ()
    came, went = found.served - found.usual, found.usual - found.served
    return _largest_first(found, came), _largest_first(found, went)


def _largest_first(found: Evidence, ids: frozenset[str]) -> Sequence[str]:
    return sorted(ids, key=lambda each: (-share_of(found, each), each))


def against_settings(found: Evidence) -> str:
    """That in a sentence; empty where nothing else than the settings is asked for."""
    if found.usual is None:
        return ""
    came, went = changed(found)
    if not came and not went:
        return "The same customers are served as by your settings."
    return f"Against your settings {_told(found, came, 'in')}; {_told(found, went, 'out')}."


def _told(found: Evidence, ids: Sequence[str], way: str) -> str:
    if not ids:
        return f"nobody {'comes' if way == 'in' else 'goes'} {way}"
    verb = {"in": ("comes", "come"), "out": ("goes", "go")}[way][len(ids) > 1]
    return f"{listed([found.name(each) for each in ids])} {verb} {way}"


def where_it_stands(found: Evidence, account_id: str) -> str:
    """The followed account's value, its place, and why it is key or is not; empty for no account."""
    if not account_id:
        return ""
    score = found.of(found.scores, account_id, "score")
    said = f"{found.name(account_id)} is {_place(found.scores, score)}"
    if account_id not in set(found.keys["account_id"]):
        why = not_key(found, account_id)
        return f"{said}; not key{f': {why}' if why else ''}."
    served = "" if account_id in found.served else f", and not among the {found.limit} served"
    return f"{said}; key: {reasons(found, account_id)}{served}."


def _place(scores: pd.DataFrame, score: float | None) -> str:
    if score is None:
        return "not assessed by value"
    known = scores["score"].dropna()
    place = int((known > score).sum()) + 1
    return f"number {place:,} of {len(known):,} by value ({style.decimal(score, 2)} of 1)"
