"""The same reader recomputes what stands in the tables beside the answers: reconciliation, growth, contracts, keeping ...

What is drawn by chance or fitted is not here: ranges, the forecast and each account's own rhythm have tests of their own
(`tests/analysis`), weightings of the value score too; the bad year is in `test_recomputed.py`.
"""

import math

import numpy as np
import pandas as pd
import pytest


def close(value):
    """To the cent, whatever was rounded on the way by customer or article."""
    return pytest.approx(value, abs=0.02)


def test_the_reconciliation_of_sales(every_line, year, as_of, settings, values):
    said, total = values["01"], year.groupby("customer")["sales"].sum()
    window = every_line[every_line["day"] > as_of - pd.DateOffset(months=12)]
    apart = window["account_id"].isin(settings["exclude"]["accounts"])
    assert said["revenue_total"] == close(window["sales"].sum())
    assert said["revenue_excluded"] == close(window.loc[apart, "sales"].sum())
    assert said["revenue_without_account"] == close(window.loc[window["account_id"].isna(), "sales"].sum())
    assert said["revenue_set_aside"] == close(total[total <= 0].sum())
    parts = sum(said[f"revenue_{each}"] for each in ("in_shares", "set_aside", "excluded", "without_account"))
    assert said["revenue_total"] == close(parts)


def test_legal_entities_and_who_is_disclosed(year, sold, told, values):
    alone = year.groupby("account_id")["sales"].sum()
    alone = alone[alone > 0]
    assert values["01"]["hhi_legal_entity"] == pytest.approx(((alone / alone.sum()) ** 2).sum(), rel=1e-9)
    part = sold / values["01"]["revenue_total"]
    said = {row["account_id"]: row["share_of_total"] for row in told["01"]["tables"]["disclosure_10_percent"]}
    assert said == pytest.approx(part[part >= 0.1].to_dict())


def test_what_each_line_depends_on(year, told):
    said = {row["name"]: row for row in told["01"]["tables"]["activities"] if row["kind"] == "product_line"}
    assert set(said) == set(year["product_line"].dropna())
    for line, rows in year.groupby("product_line"):
        amounts = rows.groupby("customer")["sales"].sum().round(2)
        above = amounts[amounts > 0]
        assert said[line]["amount"] == close(above.sum())
        assert said[line]["losses"] == close(amounts[amounts <= 0].sum())
        assert said[line]["accounts"] == len(above)
        assert said[line]["largest_account_id"] == above.idxmax()
        assert said[line]["largest_share"] == pytest.approx(above.max() / above.sum(), rel=1e-6)
        assert said[line]["effective_accounts"] == pytest.approx(above.sum() ** 2 / (above**2).sum(), rel=1e-6)


def test_the_course_over_two_years(lines, told):
    months = lines.assign(month=lines["day"].dt.to_period("M"))
    for row in told["01"]["tables"]["twelve_months_to"]:
        last = pd.Period(row["month"], "M")
        inside = months[(months["month"] <= last) & (months["month"] > last - 12)]
        total = inside.groupby("customer")["sales"].sum()
        total = total[total > 0].sort_values(ascending=False)
        assert row["accounts"] == len(total)
        assert row["total"] == close(total.sum())
        for n in (1, 5, 10):
            assert row[f"top_{n}_share"] == pytest.approx(total.iloc[:n].sum() / total.sum(), rel=1e-6)


def test_the_bridge_and_who_came_and_went(last_year, sold, told):
    last = last_year.groupby("customer")["sales"].sum().round(2)
    both = pd.DataFrame({"last": last[last > 0], "now": sold}).fillna(0.0)
    change = both["now"] - both["last"]
    new, lost = both["last"] == 0, both["now"] == 0
    stay = ~new & ~lost
    said = {row["step"]: row["amount"] for row in told["01"]["tables"]["bridge"]}
    assert said == {
        "opening": close(both["last"].sum()),
        "new": close(change[new].sum()),
        "grown": close(change[stay & (change > 0)].sum()),
        "shrunk": close(change[stay & (change < 0)].sum()),
        "lost": close(change[lost].sum()),
        "closing": close(both["now"].sum()),
    }


