"""Companies whose truth is known: who stops, when, and with what chance; and the frames a ledger would give."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
import pytest

from kam_analysis.analysis import churn
from kam_analysis.analysis.segments import lifecycle

FIRST = pd.Timestamp(2019, 1, 1)


def habits(rows, day):
    """What `Ledger.habits` gives for the twelve months to a day, by pandas."""
    known = rows[rows["date"] <= day]
    days = known.loc[known["revenue"] > 0, ["account_id", "date"]].drop_duplicates().sort_values(["account_id", "date"])
    days["gap"] = days.groupby("account_id")["date"].diff().dt.days
    grouped = days.groupby("account_id")
    found = grouped["date"].agg(first_day="min", last_day="max", purchase_days="size")
    found = found.assign(mean_gap=grouped["gap"].mean(), longest_gap=grouped["gap"].max())
    found["typical_gap"] = np.exp(np.log(days["gap"]).groupby(days["account_id"]).mean())
    found["silence"] = (day - found["last_day"]).dt.days
    year = known[known["date"] > pd.Timestamp(churn.rules.back(day.date(), 12))]
    sold, back = year[year["revenue"] > 0], year[year["revenue"] < 0]
    found["sold"] = sold.groupby("account_id")["revenue"].sum().reindex(found.index).fillna(0.0)
    found["credited"] = back.groupby("account_id")["revenue"].sum().reindex(found.index).fillna(0.0)
    found["products"] = sold.groupby("account_id")["product"].nunique().reindex(found.index).fillna(0)
    now = year.groupby("account_id")["revenue"].sum().reindex(found.index).fillna(0.0)
    return found.assign(left_on=pd.NaT, now=now, before=np.nan).reset_index()


def months(rows, day):
    """What `Ledger.month_statistics` gives, as far as it is read: complete months alone."""
    number = rows["date"].dt.year * 12 + rows["date"].dt.month
    last = day.year * 12 + day.month - (0 if (day + pd.Timedelta(days=1)).day == 1 else 1)
    back = last - number
    known = rows.assign(back=back)[back >= 0]
    found = pd.DataFrame({"since": known.groupby("account_id")["back"].max()})
    found["amount"] = known[known["back"] < 12].groupby("account_id")["revenue"].sum()
    found["recent"] = known[known["back"] < 6].groupby("account_id")["revenue"].sum()
    found["months"] = (found.pop("since") + 1).clip(upper=12)
    return found.fillna(0.0).reset_index()


def looked_at(rows, day, rules=None, **more):
    """One snapshot from rows."""
    day = pd.Timestamp(day)
    standing = habits(rows, day)
    now = standing[["account_id"]].assign(revenue=standing["now"])
    return churn.snapshot(
        day.date(), standing, lifecycle(standing), months(rows, day), now, rules=rules or churn.Rules(), **more
    )


@dataclass(frozen=True)
class Truth:
    """rows of invoices; stops: the day on which each account stopped for good (NaT: never); as_of."""

    rows: pd.DataFrame
    stops: pd.Series
    as_of: date

    def snapshots(self, rules):
        days = churn.snapshot_days(FIRST.date(), self.as_of, rules)
        return [looked_at(self.rows, day, rules) for day in days]


def simulated(seed, accounts=300, years=6, calm=0.03, sinking=0.6, sinks=0.15):
    """Accounts buy every 15 to 40 days. In each year a part of them begins to sink: they buy less from then on.

    `calm` and `sinking`: the chance of stopping for good in a year, before and after; exponential times.
    """
    rng = np.random.default_rng(seed)
    end, parts, stops = 365 * years, [], {}
    for at in range(accounts):
        sunk = rng.exponential(365 / sinks) if sinks else np.inf
        stop = rng.exponential(365 / -np.log1p(-calm))
        if stop > sunk:
            stop = sunk + rng.exponential(365 / -np.log1p(-sinking))
        mean = rng.uniform(15, 40)
        days = np.cumsum(rng.gamma(4, mean / 4, int(end / mean * 1.5) + 5)).round()
        days = days[days < min(stop, end)]
        size = rng.lognormal(7, 1.0)
        amount = size * rng.gamma(4, 0.25, len(days)) * np.where(days < sunk, 1.0, 0.4)
        name = f"A{at:04d}"
        parts.append(
            pd.DataFrame(
                {"account_id": name, "date": FIRST + pd.to_timedelta(days, unit="D"), "revenue": amount.round(2)}
            )
        )
        stops[name] = FIRST + pd.Timedelta(days=stop) if stop < 40 * 365 else pd.NaT
    rows = pd.concat(parts, ignore_index=True)
    rows["product"] = rng.integers(0, 5, len(rows))
    return Truth(rows, pd.Series(stops), (FIRST + pd.Timedelta(days=end - 1)).date())


@pytest.fixture(scope="session")
def simulate():
    return simulated


@pytest.fixture(scope="session")
def look():
    return looked_at


@pytest.fixture(scope="session")
def company():
    """A company with a signal: who buys less is likely to stop."""
    return simulated(1)


@pytest.fixture(scope="session")
def company_past(company):
    return company.snapshots(churn.Rules())


@pytest.fixture(scope="session")
def company_days(company_past):
    """What the rhythm said on six days of that company; fitted once for all tests."""
    return churn.past_days(company_past)


@pytest.fixture(scope="session")
def company_told(company_days):
    return churn.told(company_days.until(3))


@pytest.fixture
def standing_at():
    """Snapshots made of chosen figures: `standing_at(day, last_days, **columns)`, old accounts that buy monthly."""

    def make(day, last_days, **columns):
        last = pd.to_datetime(pd.Series(last_days)).astype("datetime64[us]")
        frame = pd.DataFrame(
            {
                "account_id": [f"A{at:03d}" for at in range(len(last))], "day": pd.Timestamp(day),
                "first_day": pd.Timestamp(2015, 1, 5), "last_day": last, "purchase_days": 60, "longest_gap": 40.0,
                "left_on": pd.NaT, "quiet": False, "revenue": 100.0, "margin": np.nan, "half_change": 0.0,
                "tenure_years": 10.0, "products": 5.0, "credit_share": 0.0, "complaints": np.nan, "contract_share": np.nan,
            }
        )  # fmt: skip
        frame["left_on"] = frame["left_on"].astype("datetime64[us]")
        frame["silence"] = (frame["day"] - frame["last_day"]).dt.days.astype("float64")
        frame = frame.assign(**columns)
        frame["silence_times"] = frame["silence"] / frame["longest_gap"]
        if "lost" not in columns:
            frame["lost"] = frame["silence"] >= np.maximum(365, 4 * frame["longest_gap"])
        return frame

    return make


def populated(logs, steps, accounts, age, ahead, seed, leaves_at_first=True):
    """Accounts of the rhythm model itself: what is known of each at an age, and whether it is there then and `ahead` later."""
    rng, (r, alpha, a, b) = np.random.default_rng(seed), np.exp(logs)
    pace, chance = rng.gamma(r, 1 / alpha, accounts), rng.beta(a, b, accounts)
    repeats, recency, gaps = np.zeros(accounts), np.zeros(accounts), np.zeros(accounts)
    # When each left for good; who is still there when all is seen, never did.
    left = np.where((rng.random(accounts) < chance) & leaves_at_first, 0.0, np.inf)
    now, going = np.zeros(accounts), left == np.inf
    while going.any():
        gap = rng.gamma(steps, 1 / pace)
        now = np.where(going, now + gap, now)
        seen, going = going & (now <= age), going & (now <= age + ahead)
        repeats += seen
        recency, gaps = np.where(seen, now, recency), gaps + np.where(seen, np.log(gap), 0.0)
        gone = going & (rng.random(accounts) < chance)
        left, going = np.where(gone, now, left), going & ~gone
    return churn.Purchases(repeats, recency, np.full(accounts, float(age)), gaps), left > age, left > age + ahead


@pytest.fixture(scope="session")
def population():
    return populated
