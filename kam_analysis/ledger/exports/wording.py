"""Saying counts and cells in words, and writing them into TOML so that any name survives."""

import json

from kam_analysis.ledger.exports.amounts import Sighting


def quoted(text: str) -> str:
    """`text` as a TOML string; JSON's escapes are TOML's, but for DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def plain(text: str) -> str:
    """`text` on one line without control signs, for a comment."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def counted(count: int, noun: str = "row") -> str:
    """A count with its noun: "1 row", "1,200 rows"."""
    return f"{count:,} {noun}{'s' * (count != 1)}"


def shown(seen: Sighting) -> str:
    """A cell and where it stands."""
    return f"{seen.text.strip()} in row {seen.row:,}"
