"""What each chart draws, held against a file: every number, word and colour; `KAM_WRITE_TABLES=1` writes it anew.

Titles and the tables behind charts are asserted by hand beside each page's cells. Where marks, words and lines stand, on
a desk, a tablet and a phone, is too much to write by hand and too easily wrong to leave out: whoever renews the file
reads its difference.
"""

import base64
import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import plotly.graph_objects as go

_CURVE = 60  # points; of a longer one every tenth is held
_FOLDER = Path(__file__).with_name("drawn")


def held(name: str, figures: dict[str, go.Figure | None], columns: dict[str, Any]) -> None:
    """Assert that these figures, each under its name, draw what `drawn/NAME.txt` says, a line for each thing drawn;
    and that the results declare of each column what stands there: its kind, and its unit or places."""
    lines = [line for title, figure in figures.items() for line in [f"# {title}", *_lines(figure)]]
    lines += [f"# columns of {table}\n{json.dumps(each, ensure_ascii=False)}" for table, each in columns.items()]
    told = "\n".join(lines) + "\n"
    file = _FOLDER / f"{name}.txt"
    if os.environ.get("KAM_WRITE_TABLES"):
        file.write_text(told, encoding="utf-8")
    there = file.read_text(encoding="utf-8")
    assert told.splitlines() == there.splitlines(), (
        "if it is meant, run again with KAM_WRITE_TABLES=1 and read the diff"
    )


def charts(found: object) -> dict[str, go.Figure | None]:
    """Every chart of what a question found, by its method's name."""
    return {name: getattr(found, name)() for name in dir(type(found)) if name.endswith("_chart")}


def _lines(figure: go.Figure | None) -> list[str]:
    if figure is None:
        return ["nothing is drawn"]
    drawn = figure.to_plotly_json()
    layout = {key: value for key, value in drawn["layout"].items() if key != "template"}
    meta = layout.pop("meta", {})
    parts = [("trace", each) for each in drawn["data"]]
    parts += [("shape", each) for each in layout.pop("shapes", ())]
    parts += [("words", each) for each in layout.pop("annotations", ())]
    parts += [("layout", {key: value}) for key, value in layout.items()]
    parts += [("alt", meta["alt"])]
    parts += [(width, {key: value}) for width in ("medium", "narrow") for key, value in meta.get(width, {}).items()]
    return [f"{kind} {json.dumps(_plain(each), ensure_ascii=False, sort_keys=True)}" for kind, each in parts]


def _plain(value: object) -> object:
    """Numbers to six digits: the last ones of a computation differ between machines."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, dict) and value.keys() == {"bdata", "dtype"}:
        value = np.frombuffer(base64.b64decode(value["bdata"]), value["dtype"]).tolist()
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in (value if len(value) <= _CURVE else value[::10])]
    if isinstance(value, float):
        return float(f"{value:.6g}") + 0.0
    return value if isinstance(value, int | str | None) else str(value)
