"""What a reader moves: controls with the words, units and help of the page, all reachable by keyboard."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import ipywidgets as widgets
import traitlets

# More boxes than these take the height of two controls, so that others stand beside them.
_FEW = 4


# As many values around a control's own are near it.
_NEAR = 12


# A trait of a widget as the browser has it.
Seen = tuple[widgets.Widget, str]


@dataclass(frozen=True)
class Near:
    """A value of a control that a move leads to, and what that move is in the browser: `seen` becomes `there`."""

    value: Any
    seen: Seen
    there: Any


@dataclass(frozen=True)
class Control:
    """One control: its widget, and the value that `reset` goes back to.

    `seen` is all that the browser has of its value, and `near` gives what the next moves most likely lead to, nearest
    first: what it is in the browser, and the value that the kernel makes of it.
    """

    widget: widgets.ValueWidget
    start: Any
    box: widgets.VBox
    seen: Sequence[Seen]
    near: Callable[[], Iterable[Near]] = tuple


class Ticks(widgets.VBox, widgets.ValueWidget):
    """Boxes to tick; `value` are those that are ticked, in the order of the options."""

    value = traitlets.Tuple()

    def __init__(self, options: Mapping[Any, str], start: Sequence[Any]) -> None:
        self.boxes = {
            key: widgets.Checkbox(description=words, value=key in start, indent=False) for key, words in options.items()
        }
        self._following = False
        super().__init__(list(self.boxes.values()), value=self._ticked())
        self.add_class("kam-ticks")
        for box in self.boxes.values():
            box.observe(self._moved, "value")

    def _ticked(self) -> tuple[Any, ...]:
        return tuple(key for key, box in self.boxes.items() if box.value)

    def _moved(self, _: object) -> None:
        if not self._following:
            self.value = self._ticked()

    @traitlets.observe("value")
    def _set(self, _: object) -> None:
        # Boxes that are moved from here are one change, not many.
        self._following = True
        for key, box in self.boxes.items():
            box.value = key in self.value
        self._following = False


def choice(label: str, options: Mapping[Any, str], start: Any, help: str) -> Control:
    """One of several: `options` maps each value to its words."""
    pairs = [(words, value) for value, words in options.items()]
    return _one_of(widgets.Dropdown(description=label, options=pairs, value=start), help)


def steps(label: str, options: Mapping[Any, str], start: Any, help: str) -> Control:
    """One of several in their order, moved along a line: `options` maps each value to its words."""
    pairs = [(words, value) for value, words in options.items()]
    slider = widgets.SelectionSlider(description=label, options=pairs, value=start, continuous_update=True)
    return _one_of(slider, help)


def share(label: str, start: float, most: float, help: str, step: float = 0.01) -> Control:
    """A share (0-1), moved and shown in per cent."""
    steps = [round(step * at, 6) for at in range(1, round(most / step) + 1)]
    values = sorted({*steps, start})
    pairs = [(f"{value * 100:g}%", value) for value in values]
    slider = widgets.SelectionSlider(description=label, options=pairs, value=start, continuous_update=True)
    return _one_of(slider, help)


def count(label: str, start: int, least: int, most: int, help: str) -> Control:
    """A whole number of something."""
    # A slider of floats gives 27.999999999999996 for 28 in a browser.
    slider = widgets.IntSlider(description=label, min=least, max=most, value=start)

    def near() -> list[Near]:
        beside = [slider.value + sign * at for at in range(1, _NEAR // 4 + 1) for sign in (1, -1)]
        return [Near(each, (slider, "value"), each) for each in beside if least <= each <= most]

    return _control(slider, help, "value", near)


def ticked(label: str, options: Mapping[Any, str], start: Sequence[Any], help: str) -> Control:
    """Any number of several, each with a box to tick: `options` maps each value to its words."""
    boxes = Ticks(options, start)

    def near() -> list[Near]:
        """One box more or less, the first ones first."""
        found = []
        for moved, box in list(boxes.boxes.items())[:_NEAR]:
            ticked = tuple(key for key in options if (key in boxes.value) != (key == moved))
            found.append(Near(ticked, (box, "value"), moved in ticked))
        return found

    seen = [(box, "value") for box in boxes.boxes.values()]
    found = _boxed(boxes, help, seen, near, widgets.Label(label))
    if len(options) > _FEW:
        found.box.add_class("kam-long")
    return found


def named(label: str, suggested: Iterable[str], start: str, help: str, shown: str = "type a name") -> Control:
    """A name, typed or taken from what is suggested; a new value counts once it is entered."""
    found = widgets.Combobox(
        description=label, options=tuple(suggested), value=start, placeholder=shown, continuous_update=False
    )
    return _control(found, help, "value")


def _one_of(widget: Any, help: str) -> Control:
    def near() -> list[Near]:
        by_distance = sorted(range(len(widget.options)), key=lambda at: abs(at - widget.index))
        return [Near(widget.options[at][1], (widget, "index"), at) for at in by_distance[1 : _NEAR + 1]]

    return _control(widget, help, "index", near)


def _control(widget: Any, help: str, seen: str, near: Callable[[], Iterable[Near]] = tuple) -> Control:
    # The label stands above, in full; ipywidgets would cut it at its own width.
    widget.style.description_width = "auto"
    return _boxed(widget, help, [(widget, seen)], near)


def _boxed(
    widget: Any, help: str, seen: Sequence[Seen], near: Callable[[], Iterable[Near]], *above: widgets.Widget
) -> Control:
    if widget.has_trait("description"):  # a box of boxes has no place for it
        widget.tooltip = help  # where there is no room for it below
    below = widgets.HTML(f"<p>{escape(help)}</p>")
    below.add_class("kam-help")
    box = widgets.VBox([*above, widget, below])
    box.add_class("kam-control")
    return Control(widget, widget.value, box, seen, near)
