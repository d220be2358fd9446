"""Addresses that fsspec knows: s3://, gs://, abfs://, sftp://, file://, memory://."""

import re
from typing import Any

from kam_analysis.errors import SettingsError
from kam_analysis.ledger.settings.secrets import may_hold_password

_ADDRESS = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)://")


def is_address(text: str) -> bool:
    """Whether it names a place that is no folder of this machine's disks."""
    return _ADDRESS.match(text) is not None


def shown_address(address: str) -> str:
    """What of an address may be shown: its kind."""
    return f"{address.partition('://')[0]}://..."


def require_address(address: str, where: str, example: str) -> None:
    """Raise `SettingsError` where it is none, or holds a password; `where` is what it was given for."""
    if not is_address(address):
        raise SettingsError(f"{where}: expected an address such as {example}, got none; correct it")
    if may_hold_password(address):
        raise SettingsError(
            f"{where} {shown_address(address)}: holds a password; take it out, and give it where fsspec looks for it: an "
            "environment variable, or its configuration"
        )


def opened_address(address: str, where: str) -> tuple[Any, str]:
    """The file system of an address, as fsspec has it, and the path there.

    Raises `SettingsError` where what reaches it is not installed, or cannot be used.
    """
    try:
        import fsspec
    except ImportError:
        raise SettingsError(
            f'{where}: the package fsspec is not installed; run `pip install -e ".[dask]"` in the workbook\'s folder'
        ) from None
    try:
        files, path = fsspec.core.url_to_fs(address)
    except (ImportError, ValueError) as error:
        raise SettingsError(f"{where} {shown_address(address)}: cannot be used: {error}; correct it") from None
    return files, str(path).rstrip("/")


def why_not(error: Exception) -> str:
    """What is known of a failure there: each kind of address has errors of its own, and their words may hold a secret."""
    return f"{type(error).__name__}, {(getattr(error, 'strerror', None) or 'no more is known').lower()}"