def test_price_volume_and_mix(last_year, year, sold, values):
    """Customer by customer and article by article, in a loop, by the table of formulas."""
    by = ["customer", "product_line", "product"]
    before, now = (rows.groupby(by)[["sales", "quantity"]].sum() for rows in (last_year, year))
    stayed = set(sold.index) & set(last_year.groupby("customer")["sales"].sum().loc[lambda each: each > 0].index)
    both = before.merge(now, left_index=True, right_index=True, suffixes=("_0", "_1")).reset_index()
    priced = (both[["sales_0", "quantity_0", "sales_1", "quantity_1"]] > 0).all(axis=1)
    both = both[priced & both["customer"].isin(stayed)]
    price = volume = mix = 0.0
    for _, rows in both.groupby(["customer", "product_line"]):
        grown = rows["quantity_1"].sum() / rows["quantity_0"].sum()
        for each in rows.itertuples():
            p0, p1 = each.sales_0 / each.quantity_0, each.sales_1 / each.quantity_1
            price += (p1 - p0) * each.quantity_1
            volume += each.sales_0 * (grown - 1)
            mix += p0 * (each.quantity_1 - each.quantity_0) - each.sales_0 * (grown - 1)
    said = values["01"]
    found = [said[f"{name}_effect"] for name in ("price", "volume", "mix")]
    # Each article of a customer is rounded to the cent.
    assert found == pytest.approx([price, volume, mix], abs=0.005 * len(both))


def test_on_what_each_key_account_is_key(year, sold, told):
    totals = {"revenue": sold}
    totals |= {name: year.groupby("customer")[name].sum() for name in ("margin", "quantity")}
    lines = year.groupby("product_line")
    totals |= {f"product_line:{name}": rows.groupby("customer")["sales"].sum() for name, rows in lines}
    for row in told["02"]["tables"]["activities"]:
        if row["activity"] == "presence":
            where = year[year["customer"] == row["account_id"]].groupby("region")["sales"].sum()
            assert row["amount"] == (where > 0).sum()
            assert row["share"] == pytest.approx((where > 0).sum() / year["region"].nunique())
            continue
        amounts = totals[row["activity"]]
        assert row["amount"] == close(amounts[row["account_id"]])
        above = amounts[amounts > 0].sum()
        assert row["share"] == pytest.approx(amounts[row["account_id"]] / above, rel=1e-6)


def own_estimates(master: pd.DataFrame) -> pd.Series:
    """The company's own figure of every customer: its own, else the first that one of its companies has."""
    customer = master["parent_id"].fillna(master.index.to_series())
    return master["churn_probability"].groupby(customer).first().dropna()


def by_causes(master: pd.DataFrame, table, settings) -> pd.Series:
    """How likely the announced departure and the slump alone make it that each customer leaves."""
    rate, slump = settings["assumptions"]["follow_rate"], settings["causes"]["marine_downturn"]
    stays = pd.Series(1.0, master.index)
    for one, q in table("managers").set_index("manager_id")["departure_probability"].dropna().items():
        theirs = master["account_manager_id"] == one
        follows = master["bond"].map({"company": rate["low"], "person": rate["high"]}).fillna(rate["value"])
        stays *= np.where(theirs, 1 - q * follows, 1.0)
    hit = master["industry"] == slump["where"]["industry"]
    return 1 - stays * np.where(hit, 1 - slump["probability"] * slump["loss_probability"], 1.0)


