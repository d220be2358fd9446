"""The notebooks and the sample that travel with the package.

In a checkout they are its own folders, looked for first: an editable installation would otherwise
serve the copies that the build made.
"""

from pathlib import Path

_PACKAGE = Path(__file__).parent
_CHECKOUT = _PACKAGE.parent
_BUNDLE = _PACKAGE / "_bundled"


def _home(in_checkout: str, in_wheel: str) -> Path:
    if (_CHECKOUT / "pyproject.toml").is_file() and (_CHECKOUT / in_checkout).is_dir():
        return _CHECKOUT / in_checkout
    return _BUNDLE / in_wheel


def notebooks_folder() -> Path:
    """The folder of the workbook's own notebooks."""
    return _home("notebooks", "notebooks")


def sample_settings() -> Path:
    """The settings file of the sample company."""
    return _home("data/sample", "sample") / "kam.toml"
