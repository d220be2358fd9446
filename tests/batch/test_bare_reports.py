"""`kam report` on three rows: every page answers, and says what is missing."""

import json
from pathlib import Path

from in_process_for_tests import reports_here

from kam_analysis.bundled import notebooks_folder

ROWS = "account_id,date,revenue\nA-1,2025-01-25,100\nA-2,2025-02-25,60\nA-3,2025-03-25,-5\n"


def test_three_rows_make_every_report(tmp_path: Path) -> None:
    (tmp_path / "sales.csv").write_text(ROWS, encoding="utf-8")
    settings, out = tmp_path / "kam.toml", tmp_path / "out"
    settings.write_text('name = "Bare"\n[tables.transactions]\nfile = "sales.csv"\n', encoding="utf-8")
    assert reports_here(settings, out).exit_code == 0
    for notebook in notebooks_folder().glob("0[1-4]*.ipynb"):
        document = json.loads((out / "results" / f"{notebook.stem}.json").read_text(encoding="utf-8"))
        assert document["answer"].endswith(".")
        assert document["worth_collecting"]
        assert (out / f"{notebook.stem}.html").read_text(encoding="utf-8").count("<h1") == 1
