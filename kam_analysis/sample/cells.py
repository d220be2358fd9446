"""Each account's month divided by product line: the amounts that invoice lines must add up to.

A cell is one entity, one slot, one product line. Revenue, cost and the number of rows are fixed
here to the cent and to the row, so that the lines can be drawn in any number and still tell the story.
"""

from dataclasses import dataclass, fields

import numpy as np

from kam_analysis.sample.blocks import Block, blocks
from kam_analysis.sample.chance import Floats, Integers, bell, growth, split, split_by, stream
from kam_analysis.sample.months import Months
from kam_analysis.sample.profiles import Profiles
from kam_analysis.sample.slots import SLOT_WINDOW, SLOTS
from kam_analysis.sample.story import LINE_SHARE, MARGINS, NAMED, PRODUCT_LINES, named
from kam_analysis.sample.totals import Size, Totals

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


def cells(months: Months, who: Profiles, size: Size, rows: int) -> Cells:
    """Divide monthly sales into cells that become exactly `rows` transaction rows."""
    totals = months.totals
    every = blocks(len(totals.customer))
    parts = [_sold(block, months, who, size) for block in every]
    _set_line_shares(totals, parts)
    margins = _margins(totals, size)
    costs = [_costs(block, totals, part, margins[block.part], size) for block, part in zip(every, parts, strict=True)]
    return _by_slot(parts, costs, _row_counts(totals, parts, rows))


@dataclass(frozen=True)
class _Sold:
    """The cells of one block as far as they are told before costs and rows, in the smallest types that hold them."""

    entity: Integers
    slot: Integers
    line: Integers
    region: Integers
    revenue: Integers


def _sold(block: Block, months: Months, who: Profiles, size: Size) -> _Sold:
    sales = months.sales(block)
    slot, entity = np.nonzero(sales.T)
    amount = sales[entity, slot]
    entity += block.first
    weights = _line_weights(block, entity, amount, months.totals, who, size)
    pair, line = np.nonzero(weights)
    revenue = split(amount, (weights > 0).sum(axis=1), weights[pair, line])
    # A large weight next to a tiny amount can leave a line without a cent.
    kept = revenue != 0
    entity, slot, line = entity[pair][kept], slot[pair][kept], line[kept]
    region = _pick(np.cumsum(who.regions[entity], axis=1), block.stream(size.seed, "regions").random(len(entity)))
    return _Sold(
        entity.astype(np.int32), slot.astype(np.int8), line.astype(np.int8), region.astype(np.int8), revenue[kept]
    )


def _line_weights(
    block: Block, entity: Integers, amount: Integers, totals: Totals, who: Profiles, size: Size
) -> Floats:
    """Which product lines an account buys in a slot: the story's accounts all of theirs, the tail one or two."""
    rng = block.stream(size.seed, "product lines")
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


def _set_line_shares(totals: Totals, parts: list[_Sold]) -> None:
    """Corvane is 41 % of the skids of the last twelve months, Dunmere 40 % of the seals: exactly."""
    counted = totals.in_shares & (totals.cents[:, 2] > 0)
    story = parts[0]
    for known_as, (line_name, share) in LINE_SHARE.items():
        (buyer,), number = named(known_as), PRODUCT_LINES.index(line_name)
        others = sum(_sold_to_others(part, counted, buyer, number) for part in parts)
        own = (SLOT_WINDOW[story.slot] == 2) & (story.entity == buyer)
        wanted = min(round(others * share / (1 - share)), round(0.95 * int(story.revenue[own].sum())))
        mine, rest = np.flatnonzero(own & (story.line == number)), np.flatnonzero(own & (story.line != number))
        by_slot = np.zeros(len(SLOTS), dtype=np.int64)
        np.add.at(by_slot, story.slot[own], story.revenue[own])
        split_up = split(np.array([wanted]), np.array([len(mine)]), by_slot[story.slot[mine]].astype(float))
        left = by_slot.copy()
        np.subtract.at(left, story.slot[mine], split_up)
        story.revenue[mine], story.revenue[rest] = split_up, left[story.slot[rest]]


def _sold_to_others(part: _Sold, counted: np.ndarray, buyer: int, line: int) -> int:
    others = counted[part.entity] & (part.entity != buyer)
    return int(part.revenue[others & (part.line == line) & (SLOT_WINDOW[part.slot] == 2)].sum())


def _costs(block: Block, totals: Totals, part: _Sold, margin: Floats, size: Size) -> Integers:
    """Costs that give every customer its margin in every window, and the company its own."""
    window, customer = SLOT_WINDOW[part.slot], totals.customer[part.entity] - block.first
    sold = np.zeros((len(block), 3), dtype=np.int64)
    np.add.at(sold, (customer, window), part.revenue)
    wanted = np.rint(sold * (1.0 - margin)).astype(np.int64)
    noise = 0.02 * bell(block.stream(size.seed, "margins"), len(customer))
    weights = np.abs(part.revenue) * (1.0 - margin[customer, window] - _LINE_MARGIN[part.line] + noise)
    return split_by(customer * 3 + window, wanted.ravel(), weights)


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


def _row_counts(totals: Totals, parts: list[_Sold], rows: int) -> list[Integers]:
    """One row each, the others by size: rows grow with the 3/4th power of the amount."""
    one_time, weights = totals.roles == "one-time", []
    for part in parts:
        size = np.sqrt(np.maximum(part.revenue, 0) / _TYPICAL[part.line])
        weights.append(size * np.sqrt(size) * np.where(one_time[part.entity], 3.0, 1.0))
    extra = rows - sum(len(weight) for weight in weights)
    by_part = split(np.array([extra]), np.array([len(parts)]), np.array([weight.sum() for weight in weights]))
    return [1 + split(by_part[n : n + 1], np.array([len(weight)]), weight) for n, weight in enumerate(weights)]


def _by_slot(parts: list[_Sold], costs: list[Integers], rows: list[Integers]) -> Cells:
    """All blocks' cells, one after another in time; within a slot by entity."""
    order = np.argsort(np.concatenate([part.slot for part in parts]), kind="stable")
    told = [np.concatenate([getattr(part, field.name) for part in parts])[order] for field in fields(_Sold)]
    return Cells(*told, *(np.concatenate(values)[order] for values in (costs, rows)))
