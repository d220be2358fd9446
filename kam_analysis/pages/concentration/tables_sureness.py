"""How far the figures would differ had the months fallen out differently."""

from collections.abc import Sequence

from kam_analysis.analysis.concentration import Sure
from kam_analysis.pages import style
from kam_analysis.pages.html import Html, paragraph, table, together

_WRITTEN = {"equal customers": lambda value: style.decimal(value)}


def sureness_table(found: Sequence[Sure]) -> Html:
    """Each figure with its range, and how often such a range was right in a simulation of this very book."""
    if not found:
        return paragraph("A range for the shares needs twelve complete months of purchases.", "note")
    columns = {
        "name": "Figure|",
        "value": "Twelve complete months",
        "low": "From",
        "high": "To",
        "right": "Range holds",
    }
    rows = [
        {
            "name": each.name,
            "value": _written(each, each.interval.value),
            "low": _written(each, each.interval.low),
            "high": _written(each, each.interval.high),
            "right": f"{style.share(each.coverage.found, 0)} ± {each.coverage.error * 100:.0f}",
        }
        for each in found
    ]
    first = found[0]
    note = (
        f"The customers are all there, so nothing is sampled; what varies is when they buy. The range should hold the figure "
        f"without the luck of these months in {first.interval.level * 100:.0f} of 100 cases; the last column is how often it did in "
        f"{first.coverage.trials} simulated years of this very book (± simulation error)."
    )
    return together(table(columns, rows, "Had the months fallen out differently"), paragraph(note, "note"))


def _written(each: Sure, value: float) -> str:
    return _WRITTEN.get(each.name, style.share)(value)
