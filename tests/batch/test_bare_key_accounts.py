"""`02_key_accounts` on next to nothing: three customers, three rows, no names, every criterion the same for all."""

import json

import pytest

from kam_analysis.batch import run_reports

ROWS = "account_id,date,revenue\nA-1,2025-01-25,100\nA-2,2025-02-25,100\nA-3,2025-03-25,100\n"


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bare")
    (folder / "sales.csv").write_text(ROWS, encoding="utf-8")
    settings = folder / "kam.toml"
    settings.write_text('name = "Bare"\n[tables.transactions]\nfile = "sales.csv"\n', encoding="utf-8")
    run = run_reports(settings, folder / "out", only=["02_key_accounts"], say=lambda line: None)
    assert run.exit_code == 0
    document = json.loads((folder / "out" / "results" / "02_key_accounts.json").read_text(encoding="utf-8"))
    return document, (folder / "out" / "02_key_accounts.html").read_text(encoding="utf-8")


def test_the_answer_calls_customers_by_their_number(told):
    assert told[0]["answer"].replace("\u00a0", " ") == (
        "3 of 3 customers are key: Customer A-1 (33 % of sales), Customer A-2 and Customer A-3."
    )


def test_what_tells_nobody_apart_is_left_out_and_said(told):
    [said] = [each for each in told[0]["caveats"] if "value score" in each]
    assert "volume (the same for nearly all accounts)" in said
    assert "profit (needs cost in transactions)" in said


def test_an_account_without_any_criterion_has_no_score_and_is_not_firm(told):
    rows = {row["account_id"]: row for row in told[0]["tables"]["key_accounts"]}
    unknown = [row for row in rows.values() if row["score"] is None]
    assert unknown
    assert not any(row["firm"] for row in unknown)
    assert len(told[0]["worth_collecting"]) == 3
