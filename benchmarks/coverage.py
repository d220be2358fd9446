"""How often the intervals of concentration hold the truth: simulated books, against a nominal 95 %.

Aim: 90 to 97 % in every design. The truth is the measure of the accounts' expected amounts; each book is new.
"""

import itertools
import sys
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from kam_analysis.analysis.concentration import effective_number, gini, hhi, interval, top_share

Floats = npt.NDArray[np.float64]

MEASURES: dict[str, Callable[[Floats], float]] = {
    "hhi": hhi,
    "effective_number": effective_number,
    "top 1": lambda totals: top_share(totals, 1),
    "top 5": lambda totals: top_share(totals, 5),
    "gini": gini,
}

# A month of an account whose expected amount is 1: gamma distributed purchases, of which some months have none.
Buying = Callable[[np.random.Generator, tuple[int, int]], Floats]
BUYING: dict[str, Buying] = {
    "steady": lambda rng, shape: rng.gamma(1 / 0.09, 0.09, shape),
    "variable": lambda rng, shape: rng.gamma(1, 1, shape),
    "3 of 10 months": lambda rng, shape: rng.gamma(1, 1, shape) * (rng.random(shape) < 0.3) / 0.3,
    "half and half": lambda rng, shape: np.where(
        rng.random((shape[0], 1)) < 0.5, BUYING["steady"](rng, shape), BUYING["3 of 10 months"](rng, shape)
    ),
}


def covered(
    buying: Buying, months: int, accounts: int, sigma: float, books: int, seed: int = 20260
) -> dict[str, float]:
    """The part of intervals that hold the truth, by measure; lognormal accounts."""
    rng = np.random.default_rng([seed, months, accounts, round(10 * sigma)])
    hits = dict.fromkeys(MEASURES, 0)
    for _ in range(books):
        expected = rng.lognormal(0, sigma, accounts)
        amounts = expected[:, None] * buying(rng, (accounts, months))
        for name, measure in MEASURES.items():
            each = interval(measure, amounts, 0.95, rng)
            hits[name] += each.low <= measure(expected) <= each.high
    return {name: hit / books for name, hit in hits.items()}


def main(books: int = 200) -> None:
    print(f"{books} books per design; simulation error {np.sqrt(0.95 * 0.05 / books):.1%}\n")
    print(f"{'buying':<16}{'months':>7}{'accounts':>10}{'sigma':>7}" + "".join(f"{name:>18}" for name in MEASURES))
    everything = []
    for (name, buying), months, accounts, sigma in itertools.product(BUYING.items(), (12, 24, 36), (50, 300), (1, 2)):
        rates = covered(buying, months, accounts, sigma, books)
        everything += rates.values()
        cells = "".join(f"{rate:>18.1%}" for rate in rates.values())
        print(f"{name:<16}{months:>7}{accounts:>10}{sigma:>7}{cells}", flush=True)
    outside = sum(not 0.90 <= rate <= 0.97 for rate in everything)
    print(f"\nall {np.mean(everything):.1%}, {min(everything):.1%} to {max(everything):.1%}; ", end="")
    print(f"{outside} of {len(everything)} outside 90-97 %")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
