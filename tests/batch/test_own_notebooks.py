"""Notebooks of one's own: a page of text, frames and charts without a result, and the one to begin with."""

import html
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import pytest
from chart_words_for_tests import WORDS, as_words, cut
from in_process_for_tests import reports_here
from jupyterlab_for_tests import Lab, run_all
from notebooks_for_tests import HOSTILE, PARAMETERS, code, result, text, write
from pages_for_tests import BARS, PATIENCE_SECONDS

from kam_analysis.batch.evidence import FRAME_MIME, LEDGER_MIME, shown
from kam_analysis.batch.new_question import new_question
from kam_analysis.batch.page_charts import PLOTLY_MIME
from kam_analysis.batch.runs import RunSummary
from kam_analysis.errors import SettingsError
from kam_analysis.pages import style
from kam_analysis.pages.traces import fingerprint

if TYPE_CHECKING:
    from playwright.sync_api import Browser

Company = Callable[..., Path]
OWN = "08_own"
ERRORS = ".jp-OutputArea-output[data-mime-type*='error'], .jp-RenderedText[data-mime-type*='stderr']"
SALES = '[tables.transactions]\nfile = "sales.csv"\n'
FRAME = """import pandas as pd
frame = pd.DataFrame(
    {
        "account_name": ["Aldermoor", "<img src=x onerror=alert(1)>"],
        "revenue": [1234567.891, -20.0],
        "sales_share": [0.25, None],
        "since": pd.to_datetime(["2024-02-29", "2025-01-01"]),
        "is_key": [True, False],
    },
    index=[3, 7],
)
frame"""
CHARTS = """import plotly.graph_objects as go
import plotly.express as px
from IPython.display import display
display(go.Figure(go.Bar(x=["A", "B"], y=[18.5, 7.25]), layout={"title": "Two <b>lead</b>"}))
display(px.line(x=[1, 2], y=[3, 4], template="plotly_dark"))
from kam_analysis.pages.frame import Source, framed
changed = framed(go.Figure(go.Bar(x=["A"], y=[1.5])), "Ours", alt="A bar.", source=Source("L", "a", "b"), columns=["Who"], rows=[["1.5m"]], height=300)
changed.update_traces(y=[2.5]).update_layout(title="Mine")"""


def told(out: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((out / "run.json").read_text(encoding="utf-8"))
    return document


def rows_of(page: str) -> list[list[str]]:
    """The cells of every table of a page, row by row."""
    rows = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in re.findall(r"<tr[^>]*>(.*?)</tr>", page)]
    return [[html.unescape(cell) for cell in row] for row in rows]


def figures_of(out: Path, name: str) -> list[dict[str, Any]]:
    return shown(nbformat.read(out / "notebooks" / f"{name}.ipynb", 4), PLOTLY_MIME)


class Published:
    """A page without a result, then the same name with one, without one again, and with a cell that fails."""

    def __init__(self, folder: Path) -> None:
        self.notebooks, self.out = folder / "mine", folder / "out"
        self.title = text("# Do **discounts** pay?\nUse this to decide: whether to give them.")
        self.cells = (
            text("## How we counted\nBy hand."),
            code("counted = 1"),
            text("## Who `gets` them\nWhy it matters."),
            code(FRAME),
            code('frame["revenue"]'),
            code(CHARTS),
        )
        write(self.notebooks, OWN, self.title, PARAMETERS, *self.cells)
        self.first = reports_here(None, self.out, check=False, notebooks=self.notebooks)
        self.page = (self.out / f"{OWN}.html").read_text(encoding="utf-8")
        self.index = (self.out / "index.html").read_text(encoding="utf-8")
        self.record = told(self.out)
        self.figures = figures_of(self.out, OWN)
        self.executed = nbformat.read(self.out / "notebooks" / f"{OWN}.ipynb", 4)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Published:
    return Published(tmp_path_factory.mktemp("own"))


