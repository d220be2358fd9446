"""The numbers behind `01_concentration` as an engineer who knows the sample's data would write them in DuckDB.

Amounts are cast and rounded as in the ledger: exact decimals, converted after summing, rounded once
per legal entity. Every query is what a frame needs and nothing else.
"""

import duckdb
import pandas as pd

# The sample ends on 18 September 2026; it excludes a subsidiary and the one-time customers.
Days = tuple[str, str]
DATA_ENDS = "2026-09-18"
EXCLUDED = "('0090001', '0099999')"
LAST = 2026 * 12 + 7  # August 2026, the last complete month, as year x 12 + month - 1
_EMPTY = ("account_id", "date", "revenue", "cost", "quantity")

_SOURCES = """
create temp view sales as select * from read_parquet('{folder}/transactions/part-*.parquet');
create temp table master as select account_id, account_name, coalesce(parent_id, account_id) as top
from read_csv('{folder}/accounts.csv', all_varchar = true, quote = '"')
"""
_RATE = "case currency when 'PLN' then 0.235 else 1 end"
# Amounts are exact decimals in the files: added as they are, at half the time of a wider type.
_AMOUNTS = {
    "revenue": ("sum(revenue)", _RATE, 2),
    "margin": ("coalesce(sum(revenue), 0) - coalesce(sum(cost), 0)", _RATE, 2),
    "quantity": ("sum(quantity)", "1", 6),
}
_KEPT = f" and account_id is not null and account_id not in {EXCLUDED}"
_MONTHS = f"""
create temp table months as
select account_id, month, sum(amount * {_RATE}) as exact, round(exact, 2) as amount
from (select account_id, year(date) * 12 + month(date) - 1 as month, currency, sum(revenue) as amount
      from sales where date <= '{DATA_ENDS}'{_KEPT} group by all)
group by all;
create temp table customer_months as
select coalesce(top, account_id) as account_id, month, sum(amount) as amount
from months left join master using (account_id) group by all
"""
_DAY = "make_date({0} // 12, {0} % 12 + 1, 1)"
_ROLLING = f"""
with entities as (
    select account_id, ending, round(sum(exact), 2) as amount
    from months join range({LAST - 23}, {LAST + 1}) as ends(ending) on month between ending - 11 and ending group by all),
customers as (
    select coalesce(top, account_id) as account_id, ending, sum(amount) as amount
    from entities left join master using (account_id) group by all having sum(amount) > 0),
ranked as (select *, row_number() over (partition by ending order by amount desc, account_id) as place from customers)
select {_DAY.format("ending")} as month, count(*) as accounts, sum(amount)::double as total,
    sum(amount::double * amount::double) as squares, sum(amount) filter (place <= 1)::double as top_1,
    sum(amount) filter (place <= 5)::double as top_5, sum(amount) filter (place <= 10)::double as top_10
from ranked group by ending order by month
"""
_STATISTICS = f"""
with here as (from customer_months where month <= {LAST}),
began as (select account_id, min(month) as first from here group by all),
pairs as (
    select account_id, month, coalesce(here.amount, 0) as here_amount, coalesce(earlier.amount, 0) as before, here_amount - before as change
    from here full join (select account_id, month + 12 as month, amount from here where month <= {LAST - 12}) as earlier
    using (account_id, month)),
grouped as (
    select account_id, first, coalesce(sum(here_amount) filter (month > {LAST - 12}), 0)::double as amount,
        coalesce(sum(power(here_amount::double, 2)) filter (month > {LAST - 12}), 0) as squares,
        coalesce(sum(here_amount) filter (month > {LAST - 6}), 0)::double as recent,
        coalesce(sum(before) filter (month > {LAST - 6}), 0)::double as year_before,
        least(coalesce(min(change) filter (month > {LAST - 6} and month >= first + 12), 0), 0)::double as worst_change,
        coalesce(sum(change) filter (month <= {LAST - 6} and month >= first + 12), 0)::double as changes_sum,
        coalesce(sum(power(change::double, 2)) filter (month <= {LAST - 6} and month >= first + 12), 0) as changes_squares
    from pairs join began using (account_id) group by all)
select grouped.* exclude (first), {_DAY.format("first")} as first_month, least(12, {LAST + 1} - first) as months,
    greatest({LAST - 17} - first, 0) as changes, coalesce(account_name, account_id) as account_name
from grouped left join master using (account_id) order by account_id
"""


