"""Orders that are cancelled without a status that says so: a day stands in "Cancelled at", and nothing in others."""

from collections.abc import Iterator, Sequence

from kam_analysis.exports.look import Look
from kam_analysis.ledger.checks.status_words import header_words, meaning_of
from kam_analysis.ledger.reading.folding import words


def cancelled_days(look: Look, spare: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Columns of days on which rows ceased to be sales, with how many rows have one; other rows have none."""
    for name in spare:
        said = words(name)
        when = header_words("when") & set(said)
        if not when or meaning_of(" ".join(word for word in said if word not in when)) != "void":
            continue
        days = look.rows([name], [])[name]
        filled = int((days != "").sum())
        if 0 < filled < len(days):
            yield name, filled
