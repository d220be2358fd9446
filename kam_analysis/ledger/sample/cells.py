"""Each account's month divided by product line: the amounts that invoice lines must add up to.

A cell is one entity, one slot, one product line. Revenue, cost and the number of rows are fixed
here to the cent and to the row, so that the lines can be drawn in any number and still tell the story.
"""

from dataclasses import dataclass

import numpy as np

from kam_analysis.ledger.sample.chance import Floats, Integers, bell, growth, split, split_by, stream
from kam_analysis.ledger.sample.profiles import Profiles
from kam_analysis.ledger.sample.slots import SLOT_WINDOW, SLOTS
from kam_analysis.ledger.sample.story import LINE_SHARE, MARGINS, NAMED, PRODUCT_LINES, named
from kam_analysis.ledger.sample.totals import Size, Totals

_SKIDS, _SPARES = PRODUCT_LINES.index("Skids"), PRODUCT_LINES.index("Spares")
_SMALLEST_SKID = 1_800_000  # cents a month: below it, what a customer buys for a skid are spares
_ONE_LINE_BELOW = 400_000
# Margin of a line against the account's own average, in the order of PRODUCT_LINES.
_LINE_MARGIN = np.array([0.0, -0.02, 0.06, -0.05, 0.05, 0.03])
# Cents that an invoice line of each product line typically has.
_TYPICAL = np.array([900_000, 1_400_000, 450_000, 4_500_000, 400_000, 600_000])


@dataclass(frozen=True)
class Cells:
    """Parallel arrays, by slot and then entity; `rows` is how many transaction rows the cell becomes."""

    entity: Integers
    slot: Integers
    line: Integers
    region: Integers
    revenue: Integers
    cost: Integers
    rows: Integers


def cells(totals: Totals, sales: Integers, who: Profiles, size: Size, rows: int) -> Cells:
    """Divide monthly sales into cells that become exactly `rows` transaction rows."""
    slot, entity = np.nonzero(sales.T)
    amount = sales[entity, slot]
    weights = _line_weights(entity, amount, totals, who, size)
    pair, line = np.nonzero(weights)
    entity, slot = entity[pair], slot[pair]
    revenue = split(amount, (weights > 0).sum(axis=1), weights[pair, line])
    # A large weight next to a tiny amount can leave a line without a cent.
    kept = revenue != 0
    entity, slot, line, revenue = entity[kept], slot[kept], line[kept], revenue[kept]
    _set_line_shares(totals, entity, slot, line, revenue)
    region = _regions(entity, who, size)
    cost = _costs(totals, entity, slot, line, revenue, size)
    return Cells(entity, slot, line, region, revenue, cost, _row_counts(entity, line, revenue, totals, rows))


def _line_weights(entity: Integers, amount: Integers, totals: Totals, who: Profiles, size: Size) -> Floats:
    """Which product lines an account buys in a slot: the story's accounts all of theirs, the tail one or two."""
    rng = stream(size.seed, "product lines")
    shape = (len(entity), len(PRODUCT_LINES))
    noise = growth(0.3 * bell(rng, *shape))
    weights = who.lines[entity] * noise
    few = ~np.isin(totals.roles[entity], ("story", "Iberia", "one-time", "no account"))
    steps = np.cumsum(who.lines[entity[few]], axis=1)
    first, second, also = rng.random((3, int(few.sum())))
    row = np.arange(int(few.sum()))
    chosen = np.zeros((len(row), len(PRODUCT_LINES)))
    with_second = (also < 0.35) & (amount[few] >= _ONE_LINE_BELOW)
    chosen[row, _pick(steps, second)] = np.where(with_second, 0.6, 0.0)
    chosen[row, _pick(steps, first)] = 1.0
    weights[few] = chosen
    small = (totals.roles[entity] != "story") & (weights[:, _SKIDS] / weights.sum(axis=1) * amount < _SMALLEST_SKID)
    weights[small, _SPARES] += weights[small, _SKIDS]
    weights[small, _SKIDS] = 0.0
    return np.asarray(weights)


