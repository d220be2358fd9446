"""The key-account workbook: how a company depends on its accounts, and what to do about it.

Importing this package is cheap on purpose: the heavy libraries are imported by the rooms that
need them (Ibis in `ledger`, plotly in `pages`, papermill in `batch`).
"""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("kam-analysis")
except PackageNotFoundError:  # run from a checkout that was never installed
    __version__ = "0+unknown"
