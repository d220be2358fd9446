"""The sample tells the story of Lindmark Flow Controls: one test per fact.

Route: every figure is computed here from the committed CSV files with pandas, without the generator
and without the ledger. Exclusions and the rate of the zloty are those of its settings.
"""

import datetime as dt
import tomllib
from pathlib import Path

import pandas as pd
import pytest

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
LAST = pd.Timestamp(2026, 9, 18)
YEAR_AGO, TWO_YEARS_AGO = pd.Timestamp(2025, 9, 18), pd.Timestamp(2024, 9, 18)
ALDERMOOR, TRESSEL, PELLWORTH, OAKHURST, HOLLIN = "0010100", "0010200", "0010300", "0010400", "0010500"
CORVANE, BEXLEY, STRAND, DUNMERE, FENNICK = "0010600", "0010700", "0010800", "0010900", "0011600"
KELSO, QUARRIX, IBERIA, ONE_TIME = "0011700", "0011800", "0090001", "0099999"
KEY = {ALDERMOOR, TRESSEL, PELLWORTH, OAKHURST, HOLLIN, CORVANE, STRAND, DUNMERE} | {f"001{n}00" for n in range(10, 16)}


def _table(name: str) -> pd.DataFrame:
    return pd.read_csv(SAMPLE / f"{name}.csv", dtype=str)


@pytest.fixture(scope="module")
def accounts() -> pd.DataFrame:
    table = _table("accounts")
    table["parent"] = table["parent_id"].fillna(table["account_id"])
    return table.set_index("account_id")


@pytest.fixture(scope="module")
def raw(accounts: pd.DataFrame) -> pd.DataFrame:
    """Every transaction row, in euros."""
    rows = _table("transactions")
    rate = rows["currency"].map({"EUR": 1.0, "PLN": 0.235})
    rows["amount"] = rows["revenue"].astype(float)
    rows["revenue"] = rows["amount"] * rate
    rows["cost"] = rows["cost"].astype(float) * rate
    rows["quantity"] = rows["quantity"].astype(int)
    rows["date"] = pd.to_datetime(rows["date"])
    rows["month"] = rows["date"].dt.to_period("M")
    rows["customer"] = rows["account_id"].map(accounts["parent"])
    rows["manager"] = rows["account_id"].map(accounts["account_manager_id"])
    return rows


@pytest.fixture(scope="module")
def sales(raw: pd.DataFrame) -> pd.DataFrame:
    """The rows of customers: not excluded, with a known account."""
    return raw[raw["customer"].notna() & ~raw["account_id"].isin([IBERIA, ONE_TIME])]


@pytest.fixture(scope="module")
def now(sales: pd.DataFrame) -> pd.DataFrame:
    rows = sales[sales["date"] > YEAR_AGO]
    total = rows.groupby("customer")["revenue"].transform("sum")
    return rows[total > 0]


@pytest.fixture(scope="module")
def before(sales: pd.DataFrame) -> pd.DataFrame:
    return sales[(sales["date"] > TWO_YEARS_AGO) & (sales["date"] <= YEAR_AGO)]


@pytest.fixture(scope="module")
def share(now: pd.DataFrame) -> pd.Series:
    return _shares(now)


def _shares(rows: pd.DataFrame) -> pd.Series:
    by_customer = rows.groupby("customer")["revenue"].sum().sort_values(ascending=False)
    return by_customer / by_customer.sum()


def _margin(rows: pd.DataFrame) -> float:
    return 1 - rows["cost"].sum() / rows["revenue"].sum()


# The company


def test_284_customers_in_290_legal_entities_and_two_accounts_that_are_none(accounts: pd.DataFrame) -> None:
    customers = accounts.drop([IBERIA, ONE_TIME])
    assert (len(customers), customers["parent"].nunique()) == (290, 284)
    assert customers.loc[customers["parent_id"].notna(), "parent_id"].unique().tolist() == [ALDERMOOR]


