"""What every page has: its policy, its style, the words of its header and footer."""

import base64
import gzip
import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from kam_analysis.batch.told import day_in
from kam_analysis.ledger.settings.period import spoken

TEMPLATES = Path(__file__).parents[1] / "pages" / "templates"


@cache
def template_text(name: str) -> str:
    """One file of the page's templates, with line ends that hash alike on every platform."""
    return (TEMPLATES / name).read_text(encoding="utf-8").replace("\r\n", "\n")


def page_style(head: str = "") -> str:
    """The style of a page: its colours, its frame, the fragments that views display; `head` runs on every sheet."""
    small = "font: 8pt Inter, system-ui, sans-serif; color: #52606d;"
    sheet = f'@bottom-right {{ content: counter(page) " of " counter(pages); {small} }}'
    top = f"@top-left {{ content: {_css_text(head)}; {small} }}" if head else ""
    paper = f"@page {{ margin: 16mm; {top} {sheet} }}\n"
    return template_text("tokens.css") + template_text("page.css") + template_text("blocks.css") + paper


def _css_text(text: str) -> str:
    """A text as CSS writes it: whatever could end the text or the style is a number there."""
    return '"' + "".join(sign if sign.isalnum() or sign in " ,." else f"\\{ord(sign):x} " for sign in text) + '"'


@cache
def library() -> tuple[str, str]:
    """plotly.js as it comes with plotly, without importing plotly; and compressed, as a page carries it."""
    found = find_spec("plotly")
    if found is None or found.origin is None:
        raise RuntimeError("plotly is not installed")
    text = (Path(found.origin).parent / "package_data" / "plotly.min.js").read_text(encoding="utf-8")
    text = text.replace("\r\n", "\n")
    return text, base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode()


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


def facts(provenance: Mapping[str, Any]) -> str:
    """What every page says of itself in its bar: the period, or the day of its figures."""
    as_of = spoken_date(provenance.get("as_of"))
    return str(provenance.get("period") or (f"As of {as_of}" if as_of else ""))


def provenance_lines(provenance: Mapping[str, Any]) -> list[str]:
    """The footer: what the figures are made from, of which day, and how fresh that is."""
    as_of = spoken_date(provenance.get("as_of"))
    fresh = str(provenance.get("freshness") or "")
    given = (_labelled("Source", provenance.get("source")), _labelled("As of", as_of), fresh[:1].upper() + fresh[1:])
    line = ". ".join(each for each in given if each)
    return [line] if line else []


def made_lines(provenance: Mapping[str, Any]) -> list[str]:
    """What it takes to get the same page again."""
    parameters = provenance.get("parameters")
    made = (
        _labelled("Key-account workbook", provenance.get("version"), " "),
        _labelled("settings", _short(provenance.get("settings_fingerprint"))),
        _labelled("data", _short(provenance.get("data_fingerprint"))),
        _labelled("seed", provenance.get("seed")),
        _labelled("parameters", _in_words(parameters) if isinstance(parameters, Mapping) else None),
    )
    line = "; ".join(each for each in made if each)
    return [line] if line else []


def spoken_date(text: Any) -> str:
    """ "2005-05-31" as "31 May 2005"; anything that is not a date as it is."""
    day = day_in(text)
    return spoken(day) if day else str(text or "")


def _labelled(label: str, value: Any, between: str = ": ") -> str:
    return f"{label}{between}{value}" if value not in (None, "") else ""


def _short(fingerprint: Any) -> str:
    return str(fingerprint or "")[:12]


def _in_words(parameters: Mapping[str, Any]) -> str:
    unsaid: tuple[Any, ...] = (None, "", -1, [], {})  # as it is without being given
    shown = ((name, value) for name, value in parameters.items() if name != "settings" and value not in unsaid)
    return ", ".join(f"{name.replace('_', ' ')} {str(value).replace('_', ' ')}" for name, value in shown)
