"""Where the hours go, for a large company: the whole allocation beside the time inside its solver, and a linear program.

Aim: 2,000 accounts of 60 managers in under twice what SciPy's root finder takes in the same run. The named
alternative is the same problem by straight pieces, solved by HiGHS; it comes near the best value from below.
"""

import sys

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

from benchmarks.timing import alternate, inside, show
from kam_analysis.analysis.handover import MOST_CHANGE, allocate_hours, response
from kam_analysis.analysis.handover.hours import ELASTICITY

Floats = npt.NDArray[np.float64]
ACCOUNTS, MANAGERS, PIECES = 2_000, 60, 20


def book(n: int = ACCOUNTS, managers: int = MANAGERS, seed: int = 20260) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "account_id": [f"{number:07d}" for number in range(n)],
            "account_name": [f"Account {number}" for number in range(n)],
            "account_manager_id": [f"M{at:03d}" for at in rng.integers(0, managers, n)],
            "hours": rng.lognormal(0, 1, n),
            "at_stake": rng.lognormal(10, 1.5, n),
            "probability": rng.beta(2, 20, n),
            "to_win": np.where(rng.random(n) < 0.3, rng.lognormal(8, 1, n), 0),
            "is_key": rng.random(n) < 0.02,
        }
    )


def by_pieces(rows: pd.DataFrame, pieces: int) -> float:
    """The best value where each account's value is straight between `pieces` + 1 points."""
    hours, at_stake, chance, to_win = rows[["hours", "at_stake", "probability", "to_win"]].to_numpy(float).T[:, :, None]
    least, e = hours * np.maximum(1 / MOST_CHANGE, chance ** (1 / ELASTICITY)), ELASTICITY
    nodes = least * (hours * MOST_CHANGE / least) ** np.linspace(0, 1, pieces + 1)
    values = at_stake * (1 - chance * (nodes / hours) ** -e) + to_win * (nodes / hours) ** e
    width = np.diff(nodes, axis=1).ravel()
    owner, names = pd.factorize(rows["account_manager_id"])
    places = (np.repeat(owner, pieces), np.arange(width.size))
    uses = csr_matrix((np.ones(width.size), places), shape=(len(names), width.size))
    room = np.bincount(owner, hours[:, 0]) - np.bincount(owner, least[:, 0])
    bounds = np.stack([np.zeros_like(width), width], axis=1)
    solved = linprog(-np.diff(values, axis=1).ravel() / width, A_ub=uses, b_ub=room, bounds=bounds, method="highs")
    return float(values[:, 0].sum() - solved.fun)


def main(runs: int = 15) -> None:
    rows = book()

    def ours() -> object:
        return allocate_hours(rows)

    ours()
    whole, solver = np.median([inside(response, ["find_root"], ours) for _ in range(runs)], axis=0)
    print(f"{ACCOUNTS:,} accounts, {MANAGERS} managers")
    print(
        f"whole {1000 * whole:.1f} ms, inside find_root {1000 * solver:.1f} ms: {whole / solver:.2f} times (aim: under 2)"
    )
    show(alternate({"allocate_hours": ours, f"HiGHS, {PIECES} pieces": lambda: by_pieces(rows, PIECES)}, min(runs, 5)))
    found = allocate_hours(rows)
    best = float(found.managers["value_best"].sum())
    print(f"below the best value: ours at most {found.gap_share:.1e}", end="")
    for pieces in (PIECES, 5 * PIECES):
        print(f", {pieces} pieces {1 - by_pieces(rows, pieces) / best:.1e}", end="")
    print()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