def test_36_months_from_october_2023_to_18_september_2026(raw: pd.DataFrame) -> None:
    assert raw["month"].nunique() == 36
    assert (raw["date"].min().date(), raw["date"].max()) == (dt.date(2023, 10, 2), LAST)


def test_84_million_of_sales_at_28_percent_margin(now: pd.DataFrame) -> None:
    assert now["revenue"].sum() == pytest.approx(84.04e6, abs=5e3)
    assert _margin(now) == pytest.approx(0.28, abs=1e-4)


def test_every_customer_has_bought_and_a_few_do_not_now(sales: pd.DataFrame, share: pd.Series) -> None:
    assert (sales.groupby("customer")["revenue"].sum() > 0).sum() == 284
    assert len(share) == 275


def test_five_make_41_percent_up_two_points_through_pellworth(share: pd.Series, before: pd.DataFrame) -> None:
    assert share.head(5).sum() == pytest.approx(0.41, abs=1e-3)
    assert share.head(5).index.tolist() == [ALDERMOOR, TRESSEL, PELLWORTH, OAKHURST, HOLLIN]
    assert _shares(before).head(5).sum() == pytest.approx(0.39, abs=1e-3)
    assert PELLWORTH not in _shares(before).head(5).index


def test_42_customers_make_80_percent(share: pd.Series) -> None:
    assert share.head(41).sum() < 0.80 <= share.head(42).sum()


def test_as_concentrated_as_18_equal_customers(share: pd.Series) -> None:
    assert round(1 / (share**2).sum()) == 18
    assert 10_000 * (share**2).sum() == pytest.approx(540, abs=3)


def test_new_customers_bring_a_fifth_of_aldermoor_a_year(now: pd.DataFrame, sales: pd.DataFrame) -> None:
    earlier = set(sales.loc[sales["date"] <= YEAR_AGO, "customer"])
    new = now[~now["customer"].isin(earlier)]
    aldermoor = now.loc[now["customer"] == ALDERMOOR, "revenue"].sum()
    assert aldermoor / new["revenue"].sum() == pytest.approx(5.0, abs=0.1)


def test_retention_is_that_of_a_business_that_loses_some_and_grows_some(
    now: pd.DataFrame, before: pd.DataFrame
) -> None:
    opening = before.groupby("customer")["revenue"].sum()
    closing = now.groupby("customer")["revenue"].sum().reindex(opening.index, fill_value=0.0)
    gross, net = closing.clip(upper=opening).sum() / opening.sum(), closing.sum() / opening.sum()
    assert 0.86 < gross < 0.93
    assert 0.99 < net < 1.04


# The accounts of the story


def test_aldermoor_is_18_percent_though_no_company_of_it_passes_7(now: pd.DataFrame, share: pd.Series) -> None:
    assert share[ALDERMOOR] == pytest.approx(0.181, abs=1e-4)
    parts = now[now["customer"] == ALDERMOOR].groupby("account_id")["revenue"].sum() / now["revenue"].sum()
    assert len(parts) == 7
    assert parts.max() == pytest.approx(0.069, abs=1e-4)
    entities = now.groupby("account_id")["revenue"].sum() / now["revenue"].sum()
    assert entities.max() < 0.10


def test_aldermoor_s_margin_is_19_percent_and_4_points_down(now: pd.DataFrame, before: pd.DataFrame) -> None:
    own = [rows[rows["customer"] == ALDERMOOR] for rows in (now, before)]
    assert [round(_margin(rows), 3) for rows in own] == [0.19, 0.23]
    assert own[0]["revenue"].sum() == pytest.approx(15.2e6, abs=5e4)
    assert (own[0]["revenue"] - own[0]["cost"]).sum() == pytest.approx(2.9e6, abs=5e4)


def test_aldermoor_s_framework_ends_in_four_months() -> None:
    contracts = _table("contracts").set_index("account_id")
    assert contracts.loc[ALDERMOOR, "ends_on"] == "2027-01-18"


