"""A small `Found` of 01 made by hand: every field is distinct, so that no two can be taken for each other."""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from kam_analysis.analysis import concentration as kam
from kam_analysis.ledger.frames.reconciliation import Control, LeftOut, Reconciliation
from kam_analysis.ledger.settings.period import Period
from kam_analysis.pages.about import About
from kam_analysis.pages.concentration.books import Year
from kam_analysis.pages.concentration.found import Found
from kam_analysis.pages.frame import Source

NAMES = {
    "a": "Alder Water",
    "b": "Birch Mills",
    "c": "Cedar Foods",
    "d": "Dogwood Ltd",
    "e": "Elm Works",
    "f": "Fir Pumps",
    "g": "Gum Trading",
    "h": "Hazel Labs",
    "i": "Ivy Marine",
}
DAYS = Period(date(2025, 4, 1), date(2026, 3, 31), "12 months to 31 Mar 2026")
NOW = {"a": 312_400, "b": 205_300, "c": 151_900, "d": 122_700, "e": 98_100, "f": 61_800, "g": 47_800}
BEFORE = {"a": 290_000, "b": 230_000, "c": 120_000, "e": 110_000, "f": 61_800, "h": 88_200}


def frame(amounts: dict[str, float], measure: str = "revenue") -> pd.DataFrame:
    """Accounts by their letter: "a" is account A-01, Alder Water."""
    return pd.DataFrame(
        {
            "account_id": [account(letter) for letter in amounts],
            "account_name": [NAMES.get(letter, letter.title()) for letter in amounts],
            measure: [float(amount) for amount in amounts.values()],
        }
    )


def account(letter: str) -> str:
    """The account_id of a letter; longer words are ids themselves."""
    return f"{letter.upper()}-0{ord(letter) - ord('a') + 1}" if len(letter) == 1 else letter


def book(**amounts: float) -> kam.Concentration:
    """The book of these amounts."""
    return kam.concentrate(frame(amounts), "revenue")


def about(**changes: Any) -> About:
    """What a page says of its data."""
    given: dict[str, Any] = {
        "company": "Lindmark",
        "currency": "EUR",
        "measure": "revenue",
        "measure_words": "sales",
        "unit": "EUR",
        "source": Source("Lindmark", "31 Mar 2026", DAYS.label),
        "period": DAYS,
        "as_of": date(2026, 3, 31),
        "key_share": 0.15,
        "groups_known": True,
        "sold": "€1m of sales.",
        "provenance": {"version": "1", "company": "Lindmark", "parameters": {"period": "p", "measure": "revenue"}},
    }
    return About(**given | changes)


def reconciliation(**changes: Any) -> Reconciliation:
    """Where every amount is; the parts add up to the total."""
    given: dict[str, Any] = {
        "period": DAYS,
        "measure": "revenue",
        "total": 1_043_337.01,
        "in_shares": 1_000_000.0,
        "without_account": 21_500.25,
        "set_aside": -1_234.5,
        "excluded": 15_060.75,
        "left_out": 8_010.5,
        "rounding": 0.01,
        "accounts": 7,
        "set_aside_accounts": 2,
        "excluded_accounts": 3,
        "without_account_rows": 13,
        "reasons": (LeftOut("Stage: Lost", 4, 6_010.0), LeftOut("without a date", 1, 2_000.5)),
    }
    return Reconciliation(**given | changes)


def found(now: kam.Concentration | None = None, **changes: Any) -> Found:
    """A book and nothing else that can be left out; `changes` add to it."""
    given: dict[str, Any] = {"about": about(), "companies": now or book(**NOW), "reconciliation": reconciliation()}
    return Found(now=now or book(**NOW), **given | changes)


def leader(letter: str, amount: float, share: float, share_of_total: float) -> kam.Leader:
    """One of an activity's largest."""
    return kam.Leader(account(letter), NAMES.get(letter, letter.title()), amount, share, share_of_total)


def year(now: dict[str, float], before: dict[str, float]) -> Year:
    """Two years, and what moved between them."""
    books = book(**now), book(**before)
    return Year(
        now=books[0],
        before=books[1],
        bridge=kam.bridge(frame(now), frame(before), "revenue"),
        pushed=kam.hhi_change(*books),
        source=Source("Lindmark", "31 Mar 2026", "12 months to 28 Feb 2026"),
    )


