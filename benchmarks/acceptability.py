"""5,000 accounts by 10,000 weightings, beside the matrix product and the partial sort alone.

Aims: at most 4 times those two, under 1 GB. Once with everything assessed, once with a tenth missing.
"""

import sys
import tracemalloc

import numpy as np
import numpy.typing as npt

from benchmarks.timing import alternate, show
from kam_analysis.analysis.segments import acceptability

ACCOUNTS, CRITERIA, WEIGHTINGS, BEST = 5_000, 8, 10_000, 25


def alone(values: npt.NDArray[np.float64], seed: int) -> npt.NDArray[np.int64]:
    """What nobody can do without: the weightings, the product and the partial sort, nothing counted."""
    weights = np.random.default_rng(seed).dirichlet(np.ones(CRITERIA), WEIGHTINGS)
    return np.argpartition(weights @ values.T, ACCOUNTS - BEST, axis=1)


def main(runs: int = 5) -> None:
    rng = np.random.default_rng(20260)
    whole = rng.beta(0.7, 1.5, (ACCOUNTS, CRITERIA))
    holes = np.where(rng.random(whole.shape) < 0.1, np.nan, whole)
    equal = whole[rng.integers(0, 20, ACCOUNTS)]
    for name, values in {"all assessed": whole, "a tenth missing": holes, "250 equals of each": equal}.items():
        print(f"{ACCOUNTS:,} accounts, {CRITERIA} criteria, {WEIGHTINGS:,} weightings, {name}")

        def ours(values: npt.NDArray[np.float64] = values) -> object:
            return acceptability(values, BEST, WEIGHTINGS, np.random.default_rng(1))

        show(alternate({"acceptability": ours, "product and argpartition alone": lambda: alone(whole, 1)}, runs))
        tracemalloc.start()
        ours()
        print(f"most memory at once: {tracemalloc.get_traced_memory()[1] / 1e6:,.0f} MB\n")
        tracemalloc.stop()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
