"""Contracts, the sales plan and our own sites."""

from datetime import date, timedelta

from kam_analysis.sample.accounts import Row, money
from kam_analysis.sample.company import Company
from kam_analysis.sample.dice import Dice
from kam_analysis.sample.story import NAMED, named

# Customer, first and last day, days of notice, product line. Aldermoor's framework ends four months
# after the last transaction; Hollin's runs on, so that its manager can move before it is renewed.
_CONTRACTS = (
    ("Aldermoor", "2024-01-19", "2027-01-18", 90, ""),
    ("Tressel", "2025-01-01", "2026-12-31", 60, "Pumps"),
    ("Pellworth", "2025-06-01", "2028-05-31", 180, ""),
    ("Oakhurst", "2023-01-01", "2027-12-31", 180, ""),
    ("Hollin", "2024-07-01", "2028-06-30", 180, "Service"),
    ("Corvane", "2025-03-01", "2028-02-29", 90, "Skids"),
    ("Strand", "2024-04-01", "2027-03-31", 90, "Spares"),
    ("Dunmere", "2026-01-01", "2027-12-31", 60, "Seals"),
    ("Ostermann", "2024-10-01", "2027-09-30", 90, ""),
    ("Brightwater", "2023-11-01", "2027-10-31", 120, ""),
    ("Vianova", "2025-09-01", "2027-08-31", 90, "Skids"),
    ("Delphin", "2025-02-01", "2028-01-31", 90, "Service"),
    ("Norrvik", "2026-03-01", "2029-02-28", 120, ""),
    ("Silvergate", "2025-05-01", "2030-04-30", 180, ""),
    ("Quarrix", "2022-01-01", "2024-12-31", 90, ""),
)
# The plan, in EUR a year; its months follow the usual seasons.
_PLAN = {2025: (81_500_000, 0.290), 2026: (85_500_000, 0.288)}
_PLAN_MONTHS = (0.076, 0.077, 0.092, 0.081, 0.078, 0.092, 0.083, 0.067, 0.090, 0.096, 0.089, 0.079)
_SITES = (
    ("Lübeck works", "53.87", "10.69"),
    ("Rotterdam hub", "51.92", "4.48"),
    ("Leeds service centre", "53.80", "-1.55"),
    ("Göteborg service centre", "57.71", "11.97"),
    ("Katowice workshop", "50.26", "19.02"),
)


def contracts(company: Company) -> list[Row]:
    """The story's contracts and those of a few middle-sized accounts."""
    dice = Dice(company.size.seed, "contracts")
    rows: list[Row] = []
    for known_as, starts, ends, notice, line in _CONTRACTS:
        group = named(known_as)
        cents = int(company.last_year[list(group)].sum()) or int(company.totals.cents[group[0], 0])
        value = cents * (NAMED[group[0]].lines[line] if line else 1.0)
        rows.append(_contract(NAMED[group[0]].account_id, starts, ends, notice, value, line))
    for entity in company.with_role("middle")[1::3]:
        first = date(2024, 1, 1) + timedelta(days=dice.whole(0, 900))
        last = first + timedelta(days=365 * dice.whole(2, 3) + dice.whole(0, 5))
        account, value, notice = (
            company.totals.account_ids[entity],
            float(company.last_year[entity]),
            dice.one_of((30, 60, 90)),
        )
        rows.append(_contract(account, first.isoformat(), last.isoformat(), notice, value, ""))
    return [{"contract_id": f"V-{number:04d}"} | row for number, row in enumerate(rows, start=2101)]


def _contract(account: str, starts: str, ends: str, notice: int, cents: float, line: str) -> Row:
    value = money(round(cents / 1_000_000) * 1_000_000)
    return {
        "account_id": account,
        "starts_on": starts,
        "ends_on": ends,
        "notice_days": notice,
        "annual_value": value,
        "product_line": line,
    }


def budget(company: Company) -> list[Row]:
    """The plan for 2025 and 2026, by month, for all product lines."""
    rows: list[Row] = []
    for year, (revenue, margin) in _PLAN.items():
        for month, part in enumerate(_PLAN_MONTHS, start=1):
            planned = round(revenue * company.size.factor * part, -3)
            rows.append(
                {
                    "month": date(year, month, 1).isoformat(),
                    "revenue": f"{planned:.2f}",
                    "margin": f"{round(planned * margin, -2):.2f}",
                    "product_line": "",
                }
            )
    return rows


def sites() -> list[Row]:
    """Where we are."""
    return [dict(zip(("site", "latitude", "longitude"), row, strict=True)) for row in _SITES]
