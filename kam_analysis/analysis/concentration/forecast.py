"""What will next year's concentration be, if customers go on changing, coming and leaving as they have?"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from kam_analysis.analysis.concentration.indices import Floats

# A change takes two years of purchases.
FEWEST_YEARS = 2
# Of how many customers nearest in size a change is drawn.
_ALIKE = 40
# How many of its own changes the others' count for, when it is told how far a customer's go.
_SHRUNK = 3.0
# Smaller customers move as one: together they vary far less than the largest.
_DRAWN = 1_000
DRAWS = 1_000
# A few dozen changes show their extremes too seldom: with this on both reaches 90 to 97% of held-out years are held.
_WIDER = 1.15
_SMOOTHED = 0.4
FIGURES = ("largest customer", "five largest", "equal customers")


@dataclass(frozen=True, eq=False)
class Forecast:
    """Next year's figures. `figures`: name (of `FIGURES`), value (this year's), middle, low, high; shares are 0-1, equal
    customers a number. `level`: of the range, 0-1. `changes`: how many changes of a customer from one year to the next it
    rests on; `years`: in how many years."""

    figures: pd.DataFrame
    level: float
    changes: int
    years: int


def forecast(
    account_by_year: npt.ArrayLike, level: float, rng: np.random.Generator, draws: int = DRAWS
) -> Forecast | None:
    """How concentrated may we be next year?

    `account_by_year`: amounts, shape (accounts, years), twelve months each, the oldest first, the last of them this year;
    zero where nothing was bought. None with fewer than two years, where one of them has no sales and where
    nobody stays in any draw: not assessed.

    Each customer's share is multiplied by a change that one of the forty nearest in size went through in a past year,
    to nothing where that one left; new customers, and such as come back, are drawn from those of past years. How far
    a customer's changes go is its own spread, shrunk towards that of its neighbours, which count for three changes. A
    customer that bought by luck this year falls back as its neighbours did, and no shift of a single large account is
    ruled out that has happened to another. The quantiles of the draws, 1.15 times as far from their median.

    A smoothed bootstrap of changes (Efron & Tibshirani, An Introduction to the Bootstrap, 1993, chapter 16) with
    shrunken spreads; of the ways that were tried the one that held held-out years of simulated companies best at its
    width (`python -m benchmarks forecast`). Raises `ValueError` for amounts that are not finite or not two-dimensional.

    >>> forecast([[5.0], [3.0]], 0.95, np.random.default_rng(1)) is None
    True
    """
    amounts = np.asarray(account_by_year, dtype=np.float64)
    if amounts.ndim != 2 or not np.isfinite(amounts).all():
        raise ValueError("account_by_year: expected finite amounts of accounts by years")
    amounts = np.maximum(amounts, 0.0)
    totals = amounts.sum(axis=0)
    if amounts.shape[1] < FEWEST_YEARS or not (totals > 0).all():
        return None
    shares = amounts / totals
    shares = shares[np.lexsort(-shares.T)]
    known = _changes(shares)
    named = min(_DRAWN, int((shares[:, -1] > 0).sum()))
    others = shares[named:, -1]
    rest, squares = float(others.sum()), float(others @ others)
    drawn = np.hstack([_next(shares[:named], known, rng, draws), _new(shares, rng, draws)])
    # Where everybody has left there is nothing to be concentrated.
    drawn = drawn[drawn.sum(axis=1) + rest > 0]
    if not len(drawn):
        return None
    values = _figures(drawn, rest, squares)
    today = _figures(shares[:named, -1][None], rest, squares)[0]
    rows = [(name, *_range(today[at], values[:, at], level)) for at, name in enumerate(FIGURES)]
    figures = pd.DataFrame(rows, columns=["name", "value", "middle", "low", "high"])
    return Forecast(figures, level, known.size.size, shares.shape[1] - 1)


@dataclass(frozen=True, eq=False)
class _Changes:
    """Every change of a customer from one year to the next, by ascending `size` (its share before): `log` of the
    ratio of its shares, -inf where it left."""

    size: Floats
    log: Floats


def _changes(shares: Floats) -> _Changes:
    before, after = shares[:, :-1].ravel(), shares[:, 1:].ravel()
    there = before > 0
    with np.errstate(divide="ignore"):
        size, log = before[there], np.log(after[there] / before[there])
    # Of equal sizes by their change, so that the order of the accounts is of no matter.
    order = np.lexsort((log, size))
    return _Changes(size[order], log[order])


def _next(shares: Floats, known: _Changes, rng: np.random.Generator, draws: int) -> Floats:
    """Next year's shares of those that buy today, shape (draws, accounts); they need not add up to 1."""
    today = shares[:, -1]
    alike = min(_ALIKE, known.size.size)
    start = np.clip(np.searchsorted(known.size, today) - alike // 2, 0, known.size.size - alike)
    near = known.log[start[:, None] + np.arange(alike)]
    stayed = np.isfinite(near)
    number = np.maximum(stayed.sum(axis=1), 1)
    middle = np.array([np.median(each[here]) if here.any() else 0.0 for each, here in zip(near, stayed, strict=True)])
    off = np.where(stayed, near - middle[:, None], 0.0)
    usual = (off**2).sum(axis=1) / number
    own = _own(shares) - middle[:, None]
    seen = np.isfinite(own)
    spread = (_SHRUNK * usual + (np.where(seen, own, 0.0) ** 2).sum(axis=1)) / (_SHRUNK + seen.sum(axis=1))
    wider = np.sqrt(np.divide(spread, usual, out=np.ones(usual.size), where=usual > 0))
    typical = np.median(np.abs(off), axis=1) * 1.48
    pick = rng.integers(0, alike, (draws, today.size))
    at = np.arange(today.size)
    noise = off[at, pick] + _SMOOTHED * typical * rng.standard_normal((draws, today.size))
    return np.where(stayed[at, pick], today * np.exp(middle + wider * noise), 0.0)


def _own(shares: Floats) -> Floats:
    """Each account's own changes in logs, shape (accounts, years - 1); not finite where it did not buy in both."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.log(shares[:, 1:] / shares[:, :-1])


def _new(shares: Floats, rng: np.random.Generator, draws: int) -> Floats:
    """Shares of those that are new or come back, shape (draws, as many as in a usual year)."""
    came = np.sort(shares[:, 1:][(shares[:, :-1] == 0) & (shares[:, 1:] > 0)])
    usual = min(round(came.size / (shares.shape[1] - 1)), _DRAWN)
    return came[rng.integers(0, came.size, (draws, usual))] if usual else np.zeros((draws, 0))


def _figures(shares: Floats, rest: float, squares: float) -> Floats:
    """The three figures of each draw, shape (draws, 3); `rest` and `squares`: of all others together."""
    whole = shares.sum(axis=1) + rest
    kept = max(shares.shape[1] - 5, 0)
    largest = np.partition(shares, kept, axis=1)[:, kept:]
    equal = whole**2 / (np.square(shares).sum(axis=1) + squares)
    return np.column_stack([largest.max(axis=1) / whole, largest.sum(axis=1) / whole, equal])


def _range(value: float, drawn: Floats, level: float) -> tuple[float, float, float, float]:
    """This year's value, and next year's middle, low and high; a share stays one."""
    # A float's residue must not decide on which scale a share of everything is looked at.
    share = max(value, float(drawn.max())) < 1 - 1e-9
    scaled = np.log(drawn / (1 - drawn)) if share else np.log(drawn)
    low, middle, high = np.quantile(scaled, [(1 - level) / 2, 0.5, (1 + level) / 2])
    ends = [middle, middle - _WIDER * (middle - low), middle + _WIDER * (high - middle)]
    found = [1 / (1 + math.exp(-each)) if share else math.exp(each) for each in ends]
    if max(value, float(drawn.max())) <= 1 + 1e-9:
        found = [min(each, 1.0) for each in found]
    return float(value), found[0], found[1], found[2]
