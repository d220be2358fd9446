"""Which data a chart draws, as a short text: a table made for other data than this must not stand beside it."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

# What a reader reads off a trace. Its name, its colours and its labels may change: the numbers are the same.
_DRAWN = (
    "x", "y", "z", "x0", "dx", "y0", "dy", "base", "values", "labels", "parents", "ids", "measure", "visible",
    "lat", "lon", "locations", "r", "theta", "a", "b", "c", "open", "high", "low", "close", "node", "link", "cells",
)  # fmt: skip


def fingerprint(traces: Iterable[Mapping[str, Any]]) -> str:
    """The same text for the same numbers, drawn in the same way; `traces` as they stand in a figure's JSON.

    >>> bar = {"type": "bar", "x": ["A"], "y": [1.5]}
    >>> fingerprint([bar]) == fingerprint([{**bar, "name": "sales"}]), fingerprint([bar]) == fingerprint([bar, bar])
    (True, False)
    """
    drawn = [[each.get("type", "scatter"), {key: each[key] for key in _DRAWN if key in each}] for each in traces]
    return hashlib.sha256(json.dumps(drawn, sort_keys=True).encode()).hexdigest()[:16]
