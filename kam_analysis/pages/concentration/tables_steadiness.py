"""How steadily the large and the small customers buy: ABC by XYZ."""

from kam_analysis.analysis.concentration import Steadiness
from kam_analysis.pages import style
from kam_analysis.pages.html import Html, paragraph, table, together

_ABC = {"A": "A: the first 80 %", "B": "B: to 95 %", "C": "C: the last 5 %"}
_XYZ = {"X": "X: steady", "Y": "Y: variable", "Z": "Z: now and then"}


def steadiness_table(found: Steadiness, unit: str) -> Html:
    """Customers and amounts by size class and by how much their months differ."""
    columns = {"abc": "|", **_XYZ}
    rows = [
        {
            "abc": words,
            **{letter: _cell(found, size, letter, unit) for letter in _XYZ},
        }
        for size, words in _ABC.items()
    ]
    note = (
        "Steady: the months differ from each other by less than half of their average (coefficient of variation below 0.5); "
        "variable: up to 1.0; now and then: above."
    )
    if found.not_classed:
        note += f" Not classed, with fewer than three months: {style.counted(found.not_classed, 'customer')}."
    caption = "Customers and amounts by size and steadiness of the last twelve complete months"
    return together(table(columns, rows, caption), paragraph(note, "note"))


def _cell(found: Steadiness, size: str, letter: str, unit: str) -> str:
    count = found.count(size, letter)
    return f"{style.count(count)} · {style.money(found.amount(size, letter), unit)}" if count else "–"
