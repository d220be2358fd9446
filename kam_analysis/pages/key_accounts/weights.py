"""Weights that always add up to 100 per cent: a slider each; who moves one changes the others in proportion."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import ipywidgets as widgets
import traitlets

from kam_analysis.explorer.controls import Control, Near

# Weights are in halves of a per cent, and add up in them exactly: eight equal ones are 12.5 each, and a key press is
# half a point. The sliders' step must be as fine: a browser rounds to a coarser one, and sends it back.
_HALVES = 200


@dataclass(frozen=True)
class Weight:
    """What one slider weighs: its words, its start in any unit, and its help."""

    words: str
    start: float
    help: str


class Weights(widgets.VBox, widgets.ValueWidget):
    """A slider per weight; `value` are all of them by name, in per cent, together 100."""

    value = traitlets.Dict()
    # The weights before the slider that was moved last was: their proportions survive a way to 100 and back. The
    # browser has them too, because what a move leads to depends on them.
    before = traitlets.Dict().tag(sync=True)

    def __init__(self, weights: Mapping[str, Weight]) -> None:
        # One layout for all: each would be a message and a model more for the browser.
        plain = widgets.Layout()
        self.sliders = {name: _slider(each.words, plain) for name, each in weights.items()}
        self._following = self._own = False
        self.moving = ""  # the slider that was moved last
        boxes = [_boxed(self.sliders[name], each.help, plain=plain) for name, each in weights.items()]
        super().__init__(boxes, value=shares([each.start for each in weights.values()], list(weights)))
        self.add_class("kam-weights")
        for name, slider in self.sliders.items():
            slider.observe(lambda change, name=name: self._moved(name, change["new"]), "value")

    def if_moved(self, name: str, percent: float) -> dict[str, float]:
        """What `value` will be once this slider is moved there."""
        return moved(self.before if name == self.moving else self.value, name, percent=percent)

    def _moved(self, name: str, percent: float) -> None:
        if self._following:
            return
        if name != self.moving:
            self.moving, self.before = name, dict(self.value)
        self._own = True
        self.value = self.if_moved(name, percent)
        self._own = False

    @traitlets.observe("value")
    def _set(self, _: object) -> None:
        # Sliders that are moved from here are one change, not many.
        self._following = True
        for name, slider in self.sliders.items():
            slider.value = self.value[name]
        self._following = False
        if not self._own:
            self.moving, self.before = "", {}


def moved(weights: Mapping[str, float], name: str, *, percent: float) -> dict[str, float]:
    """The weights, in per cent, with one of them as given; the others keep their proportions, or are equal where all are 0.

    >>> moved({"volume": 50.0, "profit": 30.0, "reach": 20.0}, "volume", percent=0.0)
    {'volume': 0.0, 'profit': 60.0, 'reach': 40.0}
    """
    halves = min(max(round(percent * 2), 0), _HALVES)
    others = [each for each in weights if each != name]
    if not others:
        return {name: _HALVES / 2}
    rest = _apportioned([weights[each] for each in others], _HALVES - halves)
    found = {name: halves / 2} | {each: part / 2 for each, part in zip(others, rest, strict=True)}
    return {each: found[each] for each in weights}


def shares(parts: Sequence[float], names: Sequence[str]) -> dict[str, float]:
    """Weights in any unit as per cent of their sum, to half a per cent."""
    return {name: part / 2 for name, part in zip(names, _apportioned(parts, _HALVES), strict=True)}


def _apportioned(parts: Sequence[float], halves: int) -> list[int]:
    """Halves shared out in proportion, by largest remainder; equally where there is no proportion."""
    whole = sum(parts)
    exact = [halves * part / whole if whole else halves / len(parts) for part in parts]
    found = [int(each) for each in exact]
    order = sorted(range(len(parts)), key=lambda at: found[at] - exact[at])
    for at in order[: halves - sum(found)]:
        found[at] += 1
    return found


def weights(label: str, each: Mapping[str, Weight], *, help: str) -> Control:
    """Sliders for weights, side by side over the whole width."""
    widget = Weights(each)
    box = widgets.VBox([widgets.Label(label), _help(help), widget])
    box.add_class("kam-control")
    box.add_class("kam-wide")

    def near() -> list[Near]:
        """The slider that was moved last some steps on and back, then each of the others one."""
        last = widget.moving or next(iter(each))
        steps = [(last, at * way) for at in (0.5, 1.0, 1.5, 2.0) for way in (1, -1)]
        steps += [(name, way) for name in each if name != last for way in (0.5, -0.5)]
        there = [(name, widget.value[name] + step) for name, step in steps]
        return [
            Near(widget.if_moved(name, percent), (widget.sliders[name], "value"), percent)
            for name, percent in there
            if 0 <= percent <= 100
        ]

    seen = [(slider, "value") for slider in widget.sliders.values()]
    return Control(widget, widget.value, box, [*seen, (widget, "before")], near)


def _slider(words: str, plain: widgets.Layout) -> widgets.FloatSlider:
    return widgets.FloatSlider(
        description=f"{words} (%)",
        max=100,
        step=0.5,
        readout_format=".1f",
        layout=plain,
        style={"description_width": "auto"},
    )


def _boxed(slider: widgets.FloatSlider, help: str, *, plain: widgets.Layout) -> widgets.VBox:
    slider.tooltip = help  # beside the charts there is no room for it below
    box = widgets.VBox([slider, _help(help, plain)], layout=plain)
    box.add_class("kam-control")
    return box


def _help(words: str, plain: widgets.Layout | None = None) -> Any:
    found = widgets.HTML(f"<p>{escape(words)}</p>", **({} if plain is None else {"layout": plain}))
    found.add_class("kam-help")
    return found
