"""Reports of a company that shows people by initials alone: no name is in any file."""

import json
import shutil
from pathlib import Path

from in_process_for_tests import reports_here
from words_for_tests import plain

SAMPLE = Path(__file__).parents[2] / "data" / "sample"


def test_with_initials_no_name_of_a_person_is_in_any_file(tmp_path: Path) -> None:
    shutil.copytree(SAMPLE, tmp_path / "data")
    path, out = tmp_path / "data" / "kam.toml", tmp_path / "out"
    path.write_text(path.read_text(encoding="utf-8") + '\n[people]\nnames = "initials"\n', encoding="utf-8")
    reports = ["03_churn_impact", "04_coverage", "05_account_plan"]
    assert reports_here(path, out, only=reports, plans="0010100,").exit_code == 0
    document = json.loads((out / "results" / "04_coverage.json").read_text(encoding="utf-8"))
    assert plain(document["answer"]).startswith("J. R., who looks after 29 % of sales")
    assert "I. V." in (out / "04_coverage.html").read_text(encoding="utf-8")
    written = [each for each in out.rglob("*") if each.suffix in (".html", ".json", ".ipynb", ".csv", ".ics")]
    assert {"actions.csv", "actions.ics", "calls.ics", "plans_made.json"} <= {each.name for each in written}
    for each in written:
        text = each.read_text(encoding="utf-8")
        for name in ("Reiter", "Ingrid", "Vass", "Fontaine", "Jonas", "Dahl", "Hahn"):
            assert name not in text, (each.name, name)