def test_ingrid_vass_is_the_only_contact_at_aldermoor(accounts: pd.DataFrame) -> None:
    contacts = _table("contacts")
    own = contacts[contacts["account_id"].map(accounts["parent"]) == ALDERMOOR]
    assert own["contact_name"].tolist() == ["Ingrid Vass"]


def test_tressel_fell_28_percent_in_two_quarters_and_names_a_competitor(
    sales: pd.DataFrame, share: pd.Series, accounts: pd.DataFrame
) -> None:
    quarters = sales[sales["customer"] == TRESSEL].groupby(sales["date"].dt.to_period("Q"))["revenue"].sum()
    fell = quarters["2026Q1":"2026Q2"].sum() / quarters["2025Q1":"2025Q2"].sum() - 1
    assert fell == pytest.approx(-0.28, abs=1e-3)
    assert share[TRESSEL] == pytest.approx(0.074, abs=1e-4)
    assert accounts.loc[TRESSEL, "competitor"] == "Brenntal Pumpen"


def test_aldermoor_and_tressel_earn_a_fifth_of_all_margin(now: pd.DataFrame) -> None:
    earned = now["revenue"] - now["cost"]
    both = earned[now["customer"].isin([ALDERMOOR, TRESSEL])].sum()
    assert both == pytest.approx(4.7e6, abs=5e4)
    assert both / earned.sum() == pytest.approx(0.20, abs=5e-3)


def test_pellworth_grew_from_2_to_6_percent(share: pd.Series, before: pd.DataFrame) -> None:
    assert _shares(before)[PELLWORTH] == pytest.approx(0.02, abs=1e-4)
    assert share[PELLWORTH] == pytest.approx(0.06, abs=1e-4)


def test_oakhurst_had_one_empty_month_and_is_steady_otherwise(
    sales: pd.DataFrame, share: pd.Series, accounts: pd.DataFrame
) -> None:
    months = sales[sales["customer"] == OAKHURST].groupby("month")["revenue"].sum()
    every = months.reindex(pd.period_range("2023-10", "2026-08", freq="M"), fill_value=0.0)
    assert every[every == 0].index.astype(str).tolist() == ["2026-07"]
    bought = every[every > 0]
    assert bought.std() / bought.mean() < 0.15
    assert share[OAKHURST] == pytest.approx(0.052, abs=1e-4)
    assert accounts.loc[OAKHURST, "bond"] == "company"


def test_corvane_is_4_percent_of_sales_and_41_percent_of_skids(now: pd.DataFrame, share: pd.Series) -> None:
    assert share[CORVANE] == pytest.approx(0.04, abs=1e-4)
    assert _line_shares(now).loc[CORVANE, "Skids"] == pytest.approx(0.41, abs=1e-4)


def test_dunmere_is_small_and_40_percent_of_a_line_that_makes_6_percent(now: pd.DataFrame, share: pd.Series) -> None:
    assert share[DUNMERE] == pytest.approx(0.028, abs=1e-4)
    assert _line_shares(now).loc[DUNMERE, "Seals"] == pytest.approx(0.40, abs=1e-4)
    seals = now.loc[now["product_line"] == "Seals", "revenue"].sum() / now["revenue"].sum()
    assert seals == pytest.approx(0.06, abs=5e-3)


def test_bexley_is_3_percent_and_loses_money_after_credit_notes(
    now: pd.DataFrame, share: pd.Series, accounts: pd.DataFrame
) -> None:
    own = now[now["customer"] == BEXLEY]
    assert share[BEXLEY] == pytest.approx(0.03, abs=1e-4)
    assert _margin(own) == pytest.approx(-0.02, abs=1e-4)
    assert _margin(own[own["revenue"] > 0]) > 0.08
    assert accounts.loc[BEXLEY, "is_key"] == "true"


def test_fennick_is_below_one_percent_pleasant_and_not_key(share: pd.Series, accounts: pd.DataFrame) -> None:
    assert share[FENNICK] == pytest.approx(0.009, abs=1e-4)
    assert float(accounts.loc[FENNICK, "satisfaction"]) == accounts["satisfaction"].astype(float).max()
    assert accounts.loc[FENNICK, "is_key"] == "false"