def test_without_a_result_it_is_done_and_publishes_no_result(published: Published) -> None:
    assert published.first.exit_code == 0
    record = published.record["reports"][OWN]
    assert (record["status"], record["result"]) == ("done", "")
    assert set(record["files"]) == {f"{OWN}.html", f"notebooks/{OWN}.ipynb"}
    assert not (published.out / "results").exists()


def test_it_stands_in_the_index_with_its_title_and_the_company_of_the_settings(published: Published) -> None:
    assert f'<a href="{OWN}.html">Do **discounts** pay?</a>' in published.index
    assert 'class="report done"' in published.index
    assert '<p class="answer">' not in published.index
    assert "tables.xlsx" not in published.index, "there are none"
    assert "Lindmark Flow Controls" in published.index, "the sample's name: no ledger is shown"


def test_a_frame_is_the_houses_table_named_by_the_heading_above_it(published: Published) -> None:
    table = published.page[published.page.index('<div class="kam-table"') :]
    assert 'aria-label="Who gets them"' in table
    assert "<caption><span>Who gets them</span></caption>" in table
    gap = "\u00a0"
    assert rows_of(table)[:3] == [
        ["Account name", "Revenue", "Sales share", "Since", "Is key"],
        ["Aldermoor", "1,234,568", "25.0%", f"29{gap}Feb{gap}2024", "yes"],
        [HOSTILE, "\u221220", "", f"1{gap}Jan{gap}2025", "no"],
    ]
    head = re.search(r"<thead>(.*?)</thead>", table)
    assert head
    assert re.findall(r'<th scope="col"( class="text")?>', head[1]) == [' class="text"', "", "", ' class="text"', ' class="text"']  # fmt: skip
    assert HOSTILE not in published.page
    assert 'class="dataframe"' not in published.page


def test_each_further_frame_below_a_heading_has_a_number(published: Published) -> None:
    captions = re.findall(r"<caption><span>(.*?)</span>", published.page)
    assert captions == ["Who gets them", "Who gets them (2)"]


def test_a_figure_has_the_houses_template_unless_the_user_chose_one(published: Published) -> None:
    own, dark, _ = published.figures
    assert own["layout"]["template"]["layout"]["font"]["family"] == style.FONT
    assert own["layout"]["template"]["layout"]["colorway"][0] == style.ACCENT
    assert dark["layout"]["template"]["layout"]["paper_bgcolor"] == "rgb(17,17,17)"
    assert "<figcaption>Two lead</figcaption>" in published.page
    assert ["A", "18.5"] in rows_of(published.page)


def test_a_chart_of_ours_that_was_changed_has_its_new_title_and_the_numbers_that_are_drawn(
    published: Published,
) -> None:
    assert "<figcaption>Mine</figcaption>" in published.page
    assert ["A", "2.5"] in rows_of(published.page)
    assert "1.5m" not in published.page


def test_words_above_a_cell_that_only_computes_stay(published: Published) -> None:
    assert ">How we counted</h2>" in published.page
    assert "By hand." in published.page


def test_the_executed_notebook_keeps_pandas_own_look_and_nothing_double(published: Published) -> None:
    assert shown(published.executed, FRAME_MIME) == []
    assert any('class="dataframe"' in each for each in shown(published.executed, "text/html"))


