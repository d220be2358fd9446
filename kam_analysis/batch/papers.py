"""Pages on paper and charts for slides: what Chromium makes of the pages of a run, where `--pdf` or `--figures` asks for it."""

import base64
import contextlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kam_analysis.batch.chromium import Chromium, ChromiumError, found_chromium
from kam_analysis.batch.jobs import PAGE, SHEET, Job
from kam_analysis.batch.letter_chart import drawn_letter_chart
from kam_analysis.batch.page import template_text

FIGURES = "figures"
_SCREEN, _LETTER = 1440, 660  # pixels of the window: a desktop's; one as wide as mail programs show
# How many charts of a page, how fine, of how many bytes each at most, with how much white around; see figures.js.
_FOR_SLIDES = "(200, [2], 1e7, 24)"
_FOR_LETTERS = "(1, [2, 1.5, 1], 60e3, 0)"
# Open what is folded, and wait until every chart that has room is drawn.
_UNFOLD = "document.querySelectorAll('details.fold').forEach(each => { each.open = true; })"
_DRAWN = """new Promise(done => (function look() {
  const places = [...document.querySelectorAll('.drawing')];
  const drawn = places.every(each => !each.clientWidth || each.querySelector('.main-svg, .drawn'));
  if (document.readyState === 'complete' && drawn) done(places.length); else setTimeout(look, 20);
})())"""
# A link to another file would name this machine's folders, or lead nowhere.
_NO_LINKS = """document.querySelectorAll('a[href]:not([href^="#"])').forEach(each => each.removeAttribute('href'))"""


@dataclass(frozen=True)
class Picture:
    """One chart: `name` says what it shows ("2_where_the_sales_are"), `alt` is its text alternative."""

    name: str
    alt: str
    svg: str
    png: bytes


@contextlib.contextmanager
def papers_of(*, pdf: bool, figures: bool) -> "Iterator[Papers | None]":
    """What makes them, where they are asked for; see `Papers`."""
    if not (pdf or figures):
        yield None
        return
    with Papers(pdf=pdf, figures=figures) as papers:
        yield papers


def pdf_of(page: str) -> str:
    """The name of a page's PDF.

    >>> pdf_of("plans/A-017.customer.html")
    'plans/A-017.customer.pdf'
    """
    return page.removesuffix(".html") + ".pdf"


def letter_picture(jobs: Iterable[Job], papers: "Papers | None") -> Picture | None:
    """The first chart of the first of these reports that has one, by Chromium where it was asked for, else as it was drawn
    in the page; None where neither can be."""
    pages = ((job.page, (job.folder / PAGE).read_text(encoding="utf-8")) for job in jobs)
    found = ((papers.letter_picture(*each) if papers else None) or _drawn_in(each[1]) for each in pages)
    return next((each for each in found if each), None)


def _drawn_in(page: str) -> Picture | None:
    drawn = drawn_letter_chart(page)
    return Picture("chart", *drawn) if drawn else None


class Papers:
    """Makes what is asked for, page by page; a page that Chromium fails at is named in `failed`, and the next one is tried.

    As a context it ends Chromium. Raises `SettingsError` or `ChromiumError` at once where that cannot be used.
    """

    def __init__(self, *, pdf: bool, figures: bool) -> None:
        self.pdf, self.figures, self.failed = pdf, figures, dict[str, str]()
        self._path, self._running = found_chromium(), contextlib.ExitStack()
        self._chromium: Chromium | None = None
        with Chromium(self._path):
            """It starts: better said now than when every report is done."""

    def __enter__(self) -> "Papers":
        return self

    def __exit__(self, *raised: object) -> None:
        self._close()

    def made(self, name: str, page: str) -> tuple[bytes | None, list[Picture]]:
        """What was asked for of the page called `name`: its PDF (tagged, with an outline, on the paper that its own style
        says), and its charts in their order. None and no charts if it fails."""

        def both(tab: _Tab) -> tuple[bytes | None, list[Picture]]:
            pdf = _pdf(tab) if self.pdf else None
            return pdf, _pictures(tab, _FOR_SLIDES) if self.figures else []

        return self._of(name, page, both, _SCREEN) or (None, [])

    def files(self, job: Job) -> dict[str, bytes]:
        """What is asked for of a report that is done, by its place below the output folder; the PDFs are left beside the
        page in the job's folder, too, for packs."""
        page, folder = (job.folder / PAGE).read_text(encoding="utf-8"), Path(job.page).with_suffix("").as_posix()
        pdf, pictures = self.made(job.page, page)
        found = dict(figure_files(folder, pictures))
        if pdf:
            found[pdf_of(job.page)] = pdf
            (job.folder / pdf_of(PAGE)).write_bytes(pdf)
        if self.pdf and (job.folder / SHEET).exists():
            sheet, _ = self.made(job.sheet, (job.folder / SHEET).read_text(encoding="utf-8"))
            if sheet:
                found[pdf_of(job.sheet)] = sheet
                (job.folder / pdf_of(SHEET)).write_bytes(sheet)
        return found

    def letter_picture(self, name: str, page: str) -> Picture | None:
        """The page's first chart for a letter; None without a chart, and if it fails."""
        found = self._of(name, page, lambda tab: _pictures(tab, _FOR_LETTERS), _LETTER)
        return found[0] if found else None

    def _of(self, name: str, page: str, make: Any, width: int) -> Any:
        try:
            if self._chromium is None:
                self._chromium = self._running.enter_context(Chromium(self._path))
            with _opened(self._chromium, page, width) as tab:
                return make(tab)
        except ChromiumError as error:
            self.failed[name] = str(error)
            self._close()
            return None

    def _close(self) -> None:
        self._running.close()
        self._chromium = None


