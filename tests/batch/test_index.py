"""What the index opens with repeats the brief's own results: its tiles with course and tone, and what is to be decided."""

from kam_analysis.batch.index import Entry, cover
from kam_analysis.pages.html import KeyFigure
from kam_analysis.pages.tile_marks import sparkline

LINE = Entry("What must leadership know?", "done", "06_leadership_brief.html", "Nothing needs a decision.")
FIGURES = [
    {"label": "Sales", "written": "€84m", "beside": "+2.4%", "tone": "good"},
    {"label": "Not called", "written": "11", "beside": "unchanged", "tone": ""},
    {"label": "Odd", "written": "1", "tone": "<script>"},
    {"label": "Of an earlier version"},
]
COURSES = [{"label": "Sales", "number": at, "value": value} for at, value in enumerate((80.0, 82, None, 84.0), start=1)]


def test_tiles_are_those_of_the_brief() -> None:
    found = cover(LINE, {"tables": {"figures": FIGURES, "courses": COURSES}})
    assert found is not None
    assert found.tiles == [
        KeyFigure("Sales", "€84m", "+2.4%", "good", sparkline([80.0, 82.0, 84.0])),
        KeyFigure("Not called", "11", "unchanged"),
        KeyFigure("Odd", "1"),
    ]
    assert found.tiles[0].mark


def test_results_of_an_earlier_version_have_tiles_without_a_course() -> None:
    found = cover(LINE, {"tables": {"figures": FIGURES[:1]}})
    assert found is not None
    assert found.tiles == [KeyFigure("Sales", "€84m", "+2.4%", "good")]
    assert cover(LINE, None) is None
