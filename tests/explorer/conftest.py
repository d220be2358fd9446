"""Explorers without a kernel: a browser of other tests keeps an event loop of its own in this process."""

import pytest

from kam_analysis.explorer import precompute as ahead


@pytest.fixture(autouse=True)
def _nothing_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is computed ahead on somebody else's loop."""

    def none() -> None:
        raise RuntimeError("no running event loop")

    monkeypatch.setattr(ahead, "running_loop", none)
