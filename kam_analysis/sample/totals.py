"""How much every account buys in each window: the story's accounts exactly, the others as a tail.

The tail has a shape, not a list: 26 middle-sized accounts that with the story's make 80 % of sales,
Jonas Reiter's twelve, two that only got credit notes, five that left, and the many small ones whose
number follows the size that was asked for.
"""

from dataclasses import dataclass, fields

import numpy as np

from kam_analysis.errors import SettingsError
from kam_analysis.sample.blocks import Block
from kam_analysis.sample.chance import Floats, Integers, bell, bell_quantile, growth, split, stream
from kam_analysis.sample.slots import SLOT_WEIGHT, SLOT_WINDOW, SLOTS, slots_between
from kam_analysis.sample.story import (
    CLOSED_ON,
    CUSTOMERS,
    IBERIA,
    IBERIA_SHARE,
    NAMED,
    NO_ACCOUNT_SHARE,
    ONE_TIME,
    ONE_TIME_SHARE,
    REITER_SMALL,
    SALES,
    TRANSACTIONS,
    named,
)

MIDDLE = 26
_MIDDLE_SHARE = 14.05  # with the story's 66.1 this is 80.15: the 42nd account passes 80 %
_LARGEST_SMALL = 0.395  # a small account stays below the smallest middle-sized one
_LEFT_SHARES = (0.16, 0.12, 0.10, 0.07, 0.05)
_CREDIT_ONLY = (-124_000, -38_650)
_NEW_MIDDLE, _NEW_SMALL = (3, 9, 19), (0, 3, 7, 12, 16, 21, 26, 33)
_RECENT_MIDDLE, _RECENT_SMALL = (8, 16), (4, 9, 14, 20, 25, 30, 35)
SMALLEST_BOOK = 120
LARGEST_BOOK = 3_000_000  # ids of seven digits
_FROM_TAIL = len(NAMED)
_OUTSIDE = ("Iberia", "one-time", "no account")
# Beyond a million lines the company grows with them, or its lines would be worth cents.
_ROWS_OF_ONE_COMPANY = 1_000_000


@dataclass(frozen=True)
class Size:
    """What was asked for: customers in the shares, rows of the transactions table, and the seed."""

    customers: int
    rows: int
    seed: int

    @property
    def factor(self) -> float:
        """How many times the sales of the committed sample."""
        return max(1.0, self.rows / _ROWS_OF_ONE_COMPANY)


@dataclass(frozen=True)
class Totals:
    """Sales in cents by legal entity and window, with each entity's first and last slot.

    Rows: the story's entities in NAMED's order, the tail, then Lindmark Iberia, the one-time
    customers, and the sales without an account. `customer` numbers the entities by parent.
    """

    account_ids: tuple[str, ...]
    customer: Integers
    cents: Integers
    first_slot: Integers
    last_slot: Integers
    roles: np.ndarray

    @property
    def in_shares(self) -> np.ndarray:
        """Which entities are customers: all but the last three."""
        return ~np.isin(self.roles, _OUTSIDE)

    def of(self, block: Block) -> "Totals":
        """The totals of a block's entities; `customer` still numbers all."""
        return Totals(*(getattr(self, field.name)[block.part] for field in fields(self)))


def asked_size(accounts: int | None, transactions: int | None, seed: int) -> Size:
    """The size to make; raises `SettingsError` where the story does not fit into it."""
    customers = CUSTOMERS if accounts is None else accounts
    rows = max(TRANSACTIONS, 12 * customers) if transactions is None else transactions
    fewest = 6_000 + 8 * customers
    if customers < SMALLEST_BOOK:
        wrong = (
            f"at least {SMALLEST_BOOK} accounts, got {customers}; the story's own accounts need that many around them"
        )
    elif customers > LARGEST_BOOK:
        wrong = f"at most {LARGEST_BOOK:,} accounts, got {customers:,}; ask for fewer"
    elif rows < fewest:
        wrong = f"at least {fewest:,} transactions for {customers:,} accounts, got {rows:,}; ask for more transactions or fewer accounts"
    elif seed < 0:
        wrong = f"a seed of 0 or more, got {seed}; choose another number"
    else:
        return Size(customers, rows, seed)
    raise SettingsError(f"sample: expected {wrong}")


def account_totals(size: Size) -> Totals:
    """Every entity's sales by window."""
    roles = _roles(size.customers)
    shares = _last_shares(roles)
    money = [round(total * size.factor) for total in SALES]
    cents = np.zeros((len(roles), 3), dtype=np.int64)
    cents[:, 2] = split(np.array([money[2]]), np.array([len(roles)]), shares)
    cents[roles == "credit only", 2] = np.rint(np.array(_CREDIT_ONLY) * size.factor)
    first, last = _lifetimes(roles, size.seed)
    _earlier(cents, roles, first, last, money, size.seed)
    cents = np.vstack([cents, _outside(cents, money)])
    ids = [entity.account_id for entity in NAMED] + _tail_ids(len(roles) - len(NAMED), size.seed)
    return Totals(
        (*ids, IBERIA, ONE_TIME, ""),
        _customers(len(roles) + 3),
        cents,
        np.concatenate([first, [0, 0, 0]]),
        np.concatenate([last, [len(SLOTS) - 1] * 3]),
        np.concatenate([roles, _OUTSIDE]),
    )


def _roles(customers: int) -> np.ndarray:
    story = len({entity.known_as for entity in NAMED})
    small = customers - story - MIDDLE - len(REITER_SMALL) - len(_CREDIT_ONLY) - len(_LEFT_SHARES)
    parts = (
        ("story", len(NAMED)),
        ("middle", MIDDLE),
        ("Reiter", len(REITER_SMALL)),
        ("credit only", len(_CREDIT_ONLY)),
        ("left", len(_LEFT_SHARES)),
        ("small", small),
    )
    return np.concatenate([np.full(count, role, dtype="U12") for role, count in parts])


