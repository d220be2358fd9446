"""`kam report` on the three real sets: exit code 0, and pages that answer, whatever is missing."""

import json
from pathlib import Path
from typing import Any

import pytest
from in_process_for_tests import reports_here
from words_for_tests import plain

from kam_analysis.pages.words import ANSWER_WORDS

SETTINGS = Path(__file__).parents[1] / "real_data"
NOBODY_NAMED = "No account managers in the data, so this page cannot show who owns what. Add them to the customer list."
ANSWERS = {
    "classicmodels": {
        "01_concentration": "Euro+ Shopping Channel is 8.5% of sales. The five largest are 20%.",
        "02_key_accounts": "1 of 98 customers is key: Mini Gifts Distributors Ltd. (11% of Trucks and Buses).",
        "03_churn_impact": "Losing Euro+ Shopping Channel costs $206k of margin a year and takes 18 months to replace.",
        "04_coverage": "Gerard Hernandez looks after 15% of sales. A hand-over puts $100-140k of sales at risk.",
        "06_leadership_brief": "Nothing on file needs a decision. Sales of the period are $9.6m, 20% of them from the five"
        " largest customers.",
    },
    "online_retail": {
        "01_concentration": "Customer 14646 is 3.4% of sales. The five largest are 12%.",
        "02_key_accounts": "None of 4,317 customers is key. Customer 14646 comes nearest with 4.0% of units.",
        "03_churn_impact": "Losing Customer 14646 costs £279k of sales a year.",
        "04_coverage": NOBODY_NAMED,
        "06_leadership_brief": "Nothing on file needs a decision. Sales of the period are £8.31m, 12% of them from the five"
        " largest customers.",
    },
    "wide_world_importers": {
        "01_concentration": "Tailspin Toys (Head Office) is 32% of sales. The five largest are 64%.",
        "02_key_accounts": "2 of 263 customers are key: Tailspin Toys (Head Office) (32% of units and 1 more) and Wingtip"
        " Toys (Head Office).",
        "03_churn_impact": "Losing Wingtip Toys (Head Office) costs $16.3m of sales a year and takes 23 to 30 years to replace.",
        "04_coverage": NOBODY_NAMED,
        "06_leadership_brief": "Nothing on file needs a decision. Sales of the period are $172m, 64% of them from the five"
        " largest customers.",
    },
}  # fmt: skip


@pytest.fixture(scope="module", params=sorted(ANSWERS))
def published(
    request: pytest.FixtureRequest, real_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Path]:
    """A set's name and the folder of all its reports, made once."""
    name, out = request.param, tmp_path_factory.mktemp(request.param)
    run = reports_here(SETTINGS / f"{name}.toml", out)
    assert run.failed == {}
    assert run.exit_code == 0
    return name, out


def document(out: Path, report: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((out / "results" / f"{report}.json").read_text(encoding="utf-8"))
    return found


def test_a_real_export_gets_honest_answers(published: tuple[str, Path]) -> None:
    name, out = published
    answers = {report: plain(document(out, report)["answer"]) for report in ANSWERS[name]}
    assert answers == ANSWERS[name]
    assert not [answer for answer in answers.values() if len(answer.split()) > ANSWER_WORDS]


@pytest.mark.parametrize("published", ["classicmodels"], indirect=True)
def test_what_the_answer_had_no_room_for_stands_below_it(published: tuple[str, Path]) -> None:
    page = plain((published[1] / "02_key_accounts.html").read_text(encoding="utf-8").split("<h2>")[0])
    said = "The largest customer, Euro+ Shopping Channel, is just below the threshold: 9.8% of Classic Cars, 0.2 points short."
    assert page.count(said) == 1


def test_its_pages_are_worth_reading_and_tell_no_folder(published: tuple[str, Path], real_data: Path) -> None:
    name, out = published
    for report in ANSWERS[name]:
        page = (out / f"{report}.html").read_text(encoding="utf-8")
        assert page.count("<h1") == 1
        assert str(real_data) not in page
    assert len(document(out, "02_key_accounts")["worth_collecting"]) == 4


@pytest.mark.parametrize("published", ["classicmodels"], indirect=True)
def test_customers_without_a_manager_are_counted_where_there_are_managers(published: tuple[str, Path]) -> None:
    _, out = published
    found = document(out, "04_coverage")
    assert found["figures"]["managers"]["value"] == 15
    assert "your contacts at the key accounts" in found["worth_collecting"][0]
    assert "22 customers" in plain((out / "04_coverage.html").read_text(encoding="utf-8").split("<h2>")[0])
