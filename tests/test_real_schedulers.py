"""Airflow and jupyter-scheduler themselves, where they are: `make test-slow` installs them in environments of their own."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
SCHEDULES = ROOT / "schedules"
AIRFLOW, JUPYTER_SCHEDULER = os.environ.get("KAM_AIRFLOW"), os.environ.get("KAM_JUPYTER_SCHEDULER")
TOKEN = "of-this-test"
PROGRAM = """
import runpy, sys
import pendulum
from airflow.timetables.base import TimeRestriction
dag = runpy.run_path(sys.argv[1])["dag"]
[task] = dag.tasks
told = {"last_automated_data_interval": None, "restriction": TimeRestriction(pendulum.datetime(2026, 2, 20), None, True)}
for month in range(3):
    info = dag.timetable.next_dagrun_info(**told)
    print(task.task_id, task.retries, info.run_after.isoformat(), info.logical_date.date())
    told["last_automated_data_interval"] = info.data_interval
"""


@pytest.mark.skipif(not AIRFLOW, reason="KAM_AIRFLOW names no Python that has Airflow")
def test_a_real_airflow_imports_the_dag_and_its_dates_are_the_months_last_days(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "AIRFLOW_HOME": str(tmp_path / "airflow")}
    command = [str(AIRFLOW), "-c", PROGRAM, str(SCHEDULES / "kam_report_dag.py")]
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
    assert [line for line in done.stdout.splitlines() if line.startswith("report ")] == [
        "report 0 2026-03-02T06:00:00+00:00 2026-02-28",
        "report 0 2026-04-02T06:00:00+00:00 2026-03-31",
        "report 0 2026-05-02T06:00:00+00:00 2026-04-30",
    ]


class Server:
    """A Jupyter server with the scheduler, through its REST API."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        places = {f"JUPYTER_{each.upper()}_DIR": str(folder / each) for each in ("data", "config", "runtime")}
        environment = {
            **os.environ,
            **places,
            "HOME": str(folder),
            "PYTHONPATH": f"{ROOT}{os.pathsep}{JUPYTER_SCHEDULER}",
        }
        options = {
            "ServerApp.ip": "127.0.0.1", "ServerApp.port": self.port, "ServerApp.root_dir": folder,
            "IdentityProvider.token": TOKEN, "ServerApp.allow_root": True, "ServerApp.open_browser": False,
            "ServerApp.jpserver_extensions": "{'jupyter_scheduler': True}",
            "SchedulerApp.db_url": f"sqlite:///{folder}/jobs.sqlite",
        }  # fmt: skip
        command = [sys.executable, "-m", "jupyter_server", *(f"--{name}={value}" for name, value in options.items())]
        self.log = (folder / "server.log").open("w")
        self.process = subprocess.Popen(command, env=environment, stdout=self.log, stderr=subprocess.STDOUT)

    def ask(self, path: str, body: dict[str, Any] | None = None) -> Any:
        headers = {"Content-Type": "application/json", "Authorization": f"token {TOKEN}"}
        data = None if body is None else json.dumps(body).encode()
        asked = urllib.request.Request(f"http://127.0.0.1:{self.port}/{path}", data, headers)
        with urllib.request.urlopen(asked, timeout=600) as answer:
            return json.load(answer)

    def ended(self, parameters: dict[str, str], seconds: float = 600) -> dict[str, Any]:
        """A job of the notebook with these parameters, when it is done or has failed."""
        asked = {
            "name": "kam", "input_uri": "kam_report.ipynb", "output_formats": ["ipynb"], "parameters": parameters,
            "runtime_environment_name": self.ask("scheduler/runtime_environments")[0]["name"],
        }  # fmt: skip
        number, until = self.ask("scheduler/jobs", asked)["job_id"], time.monotonic() + seconds
        while (job := self.ask(f"scheduler/jobs/{number}"))["status"] not in ("COMPLETED", "FAILED"):
            assert time.monotonic() < until, job
            time.sleep(1)
        return dict(job)


@contextmanager
def serving(folder: Path) -> Iterator[Server]:
    server = Server(folder)
    try:
        until = time.monotonic() + 600
        while True:
            try:
                server.ask("api/status")
                break
            except OSError:
                assert time.monotonic() < until, (folder / "server.log").read_text(encoding="utf-8")
                time.sleep(0.5)
        yield server
    finally:
        server.process.terminate()
        server.process.wait(600)
        server.log.close()


@pytest.mark.skipif(not JUPYTER_SCHEDULER, reason="KAM_JUPYTER_SCHEDULER names no folder that has jupyter-scheduler")
def test_jupyter_scheduler_runs_the_notebook_through_its_rest_api(tmp_path: Path) -> None:
    shutil.copy(SCHEDULES / "kam_report.ipynb", tmp_path)
    end = date.today().replace(day=1) - timedelta(days=1)
    rows = "".join(
        f"{account},{end - timedelta(days=30 * back)},{9 - at}\n"
        for back in range(14)
        for at, account in enumerate("ABCDE")
    )
    (tmp_path / "sales.csv").write_text("account_id,date,revenue\n" + rows, encoding="utf-8")
    settings = tmp_path / "kam.toml"
    settings.write_text('[tables.transactions]\nfile = "sales.csv"\n[alerts]\nshare = 0.99\n', encoding="utf-8")
    given = {"settings": f'"{settings}"', "out": f'"{tmp_path}/reports/{{month}}"'}
    with serving(tmp_path) as server:
        done = server.ended(given)
        assert done["status"] == "COMPLETED", done
        assert (tmp_path / "reports" / "latest" / "run.json").resolve().parent.name == f"{end:%Y-%m}"
        unquoted = server.ended({**given, "settings": str(settings)})
        assert (unquoted["status"], "SyntaxError" in unquoted["status_message"]) == ("FAILED", True)
        settings.write_text(settings.read_text(encoding="utf-8").replace("0.99", "0.20"), encoding="utf-8")
        alerted = server.ended(given)
        assert (alerted["status"], "of all sales, above 20" in alerted["status_message"]) == ("FAILED", True)
