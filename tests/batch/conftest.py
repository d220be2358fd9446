"""Fixtures of the batch tests: runs whose data needs no check, a browser where there is one, the sample's pages."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from jupyterlab_for_tests import Explored, Lab, explored, started
from pages_for_tests import Opened, as_opened, started_browser, visit

from kam_analysis.batch import runs
from kam_analysis.batch.runs import RunSummary, run_reports

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

Run = Callable[..., RunSummary]


CHECK = runs.check_data


@pytest.fixture(scope="session")
def run() -> Run:
    """`run_reports` on notebooks that open no ledger: the data's check has tests of its own."""

    def quiet(out: Path, notebooks: Path, settings: Path | None = None, **more: object) -> RunSummary:
        more.setdefault("say", lambda line: None)
        # For this call only: other tests of the session need the check.
        with pytest.MonkeyPatch.context() as patch:
            if runs.check_data is CHECK:
                patch.setattr(runs, "check_data", lambda settings, as_of, say: None)
            return run_reports(settings, out, notebooks=notebooks, **more)  # type: ignore[arg-type]

    return quiet


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """One Chromium for every test of the session: a second one cannot be driven beside it."""
    with started_browser() as opened:
        yield opened


@pytest.fixture(scope="session")
def published(browser: "Browser", sample_reports: Path) -> Path:
    """The sample's reports, for those who open them; not made where no browser could."""
    return sample_reports


@pytest.fixture(scope="session")
def opened(browser: "Browser", published: Path) -> Opened:
    """`opened(name, width)`: a page of the sample, as it is when it opens; each is loaded once in a session."""
    pages: dict[str, tuple[Page, list[str]]] = {}

    def at(name: str, width: int) -> "tuple[Page, list[str]]":
        if name not in pages:
            pages[name] = visit(browser, published / f"{name}.html", 390)
        as_opened(pages[name][0], width)
        return pages[name]

    return at


@pytest.fixture(scope="session")
def lab(browser: "Browser", tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """One JupyterLab on the sample for every test of the session; not started where no browser could open it."""
    with started(tmp_path_factory.mktemp("lab") / "notebooks", browser) as running:
        yield running


@pytest.fixture(scope="session")
def run_notebooks() -> dict[str, Explored]:
    """Those that were run from top to bottom, each once in a session, by their names."""
    return {}


@pytest.fixture(scope="module")
def explorers(lab: Lab, run_notebooks: dict[str, Explored]) -> Iterator[Callable[[str], Explored]]:
    """`explorers("01_concentration")`: that notebook run from top to bottom, in front, its explorer in sight."""

    def of(name: str) -> Explored:
        if name not in run_notebooks:
            run_notebooks[name] = explored(lab, name)
        run_notebooks[name].page.bring_to_front()
        return run_notebooks[name]

    yield of
    lab.nothing.bring_to_front()


@pytest.fixture
def explorer(explorers: Callable[[str], Explored], request: pytest.FixtureRequest) -> Explored:
    """An explorer as it is at first: of the notebook that the test is given, or of the test file's, `NAME`."""
    name = request.param if hasattr(request, "param") else request.module.NAME
    found = explorers(name)
    if not found.command.endswith(name):
        found.reset()
    return found
