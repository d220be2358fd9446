"""An independent reader recomputes the four answers from the sample's tables, with nothing of the package.

Plain pandas on the files of data/sample, by the words of docs/method.md; the reports' results must say the same.
"""

import json
import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

SAMPLE = Path(__file__).parents[1] / "data" / "sample"
SETTINGS = tomllib.loads((SAMPLE / "kam.toml").read_text(encoding="utf-8"))


def table(name: str) -> pd.DataFrame:
    ids = ("_id", "left_on", "ends_on")
    text = {name: str for name in pd.read_csv(SAMPLE / f"{name}.csv", nrows=0) if name.endswith(ids)}
    return pd.read_csv(SAMPLE / f"{name}.csv", dtype=text)


@pytest.fixture(scope="module")
def lines() -> pd.DataFrame:
    """Every invoice line of the company's history that counts, in euros and cents, under its parent."""
    rows = table("transactions")
    rows["day"] = pd.to_datetime(rows["date"])
    rate = rows["currency"].map({"EUR": 1.0, **SETTINGS["rates"]})
    rows["sales"], rows["margin"] = rows["revenue"] * rate, (rows["revenue"] - rows["cost"]) * rate
    rows = rows[rows["account_id"].notna() & ~rows["account_id"].isin(SETTINGS["exclude"]["accounts"])]
    master = table("accounts").set_index("account_id")["parent_id"].dropna()
    return rows.assign(customer=rows["account_id"].map(master).fillna(rows["account_id"]))


@pytest.fixture(scope="module")
def as_of(lines):
    return lines["day"].max()


@pytest.fixture(scope="module")
def year(lines, as_of) -> pd.DataFrame:
    return lines[lines["day"] > as_of - pd.DateOffset(months=12)]


@pytest.fixture(scope="module")
def sold(year) -> pd.Series:
    """Twelve months' sales of every customer with any, largest first."""
    total = year.groupby("customer")["sales"].sum().round(2)
    return total[total > 0].sort_values(ascending=False)


@pytest.fixture(scope="module")
def earned(year) -> pd.Series:
    """Twelve months' margin of every customer on whom any was earned."""
    total = year.groupby("customer")["margin"].sum().round(2)
    return total[total > 0]


@pytest.fixture(scope="module")
def master() -> pd.DataFrame:
    return table("accounts").set_index("account_id")


@pytest.fixture(scope="module")
def told(sample_reports):
    """What each report's results say, by its two digits."""
    files = sorted((sample_reports / "results").glob("*.json"))
    return {file.stem[:2]: json.loads(file.read_text(encoding="utf-8")) for file in files}


def values(report: dict) -> dict[str, float]:
    return {name: each["value"] for name, each in report["figures"].items()}


def test_how_dependent_we_are(sold, told):
    share, said = sold / sold.sum(), values(told["01"])
    assert said["accounts"] == len(sold)
    assert said["revenue_in_shares"] == pytest.approx(sold.sum(), abs=0.01)
    assert said["hhi"] == pytest.approx((share**2).sum(), rel=1e-9)
    assert said["effective_accounts"] == pytest.approx(1 / (share**2).sum(), rel=1e-9)
    for n in (1, 5, 10):
        assert said[f"top_{n}_share"] == pytest.approx(share.iloc[:n].sum(), rel=1e-9)
    assert said["accounts_for_80_percent"] == int((share.cumsum() < 0.8).sum()) + 1
    # Gini by its double sum, not by ranks: mean difference of all pairs by twice the mean.
    pairs = np.abs(np.subtract.outer(sold.to_numpy(), sold.to_numpy())).mean()
    assert said["gini"] == pytest.approx(pairs / (2 * sold.mean()), rel=1e-9)


def test_what_was_kept_of_last_year(lines, sold, as_of, told):
    start, before = (as_of - pd.DateOffset(months=months) for months in (12, 24))
    last = lines[(lines["day"] > before) & (lines["day"] <= start)].groupby("customer")["sales"].sum()
    last = last[last > 0]
    now = sold.reindex(last.index).fillna(0.0)
    said = values(told["01"])
    assert said["kept_share"] == pytest.approx(np.minimum(now, last).sum() / last.sum(), abs=1e-6)
    assert said["kept_plus_grown_share"] == pytest.approx(now.sum() / last.sum(), abs=1e-6)


def test_which_accounts_are_key(year, sold, told):
    """A tenth of sales, margin, units or of a line of a twentieth of all sales; or sales in half of our regions."""
    keys = {}

    def mark(totals: pd.Series, activity: str) -> None:
        carried = totals[totals > 0] / totals[totals > 0].sum()
        for customer in carried[carried >= 0.1].index:
            keys.setdefault(customer, set()).add(activity)

    mark(sold, "revenue")
    mark(year.groupby("customer")["margin"].sum(), "margin")
    mark(year.groupby("customer")["quantity"].sum(), "quantity")
    for line, rows in year.groupby("product_line"):
        totals = rows.groupby("customer")["sales"].sum()
        if totals[totals > 0].sum() >= 0.05 * sold.sum():
            mark(totals, f"product_line:{line}")
    where = year.groupby(["customer", "region"])["sales"].sum().reset_index()
    regions = where[where["sales"] > 0].groupby("customer").size()
    for customer in regions[regions >= 0.5 * year["region"].nunique()].index.intersection(sold.index):
        keys.setdefault(customer, set()).add("presence")

    said = {row["account_id"]: set(row["activities"]) for row in told["02"]["tables"]["key_accounts"]}
    assert said == keys
    assert values(told["02"])["key_accounts"] == len(keys)


