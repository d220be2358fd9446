"""How often the forecast of next year's concentration holds a held-out year: simulated companies of several kinds.

Aim: 90 to 97 % of held-out years, by kind. The truth is what each company's accounts really bought in the next year,
luck included; the nominal level is 95 %.
"""

import math
import sys
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from benchmarks.coverage import lasting
from kam_analysis.analysis.concentration import hhi, top_share
from kam_analysis.analysis.concentration.forecast import FIGURES, forecast

Floats = npt.NDArray[np.float64]
ACCOUNTS, YEARS = (60, 250), (2, 3, 5)


@dataclass(frozen=True)
class Kind:
    """How a company's customers change: how months carry into the next and vary, how levels walk and grow by account
    (deviations of yearly logs), which part leaves and is replaced in a year, whether one of the ten largest shifts to
    40 % or 200 % each year, which part of customers buys by project."""

    carried: float = 0.2
    variation: float = 0.3
    walk: float = 0.08
    growth: float = 0.05
    churn: float = 0.02
    shift: bool = False
    by_project: float = 0.0


KINDS = {
    "stable": Kind(),
    "growing": Kind(growth=0.2, walk=0.12),
    "entry and exit": Kind(churn=0.15),
    "one large shifts": Kind(shift=True),
    "months last": Kind(carried=0.7, variation=0.5),
    "levels move": Kind(walk=0.35),
    "by project": Kind(by_project=0.3),
}


def company(rng: np.random.Generator, kind: Kind, accounts: int, years: int) -> Floats:
    """Totals by account and year, one year more than asked for: the last is held out."""
    length = 12 * (years + 1)
    start = rng.lognormal(0, 1.3, accounts)
    steps = rng.normal(rng.normal(0, kind.growth, (accounts, 1)), kind.walk, (accounts, years + 1))
    for year in range(years + 1) if kind.shift else ():
        largest = np.argsort(-start * np.exp(steps[:, :year].sum(axis=1)))[:10]
        steps[rng.choice(largest), year] += rng.choice([math.log(0.4), math.log(2)])
    level = np.repeat(start[:, None] * np.exp(np.cumsum(steps, axis=1)), 12, axis=1)
    amounts = level * lasting(rng, level.shape, kind.carried, kind.variation)
    seldom = rng.random(accounts) < kind.by_project
    shape = (int(seldom.sum()), length)
    amounts[seldom] = level[seldom] * rng.gamma(4, 0.25, shape) * (rng.random(shape) < 0.3) / 0.3
    came = kind.churn * (years + 1)
    born = np.where(rng.random(accounts) < came / (1 + came), rng.integers(0, length, accounts), 0)
    left = born + rng.geometric(1 - (1 - kind.churn) ** (1 / 12), accounts)
    month = np.arange(length)
    amounts = np.where((month >= born[:, None]) & (month < left[:, None]), amounts, 0.0)
    return np.asarray(amounts.reshape(accounts, years + 1, 12).sum(axis=2))


def held(kind: Kind, accounts: int, years: int, companies: int, seed: int = 20260) -> tuple[Floats, Floats]:
    """The part of held-out years inside the range, by figure, and the ranges' median width as a part of the truth."""
    rng = np.random.default_rng([seed, accounts, years])
    hits, widths = np.zeros(len(FIGURES)), np.empty((companies, len(FIGURES)))
    for at in range(companies):
        totals = company(rng, kind, accounts, years)
        found = forecast(totals[:, :-1], 0.95, rng)
        assert found is not None
        new = totals[:, -1]
        truth = np.array([top_share(new, 1), top_share(new, 5), 1 / hhi(new)])
        low, high = found.figures["low"].to_numpy(), found.figures["high"].to_numpy()
        hits += (low <= truth) & (truth <= high)
        widths[at] = (high - low) / truth
    return hits / companies, np.median(widths, axis=0)


def main(companies: int = 200) -> None:
    print(f"{companies} companies of each; simulation error {math.sqrt(0.95 * 0.05 / companies):.1%}")
    print("held-out years inside the range (median width, as a part of the truth)\n")
    print(f"{'kind':<18}{'accounts':>9}{'years':>7}" + "".join(f"{name:>20}" for name in FIGURES))
    for name, kind in KINDS.items():
        every = []
        for accounts in ACCOUNTS:
            for years in YEARS:
                rates, widths = held(kind, accounts, years, companies)
                every.append(rates)
                cells = "".join(f"{rate:>13.0%} ({width:4.2f})" for rate, width in zip(rates, widths, strict=True))
                print(f"{name:<18}{accounts:>9}{years:>7}{cells}", flush=True)
        cells = "".join(f"{rate:>20.1%}" for rate in np.mean(every, axis=0))
        print(f"{name + ', all':<34}{cells}\n", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
