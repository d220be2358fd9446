"""The files in schedules/: each is run, or checked by the program that reads it, as far as this machine can."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import jinja2
import nbformat
import pytest
import yaml
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from kam_analysis.bundled import notebooks_folder

ROOT = Path(__file__).parents[1]
SCHEDULES = ROOT / "schedules"
FOLDER = "/srv/kam"  # what a user replaces
SETTINGS = 'name = "Works"\n[tables.transactions]\nfile = "sales.csv"\n[alerts]\nfall = 0.2\n'
# A question of somebody's own under the name of ours: a run of a second, with an alert in it.
QUESTION = """
shown = {{"question": "One?", "answer": "Müller falls.", "caveats": [], "figures": {{}}, "assumptions": [],
  "worth_collecting": [], "provenance": {{"company": "Works", "as_of": as_of, "currency": "EUR"}},
  "tables": {{"fell_more_than_usual": [{{"account_id": each, "account_name": "Müller " + each, "change": -5.0,
    "change_share": -0.5}} for each in {accounts}]}}}}
display({{"application/vnd.kam.result+json": shown}}, raw=True)
"""

LAST_MONTH_END = date.today().replace(day=1) - timedelta(days=1)
MONTH = f"{LAST_MONTH_END:%Y-%m}"
SALES = f"account_id,date,revenue\nA,{LAST_MONTH_END},3\nB,{LAST_MONTH_END - timedelta(days=40)},2\n"


def text(name: str) -> str:
    return (SCHEDULES / name).read_text(encoding="utf-8")


class Site:
    """A folder as a site has it: settings, data, an environment with `kam`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / ".venv" / "bin").mkdir(parents=True)
        (folder / "kam.toml").write_text(SETTINGS, encoding="utf-8")
        (folder / "sales.csv").write_text(SALES, encoding="utf-8")
        self.asks("A")
        kam = folder / ".venv" / "bin" / "kam"
        kam.write_text(
            "#!/bin/sh\n"
            f'exec {shlex.quote(sys.executable)} -c "import sys; sys.path.insert(0, {str(ROOT)!r}); '
            'from kam_analysis.cli import main; main()" "$@" --notebooks notebooks\n'
        )
        kam.chmod(0o755)

    def asks(self, *accounts: str, source: str = QUESTION) -> None:
        """What its own notebook finds: these customers fell."""
        cells = [
            nbformat.v4.new_code_cell('settings: str = ""\nas_of: str = ""', metadata={"tags": ["parameters"]}),
            nbformat.v4.new_code_cell(source.format(accounts=list(accounts))),
        ]
        (self.folder / "notebooks").mkdir(exist_ok=True)
        notebook = nbformat.v4.new_notebook(cells=cells, metadata={"language_info": {"name": "python"}})
        nbformat.write(notebook, self.folder / "notebooks" / "01_concentration.ipynb")

    def run(self, command: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """A shell that knows nothing but what is given."""
        given = [f"{name}={value}" for name, value in environment.items()]
        return subprocess.run(
            ["env", "-i", *given, "/bin/sh", "-c", command.replace(FOLDER, str(self.folder))],
            cwd="/", capture_output=True, text=True, timeout=600,
        )  # fmt: skip


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path / "srv kam")


def cron_command() -> str:
    [line] = [each for each in text("kam.crontab").splitlines() if each[:1].isdigit()]
    minute, hour, day, month, weekday, command = line.split(" ", 5)
    assert (minute, hour, day, month, weekday) == ("0", "6", "2", "*", "*")
    assert "%" not in command  # cron would make a new line of it
    return command.replace("cd /srv/kam", 'cd "/srv/kam"')


def of_service(key: str) -> list[str]:
    return re.findall(rf"^{key}=(.*)$", text("kam-report.service"), re.MULTILINE)


def service_command() -> str:
    [command], [folder] = of_service("ExecStart"), of_service("WorkingDirectory")
    assert "%" not in command
    program, *rest = command.split(" ")
    return f'cd "{folder}" && "{program}" {" ".join(rest)}'


def dag_command(ds: str) -> str:
    """What Airflow's BashOperator hands to the shell."""
    [command] = re.findall(r"bash_command='(.+)'", text("kam_report_dag.py"))
    return f'cd "{FOLDER}" && {jinja2.Template(command).render(ds=ds)}'


COMMANDS: dict[str, tuple[Callable[[], str], dict[str, str]]] = {
    "cron": (cron_command, {"HOME": "/", "LOGNAME": "kam", "SHELL": "/bin/sh", "PATH": "/usr/bin:/bin"}),
    # A unit of the system without User= has no HOME.
    "systemd": (service_command, {"PATH": "/usr/local/bin:/usr/bin:/bin", "INVOCATION_ID": "0"}),
    "airflow": (lambda: dag_command(LAST_MONTH_END.isoformat()), {"HOME": "/nonexistent", "PATH": "/usr/bin:/bin"}),
}