class _Tab:
    """One page, open in a browser of its own context."""

    def __init__(self, chromium: Chromium, session: str) -> None:
        self._chromium, self._session = chromium, session

    def ask(self, method: str, **given: Any) -> dict[str, Any]:
        return self._chromium.ask(method, self._session, **given)

    def run(self, script: str) -> Any:
        """What a script of ours gives, awaited."""
        said = self.ask("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in said:
            raise ChromiumError("a chart of the page could not be drawn")
        return said["result"].get("value")


@contextlib.contextmanager
def _opened(chromium: Chromium, page: str, width: int) -> Iterator[_Tab]:
    """The page with its charts drawn. It is handed over as text: it has no address, and knows no folder of this machine."""
    target = chromium.ask("Target.createTarget", url="about:blank")["targetId"]
    try:
        session = chromium.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        tab = _Tab(chromium, session)
        tab.ask("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)
        tab.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "light"}])
        tab.ask("Page.setDocumentContent", frameId=target, html=page)
        tab.run(_DRAWN)
        yield tab
    finally:
        with contextlib.suppress(ChromiumError):
            chromium.ask("Target.closeTarget", targetId=target)


def _pdf(tab: _Tab) -> bytes:
    tab.run(_NO_LINKS)
    asked = {"preferCSSPageSize": True, "printBackground": True, "paperWidth": 8.27, "paperHeight": 11.69}
    outline = {"generateDocumentOutline": True, "generateTaggedPDF": True}
    return base64.b64decode(tab.ask("Page.printToPDF", **asked, **outline)["data"])


def _pictures(tab: _Tab, how: str) -> list[Picture]:
    tab.run(_UNFOLD)
    tab.run(_DRAWN)
    found = tab.run(template_text("figures.js").strip() + how)
    names = _names([str(each["heading"] or "chart") for each in found])
    return [
        Picture(name, str(each["label"]), each["svg"], base64.b64decode(each["png"]))
        for name, each in zip(names, found, strict=True)
    ]


def _names(headings: list[str]) -> list[str]:
    """Numbered, and called as the section that each stands in: a chart's own title changes from month to month.

    >>> _names(["Where the sales are", "What changed?", "What changed?"])
    ['1_where_the_sales_are', '2_what_changed', '3_what_changed_2']
    """
    seen: Counter[str] = Counter()
    made = []
    for number, heading in enumerate(headings, start=1):
        words = "".join(sign if sign.isalnum() else " " for sign in heading.lower()).split()
        plain = "_".join(words)[:60].strip("_") or "chart"
        seen[plain] += 1
        made.append(f"{number}_{plain}" + (f"_{seen[plain]}" if seen[plain] > 1 else ""))
    return made


def figure_files(folder: str, pictures: list[Picture]) -> Mapping[str, bytes]:
    """The files of a page's charts, by their places below the output folder."""
    made = {}
    for each in pictures:
        made[f"{FIGURES}/{folder}/{each.name}.svg"] = each.svg.encode()
        made[f"{FIGURES}/{folder}/{each.name}.png"] = each.png
    return made
