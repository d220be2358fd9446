"""The key-account workbook: how a company depends on its accounts, and what to do about it.

Importing this package is cheap on purpose: the heavy libraries are imported by the rooms that
need them (Ibis in `ledger`, plotly in `pages`, papermill in `batch`).
"""

from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import Any

try:
    __version__ = version("kam-analysis")
except PackageNotFoundError:  # run from a checkout that was never installed
    __version__ = "0+unknown"

_DOOR = {
    "open_ledger": ("kam_analysis.ledger", "open_ledger"),
    "key_accounts": ("kam_analysis.pages.key_accounts.found", "collect"),
    "show": ("kam_analysis.pages.html", "show"),
    "house_style": ("kam_analysis.pages.html", "house_style"),
}


def __getattr__(name: str) -> Any:
    if name not in _DOOR:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, function = _DOOR[name]
    return getattr(import_module(module), function)
