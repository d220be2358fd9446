"""What a page says, apart from what it computes, and how pages name measures, units, numbers and customers.

Each page's sentences stand in the `words.toml` of its folder: a native speaker edits that file without reading code.
`{who}` in a sentence is filled in by the page; which of them a sentence has is part of it, and a test holds both sides
to each other.
"""

import re
import tomllib
from collections.abc import Callable, Iterable
from datetime import date
from functools import cache
from pathlib import Path

import pandas as pd

from kam_analysis.analysis.plans import PROPOSED
from kam_analysis.ledger import Ledger
from kam_analysis.ledger.settings.period import Period
from kam_analysis.pages import style
from kam_analysis.pages.frame import Source

WORDS = "words.toml"
_BROKEN = re.compile(r"\s*\n\s*")  # a long sentence may stand on several lines


def said_in(module: str) -> Callable[..., str]:
    """How a module of a page speaks: its folder's sentences by name, filled in.

    `module` is the module's `__file__`. The function takes a sentence's name ("answer.alone": table and key of
    words.toml) and what is filled in, each as it is to be read. A name that is not there is a KeyError.
    """
    file = Path(module).parent / WORDS

    def say(name: str, /, **filled_in: object) -> str:
        return sentences(file)[name].format(**filled_in)

    return say


def words_in(module: str, table: str, **filled_in: object) -> dict[str, str]:
    """All of one table of a page's words.toml by key, in its order: heads, or words for what stands in the data.

    `module` is the module's `__file__`. As they stand where nothing is filled in. Without such a table the result is
    empty.
    """
    found = sentences(Path(module).parent / WORDS).items()
    every = {key.removeprefix(f"{table}."): text for key, text in found if key.startswith(f"{table}.")}
    return {key: text.format(**filled_in) for key, text in every.items()} if filled_in else every


def listed(names: Iterable[str], most: int | None = None) -> str:
    """Names as a sentence lists them; of more than `most` the first, and how many more there are.

    >>> listed(["A", "B", "C"]), listed(["A", "B", "C", "D"], most=2)
    ('A, B and C', 'A, B and 2 more')
    """
    every = list(names)
    shown = every[:most]
    if len(shown) < len(every):
        return f"{', '.join(shown)} and {len(every) - len(shown)} more"
    return " and ".join(filter(None, [", ".join(shown[:-1]), *shown[-1:]]))


@cache
def sentences(file: Path) -> dict[str, str]:
    """All sentences of one words.toml by name, each on one line."""
    tables = tomllib.loads(file.read_text(encoding="utf-8"))
    return {f"{table}.{key}": _BROKEN.sub(" ", text) for table, each in tables.items() for key, text in each.items()}


ANSWER_WORDS = 24


def short_enough(*ways: str) -> str:
    """The first of several ways to say an answer that has no more words than a reader takes in; else the last.

    >>> short_enough("one " * 25, "It is brief."), short_enough("It is brief.", "Brief.")
    ('It is brief.', 'It is brief.')
    """
    return next((each for each in ways if len(each.split()) <= ANSWER_WORDS), ways[-1])


# ASC 280-10-50-42 and IFRS 8.34: a customer at a tenth of revenue is disclosed, common control first.
DISCLOSED = 0.10
# From as many letters on an id without a digit is a name.
_WORD = 4
_MONTHS_AHEAD = 300  # days: within them a day needs no year
_WORDS = {"revenue": "sales", "margin": "margin", "quantity": "units"}
WORK_WORDS = words_in(__file__, "kinds_of_work")
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def measure_name(measure: str) -> str:
    """A measure as pages name it."""
    return _WORDS.get(measure, measure)


def measure_words(ledger: Ledger) -> str:
    """The ledger's measure as pages name it, of one product line where it is asked for that alone."""
    return measure_name(ledger.measure) + (f" of {ledger.line}" if ledger.line else "")


def headed(words: str) -> str:
    """Words as a heading begins: only the first letter changes, names keep theirs."""
    return words[:1].upper() + words[1:]


def unit_of(ledger: Ledger, measure: str) -> str:
    """The unit that amounts of a measure carry on the page: the currency, or the measure's own."""
    if measure in ("revenue", "margin"):
        return ledger.currency
    own = ledger.settings.measures.get(measure)
    return own.unit if own else "units"


def unit(ledger: Ledger) -> str:
    """The unit of the ledger's own measure."""
    return unit_of(ledger, ledger.measure)


def source(ledger: Ledger, period: Period | None = None) -> Source:
    """The words of a figure's footer; `period` where it shows another than the ledger's own."""
    covered = (period or ledger.period).label
    if ledger.level == "legal_entity" and ledger.master.grouped:
        covered += ", each company for itself"
    return Source(ledger.name, style.day(ledger.as_of), covered)


def number_word(n: int) -> str:
    """Small numbers as words."""
    return _NUMBERS[n] if 0 <= n < len(_NUMBERS) else f"{n:,}"


def named(account_id: object, account_name: object) -> str:
    """An account as a sentence names it; where only its number is known, as a customer's number.

    >>> named("4711", "4711"), named("C-007", "C-007"), named("Aldwick Mills", "Aldwick Mills")
    ('Customer 4711', 'Customer C-007', 'Aldwick Mills')
    """
    known = str(account_name)
    return f"Customer {account_id}" if account_name == account_id and not _is_name(known) else known


def _is_name(text: str) -> bool:
    """Whether an id is a name: words, in which a number may stand among others ("Firm 12 Ltd")."""
    letters = [sign for sign in text if sign.isalpha()]
    if any(map(str.isdigit, text)):
        return " " in text.strip() and len(letters) >= _WORD - 1
    return len(letters) >= _WORD or any(not sign.isascii() for sign in letters)


def coming_day(day: date, as_of: date) -> str:
    """A day within a sentence: 20 October; with its year where that is not the next one to come."""
    said = f"{day:%B}" if 0 <= (day - as_of).days <= _MONTHS_AHEAD else f"{day:%B}{style.GAP}{day.year}"
    return f"{day.day}{style.GAP}{said}"


def called(frame: pd.DataFrame) -> pd.DataFrame:
    """Accounts under the names that pages use: where only the id is known, as a customer's number."""
    rows = zip(frame["account_id"], frame["account_name"], strict=True)
    return frame.assign(account_name=pd.Series([named(*each) for each in rows], index=frame.index, dtype="str"))


def equal(number: float) -> str:
    """A number of equal customers, in words: 18 equal customers, 4.6 equal customers, one customer."""
    if round(number, 1) == 1:
        return "one customer"
    return f"{number_of_equal(number)} equal customers"


def number_of_equal(number: float) -> str:
    """The same number alone, no more precise than that."""
    return style.decimal(number, 0 if number >= 10 else 1)


def records(ledger: Ledger, name: str) -> pd.DataFrame | None:
    """`Ledger.records`; None where the table is not there.

    Of decisions without what an earlier run only proposed: it stands among them as it left.
    """
    if not ledger.has(name):
        return None
    found = ledger.records(name)
    if name == "decisions" and "status" in found:
        proposed = found["status"].astype("str").str.strip().str.casefold() == PROPOSED
        found = found[~proposed].reset_index(drop=True)
    return found
