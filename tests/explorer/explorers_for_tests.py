"""What is read from an explorer without a browser."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from words_for_tests import plain

from kam_analysis.explorer.explorer import Explorer


def figure(explorer: Explorer, name: str) -> dict[str, Any]:
    """A chart as it is drawn."""
    return json.loads(explorer.charts.drawn[name])


def title(explorer: Explorer, name: str) -> str:
    """What a chart says."""
    return plain(figure(explorer, name)["layout"]["meta"]["title"])


def label(explorer: Explorer, name: str) -> str:
    """What a control shows."""
    widget = explorer.controls[name].widget
    return plain(widget.options[widget.index][0])


def told_ahead_is_what_a_move_draws(explorer: Explorer, begin: Callable[[], None]) -> int:
    """Of all that an explorer tells the browser ahead where `begin` leads to: the move draws the same. How many."""
    told = []
    begin()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(explorer.charts, "foresee", lambda figure, state, moved: told.append((state, figure, moved)))
        for _ in explorer._next_views(explorer.controls):
            pass
    for state, drawn, moved in told:
        widget, trait = explorer._seen[moved]
        now = explorer._seen_now()
        assert [at for at, each in enumerate(now) if each != state[at]] == [moved]
        setattr(widget, trait, state[moved])
        assert explorer.charts.drawn.get(explorer.charts.names[0], "") == drawn
        explorer.reset()
        begin()
    return len(told)
