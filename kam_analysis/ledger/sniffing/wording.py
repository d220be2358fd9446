"""Saying counts and cells in words."""

from kam_analysis.ledger.sniffing.amounts import Sighting


def plain(text: str) -> str:
    """`text` on one line without control signs, for a comment."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def counted(count: int, noun: str = "row") -> str:
    """A count with its noun: "1 row", "1,200 rows"."""
    return f"{count:,} {noun}{'s' * (count != 1)}"


def shown(seen: Sighting) -> str:
    """A cell and where it stands."""
    return f"{seen.text.strip()} in row {seen.row:,}"
