"""How many leave within the horizon, and what do they take along? The number behind the chances, with its range."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kam_analysis.analysis.churn.average import Average
from kam_analysis.analysis.churn.cells import cells
from kam_analysis.analysis.churn.probabilities import at_odds
from kam_analysis.analysis.churn.rhythm import bought_by_days
from kam_analysis.analysis.churn.told import Told
from kam_analysis.analysis.frames import takes_frames

LEVEL, DRAWS = 0.9, 4000
# Of ten thousand accounts a chunk takes 20 MB; of more, `cells` are drawn.
_CHUNK = 250


@dataclass(frozen=True)
class Leavers:
    """Of `accounts` so many are expected to leave (a number), and the amount that goes with them.

    low, high: between which the number lies with `level`; amount_low, amount_high: the amount. least, most: between
    which the expected number lies, by what the chances leave open alone.
    """

    accounts: int
    expected: float
    low: float
    high: float
    least: float
    most: float
    amount: float
    amount_low: float
    amount_high: float
    level: float = LEVEL


@takes_frames
def leavers(
    chances: pd.DataFrame,
    accounts: pd.DataFrame,
    rng: np.random.Generator,
    told: Told | None = None,
    averages: Mapping[str, Average] | None = None,
    months: int = 12,
    level: float = LEVEL,
    draws: int = DRAWS,
    own_odds: tuple[float, float, float] = (1.0, 1.0, 1.0),
) -> Leavers:
    """How many leave, and between which numbers does that lie?

    `chances`: of `probabilities`, a row for each row of `accounts` (of `snapshot`); lost accounts and those that are not
    assessed do not count. Each of the `draws` horizons draws first what is left open for all accounts together (of
    `told`, and of the `averages` by their basis), then who leaves, each on its own; where causes take several at once
    the range is too narrow. The odds of the company's own figures are off by one factor for all of them, drawn evenly in logs between
    the ends of `own_odds` (value, low, high, as in `probabilities`); assumptions are taken as they are.

    Of more than ten thousand accounts the smaller ones are drawn together where their basis is the same and their chance
    nearly so (`cells`): how many of them leave is binomial, and what they take along normal.
    """
    counts = (chances["probability"].notna() & (chances["basis"] != "lost")).to_numpy()
    chances, accounts = chances[counts].reset_index(drop=True), accounts[counts].reset_index(drop=True)
    chance, basis = chances["probability"].to_numpy(np.float64), chances["basis"].to_numpy()
    amount = accounts["revenue"].clip(lower=0).to_numpy(np.float64)
    bought = bought_by_days(accounts)
    fitted = bought & (basis == told.basis) if told is not None else np.zeros(len(chances), dtype=bool)
    alike = cells(2 * pd.factorize(basis)[0] + fitted, chance, amount)
    usual, basis, bought, theirs = alike.mean(chance), *(each[alike.first] for each in (basis, bought, fitted))
    leaving = None
    if told is not None:
        leaving = told.own.leaving(accounts.iloc[alike.first][bought], months).some(theirs[bought])
    own = basis == "your figure"
    least_odds, most_odds = (float(np.log(each / own_odds[0])) for each in own_odds[1:])
    mean, number, money = np.empty(draws), np.empty(draws), np.empty(draws)
    for start in range(0, draws, _CHUNK):
        some = slice(start, min(start + _CHUNK, draws))
        drawn = np.tile(usual, (some.stop - some.start, 1))
        if leaving is not None:
            drawn[:, theirs] = leaving.draw(len(drawn), rng)
        for name, average in (averages or {}).items():
            drawn[:, basis == name] = rng.beta(*average.shape, len(drawn))[:, None]
        if own.any() and least_odds < most_odds:
            drawn[:, own] = at_odds(usual[own], np.exp(rng.uniform(least_odds, most_odds, (len(drawn), 1))))
        gone = alike.leave(drawn, rng)
        mean[some], number[some] = drawn @ alike.number, gone.sum(axis=1)
        money[some] = alike.taken(gone, amount, rng)
    tails = ((1 - level) / 2, (1 + level) / 2)
    least, most = np.quantile(mean, tails)
    (low, high), (little, much) = (np.quantile(each, tails, method="inverted_cdf") for each in (number, money))
    return Leavers(
        accounts=len(chances),
        expected=float(chance.sum()),
        low=float(low),
        high=float(high),
        least=float(least),
        most=float(most),
        amount=float(chance @ amount),
        amount_low=float(little),
        amount_high=float(much),
        level=level,
    )
