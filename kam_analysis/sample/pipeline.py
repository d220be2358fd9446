"""Sales opportunities: the story's chances, the tail's, and the new customers that were won."""

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from kam_analysis.sample.accounts import Row
from kam_analysis.sample.company import Company
from kam_analysis.sample.dice import Dice
from kam_analysis.sample.slots import LAST, SLOT_WINDOW, SLOTS
from kam_analysis.sample.story import NAMED, PRODUCT_LINES, named

_STAGES = (("Enquiry", 0.1), ("Offer", 0.3), ("Negotiation", 0.6), ("Verbal yes", 0.85))
# Customer, amount in EUR a year, stage, expected close, product line: the chances that the story speaks of.
_CHANCES = (
    ("Pellworth", 1_400_000, 2, "2026-12-15", "Pumps"),
    ("Pellworth", 420_000, 1, "2027-02-26", "Service"),
    ("Aldermoor", 1_100_000, 0, "2027-03-31", "Skids"),
    ("Aldermoor", 380_000, 1, "2026-11-30", "Seals"),
    ("Tressel", 260_000, 1, "2026-10-30", "Service"),
    ("Corvane", 340_000, 2, "2026-11-13", "Service"),
    ("Dunmere", 190_000, 1, "2027-01-29", "Pumps"),
    ("Hollin", 510_000, 3, "2026-10-15", "Valves"),
    ("Strand", 230_000, 1, "2026-12-18", "Seals"),
)
_OPEN, _WON, _LOST, _LOST_NEW = 40, 26, 34, 47


def opportunities(company: Company) -> list[Row]:
    """Open chances, and what was won and lost in two years; no account: a customer that we did not have yet."""
    dice = Dice(company.size.seed, "opportunities")
    rows = [_chance(chance, dice) for chance in _CHANCES]
    tail, won = _tail_accounts(company), _new_customers(company, dice)
    for _ in range(_OPEN):
        account = "" if dice.happens(0.3) else dice.one_of(tail)
        expected = LAST + timedelta(days=dice.whole(14, 240))
        amount = _amount(dice) if account else dice.one_of(won)[0]
        rows.append(_open(account, amount, dice.whole(0, 3), expected, dice.one_of(PRODUCT_LINES), dice))
    for status, count in (("won", _WON), ("lost", _LOST)):
        rows += [_closed(status, dice.one_of(tail), _amount(dice), _any_day(dice), dice) for _ in range(count)]
    rows += [_closed("won", "", amount, day, dice) for amount, day in won]
    rows += [_closed("lost", "", dice.one_of(won)[0], _any_day(dice), dice) for _ in range(_LOST_NEW)]
    return sorted(rows, key=lambda row: (str(row["created"]), str(row["account_id"]), str(row["amount"])))


def _tail_accounts(company: Company) -> Sequence[str]:
    return [company.totals.account_ids[entity] for entity in company.with_role("middle", "Reiter", "small")[:120]]


def _new_customers(company: Company, dice: Dice) -> list[tuple[float, date]]:
    """What the tail's new accounts bought in the last twelve months, and when they were won: before their first order."""
    found = []
    for entity in np.flatnonzero(company.totals.first_slot > 0).tolist():
        first = int(company.totals.first_slot[entity])
        won = SLOTS[first].first - timedelta(days=dice.whole(5, 40))
        months = (SLOT_WINDOW[first:] == 2).sum()
        year = float(company.last_year[entity]) / 100 * min(12 / float(months), 2.0)
        found.append((max(5_000.0, round(year, -3)), won - timedelta(days=max(0, won.weekday() - 4))))
    return found


def _amount(dice: Dice) -> float:
    return float(round(20_000 + 260_000 * dice.number() * dice.number(), -3))


def _any_day(dice: Dice) -> date:
    return dice.weekday(LAST - timedelta(days=730), LAST)


def _chance(chance: tuple[str, int, int, str, str], dice: Dice) -> Row:
    known_as, amount, stage, expected, line = chance
    return _open(NAMED[named(known_as)[0]].account_id, amount, stage, date.fromisoformat(expected), line, dice)


def _open(account: str, amount: float, stage: int, expected: date, line: str, dice: Dice) -> Row:
    name, chance = _STAGES[stage]
    created = dice.weekday(LAST - timedelta(days=60 + 60 * stage), LAST - timedelta(days=10))
    return {
        "account_id": account, "amount": f"{amount:.2f}", "status": "open", "created": created.isoformat(),
        "expected_close": expected.isoformat(), "stage": name, "probability": chance, "product_line": line,
    }  # fmt: skip


def _closed(status: str, account: str, amount: float, closed: date, dice: Dice) -> Row:
    created = dice.weekday(closed - timedelta(days=330), closed - timedelta(days=40))
    return {
        "account_id": account, "amount": f"{amount:.2f}", "status": status, "created": created.isoformat(), "closed": closed.isoformat(),
        "stage": "Closed", "probability": "1" if status == "won" else "0", "product_line": dice.one_of(PRODUCT_LINES),
    }  # fmt: skip