def _pick(steps: Floats, draws: Floats) -> Integers:
    return (steps[:, :-1] <= draws[:, None]).sum(axis=1)


def _set_line_shares(totals: Totals, entity: Integers, slot: Integers, line: Integers, revenue: Integers) -> None:
    """Corvane is 41 % of the skids of the last twelve months, Dunmere 40 % of the seals: exactly."""
    last = SLOT_WINDOW[slot] == 2
    counted = last & totals.in_shares[entity] & (totals.cents[entity, 2] > 0)
    for known_as, (line_name, share) in LINE_SHARE.items():
        number = PRODUCT_LINES.index(line_name)
        own = last & (entity == named(known_as)[0])
        others = int(revenue[counted & ~own & (line == number)].sum())
        wanted = min(round(others * share / (1 - share)), round(0.95 * int(revenue[own].sum())))
        mine, rest = np.flatnonzero(own & (line == number)), np.flatnonzero(own & (line != number))
        by_slot = np.zeros(len(SLOTS), dtype=np.int64)
        np.add.at(by_slot, slot[own], revenue[own])
        parts = split(np.array([wanted]), np.array([len(mine)]), by_slot[slot[mine]].astype(float))
        left = by_slot.copy()
        np.subtract.at(left, slot[mine], parts)
        revenue[mine], revenue[rest] = parts, left[slot[rest]]


def _regions(entity: Integers, who: Profiles, size: Size) -> Integers:
    return _pick(np.cumsum(who.regions[entity], axis=1), stream(size.seed, "regions").random(len(entity)))


def _costs(totals: Totals, entity: Integers, slot: Integers, line: Integers, revenue: Integers, size: Size) -> Integers:
    """Costs that give every customer its margin in every window, and the company its own."""
    window = SLOT_WINDOW[slot]
    margin = _margins(totals, size)
    key = totals.customer[entity] * 3 + window
    sold = np.zeros((len(margin), 3), dtype=np.int64)
    np.add.at(sold, (totals.customer[entity], window), revenue)
    wanted = np.rint(sold * (1.0 - margin)).astype(np.int64)
    noise = 0.02 * bell(stream(size.seed, "margins"), len(entity))
    weights = np.abs(revenue) * (1.0 - margin[totals.customer[entity], window] - _LINE_MARGIN[line] + noise)
    return split_by(key, wanted.ravel(), weights)


def _margins(totals: Totals, size: Size) -> Floats:
    """Margin by customer and window; the tail's is moved so that the company's comes out as told."""
    count = len(totals.customer)
    own = 0.31 + 0.045 * bell(stream(size.seed, "account margins"), count)
    margin = np.repeat(own[:, None], 3, axis=1) - np.array([-0.004, 0.0, 0.004])
    margin[: len(NAMED)] = [entity.margins for entity in NAMED]
    margin[-3:] = np.array([0.06, 0.36, 0.30])[:, None]
    tail = (np.arange(count) >= len(NAMED)) & totals.in_shares
    for window in range(3):
        cents = np.where(totals.in_shares, totals.cents[:, window], 0)
        missing = MARGINS[window] * cents.sum() - (margin[:, window] * cents).sum()
        margin[tail, window] += missing / cents[tail].sum()
    return np.asarray(margin)


def _row_counts(entity: Integers, line: Integers, revenue: Integers, totals: Totals, rows: int) -> Integers:
    """One row each, the others by size: rows grow with the 3/4th power of the amount."""
    size = np.sqrt(np.maximum(revenue, 0) / _TYPICAL[line])
    weight = size * np.sqrt(size)
    weight[totals.roles[entity] == "one-time"] *= 3.0
    extra = split(np.array([rows - len(entity)]), np.array([len(entity)]), weight)
    return np.asarray(1 + extra)
