"""`02_key_accounts` on the three real sets, where most tables are missing: a sane list, and what to collect."""

import json
from pathlib import Path

import pytest

from kam_analysis.batch import run_reports

SETTINGS = Path(__file__).parents[1] / "real_data"


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("online_retail", "None of 4,317 customers is key; Customer 14646 comes nearest with 4.0 % of units."),
        ("classicmodels", "1 of 98 customers is key: Mini Gifts Distributors Ltd. (11 % of Trucks and Buses)."),
        (
            "wide_world_importers",
            "2 of 263 customers are key: Tailspin Toys (Head Office) (32 % of units and 1 more) and Wingtip Toys (Head Office).",
        ),
    ],
)
def test_a_real_export_gives_a_sane_list(real_data, tmp_path, name, answer):
    summary = run_reports(SETTINGS / f"{name}.toml", tmp_path, only=["02_key_accounts"], say=lambda line: None)
    assert summary.exit_code == 0
    document = json.loads((tmp_path / "results" / "02_key_accounts.json").read_text(encoding="utf-8"))
    assert document["answer"].replace("\u00a0", " ") == answer
    assert len(document["worth_collecting"]) == 3