@pytest.mark.skipif(os.name != "posix", reason="shells of POSIX")
@pytest.mark.parametrize("scheduler", COMMANDS)
def test_each_command_runs_with_nothing_but_what_its_scheduler_gives(scheduler: str, site: Site) -> None:
    command, environment = COMMANDS[scheduler]
    first = site.run(command(), **environment)
    alert = "alert: Müller A: the last six months are 50% (€5) below those a year before, more than is usual for it\n"
    said = first.stdout.replace("\u00a0", " ").replace("\\xfc", "ü").replace("\\xa0", " ").replace("\\u20ac", "€")
    assert (first.returncode, said, first.stderr) == (4, alert, "")
    record = json.loads((site.folder / "reports" / MONTH / "run.json").read_text(encoding="utf-8"))
    assert (record["status"], record["as_of"]) == ("complete", LAST_MONTH_END.isoformat())
    assert (site.folder / "reports" / "latest" / "run.json").is_file()
    assert {each.name for each in (site.folder / "reports").iterdir()} == {MONTH, "history", "latest"}
    if scheduler != "cron":
        return
    again = site.run(command(), **environment)
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")  # cron sends no mail
    site.asks(source="1 / 0")
    broken = site.run(command(), **environment)
    assert (broken.returncode, broken.stdout) == (1, "")
    assert broken.stderr.startswith("01_concentration: failed: ZeroDivisionError: division by zero")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed here")
def test_systemd_takes_the_units_and_their_calendar(site: Site, tmp_path: Path) -> None:
    plain = tmp_path / "kam"
    site.folder.rename(plain)  # a unit's path of a program can have no space
    for name in ("kam-report.service", "kam-report.timer"):
        written = text(name).replace(FOLDER, str(plain)).replace("User=kam", "User=root")
        (tmp_path / name).write_text(written, encoding="utf-8")
    command = ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no"]
    done = subprocess.run([*command, str(tmp_path / "kam-report.timer")], capture_output=True, text=True)
    assert (done.returncode, [line for line in done.stderr.splitlines() if "kam-report" in line]) == (0, [])
    broken = (tmp_path / "kam-report.service").read_text(encoding="utf-8").replace("Type=oneshot", "Typ=oneshot")
    (tmp_path / "kam-report.service").write_text(broken, encoding="utf-8")
    seen = subprocess.run([*command, str(tmp_path / "kam-report.service")], capture_output=True, text=True)
    assert "Typ" in seen.stderr
    [calendar] = re.findall(r"^OnCalendar=(.+)$", text("kam-report.timer"), re.MULTILINE)
    shown = subprocess.run(["systemd-analyze", "calendar", calendar], capture_output=True, text=True)
    assert re.search(r"Next elapse: \w+ \d{4}-\d\d-02 06:00:00", shown.stdout), shown.stdout


TASK = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def names(element: ElementTree.Element | None) -> list[str]:
    assert element is not None
    return [each.tag.removeprefix(TASK) for each in element]


def test_the_windows_task_has_the_structure_of_its_schema() -> None:
    """Version 1.2 of the schema, by hand: no machine here has it, and nothing was imported into a Windows."""
    task = ElementTree.fromstring(text("kam-report-task.xml"))
    assert (task.tag, task.get("version")) == (f"{TASK}Task", "1.2")
    assert names(task) == ["RegistrationInfo", "Triggers", "Principals", "Settings", "Actions"]
    trigger = task.find(f"{TASK}Triggers/{TASK}CalendarTrigger")
    assert names(trigger) == ["StartBoundary", "Enabled", "ScheduleByMonth"]
    assert names(task.find(f".//{TASK}ScheduleByMonth")) == ["DaysOfMonth", "Months"]
    assert names(task.find(f".//{TASK}Months")) == MONTHS
    start = task.findtext(f".//{TASK}StartBoundary") or ""
    assert re.fullmatch(r"\d{4}-\d\d-02T06:00:00", start)
    principal, actions = task.find(f".//{TASK}Principal"), task.find(f"{TASK}Actions")
    assert principal is not None
    assert actions is not None
    assert actions.get("Context") == principal.get("id")
    assert names(task.find(f".//{TASK}Exec")) == ["Command", "Arguments", "WorkingDirectory"]
    assert re.fullmatch(r"PT\d+H", task.findtext(f".//{TASK}ExecutionTimeLimit") or "")
    told = task.findtext(f".//{TASK}Arguments") or ""
    assert told.startswith('/d /c "set PYTHONUTF8=1&& .venv\\Scripts\\kam.exe report kam.toml --out reports\\{month} ')
    assert "%" not in told  # Windows would put a variable's value there
    assert not set(re.findall(r"--[a-z-]+", told)) - {"--out", "--fail-on-alert"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, check=True, capture_output=True, cwd=ROOT)
    [found] = folder.glob("*.whl")
    return found


