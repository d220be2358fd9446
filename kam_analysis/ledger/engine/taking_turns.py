"""Two processes of a run that need the same thing at the same moment: the first makes it, the second waits and takes it."""

import json
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from kam_analysis.own_folder import is_dead, myself

T = TypeVar("T")

_LOOK_SECONDS = 0.05
_WRITING_SECONDS = 10  # a mark younger than this may still be empty


def made_once(path: Path, take: Callable[[], T | None], make: Callable[[], T]) -> T:
    """What `take` finds at `path`, None where nothing is; else what `make` makes and keeps there.

    Who makes it leaves a mark beside `path`. A mark whose process has died counts no longer. Where the first could not
    keep what it made, the others make it themselves, all at once: waiting in a row would take longer.
    """
    mark = path.with_name(f"{path.name}.making")
    waited = False
    while (found := take()) is None:
        if waited and not mark.exists():
            found = take()  # it may have been kept since the last look
            return make() if found is None else found
        if not _left(mark):
            waited = True
            _clear_if_dead(mark)
            time.sleep(_LOOK_SECONDS)
            continue
        try:
            found = take()
            return make() if found is None else found
        finally:
            with suppress(OSError):
                mark.unlink()
    return found


def _left(mark: Path) -> bool:
    """Whether the mark is ours now; also where none can be left, for then nobody waits for anybody."""
    try:
        with mark.open("x", encoding="utf-8") as file:
            json.dump(myself(), file)
    except FileExistsError:
        return False
    except OSError:
        return True
    return True


def _clear_if_dead(mark: Path) -> None:
    """Two may clear it at once and then both make the same: each keeps it whole, so that no harm is done."""
    with suppress(OSError):
        try:
            dead = is_dead(json.loads(mark.read_text(encoding="utf-8")))
        except ValueError:
            dead = time.time() - mark.stat().st_mtime > _WRITING_SECONDS
        if dead:
            mark.unlink()
