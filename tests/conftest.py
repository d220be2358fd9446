"""What several test files need: a company made of a few lines of text, and where real data is."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import hypothesis
import pytest

# No test fails because a machine is slow.
hypothesis.settings.register_profile("kam", deadline=None)
hypothesis.settings.load_profile("kam")

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
def sample_reports(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The sample's reports and their index, made once for all who read them; nobody changes them."""
    if worker_id == "master":
        return _made(tmp_path_factory.mktemp("sample") / "reports")
    # Tests run in several processes: whoever comes first makes them in the folder that all of them know.
    shared = tmp_path_factory.getbasetemp().parent / "sample"
    try:
        shared.mkdir()
    except FileExistsError:
        _wait_for(shared / "made")
    else:
        _made(shared / "reports")
        (shared / "made").touch()
    return shared / "reports"


def _made(out: Path) -> Path:
    from kam_analysis.batch import run_reports

    summary = run_reports(None, out, workers=os.cpu_count() or 1, say=lambda line: None)
    assert summary.failed == {}
    return out


def _wait_for(path: Path, seconds: float = 600) -> None:
    until = time.monotonic() + seconds
    while not path.exists():
        assert time.monotonic() < until, f"no sample reports after {seconds:g} s; another process was to make them"
        time.sleep(0.5)