# Revenue and quantity before, revenue and quantity now, of what the accounts of `MOVED` bought.
BOUGHT = [
    ("a", "P1", "Pumps", 200_000, 20, 220_000, 20),
    ("a", "P2", "Pumps", 80_000, 2, 100_000, 2.5),
    ("b", "P1", "Pumps", 200_000, 20, 180_000, 20),
    ("b", "S1", "Seals", 22_000, 11, 0, 0),
    ("b", "S2", "Seals", 0, 0, 21_000, 7),
    ("c", "P1", "Pumps", 118_000, 10, 150_000, 12),
    ("e", None, "Seals", 99_000, 9, 90_000, 9),
    ("f", "S1", "Seals", 60_000, 60, 60_000, 60),
    ("d", "P1", "Pumps", 0, 0, 33_000, 3),
    ("i", "S2", "Seals", 0, 0, 40_000, 20),
    ("h", "S1", "Seals", 41_000, 41, 0, 0),
]
MOVED = (
    {"a": 320_000, "b": 201_000, "c": 150_000, "d": 33_000, "e": 90_000, "f": 60_000, "i": 40_000},
    {"a": 280_000, "b": 222_000, "c": 118_000, "e": 99_000, "f": 60_000, "h": 41_000},
)
# In thousands by year; nobody is won by returns alone.
WON = [("a", 2024, 300), ("b", 2024, 200), ("g", 2024, 5), ("a", 2025, 310), ("g", 2025, -1), ("c", 2025, 40),
       ("a", 2026, 312), ("c", 2026, 52), ("d", 2026, 7.5), ("z", 2026, -2.5)]  # fmt: skip


def growth() -> kam.PriceVolumeMix:
    """The change of `MOVED` by price, volume and mix."""
    names = ["account_id", "product", "product_line", "revenue_before", "quantity_before", "revenue", "quantity"]
    items = pd.DataFrame([(account(letter), *each) for letter, *each in BOUGHT], columns=names)
    items = items.astype({"product": "str"}).assign(unpriced_before=0.0, unpriced=0.0)
    return kam.price_volume_mix(items, year(*MOVED).bridge)


def won() -> kam.Cohorts:
    """Customers by the year to 31 March in which they first bought."""
    rows = [(account(letter), pd.Timestamp(year, 3, 31), 1_000.0 * amount) for letter, year, amount in WON]
    return kam.cohorts(pd.DataFrame(rows, columns=["account_id", "year", "revenue"]), "revenue")


def sure(name: str, interval: tuple[float, float, float], found: float) -> kam.Sure:
    """A figure with its range."""
    return kam.Sure(name, kam.Interval(*interval, 0.95), kam.Coverage(found, 0.02, 0.95, 120))


