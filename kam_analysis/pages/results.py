"""The results document: one truth for the page, the index, the brief and outside consumers.

A notebook displays one `Result`. Its HTML is the answer on the page; its JSON, under a MIME type of
its own, is what `batch` publishes as `results/NAME.json`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

from kam_analysis import __version__
from kam_analysis.ledger import Ledger
from kam_analysis.ledger.settings.settings import Settings
from kam_analysis.pages.html import KeyFigure, key_figures, paragraph, together
from kam_analysis.pages.table import Table, plain

MIME = "application/vnd.kam.result+json"


@dataclass(frozen=True)
class Figure:
    """One number: a value in its unit (`share` 0-1, a currency code, `accounts`, `months`, `count`), None where
    it cannot be assessed; `low` and `high` bound it at `level`."""

    value: float | None
    unit: str
    low: float | None = None
    high: float | None = None
    level: float | None = None

    def document(self) -> dict[str, Any]:
        """As in `results/NAME.json`: bounds only where there are some."""
        optional = {key: value for key in ("low", "high", "level") if (value := getattr(self, key)) is not None}
        return {"value": plain(self.value), "unit": self.unit, **plain(optional)}


@dataclass(frozen=True)
class Result:
    """What one notebook found. `shown` are the key figures of the first screen, `lead` the line below them,
    `doubts` what must be said before the figures are believed."""

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

    def document(self) -> dict[str, Any]:
        """The document, in plain JSON types."""
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
        }

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        parts = [paragraph(self.answer, "answer"), *(paragraph(each, "warning") for each in self.doubts)]
        parts.append(key_figures(self.shown))
        if self.lead:
            parts.append(paragraph(self.lead, "lead"))
        if self.worth_collecting:
            parts.append(paragraph("Worth collecting next: " + "; ".join(self.worth_collecting) + ".", "note"))
        return {"text/plain": self.answer, "text/html": together(*parts).html, MIME: self.document()}


def provenance(ledger: Ledger, **parameters: Any) -> dict[str, Any]:
    """Where a result comes from: enough to find out why two differ; no path, no URL."""
    return {
        "version": __version__,
        "settings_fingerprint": settings_fingerprint(ledger.settings),
        "data_fingerprint": ledger.fingerprint,
        "as_of": ledger.as_of.isoformat(),
        "parameters": {"period": ledger.period_as_written, "measure": ledger.measure, **parameters},
        "seed": None,
        "company": ledger.name,
        "currency": ledger.currency,
        "period": ledger.period.label,
        "first_day": ledger.period.first.isoformat(),
        "last_day": ledger.period.last.isoformat(),
        "freshness": freshness(ledger),
        "source": ledger.source,
        "rows": ledger.overview.rows,
    }


def freshness(ledger: Ledger) -> str:
    """How old the newest sale is, relative to the as-of date, so that reruns agree."""
    if ledger.overview.last >= ledger.as_of:
        return "data up to the as-of date"
    days = (ledger.as_of - ledger.overview.last).days
    return f"newest sale {days} day{'' if days == 1 else 's'} before the as-of date"


def settings_fingerprint(settings: Settings) -> str:
    """Of what the settings say, without paths and secrets."""
    said = {key: value for key, value in asdict(settings).items() if key not in ("path", "data_dir", "url")}
    return sha256(repr(sorted(said.items())).encode()).hexdigest()[:16]


def _records(table: Table | Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return table.records() if isinstance(table, Table) else [plain(dict(row)) for row in table]


def worth_collecting(ledger: Ledger, wanted: Mapping[tuple[str, str], str]) -> list[str]:
    """What a missing column would show: `wanted` maps (table, column) to the words on the page."""
    return [words for (table, column), words in wanted.items() if not ledger.has(table, column)]
