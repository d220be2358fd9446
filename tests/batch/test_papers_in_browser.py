"""PDF and pictures by the machine's own Chromium: a run with one plain notebook of charts, and what goes wrong with it."""

import json
import re
import stat
import sys
import xml.etree.ElementTree as ElementTree
from email import message_from_bytes
from hashlib import sha256
from pathlib import Path

import psutil
import pytest
from in_process_for_tests import reports_here
from notebooks_for_tests import BREAKOUT, code, result, text, write
from pages_for_tests import CHROMIUM

from kam_analysis.batch import chromium
from kam_analysis.batch.chromium import ChromiumError, found_chromium
from kam_analysis.batch.papers import Papers
from kam_analysis.errors import SettingsError

CHART = """import plotly.graph_objects as go
go.Figure(go.Bar(x=["Ash & Co", {name!r}], y=[3, 1]), layout={{"title": {{"text": {title!r}}}}})"""
TITLE = "Ash & Co <3 brings three quarters of everything that we sell to anybody, in every month of the year and in each line"


@pytest.fixture(autouse=True)
def _a_browser(request: pytest.FixtureRequest) -> None:
    if not CHROMIUM and "without_one" not in request.node.name:
        request.getfixturevalue("browser")  # skips, or fails where one is required


def written(folder: Path) -> Path:
    cells = [text("# Why?"), result(), text("## Where the sales are"), code(CHART.format(name="Birch", title=TITLE))]
    more = [
        text("## More, and more of it", "fold"),
        *(code(CHART.format(name=each, title=each)) for each in ("Elm", "Oak")),
    ]
    write(folder, "07_own", *cells, *more)
    write(folder, "08_words", text("# Words alone"), result())
    return folder


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not CHROMIUM:
        pytest.skip("no Chromium on this machine")
    folder = tmp_path_factory.mktemp("papers")
    notebooks = written(folder / "notebooks")
    summary = reports_here(None, folder / "out", check=False, notebooks=notebooks, pdf=True, figures=True)
    assert (summary.exit_code, summary.not_drawn) == (0, {})
    return folder / "out"


def test_each_page_has_its_pdf_tagged_with_an_outline_and_without_this_machines_folders(out: Path) -> None:
    assert sorted(each.name for each in out.glob("*.pdf")) == ["07_own.pdf", "08_words.pdf", "index.pdf"]
    for pdf in out.glob("*.pdf"):
        content = pdf.read_bytes()
        assert content.startswith(b"%PDF")
        assert b"/StructTreeRoot" in content
        assert b"/MarkInfo" in content
        assert b"/URI" not in content
        assert str(out.parent).encode() not in content
    own = (out / "07_own.pdf").read_bytes()
    assert re.findall(rb"/Title \((Where the sales are)\)", own)
    assert len(re.findall(rb"<</Type /Page\n", own)) >= 1


def test_each_chart_is_a_picture_that_stands_alone_folded_ones_too(out: Path) -> None:
    folder = out / "figures" / "07_own"
    names = ["1_where_the_sales_are", "2_more_and_more_of_it", "3_more_and_more_of_it_2"]
    assert sorted(each.name for each in folder.iterdir()) == [
        f"{name}.{kind}" for name in names for kind in ("png", "svg")
    ]
    assert not (out / "figures" / "08_words").exists()
    for name in names:
        drawn = ElementTree.fromstring((folder / f"{name}.svg").read_text(encoding="utf-8"))
        words = [" ".join(each.itertext()) for each in drawn.iter("{http://www.w3.org/2000/svg}text")]
        png = (folder / f"{name}.png").read_bytes()
        assert png.startswith(b"\x89PNG")
        assert int.from_bytes(png[16:20]) == 2 * float(drawn.attrib["width"])
        assert any(word.startswith(("Ash & Co <3 brings", "Elm", "Oak")) for word in words)
        assert any("How much depends on how few?" in word for word in words), words
        assert 'src="' not in (folder / f"{name}.svg").read_text(encoding="utf-8")
    title = ElementTree.fromstring((folder / f"{names[0]}.svg").read_text(encoding="utf-8"))
    lines = [each.text for each in title.iter("{http://www.w3.org/2000/svg}tspan")]
    assert " ".join(filter(None, lines)).startswith(TITLE)
    assert TITLE not in lines, "a long title stands on several lines"


def test_the_mail_has_a_chart_and_stays_small(out: Path) -> None:
    content = (out / "mail.eml").read_bytes()
    kinds = [part.get_content_type() for part in message_from_bytes(content).walk()]
    assert kinds == ["multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png"]
    assert len(content) < 100_000


