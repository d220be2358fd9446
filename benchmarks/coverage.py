"""How often the ranges of concentration hold the truth: simulated companies, against a nominal 95 %.

Aim: 90 to 97 % for every way of buying and length of history. The truth is the measure of what the accounts were
expected to buy in the last twelve months; each company is new. `falls` prints the alarms on the same companies.
"""

import math
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from kam_analysis.analysis.concentration.uncertainty import intervals

Floats = npt.NDArray[np.float64]
HISTORIES = (12, 24, 36)


def _top(number: int) -> Callable[[Floats], Floats]:
    def share(totals: Floats) -> Floats:
        largest = np.partition(totals, -number, axis=1)[:, -number:]
        return np.asarray(largest.sum(axis=1) / totals.sum(axis=1))

    return share


def _equal(totals: Floats) -> Floats:
    return np.asarray(totals.sum(axis=1) ** 2 / np.square(totals).sum(axis=1))


MEASURES: dict[str, Callable[[Floats], Floats]] = {
    "top 1": _top(1),
    "top 5": _top(5),
    "top 10": _top(10),
    "equal customers": _equal,
}


def lasting(rng: np.random.Generator, shape: tuple[int, int], carried: float, variation: float) -> Floats:
    """Months with mean 1 of which each carries into the next: lognormal, an autoregression in logs."""
    width = math.log1p(variation**2)
    noise = rng.standard_normal((shape[1] + 60, shape[0]))
    for at in range(1, len(noise)):
        noise[at] = carried * noise[at - 1] + math.sqrt(1 - carried**2) * noise[at]
    return np.exp(math.sqrt(width) * noise[60:].T - width / 2)


Company = Callable[[np.random.Generator, int, int], tuple[Floats, Floats]]


def buying(carried: float = 0.0, variation: float = 0.4, *, trend: float = 0.0, season: float = 0.0) -> Company:
    """Accounts by month and what was expected of each month; `trend`: deviation of yearly growth among accounts."""

    def company(rng: np.random.Generator, accounts: int, months: int) -> tuple[Floats, Floats]:
        at, size = np.arange(months), (accounts, 1)
        growth = np.exp(rng.normal(0, trend, size) * (at - months + 6) / 12)
        course = 1 + season * np.sin(2 * np.pi * (at + rng.uniform(0, 12, size)) / 12)
        expected = rng.lognormal(8, 1.3, size) * growth * course
        return expected * lasting(rng, (accounts, months), carried, variation), expected

    return company


def rare(rng: np.random.Generator, accounts: int, months: int) -> tuple[Floats, Floats]:
    """Everybody buys in three months of ten."""
    expected = np.repeat(rng.lognormal(8, 1.3, (accounts, 1)), months, axis=1)
    return expected * rng.gamma(1, 1, expected.shape) * (rng.random(expected.shape) < 0.3) / 0.3, expected


def some_rare(rng: np.random.Generator, accounts: int, months: int) -> tuple[Floats, Floats]:
    """Every other account buys in three months of ten, the rest every month."""
    seldom, expected = rare(rng, accounts, months)
    steady = expected * lasting(rng, expected.shape, 0.0, 0.3)
    return np.where(np.arange(accounts)[:, None] % 2 == 0, seldom, steady), expected


def lumpy(carried: float) -> Company:
    """The largest customer, a quarter of all, buys by project: in one month of four. The others as `buying`."""

    def company(rng: np.random.Generator, accounts: int, months: int) -> tuple[Floats, Floats]:
        amounts, expected = buying(carried)(rng, accounts, months)
        largest = int(expected[:, 0].argmax())
        expected[largest] = 0.35 * expected[:, 0].sum()
        amounts[largest] = expected[largest] * rng.gamma(4, 0.25, months) * (rng.random(months) < 0.25) / 0.25
        return amounts, expected

    return company


COMPANIES: dict[str, Company] = {
    "independent months": buying(),
    "neighbours 0.5": buying(0.5),
    "neighbours 0.8": buying(0.8),
    "neighbours 0.5, variable": buying(0.5, 1.0),
    "trends": buying(trend=0.25),
    "neighbours 0.5, trends": buying(0.5, trend=0.25),
    "seasons": buying(season=0.6),
    "neighbours 0.5, seasons": buying(0.5, season=0.6),
    "3 of 10 months": rare,
    "half 3 of 10 months": some_rare,
    "one by project": lumpy(0.0),
    "neighbours 0.5, one by project": lumpy(0.5),
}


def covered(
    company: Company, months: int, companies: int, accounts: int = 150, seed: int = 20260
) -> tuple[dict[str, float], dict[str, float]]:
    """The part of ranges that hold the truth, by measure, and their median width as a part of the truth."""
    rng = np.random.default_rng([seed, months, accounts])
    hits = np.zeros(len(MEASURES))
    widths = np.empty((companies, len(MEASURES)))
    for at in range(companies):
        amounts, expected = company(rng, accounts, months)
        truth = expected[:, -12:].sum(axis=1)[None]
        found = intervals(list(MEASURES.values()), amounts, 0.95, rng, months=12)
        for place, (each, measure) in enumerate(zip(found, MEASURES.values(), strict=True)):
            true = float(measure(truth)[0])
            hits[place] += each.low <= true <= each.high
            widths[at, place] = (each.high - each.low) / true
    middle = np.median(widths, axis=0)
    return (
        dict(zip(MEASURES, (hits / companies).tolist(), strict=True)),
        dict(zip(MEASURES, middle.tolist(), strict=True)),
    )


def main(companies: int = 200) -> None:
    print(f"{companies} companies of 150 customers each; simulation error {math.sqrt(0.95 * 0.05 / companies):.1%}")
    print("held the truth (median width, as a part of it)\n")
    print(f"{'buying':<32}{'months':>7}" + "".join(f"{name:>18}" for name in MEASURES))
    everything: list[Any] = []
    for name, company in COMPANIES.items():
        for months in HISTORIES:
            rates, widths = covered(company, months, companies)
            everything += rates.values()
            cells = "".join(f"{rates[each]:>11.0%} ({widths[each]:4.2f})" for each in MEASURES)
            print(f"{name:<32}{months:>7}{cells}", flush=True)
    outside = sum(not 0.90 <= rate <= 0.97 for rate in everything)
    print(f"\nall {np.mean(everything):.1%}, {min(everything):.0%} to {max(everything):.0%}; ", end="")
    print(f"{outside} of {len(everything)} outside 90-97 %, {sum(rate < 0.9 for rate in everything)} of them below")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
