"""The data: read where it lies, checked at the door, handed over as account-level frames."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kam_analysis.ledger.ledger import Ledger as Ledger
    from kam_analysis.ledger.opening import open_ledger as open_ledger


def __getattr__(name: str) -> Any:
    # Ibis and DuckDB take a second to import: only who opens a ledger pays.
    if name in ("Ledger", "open_ledger"):
        from kam_analysis.ledger import opening

        return getattr(opening, name)
    raise AttributeError(name)