def test_the_chance_of_every_account_with_an_own_estimate(master, table, settings, told):
    """The higher one of the estimate and of what could take several; its range by odds halved and doubled."""
    rows = pd.DataFrame(told["03"]["tables"]["accounts"]).set_index("account_id")
    estimate, alone = own_estimates(master), by_causes(master, table, settings)
    alone = alone.reindex(rows.index)
    assert rows["by_causes"].tolist() == pytest.approx(alone.tolist())
    own = rows[rows["basis"] == "your figure"]
    assert set(own.index) == set(estimate.index) & set(rows.index)
    given = estimate[own.index]
    assert own["estimate"].tolist() == pytest.approx(given.tolist())
    assert rows["probability"].tolist() == pytest.approx(np.fmax(rows["estimate"], alone).tolist())
    plain = own[alone[own.index] <= given]
    odds = (given / (1 - given))[plain.index]
    assert plain["low"].tolist() == pytest.approx((odds / 2 / (1 + odds / 2)).tolist())
    assert plain["high"].tolist() == pytest.approx((odds * 2 / (1 + odds * 2)).tolist())


def test_what_keeping_each_key_account_may_cost(earned, told):
    chances = {row["account_id"]: row for row in told["03"]["tables"]["accounts"]}
    assert len(told["03"]["tables"]["keeping"]) == 14
    for row in told["03"]["tables"]["keeping"]:
        now, later = (chances[row["account_id"]][name] for name in ("probability", "estimate"))
        years = (1 - (1 - later) ** 3) / -math.log(1 - later)
        lost = earned[row["account_id"]] * years
        assert row["loss_if_lost"] == pytest.approx(lost, rel=1e-6)
        assert row["at_most_a_year"] == pytest.approx(now * lost, rel=1e-6)
        assert row["effect_needed"] == pytest.approx(60_000 / lost, rel=1e-6)
        assert row["can_pay"] == (now * lost >= 60_000)


def test_the_departure_on_file(earned, master, values):
    """Of the five largest, the manager's that are not the company's go along; of all others of theirs 15.4% goes."""
    five = earned.sort_values(ascending=False).index[:5]
    theirs = master["account_manager_id"].reindex(earned.index) == "M01"
    along = [each for each in five if theirs[each] and master.at[each, "bond"] != "company"]
    rest = earned[theirs & ~earned.index.isin(along)]
    assert values["03"]["departure_case"] == pytest.approx(earned[along].sum() + 0.154 * rest.sum(), rel=1e-6)


def test_what_contracts_bind_and_what_can_be_given_notice_when(sold, earned, table, as_of, told):
    rows = table("contracts")
    rows["ends"] = pd.to_datetime(rows["ends_on"])
    rows["notice"] = rows["ends"] - pd.to_timedelta(rows["notice_days"].fillna(0), unit="D")
    rows = rows[(rows["ends"] >= as_of) & rows["account_id"].isin(earned.index)]
    bound = rows.set_index("account_id")["annual_value"].clip(upper=sold.reindex(rows["account_id"]).to_numpy())
    margin = bound / sold.reindex(bound.index) * earned.reindex(bound.index)
    counted = {row["account_id"] for row in told["03"]["tables"]["accounts"]}
    assert set(bound.index) <= counted
    said = {row["part"]: row for row in told["03"]["tables"]["bound"]}
    assert said["under_contract"]["revenue"] == close(bound.sum())
    assert said["under_contract"]["revenue_share"] == pytest.approx(bound.sum() / sold.sum(), rel=1e-6)
    assert said["under_contract"]["exposure"] == pytest.approx(margin.sum(), abs=0.2)
    assert said["at_will"]["exposure"] == pytest.approx(earned[list(counted)].sum() - margin.sum(), abs=0.2)
    free = earned[list(counted)].sum() - margin.sum()
    for row in told["03"]["tables"]["notice"]:
        if row["when"] == "by":
            end = pd.Period(row["month"], "M").end_time
            inside = rows[(rows["notice"] <= end) & (rows["notice"] >= as_of)]["account_id"]
            assert row["cumulative"] == pytest.approx(free + margin[inside].sum(), abs=0.2)


