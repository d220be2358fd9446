"""The indices behind the words, for those who want them."""

from collections.abc import Callable, Mapping

from kam_analysis.analysis.concentration import (
    Concentration,
    TheilSplit,
    hall_tideman,
    hannah_kay,
    normalised_hhi,
    theil,
)
from kam_analysis.pages import style
from kam_analysis.pages.html import Html, table, together

_INDICES: dict[str, Callable[[Concentration], str]] = {
    "accounts in the shares": lambda book: style.count(book.n),
    "HHI (0-1)": lambda book: style.decimal(book.hhi, 4),
    "equal customers (1/HHI)": lambda book: style.decimal(book.effective_accounts, 1),
    "normalised HHI (0-1)": lambda book: style.decimal(normalised_hhi(book.amounts), 4),
    "Gini (0-1)": lambda book: style.decimal(book.gini, 3),
    "Theil (0 to ln n)": lambda book: style.decimal(theil(book.amounts), 3),
    "Hannah-Kay, alpha 0.5 (0-1)": lambda book: style.decimal(hannah_kay(book.amounts, 0.5), 4),
    "Hannah-Kay, alpha 1 (0-1)": lambda book: style.decimal(hannah_kay(book.amounts, 1.0), 4),
    "Hall-Tideman (0-1)": lambda book: style.decimal(hall_tideman(book.amounts), 4),
    "largest account": lambda book: style.share(book.top(1)),
    "ten largest": lambda book: style.share(book.top(10)),
    "accounts for 80 %": lambda book: style.count(book.accounts_for(0.8)),
}


def indices(now: Concentration, companies: Concentration) -> Html:
    """Every index at both levels."""
    rows = [{"name": name, "parent": index(now), "entity": index(companies)} for name, index in _INDICES.items()]
    columns = {"name": "Index|", "parent": "By customer", "entity": "By company"}
    return table(columns, rows, "Indices behind the words")


def inequality_split(splits: Mapping[str, TheilSplit]) -> Html:
    """How much of the inequality lies between groups and how much within them; nothing without groups."""
    columns = {"name": "Customers grouped by|", "between": "Between groups", "within": "Within groups"}
    rows = [
        {
            "name": name,
            "between": style.share(split.between / split.total, 0),
            "within": style.share(split.within / split.total, 0),
        }
        for name, split in splits.items()
        if split.total > 0
    ]
    return together(table(columns, rows, "Where the inequality is (Theil index, divided)")) if rows else Html("")