def test_run_json_vouches_for_all_of_it_and_a_run_without_removes_it(out: Path) -> None:
    run = json.loads((out / "run.json").read_text(encoding="utf-8"))
    files = run["reports"]["07_own"]["files"]
    assert {"07_own.pdf", "figures/07_own/1_where_the_sales_are.svg"} <= set(files)
    assert run["files"]["index.pdf"] == sha256((out / "index.pdf").read_bytes()).hexdigest()
    assert "not_drawn" not in run
    notebooks = out.parent / "notebooks"
    assert reports_here(None, out, check=False, notebooks=notebooks, only=["07_own"]).exit_code == 0
    assert [each.name for each in out.rglob("*.pdf")] == ["08_words.pdf"]
    assert [each for each in out.rglob("figures/*/*") if each.is_file()] == []


def test_a_hostile_page_gives_pictures_and_nothing_else(tmp_path: Path) -> None:
    write(
        tmp_path / "n",
        "07_own",
        text(f"# Why?\n\n## {BREAKOUT}"),
        result(),
        code(CHART.format(name=BREAKOUT, title=BREAKOUT)),
    )
    assert reports_here(None, tmp_path / "out", check=False, notebooks=tmp_path / "n", figures=True).exit_code == 0
    [svg] = (tmp_path / "out" / "figures").rglob("*.svg")
    drawn = ElementTree.fromstring(svg.read_text(encoding="utf-8"))
    assert not [each for each in drawn.iter() if each.tag.endswith("script")]
    assert re.fullmatch(r"[\w.]+", svg.name)


def test_nothing_of_chromium_is_alive_afterwards() -> None:
    others = set(psutil.Process().children(recursive=True))  # the browser of other tests among them
    with Papers(pdf=True, figures=False) as papers:
        assert papers.made("x", "<p>Words</p>")[0]
        started = set(psutil.Process().children(recursive=True)) - others
        assert len(started) > 1
    assert [each for each in started if each.is_running() and each.status() != psutil.STATUS_ZOMBIE] == []


def program(folder: Path, body: str) -> Path:
    path = folder / "browser"
    path.write_text(f"#!{sys.executable}\n{body}", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("import sys\nprint('No usable sandbox!', file=sys.stderr)\nsys.exit(1)", "did not start: No usable sandbox!"),
        ("import os\nos.read(3, 9)\nos.write(4, b'{\"id\": 1, \"result\": {\"product\": \"Chrome/98.0\"}}\\0')\nos.read(3, 9)", "version 98"),
    ],
)  # fmt: skip
def test_one_that_cannot_be_used_is_said_before_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str, said: str
) -> None:
    monkeypatch.setenv("KAM_CHROMIUM", str(program(tmp_path, body)))
    with pytest.raises(ChromiumError, match=said):
        reports_here(None, tmp_path / "out", check=False, notebooks=written(tmp_path / "n"), pdf=True)
    assert not list((tmp_path / "out").glob("*.html"))


def test_the_run_without_one_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chromium.shutil, "which", lambda name: None)
    with pytest.raises(SettingsError, match="none was found; install one"):
        found_chromium({})
    with pytest.raises(SettingsError, match="KAM_CHROMIUM: chrome is no program that can be run"):
        found_chromium({"KAM_CHROMIUM": "/nowhere/chrome"})


def test_one_that_ends_early_costs_the_pdf_and_not_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It answers as it starts, and ends at the first page."""
    body = """import os
said = b""
while True:
    while b"\\0" not in said:
        more = os.read(3, 65536)
        if not more:
            raise SystemExit
        said += more
    one, said = said.split(b"\\0", 1)
    if b"getVersion" not in one:
        raise SystemExit
    os.write(4, b'{"id": 1, "result": {"product": "Chrome/150.0"}}\\0')
"""
    monkeypatch.setenv("KAM_CHROMIUM", str(program(tmp_path, body)))
    lines: list[str] = []
    notebooks, out = written(tmp_path / "n"), tmp_path / "out"
    summary = reports_here(None, out, check=False, notebooks=notebooks, pdf=True, say=lines.append)
    assert (summary.failed, summary.exit_code) == ({}, 1)
    assert set(summary.not_drawn) == {"07_own.html", "08_words.html", "index.html"}
    assert "07_own.html: not made as PDF or pictures: Chromium ended early" in lines
    run = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert (run["status"], run["not_drawn"]) == ("partial", summary.not_drawn)
    assert (out / "07_own.html").exists()
    assert (out / "mail.eml").exists()
