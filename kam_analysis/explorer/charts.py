"""The charts of an explorer as the browser draws them: one widget for all of them, few and small messages.

The chart library is five megabytes. It goes to the browser once, when a view asks for it, and is no part of
the widget's state, so that no saved notebook can carry it.
"""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import anywidget
import plotly
import plotly.graph_objects as go
import traitlets

_HERE = Path(__file__).parent
LIBRARY = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
NOT_HERE = "Charts show in JupyterLab, where this cell is run."
# Drawings of the first chart that the browser keeps, of some ten kilobytes each.
MOST_FORESEEN = 500


class Charts(anywidget.AnyWidget):
    """Named charts below an answer, and above the command that makes the same view a report.

    `names` are the charts in their order, `answer` the finding in a sentence, `message` what went wrong, and
    `command` what is to be copied. `seen` are the traits of the controls, by their widgets' ids: where what they say
    was foreseen, the browser draws the first chart itself, and does not wait for the kernel to hear of the move.
    """

    _esm = (_HERE / "charts.js").read_text(encoding="utf-8")
    _css = (_HERE / "charts.css").read_text(encoding="utf-8")
    names = traitlets.List(traitlets.Unicode()).tag(sync=True)
    seen: Any = traitlets.List().tag(sync=True)
    answer = traitlets.Unicode().tag(sync=True)
    message = traitlets.Unicode().tag(sync=True)
    command = traitlets.Unicode().tag(sync=True)

    def __init__(self, names: list[str], seen: Sequence[tuple[str, str]], asked_for: Callable[[], None]) -> None:
        """`asked_for` is called when the charts are shown for the first time: nothing is computed before."""
        super().__init__(names=names, seen=list(seen))
        self._drawn: dict[str, str] = {}
        self._foreseen: set[str] = set()
        self._asked_for = asked_for
        self.shown = self.heard = False
        self.on_msg(self._heard)

    def draw(self, name: str, figure: str) -> None:
        """Draw a chart, given as JSON; empty takes it away. What is drawn already is not sent again."""
        if self._drawn.get(name) != figure:
            self._drawn[name] = figure
            self._send_chart(name)

    def draw_first(self, figure: str, state: Sequence[object]) -> None:
        """Draw the first chart as it is where `seen` have these values: always sent, whatever the browser foresaw."""
        self._drawn[self.names[0]] = figure
        self._send_chart(self.names[0], state)

    def foresee(self, figure: str, state: Sequence[object], moved: int) -> None:
        """The first chart as JSON, as it will be where a move of one of `seen` leads to these values; told once."""
        key = json.dumps([moved, state])
        if key not in self._foreseen:
            if len(self._foreseen) >= MOST_FORESEEN:
                self._forget()
            self._foreseen.add(key)
            self.send({"kind": "foreseen", "moved": moved, "state": state}, [figure.encode()])

    def done(self) -> None:
        """Tell the browser that all of a move is drawn."""
        self.send({"kind": "done"})

    @property
    def drawn(self) -> dict[str, str]:
        """The charts as they are drawn now, as JSON."""
        return {name: figure for name, figure in self._drawn.items() if figure}

    def show(self) -> None:
        """Draw from now on; where a second view appears, it gets what is drawn."""
        if self.shown:
            self._forget()
            for name in self._drawn:
                self._send_chart(name)
            return
        self.shown = True
        self._asked_for()

    def _heard(self, _: Any, said: Any, buffers: Any) -> None:
        self.heard = True  # the browser is there
        wanted = said.get("want") if isinstance(said, dict) else None
        if wanted == "library":
            self.send({"kind": "library"}, [LIBRARY.read_bytes()])
        elif wanted == "charts":
            self.show()

    def _forget(self) -> None:
        self._foreseen.clear()
        self.send({"kind": "forget"})

    def _send_chart(self, name: str, state: Sequence[object] | None = None) -> None:
        self.send({"kind": "chart", "name": name, "state": state}, [self._drawn[name].encode()])

    def __repr__(self) -> str:
        return NOT_HERE


def as_json(figure: go.Figure | None) -> str:
    """A figure as the browser reads it; nothing for none."""
    return "" if figure is None else str(figure.to_json())
