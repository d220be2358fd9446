"""What all explorers share: controls, the charts that follow them, reset, the command, and errors in words."""

import gc
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from typing import Any

import ipywidgets as widgets
import plotly.graph_objects as go

from kam_analysis.errors import KamError
from kam_analysis.explorer.charts import NOT_HERE, Charts, as_json
from kam_analysis.explorer.controls import Control
from kam_analysis.explorer.precompute import Ahead
from kam_analysis.explorer.reconnect import Attempts
from kam_analysis.explorer.report_line import report_line
from kam_analysis.ledger import Ledger

_MOST_ACCOUNTS = 2_000_000
# Drawings of a few kilobytes each.
_MOST_DRAWN = 500


class Kept:
    """What was computed or drawn, by what it depends on, so that a control moved back costs nothing.

    The latest are kept: as many as together hold two million accounts, or `most`.
    """

    def __init__(self, accounts: int, most: int = 100) -> None:
        self._most = max(8, min(most, _MOST_ACCOUNTS // max(accounts, 1)))
        self._found: OrderedDict[Hashable, Any] = OrderedDict()

    def once(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """What `make` gave for this key when it was first asked for."""
        if key not in self._found:
            self._found[key] = make()
            if len(self._found) > self._most:
                self._found.popitem(last=False)
        self._found.move_to_end(key)
        return self._found[key]


@dataclass(frozen=True)
class Drawing:
    """A chart that is still to be drawn: `depends_on` is all that changes it, `make` gives it, or None for none."""

    depends_on: Hashable
    make: Callable[[], go.Figure | None]


@dataclass(frozen=True)
class View:
    """What the controls' values lead to.

    `answer` gives the finding in a sentence, `charts` by name, `parameters` those of the report that make it show
    the same; `note` tells what the reader asked for in vain, `suggested` new options of controls by name.
    """

    answer: Callable[[], str]
    charts: Mapping[str, Drawing]
    parameters: Mapping[str, object]
    note: str = ""
    suggested: Mapping[str, Sequence[str]] = field(default_factory=dict)


class Explorer(widgets.VBox):
    """Controls above, the charts that follow them below; nothing is computed before it is shown.

    `report` is the notebook's name, `controls` are by the names under which `look` gets their values, and
    `charts` names all charts that there can be, the most important first. What `look` or a drawing raises as
    `KamError` or `ValueError` is shown as its sentence; the charts stay as they were.
    """

    def __init__(
        self,
        ledger: Ledger,
        report: str,
        controls: Mapping[str, Control],
        charts: Sequence[str],
        look: Callable[[Mapping[str, Any]], View],
    ) -> None:
        self.ledger, self.report, self.controls, self._look = ledger, report, dict(controls), look
        self._quiet, self._last = False, ""
        self._drawn, self._ahead = Kept(0, _MOST_DRAWN), Ahead()
        self._seen = [seen for each in self.controls.values() for seen in each.seen]
        self.charts = self._charts(charts)
        self.reset_button = widgets.Button(description="Reset", tooltip="All controls as they were at first")
        self.reset_button.add_class("kam-reset")
        self.reset_button.on_click(lambda _: self.reset())
        self._panel = widgets.Box([*(each.box for each in self.controls.values()), self.reset_button])
        self._panel.add_class("kam-controls")
        self._attempts = Attempts(lambda: self.charts.heard, self._again)
        super().__init__([self._panel, self.charts])
        self.add_class("kam-explorer")
        for name, each in self.controls.items():
            each.widget.observe(partial(self._moved, name), "value")

    @property
    def values(self) -> dict[str, Any]:
        """What the controls say."""
        return {name: each.widget.value for name, each in self.controls.items()}

    def set(self, **values: Any) -> None:
        """Move several controls at once; the charts follow once."""
        with self.quietly():
            for name, value in values.items():
                self.controls[name].widget.value = value
        self._moved("")

    def reset(self) -> None:
        """All controls as they were at first."""
        self.set(**{name: each.start for name, each in self.controls.items()})

    @contextmanager
    def quietly(self) -> Iterator[None]:
        """Controls moved in here are not followed."""
        before, self._quiet = self._quiet, True
        try:
            yield
        finally:
            self._quiet = before

    def follow(self) -> None:
        """Draw what the controls say; then, while nobody moves them, what they may say next."""
        self._ahead.end()
        try:
            self._show(self._look(self.values))
        except (KamError, ValueError) as error:
            self.charts.message = str(error)
        except Exception as error:
            self.charts.message = f"This view cannot be drawn ({type(error).__name__}: {error}); reset, or ask whoever looks after the workbook."
            raise
        finally:
            self.charts.done()
        last = [self._last] if self._last else []
        soon = chain(self._next_views(last, first_alone=True), self._next_views(last))
        self._ahead.begin(soon, self._next_views(self.controls))

    def _next_views(self, names: Iterable[str], first_alone: bool = False) -> Iterator[None]:
        """One step after the other of what any single one of these controls may lead to from here."""
        now, seen = self.values, self._seen_now()
        first, *others = self.charts.names
        for name in names:
            for near in self.controls[name].near():
                at = self._seen.index(near.seen)
                # What cannot be computed is told to whoever asks for it.
                with suppress(Exception):
                    view = self._look(now | {name: near.value})
                    yield
                    self.charts.foresee(self._made(first, view), [*seen[:at], near.there, *seen[at + 1 :]], at)
                    yield
                    if not first_alone:
                        yield from self._rest_by_steps(others, view)

    def _rest_by_steps(self, charts: Iterable[str], view: View) -> Iterator[None]:
        for name in charts:
            self._made(name, view)
            yield
        view.answer()
        yield

    def _seen_now(self) -> list[object]:
        """What the browser has of all controls."""
        return [getattr(widget, trait) for widget, trait in self._seen]

    def _moved(self, name: str, _: object = None) -> None:
        if self.charts.shown and not self._quiet:
            self._last = name
            self.follow()

    def _show(self, view: View) -> None:
        """The first chart, then the words, then the others: whoever moves a control looks at the first."""
        first, *others = self.charts.names
        self.charts.draw_first(self._made(first, view), self._seen_now())
        with self.charts.hold_sync():
            self.charts.message, self.charts.answer = view.note, view.answer()
            self.charts.command = report_line(self.ledger, self.report, view.parameters)
        for name in others:
            self.charts.draw(name, self._made(name, view))
        with self.quietly():
            for name, options in view.suggested.items():
                if self.controls[name].widget.options != tuple(options):
                    self.controls[name].widget.options = tuple(options)

    def _made(self, name: str, view: View) -> str:
        """A chart of a view as JSON; empty where it has none."""
        drawing = view.charts.get(name)
        if drawing is None:
            return ""
        made: str = self._drawn.once((name, drawing.depends_on), lambda: as_json(drawing.make()))
        return made

    def _charts(self, names: Sequence[str]) -> Charts:
        return Charts(list(names), [(widget.model_id, trait) for widget, trait in self._seen], self.follow)

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        _tidy()
        self._attempts.begin()
        return super()._repr_mimebundle_(**kwargs)

    def _again(self) -> None:
        """New charts in place of those that the browser gave up."""
        given_up, self.charts = self.charts, self._charts(self.charts.names)
        self.children = [self._panel, self.charts]
        given_up.close()

    def __repr__(self) -> str:
        return NOT_HERE


def _tidy() -> None:
    """Collect what is left over, and leave all else out of later collections until this is called again.

    Python's full collection takes 0.4 s with all that a notebook imports, and comes amid a move.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
