"""The results document: one truth for the page, the index, the brief and outside consumers.

A notebook displays one `Result`. Its HTML is the answer on the page; its JSON, under a MIME type of
its own, is what `batch` publishes as `results/NAME.json`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kam_analysis.pages.html import KeyFigure, key_figures, paragraph, together
from kam_analysis.pages.table import Table, plain
from kam_analysis.pages.words import said_in

say = said_in(__file__)

MIME = "application/vnd.kam.result+json"


@dataclass(frozen=True)
class Figure:
    """One number: a value in its unit (`share` 0-1, a currency code, `accounts`, `months`, `count`), None where
    it cannot be assessed; `low` and `high` bound it at `level`. `report`: whose figure it is, where it is another's."""

    value: float | None
    unit: str
    low: float | None = None
    high: float | None = None
    level: float | None = None
    report: str = ""

    def document(self) -> dict[str, Any]:
        """As in `results/NAME.json`: bounds only where there are some."""
        optional = {key: value for key in ("low", "high", "level") if (value := getattr(self, key)) is not None}
        whose = {"report": self.report} if self.report else {}
        return {"value": plain(self.value), "unit": self.unit, **plain(optional), **whose}


@dataclass(frozen=True)
class Elsewhere:
    """What is said of a page outside it: its answer, and those of its tables that are others there."""

    answer: str
    tables: Mapping[str, Table]

    def document(self) -> dict[str, Any]:
        """As in `results/NAME.json`."""
        return {"answer": self.answer, "tables": {name: table.records() for name, table in self.tables.items()}}


@dataclass(frozen=True)
class Result:
    """What one notebook found. `shown` are the key figures of the first screen, `lead` the line below them,
    `doubts` what must be said before the figures are believed. `elsewhere`: the answer and the tables that stand for this
    page's own on the index, in the calendar and in tables.xlsx, where something may be said on the page alone."""

    question: str
    answer: str
    figures: Mapping[str, Figure]
    tables: Mapping[str, Table | Sequence[Mapping[str, Any]]]
    provenance: Mapping[str, Any]
    caveats: Sequence[str] = ()
    assumptions: Sequence[Mapping[str, Any]] = ()
    worth_collecting: Sequence[str] = ()
    shown: Sequence[KeyFigure] = ()
    lead: str = ""
    doubts: Sequence[str] = ()
    elsewhere: "Elsewhere | None" = None

    def document(self) -> dict[str, Any]:
        """The document, in plain JSON types."""
        other = {} if self.elsewhere is None else {"elsewhere": self.elsewhere.document()}
        return {
            "question": self.question,
            "answer": self.answer,
            "caveats": [*self.doubts, *self.caveats],
            "figures": {name: figure.document() for name, figure in self.figures.items()},
            "tables": {name: _records(table) for name, table in self.tables.items()},
            "columns": {name: table.declared() for name, table in self.tables.items() if isinstance(table, Table)},
            "assumptions": plain([dict(each) for each in self.assumptions]),
            "worth_collecting": list(self.worth_collecting),
            "provenance": plain(dict(self.provenance)),
            **other,
        }

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        parts = [paragraph(self.answer, "answer"), *(paragraph(each, "warning") for each in self.doubts)]
        parts.append(key_figures(self.shown))
        if self.lead:
            parts.append(paragraph(self.lead, "lead"))
        if self.worth_collecting:
            parts.append(paragraph(say("first_screen.add_next", wanted=" · ".join(self.worth_collecting)), "note"))
        return {"text/plain": self.answer, "text/html": together(*parts).html, MIME: self.document()}


def _records(table: Table | Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return table.records() if isinstance(table, Table) else [plain(dict(row)) for row in table]


class Answered:
    """Shown at a prompt or in a notebook, it is its answer and key figures; `result` is all that is published of it."""

    def result(self) -> Result:
        """The results document, with the first screen."""
        raise NotImplementedError

    @property
    def answer(self) -> str:
        """The finding, in a sentence or two."""
        return self.result().answer

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return self.result()._repr_mimebundle_(include, exclude)

    def __repr__(self) -> str:
        found = self.result()
        figures = [f"{each.label}: {each.value}" + (f" ({each.note})" if each.note else "") for each in found.shown]
        return "\n".join([found.answer, *figures])
