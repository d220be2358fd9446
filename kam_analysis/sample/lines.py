"""Invoice lines and credit notes: every cell cut into its rows, chunk by chunk.

Each concern draws its own stream in the order of rows, so the rows are the same however they are
cut into chunks; only their order is a chunk's own (by date).
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import date

import numpy as np

from kam_analysis.sample.cells import Cells
from kam_analysis.sample.chance import Floats, Integers, split, stream
from kam_analysis.sample.products import choose_articles
from kam_analysis.sample.profiles import Profiles
from kam_analysis.sample.slots import DAYS, LAST, SLOT_WINDOW, SLOTS, working_days
from kam_analysis.sample.story import BEXLEY_CREDIT, KELSO_DELIVERIES, named

ROWS_PER_CHUNK = 500_000
_CREDIT_NOTES = 0.03
_DAYS_FROM = np.array([slot.days_from for slot in SLOTS])
_DAYS = np.array([slot.days for slot in SLOTS])


@dataclass(frozen=True)
class Rows:
    """Parallel arrays of transaction rows; `entity` and the others number what the tables name."""

    entity: Integers
    day: np.ndarray
    revenue: Integers
    cost: Integers
    quantity: Integers
    article: Integers
    line: Integers
    region: Integers
    order: Integers
    manager: Integers

    def __len__(self) -> int:
        return len(self.entity)

    def take(self, index: np.ndarray) -> "Rows":
        """The rows at these places, in their order."""
        return Rows(*(getattr(self, field.name)[index] for field in fields(self)))


def invoice_rows(cells: Cells, who: Profiles, seed: int, most: int = ROWS_PER_CHUNK) -> Iterator[Rows]:
    """All rows in chunks of about `most`, each sorted by date; order numbers rise through the chunks."""
    draw = {concern: stream(seed, concern) for concern in ("amounts", "credit notes", "orders", "days", "articles")}
    cuts = np.searchsorted(np.cumsum(cells.rows), np.arange(most, int(cells.rows.sum()), most))
    orders = 0
    for part in np.split(np.arange(len(cells.entity)), np.unique(cuts)):
        if len(part):
            chunk = _sorted(_chunk(cells, part, who, draw), orders)
            orders = int(chunk.order.max()) + 1
            yield chunk


def _chunk(cells: Cells, part: Integers, who: Profiles, draw: dict[str, np.random.Generator]) -> Rows:
    counts = cells.rows[part]
    cell = np.repeat(part, counts)
    total = len(cell)
    place = np.arange(total) - np.repeat(np.cumsum(counts) - counts, counts)
    entity, slot, line = cells.entity[cell], cells.slot[cell], cells.line[cell]
    weights, returned = _weights(place, draw)
    goods = weights.copy()
    _price_credits(weights, goods, cells, part, counts)
    revenue = split(cells.revenue[part], counts, weights)
    cost = split(cells.cost[part], counts, goods)
    order, day = _orders(cells, part, cell, place, returned, draw)
    article, quantity = choose_articles(line, np.abs(revenue), draw["articles"].random(total))
    credited = np.flatnonzero(returned)
    article[credited] = article[credited - 1]
    part_back = np.abs(weights[credited]) / np.abs(weights[credited - 1])
    quantity[credited] = np.maximum(1, np.rint(part_back * quantity[credited - 1])).astype(np.int64)
    manager = np.where(slot < who.handed_over[entity], who.manager_before[entity], who.manager[entity])
    signed = np.where(revenue < 0, -quantity, quantity)
    return Rows(entity, day, revenue, cost, signed, article, line, cells.region[cell], order, manager)


def _weights(place: Integers, draw: dict[str, np.random.Generator]) -> tuple[Floats, np.ndarray]:
    """How a cell's amount divides among its rows; some rows take back all or part of the row before."""
    size = draw["amounts"].random(len(place))
    weights = 0.2 + 1.6 * size * size
    notes = draw["credit notes"].random((len(place), 2))
    wanted = (place >= 2) & (notes[:, 0] < _CREDIT_NOTES)
    returned = wanted & ~np.concatenate(([False], wanted[:-1]))
    part = np.where(notes[:, 1] < 0.4, 1.0, notes[:, 1] - 0.3)
    weights[returned] = -(part * np.roll(weights, 1))[returned]
    return weights, returned


def _price_credits(weights: Floats, goods: Floats, cells: Cells, part: Integers, counts: Integers) -> None:
    """Bexley's credit notes: money back without goods back, so that its costs stay where they were."""
    bexley = (cells.entity[part] == named("Bexley")[0]) & (SLOT_WINDOW[cells.slot[part]] == 2) & (counts >= 4)
    ends = np.cumsum(counts)
    for last, count in zip(ends[bexley].tolist(), counts[bexley].tolist(), strict=True):
        before = weights[last - count : last - 1]
        weights[last - 1] = -BEXLEY_CREDIT * before.sum()
        goods[last - 1] = 0.0


