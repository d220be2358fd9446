"""The run's side of the fork server: asks for a report's process, and knows how each ended."""

import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

from kam_analysis.batch.kernels import KERNEL_SETTINGS, RUN, end_strays, end_tree, python_environment
from kam_analysis.batch.warm.fork_server import LONGEST
from kam_analysis.batch.warm.forking import can_fork

SERVER = "kam_analysis.batch.warm.fork_server"
_PATIENCE_SECONDS = 5
_AGAIN_SECONDS = 0.02


class ForkServer:
    """Started with the first process that is asked for; its files lie in `folder`. One run's own."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._run = folder, uuid.uuid4().hex
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: socket.socket | None = None
        self._asked: dict[int, Forked] = {}
        self._count = 0
        self._lost = not can_fork()

    @property
    def serves(self) -> bool:
        """Whether a process may be asked for: forking is possible here, and has not failed yet."""
        return not self._lost

    def fork(self, job: Path, environment: Mapping[str, str], cwd: Path, log: IO[bytes]) -> "Forked":
        """The process of the job stored in `job`; it starts as soon as the server is warm."""
        if self._channel is None:
            self._start()
        reads, writes = os.pipe()
        heard, says = os.pipe()
        self._count += 1
        process = self._asked[self._count] = Forked(self, os.fdopen(writes, "wb"), os.fdopen(heard, "rb"))
        asked = {"number": self._count, "job": str(job), "environment": dict(environment), "cwd": str(cwd)}
        try:
            assert self._channel is not None
            socket.send_fds(self._channel, [json.dumps(asked).encode()], [reads, says, log.fileno()])
        except OSError:
            self._is_lost()
        os.close(reads)
        os.close(says)
        return process

    def hear(self) -> None:
        """Take in what the server has said."""
        while self._channel is not None and not self._lost and select.select([self._channel], [], [], 0)[0]:
            try:
                said = self._channel.recv(LONGEST)
            except OSError:
                said = b""
            if not said:
                self._is_lost()
                return
            self._take(json.loads(said))

    def end(self) -> None:
        """The server and all that it forked are gone when this returns."""
        if self._channel is None or self._process is None:
            return
        self._lost = True
        self._channel.close()
        end_tree(self._process.pid)
        self._process.wait()
        end_strays(self._run)

    def _start(self) -> None:
        self._channel, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        environment = python_environment(self._folder) | KERNEL_SETTINGS | {RUN: self._run}
        with theirs, (self._folder / "fork_server.log").open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", SERVER],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=log,
                cwd=self._folder,
                env=environment,
                start_new_session=True,
            )

    def _take(self, said: dict[str, Any]) -> None:
        if "ended" in said:
            for process in self._asked.values():
                if process.pid == said["ended"] and process.returncode is None:
                    process.returncode = said["code"]
        elif said["pid"]:
            self._asked[said["asked"]].pid = said["pid"]
        else:
            self._asked[said["asked"]].refused = True

    def _is_lost(self) -> None:
        """Whatever it had forked ends with it; what it had not is started otherwise."""
        self._lost = True
        for process in self._asked.values():
            if not process.pid:
                process.refused = True
            elif process.returncode is None:
                process.returncode = -signal.SIGKILL


class Forked:
    """A report's process; of `subprocess.Popen` what a `Worker` asks of it. `refused`: it will never be."""

    def __init__(self, server: ForkServer, stdin: IO[bytes], stdout: IO[bytes]) -> None:
        self.stdin, self.stdout = stdin, stdout
        self.pid, self.refused = 0, False
        self.returncode: int | None = None
        self._server = server

    def poll(self) -> int | None:
        """Its exit code, negative for a signal; None while it runs, or is only about to."""
        self._server.hear()
        return self.returncode

    def wait(self, timeout: float = _PATIENCE_SECONDS) -> int | None:
        """The same, once it has ended."""
        until = time.monotonic() + timeout
        while self.poll() is None and self.pid and not self.refused and time.monotonic() < until:
            time.sleep(_AGAIN_SECONDS)
        return self.returncode
