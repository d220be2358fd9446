"""`kam report` on the three real sets: exit code 0, and pages that answer."""

import json
from pathlib import Path

import pytest

from kam_analysis.batch import run_reports

SETTINGS = Path(__file__).parents[1] / "real_data"


@pytest.mark.parametrize(
    ("name", "answer", "accounts"),
    [
        (
            "online_retail",
            "Customer 14646 is 3.4 % of sales; five customers make 12 %; 1,178 of 4,317 make 80 %.",
            4317,
        ),
        (
            "classicmodels",
            "Euro+ Shopping Channel is 8.5 % of sales; five customers make 20 %; 61 of 98 make 80 %.",
            98,
        ),
        (
            "wide_world_importers",
            "Tailspin Toys (Head Office) is 32 % of sales, though none of its 201 companies reaches 10 %;"
            " five customers make 64 %; 98 of 263 make 80 %.",
            263,
        ),
    ],
)
def test_a_real_export_gives_a_page_worth_reading(real_data, tmp_path, name, answer, accounts):
    summary = run_reports(SETTINGS / f"{name}.toml", tmp_path, only=["01_concentration"], say=lambda line: None)
    assert summary.exit_code == 0
    document = json.loads((tmp_path / "results" / "01_concentration.json").read_text(encoding="utf-8"))
    assert document["answer"].replace("\u00a0", " ") == answer
    assert document["figures"]["accounts"]["value"] == accounts
    page = (tmp_path / "01_concentration.html").read_text(encoding="utf-8")
    assert str(real_data) not in page
    assert page.count("<h1") == 1
