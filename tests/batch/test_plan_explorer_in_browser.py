"""05's explorer as an account manager meets it in JupyterLab: pick an account, and everything follows."""

from jupyterlab_for_tests import Explored

NAME = "05_account_plan"
ERRORS = ".jp-OutputArea-output[data-mime-type*='error'], .jp-RenderedText[data-mime-type*='stderr']"


def test_the_notebook_runs_and_its_explorer_starts_at_the_largest_key_account(explorer: Explored) -> None:
    assert explorer.page.locator(ERRORS).count() == 0
    assert explorer.answer.startswith("Aldermoor Water Group plc, rescue")
    assert "First: " in explorer.answer
    assert explorer.troubles == []


def test_another_account_is_picked_and_everything_follows(explorer: Explored) -> None:
    before = explorer.chart("sales")
    explorer.enter("Account", "pellworth")
    explorer.until_changed("sales", before)
    explorer.until_command("account_id=", anywhere=True)
    explorer.until_settled()
    assert explorer.answer.startswith("Pellworth Marine Ltd")
    assert "0010300" in explorer.command or "pellworth" in explorer.command.casefold()
    assert explorer.trouble == ""


def test_a_company_of_a_group_opens_the_group_and_an_unknown_name_is_told_with_the_nearest(explorer: Explored) -> None:
    before = explorer.chart("sales")
    explorer.enter("Account", "0010200")
    explorer.until_changed("sales", before)
    explorer.until_settled()
    tressel = explorer.chart("sales")
    explorer.enter("Account", "Thamesbrook")
    explorer.until_changed("sales", tressel)
    explorer.page.locator(".kam-finding", has_text="Aldermoor Water Group plc").wait_for()
    explorer.until_settled()
    assert explorer.answer.startswith("Aldermoor Water Group plc")
    explorer.enter("Account", "Pelworth Marin")
    explorer.page.locator(".kam-trouble:visible").wait_for()
    assert "did you mean Pellworth Marine Ltd (0010300)?" in explorer.trouble
