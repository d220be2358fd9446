"""A real `kam report` in an environment that has every fault at once: none of them may end it, or change it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1] / "batch"))
from notebooks_for_tests import PARAMETERS, code, result, text, write

HERE = Path(__file__).parents[2]
# A container's user that is on no list, and modules named like ours.
NOBODY = """
import pwd
def unknown(number):
    raise KeyError(number)
pwd.getpwuid = unknown
"""
LEDGER = """
import os, warnings
from pathlib import Path
from kam_analysis.ledger import open_ledger
print(open_ledger(settings).overview.rows, 'rows')
warnings.warn('said, and no error')
print('at home' if Path.home().is_dir() else 'lost')
"""


@pytest.mark.skipif(os.name != "posix", reason="no locale and no list of users there")
def test_a_report_is_made_in_the_worst_of_environments(tmp_path: Path) -> None:
    company, notebooks, modules, temporary = (tmp_path / name for name in ("Müller & Söhne", "own", "path", "tmp-ü"))
    for folder in (company, modules, temporary):
        folder.mkdir()
    (company / "sales.csv").write_text("account_id,date,revenue\nA,2025-01-01,3\nB,2025-02-01,5\n")
    (company / "größe.toml").write_text('[tables.transactions]\nfile = "sales.csv"\n', encoding="utf-8")
    write(notebooks, "01_ledger", text("# A question?"), PARAMETERS, code(LEDGER), result())
    (modules / "sitecustomize.py").write_text(NOBODY)
    (modules / "startup.py").write_text("import sys\nsys.exit('not today')")
    for name in ("kam_analysis", "memory", "parent", "worker"):
        (modules / f"{name}.py").write_text("raise SystemExit('the wrong module')")
    kept = {name: value for name, value in os.environ.items() if name not in ("HOME", "USER", "LOGNAME")}
    environment = kept | {
        "PYTHONPATH": os.pathsep.join((str(HERE), str(modules))),
        "PYTHONSTARTUP": str(modules / "startup.py"),
        "PYTHONWARNINGS": "error",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUTF8": "0",
        "LC_ALL": "C",
        "PLOTLY_RENDERER": "browser",
        "TMPDIR": str(temporary),
    }
    command = [sys.executable, "-P", "-c", "from kam_analysis.cli import main; main()", "report",
               str(company / "größe.toml"), "--notebooks", str(notebooks), "--out", str(tmp_path / "out")]  # fmt: skip
    ended = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, timeout=600)
    assert (ended.returncode, ended.stderr.decode(errors="replace")) == (0, "")
    notebook = json.loads((tmp_path / "out" / "notebooks" / "01_ledger.ipynb").read_text(encoding="utf-8"))
    printed = "".join("".join(each.get("text", "")) for cell in notebook["cells"] for each in cell.get("outputs", []))
    for expected in ("2 rows", "said, and no error", "at home"):
        assert expected in printed
    assert list(temporary.iterdir()) == []
