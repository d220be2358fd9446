"""Options that several commands share."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

PATH = click.Path(path_type=Path)


def time_limit(seconds: int, help: str) -> Callable[[Any], Any]:
    """`--time-limit`, in whole seconds."""
    whole = click.IntRange(min=1)
    return click.option("--time-limit", type=whole, default=seconds, show_default=True, metavar="SECONDS", help=help)


def finite(context: click.Context, option: click.Parameter, value: float | None) -> float | None:
    """Nothing is more than "nan": it would be no limit at all."""
    if value is not None and not math.isfinite(value):
        raise click.BadParameter(f"expected a number, got {value}")
    return value
