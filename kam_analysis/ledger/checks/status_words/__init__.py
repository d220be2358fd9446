"""What values such as "Closed Won", "storniert" or "G2" mean: one file of words a language, and one of systems' codes.

Meanings: won, lost, stage (of a deal that is open), open (a deal, an order or an unpaid invoice: others tell),
sale, void (never or no longer a sale), payment, credit (counts against), actual and plan (figures and budgets in one
table), unsure (only its owner can say).
"""

import re
import tomllib
from collections.abc import Collection, Mapping
from functools import lru_cache
from importlib.resources import files

from kam_analysis.bundled import tables_beside
from kam_analysis.ledger.reading.folding import words

MEANINGS = ("won", "lost", "stage", "open", "sale", "void", "payment", "credit", "actual", "plan", "unsure")
# "Closed Won - renewal", "Cancelled by customer": these say the same inside a longer text.
_STRONG = ("won", "lost", "void", "credit", "plan")
_LEAST = 4
# What a shop's software writes before each of its statuses: wc-completed.
_PREFIXES = ("wc",)


def key(text: str) -> str:
    """A value as it is looked up: "2 - Closed won", "closed-won" and "Closed won (pipeline 1)" are one."""
    found = words(re.sub(r"(?<=.)\s*\([^()]*\)\s*$", "", text))
    marked = len(found) > 1 and (found[0].isdigit() or found[0] in _PREFIXES)
    return "".join(found[1:] if marked else found)


@lru_cache
def _dictionary() -> tuple[Mapping[str, Mapping[str, str]], Mapping[str, Mapping[str, str]]]:
    """Meanings by language and word, and by header those of codes."""
    plain: dict[str, dict[str, str]] = {}
    codes: dict[str, dict[str, str]] = {}
    for file in sorted(files(__package__).iterdir(), key=lambda each: each.name):
        if file.name.endswith(".toml"):
            document = tomllib.loads(file.read_text(encoding="utf-8"))
            for header, meanings in document.pop("by_header", {}).items():
                codes[header] = {key(code): meaning for code, meaning in meanings.items()}
            words_of = plain.setdefault(file.name.removesuffix(".toml"), {})
            for meaning, listed in document.items():
                words_of.update({key(word): meaning for word in listed})
    return plain, codes


def meanings_of(values: Collection[str]) -> dict[str, str]:
    """What values of one column mean, those that are known: in the language that knows most of them.

    Where two know as many and contradict each other (Spanish "pago" is a payment, Portuguese "pago" is paid), a
    value is unsure.
    """
    plain = _dictionary()[0]
    keys = {value: key(value) for value in values}
    knows = {language: sum(each in known for each in keys.values()) for language, known in plain.items()}
    found = {}
    for value, looked_up in keys.items():
        best = max((knows[language] for language, known in plain.items() if looked_up in known), default=0)
        said = {known[looked_up] for language, known in plain.items() if looked_up in known and knows[language] == best}
        if said:
            found[value] = said.pop() if len(said) == 1 else "unsure"
    return found


def meaning_of(value: str) -> str:
    """What a value means by itself; empty where it is not known."""
    return meanings_of([value]).get(value, "")


def meaning_within(value: str) -> str:
    """What a longer text means by a strong word in it; empty where there is none, or several contradict."""
    said = words(value)
    parts = {"".join(said[a:b]) for a in range(len(said)) for b in range(a + 1, len(said) + 1)}
    found = {meaning_of(part) for part in parts if len(part) >= _LEAST or part == "won"}
    strong = found & set(_STRONG)
    return strong.pop() if len(strong) == 1 else ""


def codes_of(header: str) -> Mapping[str, str]:
    """What the codes of a column mean that its header alone explains, by `key`."""
    known = _dictionary()[1]
    said = words(header)
    return next((known[each] for each in (*said, "".join(said)) if each in known), {})


def code_lists() -> Mapping[str, Mapping[str, str]]:
    """The codes of every system."""
    return _dictionary()[1]


@lru_cache
def header_words(kind: str) -> frozenset[str]:
    """The words of columns' headers: `status`, `other`, `deals`, `sides`, `ends` or `within`."""
    return frozenset(tables_beside(__file__, "headers/words.toml")[kind])
