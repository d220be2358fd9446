"""What a run has to do: which accounts get a page, where files belong, and what each notebook is given."""

from datetime import date
from pathlib import Path

import pytest

from kam_analysis.batch.jobs import Job
from kam_analysis.batch.parameters import Parameter
from kam_analysis.batch.plan_history import NAME as PLANS_MADE
from kam_analysis.batch.reports import Report
from kam_analysis.batch.run_plan import KEY_ACCOUNTS, Chosen, Plan, chosen
from kam_analysis.errors import SettingsError

RUN, ASKED, MINE = (
    {name: Parameter(name, "str") for name in names}
    for names in (("settings", "as_of", "label"), ("settings", "account_id"), ("as_of",))
)
KEYS = {
    "tables": {
        "key_accounts": [{"account_id": each} for each in ("C", "A", None, "", "C", 7)],
        "lifecycle": [{"account_id": each} for each in ("A", "B", "C", "D")],
    }
}


def report(name: str, parameters: dict[str, Parameter], **given: object) -> Report:
    return Report(name, Path(f"notebooks/{name}.ipynb"), f"Title of {name}", parameters, given)


PLAN = report("05_account_plan", ASKED)


def plan(folder: Path, *reports: Report, pages: str = "key", **more: object) -> Plan:
    given = {"settings": folder / "ours" / "kam.toml", "as_of": date(2026, 5, 31), **more}
    return Plan([*reports], staging=folder / "staging", out=folder / "out", chosen=chosen(pages), **given)  # type: ignore[arg-type]


@pytest.fixture
def here(tmp_path: Path) -> Path:
    for name in ("staging", "ours"):
        (tmp_path / name).mkdir()
    return tmp_path


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("key", Chosen()),
        (" all ", Chosen(everybody=True)),
        ("0", Chosen(most=0)),
        ("12", Chosen(most=12)),
        ("012", Chosen(named=("012",))),
        ("12,", Chosen(named=("12",))),
        ("B, A,,B", Chosen(named=("B", "A"))),
    ],
)
def test_what_is_said_of_pages_per_account(said: str, meant: Chosen) -> None:
    assert chosen(said) == meant


@pytest.mark.parametrize("said", ["", " , "])
def test_nothing_is_no_choice(said: str) -> None:
    with pytest.raises(SettingsError, match="--plans: expected key, all, a number, or account ids"):
        chosen(said)


@pytest.mark.parametrize(
    ("pages", "made"),
    [("key", ["C", "A", "7"]), ("all", ["A", "B", "C", "D"]), ("2", ["C", "A"]), ("0", []), ("B,X", [])],
)
def test_accounts_have_pages_in_the_tables_order_each_once(here: Path, pages: str, made: list[str]) -> None:
    run = plan(here, report(KEY_ACCOUNTS, RUN), PLAN, pages=pages)
    assert [each.parameters["account_id"] for each in run.account_jobs(KEYS)] == made
    # Named accounts need no table; those that wait for one are none of the first jobs.
    named = ["05_account_plan/B", "05_account_plan/X"] if pages == "B,X" else []
    assert [each.id for each in run.first_jobs()] == [KEY_ACCOUNTS, *named]
    assert run.account_reports() == ([PLAN] if made else [])


def test_an_account_that_is_given_waits_for_nothing(here: Path) -> None:
    run = plan(here, report("05_account_plan", ASKED, account_id="A 1"))
    [job] = run.first_jobs()
    assert (job.id, run.account_reports(), list(run.account_jobs(KEYS))) == ("05_account_plan/A 1", [], [])
    assert job.page.startswith("plans/A-1-x")
    run.require_key_accounts(known=False)
    assert list(plan(here, PLAN).account_jobs({})) == []


def test_where_nothing_says_which_accounts_are_key_that_is_said(here: Path) -> None:
    with pytest.raises(
        SettingsError, match=r"^05_account_plan: .*--only 02_key_accounts.*--set 05_account_plan.account_id=ID"
    ):
        plan(here, PLAN).require_key_accounts(known=False)
    plan(here, PLAN).require_key_accounts(known=True)
    plan(here, PLAN, report(KEY_ACCOUNTS, RUN)).require_key_accounts(known=False)
    plan(here, report("01_concentration", RUN)).require_key_accounts(known=False)
    for pages in ("0", "A"):
        plan(here, PLAN, pages=pages).require_key_accounts(known=False)


def test_a_job_is_given_the_runs_settings_and_day_and_what_was_set(here: Path) -> None:
    run = plan(here, report("01_concentration", RUN, label="x"), report("07_mine", MINE), PLAN, pages="A-1")
    first, mine, account = run.first_jobs()
    assert first == Job(
        id="01_concentration", report="01_concentration", notebook=Path("notebooks/01_concentration.ipynb").resolve(),
        parameters={"settings": "kam.toml", "as_of": "2026-05-31", "label": "x"}, page="01_concentration.html",
        executed="notebooks/01_concentration.ipynb", result="results/01_concentration.json",
        sheet="01_concentration.customer.html", cwd=here / "ours", folder=here / "staging" / "1",
        shelf=here / "staging" / "shelf", plans_made=here / "out" / PLANS_MADE, settings=here / "ours" / "kam.toml",
        private=(here / "out", here / "staging"),
    )  # fmt: skip
    assert (mine.parameters, mine.folder) == ({"as_of": "2026-05-31"}, here / "staging" / "2")
    assert account.parameters == {"settings": "kam.toml", "account_id": "A-1"}
    assert (account.page, account.executed, account.result) == (
        "plans/A-1.html", "notebooks/plans/A-1.ipynb", "results/plans/A-1.json"
    )  # fmt: skip
    assert run.shelf.stat().st_mode & 0o777 == 0o700


def test_what_is_set_goes_before_the_runs_own_day(here: Path) -> None:
    [job] = plan(here, report("01_concentration", RUN, as_of="2025-01-31")).first_jobs()
    assert job.parameters == {"settings": "kam.toml", "as_of": "2025-01-31"}


def test_without_settings_and_day_nothing_is_given_and_a_month_before_stays_private(here: Path) -> None:
    before = here / "2026-04" / PLANS_MADE
    run = plan(
        here, report("01_concentration", RUN), settings=None, as_of=None, plans_made=before, history=here / "kept"
    )
    [job] = run.first_jobs()
    assert (job.parameters, job.settings, job.cwd) == ({}, None, here / "staging")
    assert (job.history, job.plans_made) == (here / "kept", before)
    assert job.private == (here / "out", here / "staging", here / "kept", here / "2026-04")
