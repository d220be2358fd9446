"""Which year or quarter a column's name is about, and of what: "Umsatz 2024", "FY25", "Sales LY", "CA N-1"."""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from kam_analysis.bundled import tables_beside
from kam_analysis.ledger.reading.folding import folded
from kam_analysis.ledger.reading.written_dates import last_day
from kam_analysis.ledger.sniffing.words import ISO_CODES, SIGNS, meaning, tokens

_FISCAL = r"(?:fy|gj|cy|ex|ej|af|wj)"
_TWO_YEARS = re.compile(rf"(?<!\d)(?:{_FISCAL}[ ._'-]?)?((?:19|20)\d\d)\s?[/-]\s?((?:19|20)?\d\d)(?!\d)")
_NAMED = re.compile(
    rf"(?<![\d.,])(?:{_FISCAL}[ ._'-]?)?((?:19|20)\d\d)(?![\d.,])|(?<![a-z]){_FISCAL}[ ._'-]?(\d\d)(?!\d)"
)
_QUARTER = re.compile(
    r"(?<![a-z0-9])(?:[qtk](?:u?)([1-4])|([1-4])\s?q|([1-4])\.? ?(?:quartal|quarter|trimestre|kwartaal|kwartal|ceyrek|季度|四半期))(?![a-z0-9])"
)


@dataclass(frozen=True)
class YearName:
    """What a column's name says: `year`, or how many years `before` this one; its `quarter`, 0 for a whole year.

    `of` is the rest of the name ("umsatz"); `is_sales` whether that can be sales, `two_years` whether the name spans
    two calendar years ("2024/25"; `year` is then the second), so that the day on which it ends is not known.
    """

    of: str
    is_sales: bool
    year: int | None = None
    before: int | None = None
    quarter: int = 0
    two_years: bool = False

    def day(self, this_year: int = 0) -> date:
        """The last day of it, where this year is `this_year`."""
        year = self.year if self.year is not None else this_year - (self.before or 0)
        return last_day(year, self.quarter * 3 or 12)


@lru_cache(maxsize=20_000)
def year_name(header: str) -> YearName | None:
    """The year or quarter of a name; None where it names none."""
    text = " ".join(re.sub(r"[_()\[\]:’']", " ", folded(header)).split())
    both = _TWO_YEARS.search(text)
    if both and int(both[2]) % 100 == (int(both[1]) + 1) % 100:
        rest = text[: both.start()] + " " + text[both.end() :]
        return YearName(*_of(rest, header), year=int(both[1]) + 1, two_years=True)
    found = _NAMED.search(text)
    if found:
        rest = text[: found.start()] + " " + text[found.end() :]
        quarter = _QUARTER.search(rest)
        number = int(next(filter(None, quarter.groups()))) if quarter else 0
        rest = rest[: quarter.start()] + " " + rest[quarter.end() :] if quarter else rest
        return YearName(*_of(rest, header), year=int(found[1] or f"20{found[2]}"), quarter=number)
    for before, words in _patterns():
        if match := words.search(text):
            return YearName(*_of(text[: match.start()] + " " + text[match.end() :], header), before=before)
    return None


@lru_cache
def _patterns() -> tuple[tuple[int, re.Pattern[str]], ...]:
    def pattern(words: list[str]) -> re.Pattern[str]:
        longest = sorted(words, key=len, reverse=True)
        whole = (
            f"(?<![^\\W_]){re.escape(each)}(?![^\\W_]|-\\d)" if each.isascii() else re.escape(each) for each in longest
        )
        return re.compile("|".join(whole))

    return tuple(
        (int(before), pattern(words)) for before, words in tables_beside(__file__, "years.toml")["before"].items()
    )


def _of(rest: str, header: str) -> tuple[str, bool]:
    """The rest of a name, and whether it can be sales."""
    rest = " ".join(re.sub(r"[-./,–—]+(?=\s|$)|(?<=\s)[-./,–—]+|^[-./,–—]+", " ", rest).split())
    rest = " ".join(word for word in rest.split() if word not in _listed("time"))
    words = set(re.findall(r"[^\W\d_]+", rest))
    if words & _listed("none") or any(sign in header for sign in "%Δ±") or _has(rest, _listed("none")):
        return rest, False
    if rest in _listed("actual") or not tokens(rest):
        return rest, True
    bare = [
        word
        for word in rest.split()
        if word not in _listed("actual") and word.upper() not in ISO_CODES and word not in SIGNS
    ]
    known = meaning(rest) or meaning(" ".join(bare))
    return rest, not bare or bool(known and known.ours in ("revenue", "gross"))


@lru_cache
def _listed(kind: str) -> frozenset[str]:
    return frozenset(tables_beside(__file__, "years.toml")[kind])


def _has(rest: str, words: frozenset[str]) -> bool:
    """Words of languages without spaces stand anywhere."""
    return any(word in rest for word in words if not word.isascii())
