"""Where a notebook runs: in somebody's working copy, and from where that was opened."""

import os
from dataclasses import dataclass
from pathlib import Path

from kam_analysis.bundled import notebooks_folder

# `kam lab` leaves these to the kernels: its own working folder, and the copy's folder as it was given.
STARTED_IN, WORKING_COPY = "KAM_LAB_STARTED_IN", "KAM_LAB_FOLDER"


@dataclass(frozen=True)
class WorkingCopy:
    """The user's own notebooks in `folder`, as it is called in the folder `base`, where commands are typed."""

    folder: str
    base: Path

    def from_base(self, path: Path) -> str:
        """A file that the notebook knows from its own folder, as it is called in `base`; an absolute path stays."""
        if path.is_absolute():
            return str(path)
        there = Path.cwd() / path
        try:
            return os.path.relpath(there, self.base)
        except ValueError:  # another drive of Windows
            return os.path.normpath(there)


def working_copy_of(notebook: str) -> WorkingCopy | None:
    """The copy that this process runs the notebook of that name in, None for the workbook's own notebooks.

    Of a JupyterLab that `kam lab` did not start nobody knows where: there commands are typed beside the notebook.
    """
    here = Path.cwd()
    if not (here / f"{notebook}.ipynb").is_file() or here == notebooks_folder().resolve():
        return None
    started, folder = os.environ.get(STARTED_IN), os.environ.get(WORKING_COPY)
    if started and folder and (Path(started) / folder).resolve() == here:
        return WorkingCopy(folder, Path(started))
    return WorkingCopy(".", here)
