"""Whether a page was made of the data that the run has checked, by what its provenance tells."""

import pytest

from kam_analysis.batch.preflight import Checked

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
