"""Every account's sales by slot: seasons, rhythms and the story's own months, adding up to the totals."""

from dataclasses import replace
from datetime import date

import numpy as np

from kam_analysis.sample.blocks import Block, blocks
from kam_analysis.sample.chance import Floats, Integers, bell, growth, split, stream
from kam_analysis.sample.slots import LAST, MONTHS, SLOT_MONTH, SLOT_WEIGHT, SLOT_WINDOW, SLOTS, slots_between
from kam_analysis.sample.story import (
    CLOSED_ON,
    KELSO_DELIVERIES,
    MONTHS_TO_RECOVER,
    NAMED,
    OAKHURST_SHUTDOWN,
    SALES,
    TRESSEL_FALL,
    named,
)
from kam_analysis.sample.totals import Size, Totals

_YEAR = np.array([SLOT_WEIGHT[window == SLOT_WINDOW].sum() for window in range(3)])
_MIDDLE_OF = np.array([SLOT_MONTH[window == SLOT_WINDOW].mean() for window in range(3)])
_NOISE = {"story": 0.10, "middle": 0.22, "Reiter": 0.25, "Iberia": 0.08, "one-time": 0.15}
_CREDIT_MONTH = (date(2026, 3, 1), date(2026, 3, 31))  # when the two accounts with credit notes only get them
_MONTHLY_FROM = 0.20  # an account with this percentage of sales buys every month; smaller ones less often


class Months:
    """Sales by slot for any block of entities; `totals` are those given, their first window set by the recovery."""

    def __init__(self, totals: Totals, size: Size) -> None:
        self._drawn, self._seed = totals, size.seed
        self._per_year = _purchases_per_year(totals, size)
        self._turn = stream(size.seed, "rhythm").random(len(totals.roles))
        self.totals = replace(totals, cents=self._recovered())

    def sales(self, block: Block) -> Integers:
        """Cents by entity and slot."""
        weights, cents = self._weights(block), self.totals.cents[block.part]
        slots = np.bincount(SLOT_WINDOW)
        usable = np.where(np.repeat(cents, slots, axis=1) == 0, 1.0, weights)
        return split(cents.ravel(), np.tile(slots, len(block)), usable.ravel()).reshape(weights.shape)

    def _weights(self, block: Block) -> Floats:
        """What part of a window's sales each of its slots has."""
        totals = self._drawn.of(block)
        noise = np.array([_NOISE.get(role, 0.4) for role in totals.roles])
        noise[block.named("Oakhurst")] = 0.04
        noise[block.named("Tressel")] = 0.03
        draws = bell(block.stream(self._seed, "months"), len(block), len(SLOTS))
        weights = SLOT_WEIGHT * growth(noise[:, None] * draws) * growth(_slopes(totals, block) * _years_from_middle())
        turns = _buying_months(self._per_year[block.part], self._turn[block.part])
        weights = _normal(weights * _active(totals, block, turns, draws))
        for row in block.named("Tressel"):
            _fall_of_tressel(weights[row])
        return weights

    def _recovered(self) -> Integers:
        """Scale the first window so that rolling sales regain their level before Quarrix closed after 19 months, not 18.

        The level before is the twelve months to the month of closing; it is put halfway between the
        rolling sales of the 18th and the 19th month after.
        """
        cents, counted = self._drawn.cents.copy(), self._drawn.in_shares
        movable = counted.copy()
        movable[list(named("Quarrix") + named("Kelso"))] = False
        sales, moving_sales = np.zeros(len(SLOTS)), np.zeros(len(SLOTS))
        for block in blocks(len(cents)):
            sold = self._weights(block) * cents[block.part][:, SLOT_WINDOW]
            sales += sold[counted[block.part]].sum(axis=0)
            moving_sales += sold[movable[block.part]].sum(axis=0)
        closing = (CLOSED_ON.year - SLOTS[0].first.year) * 12 + CLOSED_ON.month - SLOTS[0].first.month
        after = closing + MONTHS_TO_RECOVER
        wanted = (_rolling(sales, after) + _rolling(sales, after - 1)) / 2
        moving = _rolling(np.where(SLOT_WINDOW == 0, moving_sales, 0.0), closing)
        factor = 1.0 + (wanted - _rolling(sales, closing)) / moving
        cents[movable, 0] = np.rint(cents[movable, 0] * factor).astype(np.int64)
        return cents


def _rolling(by_slot: Floats, month: int) -> float:
    return float(by_slot[(month - 12 < SLOT_MONTH) & (month >= SLOT_MONTH)].sum())


def _years_from_middle() -> Floats:
    return np.asarray((SLOT_MONTH - _MIDDLE_OF[SLOT_WINDOW]) / 12.0)


