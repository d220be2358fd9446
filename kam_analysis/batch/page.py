"""What every page has: its policy, its style, the words of its header and footer."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from kam_analysis.ledger.settings.period import spoken

TEMPLATES = Path(__file__).parents[1] / "pages" / "templates"


@cache
def template_text(name: str) -> str:
    """One file of the page's templates, with line ends that hash alike on every platform."""
    return (TEMPLATES / name).read_text(encoding="utf-8").replace("\r\n", "\n")


def page_style() -> str:
    """The style of a page: its frame, and the fragments that views display."""
    return template_text("page.css") + template_text("blocks.css")


def policy(scripts: Sequence[str]) -> str:
    """The Content-Security-Policy of a page with exactly these scripts.

    Nothing is loaded from anywhere, and no script runs but these, each known by its hash. Styles may
    stand inline: plotly writes them.
    """
    hashes = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" for text in scripts
    )
    rules = [
        "default-src 'none'",
        f"script-src {hashes}" if hashes else "script-src 'none'",
        "style-src 'unsafe-inline'",
        "img-src data:",
        "font-src data:",
        "base-uri 'none'",
        "form-action 'none'",
    ]
    return "; ".join(rules)


def facts(provenance: Mapping[str, Any]) -> list[str]:
    """The header's line: as-of date, how fresh the data is, the period."""
    as_of = spoken_date(provenance.get("as_of"))
    given = (f"As of {as_of}" if as_of else "", provenance.get("freshness"), provenance.get("period"))
    return [str(each) for each in given if each]


def provenance_lines(provenance: Mapping[str, Any]) -> list[str]:
    """The footer: source and date, then what a reader needs to get the same page again."""
    as_of = spoken_date(provenance.get("as_of"))
    source = ". ".join(
        each for each in (_labelled("Source", provenance.get("source")), _labelled("As of", as_of)) if each
    )
    parameters = provenance.get("parameters")
    made = (
        _labelled("Key-account workbook", provenance.get("version"), " "),
        _labelled("settings", _short(provenance.get("settings_fingerprint"))),
        _labelled("data", _short(provenance.get("data_fingerprint"))),
        _labelled("seed", provenance.get("seed")),
        _labelled("parameters", _in_words(parameters) if isinstance(parameters, Mapping) else None),
    )
    return [line for line in (source, "; ".join(each for each in made if each)) if line]


def spoken_date(text: Any) -> str:
    """ "2005-05-31" as "31 May 2005"; anything that is not a date as it is."""
    try:
        return spoken(date.fromisoformat(str(text)[:10])) if text else ""
    except ValueError:
        return str(text)


def _labelled(label: str, value: Any, between: str = ": ") -> str:
    return f"{label}{between}{value}" if value not in (None, "") else ""


def _short(fingerprint: Any) -> str:
    return str(fingerprint or "")[:12]


def _in_words(parameters: Mapping[str, Any]) -> str:
    shown = ((name, value) for name, value in parameters.items() if name != "settings" and value not in (None, ""))
    return ", ".join(f"{name.replace('_', ' ')} {str(value).replace('_', ' ')}" for name, value in shown)
