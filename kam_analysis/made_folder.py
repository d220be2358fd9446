"""A folder that is made for what goes into it, and gone again where nothing could."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def made_folder(folder: Path) -> Iterator[Path]:
    """`folder`, made with those above it that are missing; where the block fails, those that are still empty are removed.

    Raises `OSError` where it cannot be made.
    """
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield folder
    except BaseException:
        with suppress(OSError):  # the innermost first; what is not empty stays, and so does all above it
            for each in missing:
                each.rmdir()
        raise