def test_the_workflows_steps_run_in_an_empty_folder_from_the_wheel(wheel: Path, tmp_path: Path) -> None:
    workflow = yaml.safe_load(text("kam-report.yml"))
    assert set(workflow) == {"name", True, "permissions", "concurrency", "jobs"}  # YAML takes `on` for true
    assert [set(each) for each in workflow[True]["schedule"]] == [{"cron"}]
    assert len(workflow[True]["schedule"][0]["cron"].split()) == 5
    steps = workflow["jobs"]["report"]["steps"]
    assert all(len({"uses", "run"} & set(step)) == 1 for step in steps)
    assert not set().union(*steps) - {"name", "uses", "run", "with", "env", "if"}
    assert all(re.fullmatch(r"actions/[a-z-]+@v\d+", step["uses"]) for step in steps if "uses" in step)
    assert [step.get("if") for step in steps if "upload-artifact" in step.get("uses", "")] == ["always()"]

    checkout, environment = tmp_path / "checkout", tmp_path / "venv"
    (checkout / "wheels").mkdir(parents=True)
    shutil.copy(wheel, checkout / "wheels")
    (checkout / "kam.toml").write_text(SETTINGS, encoding="utf-8")
    (checkout / "sales.csv").write_text(SALES, encoding="utf-8")
    subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
    given = {"PATH": f"{environment / 'bin'}:/usr/bin:/bin", "HOME": str(tmp_path), "CI": "true"}
    # What it needs comes from this environment, not from a registry.
    given |= {"PIP_NO_DEPS": "1", "PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    [install, report] = [step["run"] for step in steps if "run" in step]
    bash = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c"]
    done = subprocess.run([*bash, install], cwd=checkout, env=given, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    [packages] = (environment / "lib").glob("python*/site-packages")
    libraries = next(path for path in sys.path if path.endswith("site-packages"))
    (packages / "libraries.pth").write_text(f"{libraries}\n")
    where = [environment / "bin" / "python", "-c", "import kam_analysis; print(kam_analysis.__file__)"]
    from_wheel = subprocess.run(where, cwd=checkout, env=given, capture_output=True, text=True).stdout
    assert Path(from_wheel).is_relative_to(packages)
    run = subprocess.run(
        [*bash, report + " --only 01_concentration"], cwd=checkout, env=given, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
    assert (checkout / "reports" / MONTH / "01_concentration.html").is_file()
    assert (checkout / "reports" / "history").is_dir()  # what the cache keeps
    [cached] = [step["with"]["path"] for step in steps if "actions/cache" in step.get("uses", "")]
    assert cached == "reports/history"


def prepared(folder: Path, **parameters: str) -> Any:
    """The notebook as jupyter-scheduler runs it: a cell of `name = text` behind the parameters."""
    notebook = nbformat.read(SCHEDULES / "kam_report.ipynb", as_version=4)
    assert [each.metadata.get("tags", []) for each in notebook.cells] == [["parameters"], []]
    source = "\n".join(f"{name} = {value}" for name, value in parameters.items())
    notebook.cells.insert(1, nbformat.v4.new_code_cell(source))
    return notebook


def test_the_notebook_runs_with_quoted_absolute_paths_in_a_folder_of_its_own(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    (elsewhere := tmp_path / "staging").mkdir()
    given = {"settings": f'"{site.folder}/kam.toml"', "out": f'"{site.folder}/reports/{{month}}"'}
    notebook = prepared(elsewhere, **given)
    site.asks()
    call = notebook.cells[2].source
    assert "fail_on_alert=True)" in call
    mine = f'fail_on_alert=True, notebooks=Path("{site.folder}/notebooks"))'
    notebook.cells[2].source = call.replace("fail_on_alert=True)", mine)
    client = NotebookClient(notebook, resources={"metadata": {"path": str(elsewhere)}}, timeout=600)
    client.execute()
    assert (site.folder / "reports" / MONTH / "run.json").is_file()
    assert list(elsewhere.iterdir()) == []
    site.asks("A")
    with pytest.raises(CellExecutionError, match=r"RuntimeError.*: Müller A: the last six months"):
        NotebookClient(notebook, resources={"metadata": {"path": str(elsewhere)}}, timeout=600).execute()
    site.asks(source="1 / 0")
    with pytest.raises(CellExecutionError, match="division by zero"):
        NotebookClient(notebook, resources={"metadata": {"path": str(elsewhere)}}, timeout=600).execute()
    unquoted = prepared(elsewhere, settings=f"{site.folder}/kam.toml")
    with pytest.raises(CellExecutionError, match="SyntaxError"):
        NotebookClient(unquoted, resources={"metadata": {"path": str(elsewhere)}}, timeout=600).execute()


def test_every_file_of_the_folder_is_told_in_the_docs() -> None:
    told = (ROOT / "docs" / "scheduling.md").read_text(encoding="utf-8")
    for path in SCHEDULES.iterdir():
        if path.is_file():
            assert f"schedules/{path.name}" in told, path.name
    assert notebooks_folder() != SCHEDULES
