"""A real PostgreSQL and a real Spark for the tests that need them; without one they say what is missing."""

import getpass
import os
import platform
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NoReturn

import pytest


def _missing(reason: str) -> NoReturn:
    """CI installs the engines; there a missing one must not pass for a skipped test."""
    if os.environ.get("KAM_REQUIRE_ENGINES"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The URL of a database in which tests may create schemas: KAM_TEST_POSTGRES, else a server of our own."""
    if find_spec("psycopg") is None:
        _missing("the extra postgres is not installed")
    if named := os.environ.get("KAM_TEST_POSTGRES"):
        yield named
        return
    programs = _postgres_programs()
    if programs is None:
        _missing("no PostgreSQL here: neither KAM_TEST_POSTGRES nor initdb and pg_ctl")
    with tempfile.TemporaryDirectory(prefix="kam-pg-", ignore_cleanup_errors=True) as folder:
        server = _Server(programs, Path(folder))
        server.start()
        try:
            yield f"postgres://kam@127.0.0.1:{server.port}/postgres"
        finally:
            server.stop()


def _postgres_programs() -> Path | None:
    """The folder of initdb and pg_ctl: Debian keeps them off the PATH."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).parent
    return max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda each: int(each.parent.name), default=None)


class _Server:
    """A PostgreSQL with its data in one folder, ended with the tests."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self.programs, self.data = programs, folder / "data"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        # PostgreSQL refuses to run as root: then another user has to.
        self.user: dict[str, Any] = {}
        if platform.system() != "Windows" and getpass.getuser() == "root":
            self.user = {"user": "postgres"}
            shutil.chown(folder, "postgres")

    def start(self) -> None:
        self._run("initdb", "-U", "kam", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C")
        fast = "-c fsync=off -c listen_addresses=127.0.0.1 -c unix_socket_directories="
        self._run("pg_ctl", "-w", "-l", str(self.data / "log"), "-o", f"-p {self.port} {fast}", "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-m", "immediate", "stop")

    def _run(self, program: str, *words: str) -> None:
        command = [str(self.programs / program), "-D", str(self.data), *words]
        # Its output goes to no pipe: the server would inherit and keep it open.
        with (self.data.parent / f"{program}.log").open("wb") as log:
            done = subprocess.run(command, stdout=log, stderr=log, cwd=self.data.parent, check=False, **self.user)
        said = (self.data.parent / f"{program}.log").read_text(errors="replace")
        assert done.returncode == 0, f"{program}: {said[-500:]}"


@pytest.fixture(scope="session")
def spark() -> Iterator[Any]:
    """One small Spark for the whole run, which `pyspark://local` then finds."""
    if find_spec("pyspark") is None:
        _missing("the extra spark is not installed")
    if not shutil.which("java") and not os.environ.get("JAVA_HOME"):
        _missing("no Java here, which Spark needs")
    settings = {
        "spark.master": "local[1]",
        "spark.driver.memory": "1g",
        "spark.sql.shuffle.partitions": "1",
        "spark.default.parallelism": "1",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.execution.arrow.pyspark.enabled": "true",
        "spark.sql.maxPlanStringLength": "100",  # a plan's words are for a page that nobody opens
        "spark.log.level": "OFF",
        # A thousand rows: compiling a query costs more than running it.
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
        "spark.sql.adaptive.enabled": "false",
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
    }
    from pyspark import sql

    with tempfile.TemporaryDirectory(prefix="kam-spark-", ignore_cleanup_errors=True) as folder:
        builder = sql.SparkSession.builder.config("spark.sql.warehouse.dir", Path(folder).as_uri())
        for key, value in settings.items():
            builder = builder.config(key, value)
        session = builder.getOrCreate()
        yield session
        session.stop()
