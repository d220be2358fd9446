"""The README's pictures: the index, answer, key figures and first chart of each page on the sample, and an explorer.

For those who change a page: `make pictures`, look at them, commit them. Same pages, same bytes.
"""

import base64
import struct
import sys
import tempfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright

from tests.batch.jupyterlab_for_tests import CHROMIUM, choose, explored, started

WIDTH, MARGIN = 1120, 16  # as wide as a page gets: all its text has room
EXPLORER = "03_churn_impact"
PLAN = "05_account_plan"  # that of the first account stands for all plans
MOST_BYTES = 80_000

# What stands between the key figures and the first chart is left out; where the picture is then.
CROP = """() => {
  const answer = document.querySelector("main .answer"), chart = document.querySelector("main figure.chart");
  for (const each of document.querySelectorAll(".bar, .kam-lead, .take, main details")) each.style.display = "none";
  for (const each of document.querySelector("main").children)
    if (each !== answer && !each.contains(chart)) each.style.display = "none";
  const top = answer.getBoundingClientRect(), end = chart.getBoundingClientRect();
  return [top.x, top.y + scrollY, Math.max(top.width, end.width), end.bottom - top.y];
}"""
BEGINNING = """explorer => {
  const [all, ...charts] = [explorer, ...[...explorer.querySelectorAll(".kam-chart")].slice(0, 2)].map(each => each.getBoundingClientRect());
  return {x: all.x, y: all.y, width: all.width, height: Math.max(...charts.map(each => each.bottom)) - all.y};
}"""
PIXELS = """async png => {
  const image = await createImageBitmap(await (await fetch("data:image/png;base64," + png)).blob());
  const drawn = new OffscreenCanvas(image.width, image.height).getContext("2d"), reader = new FileReader();
  drawn.drawImage(image, 0, 0);
  reader.readAsDataURL(new Blob([drawn.getImageData(0, 0, image.width, image.height).data]));
  await new Promise(done => reader.onload = done);
  return [image.width, image.height, reader.result.split(",")[1]];
}"""


def photograph(page: Page, report: Path) -> tuple[bytes, str]:
    """The picture of one page, and the answer that stands in it."""
    page.goto(report.resolve().as_uri())
    page.wait_for_selector("figure.chart .drawing svg")
    page.evaluate("document.fonts.ready")
    x, y, width, height = page.evaluate(CROP)
    clip: Any = {"x": x - MARGIN, "y": y - MARGIN, "width": width + 2 * MARGIN, "height": height + 2 * MARGIN}
    return page.screenshot(full_page=True, clip=clip, animations="disabled"), " ".join(
        page.inner_text(".kam-answer").split()
    )


def photograph_explorer(browser: Browser) -> tuple[bytes, str]:
    """The picture of an explorer with a case of one's own, in JupyterLab's dark theme, and what it then says."""
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        started(Path(folder) / "notebooks", browser) as lab,
    ):
        shown = explored(lab, EXPLORER)
        shown.page.set_viewport_size({"width": WIDTH + 320, "height": 1600})
        shown.root.get_by_role("group", name="Customers to lose").get_by_role("checkbox").nth(2).check()
        choose(shown.page, "JupyterLab Dark", "apputils:change-theme")
        shown.page.wait_for_function("document.body.dataset.jpThemeLight === 'false'")
        shown.root.evaluate("explorer => explorer.scrollIntoView({ block: 'start' })")
        shown.until_settled()
        # As far as the first two charts: what is below them, JupyterLab's own words cover.
        clip: Any = shown.root.evaluate(BEGINNING)
        return shown.page.screenshot(clip=clip, animations="disabled"), " ".join(shown.answer.split())


def small(page: Page, png: bytes) -> bytes:
    """The picture with its 256 most frequent colours: a third of what Chromium writes, and no library more."""
    width, height, data = page.evaluate(PIXELS, base64.b64encode(png).decode())
    pixels = np.frombuffer(base64.b64decode(data), np.uint8).reshape(-1, 4)[:, :3].astype(np.int64)
    colours, which, often = np.unique(pixels, axis=0, return_inverse=True, return_counts=True)
    palette = colours[np.argsort(-often, kind="stable")[:256]]
    nearest = ((colours[:, None] - palette) ** 2).sum(axis=2).argmin(axis=1).astype(np.uint8)
    rows = np.pad(nearest[which].reshape(height, width), ((0, 0), (1, 0)))  # each begins with 0: not filtered
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = (b"IHDR", head), (b"PLTE", palette.astype(np.uint8).tobytes()), (b"IDAT", zlib.compress(rows.tobytes(), 9))
    chunks = [(*part, zlib.crc32(b"".join(part))) for part in (*parts, (b"IEND", b""))]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", check) for name, body, check in chunks
    )


def main(reports: Path, pictures: Path, readme: Path) -> int:
    """Take them all; 1 where one is too large, or the README does not say its answer."""
    pictures.mkdir(exist_ok=True)
    said, troubles = " ".join(readme.read_text(encoding="utf-8").split()), 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        pages = {report.stem: report for report in sorted(reports.glob("[0-9]*.html"))}
        plans = sorted(each for each in reports.glob("plans/*.html") if not each.name.endswith(".customer.html"))
        pages |= {PLAN: plans[0]} if plans else {}
        shots = {
            name: photograph(browser.new_page(viewport={"width": WIDTH, "height": 900}), report)
            for name, report in pages.items()
        }
        index = browser.new_page(viewport={"width": WIDTH, "height": 900})
        index.goto((reports / "index.html").resolve().as_uri())
        index.evaluate("document.querySelectorAll('.page-footer, .many, .tables').forEach(each => each.remove())")
        shots["index"] = (
            index.screenshot(full_page=True, animations="disabled"),
            " ".join(index.inner_text(".kam-answer").split()),
        )
        for name, (shot, answer) in {**shots, "explorer": photograph_explorer(browser)}.items():
            target, written = pictures / f"{name}.png", small(browser.new_page(), shot)
            target.write_bytes(written)
            print(f"{target}: {len(written) / 1000:.0f} kB")
            if len(written) > MOST_BYTES:
                print(f"  larger than {MOST_BYTES / 1000:.0f} kB")
                troubles += 1
            if answer not in said:
                print(f"  {readme} does not say its answer: {answer}")
                troubles += 1
        browser.close()
    return min(troubles, 1)


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:])))
