"""The text of a settings file: read within limits, as TOML, and looked through for what may stand in none."""

import os
import re
import tomllib
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kam_analysis.errors import Problem, SettingsError
from kam_analysis.ledger.settings.secrets import holds_password

# The sample's settings have 5 kB: what is larger is an export, or something worse.
_LARGEST = 1_000_000
_ENV = 'take the password out; databases are named in an environment variable: url = "env:KAM_DATABASE_URL"'
BACKSLASHES = (
    "a backslash means something else between double quotes: write a Windows path between single ones,"
    " 'C:\\sales\\new.csv', or with forward slashes, \"C:/sales/new.csv\""
)
_GIVE = "give the path of a kam.toml, or make one with: kam init EXPORT"
# Signs that turn the direction of a text, and with it what a page seems to say.
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_SPACING = "\t\n\r"


def read_document(path: Path) -> dict[str, Any]:
    """The TOML document in a file.

    Raises `SettingsError` for what is no file, too large, no UTF-8, no TOML, nested too deeply, or
    holds a number of too many digits, control characters or a password; it repeats nothing of a password.
    """
    try:
        document = tomllib.loads(_text(path))
    except tomllib.TOMLDecodeError as error:
        remedy = BACKSLASHES if _has_backslash(path, error) else "mend that line"
        raise _refused(path, f"not valid TOML: {_shortened(str(error))}", remedy) from None
    except RecursionError:
        raise _refused(path, "tables or lists nested too deeply", "write them flat, as the README shows") from None
    except ValueError:  # Python's limit on the digits of a whole number
        raise _refused(path, "a number has too many digits", "correct it, or put it in quotes if it is an id") from None
    if problems := list(_unfit(document, path.name)):
        raise SettingsError(problems=problems)
    return document


def _refused(path: Path, rule: str, remedy: str) -> SettingsError:
    return SettingsError(f"settings {path.name}: {rule}; {remedy}")


def _has_backslash(path: Path, error: tomllib.TOMLDecodeError) -> bool:
    """Whether the line that TOML stumbled over, or the one before it, has one."""
    found = re.search(r"line (\d+)", str(error))
    lines = _text(path).splitlines()
    at = int(found[1]) if found else len(lines)
    return any("\\" in line for line in lines[max(at - 2, 0) : at])


def _shortened(text: str) -> str:
    """A parser's words, which repeat a key however long it is."""
    return text if len(text) <= 200 else f"{text[:150]} ... {text[-40:]}"


def _text(path: Path) -> str:
    try:
        if path.exists() and not path.is_file():
            raise _refused(path, "is a folder" if path.is_dir() else ENDLESS, _GIVE)
        with path.open("rb") as file:
            found = file.read(_LARGEST + 1)
        if len(found) > _LARGEST:
            raise _refused(path, "expected at most 1 MB, got more", "give the path of a kam.toml, not of an export")
        return found.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise _refused(path, "expected UTF-8 text, got other bytes", "save the file as UTF-8") from None
    except (OSError, ValueError) as error:  # ValueError: a path with a NUL in it
        reason = (getattr(error, "strerror", None) or "cannot be read").lower()
        raise _refused(path, reason, _GIVE) from None


def _unfit(document: dict[str, Any], file: str) -> Iterator[Problem]:
    """Passwords, and signs that no text of the settings may hold; in a key, its place is named and not itself."""
    for place, text, is_key in _texts(document):
        where = f"a key in {place}" if is_key and place else "a key" if is_key else place
        if holds_password(text):
            yield Problem(file, where, "a password stands in the settings file", _ENV)
        elif any(unicodedata.category(sign) in ("Cc", "Cs") and sign not in _SPACING for sign in text):
            yield Problem(file, where, "expected plain text, got a control character in it", "type the text again")
        elif (is_key or _is_shown(place)) and not _TURNING.isdisjoint(text):
            rule = "expected plain text, got a sign that turns its direction"
            yield Problem(file, where, rule, "type the text again")


def _is_shown(place: str) -> bool:
    """Whether pages show a setting's text as it is, as no name of a file, a column or a value."""
    return place in ("name", "currency") or place.startswith(("measures.", "causes.", "assumptions."))


def _texts(document: dict[str, Any]) -> Iterator[tuple[str, str, bool]]:
    """Every text with its place, keys too. Without recursion: dotted keys nest as deep as a line is long."""
    waiting: list[tuple[str, Any]] = [("", document)]
    while waiting:
        place, value = waiting.pop()
        if isinstance(value, dict):
            for key, each in value.items():
                yield place, key, True
                named = key if key.isprintable() and len(key) < 60 and not holds_password(key) else "..."
                waiting.append((f"{place}.{named}" if place and len(place) < 200 else place or named, each))
        elif isinstance(value, list):
            waiting.extend((place, each) for each in value)
        elif isinstance(value, str):
            yield place, value, False


ENDLESS = "is a device or a pipe, not a file"


def is_endless(path: Path) -> bool:
    """Whether reading `path` might wait for somebody, or go on for ever."""
    # os.path takes a name that is too long for one that is not there.
    return os.path.exists(path) and not os.path.isfile(path) and not os.path.isdir(path)