def test_kelso_orders_every_fourteen_months_and_is_not_called_lost(sales: pd.DataFrame, accounts: pd.DataFrame) -> None:
    months = sales.loc[sales["customer"] == KELSO, "date"]
    assert sorted(set(months.dt.to_period("M").astype(str))) == ["2023-10", "2024-12"]
    assert (months.min().date(), months[months.dt.year == 2024].min().date()) == (
        dt.date(2023, 10, 16),
        dt.date(2024, 12, 12),
    )
    assert pd.isna(accounts.loc[KELSO, "left_on"])


def test_quarrix_closed_in_year_two_and_sales_needed_19_months(sales: pd.DataFrame, accounts: pd.DataFrame) -> None:
    own = sales[sales["customer"] == QUARRIX]
    assert accounts.loc[QUARRIX, "left_on"] == "2024-11-30"
    assert accounts.loc[QUARRIX, "left_reason"]
    assert own["date"].max() <= pd.Timestamp(2024, 11, 30)
    rolling = sales.groupby("month")["revenue"].sum().rolling(12).sum().dropna()
    last = own.groupby("month")["revenue"].sum()
    assert 0.07 < last[-12:].sum() / rolling["2024-11"] < 0.08
    after = rolling["2024-12":"2026-08"]
    regained = after[after >= rolling["2024-11"]].index[0]
    assert (regained - pd.Period("2024-11", "M")).n == 19


# The people


def test_reiter_looks_after_29_percent_in_fourteen_accounts(now: pd.DataFrame, accounts: pd.DataFrame) -> None:
    own = accounts[accounts["account_manager_id"] == "M01"]
    assert own["parent"].nunique() == 14
    assert {ALDERMOOR, TRESSEL} < set(own["parent"])
    assert own["deputy_id"].isna().all()
    part = now.loc[now["manager"] == "M01", "revenue"].sum() / now["revenue"].sum()
    assert part == pytest.approx(0.29, abs=1e-4)
    assert 0.132 * part * now["revenue"].sum() == pytest.approx(3.2e6, abs=5e4)


def test_five_of_reiter_s_accounts_hang_on_one_contact(accounts: pd.DataFrame) -> None:
    contacts = _table("contacts")
    contacts["customer"] = contacts["account_id"].map(accounts["parent"])
    own = contacts[contacts["customer"].isin(accounts.loc[accounts["account_manager_id"] == "M01", "parent"])]
    known = own.groupby("customer")["contact_id"].count()
    assert (len(known), (known == 1).sum()) == (14, 5)
    # By the looser reading as well: every contact of these is more than a name.
    assert (own["strength"].astype(int) >= 2).all()
    met = _table("interactions").query("date > '2026-03-18'")["contact_id"]
    assert set(own["contact_id"]) <= set(met)


def test_reiter_is_going_to_vantor() -> None:
    managers = _table("managers").set_index("manager_name")
    assert managers.loc["Jonas Reiter", "leaving_on"] == "2026-12-31"
    assert managers["leaving_on"].notna().sum() == 1
    decisions, feedback = _table("decisions"), _table("feedback")
    assert decisions["decision"].str.contains("Reiter.*Vantor").any()
    assert feedback.loc[feedback["account_id"] == ALDERMOOR, "said"].str.contains("Jonas.*Vantor").any()


def test_six_account_managers_with_superiors_and_executives() -> None:
    assert _table("managers")["level"].value_counts().to_dict() == {"manager": 6, "superior": 2, "executive": 2}


def test_a_few_small_accounts_have_no_manager(accounts: pd.DataFrame, share: pd.Series) -> None:
    customers = accounts.drop([IBERIA, ONE_TIME])
    nobody = customers[customers["account_manager_id"].isna()]
    assert 5 <= len(nobody) <= 20
    assert share.reindex(nobody.index).sum() < 0.02


