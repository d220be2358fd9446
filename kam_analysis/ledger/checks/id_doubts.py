"""What is doubtful about account ids once their money is known: nearly the same here and there, or in two cases."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from kam_analysis.errors import Problem
from kam_analysis.ledger.settings.ids import LOOKED_PAST, looked_past

# What the rules of `normalise` look past, in words.
_IN_WORDS = {"leading_zeros": "leading zeros", "case": "upper and lower case", "spaces": "spaces", "punctuation": "signs such as - and ."}  # fmt: skip


def nearly_known(sums: pd.DataFrame, known: pd.Series) -> pd.DataFrame:
    """Accounts with sales that the customer list knows under an id written otherwise.

    `sums`: account_id, revenue, rows of all that was sold; `known`: the list's ids. Returns id, known_id, rules,
    revenue, rows; largest first.
    """
    unknown = sums[_not_among(sums["account_id"], known)]
    unmatched = known[_not_among(known, sums["account_id"])]
    pairs = near_matches(unknown["account_id"], unmatched)
    found = pairs.merge(sums, left_on="id", right_on="account_id").drop(columns="account_id")
    return found.sort_values(["revenue", "id"], ascending=[False, True], ignore_index=True)


def _not_among(ids: pd.Series, others: pd.Series) -> np.ndarray:
    # Looked up in an index: `isin` makes a Python text of each of a million.
    return pd.Index(others.dropna().unique()).get_indexer(pd.Index(ids)) < 0


def near_problems(near: pd.DataFrame, whole: float, source: str, table: str) -> list[Problem]:
    """A warning per way of writing: both sides, the money, and the setting that makes one of them."""
    problems = []
    for rules, rows in near.groupby("rules", sort=True):
        words = " and ".join(_IN_WORDS[each] for each in str(rules).split(", "))
        money = float(rows["revenue"].sum())
        part = f" ({money / whole:.1%} of sales)" if whole > 0 else ""
        count = f"{len(rows):,} account{'' if len(rows) == 1 else 's'} with {money:,.2f}{part}"
        rule = f"{count} differ{'s' if len(rows) == 1 else ''} from the ids in {table} in {words} only"
        shown = tuple(f"{one} here, {other} there" for one, other in zip(rows["id"], rows["known_id"], strict=True))[:5]
        listed = ", ".join(f'"{each}"' for each in str(rules).split(", "))
        remedy = f"if they are the same, add to the settings: normalise = [{listed}]; if not, add them to {table}"
        problems.append(Problem(source, "account_id", rule, remedy, int(rows["rows"].sum()), shown, "warning"))
    return problems


def twin_problems(sums: pd.DataFrame, source: str) -> list[Problem]:
    """A warning where ids differ in case, or in zeros before them, alone: two customers, or one that was typed twice."""
    money, rows = (sums.set_index("account_id")[name].to_dict() for name in ("revenue", "rows"))
    problems = []
    for rule in ("case", "leading_zeros"):
        found = sorted(twins(sums["account_id"], rule), key=lambda ids: -sum(money[each] for each in ids))
        if not found:
            continue
        shown = tuple(" and ".join(f"{each} ({money[each]:,.2f})" for each in ids) for ids in found)[:5]
        remedy = f'if they are the same, add to the settings: normalise = ["{rule}"]; if not, nothing is to be done'
        counted = sum(int(rows[each]) for ids in found for each in ids)
        said = f"ids differ in {_IN_WORDS[rule]} only and count as several accounts"
        problems.append(Problem(source, "account_id", said, remedy, counted, shown, "warning"))
    return problems


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
