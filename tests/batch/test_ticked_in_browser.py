"""The customers to lose are ticked in the published page, and it says what the computation says of the same customers."""

import json
import shlex
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pages_for_tests import HEIGHT, visit
from words_for_tests import plain

import kam_analysis as kam
from kam_analysis.ledger import Ledger
from kam_analysis.pages import style
from kam_analysis.pages.churn_impact.found import Found

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

NAME = "03_churn_impact"
# By what the page calls them, in its order.
CASES = [("Aldermoor Water Group plc", "Tressel Chemicals GmbH"), ("Oakhurst Paper AB",), ()]


@pytest.fixture(scope="module")
def ledger(shelf: Callable[[], AbstractContextManager[None]]) -> Ledger:
    with shelf():
        return kam.open_ledger()


@pytest.fixture(scope="module")
def found(ledger: Ledger, shelf: Callable[[], AbstractContextManager[None]]) -> Found:
    with shelf():
        return kam.churn_impact(ledger)


@pytest.fixture(scope="module")
def found_of(ledger: Ledger, found: Found) -> dict[tuple[str, ...], Found]:
    known = found.exposed.known.set_index("account_name")["account_id"]
    return {each: kam.churn_impact(ledger, lost_accounts=list(known[list(each)])) for each in CASES if each}


@pytest.fixture(scope="module", params=[(390, "light"), (390, "dark"), (1440, "light"), (1440, "dark")])
def page(request: pytest.FixtureRequest, browser: "Browser", published: Path) -> "Any":
    width, scheme = request.param
    window = browser.new_context(color_scheme=scheme, offline=True, viewport={"width": width, "height": HEIGHT})
    opened = window.new_page()
    opened.goto((published / f"{NAME}.html").as_uri())
    opened.locator(".kam-ticked.live").wait_for()
    yield opened
    window.close()


def tick(page: "Page", names: tuple[str, ...]) -> None:
    page.get_by_role("button", name="Untick all").click()
    for name in names:
        box = page.get_by_role("checkbox", name=name, exact=True)
        box.focus()
        page.keyboard.press("Space")
        assert box.is_checked()


def left(page: "Page") -> dict[str, list[str]]:
    """The table of what is left: its cells, as they are written, by the first."""
    rows: list[list[str]] = page.locator(".kam-ticked > :last-child tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.cells].map(cell => cell.textContent.trim()))"
    )
    return {name: rest for name, *rest in rows}


def behind(page: "Page", name: str) -> list[float]:
    row = page.locator(".kam-ticked > :last-child tbody tr").filter(has=page.get_by_text(name, exact=True))
    values: list[float] = row.locator("td[data-v]").evaluate_all("cells => cells.map(cell => Number(cell.dataset.v))")
    return values


@pytest.mark.parametrize("names", [each for each in CASES if each], ids=len)
def test_what_is_ticked_costs_what_the_computation_says(
    page: "Page", found_of: dict[tuple[str, ...], Found], names: tuple[str, ...]
) -> None:
    tick(page, names)
    asked = found_of[names]
    case, exposed, fixed = asked.cases.iloc[-1], asked.exposed, asked.fixed
    assert fixed is not None
    shown = left(page)
    assert [shown[name][1] for name in ("Sales", "Margin")] == [
        style.money(case[each]) for each in ("revenue", "margin")
    ]
    assert behind(page, "Sales")[:3] == pytest.approx(
        [exposed.revenue, case["revenue"], exposed.revenue - case["revenue"]]
    )
    assert behind(page, "Sales")[3] == pytest.approx(1 - case["revenue_share"])
    assert behind(page, "Margin")[3] == pytest.approx(1 - case["exposure_share"])
    assert behind(page, "Result after fixed costs")[2] == pytest.approx(case["result_after"])
    assert shown["Result after fixed costs"][2] == style.money(case["result_after"])
    assert behind(page, case["worst_line"])[3] == pytest.approx(1 - case["worst_line_share"])
    assert shown[case["worst_line"]][3] == style.share(1 - case["worst_line_share"], 0)
    said = plain(page.locator(".kam-ticked [aria-live] p").inner_text())
    ends = [style.money(case[each], "EUR") for each in ("result_after", "result_after_low", "result_after_high")]
    assert plain(f"The result is {ends[0]} ({ends[1]} to {ends[2]} by the range of fixed costs), ") in said
    assert ("below break-even" if case["result_after"] < 0 else "above break-even") in said
    assert plain(f"{style.money(case['break_even_after'], 'EUR')} that are needed") in said