def test_how_long_new_customers_take_to_replace_a_loss(lines, sold, as_of, settings, told):
    """Their sales in the first year, none of them a customer before; a cycle, half the ramp, then at that pace."""
    earlier = lines[lines["day"] <= as_of - pd.DateOffset(months=12)]["customer"]
    pace = sold[~sold.index.isin(earlier)].sum()
    cycle, ramp = (settings["assumptions"][name]["value"] for name in ("sales_cycle_months", "ramp_months"))
    for row in told["03"]["tables"]["recovery"]:
        if row["pace"] == "new_customers":
            assert row["pace_a_year"] == close(pace)
            assert row["years"] == pytest.approx(row["loss"] / pace + (cycle + ramp / 2) / 12, rel=1e-6)
            for at in (12, 24, 36):
                months = at - cycle
                made_up = months**2 / (2 * ramp) if months <= ramp else months - ramp / 2
                assert row[f"share_{at}"] == pytest.approx(pace / 12 * made_up / row["loss"], rel=1e-6)


def test_what_goes_with_each_industry(earned, master, told):
    counted = {row["account_id"] for row in told["03"]["tables"]["accounts"]}
    industry, known = master["industry"], earned[list(counted)]
    for row in told["03"]["tables"]["industries"]:
        theirs = known[industry.reindex(known.index) == row["industry"]]
        assert row["exposure"] == close(theirs.sum())
        assert row["exposure_share"] == pytest.approx(theirs.sum() / known.sum(), rel=1e-6)


def test_customers_that_depend_on_one_contact(sold, table, values):
    """One contact spoken to (2 of 0 to 4 and up), of customers with contacts on file that are still there."""
    contacts = table("contacts")
    live = contacts[contacts["strength"] >= 2].groupby("account_id").size()
    gone = set(table("accounts").dropna(subset="left_on")["account_id"])
    parents = table("accounts").set_index("account_id")["parent_id"].dropna()
    by_customer = live.groupby(live.index.map(lambda each: parents.get(each, each))).sum()
    assert values["04"]["accounts_on_one_contact"] == sum(
        by_customer.get(each, 0) == 1 for each in sold.index if each not in gone
    )


def test_key_accounts_without_a_call_from_above_in_a_year(table, as_of, told, values):
    staff, talks = table("managers"), table("interactions")
    above = staff.loc[staff["level"].isin(["superior", "executive"]), "manager_id"]
    recent = pd.to_datetime(talks["date"]) > as_of - pd.DateOffset(months=12)
    parents = table("accounts").set_index("account_id")["parent_id"].dropna()
    called = talks.loc[recent & talks["staff_id"].isin(above), "account_id"]
    keys = {row["account_id"] for row in told["02"]["tables"]["key_accounts"]}
    assert values["04"]["executive_calls_overdue"] == len(keys - set(called.map(parents).fillna(called)))


def test_profit_after_cost_to_serve_and_rebates(every_line, year, settings, told, values):
    """With the page's own hours: €85 each, and of every sale the part that finance's total is below 2025's invoices."""
    invoiced = every_line.loc[every_line["day"].dt.year == 2025, "sales"].sum()
    rebate = 1 - settings["control"]["revenue"]["2025"] / invoiced
    margin, sales = (year.groupby("customer")[name].sum() for name in ("margin", "sales"))
    profits = []
    for row in told["02"]["tables"]["profit_after_service"]:
        if row["profit"] is not None:
            one = row["account_id"]
            profits.append(margin[one] - 85 * row["hours"] - rebate * max(sales[one], 0.0))
            assert row["profit"] == pytest.approx(profits[-1], abs=0.05)
    assert values["02"]["profit_after_service"] == pytest.approx(sum(profits), abs=1)
    assert values["02"]["customers_losing_money"] == sum(each < 0 for each in profits)
