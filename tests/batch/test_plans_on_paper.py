"""A plan is two sheets of A4 and its customer sheet one, for an account of which much is on file and for one with sales alone."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from in_process_for_tests import reports_here
from pages_for_tests import visit
from small_works_for_tests import SETTINGS, rich

if TYPE_CHECKING:
    from playwright.sync_api import Browser

POOR = "name,date,revenue\n" + "".join(
    f"{who},{year}-{month:02}-10,{amount}\n"
    for year in (2024, 2025) for month in range(1, 13) for who, amount in (("Ashby", 90), ("Birch", 10))
)  # fmt: skip
POOR_SETTINGS = """
name = "Poor Works"
[tables.transactions]
file = "transactions.csv"
columns = { account_id = "name" }
"""


def sheets(browser: "Browser", page: Path) -> tuple[int, str]:
    """On how many sheets of A4 it is printed, and the words that stand on it."""
    shown, troubles = visit(browser, page, 1440)
    pdf = shown.pdf(prefer_css_page_size=True, format="A4")
    shown.emulate_media(media="print")
    words = shown.inner_text("body")
    shown.close()
    assert troubles == []
    return len(re.findall(rb"<</Type /Page\n", pdf)), words


def plans(settings: Path, out: Path, account: str) -> Path:
    """The folder of that account's plan."""
    reports_here(settings, out, only=["05_account_plan"], plans=f"{account},")
    return out / "plans"


def test_a_rich_plan_has_two_sheets_and_its_customer_sheet_one(
    browser: "Browser", company: Callable[..., Path], tmp_path: Path
) -> None:
    folder = plans(company(SETTINGS, **rich()), tmp_path / "out", "A1")
    count, words = sheets(browser, folder / "A1.html")
    assert count == 2
    for part in (
        "What to do",
        "Last day to give notice",
        "Balance of power",
        "What changed",
        "Goals",
        "Whom we know there",
    ):
        assert part in words
    assert "more goals in tables.xlsx" in words
    count, words = sheets(browser, folder / "A1.customer.html")
    assert count == 1
    assert "Next steps" in words


@pytest.mark.parametrize("account", ["Ashby"])
def test_a_poor_plan_has_two_sheets_at_most_and_its_customer_sheet_one(
    browser: "Browser", company: Callable[..., Path], tmp_path: Path, account: str
) -> None:
    folder = plans(company(POOR_SETTINGS, transactions__csv=POOR), tmp_path / "out", account)
    pages = {path.name.endswith(".customer.html"): path for path in folder.glob("*.html")}
    assert sheets(browser, pages[False])[0] == 2
    count, words = sheets(browser, pages[True])
    assert count == 1
    assert "to be agreed at this meeting" in words
