"""JupyterLab as a user meets it: started for real on a working copy, driven in a headless browser."""

import json
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kam_analysis.batch.kernels import end_tree
from kam_analysis.batch.lab import lab_command, lab_environment, working_copy
from kam_analysis.explorer.charts import Charts

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Locator, Page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome") or ""
TOKEN = "only-for-this-test"
# Of the browser's part of an explorer: after so long the kernel's word counts, whatever it is about.
PATIENCE_MILLISECONDS = int(Charts._esm.split("const PATIENCE = ")[1].split(";")[0])
PATIENCE_SECONDS = 600
LOOK_MILLISECONDS = 100  # to look at every frame, as Playwright does by itself, makes the browser draw every frame


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab: its address, the folder of the working copy, and the one window in which it is looked at.

    Each notebook has a tab of that window: JupyterLab's programs are read once, and only the tab in front draws.
    """

    port: int
    folder: Path
    window: "BrowserContext"
    nothing: "Page"  # an empty tab: with it in front, no notebook draws

    def open(self, notebook: str) -> "Page":
        """A notebook in a tab of its own, which is in front, with a kernel that is ready."""
        page = self.window.new_page()
        page.set_default_timeout(PATIENCE_SECONDS * 1000)
        # A workspace of its own: windows of other tests do not come back.
        page.goto(f"http://127.0.0.1:{self.port}/lab/workspaces/{time.time_ns()}/tree/{notebook}?token={TOKEN}")
        page.locator(".jp-Notebook").wait_for()
        page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
        return page


@contextmanager
def started(folder: Path, browser: "Browser", settings: Path | None = None) -> Iterator[Lab]:
    """JupyterLab on a working copy in `folder`, with nothing kept from the machine's own JupyterLab.

    `settings` are those of the company; the sample's if not given.
    """
    working_copy(settings, folder)
    port, home = _free_port(), folder.parent / f"{folder.name}-home"
    options = ["--no-browser", f"--port={port}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={TOKEN}",
               "--allow-root"]  # fmt: skip
    own = {name: str(home / name) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR", "IPYTHONDIR")}  # fmt: skip
    environment = lab_environment(folder) | own
    home.mkdir(parents=True)
    with (home / "log.txt").open("wb") as log:
        process = subprocess.Popen(
            lab_command(folder, options), cwd=folder, env=environment, stdin=subprocess.PIPE, stdout=log, stderr=log
        )
    try:
        _wait(port, process)
        window = browser.new_context(viewport={"width": 1280, "height": 900})
        window.add_init_script(_COUNT_TOLD)
        yield Lab(port, folder, window, window.new_page())
        window.close()
    finally:
        end_tree(process.pid)
        process.communicate(timeout=PATIENCE_SECONDS)


def choose(page: "Page", words: str, *commands: str) -> None:
    """A command from the palette: what the words find there, the first that is one of these."""
    from playwright.sync_api import TimeoutError as Late

    field = page.locator(".lm-CommandPalette-input")
    item = page.locator(", ".join(f".lm-CommandPalette-item[data-command='{each}']" for each in commands)).first
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        page.evaluate("document.activeElement.blur()")  # a widget's text field keeps such keys to itself
        page.keyboard.press("Control+Shift+C")
        # A page that is still at work, with its theme for instance, may not hear the keys or close the palette again.
        with suppress(Late):
            field.fill(words, timeout=10_000)
            item.click(timeout=10_000)
            field.wait_for(state="hidden", timeout=10_000)
            return
    raise AssertionError(f"the palette did not offer {words}")


def run_all(page: "Page") -> None:
    """Every cell from top to bottom, as from the menu; returns when the last has run."""
    before = page.evaluate(_PROMPTS)
    choose(page, "Run All Cells", "notebook:run-all-cells", "runmenu:run-all")
    # A busy machine begins when it can: until then no cell is at work, and nothing says that none has run.
    page.wait_for_function(f"before => ({_PROMPTS})() !== before", arg=before, polling=LOOK_MILLISECONDS)
    page.wait_for_function(
        "() => [...document.querySelectorAll('.jp-CodeCell')].every((cell) => !/\\[\\*\\]/.test(cell.querySelector('.jp-InputPrompt').textContent))"
        " && document.querySelector('.jp-Notebook-ExecutionIndicator').dataset.status === 'idle'",
        polling=LOOK_MILLISECONDS,
    )


@dataclass(frozen=True)
class Explored:
    """A notebook's explorer in JupyterLab, and what went wrong in the page so far."""

    page: "Page"
    notebook: Path
    troubles: list[str]

    @property
    def root(self) -> "Locator":
        """All of the explorer."""
        return self.page.locator(".kam-explorer")

    @property
    def answer(self) -> str:
        """The finding in a sentence."""
        return self.page.locator(".kam-finding").inner_text()

    @property
    def command(self) -> str:
        """The line that makes the view a report."""
        return self.page.locator(".kam-report textarea").input_value()

    @property
    def trouble(self) -> str:
        """What the explorer says went wrong; empty for nothing."""
        return self.page.locator(".kam-trouble").text_content() or ""

    def chart(self, name: str) -> str:
        """A chart as it is drawn."""
        drawn: str = self.page.evaluate(_DRAWN, name)
        return drawn

    @contextmanager
    def unheard(self) -> Iterator[None]:
        """The kernel hears nothing of what is done in here before it ends."""
        self.page.evaluate(_HOLD)
        try:
            yield
        finally:
            self.page.evaluate("window.kamRelease()")

    @contextmanager
    def patient(self) -> Iterator[None]:
        """The browser waits for the kernel's last word as long as a busy machine needs, and not for PATIENCE alone."""
        self.page.evaluate(_WAIT_LONG, PATIENCE_MILLISECONDS)
        try:
            yield
        finally:
            self.page.evaluate("window.kamHurry()")

    @contextmanager
    def drawings(self) -> Iterator[list[str]]:
        """The names of the charts that were drawn in here, each as often as it was; known when it has ended."""
        found: list[str] = []
        self.page.evaluate(_COUNT)
        try:
            yield found
        finally:
            found += self.page.evaluate("window.kamCounted()")

    def until_changed(self, name: str, before: str) -> None:
        """Wait for a chart to be drawn otherwise, or for the explorer to say why it cannot be."""
        changed = f"([name, before]) => ({_DRAWN})(name) !== before || ({_TROUBLE})()"
        self.page.wait_for_function(changed, arg=[name, before], polling=LOOK_MILLISECONDS)
        assert self.chart(name) != before, self.trouble

    @property
    def told(self) -> int:
        """How many drawings the kernel has told the browser that a move may lead to."""
        return int(self.page.evaluate("window.kamTold"))

    def until_told(self, before: int, seconds: float) -> None:
        """Wait until the kernel has told what one step either way leads to; not longer, for it tells nothing twice."""
        self._wait_a_while("before => window.kamTold >= before + 2", before, seconds)

    def until_all_is_told(self, seconds: float) -> None:
        """Wait until it has told all that any one move may lead to: nothing more comes for longer than it rests."""
        now = self.page.evaluate("performance.now()")
        rest = "now => window.kamTold > 0 && performance.now() - Math.max(now, window.kamToldAt) > 2500"
        self._wait_a_while(rest, now, seconds)

    def until_drawn_ahead(self, name: str, before: str, seconds: float) -> str:
        """The chart, drawn otherwise before the kernel has heard of a move; as it was where nothing comes for so long."""
        self._wait_a_while(f"([name, before]) => ({_DRAWN})(name) !== before", [name, before], seconds)
        self.until_settled()
        return self.chart(name)

    def _wait_a_while(self, condition: str, given: object, seconds: float) -> None:
        from playwright.sync_api import TimeoutError as Late

        with suppress(Late):
            self.page.wait_for_function(condition, arg=given, timeout=1000 * seconds, polling=LOOK_MILLISECONDS)

    def until_settled(self) -> None:
        """Wait until nothing is drawn any more."""
        self.page.evaluate("window.kamBefore = null")
        self.page.wait_for_function(_SETTLED, polling=150)

    def until_command(self, part: str, anywhere: bool = False) -> None:
        """Wait for the line that makes the view a report to end so, or to say so: only the kernel writes it.

        Charts that stand still may wait for the kernel, and one that is drawn may be drawn ahead of its word.
        """
        said = f"part => document.querySelector('.kam-report textarea').value.{'includes' if anywhere else 'endsWith'}(part)"
        self.page.wait_for_function(said, arg=part, polling=LOOK_MILLISECONDS)

    def until_other_command(self, before: str) -> None:
        """Wait for the kernel to have heard of a move."""
        other = "before => document.querySelector('.kam-report textarea').value !== before"
        self.page.wait_for_function(other, arg=before, polling=LOOK_MILLISECONDS)

    def press(self, label: str, *keys: str) -> None:
        """Press keys on a control, as somebody without a mouse does."""
        self.page.get_by_label(label, exact=True).focus()
        for key in keys:
            self.page.keyboard.press(key)

    def enter(self, label: str, text: str) -> None:
        """Write into a text control and enter it."""
        self.page.get_by_label(label, exact=True).fill(text)
        self.press(label, "Enter")

    def reset(self) -> None:
        """As it was at first."""
        self.until_settled()  # what a test before has left undone
        self.page.get_by_role("button", name="Reset").press("Enter")
        self.until_command(self.notebook.stem)
        self.until_settled()