def test_the_command_makes_the_report_of_what_is_ticked(page: "Page", found: Found) -> None:
    tick(page, CASES[0])
    command = page.locator(".kam-command code").inner_text()
    ids = found.exposed.known.set_index("account_name")["account_id"][list(CASES[0])].tolist()
    assert shlex.split(command) == ["kam", "report", "--only", NAME, "--set", f"{NAME}.lost_accounts={json.dumps(ids)}"]
    assert found.report_line is not None
    assert command == found.report_line.of_accounts(ids)
    page.get_by_role("button", name="Copy the command").click()
    page.get_by_text("Copied.").wait_for()


def test_on_a_phone_the_result_stays_in_sight_while_the_list_is_read(
    page: "Page", found_of: dict[tuple[str, ...], Found]
) -> None:
    tick(page, CASES[0])
    line, narrow = page.locator(".tick-line"), page.evaluate("innerWidth") < 600
    assert line.is_visible() is narrow
    page.get_by_role("checkbox", name=CASES[0][0], exact=True).scroll_into_view_if_needed()
    box = line.bounding_box()
    assert not narrow or (box is not None and box["y"] + box["height"] <= HEIGHT)
    case, sales = found_of[CASES[0]].cases.iloc[-1], found_of[CASES[0]].exposed.revenue
    left, result = (style.money(each, "EUR") for each in (sales - case["revenue"], case["result_after"]))
    where = "below" if case["result_after"] < 0 else "above"
    assert plain(line.text_content() or "") == plain(f"Left: {left} of sales, result {result}, {where} break-even")


def test_nobody_ticked_is_today(page: "Page") -> None:
    tick(page, ())
    for today, lost, remains, *_ in left(page).values():
        assert (lost, remains) == ("0", today)
    assert page.locator(".kam-ticked caption").last.inner_text().startswith("What we have today")


def test_rows_ticked_stay_in_sight_and_a_name_is_found(page: "Page") -> None:
    tick(page, ())
    assert visible(page.locator(".kam-ticked tbody").first.locator("tr")) == 8
    search = page.locator(".kam-ticked input[type=search]")
    search.fill("Norrvik")
    page.get_by_role("checkbox", name="Norrvik Pulp Oy").check()
    search.fill("")
    assert visible(page.locator(".kam-ticked tbody").first.locator("tr")) == 9
    page.get_by_role("checkbox", name="Norrvik Pulp Oy").uncheck()


def visible(rows: "Locator") -> int:
    return sum(row.is_visible() for row in rows.all())


def test_axe_finds_nothing_in_it_and_nothing_is_wider_than_the_screen(page: "Page") -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    faults = axe.run(page, context={"include": [[".kam-ticked"]]}).response["violations"]
    assert [(each["id"], each["nodes"][0]["target"]) for each in faults] == []
    wide, screen = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert wide <= screen


def test_the_case_is_printed_alone(page: "Page") -> None:
    tick(page, CASES[0])
    page.evaluate("window.print = () => { window.asked = true; }")
    page.get_by_role("button", name="Print this case").click()
    assert page.evaluate("window.asked")
    page.emulate_media(media="print")
    assert page.locator(".kam-ticked > :last-child table").is_visible()
    assert visible(page.locator(".kam-ticked tbody").first.locator("tr")) == 2
    assert not page.locator("figure.chart").first.is_visible()
    assert not page.locator(".kam-answer").first.is_visible()
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator(".kam-answer").first.is_visible()


def test_without_scripts_both_tables_are_complete(browser: "Browser", published: Path, found: Found) -> None:
    window = browser.new_context(java_script_enabled=False, offline=True, viewport={"width": 1440, "height": HEIGHT})
    bare = window.new_page()
    bare.goto((published / f"{NAME}.html").as_uri())
    assert bare.locator(".kam-ticked tbody").first.locator("tr").count() == 25
    assert visible(bare.locator(".kam-ticked tbody").first.locator("tr")) == 25
    assert left(bare)["Margin"][1] == style.money(found.worst[0].exposure)
    assert bare.locator(".kam-ticked input").count() == 0
    window.close()


def test_nothing_goes_wrong_or_out(browser: "Browser", published: Path) -> None:
    page, troubles = visit(browser, published / f"{NAME}.html", 1440)
    tick(page, CASES[1])
    assert troubles == []
    page.close()
