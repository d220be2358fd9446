"""What a page takes for given: numbers that the data cannot tell, each with its range and its source."""

from collections.abc import Mapping, Sequence

import pandas as pd

from kam_analysis.ledger import Ledger
from kam_analysis.ledger.settings.settings import WRITTEN, Assumption
from kam_analysis.pages import style
from kam_analysis.pages.html import Html, table
from kam_analysis.pages.words import said_in, words_in

say = said_in(__file__)

_NAMES = words_in(__file__, "assumptions")


def assumptions(ledger: Ledger, names: Sequence[str]) -> dict[str, Assumption]:
    """A page's assumptions by name: the company's own, else what stands in for it.

    Those without either are left off, and so is how far own estimates may be off where the company has none.
    """
    found = {name: ledger.settings.assumption(name) for name in names}
    if "own_estimate_odds" in found and not ledger.traits().get("churn_probability", pd.Series()).notna().any():
        del found["own_estimate_odds"]
    return {name: each for name, each in found.items() if each is not None}


def assumptions_table(found: Mapping[str, Assumption], unit: str) -> Html:
    """Every assumption with its range and its source, money in `unit`."""
    rows = [_row(name, said, found[name], unit) for name, said in _NAMES.items() if name in found]
    columns = {"name": "Assumption|", "value": "Value", "range": "Range", "source": "Source|"}
    return table(columns, rows, say("assumed.caption")) if rows else Html("")


def _row(name: str, said: str, assumption: Assumption, unit: str) -> dict[str, str]:
    low, high = (written(name, end, unit) for end in (assumption.low, assumption.high))
    return {
        "name": said,
        "value": written(name, assumption.value, unit),
        "range": f"{low} to {high}",
        "source": assumption.source,
    }


def in_words(name: str) -> str:
    """An assumption as pages name it."""
    return _NAMES[name]


def written(name: str, value: float, unit: str = "") -> str:
    """An assumption's value as pages write it, money in `unit`."""
    kind = WRITTEN.get(name, "fine share")  # what the settings do not know was measured elsewhere
    if kind == "number":
        return f"{value:g}"
    return style.money(value, unit) if kind == "money" else style.share(value, 1 if kind == "fine share" else 0)
