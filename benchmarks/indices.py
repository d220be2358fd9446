"""The measures on 1 million amounts, beside `numpy.sort` of the same array and beside two libraries.

Aims: HHI and Theil at most 1.5 times the sort, Gini and top share at most 2.5 times, each faster than both
libraries. These are no dependencies of ours: `pip install concentrationMetrics==0.6 inequality==1.1` for theirs.
"""

from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.timing import alternate, show
from kam_analysis.analysis.concentration import gini, hhi, theil, top_share

Floats = npt.NDArray[np.float64]
Measures = dict[str, Callable[[Floats], float]]

OURS: Measures = {"hhi": hhi, "theil": theil, "gini": gini, "top_share": lambda amounts: top_share(amounts, 5)}


def concentration_metrics() -> Measures:
    index = import_module("concentrationMetrics").Index()
    return {
        "hhi": lambda amounts: index.hhi(amounts, normalized=False),
        "theil": index.theil,
        "gini": index.gini,
        "top_share": lambda amounts: index.cr(amounts, 5),
    }


def pysal() -> Measures:
    indices = import_module("inequality._indices")
    return {
        # The function under the one that it deprecates, which would print a warning each time.
        "hhi": lambda amounts: indices.herfindahl_hd.__wrapped__(amounts[None, :]),
        "theil": lambda amounts: import_module("inequality.theil").Theil(amounts).T,
        "gini": lambda amounts: import_module("inequality.gini").Gini(amounts).g,
    }


LIBRARIES = {"concentrationMetrics": concentration_metrics, "inequality": pysal}


def installed() -> dict[str, Measures]:
    found = {}
    for name, load in LIBRARIES.items():
        try:
            found[name] = load()
        except ImportError as reason:
            print(f"{name} is left out: {reason}")
    return found


def main(runs: int = 7) -> None:
    amounts = np.random.default_rng(20260).lognormal(8, 1.5, 1_000_000)
    libraries = installed()
    for name, ours in OURS.items():
        theirs = {library: measures[name] for library, measures in libraries.items() if name in measures}
        for library, measure in theirs.items():
            assert np.isclose(ours(amounts), measure(amounts)), f"{library} disagrees on {name}"
        print()
        sides: dict[str, Callable[[Floats], Any]] = {name: ours, "numpy.sort": np.sort, **theirs}
        show(alternate({side: partial(run, amounts) for side, run in sides.items()}, runs))