_PROMPTS = "() => [...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')].map((each) => each.textContent).join()"
_HOLD = """
() => {
  const send = WebSocket.prototype.send, held = [];
  WebSocket.prototype.send = function (message) { held.push([this, message]); };
  window.kamRelease = () => { WebSocket.prototype.send = send; for (const [socket, message] of held) send.call(socket, message); };
}
"""
_WAIT_LONG = """
(patience) => {
  const own = window.setTimeout;
  window.setTimeout = (work, wait, ...given) => own(work, wait === patience ? 600_000 : wait, ...given);
  window.kamHurry = () => { window.setTimeout = own; };
}
"""
_COUNT = """
() => {
  const library = globalThis[Symbol.for("kam.plotly")], react = library.react, names = [];
  library.react = (place, ...given) => { names.push(place.closest(".kam-chart").dataset.chart); return react(place, ...given); };
  window.kamCounted = () => { library.react = react; return names; };
}
"""
# What a kernel's message is stands before the drawings that it carries.
_COUNT_TOLD = """
window.kamTold = window.kamToldAt = 0;
window.WebSocket = class extends WebSocket {
  constructor(...given) {
    super(...given);
    this.addEventListener("message", ({ data }) => {
      const said = typeof data === "string" ? data : new TextDecoder().decode(data.slice(0, 5000));
      if (!/"kind": ?"foreseen"/.test(said)) return;
      window.kamTold += 1;
      window.kamToldAt = performance.now();
    });
  }
};
"""
# Plotly numbers its clip paths anew with every drawing.
_DRAWN = """
(name) => [...document.querySelectorAll(`.kam-chart[data-chart="${name}"]:not([hidden]) .main-svg`)]
  .map((each) => each.innerHTML.replace(/(clip|legend|defs-|topdefs-)[0-9a-f]+/g, "")).join("")
"""
_TROUBLE = "() => document.querySelector('.kam-trouble').textContent"
_SETTLED = """
() => {
  const now = [...document.querySelectorAll(".kam-explorer .main-svg")].map((each) => each.innerHTML).join("");
  const idle = document.querySelector(".jp-Notebook-ExecutionIndicator").dataset.status === "idle";
  const same = window.kamBefore === now && now !== "";
  window.kamBefore = now;
  return same && idle;
}
"""


def explored(lab: Lab, name: str) -> Explored:
    """Open a notebook, run it from top to bottom and wait until its explorer is drawn."""
    page = lab.open(f"{name}.ipynb")
    troubles: list[str] = []
    # A browser that was too busy is asked again; see kam_analysis/explorer/reconnect.py.
    known = "Failed to initialize model"
    page.on("pageerror", lambda error: None if known in str(error) else troubles.append(str(error)))
    run_all(page)
    found = Explored(page, lab.folder / f"{name}.ipynb", troubles)
    found.root.scroll_into_view_if_needed()
    page.locator(".kam-chart:not([hidden]) .main-svg").first.wait_for(state="attached")
    found.until_settled()
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(port: int, process: "subprocess.Popen[bytes]") -> None:
    request = urllib.request.Request(f"http://127.0.0.1:{port}/api/status", headers={"Authorization": f"token {TOKEN}"})
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"JupyterLab ended with {process.returncode} before it answered")
        try:
            with urllib.request.urlopen(request, timeout=5) as reply:
                json.load(reply)
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise RuntimeError(f"JupyterLab did not answer within {PATIENCE_SECONDS} s")
