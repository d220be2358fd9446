"""An independent reader recomputes the four answers from the sample's tables, with nothing of the package.

By the words of docs/method.md; the reports' results must say the same. Tables beside them: `test_recomputed_tables.py`.
"""

import numpy as np
import pandas as pd
import pytest


def test_how_dependent_we_are(sold, values):
    share, said = sold / sold.sum(), values["01"]
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


def test_what_was_kept_of_last_year(last_year, sold, values):
    last = last_year.groupby("customer")["sales"].sum()
    last = last[last > 0]
    now = sold.reindex(last.index).fillna(0.0)
    said = values["01"]
    assert said["kept_share"] == pytest.approx(np.minimum(now, last).sum() / last.sum(), abs=1e-6)
    assert said["kept_plus_grown_share"] == pytest.approx(now.sum() / last.sum(), abs=1e-6)


def test_which_accounts_are_key(year, sold, told, values):
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
    assert values["02"]["key_accounts"] == len(keys)


def test_what_losing_the_largest_costs(earned, sold, told, values):
    said = values["03"]
    largest = earned.sort_values(ascending=False)
    assert said["worst_case_top_1"] == pytest.approx(largest.iloc[0], abs=0.01)
    assert said["worst_case_top_3"] == pytest.approx(largest.iloc[:3].sum(), abs=0.01)
    rows = {row["account_id"]: row for row in told["03"]["tables"]["accounts"]}
    for customer in largest.index[:20]:
        assert rows[customer]["exposure"] == pytest.approx(earned[customer], abs=0.01)
        assert rows[customer]["revenue"] == pytest.approx(sold[customer], abs=0.01)
    assert said["exposure_total"] == pytest.approx(sum(row["exposure"] for row in rows.values()), abs=0.01)


def follow_and_hand_over(customers: pd.Index, master: pd.DataFrame, rate: dict) -> tuple[pd.Series, float]:
    """The part of each customer that follows its manager, by what binds it; and what a hand-over costs of those who stay."""
    bond = master["bond"].reindex(customers)
    follows = bond.map({"company": rate["low"], "person": rate["high"]}).fillna(rate["value"])
    return follows, (0.132 + 0.176) / 2


def test_what_a_manager_leaving_costs(sold, earned, master, table, settings, told, values):
    rate = settings["assumptions"]["follow_rate"]
    manager = master["account_manager_id"].reindex(sold.index)
    shares = sold.groupby(manager).sum() / sold.sum()
    staff = table("managers").set_index("manager_id")["manager_name"]
    said = {row["account_manager_id"]: row for row in told["04"]["tables"]["managers"]}
    assert values["04"]["largest_manager_share"] == pytest.approx(shares.max(), rel=1e-9)
    lost = {row["manager_name"]: row for row in told["03"]["tables"]["managers"]}
    for one in shares.index:
        theirs = sold.index[manager == one]
        assert said[one]["revenue_share"] == pytest.approx(shares[one], rel=1e-9)
        assert said[one]["accounts"] == len(theirs) == lost[staff[one]]["accounts"]
        follows, transition = follow_and_hand_over(theirs, master, rate)
        margin = earned.reindex(theirs).fillna(0.0)
        at_risk = (margin * (follows + (1 - follows) * transition)).sum()
        assert lost[staff[one]]["lost"] == pytest.approx(at_risk, rel=1e-6), staff[one]
    largest = sold.index[manager == shares.idxmax()]
    assert values["04"]["departure_cost_largest"] == pytest.approx(0.154 * sold[largest].sum(), rel=1e-6)


def falls_of_the_past(last_year: pd.DataFrame, earned: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Last year's margin of every customer that stayed, ascending, and the part of it that is missing this year."""
    last = last_year.groupby("customer")["margin"].sum().round(2)
    both = pd.DataFrame({"last": last[last > 0], "now": earned}).dropna().sort_values(["last", "now"])
    return both["last"].to_numpy(), (1 - both["now"] / both["last"]).clip(lower=0).to_numpy()


def test_what_a_bad_year_costs(last_year, earned, master, table, settings, told, values):
    """The page's own chances and money, drawn a hundred thousand times: who leaves, with what could take several, who falls."""
    rows = pd.DataFrame(told["03"]["tables"]["accounts"]).set_index("account_id")
    stake, chance = rows["exposure"], rows["probability"]
    staff = table("managers").set_index("manager_id")
    strikes = [
        (float(q), rows.index[master["account_manager_id"].reindex(rows.index) == one], None)
        for one, q in staff["departure_probability"].dropna().items()
    ]
    slump = settings["causes"]["marine_downturn"]
    hit = rows.index[master["industry"].reindex(rows.index) == slump["where"]["industry"]]
    strikes.append((slump["probability"], hit, slump["loss_probability"]))

    random = np.random.default_rng(20261130)
    draws = 100_000
    # The chance that each account is not taken by any cause: what is left of its chance is its own.
    spared = pd.Series(1.0, rows.index)
    gone = np.zeros((draws, len(rows)), dtype=bool)
    handed = np.zeros((draws, len(rows)), dtype=np.float32)
    for q, members, takes in strikes:
        follows, transition = follow_and_hand_over(members, master, settings["assumptions"]["follow_rate"])
        part = follows if takes is None else pd.Series(takes, members)
        spared[members] *= 1 - q * part
        struck = random.random(draws) < q
        places = rows.index.get_indexer(members)
        gone[:, places] |= struck[:, None] & (random.random((draws, len(places))) < part.to_numpy())
        if takes is None:
            handed[:, places] = np.maximum(handed[:, places], struck[:, None] * transition)
    own = (1 - (1 - chance) / spared).clip(lower=0).to_numpy()
    gone |= random.random(gone.shape) < own
    size, fall = falls_of_the_past(last_year, earned)
    loss = np.zeros(draws)
    for at, amount in enumerate(stake):
        # Whoever stays falls as one of the 25 of last year that were nearest in size.
        first = min(max(int((size < amount).sum()) - 12, 0), len(size) - 25)
        stays = (1 - handed[:, at]) * (1 - fall[first + random.integers(0, 25, draws)])
        loss += amount * np.where(gone[:, at], 1.0, 1 - stays)
    said = values["03"]
    assert said["expected_loss"] == pytest.approx(loss.mean(), abs=5 * loss.std() / draws**0.5)
    # The 95% point of so many draws lies within these two sorted ones in all but one of 10,000 cases.
    low, high = np.quantile(loss, 0.95 + np.array([-1, 1]) * 4 * (0.95 * 0.05 / draws) ** 0.5)
    assert low - 5_000 <= said["bad_year_loss"] <= high + 5_000
    assert said["bad_year_average"] == pytest.approx(np.sort(loss)[-draws // 20 :].mean(), rel=0.005)
