"""The machine's own Chromium, for what a browser alone can make of a page: PDF and pictures.

It is spoken to over two pipes (the DevTools protocol): no port is opened that others on the machine could use, and when
this process ends, however it does, the pipes end and Chromium with them.
"""

import contextlib
import json
import os
import queue
import re
import shutil
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

import psutil

from kam_analysis.batch.kernels import end_tree
from kam_analysis.errors import KamError, SettingsError
from kam_analysis.own_folder import temporary_folder
from kam_analysis.stopping import unbroken

VARIABLE = "KAM_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge", "msedge")
_OF_MACOS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
_OLDEST = 131  # the first that numbers sheets and writes a running head as a page's style says
_START_SECONDS, _ANSWER_SECONDS, _END_SECONDS = 60.0, 120.0, 3.0
_READ, _WRITE = 3, 4  # the numbers that Chromium's pipes have in its own process
_SPARE = (63, 64)
_OPTIONS = (
    "--headless",
    "--remote-debugging-pipe",
    "--disable-gpu",
    "--disable-dev-shm-usage",  # a container's shared memory is too small for it
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-breakpad",
    "--no-first-run",
    "--no-default-browser-check",
    "--use-mock-keychain",
    "--password-store=basic",
    "--host-resolver-rules=MAP * ~NOTFOUND",  # nothing is asked for anywhere
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
    "--hide-scrollbars",
    "--lang=en-US",
    "about:blank",
)


class ChromiumError(KamError):
    """Chromium did not start, ended early, or refused what it was asked."""


def found_chromium(environ: Mapping[str, str] = os.environ) -> str:
    """The path of the Chromium to be used: what `KAM_CHROMIUM` names, else the first of its usual names.

    Raises `SettingsError` where there is none, and on Windows, where no pipe can be given to it from here.
    """
    if not hasattr(os, "posix_spawn"):
        raise SettingsError(
            "--pdf and --figures work on Linux and macOS; here, print the pages to PDF from your browser"
        )
    named = environ.get(VARIABLE, "").strip()
    candidates = (named,) if named else (*NAMES, *_OF_MACOS)
    for each in candidates:
        if path := shutil.which(each):
            return path
    if named:
        raise SettingsError(f"{VARIABLE}: {Path(named).name} is no program that can be run; name one, or unset it")
    raise SettingsError(
        "--pdf and --figures need Chromium, Chrome or Edge, and none was found; install one (Debian and Ubuntu: "
        f"apt install chromium), or let {VARIABLE} name it"
    )


