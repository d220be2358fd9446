"""What CRMs call the columns of their exports: the names of `crm_headers.toml`."""

from collections.abc import Mapping, Sequence
from typing import Any

from kam_analysis.bundled import tables_beside
from kam_analysis.ledger.reading.folding import folded


def crm_names() -> Mapping[str, Any]:
    """`account` and others: lists of names; `tables`: by table of ours its `signs`, `columns` and `needs`."""
    return tables_beside(__file__, "crm_headers.toml")


def first(names: Sequence[str], there: Mapping[str, str]) -> str:
    """Their column that is called by the first of these names; `there` has theirs by folded name."""
    return next((there[folded(name)] for name in names if folded(name) in there), "")


def sql_name(name: str) -> str:
    """A column as SQL names it."""
    return '"' + name.replace('"', '""') + '"'
