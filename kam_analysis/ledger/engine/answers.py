"""What an engine has answered already: pages of one ledger ask for the same sums again and again."""

from collections.abc import Callable, Hashable
from threading import Lock

import ibis.expr.types as ir
import pandas as pd

from kam_analysis.ledger.engine.given_back import give_back

# Of all frames that are kept: of a few thousand accounts dozens, of a million none.
MOST_BYTES = 32 << 20


class Answers:
    """Frames by the question that they answer, the latest of them, up to `most_bytes` together.

    Two questions are one where Ibis takes their expressions for equal: same tables, same steps, same values.
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most = most_bytes
        self._found: dict[Hashable, tuple[pd.DataFrame, int]] = {}
        self._changing = Lock()  # JupyterLab answers a moved control on another thread than the cells run on

    def of(self, question: ir.Table, ask: Callable[[], pd.DataFrame]) -> pd.DataFrame:
        """What `ask` gives, the second time from what it gave the first."""
        asked = question.op()
        known = self._found.get(asked)  # in one step: another thread may need its room
        found = ask() if known is None else known[0]
        if known is None:
            self._keep(asked, found)
        # A shallow copy is the caller's own: pandas copies a column when it is written to.
        return found.copy(deep=False)

    def _keep(self, asked: Hashable, found: pd.DataFrame) -> None:
        size = _size(found)
        if size > self._most:
            give_back()  # of a company with such frames the heap is large, and the engine's next question needs room
            return
        with self._changing:
            self._found[asked] = found, size
            while sum(each for _, each in self._found.values()) > self._most:
                del self._found[next(iter(self._found))]


def is_small(found: pd.DataFrame) -> bool:
    """Whether a frame is kept."""
    return _size(found) <= MOST_BYTES


def _size(found: pd.DataFrame) -> int:
    return int(found.memory_usage(index=True).sum())