def whole() -> Found:
    """The page with everything on it."""
    alerts = pd.DataFrame(
        {
            "account_id": ["B-02", "E-05"],
            "account_name": ["Birch Mills", "Elm Works"],
            "recent": [96_000.0, 41_000.0],
            "year_before": [120_000.0, 62_500.0],
            "change": [-24_000.0, -21_500.0],
            "change_share": [-0.2, -0.344],
            "usual": [9_990.0, 5_120.0],
            "times_usual": [2.4, 4.2],
        }
    )
    trend = pd.DataFrame(
        {
            "month": pd.to_datetime(["2025-12-01", "2026-01-01", "2026-02-01", "2026-03-01"]),
            "accounts": [6, 8, 9, 7],
            "total": [905_000.0, 930_500.0, 961_250.0, 1_000_000.0],
            "top_1_share": [0.321, 0.319, 0.316, 0.312],
            "top_5_share": [0.951, 0.932, 0.914, 0.89],
            "top_10_share": [0.99, 0.98, 0.97, 1.0],
            "hhi": [0.2211, 0.2102, 0.2054, 0.1951],
            "effective_accounts": [4.52, 4.76, 4.87, 5.13],
        }
    )
    suggested = pd.DataFrame(
        {
            "account_id": ["G-07"],
            "account_name": ["Gum Trading"],
            "amount": [47_800.0],
            "parent_id": ["F-06"],
            "parent_name": ["Fir Pumps"],
            "parent_amount": [61_800.0],
            "reason": ["same VAT number: GB1"],
            "confirmed": [""],
        }
    )
    steady = book(**NOW).accounts.assign(
        variation=[0.2, 0.4, 0.6, 1.2, 0.3, np.nan, 0.8], xyz=["X", "X", "Y", "Z", "X", "", "Y"]
    )
    activities = [
        kam.Activity("measure:revenue", "measure", "revenue", 1_000_000.0, -1_234.5, 2, 0.99, 7, 5.13,
                     (leader("a", 312_400.0, 0.3124, 0.3124), leader("b", 205_300.0, 0.2053, 0.2053))),
        kam.Activity("measure:margin", "measure", "margin", 204_000.0, -9_900.0, 1, np.nan, 6, 4.4,
                     (leader("b", 71_400.0, 0.35, 0.2053), leader("a", 51_000.0, 0.25, 0.3124))),
        kam.Activity("product_line:Seals", "product_line", "Seals", 88_000.0, 0.0, 0, 0.088, 4, 1.9,
                     (leader("g", 44_000.0, 0.5, 0.0478), leader("c", 22_000.0, 0.25, 0.1519),
                      leader("d", 11_000.0, 0.125, 0.1227))),
        kam.Activity("presence:regions", "presence", "regions", 5.0, 0.0, 0, np.nan, 7, 3.3,
                     (leader("c", 4.0, 0.8, 0.1519), leader("e", 3.0, 0.6, 0.0981))),
        kam.Activity("region:North", "region", "North", 402_000.0, -6_000.0, 3, 0.402, 5, 2.6,
                     (leader("d", 120_600.0, 0.3, 0.1227), leader("e", 80_400.0, 0.2, 0.0981))),
    ]  # fmt: skip
    return found(
        before=book(**BEFORE),
        companies=book(aa=160_000, ab=152_400, b=205_300, c=151_900, d=122_700, e=98_100, f=61_800, g=47_800),
        groups=[kam.Group("A-01", "Alder Water", 2, 0.3124, 0.16), kam.Group("D-04", "Dogwood Ltd", 3, 0.1227, 0.09)],
        activities=activities,
        units={
            "measure:revenue": "EUR",
            "measure:margin": "EUR",
            "product_line:Seals": "EUR",
            "presence:regions": "EUR",
            "region:North": "EUR",
        },
        hidden=kam.hidden(activities[:4], 0.15),
        presence_from=0.5,
        year=year(*MOVED),
        growth=growth(),
        cohorts=won(),
        since_known=True,
        so_far=(
            book(a=81_000, b=52_000, c=37_000, d=21_000, e=16_000, f=13_000, g=9_000),
            book(a=70_000, b=60_000, c=30_000, e=25_000, h=15_000),
        ),
        so_far_days="1 Jan 2026 to 31 Mar 2026",
        trend=trend,
        falls=kam.Falls(alerts, 5, 2),
        steadiness=kam.Steadiness(steady),
        sureness=[
            sure("largest customer", (0.31, 0.28, 0.345), 0.93),
            sure("five largest", (0.89, 0.86, 0.92), 0.96),
            sure("ten largest", (0.999, 0.99, 1.0), 0.97),
            sure("equal customers", (5.1, 4.6, 5.7), 0.94),
        ],
        forecast=kam.Forecast(
            pd.DataFrame(
                {
                    "name": ["largest customer", "five largest", "equal customers"],
                    "value": [0.3124, 0.89, 5.13],
                    "middle": [0.301, 0.87, 5.3],
                    "low": [0.215, 0.743, 3.2],
                    "high": [0.424, 0.946, 7.9],
                }
            ),
            0.95,
            11,
            2,
        ),
        suggested=suggested,
        controls=[
            Control("2025", "revenue", 989_000.4, 1_000_000.0, False),
            Control("2026", "revenue", 310_000.0, 300_000.0, True),
        ],
        excluded=["Intercompany Ltd", "Freight"],
        credits_subtracted=True,
        splits={"Industry": kam.TheilSplit(0.06, 0.14, 0.2), "Region": kam.TheilSplit(0.15, 0.05, 0.2)},
    )
