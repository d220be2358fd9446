"""`kam report` on last year beside this year: every page answers from whole years and says what needs months."""

import json
from pathlib import Path

from in_process_for_tests import reports_here

from kam_analysis.bundled import notebooks_folder
from kam_analysis.exports import inspect_export, write_settings

ROWS = """Customer no.,Customer name,Sales 2023,Sales 2024,Sales 2025,Change %
A-1,Aldwick,100,100,200,100%
A-2,Bexhill,50,50,,-100%
A-3,Corran,,,40,
A-4,Dyson,10,90,60,-33%
"""


def test_every_report_is_made_and_says_that_months_are_missing(tmp_path: Path) -> None:
    (tmp_path / "sales.csv").write_text(ROWS, encoding="utf-8")
    settings, out = write_settings(inspect_export(tmp_path / "sales.csv")), tmp_path / "out"
    assert reports_here(settings, out).exit_code == 0
    found = {}
    for notebook in notebooks_folder().glob("0[1-4]*.ipynb"):
        found[notebook.stem[:2]] = json.loads((out / "results" / f"{notebook.stem}.json").read_text(encoding="utf-8"))
    for document in found.values():
        [said] = [each for each in document["caveats"] if "has totals by year" in each]
        assert "what needs months is not assessed: steadiness" in said
    first = {name: figure["value"] for name, figure in found["01"]["figures"].items()}
    assert (first["revenue_total"], first["accounts"], round(first["top_1_share"], 4)) == (300.0, 3, 0.6667)
    assert found["01"]["tables"]["twelve_months_to"] == []
    assert found["01"]["tables"]["fell_more_than_usual"] == []
    assert [each["amount"] for each in found["01"]["tables"]["bridge"]] == [240.0, 40.0, 100.0, -30.0, -50.0, 300.0]
    assert found["03"]["figures"]["worst_case_top_1"]["value"] == 200.0
    assert found["03"]["figures"]["bad_year_loss"]["value"] is None
    assert any("totals by year do not show when an account bought" in each for each in found["03"]["caveats"])