def test_hollin_s_manager_can_move_before_the_renewal(accounts: pd.DataFrame) -> None:
    assert (_table("contacts")["account_id"] == HOLLIN).sum() == 4
    assert accounts.loc[HOLLIN, "bond"] == "company"
    assert accounts.loc[HOLLIN, "account_manager_id"] not in ("M01", None)
    assert _table("contracts").set_index("account_id").loc[HOLLIN, "ends_on"] == "2028-06-30"


def test_fourteen_accounts_are_key_eleven_of_them_on_the_list(
    now: pd.DataFrame, share: pd.Series, accounts: pd.DataFrame
) -> None:
    """A tenth of sales, of margin or of a line above 5 % of sales, or purchases in half of the regions."""
    earned = (now["revenue"] - now["cost"]).groupby(now["customer"]).sum()
    lines = _line_shares(now)
    regions = now[now["revenue"] > 0].groupby("customer")["region"].nunique() / now["region"].nunique()
    key = set(share[share >= 0.1].index) | set(earned[earned / earned.sum() >= 0.1].index)
    key |= set(lines[(lines >= 0.1).any(axis=1)].index) | set(regions[regions >= 0.5].index)
    assert key == KEY
    on_list = set(accounts.loc[accounts["is_key"] == "true", "parent"])
    assert (len(key & on_list), key - on_list, on_list - key) == (11, {CORVANE, DUNMERE, STRAND}, {BEXLEY})


def _line_shares(rows: pd.DataFrame) -> pd.DataFrame:
    table = rows.pivot_table("revenue", "customer", "product_line", "sum", fill_value=0.0)
    assert (table.sum() / table.sum().sum() >= 0.05).all()
    return table / table.sum()


def test_eleven_of_fourteen_key_accounts_had_no_call_from_above_this_year(accounts: pd.DataFrame) -> None:
    above = _table("managers").query("level != 'manager'")["manager_id"]
    calls = _table("interactions").query("date > '2025-09-18'")
    called = set(calls.loc[calls["staff_id"].isin(above), "account_id"].map(accounts["parent"]))
    assert len(KEY - called) == 11


def test_of_the_last_period_s_three_decisions_two_are_done_and_one_is_late() -> None:
    last = _table("decisions").query("date == '2026-06-16'")
    assert last["status"].tolist() == ["done", "done", "open"]
    assert last["due"].iloc[2] < "2026-09-18"
    assert (_table("decisions").query(f"account_id == '{ALDERMOOR}'")["status"] == "open").sum() == 5


# The mess


def test_lindmark_iberia_is_6_percent_of_the_raw_export_and_excluded(raw: pd.DataFrame) -> None:
    year = raw[raw["date"] > YEAR_AGO]
    by_id = year.groupby("account_id")["revenue"].sum().sort_values(ascending=False)
    assert by_id[IBERIA] / year["revenue"].sum() == pytest.approx(0.06, abs=1e-4)
    assert IBERIA in by_id.head(3).index
    settings = tomllib.loads((SAMPLE / "kam.toml").read_text(encoding="utf-8"))
    assert settings["exclude"]["accounts"] == [IBERIA, ONE_TIME]


def test_one_time_customers_and_rows_without_an_account_are_a_little(raw: pd.DataFrame) -> None:
    year = raw[raw["date"] > YEAR_AGO]
    assert 0.005 < year.loc[year["account_id"] == ONE_TIME, "revenue"].sum() / year["revenue"].sum() < 0.02
    assert 0.001 < year.loc[year["account_id"].isna(), "revenue"].sum() / year["revenue"].sum() < 0.005


def test_credit_notes_are_negative_with_their_quantity(raw: pd.DataFrame) -> None:
    assert (raw["revenue"] < 0).sum() > 200
    assert ((raw["revenue"] < 0) == (raw["quantity"] < 0)).all()
    assert (raw["revenue"] != 0).all()