def _slopes(totals: Totals, block: Block) -> Floats:
    """Growth per year inside each window, so that accounts drift from one level to the next instead of jumping."""
    level = np.maximum(totals.cents, 0) / _YEAR
    step = np.zeros((len(level), 2))
    both = (level[:, 1:] > 0) & (level[:, :-1] > 0)
    before, after = level[:, :-1][both], level[:, 1:][both]
    step[both] = 2.0 * (after - before) / (after + before)  # nearly log(after / before)
    step[(totals.first_slot > 0) | (totals.last_slot < len(SLOTS) - 1)] = 0.0
    step[block.named("Tressel") + block.named("Kelso")] = 0.0
    slopes = np.column_stack([step[:, 0], step.mean(axis=1), step[:, 1]])
    return slopes[:, SLOT_WINDOW]


def _active(totals: Totals, block: Block, turns: np.ndarray, draws: Floats) -> np.ndarray:
    """In which slots an entity buys: within its lifetime, at its rhythm, and at least once in a window with sales."""
    slot = np.arange(len(SLOTS))
    alive = (slot >= totals.first_slot[:, None]) & (slot <= totals.last_slot[:, None])
    kelso = block.named("Kelso")
    alive[kelso] = False
    for first, last in KELSO_DELIVERIES:
        alive[kelso, next(n for n, each in enumerate(SLOTS) if each.first <= first and last <= each.last)] = True
    july = [n for n, each in enumerate(SLOTS) if (each.first.year, each.first.month) == OAKHURST_SHUTDOWN]
    alive[np.ix_(block.named("Oakhurst"), july)] = False
    active = alive & turns[:, SLOT_MONTH]
    for window in range(3):
        inside = window == SLOT_WINDOW
        silent = np.flatnonzero((totals.cents[:, window] != 0) & ~active[:, inside].any(axis=1))
        candidates = np.where(alive[silent] & inside, draws[silent], -np.inf)
        active[silent, candidates.argmax(axis=1)] = True
    credited = np.flatnonzero(totals.cents[:, 2] < 0)
    active[np.ix_(credited, SLOT_WINDOW == 2)] = slots_between(*_CREDIT_MONTH)[SLOT_WINDOW == 2]
    return np.asarray(active)


def _purchases_per_year(totals: Totals, size: Size) -> Floats:
    """In how many months of a year each entity buys: large accounts in all, small ones in two to ten."""
    share = 100.0 * totals.cents.max(axis=1) / totals.cents[totals.in_shares, 2].sum()
    per_year = np.where(share >= _MONTHLY_FROM, 12.0, 2.0 + 10.0 * np.sqrt(np.maximum(share, 0.0) / _MONTHLY_FROM))
    often = totals.roles == "small"
    # Few rows for many accounts: they buy less often, or there would be more purchases than rows.
    room = 0.5 * size.rows - 38 * 3 * (~often).sum()
    needed = 3 * 1.5 * per_year[often].sum()
    per_year[often] *= min(1.0, max(room, 0.0) / needed)
    return np.asarray(per_year)


def _buying_months(per_year: Floats, turn: Floats) -> np.ndarray:
    """Which of the 36 months are buying months, by entity; `turn` (0-1) says where in its rhythm each begins."""
    gap = 12.0 / np.maximum(per_year, 0.5)[:, None]
    offset = turn[:, None] * gap
    month = np.arange(MONTHS)
    turns = np.floor((month + offset) / gap) != np.floor((month - 1 + offset) / gap)
    return np.asarray(turns | (per_year >= 12.0)[:, None])


def _normal(weights: Floats) -> Floats:
    """Weights that add up to 1 in every window in which the entity has sales."""
    result = np.zeros_like(weights)
    for window in range(3):
        inside = window == SLOT_WINDOW
        whole = weights[:, inside].sum(axis=1, keepdims=True)
        result[:, inside] = np.where(whole > 0, weights[:, inside] / np.where(whole > 0, whole, 1.0), 0.0)
    return result


def _fall_of_tressel(weights: Floats) -> None:
    """Its last two complete quarters are 28 % below the same two quarters of the year before."""
    (row,) = named("Tressel")
    before, now = NAMED[row].before * SALES[1], NAMED[row].share * SALES[2]
    year_ago = slots_between(date(2025, 1, 1), date(2025, 6, 30))
    half = slots_between(date(2026, 1, 1), date(2026, 6, 30))
    since = slots_between(date(2026, 7, 1), LAST)
    wanted = (1 - TRESSEL_FALL) * weights[year_ago].sum() * before / now
    rest = (SLOT_WINDOW == 2) & ~half
    weights[since] *= 1 - TRESSEL_FALL
    weights[half] *= wanted / weights[half].sum()
    weights[rest] *= (1 - wanted) / weights[rest].sum()
