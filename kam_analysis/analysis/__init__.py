"""The calculations: frames and arrays in, small frozen results out; no engine, no settings, no drawing."""

from types import ModuleType


def public(package: ModuleType) -> list[str]:
    """The names that one of these packages hands on, in order: all but its own modules and what begins with _."""
    every = vars(package).items()
    return sorted(name for name, each in every if not name.startswith("_") and not isinstance(each, ModuleType))