def _orders(
    cells: Cells,
    part: Integers,
    cell: Integers,
    place: Integers,
    returned: np.ndarray,
    draw: dict[str, np.random.Generator],
) -> tuple[Integers, np.ndarray]:
    """An order per one to four rows, dated on a working day of its slot; a credit note follows its invoice."""
    total = len(cell)
    begins = (place == 0) | (draw["orders"].random(total) < 0.5) | returned
    begins |= np.concatenate(([False], returned[:-1]))
    order = np.cumsum(begins) - 1
    start, days = _allowed_days(cells, part)
    counts = cells.rows[part]
    start, days = np.repeat(start, counts), np.repeat(days, counts)
    draws = draw["days"].random(total)
    own = (draws * days).astype(np.int64)
    own = own[np.flatnonzero(begins)][order]
    back = np.flatnonzero(returned)
    left = days[back] - own[back - 1]
    own[back] = own[back - 1] + (draws[back] * left).astype(np.int64)
    return order, DAYS[start + own]


def _allowed_days(cells: Cells, part: Integers) -> tuple[Integers, Integers]:
    """From which working day on, and on how many, a cell's orders may be dated."""
    slot, entity = cells.slot[part], cells.entity[part]
    start, days = _DAYS_FROM[slot], _DAYS[slot]
    kelso = entity == named("Kelso")[0]
    for first, last in KELSO_DELIVERIES:
        inside = kelso & np.array([each.first <= first <= each.last for each in SLOTS])[slot]
        start[inside], days[inside] = working_days(first, last)
    # The sample's last day must carry a sale: the data is as fresh as its last transaction.
    newest = (slot == len(SLOTS) - 1) & (entity == named("Aldermoor")[1])
    start[newest], days[newest] = working_days(LAST, LAST)
    return start, days


def _sorted(rows: Rows, first_order: int) -> Rows:
    """By date, orders of one day in mixed order, numbered on from `first_order`."""
    mixed = (rows.order * 2_654_435_761) % 4_294_967_296  # no two orders of a chunk give the same number
    index = np.argsort(rows.day.astype(np.int64) * 4_294_967_296 + mixed, kind="stable")
    result = rows.take(index)
    new = np.concatenate(([True], result.order[1:] != result.order[:-1]))
    return replace(result, order=first_order + np.cumsum(new) - 1)


def with_mess(
    rows: Rows, mistyped: tuple[tuple[date, date, int], ...], copies: int, in_euro: np.ndarray, seed: int
) -> Rows:
    """A chunk with an invoice and its full credit for every mistyped id, and with exact duplicate rows.

    `mistyped` gives the two days and the number by which the table names the wrong id. Duplicates
    are halves of one row, so that no total moves.
    """
    even = (rows.revenue % 2 == 0) & (rows.cost % 2 == 0) & (rows.quantity % 2 == 0) & (rows.revenue > 0)
    usable = np.flatnonzero(even & in_euro[rows.entity])
    chosen = usable[np.argsort(stream(seed, "duplicates").random(len(usable)), kind="stable")[:copies]]
    half = {name: getattr(rows, name).copy() for name in ("revenue", "cost", "quantity")}
    for values in half.values():
        values[chosen] //= 2
    index = np.sort(np.concatenate([np.arange(len(rows)), chosen]))
    doubled = replace(rows, **half).take(index)
    for turn, (booked, taken_back, entity) in enumerate(mistyped):
        # Numbers below the first order's: booked by hand, in a series of their own.
        doubled = _booked_and_taken_back(doubled, booked, taken_back, entity, -100 + 2 * turn)
    return doubled


def _booked_and_taken_back(rows: Rows, booked: date, taken_back: date, entity: int, order: int) -> Rows:
    for day, sign in ((booked, 1), (taken_back, -1)):
        row = Rows(
            np.array([entity]), np.array([day], dtype="datetime64[D]"), np.array([sign * 684_000]), np.array([sign * 471_500]),
            np.array([sign * 6]), rows.article[:1], rows.line[:1], np.array([0]), np.array([order]), np.array([0]),
        )  # fmt: skip
        order += 1
        place = int(np.searchsorted(rows.day, row.day[0], side="right"))
        parts = (rows.take(np.arange(place)), row, rows.take(np.arange(place, len(rows))))
        rows = Rows(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Rows)))
    return rows