class ByHand:
    """A DuckDB connection of its own, and a method per frame."""

    def __init__(self, folder: str) -> None:
        self._folder, self._connection = folder, duckdb.connect()
        self._connection.execute("set enable_progress_bar = false")
        self._connection.execute(_SOURCES.format(folder=folder))

    def _frame(self, query: str) -> pd.DataFrame:
        return self._connection.sql(query).df()

    def scan(self) -> pd.DataFrame:
        """Rows, days, empty values and currencies, from one pass over every column but the amounts' own."""
        empty = ", ".join(f"count(*) - count({name}) as empty_{name}" for name in _EMPTY)
        self._frame("select currency, count(*) from sales group by all")
        return self._frame(f"""select count(*) as rows, min(date)::varchar as first, max(date) filter (date <= today())::varchar as last,
            count(*) filter (date > today()) as later, count(*) filter (account_id like '%.0') as numbers, {empty} from sales""")

    def accounts(self) -> pd.DataFrame:
        """The master as a frame."""
        return self._frame(
            f"""from read_csv('{self._folder}/accounts.csv', quote = '"', types = {{'account_id': 'varchar', 'parent_id': 'varchar'}})"""
        )

    def unknown(self) -> pd.DataFrame:
        """Accounts that the master lacks."""
        return self._frame(
            f"select account_id, rows from ({_sums(('2023-01-01', DATA_ENDS))}) anti join master using (account_id)"
        )

    def parts(self, days: Days) -> pd.DataFrame:
        """Where the money of some days went."""
        return self._frame(f"""select coalesce(sum(amount) filter (account_id is null), 0)::double as without_account,
            coalesce(sum(amount) filter (account_id in {EXCLUDED}), 0)::double as excluded, sum(exact)::double as total
            from ({_sums(days, where="")})""")

    def by_account(self, days: Days, measure: str = "revenue", customers: bool = True) -> pd.DataFrame:
        """Customers, or legal entities, with their names, largest first."""
        query = _sums(days, measure)
        if customers:
            query = f"""select coalesce(top, account_id) as account_id, sum(amount) as amount, sum(rows)::bigint as rows
                from ({query}) left join master using (account_id) group by all"""
        return self._named(
            f"select account_id, amount::double as {measure}, rows from ({query})", f"{measure} desc, account_id"
        )

    def by_account_and(self, name: str, days: Days) -> pd.DataFrame:
        """Customers by product line or region."""
        query = f"""select coalesce(top, account_id) as account_id, {name}, sum(amount)::double as revenue
            from ({_sums(days, key=f", {name}")}) left join master using (account_id) group by all"""
        return self._named(query, f"account_id, {name}")

    def _named(self, query: str, order: str) -> pd.DataFrame:
        return self._frame(
            f"select found.*, coalesce(account_name, account_id) as account_name from ({query}) as found left join master using (account_id) order by {order}"
        )

    def by_month(self) -> pd.DataFrame:
        """The months of the period, the one in which it begins included."""
        return self._frame(f"""select {_DAY.format("number")} as month, sum(amount)::double as amount,
            count(*) filter (amount > 0) as accounts
            from (select month as number, amount from customer_months where month >= {LAST - 11}) group by number order by 1""")

    def by_account_month(self, largest: pd.Series) -> pd.DataFrame:
        """The months of some customers, zero-filled from the first of the period's with a purchase."""
        chosen = largest.to_frame()
        self._connection.register("chosen", chosen)
        return self._frame(f"""select began.account_id, {_DAY.format("number")} as month, coalesce(amount, 0)::double as revenue
            from (select account_id, min(month) as first from customer_months semi join chosen using (account_id) group by all) as began
            join range({LAST - 11}, {LAST + 2}) as months(number) on number >= first
            left join customer_months as sold on sold.account_id = began.account_id and sold.month = number order by 1, 2""")

    def rolling(self) -> pd.DataFrame:
        """Twelve months at a time."""
        return self._frame(_ROLLING)

    def statistics(self) -> pd.DataFrame:
        """How accounts buy from month to month; keeps the month sums for what follows."""
        self._connection.execute(_MONTHS)
        return self._frame(_STATISTICS)


def _sums(days: Days, measure: str = "revenue", key: str = "", where: str = _KEPT) -> str:
    """Legal entities: exact by account and currency, converted, and rounded once."""
    amount, rate, digits = _AMOUNTS[measure]
    return f"""select account_id{key}, sum(rows)::bigint as rows, sum(amount * {rate}) as exact, round(exact, {digits}) as amount
        from (select account_id{key}, currency, count(*) as rows, {amount} as amount
              from sales where date between '{days[0]}' and '{days[1]}'{where} group by all) group by all"""
