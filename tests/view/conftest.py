"""What a page of the sample tells: its results document, and its text."""

import json
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
