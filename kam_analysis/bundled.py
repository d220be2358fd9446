"""What travels with the package beside its code: tables of data, the notebooks and the sample.

In a checkout notebooks and sample are its own folders, looked for first: an editable installation would otherwise
serve the copies that the build made.
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

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


@cache
def tables_beside(module: str, name: str) -> dict[str, Any]:
    """A TOML file of data that lies beside a module, whose `__file__` is given; not to be changed."""
    return tomllib.loads((Path(module).parent / name).read_text(encoding="utf-8"))