class Chromium:
    """A running Chromium, ended with the block. `Chromium(path)` is the one at that path."""

    def __init__(self, path: str) -> None:
        self._path, self._number, self._pid = path, 0, 0
        self._ends = contextlib.ExitStack()
        self._answers: queue.Queue[dict[str, Any] | None] = queue.Queue()

    def __enter__(self) -> "Chromium":
        """Start it, in a folder of its own.

        Raises `ChromiumError` where it does not start or is too old.
        """
        with contextlib.ExitStack() as ends:
            folder = ends.enter_context(temporary_folder())
            with unbroken():
                ends.callback(self._end)
                self._start(folder)
            product = str(self._told("Browser.getVersion", _START_SECONDS, folder)["product"])
            version = re.search(r"/(\d+)\.", product)
            if version and int(version[1]) < _OLDEST:
                raise ChromiumError(
                    f"{Path(self._path).name} is version {version[1]}; --pdf and --figures need {_OLDEST} or later"
                )
            self._ends = ends.pop_all()
        return self

    def __exit__(self, *raised: object) -> None:
        self._ends.close()

    def ask(self, method: str, session: str = "", seconds: float = _ANSWER_SECONDS, **given: Any) -> dict[str, Any]:
        """The answer to one command of the DevTools protocol.

        Raises `ChromiumError` where it refuses, has ended, or does not answer in time.
        """
        self._number += 1
        asked = {"id": self._number, "method": method, "params": given} | ({"sessionId": session} if session else {})
        try:
            self._to.write(json.dumps(asked).encode() + b"\0")
            self._to.flush()
        except OSError:
            raise ChromiumError("Chromium ended early") from None
        until = time.monotonic() + seconds
        while True:
            try:
                answer = self._answers.get(timeout=max(until - time.monotonic(), 0.001))
            except queue.Empty:
                raise ChromiumError(f"Chromium did not answer within {seconds:g} s") from None
            if answer is None:
                self._answers.put(None)
                raise ChromiumError("Chromium ended early")
            if answer.get("id") == self._number:
                if "error" in answer:
                    raise ChromiumError(f"Chromium refused {method}: {answer['error'].get('message', '')}")
                return dict(answer["result"])

    def _told(self, method: str, seconds: float, folder: Path) -> dict[str, Any]:
        try:
            return self.ask(method, seconds=seconds)
        except ChromiumError as error:
            why = _last_words(folder / "log.txt") or str(error)
            raise ChromiumError(f"{Path(self._path).name} did not start: {why}") from None

    def _start(self, folder: Path) -> None:
        there, to = os.pipe()
        answers, here = os.pipe()
        options = [self._path, *_OPTIONS[:-1], f"--user-data-dir={folder / 'profile'}"]
        if getattr(os, "geteuid", lambda: 1)() == 0:
            options.append("--no-sandbox")  # it does not start for root with one
        log = os.O_WRONLY | os.O_CREAT
        actions = [
            (os.POSIX_SPAWN_DUP2, there, _SPARE[0]),
            (os.POSIX_SPAWN_DUP2, here, _SPARE[1]),
            (os.POSIX_SPAWN_DUP2, _SPARE[0], _READ),
            (os.POSIX_SPAWN_DUP2, _SPARE[1], _WRITE),
            *((os.POSIX_SPAWN_CLOSE, each) for each in _SPARE),
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
            (os.POSIX_SPAWN_OPEN, 2, str(folder / "log.txt"), log, 0o600),
        ]
        try:
            self._pid = os.posix_spawn(self._path, [*options, _OPTIONS[-1]], os.environ, file_actions=actions)
        except OSError as error:
            for each in (to, answers):
                os.close(each)
            raise ChromiumError(f"{Path(self._path).name} did not start: {error.strerror}") from None
        finally:
            os.close(there)
            os.close(here)
        self._to = os.fdopen(to, "wb")
        threading.Thread(target=_listen, args=(os.fdopen(answers, "rb"), self._answers), daemon=True).start()

    def _end(self) -> None:
        """Nothing of it is alive afterwards. It ends by itself when nobody speaks to it any more, faster than by force."""
        if not self._pid:
            return
        family: list[psutil.Process] = []
        with contextlib.suppress(psutil.Error):
            process = psutil.Process(self._pid)
            family = process.children(recursive=True)
            self._to.close()
            process.wait(_END_SECONDS)
        for each in (self._pid, *(each.pid for each in family if each.is_running())):
            end_tree(each)
        with contextlib.suppress(OSError):
            os.waitpid(self._pid, 0)
        self._pid = 0


def _listen(pipe: BinaryIO, answers: "queue.Queue[dict[str, Any] | None]") -> None:
    """Hand on what Chromium says until it ends; None is the end."""
    said = b""
    with pipe, contextlib.suppress(OSError):
        while more := os.read(pipe.fileno(), 1 << 20):
            *whole, said = (said + more).split(b"\0") if b"\0" in more else (said + more,)
            for each in whole:
                answers.put(json.loads(each))
    answers.put(None)


def _last_words(log: Path) -> str:
    """Why it did not start, in its own words and without the marks of its log."""
    with contextlib.suppress(OSError):
        lines = [line.strip() for line in log.read_text(encoding="utf-8", errors="replace").splitlines()]
        said = [line for line in lines if line and "unexpected operator" not in line]
        fatal = [line for line in said if "FATAL" in line or "sandbox" in line.lower()]
        return re.sub(r"^\[[^\]]*\]\s*", "", (fatal or said or [""])[-1])[:300]
    return ""
