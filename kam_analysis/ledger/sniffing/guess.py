"""What a look at one export gives: how it is read, what was guessed, and what only its owner can say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kam_analysis.ledger.settings.settings import TableSource
from kam_analysis.ledger.settings.toml_text import quoted


@dataclass(frozen=True)
class Alternative:
    """One answer to a question: what it means, and the lines of `kam.toml` that say it."""

    about: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Question:
    """Something the file leaves open, with the answers that are possible.

    `section` is where in `kam.toml` the answer stands ("" is the top). `holds` names a column of
    ours (or "file") that is set only together with an answer, so that a settings file without one is refused
    instead of read wrongly. `chosen` is the answer, where one is tried.
    """

    text: str
    alternatives: tuple[Alternative, ...]
    section: str = "tables.transactions"
    holds: str = ""
    chosen: Alternative | None = None

    def __str__(self) -> str:
        said = "; or ".join(alternative.about for alternative in self.alternatives)
        return f"{self.text} ({said})" if said else self.text


@dataclass(frozen=True)
class RowCounts:
    """Rows below the header: lines of business, and what is left out. `complete` is False above the cap."""

    data: int = 0
    blank: int = 0
    totals: int = 0
    repeated_headers: int = 0
    complete: bool = True


@dataclass(frozen=True)
class Guess:
    """How one export is read as transactions.

    `said` tells in plain words, each with its evidence, what was guessed; `questions` what could
    not be. `source` is usable at once where there are no questions, and then holds every required
    column. `accounts` is the customer list, in the same file. `currencies` counts the rows per code of a currency
    column (empty without one). `made_of` are settings that make a column of several; `candidates` what each column of
    the export could be; `normalise` what is looked past in ids. `totals` are the sums of columns of amounts, by
    currency or as a whole, and `largest` the customers who have most of each, where questions keep the sales from
    being told.
    """

    path: Path
    source: TableSource
    said: tuple[str, ...]
    questions: tuple[Question, ...] = ()
    rows: RowCounts = RowCounts()
    header: tuple[str, ...] = ()
    currency: str = ""
    currency_hint: str = ""
    currencies: Mapping[str, int] = field(default_factory=dict)
    accounts: TableSource | None = None
    made_of: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    candidates: Mapping[str, str] = field(default_factory=dict)
    normalise: tuple[str, ...] = ()
    totals: Mapping[str, Sequence[tuple[str, float]]] = field(default_factory=dict)
    largest: Mapping[str, Sequence[tuple[str, float]]] = field(default_factory=dict)

    @property
    def unused(self) -> tuple[str, ...]:
        """Columns of the export that the settings do not name, in an answer neither."""
        named = self.accounts.columns.values() if self.accounts and self.accounts.from_sales else ()
        used = {*self.source.columns.values(), *named, *self.source.status_columns}
        used |= {theirs for made in self.made_of.values() for theirs in made.values()}
        lines = [line for question in self.questions for answer in question.alternatives for line in answer.lines]
        return tuple(
            name
            for name in self.header
            if name not in used and not any(line.endswith(f"= {quoted(name)}") for line in lines)
        )
