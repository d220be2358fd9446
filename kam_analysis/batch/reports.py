"""Which reports there are: one per notebook of a folder, named after its file."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kam_analysis.batch.parameters import Parameter, declared_parameters, parse_assignment, values_for
from kam_analysis.errors import SettingsError, nearest
from kam_analysis.ledger.settings.settings_text import ENDLESS, is_endless

PER_ACCOUNT = "account_id"  # a notebook that declares this parameter gives one page per key account


@dataclass(frozen=True)
class Report:
    """One notebook of the folder. `given` holds the typed values from `--set`."""

    name: str
    notebook: Path
    title: str
    parameters: Mapping[str, Parameter]
    given: Mapping[str, Any] = field(default_factory=dict)

    @property
    def per_account(self) -> bool:
        """Whether it gives one page per key account."""
        return PER_ACCOUNT in self.parameters


def choose_reports(folder: Path, only: Sequence[str] = (), set_values: Sequence[str] = ()) -> list[Report]:
    """The reports to run, in the order of their names, each with its typed values.

    Raises `SettingsError` for a folder without notebooks, a file that is not a notebook, an unknown
    report and an unknown parameter, with the nearest name: all before any kernel starts.
    """
    paths = {path.stem: path for path in sorted(folder.glob("*.ipynb"))} if folder.is_dir() else {}
    if not paths:
        raise SettingsError(
            f"notebooks folder {folder.resolve().name}: holds no .ipynb files; give the folder of your notebooks"
        )
    for name in only:
        if name not in paths:
            raise SettingsError(f"--only {name}: there is no such report; {nearest(name, paths)}")
    assignments = [parse_assignment(text) for text in set_values]
    for name, _, _ in assignments:
        if name not in paths:
            raise SettingsError(f"--set {name}: there is no such report; {nearest(name, paths)}")
        if only and name not in only:
            raise SettingsError(f"--set {name}: this report is not among those of --only; add it there or drop it here")
    return [_report(paths[name], assignments) for name in paths if not only or name in only]


def _report(path: Path, assignments: Iterable[tuple[str, str, str]]) -> Report:
    cells = _cells(path)
    try:
        parameters = declared_parameters(cells)
    except ValueError as error:
        raise SettingsError(f"notebook {path.name}: {error}") from None
    given = values_for(path.stem, parameters, [(name, text) for to, name, text in assignments if to == path.stem])
    return Report(path.stem, path, title_of(cells) or path.stem, parameters, given)


def _cells(path: Path) -> list[dict[str, Any]]:
    if is_endless(path):
        raise SettingsError(f"notebook {path.name}: {ENDLESS}; save it in JupyterLab")
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        cells = document["cells"]
    except (OSError, ValueError, KeyError, TypeError):
        raise SettingsError(
            f"notebook {path.name}: not a readable notebook of format 4; open and save it in JupyterLab"
        ) from None
    return list(cells)


def title_of(cells: Iterable[Mapping[str, Any]]) -> str:
    """A notebook's first heading of the first level, empty where it has none."""
    for cell in cells:
        if cell.get("cell_type") == "markdown":
            for line in "".join(cell["source"]).splitlines():
                if line.startswith("# "):
                    return line[2:].strip()
    return ""
