"""03's explorer as a user meets it: JupyterLab for real, the notebook run from top to bottom, keys alone."""

import pytest
from jupyterlab_for_tests import Explored

NAME = "03_churn_impact"


def test_the_notebook_runs_and_its_explorer_is_drawn(explorer: Explored) -> None:
    page = explorer.page
    errors = ".jp-OutputArea-output[data-mime-type*='error'], .jp-RenderedText[data-mime-type*='stderr']"
    assert page.locator(errors).count() == 0
    assert page.locator(".kam-chart:visible").count() == 3
    assert explorer.answer.startswith("Losing Aldermoor")
    assert explorer.command == f"kam report --only {NAME}"
    assert explorer.troubles == []


def test_an_account_ticked_by_key_changes_the_worst_cases_and_the_recovery(explorer: Explored) -> None:
    before = {name: explorer.chart(name) for name in ("worst_cases", "recovery", "bad_year")}
    explorer.page.get_by_role("group", name="Customers to lose").get_by_role("checkbox").nth(1).press("Space")
    explorer.until_changed("worst_cases", before["worst_cases"])
    explorer.until_changed("recovery", before["recovery"])
    explorer.until_settled()
    assert explorer.chart("bad_year") == before["bad_year"]
    assert explorer.answer.startswith("Losing Tressel Chemicals GmbH costs ")
    assert explorer.command.endswith("'03_churn_impact.lost_accounts=[\"0010200\"]'")


@pytest.mark.parametrize(
    ("label", "chart", "parameter"),
    [
        ("Chances of leaving", "bad_year", "chance_factor=1.25"), ("Part lost when a manager leaves", "bad_year", "{ follow_rate = 0.31 }"),
        ("Months to a first order", "recovery", "{ sales_cycle_months = 6.0 }"), ("Months from there to full size", "recovery", "{ ramp_months = 6.5 }"),
    ],
)  # fmt: skip
def test_a_slider_moved_by_key_changes_its_chart(explorer: Explored, label: str, chart: str, parameter: str) -> None:
    before = explorer.chart(chart)
    explorer.page.get_by_role("slider", name=label).press("ArrowRight")
    explorer.until_changed(chart, before)
    explorer.until_settled()
    assert parameter in explorer.command
    assert "Against the start" in explorer.answer


def test_a_cause_that_is_not_ticked_does_not_happen(explorer: Explored) -> None:
    before = explorer.chart("bad_year")
    causes = explorer.page.get_by_role("group", name="What could take several at once")
    causes.get_by_label("Jonas Reiter leaves").press("Space")
    explorer.until_changed("bad_year", before)
    explorer.until_settled()
    assert "less in a bad year" in explorer.answer


def test_axe_finds_no_serious_fault(explorer: Explored) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    found = axe.run(explorer.page, context={"include": [[".kam-explorer"]]}).response["violations"]
    said = [
        f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in found if each["impact"] in ("serious", "critical")
    ]
    assert said == []


def test_nothing_is_cut_and_nothing_scrolls_sideways(explorer: Explored) -> None:
    for width in (1600, 1280, 900):
        explorer.page.set_viewport_size({"width": width, "height": 900})
        explorer.until_settled()
        assert explorer.root.evaluate("(each) => each.scrollWidth - each.clientWidth") <= 1
        for text in explorer.page.locator(".kam-drawing:visible .annotation-text").all():
            inside = "(each) => each.getBoundingClientRect().right - each.closest('.kam-drawing').getBoundingClientRect().right"
            assert text.evaluate(inside) <= 1, text.text_content()
    explorer.page.set_viewport_size({"width": 1280, "height": 900})
