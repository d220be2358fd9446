"""File names for names that come from data.

Account ids become file names in `plans/`. Every platform must be able to store them, and two ids
must never share a file, also where the file system ignores case (Windows, macOS).
"""

import hashlib
import re

_RESERVED = {"CON", "PRN", "AUX", "NUL", *(f"{port}{n}" for port in ("COM", "LPT") for n in range(10))}
_LONGEST = 60


def safe_name(text: str) -> str:
    """A file name (without extension) for `text`, stable from run to run.

    Capitals, digits, "-" and "_" stay as they are. Everything else is lossy on some file system, so
    such a name gets a fingerprint of the whole text behind it. The fingerprint starts with a small
    "x": a text that contains one is itself fingerprinted, hence no two texts can meet.

    >>> safe_name("A-017")
    'A-017'
    >>> safe_name("a-017") != safe_name("A-017").lower()
    True
    """
    plain = re.sub(r"[^A-Za-z0-9_-]+", "-", text).strip("-")[:_LONGEST]
    if plain == text and plain and plain == plain.upper() and plain not in _RESERVED:
        return plain
    fingerprint = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return f"{plain}-x{fingerprint}".lstrip("-")
