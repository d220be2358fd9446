"""The customer master: one row per legal entity, complete for the story, patchy for the tail as masters are."""

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np

from kam_analysis.sample.blocks import blocks
from kam_analysis.sample.company import Company
from kam_analysis.sample.dice import Dice
from kam_analysis.sample.places import INDUSTRIES
from kam_analysis.sample.profiles import MANAGERS
from kam_analysis.sample.slots import SLOTS
from kam_analysis.sample.story import IBERIA, NAMED, ONE_TIME, Named

Row = dict[str, object]
COMPETITORS = ("Vantor", "Brenntal Pumpen", "Okeva", "Halden Valves")
_DEPUTIES = ("M02", "M03", "M04", "M05", "M06")
# Who is in the master and not a customer.
_OUTSIDE: tuple[Row, ...] = (
    {
        "account_id": IBERIA,
        "account_name": "Lindmark Iberia SL",
        "is_key": "false",
        "country": "ES",
        "latitude": "40.42",
        "longitude": "-3.70",
        "customer_since": "2003-01-01",
    },
    {"account_id": ONE_TIME, "account_name": "One-time customers", "is_key": "false"},
)
_LEFT = ("Went to Halden Valves on price", "Insolvent", "Site moved overseas", "", "")


def accounts(company: Company) -> Iterator[Row]:
    """Rows of the accounts table, a block of entities after the other, by account_id within each."""
    dice, left = Dice(company.size.seed, "accounts"), iter(_LEFT)
    for block in blocks(len(company.totals.customer)):
        customers = np.arange(block.first, block.stop)[company.totals.in_shares[block.part]]
        rows = [_row(company, entity, dice, left) for entity in customers.tolist()]
        if block.stop == len(company.totals.customer):
            rows += _OUTSIDE
        yield from sorted(rows, key=lambda row: str(row["account_id"]))


def _row(company: Company, entity: int, dice: Dice, left: Iterator[str]) -> Row:
    row = _place(company, entity, dice) | _business(company, entity, dice)
    return row | (_told(NAMED[entity], company, entity) if entity < len(NAMED) else _tail(company, entity, dice, left))


def _place(company: Company, entity: int, dice: Dice) -> Row:
    city, industry = company.city(entity), int(company.who.industry[entity])
    return {
        "account_id": company.totals.account_ids[entity],
        "account_name": company.who.names[entity],
        "industry": INDUSTRIES[industry] if industry >= 0 else "Laboratories",
        "country": city.country,
        "region": city.region,
        "latitude": f"{city.latitude + dice.number(-0.15, 0.15):.2f}",
        "longitude": f"{city.longitude + dice.number(-0.15, 0.15):.2f}",
        "account_manager_id": MANAGERS[int(company.who.manager[entity])],
    }


def _business(company: Company, entity: int, dice: Dice) -> Row:
    open_days = dice.number(20, 70)
    cents = int(company.last_year[entity])
    return {"receivables": money(cents * open_days / 365) if cents > 0 else ""}


def money(cents: float) -> str:
    """Cents as a decimal amount; for amounts of the small tables, whole units are enough for large ones."""
    whole = round(cents)
    if abs(whole) >= 10_000_000:
        whole = round(whole / 10_000) * 10_000
    sign, whole = ("-" if whole < 0 else ""), abs(whole)
    return f"{sign}{whole // 100}.{whole % 100:02d}"


def _told(told: Named, company: Company, entity: int) -> Row:
    cents = int(company.last_year[entity])
    barriers = dict(
        zip(
            ("barrier_procedural", "barrier_financial", "barrier_relational"),
            told.barriers or ("", "", ""),
            strict=True,
        )
    )
    return barriers | {
        "parent_id": told.parent,
        "is_key": str(told.is_key).lower(),
        "deputy_id": told.deputy,
        "customer_since": told.since,
        "left_on": told.left_on,
        "left_reason": told.left_reason,
        "annual_spend": money(cents / told.wallet) if told.wallet and cents else "",
        "satisfaction": told.satisfaction,
        "service_complexity": told.complexity,
        "competitor": told.competitor,
        "bond": told.bond,
        "barrier_note": told.barrier_note,
        "churn_probability": "" if told.churn is None else told.churn,
    }


def _tail(company: Company, entity: int, dice: Dice, left: Iterator[str]) -> Row:
    cents, role = int(company.last_year[entity]), str(company.totals.roles[entity])
    middle = role == "middle"
    row: Row = {"parent_id": "", "is_key": "false"}
    row["deputy_id"] = _deputy(str(MANAGERS[int(company.who.manager[entity])]), dice)
    first = SLOTS[int(company.totals.first_slot[entity])].first
    old = date(1998, 1, 5) + timedelta(days=dice.whole(0, 8_900))
    row["customer_since"] = (first if first > SLOTS[0].first else old).isoformat()
    wallet, known = dice.number(0.15, 0.9), dice.happens(0.6)
    row["annual_spend"] = money(cents / wallet) if known and cents > 0 else ""
    row["satisfaction"] = f"{dice.number(5.2, 9.4):.1f}" if dice.happens(0.7) else ""
    row["service_complexity"] = str(dice.whole(1, 4)) if dice.happens(0.8) else ""
    row["competitor"] = dice.one_of(COMPETITORS) if dice.happens(0.12) else ""
    row["bond"] = dice.one_of(("company", "company", "person")) if dice.happens(0.4) else ""
    barriers = [f"{dice.number(0.1, 0.7):.1f}" for _ in range(3)]
    row |= dict(
        zip(
            ("barrier_procedural", "barrier_financial", "barrier_relational"),
            barriers if middle else [""] * 3,
            strict=True,
        )
    )
    row["churn_probability"] = f"{dice.number(0.03, 0.2):.2f}" if middle and dice.happens(0.5) else ""
    if role == "left":
        reason = next(left)
        last = SLOTS[int(company.totals.last_slot[entity])].last + timedelta(days=21)
        row |= {"left_on": last.isoformat() if reason else "", "left_reason": reason}
    return row


def _deputy(manager: str, dice: Dice) -> str:
    """Reiter's accounts have none: that is one of the story's findings. Of the others, most have one."""
    candidate, has_one = dice.one_of([each for each in _DEPUTIES if each != manager]), dice.happens(0.88)
    return candidate if has_one and manager not in ("", "M01") else ""