def test_what_losing_the_largest_costs(earned, sold, told):
    said = values(told["03"])
    largest = earned.sort_values(ascending=False)
    assert said["worst_case_top_1"] == pytest.approx(largest.iloc[0], abs=0.01)
    assert said["worst_case_top_3"] == pytest.approx(largest.iloc[:3].sum(), abs=0.01)
    rows = {row["account_id"]: row for row in told["03"]["tables"]["accounts"]}
    for customer in largest.index[:20]:
        assert rows[customer]["exposure"] == pytest.approx(earned[customer], abs=0.01)
        assert rows[customer]["revenue"] == pytest.approx(sold[customer], abs=0.01)
    assert said["exposure_total"] == pytest.approx(sum(row["exposure"] for row in rows.values()), abs=0.01)


def follow_and_hand_over(customers: pd.Index, master: pd.DataFrame) -> tuple[pd.Series, float]:
    """The part of each customer that follows its manager, by what binds it; and what a hand-over costs of those who stay."""
    rate = SETTINGS["assumptions"]["follow_rate"]
    bond = master["bond"].reindex(customers)
    follows = bond.map({"company": rate["low"], "person": rate["high"]}).fillna(rate["value"])
    return follows, (0.132 + 0.176) / 2


def test_what_a_manager_leaving_costs(sold, earned, master, told):
    manager = master["account_manager_id"].reindex(sold.index)
    shares = sold.groupby(manager).sum() / sold.sum()
    staff = table("managers").set_index("manager_id")["manager_name"]
    said = {row["account_manager_id"]: row for row in told["04"]["tables"]["managers"]}
    assert values(told["04"])["largest_manager_share"] == pytest.approx(shares.max(), rel=1e-9)
    lost = {row["manager_name"]: row for row in told["03"]["tables"]["managers"]}
    for one in shares.index:
        theirs = sold.index[manager == one]
        assert said[one]["revenue_share"] == pytest.approx(shares[one], rel=1e-9)
        assert said[one]["accounts"] == len(theirs) == lost[staff[one]]["accounts"]
        follows, transition = follow_and_hand_over(theirs, master)
        margin = earned.reindex(theirs).fillna(0.0)
        at_risk = (margin * (follows + (1 - follows) * transition)).sum()
        assert lost[staff[one]]["lost"] == pytest.approx(at_risk, rel=1e-6), staff[one]
    largest = sold.index[manager == shares.idxmax()]
    assert values(told["04"])["departure_cost_largest"] == pytest.approx(0.154 * sold[largest].sum(), rel=1e-6)


def falls_of_the_past(lines: pd.DataFrame, as_of: pd.Timestamp, earned: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Last year's margin of every customer that stayed, ascending, and the part of it that is missing this year."""
    start, before = (as_of - pd.DateOffset(months=months) for months in (12, 24))
    last = lines[(lines["day"] > before) & (lines["day"] <= start)].groupby("customer")["margin"].sum().round(2)
    both = pd.DataFrame({"last": last[last > 0], "now": earned}).dropna().sort_values(["last", "now"])
    return both["last"].to_numpy(), (1 - both["now"] / both["last"]).clip(lower=0).to_numpy()


def test_what_a_bad_year_costs(lines, as_of, earned, master, told):
    """The page's own chances and money, drawn a hundred thousand times: who leaves, with what could take several, who falls."""
    rows = pd.DataFrame(told["03"]["tables"]["accounts"]).set_index("account_id")
    stake, chance = rows["exposure"], rows["probability"]
    staff = table("managers").set_index("manager_id")
    strikes = [
        (float(q), rows.index[master["account_manager_id"].reindex(rows.index) == one], None)
        for one, q in staff["departure_probability"].dropna().items()
    ]
    slump = SETTINGS["causes"]["marine_downturn"]
    hit = rows.index[master["industry"].reindex(rows.index) == slump["where"]["industry"]]
    strikes.append((slump["probability"], hit, slump["loss_probability"]))

    random = np.random.default_rng(20261130)
    draws = 100_000
    # The chance that each account is not taken by any cause: what is left of its chance is its own.
    spared = pd.Series(1.0, rows.index)
    gone = np.zeros((draws, len(rows)), dtype=bool)
    handed = np.zeros((draws, len(rows)), dtype=np.float32)
    for q, members, takes in strikes:
        follows, transition = follow_and_hand_over(members, master)
        part = follows if takes is None else pd.Series(takes, members)
        spared[members] *= 1 - q * part
        struck = random.random(draws) < q
        places = rows.index.get_indexer(members)
        gone[:, places] |= struck[:, None] & (random.random((draws, len(places))) < part.to_numpy())
        if takes is None:
            handed[:, places] = np.maximum(handed[:, places], struck[:, None] * transition)
    own = (1 - (1 - chance) / spared).clip(lower=0).to_numpy()
    gone |= random.random(gone.shape) < own
    size, fall = falls_of_the_past(lines, as_of, earned)
    loss = np.zeros(draws)
    for at, amount in enumerate(stake):
        # Whoever stays falls as one of the 25 of last year that were nearest in size.
        first = min(max(int((size < amount).sum()) - 12, 0), len(size) - 25)
        stays = (1 - handed[:, at]) * (1 - fall[first + random.integers(0, 25, draws)])
        loss += amount * np.where(gone[:, at], 1.0, 1 - stays)
    said = values(told["03"])
    assert said["expected_loss"] == pytest.approx(loss.mean(), abs=5 * loss.std() / draws**0.5)
    # The 95% point of so many draws lies within these two sorted ones in all but one of 10,000 cases.
    low, high = np.quantile(loss, 0.95 + np.array([-1, 1]) * 4 * (0.95 * 0.05 / draws) ** 0.5)
    assert low - 5_000 <= said["bad_year_loss"] <= high + 5_000
    assert said["bad_year_average"] == pytest.approx(np.sort(loss)[-draws // 20 :].mean(), rel=0.005)