def test_two_results_are_refused_and_one_joins_index_and_json(published: Published) -> None:
    """After a result was published, a run without one takes it away; a failed run leaves the last good page."""
    out, notebooks = published.out, published.notebooks

    def run(**chosen: object) -> RunSummary:
        return reports_here(None, out, check=False, notebooks=notebooks, **chosen)

    write(notebooks, OWN, published.title, PARAMETERS, result(), *published.cells)
    assert run().exit_code == 0
    assert (out / "results" / f"{OWN}.json").is_file()
    assert "Five accounts make 41%." in (out / "index.html").read_text(encoding="utf-8")

    write(notebooks, OWN, published.title, PARAMETERS, *published.cells)
    assert run().exit_code == 0
    assert not (out / "results" / f"{OWN}.json").exists(), "a result that the notebook no longer shows"

    write(notebooks, OWN, published.title, PARAMETERS, result(), result("Another answer."))
    two = run()
    assert two.failed == {OWN: "expected one result at most, got 2; a page has one answer: display only that one"}

    write(notebooks, OWN, text("# Now broken?"), PARAMETERS, code("x = 1"), code("1 / 0"))
    broken = run()
    assert broken.failed == {OWN: "ZeroDivisionError: division by zero (code cell 3)"}
    index = (out / "index.html").read_text(encoding="utf-8")
    assert f'<a href="{OWN}.html">' in index, "the last good page"
    assert "ZeroDivisionError" in index
    assert (out / f"{OWN}.html").read_text(encoding="utf-8") == published.page

    write(notebooks, "09_other", text("# Another?"), code("print(1)"))
    run(only=["09_other"])
    later = (out / "index.html").read_text(encoding="utf-8")
    assert f'<a href="{OWN}.html">Do **discounts** pay?</a>' in later
    assert "From an earlier run" in later


def test_every_chart_of_the_sample_stands_beside_its_own_table(sample_reports: Path) -> None:
    """What a chart's table was made of is what is drawn, also after the executed notebook was cleaned."""
    figures = [
        each for path in sample_reports.glob("notebooks/*.ipynb") for each in figures_of(sample_reports, path.stem)
    ]
    assert len(figures) >= 12
    for each in figures:
        meta = each["layout"]["meta"]
        assert meta["of"] == fingerprint(each["data"]), meta["title"]


