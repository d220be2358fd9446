"""What a page of the sample tells: its results document, and its text; and a company of three rows."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from words_for_tests import plain


@pytest.fixture(scope="module")
def told(request: pytest.FixtureRequest, sample_reports: Path) -> tuple[dict[str, Any], str]:
    """Of the test file's notebook, `NAME`."""
    name = request.module.NAME
    document = json.loads((sample_reports / "results" / f"{name}.json").read_text(encoding="utf-8"))
    return document, plain((sample_reports / f"{name}.html").read_text(encoding="utf-8"))


BARE_ROWS = "account_id,date,revenue\nA-1,2025-01-25,100\nA-2,2025-02-25,60\nA-3,2025-03-25,-5\n"


@pytest.fixture
def bare(company: Callable[..., Path]) -> Callable[..., str]:
    """The settings of a company of three rows: `bare(more settings, accounts__csv=a customer list)`."""

    def of(more: str = "", **files: str) -> str:
        settings = f'name = "Bare"\n[tables.transactions]\nfile = "sales.csv"\n{more}'
        return str(company(settings, **({"sales__csv": BARE_ROWS} | files)))

    return of
