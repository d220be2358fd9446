"""Ids that are not among those of another table, and nearly are: "18" beside "018", "abc" beside "ABC"."""

from collections.abc import Iterable

import pandas as pd

from kam_analysis.ledger.settings.ids import LOOKED_PAST, looked_past


def near_matches(unknown: pd.Series, known: pd.Series) -> pd.DataFrame:
    """Which unknown ids have exactly one known counterpart that differs only in how it is written?

    Both are ids as text. Returns id, known_id and rules (what to look past, the fewest that do: one rule, else all of
    them), a row per pair; an id that several others resemble is in none.

    >>> near_matches(pd.Series(["18", "x"]), pd.Series(["018", "y"])).to_numpy().tolist()
    [['18', '018', 'leading_zeros']]
    """
    left, free = set(unknown.dropna().astype("str")), set(known.dropna().astype("str"))
    pairs: list[tuple[str, str, str]] = []
    for rules in (*((name,) for name in LOOKED_PAST), tuple(LOOKED_PAST)):
        here, there = _by_key(left, rules), _by_key(free, rules)
        found = [(here[key][0], there[key][0]) for key in here if len(here[key]) == 1 == len(there.get(key, ()))]
        pairs += [(one, other, ", ".join(rules)) for one, other in found]
        left -= {one for one, _ in found}
    return pd.DataFrame(sorted(pairs), columns=["id", "known_id", "rules"])


def _by_key(ids: Iterable[str], rules: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for each in sorted(ids):
        found.setdefault(looked_past(each, rules), []).append(each)
    return found


def twins(ids: pd.Series, rule: str) -> list[tuple[str, ...]]:
    """Ids that differ in what one rule looks past alone, together.

    >>> twins(pd.Series(["abc", "ABC", "x"]), "case"), twins(pd.Series(["018", "18"]), "leading_zeros")
    ([('ABC', 'abc')], [('018', '18')])
    """
    found = _by_key(ids.dropna().astype("str").unique(), (rule,))
    return [tuple(each) for each in found.values() if len(each) > 1]
