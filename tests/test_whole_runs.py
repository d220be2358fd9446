"""`kam report` from end to end, as a process of its own, on input that must simply work."""

import csv
import html
import io
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import kam_analysis

KAM = [sys.executable, "-c", "from kam_analysis.cli import main; main()"]
SETTINGS = 'name = "Test & Sons"\ncurrency = "EUR"\n[tables.transactions]\nfile = "sales.csv"\n'
WITH_NAMES = SETTINGS + '[tables.accounts]\nfile = "accounts.csv"\n'

SCRIPT = "<script>alert(1)</script>"
NAMES = {
    "007": SCRIPT,
    "0042": "=SUM(A1)",
    "A,1": 'Quote "Co", Ltd',
    "B'2": "Line\nbreak",
    "C 3": "Emoji 🚀 & Söhne",
    "D;4": "</script><img src=x onerror=alert(2)>",
    "CR-1": "Only credit",
    "CR-2": "@Only credit",
}
REVENUES = {"007": 400, "0042": 300, "A,1": 200, "B'2": 100, "C 3": 50, "D;4": 25, "CR-1": -30, "CR-2": -5}
EXPORT = (
    "Umsatzliste 2025;;\n\nKunde;Rechnungsdatum;Umsatz\n"
    "007;31.01.2025;1.234,56\n008;13.02.2025;234,50-\n009;14.03.2025;3.234,56\n007;15.04.2025;2.000,00\n"
)


def table(*rows: tuple[object, ...]) -> str:
    """These rows as CSV, quoted where they must be."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


class Run:
    """One `kam report` process in a folder of its own, and what it leaves in `out`."""

    def __init__(self, folder: Path, source: str, files: dict[str, str]) -> None:
        self.folder, self.out = folder, folder / "out"
        for name, text in files.items():
            (folder / name).write_bytes(text.encode())
        self._process = subprocess.Popen(
            [*KAM, "report", source, "--out", "out", "--only", "01_concentration"],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def wait(self) -> "Run":
        said, _ = self._process.communicate(timeout=600)
        self.said, self.code = said.decode(), self._process.returncode
        return self

    @property
    def page(self) -> str:
        return (self.out / "01_concentration.html").read_text(encoding="utf-8")

    @property
    def result(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads((self.out / "results" / "01_concentration.json").read_text("utf-8"))
        return document


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Run]:
    """All companies of this file, side by side: a run costs seconds, most of them waiting for a kernel."""
    days = [f"2025-{month:02}-15" for month in range(1, 9)]
    sales = table(
        ("account_id", "date", "revenue"), *((a, day, r) for (a, r), day in zip(REVENUES.items(), days, strict=True))
    )
    names = table(("account_id", "account_name"), *NAMES.items())
    one = table(("account_id", "date", "revenue"), ("A", "2025-01-31", "9.99"))
    companies: dict[str, tuple[str, dict[str, str]]] = {
        "awkward names": ("kam.toml", {"kam.toml": WITH_NAMES, "sales.csv": sales, "accounts.csv": names}),
        "one transaction": ("kam.toml", {"kam.toml": SETTINGS, "sales.csv": one}),
        "export": ("export.csv", {"export.csv": EXPORT}),
    }
    started = {case: Run(tmp_path_factory.mktemp("run"), *given) for case, given in companies.items()}
    return {case: run.wait() for case, run in started.items()}


Runs = dict[str, Run]
CASES = ["awkward names", "one transaction", "export"]


def shown(page: str) -> str:
    """What a reader sees of a page, roughly: no tags, no scripts, single spaces."""
    text = re.sub(r"<(script|style)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", text)).split())


@pytest.mark.parametrize("case", CASES)
def test_it_ends_well_and_says_so_in_plain_lines(case: str, runs: Runs) -> None:
    run = runs[case]
    assert run.code == 0, run.said
    assert "1 of 1 reports done" in run.said
    assert "\r" not in run.said.replace("\r\n", "\n")  # no bar where no terminal is
    assert "Traceback" not in run.said
    assert json.loads((run.out / "run.json").read_text())["status"] == "complete"


@pytest.mark.parametrize("case", CASES)
def test_the_page_and_the_index_hold_the_answer(case: str, runs: Runs) -> None:
    answer = " ".join(runs[case].result["answer"].split())
    assert answer in shown(runs[case].page)
    assert answer in shown((runs[case].out / "index.html").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES)
def test_nothing_that_is_left_names_a_local_folder(case: str, runs: Runs) -> None:
    run = runs[case]
    package = Path(kam_analysis.__file__).parents[1]
    private = [str(run.folder), run.folder.as_posix(), str(package), str(Path(tempfile.gettempdir()) / "kam-")]
    files = [path for path in run.out.rglob("*") if path.suffix in (".html", ".json", ".ipynb")]
    assert len(files) == 5
    for text in [run.said, *(path.read_text(encoding="utf-8") for path in files)]:
        assert not [folder for folder in private if folder in text]


def test_names_never_become_markup(runs: Runs) -> None:
    pages = [runs["awkward names"].page, (runs["awkward names"].out / "index.html").read_text(encoding="utf-8")]
    for page in pages:
        assert SCRIPT not in page
        assert "<img src=x" not in page
    assert html.escape(SCRIPT) in pages[0]
    assert SCRIPT in shown(pages[0])
    assert "Emoji 🚀 & Söhne" in shown(pages[0])


def test_ids_and_names_arrive_as_they_are(runs: Runs) -> None:
    rows = runs["awkward names"].result["tables"]["accounts"]
    kept = {account: name for account, name in NAMES.items() if REVENUES[account] > 0}
    assert {row["account_id"]: row["account_name"] for row in rows} == kept
    assert [row["revenue"] for row in rows] == sorted((r for r in REVENUES.values() if r > 0), reverse=True)


def test_credit_notes_reconcile_beside_the_shares(runs: Runs) -> None:
    figures = {name: each["value"] for name, each in runs["awkward names"].result["figures"].items()}
    assert figures["revenue_total"] == sum(REVENUES.values())
    assert figures["revenue_in_shares"] == sum(r for r in REVENUES.values() if r > 0)
    assert figures["revenue_set_aside"] == sum(r for r in REVENUES.values() if r < 0)
    assert figures["accounts"] == 6


def test_the_workbook_holds_formulas_only_as_text(runs: Runs) -> None:
    book = openpyxl.load_workbook(runs["awkward names"].out / "tables.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells if cell.value == "=SUM(A1)"} == {"s"}
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]


def test_one_customer_with_one_invoice_is_all_there_is(runs: Runs) -> None:
    figures = {name: each["value"] for name, each in runs["one transaction"].result["figures"].items()}
    assert (figures["accounts"], figures["revenue_in_shares"], figures["top_1_share"], figures["hhi"]) == (
        1,
        9.99,
        1,
        1,
    )


def test_an_export_becomes_a_page_in_one_step(runs: Runs) -> None:
    run = runs["export"]
    assert '- revenue is "Umsatz"' in run.said
    figures = {name: each["value"] for name, each in run.result["figures"].items()}
    assert figures["revenue_total"] == pytest.approx(1234.56 - 234.50 + 3234.56 + 2000)
    assert {row["account_id"] for row in run.result["tables"]["accounts"]} == {"007", "009"}
    assert sorted(path.name for path in run.folder.iterdir()) == [
        "export.csv",
        "history",
        "out",
    ]  # no kam.toml behind one's back