def test_two_accounts_got_only_credit_notes_in_the_last_year(sales: pd.DataFrame) -> None:
    year = sales[sales["date"] > YEAR_AGO].groupby("customer")["revenue"]
    assert (year.max() < 0).sum() == 2
    assert (year.sum() < 0).sum() == 2


def test_polish_accounts_are_invoiced_in_zlotys(raw: pd.DataFrame, accounts: pd.DataFrame) -> None:
    foreign = set(raw.loc[raw["currency"] == "PLN", "account_id"])
    assert foreign == set(accounts[accounts["country"] == "PL"].index)
    assert len(foreign) > 5


def test_two_mistyped_ids_were_booked_and_taken_back(raw: pd.DataFrame, accounts: pd.DataFrame) -> None:
    unknown = raw[raw["account_id"].notna() & ~raw["account_id"].isin(accounts.index)]
    assert unknown.groupby("account_id")["revenue"].agg(["size", "sum"]).to_dict("index") == {
        "0010020": {"size": 2, "sum": 0.0},
        "10300": {"size": 2, "sum": 0.0},
    }


def test_six_rows_stand_there_twice() -> None:
    assert _table("transactions").duplicated().sum() == 6


def test_the_last_month_is_incomplete(raw: pd.DataFrame) -> None:
    months = raw.groupby("month")["revenue"].sum()
    assert months["2026-09"] < 0.8 * months["2025-09"]


@pytest.mark.parametrize(("year", "low", "high"), [(2024, 0.010, 0.014), (2025, 0.010, 0.014)])
def test_finance_s_total_is_the_invoices_less_year_end_rebates(
    raw: pd.DataFrame, year: int, low: float, high: float
) -> None:
    settings = tomllib.loads((SAMPLE / "kam.toml").read_text(encoding="utf-8"))
    invoiced = raw.loc[raw["date"].dt.year == year, "revenue"].sum()
    assert low < 1 - settings["control"]["revenue"][str(year)] / invoiced < high


def test_ids_have_leading_zeros_and_names_have_what_breaks_exports(accounts: pd.DataFrame) -> None:
    assert accounts.index.str.fullmatch(r"0\d{6}").all()
    names = " ".join(accounts["account_name"])
    assert all(mark in names for mark in ('"', ",", "'", "&", "ü", "Î", "ł"))


def test_the_sales_cycle_in_the_settings_is_that_of_the_opportunities() -> None:
    won = _table("opportunities").query("status == 'won' and closed >= '2025-01-01'")
    months = (pd.to_datetime(won["closed"]) - pd.to_datetime(won["created"])).dt.days / 30.44
    told = tomllib.loads((SAMPLE / "kam.toml").read_text(encoding="utf-8"))["assumptions"]["sales_cycle_months"]
    found = [round(2 * months.quantile(q)) / 2 for q in (0.25, 0.5, 0.75)]
    assert [told["low"], told["value"], told["high"]] == found


# What an analyst would look at


def test_sales_are_on_working_days_at_prices_near_the_list(raw: pd.DataFrame) -> None:
    assert (raw["date"].dt.day_of_week < 5).all()
    price = raw["revenue"] / raw["quantity"]
    assert price.min() > 0
    sold = raw[(raw["quantity"] >= 3) & (raw["currency"] == "EUR")].assign(price=price)
    spread = sold.groupby("product")["price"].agg(lambda prices: prices.quantile(0.95) / prices.quantile(0.05))
    assert spread.median() < 1.5


def test_an_order_belongs_to_one_account_and_day(raw: pd.DataFrame) -> None:
    orders = raw.groupby("order_id").agg({"account_id": "nunique", "date": "nunique"})
    assert orders.max().max() == 1
    assert raw.groupby("order_id").size().between(1, 15).all()


def test_december_and_august_are_weak_months(sales: pd.DataFrame) -> None:
    months = sales[sales["date"] <= pd.Timestamp(2026, 8, 31)].groupby("month")["revenue"].sum()
    by_month = months.groupby(months.index.month).mean()
    assert set(by_month.nsmallest(2).index) == {8, 12}
