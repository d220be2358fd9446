"""What several test files need: a company made of a few lines of text, and where real data is."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

REAL_DATA = os.environ.get("KAM_REAL_DATA", "")

Company = Callable[..., Path]


@pytest.fixture
def company(tmp_path: Path) -> Company:
    """Write a settings file and its tables: `company(settings_text, **{"file.csv": text})` gives the settings' path."""

    def write(settings: str, encoding: str = "utf-8", **files: str) -> Path:
        for name, text in files.items():
            file = tmp_path / name.replace("__", ".")
            file.write_bytes(text.encode(encoding))
        path = tmp_path / "kam.toml"
        path.write_text(settings, encoding="utf-8")
        return path

    return write


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real exports; skips where it is not there."""
    if not REAL_DATA or not Path(REAL_DATA).is_dir():
        pytest.skip("KAM_REAL_DATA names no folder with the real exports")
    return Path(REAL_DATA)


@pytest.fixture(scope="session")
def sample_reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample's reports and their index, made once for all who read them; nobody changes them."""
    from kam_analysis.batch import run_reports

    out = tmp_path_factory.mktemp("sample") / "reports"
    summary = run_reports(None, out, workers=os.cpu_count() or 1, say=lambda line: None)
    assert summary.failed == {}
    return out
