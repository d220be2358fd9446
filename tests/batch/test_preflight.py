"""Whether a page was made of the data that the run has checked, by what its provenance tells."""

from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from kam_analysis.batch.preflight import Checked, check_data
from kam_analysis.errors import DataError
from kam_analysis.ledger import opening

DAY, OTHER_DAY = "2025-12-31", "2026-01-01"


@pytest.mark.parametrize(
    ("engine", "rows", "fingerprint", "day", "other"),
    [
        ("duckdb", 1000, "as checked", DAY, False),
        ("duckdb", 1000, "another", DAY, True),
        ("duckdb", 1000, "another", OTHER_DAY, False),  # another day was asked for: its sums differ
        ("duckdb", 1000, None, DAY, False),  # a notebook of one's own that tells none
        ("postgres", 1000, "as checked", DAY, False),
        ("postgres", 1000, "another", DAY, True),  # as many rows with other sums
        ("postgres", 1000, "another", OTHER_DAY, False),
        ("postgres", 1010, "another", DAY, False),  # others write to it
        ("postgres", 1010, "another", OTHER_DAY, False),  # ... also past the last day
        ("postgres", 1011, "another", DAY, True),
        ("postgres", 1011, "another", OTHER_DAY, True),
        ("postgres", 999, "another", DAY, True),
        ("postgres", 999, "another", OTHER_DAY, True),
        ("postgres", None, "another", DAY, False),
    ],
)
def test_a_page_is_of_other_data(engine: str, rows: int | None, fingerprint: str | None, day: str, other: bool) -> None:
    checked = Checked(DAY, "as checked", engine, 1000)
    told = {"rows": rows, "data_fingerprint": fingerprint, "as_of": day}
    assert checked.is_other({key: value for key, value in told.items() if value is not None}) == other


@pytest.mark.parametrize(
    ("severities", "said"),
    [
        ([], []),
        (["warning"], ["data checked: 1 warning; kam check lists them"]),
        (["warning", "note", "warning"], ["data checked: 2 warnings; kam check lists them"]),
    ],
)
def test_warnings_are_counted_and_what_was_found_is_told(
    severities: list[str], said: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tmp_path / "kam.toml"
    settings.write_text('as_of = 2026-05-31\n[tables.transactions]\nfile = "sales.csv"\n', encoding="utf-8")
    problems = [SimpleNamespace(severity=each) for each in severities]
    days = []

    def checked(loaded: SimpleNamespace) -> object:
        days.append(loaded.as_of)
        return problems, SimpleNamespace(as_of=loaded.as_of, fingerprint="f", overview=SimpleNamespace(rows=7))

    monkeypatch.setattr(opening, "checked", checked)
    lines: list[str] = []
    assert check_data(settings, None, lines.append) == Checked("2026-05-31", "f", "duckdb", 7)
    assert lines == said
    check_data(settings, date(2026, 4, 30), lines.append)
    assert days == [date(2026, 5, 31), date(2026, 4, 30)]
    problems.append(SimpleNamespace(severity="error"))
    with pytest.raises(DataError) as error:
        check_data(settings, None, lines.append)
    assert list(error.value.problems) == problems[-1:]
