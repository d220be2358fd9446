"""The year so far against the same days of the year before."""

from collections.abc import Callable

from kam_analysis.analysis.concentration import Concentration
from kam_analysis.pages import style
from kam_analysis.pages.html import Html, table

_Row = tuple[str, Callable[[Concentration], float], Callable[[float], str], Callable[[float], str]]


def year_to_date_table(now: Concentration, before: Concentration, days: str, unit: str, measure: str = "sales") -> Html:
    """Total, customers and the largest shares of the fiscal year so far; `days` names it."""
    rows: list[_Row] = [
        ("customers", lambda book: book.n, style.count, style.change),
        ("largest customer", lambda book: book.top(1), style.share, style.points),
        ("five largest", lambda book: book.top(5), style.share, style.points),
        ("equal customers", lambda book: book.effective_accounts, style.decimal, lambda value: style.change(value, 1)),
    ]
    growth = f"{style.change((now.total / before.total - 1) * 100, 1)}{style.GAP}%"
    shown = [
        {
            "name": measure,
            "now": style.money(now.total, unit),
            "before": style.money(before.total, unit),
            "change": growth,
        }
    ]
    for name, value, written, changed in rows:
        then, today = value(before), value(now)
        shown.append({"name": name, "now": written(today), "before": written(then), "change": changed(today - then)})
    columns = {"name": "|", "now": "This year", "before": "Same days last year", "change": "Change"}
    return table(columns, shown, f"The year so far: {days}")
