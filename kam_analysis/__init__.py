"""The key-account workbook: how a company depends on its accounts, and what to do about it.

    import kam_analysis as kam
    ledger = kam.open_ledger("sales.csv")    # a kam.toml, an export, a pandas frame, or nothing: the sample
    found = kam.concentration(ledger)        # its answer and key figures; found.accounts is a frame

Importing this package is cheap on purpose: the heavy libraries are imported by the rooms that
need them (Ibis in `ledger`, plotly in `pages`, papermill in `batch`).
"""

from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kam_analysis.door import open_ledger as open_ledger
    from kam_analysis.pages.account_plan.found import collect as account_plan
    from kam_analysis.pages.churn_impact.found import collect as churn_impact
    from kam_analysis.pages.concentration.found import collect as concentration
    from kam_analysis.pages.coverage.found import collect as coverage
    from kam_analysis.pages.html import house_style as house_style
    from kam_analysis.pages.html import show as show
    from kam_analysis.pages.key_accounts.found import collect as key_accounts
    from kam_analysis.pages.leadership_brief.found import collect as leadership_brief

try:
    __version__ = version("kam-analysis")
except PackageNotFoundError:  # run from a checkout that was never installed
    __version__ = "0+unknown"

_DOOR = {
    "open_ledger": ("kam_analysis.door", "open_ledger"),
    "account_plan": ("kam_analysis.pages.account_plan.found", "collect"),
    "concentration": ("kam_analysis.pages.concentration.found", "collect"),
    "key_accounts": ("kam_analysis.pages.key_accounts.found", "collect"),
    "churn_impact": ("kam_analysis.pages.churn_impact.found", "collect"),
    "coverage": ("kam_analysis.pages.coverage.found", "collect"),
    "leadership_brief": ("kam_analysis.pages.leadership_brief.found", "collect"),
    "show": ("kam_analysis.pages.html", "show"),
    "house_style": ("kam_analysis.pages.html", "house_style"),
}
__all__ = [
    "account_plan",
    "churn_impact",
    "concentration",
    "coverage",
    "house_style",
    "key_accounts",
    "leadership_brief",
    "open_ledger",
    "show",
]


def __getattr__(name: str) -> Any:
    if name not in _DOOR:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, attribute = _DOOR[name]
    found = globals()[name] = getattr(import_module(module), attribute)
    return found


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
