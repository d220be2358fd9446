"""What is read from an explorer without a browser."""

import json
from typing import Any

from words_for_tests import plain

from kam_analysis.view.explore.explorer import Explorer


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
