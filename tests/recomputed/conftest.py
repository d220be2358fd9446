"""The sample's tables as an independent reader reads them: plain pandas on the files, with nothing of the package."""

import json
import tomllib
from pathlib import Path

import pandas as pd
import pytest

SAMPLE = Path(__file__).parents[2] / "data" / "sample"


@pytest.fixture(scope="session")
def settings():
    return tomllib.loads((SAMPLE / "kam.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def table():
    """A table by its name, ids and days as text."""

    def read(name: str) -> pd.DataFrame:
        ids = ("_id", "left_on", "ends_on")
        text = {name: str for name in pd.read_csv(SAMPLE / f"{name}.csv", nrows=0) if name.endswith(ids)}
        return pd.read_csv(SAMPLE / f"{name}.csv", dtype=text)

    return read


@pytest.fixture(scope="session")
def every_line(table, settings) -> pd.DataFrame:
    """Every invoice line, in euros and cents, under its parent."""
    rows = table("transactions")
    rows["day"] = pd.to_datetime(rows["date"])
    rate = rows["currency"].map({"EUR": 1.0, **settings["rates"]})
    rows["sales"], rows["margin"] = rows["revenue"] * rate, (rows["revenue"] - rows["cost"]) * rate
    parents = table("accounts").set_index("account_id")["parent_id"].dropna()
    return rows.assign(customer=rows["account_id"].map(parents).fillna(rows["account_id"]))


@pytest.fixture(scope="session")
def lines(every_line, settings) -> pd.DataFrame:
    """Those of the company's history that count."""
    return every_line[
        every_line["account_id"].notna() & ~every_line["account_id"].isin(settings["exclude"]["accounts"])
    ]


@pytest.fixture(scope="session")
def as_of(lines):
    return lines["day"].max()


@pytest.fixture(scope="session")
def year(lines, as_of) -> pd.DataFrame:
    return lines[lines["day"] > as_of - pd.DateOffset(months=12)]


@pytest.fixture(scope="session")
def last_year(lines, as_of) -> pd.DataFrame:
    start, before = (as_of - pd.DateOffset(months=months) for months in (12, 24))
    return lines[(lines["day"] > before) & (lines["day"] <= start)]


@pytest.fixture(scope="session")
def sold(year) -> pd.Series:
    """Twelve months' sales of every customer with any, largest first."""
    total = year.groupby("customer")["sales"].sum().round(2)
    return total[total > 0].sort_values(ascending=False)


@pytest.fixture(scope="session")
def earned(year) -> pd.Series:
    """Twelve months' margin of every customer on whom any was earned."""
    total = year.groupby("customer")["margin"].sum().round(2)
    return total[total > 0]


@pytest.fixture(scope="session")
def master(table) -> pd.DataFrame:
    return table("accounts").set_index("account_id")


@pytest.fixture(scope="session")
def told(sample_reports):
    """What each report's results say, by its two digits."""
    files = sorted((sample_reports / "results").glob("0[1-4]_*.json"))
    return {file.stem[:2]: json.loads(file.read_text(encoding="utf-8")) for file in files}


@pytest.fixture(scope="session")
def values(told):
    """Their figures: by two digits, then by name."""
    return {page: {name: each["value"] for name, each in report["figures"].items()} for page, report in told.items()}
