"""Which column of an export is which of ours: by name, then held against what the columns contain."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kam_analysis.ledger.settings.toml_text import quoted
from kam_analysis.ledger.sniffing.guess import Alternative, Question
from kam_analysis.ledger.sniffing.scan import Scan
from kam_analysis.ledger.sniffing.words import Meaning, loose_meaning, meaning

REQUIRED = {
    "account_id": "Customer no., Sold-to, Kundennr., Debitor, N° client",
    "date": "Invoice date, Billing date, Rechnungsdatum, Belegdatum, Date de facture",
    "revenue": "Net sales, Revenue, Nettoumsatz, Umsatz, CA HT, Montant HT",
}
SPOKEN = {
    "account_id": "account", "revenue": "revenue", "date": "date", "order_id": "order", "margin": "margin",
    "account_manager_id": "account manager", "product_line": "product line",
}  # fmt: skip
_OPTIONAL = ("quantity", "product", "product_line", "region", "order_id", "account_manager_id")
# More candidates than these are no help to choose.
MOST_CANDIDATES = 8


@dataclass
class Choice:
    """Ours -> position in the header, with what is to be said about it and what stays open.

    `made_of` are settings that make a column of several: `revenue_from`, `date_parts`.
    """

    header: Sequence[str]
    found: Scan
    positions: dict[str, int] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    account_name: int | None = None
    made_of: dict[str, dict[str, str]] = field(default_factory=dict)

    def named(self, ours: str) -> list[int]:
        """Positions whose names mean `ours`, the best name first."""
        every = [index for index, known in self.found.meanings.items() if known.ours == ours]
        return sorted(
            every, key=lambda index: (self.found.meanings[index].loose, self.found.meanings[index].rank, index)
        )

    def amounts(self, ours: str) -> list[int]:
        """Those of `named` that hold amounts."""
        return [
            index for index in self.named(ours) if index in self.found.amounts and self.found.amounts[index].is_amount
        ]

    def quote(self, index: int) -> str:
        """A column's name as a sentence has it."""
        return f'"{self.header[index]}"'

    def line(self, ours: str, index: int) -> str:
        """The settings' line that names a column."""
        return f"columns.{ours} = {quoted(self.header[index])}"

    def best(self, positions: Sequence[int]) -> list[int]:
        """Those of equally good names."""
        meanings: Mapping[int, Meaning] = self.found.meanings

        def goodness(index: int) -> tuple[bool, int]:
            return meanings[index].loose, meanings[index].rank

        return [index for index in positions if goodness(index) == goodness(positions[0])]

    def settle(self, ours: str, good: Sequence[int], named: Sequence[int], because: str = "") -> None:
        """Take the best of the columns that hold what they should; ask where several names are equally good."""
        best = self.best(good)
        wrong = [index for index in named if index not in good and self.fails(index, ours)]
        for index in wrong:
            self.said.append(f"{self.quote(index)} is not taken for {ours}: it holds something else")
        self.positions[ours] = best[0]
        if len(best) > 1:
            names = " and ".join(map(self.quote, best))
            answers = tuple(Alternative(self.quote(i), (self.line(ours, i),)) for i in best)
            text = f"{names} could each be the {SPOKEN.get(ours, ours)}: which?"
            self.questions.append(Question(text, answers, holds=ours))
            return
        others = [self.quote(index) for index in named if index != best[0] and index not in wrong]
        instead = f", not {', '.join(others)}" if others else ""
        unsure = ": the nearest name" if self.found.meanings[best[0]].loose else ""
        self.said.append(f"{SPOKEN.get(ours, ours)} is {self.quote(best[0])}{instead}{unsure}{because}")

    def fails(self, index: int, ours: str) -> bool:
        """Whether a column does not hold what `ours` holds."""
        if index in self.found.dates:
            return not self.found.dates[index].is_date
        return index in self.found.amounts and not self.found.amounts[index].is_amount

    def filled(self, index: int) -> bool:
        """Whether a column has anything in it."""
        return index not in self.found.to_fill

    def ask_for(self, ours: str, candidates: Mapping[int, tuple[str, ...]], why: str) -> None:
        """No column is known to be ours: which of those that could be one is it? Further lines by candidate."""
        answers = tuple(
            Alternative(self.quote(index), (self.line(ours, index), *lines))
            for index, lines in list(candidates.items())[:MOST_CANDIDATES]
        )
        wanted = f"a column for {ours} (such as {REQUIRED[ours]})"
        text = f"{why}; which one is {wanted}?" if answers else f"{why}; name {wanted}: columns.{ours} = ..."
        self.questions.append(Question(text, answers, holds=ours))


def meanings_of(header: Sequence[str]) -> dict[int, Meaning]:
    """The known columns of a header, by position.

    A required column that no name means is looked for among the names that contain a known one.
    """
    # SAP gives number and name of a customer one header; the second is called "Kunde (2)" here.
    header = [re.sub(r" \(\d+\)$", "", name) for name in header]
    found = {index: known for index, name in enumerate(header) if (known := meaning(name))}
    for index, name in enumerate(header):
        guessed = loose_meaning(name) if index not in found else None
        taken = {known.ours for known in found.values() if not known.loose}
        taken |= {"account_id"} if "account_name" in taken else set()
        if guessed and guessed.ours not in taken:
            found[index] = guessed
    return found


def missing(meanings: Mapping[int, Meaning]) -> list[str]:
    """Required columns of ours for which no name is known."""
    have = {known.ours for known in meanings.values()}
    have |= {"account_id"} if "account_name" in have else set()
    have |= {"revenue"} if {"gross", "price"} & have else set()
    return [ours for ours in REQUIRED if ours not in have]


def pick_optional(choice: Choice, ours: str) -> None:
    """One of our columns that need not be there."""
    if ours in choice.positions:  # what else it decided has settled it
        return
    taken = set(choice.positions.values())
    named = [index for index in choice.named(ours) if index not in taken]
    good = [index for index in named if not choice.fails(index, ours) and choice.filled(index)]
    spoken = SPOKEN.get(ours, ours)
    if good:
        choice.positions[ours] = good[0]
        choice.said.append(f"{spoken} is {choice.quote(good[0])}")
    elif named:
        choice.said.append(f"{choice.quote(named[0])} is left out: it does not hold {spoken}s throughout")


def pick_others(choice: Choice) -> None:
    """All of our columns that need not be there, but for what a line cost."""
    for ours in _OPTIONAL:
        pick_optional(choice, ours)