# A question to begin with


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`kam new-question 07_new_markets`, and `kam report --notebooks` on the sample, as typed."""
    folder = tmp_path_factory.mktemp("begun")
    for arguments in (["new-question", "07_new_markets"], ["report", "--notebooks", "kam-notebooks", "--out", "out"]):
        done = subprocess.run(
            [sys.executable, "-m", "kam_analysis", *arguments], cwd=folder, capture_output=True, text=True, timeout=600
        )
        assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_a_new_question_has_eight_cells_of_the_agreed_kind(begun: Path) -> None:
    cells = nbformat.read(begun / "kam-notebooks" / "07_new_markets.ipynb", 4).cells
    kinds = [(cell.cell_type, *cell.metadata.get("tags", ())) for cell in cells]
    assert kinds == [
        ("markdown",),
        ("code", "parameters"),
        ("code", "remove-cell"),
        ("code", "notebook-only"),
        ("markdown",),
        ("code",),
        ("code",),
        ("markdown",),
    ]
    assert cells[0].source.startswith("# What should we know about new markets?\n\nUse this to decide: ")
    assert [line.split(":")[0] for line in cells[1].source.splitlines()] == ["settings", "as_of", "period", "measure"]


def test_a_new_question_is_published_as_it_is(begun: Path) -> None:
    page = (begun / "out" / "07_new_markets.html").read_text(encoding="utf-8")
    assert "<h1>What should we know about new markets?</h1>" in page
    assert "As of: 18 Sep 2026" in page, "from the ledger that it shows"
    assert "Source: transactions.csv" in page
    rows = rows_of(page)
    assert rows[0] == ["Account name", "Revenue", "Before", "Change", "Share"]
    assert rows[1] == ["Aldermoor Water Group plc", "15,210,790", "12,799,500", "2,411,290", "18.1%"]
    assert "<figcaption>8 of our 10 largest customers buy more than before</figcaption>" in page
    assert "open_ledger" not in page
    index = (begun / "out" / "index.html").read_text(encoding="utf-8")
    assert '<a href="07_new_markets.html">What should we know about new markets?</a>' in index
    assert told(begun / "out")["status"] == "complete"
    executed = nbformat.read(begun / "out" / "notebooks" / "07_new_markets.ipynb", 4)
    assert shown(executed, LEDGER_MIME)[0]["company"] == "Lindmark Flow Controls"


def test_a_new_questions_page_shows_whole_on_a_screen_and_on_a_phone(begun: Path, browser: "Browser") -> None:
    troubles: list[str] = []
    for width in (1440, 390):
        page = browser.new_page(viewport={"width": width, "height": 900})
        page.set_default_timeout(PATIENCE_SECONDS * 1000)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
        page.goto((begun / "out" / "07_new_markets.html").as_uri())
        page.locator(f".drawing {BARS}").wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        words = as_words(page.evaluate(WORDS))
        assert "Change in EUR" in {each.text for each in words}
        assert cut(words) == []
        page.close()
    assert troubles == []


def test_a_new_question_works_in_jupyterlab(lab: Lab) -> None:
    written = new_question("07_in_lab", lab.folder, lambda line: None)
    try:
        page = lab.open(written.name)
        run_all(page)
        assert page.locator(ERRORS).count() == 0
        assert page.locator(".jp-OutputArea table caption").first.inner_text() == "Lindmark Flow Controls"
        assert "Aldermoor Water Group plc" in page.locator(".jp-OutputArea table.dataframe").inner_text()
        chart = page.locator(".jp-OutputArea .js-plotly-plot")
        chart.scroll_into_view_if_needed()
        # The house's colour there too: what is seen is what is published.
        assert "rgb(31, 95, 191)" in chart.locator(".barlayer path").first.get_attribute("style")
        page.close()
    finally:
        written.unlink()


def test_a_new_question_works_on_sales_alone_with_the_settings_of_its_neighbours(
    company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = company(SALES, sales__csv="account_id,date,revenue\n007,2025-01-01,3\n008,2025-02-01,2\n")
    folder = settings.parent / "my notebooks"
    write(folder, "01_concentration", code('settings: str = "../kam.toml"', "parameters"))
    monkeypatch.chdir(settings.parent)
    said: list[str] = []
    written = new_question("07_discounts", Path("my notebooks"), said.append)
    assert 'settings: str = "../kam.toml"' in written.read_text(encoding="utf-8").replace('\\"', '"')
    assert said[1:] == [
        "To edit it: kam lab kam.toml --folder 'my notebooks'",
        "To publish it: kam report kam.toml --notebooks 'my notebooks' --only 07_discounts",
    ]
    out = tmp_path / "out"
    chosen = {"only": ["07_discounts"], "set_values": ["07_discounts.period=all"]}
    summary = reports_here(settings, out, notebooks=folder, **chosen)
    assert summary.failed == {}
    page = (out / "07_discounts.html").read_text(encoding="utf-8")
    assert ["007", "3", "0", "3", "60.0%"] in rows_of(page)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("01_concentration", "the workbook has a notebook of this name; take another one, such as 08_concentration"),
        ("07_MINE", "mine has a notebook of this name; take another one, such as 08_mine"),
        ("07_other", "its number is that of 07_mine, and sheets are named by it; take 08_other"),
        ("05_other", "numbers up to 06 are the workbook's own; take 08_other"),
        ("Discounts & Co", "expected two digits and words in small letters, up to 60 signs, as in 08_discounts_co"),
        ("../08_up", "as in 08_up"),
        ("08_" + "x" * 60, "up to 60 signs"),
        ("", "as in 08_my_question"),
    ],
)
def test_a_name_that_is_taken_or_unusable_is_refused_in_a_sentence(name: str, said: str, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    write(mine, "07_mine", text("# Mine?"))
    with pytest.raises(SettingsError, match=re.escape(said)):
        new_question(name, mine, lambda line: None)
    assert [path.name for path in tmp_path.rglob("*.ipynb")] == ["07_mine.ipynb"]


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("precious")
    with pytest.raises(SettingsError, match="give another"):
        new_question("07_discounts", tmp_path / "mine", lambda line: None)
    assert (tmp_path / "mine").read_text() == "precious"