def _customers(entities: int) -> Integers:
    group = named("Aldermoor")
    number = np.arange(entities)
    number[list(group)] = group[0]
    return number


def _last_shares(roles: np.ndarray) -> Floats:
    """Percentages of the last window, adding up to 100."""
    shares = np.zeros(len(roles))
    shares[roles == "story"] = [entity.share for entity in NAMED]
    steps = np.linspace(1.0, 0.0, MIDDLE)
    middle = 0.43 + 0.5 * steps * steps
    # The smallest stays as it is; the others take what is missing from the total.
    middle[:-1] *= (_MIDDLE_SHARE - middle[-1]) / middle[:-1].sum()
    shares[roles == "middle"] = middle
    shares[roles == "Reiter"] = REITER_SMALL
    shares[roles == "small"] = _small_shares(int((roles == "small").sum()), 100.0 - shares.sum())
    return shares


def _small_shares(count: int, total: float) -> Floats:
    """A falling lognormal tail, bent so that no account passes the smallest middle-sized one."""
    rank = (np.arange(count) + 0.5) / count
    raw = growth(1.15 * bell_quantile(1.0 - rank))
    low, high = 0.0, 1000.0
    for _ in range(80):
        scale = (low + high) / 2
        bent = scale * raw / np.sqrt(1.0 + (scale * raw / _LARGEST_SMALL) ** 2)
        low, high = (scale, high) if bent.sum() < total else (low, scale)
    return np.asarray(bent * (total / bent.sum()))


def _tail_index(roles: np.ndarray, middle: tuple[int, ...], small: tuple[int, ...]) -> Integers:
    return np.concatenate(
        [np.flatnonzero(roles == "middle")[list(middle)], np.flatnonzero(roles == "small")[list(small)]]
    )


def _lifetimes(roles: np.ndarray, seed: int) -> tuple[Integers, Integers]:
    """First and last slot in which each entity may buy."""
    draw = stream(seed, "lifetimes").random((2, len(roles)))
    first, last = np.zeros(len(roles), dtype=np.int64), np.full(len(roles), len(SLOTS) - 1)
    for window, index in (
        (2, _tail_index(roles, _NEW_MIDDLE, _NEW_SMALL)),
        (1, _tail_index(roles, _RECENT_MIDDLE, _RECENT_SMALL)),
    ):
        start = int(np.flatnonzero(window == SLOT_WINDOW)[0])
        first[index] = start + 1 + (draw[0, index] * 6).astype(np.int64)
    left = np.flatnonzero(roles == "left")
    start = int(np.flatnonzero(SLOT_WINDOW == 1)[0])
    last[left] = start + 4 + (draw[1, left] * 6).astype(np.int64)
    last[list(named("Quarrix"))] = int(np.flatnonzero(slots_between(SLOTS[0].first, CLOSED_ON))[-1])
    return first, last


def _earlier(cents: Integers, roles: np.ndarray, first: Integers, last: Integers, money: list[int], seed: int) -> None:
    """Fill the two earlier windows, the tail taking what the story leaves of each total."""
    rng = stream(seed, "growth between windows")
    year = [SLOT_WEIGHT[window == SLOT_WINDOW].sum() for window in range(3)]
    level = cents[:, 2].astype(float)
    level[roles == "credit only"] = money[2] * 0.0005
    level[roles == "left"] = np.array(_LEFT_SHARES) * money[2] / 100
    for window, known in ((1, [entity.before for entity in NAMED]), (0, [entity.earlier for entity in NAMED])):
        level = level * growth(-0.2 * bell(rng, len(level))) * _leaps(rng.random(len(level)))
        tail = level * _weight_alive(window)[first, last] / year[2]
        tail[:_FROM_TAIL] = 0.0
        story = np.rint(np.array(known) / 100 * money[window]).astype(np.int64)
        cents[:_FROM_TAIL, window] = story
        rest = np.array([money[window] - int(story.sum())])
        cents[_FROM_TAIL:, window] = split(rest, np.array([len(tail) - _FROM_TAIL]), tail[_FROM_TAIL:])


def _leaps(draw: Floats) -> Floats:
    """A few accounts halve or double from one year to the next."""
    return np.where(draw < 0.05, 0.55, np.where(draw > 0.95, 1.9, 1.0))


def _weight_alive(window: int) -> Floats:
    """What the slots of a window weigh from a first (row) to a last (column) one."""
    slot = np.arange(len(SLOTS))
    alive = (slot >= slot[:, None, None]) & (slot <= slot[:, None]) & (window == SLOT_WINDOW)
    return np.asarray((alive * SLOT_WEIGHT).sum(axis=2))


def _outside(cents: Integers, money: list[int]) -> Integers:
    """Lindmark Iberia, the one-time customers and the sales without an account, by window."""
    rows = np.zeros((3, 3), dtype=np.int64)
    for window in range(3):
        one_time, nobody = round(ONE_TIME_SHARE * money[window]), round(NO_ACCOUNT_SHARE * money[window])
        others = int(cents[:, window].sum()) + one_time + nobody
        rows[:, window] = round(others * IBERIA_SHARE / (1 - IBERIA_SHARE)), one_time, nobody
    return rows


def _tail_ids(count: int, seed: int) -> list[str]:
    """Seven digits with leading zeros, as an ERP gives them, in no order of size."""
    order = np.argsort(stream(seed, "account ids").random(count), kind="stable")
    return [f"{200_001 + 3 * number:07d}" for number in order.tolist()]
