"""The sample company's accounts as the questions of this folder ask for them: ledger frames, joined by account."""

from pathlib import Path

import pandas as pd
import pytest

from kam_analysis.analysis.concentration import falls
from kam_analysis.ledger import open_ledger

SAMPLE = Path(__file__).parents[3] / "data" / "sample"


def purchase_habits(rows: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """When each account bought up to a day: `rows` has account_id, date and revenue."""
    days = rows.loc[(rows["revenue"] > 0) & (rows["date"] <= as_of), ["account_id", "date"]].drop_duplicates()
    days = days.sort_values(["account_id", "date"])
    days["gap"] = days.groupby("account_id")["date"].diff().dt.days
    grouped = days.groupby("account_id")
    found = grouped["date"].agg(first_day="min", last_day="max", purchase_days="size")
    found = found.assign(mean_gap=grouped["gap"].mean(), longest_gap=grouped["gap"].max())
    return found.assign(silence=(as_of - found["last_day"]).dt.days).reset_index()


@pytest.fixture(scope="session")
def lindmark_rows():
    """Every invoice line of a customer: account_id (of the parent), date, revenue."""
    table = pd.read_csv(SAMPLE / "accounts.csv", dtype=str).set_index("account_id")
    rows = pd.read_csv(SAMPLE / "transactions.csv", dtype={"account_id": str}, parse_dates=["date"])
    rows = rows[rows["account_id"].isin(table.index) & ~rows["account_id"].isin(["0090001", "0099999"])]
    parents = table["parent_id"].fillna(table.index.to_series())
    return rows.assign(account_id=rows["account_id"].map(parents))[["account_id", "date", "revenue"]]


@pytest.fixture(scope="session")
def lindmark_ledger():
    return open_ledger(SAMPLE / "kam.toml")


@pytest.fixture(scope="session")
def lindmark(lindmark_ledger, lindmark_rows):
    """One row per account that ever bought, by account_id: all that power, work and lifecycle read."""
    ledger = lindmark_ledger
    found = purchase_habits(lindmark_rows, pd.Timestamp(ledger.as_of)).set_index("account_id")
    for suffix, period in (("", ledger.period), ("_before", ledger.year_before())):
        sums = ledger.by_account(period, measures=("revenue", "margin")).set_index("account_id")
        found[["revenue" + suffix, "margin" + suffix]] = sums[["revenue", "margin"]]
    master = ledger.table("accounts")
    spend = master.groupby(master["parent_id"].fillna(master["account_id"]))["annual_spend"].sum(min_count=1)
    own = master[master["parent_id"].isna()].set_index("account_id")
    columns = ["satisfaction", "competitor", "bond", "left_on", "barrier_note"]
    columns += [name for name in own if name.startswith("barrier_") and name not in columns]
    found = found.join(own[columns]).assign(annual_spend=spend)
    contracts = ledger.table("contracts")
    notice = pd.to_datetime(contracts["ends_on"]) - pd.to_timedelta(contracts["notice_days"], unit="D")
    next_notice = notice[notice >= pd.Timestamp(ledger.as_of)].groupby(contracts["account_id"]).min()
    alerts = falls(ledger.month_statistics()).alerts.set_index("account_id")
    return found.assign(
        now=found["revenue"].fillna(0.0),
        before=found["revenue_before"].fillna(0.0),
        name=ledger.master.named(found.index.to_series()),
        fell=found.index.isin(alerts.index),
        change_share=alerts["change_share"],
        days_to_notice=(next_notice - pd.Timestamp(ledger.as_of)).dt.days,
        headroom_share=(1 - found["revenue"].fillna(0) / found["annual_spend"]).clip(lower=0),
        growth_share=found["revenue"] / found["revenue_before"] - 1,
        margin_change=found["margin"] / found["revenue"] - found["margin_before"] / found["revenue_before"],
        silence_times=found["silence"] / found["longest_gap"],
    ).reset_index()


@pytest.fixture(scope="session")
def habits_of():
    """The function that reads habits from rows at any day."""
    return purchase_habits
