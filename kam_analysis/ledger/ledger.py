"""The ledger: a company's checked data, asked for account-level frames.

Transactions are aggregated in the engine, exactly, and rounded there to the minor unit per legal
entity; parents, names and exclusions meet them here, in pandas, where an account is one row.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from hashlib import sha256

import pandas as pd

from kam_analysis.errors import DataError, SettingsError
from kam_analysis.ledger import shown
from kam_analysis.ledger.checks.id_doubts import nearly_known
from kam_analysis.ledger.engine.sum_cache import KeptSums
from kam_analysis.ledger.engine.sums import Sums
from kam_analysis.ledger.frames.contracts import with_notice
from kam_analysis.ledger.frames.habits import habits, without_days
from kam_analysis.ledger.frames.items import item_columns, items
from kam_analysis.ledger.frames.levels import Level, ranked
from kam_analysis.ledger.frames.master import missing
from kam_analysis.ledger.frames.months import Months
from kam_analysis.ledger.frames.prices import has_prices, prices
from kam_analysis.ledger.frames.reconciliation import Control, Reconciliation, reconciled, told_by_finance
from kam_analysis.ledger.frames.sold_by import held_by, sold_most
from kam_analysis.ledger.frames.traits import traits
from kam_analysis.ledger.frames.years import by_year, years_to
from kam_analysis.ledger.opened_data import OpenedData
from kam_analysis.ledger.settings.period import LAST_12_MONTHS, Period


class Ledger(OpenedData):
    """A company's data, asked for account-level frames. Made by `opening.open_ledger`."""

    def at(self, day: date, period: str = "") -> "Ledger":
        """The same data as it was known on a past day: as_of is that day; the period as settings write it stays,
        unless another is given (a year that is still to come on that day is none), and so does the measure.

        Transactions after the day are left out of every frame. What the master says is today's: of it only
        what has a date may be taken for known then. Raises `ValueError` for a day after the as-of date,
        `DataError` for one before the first transaction, `SettingsError` for a period that begins after it.
        """
        if day > self.as_of:
            raise ValueError(f"day: expected one up to the as-of date {self.as_of}, got {day}")
        then = Ledger(self._inspection, day, period or self.period_as_written, self.measure)
        # Month sums are held in the engine by name: two makers of them would overwrite each other's.
        then._sums, then.master, then._customers = self._sums, self.master, self._customers
        then.settings, then.line, then._all_lines = self.settings, self.line, self._all_lines
        return then

    def asked(
        self,
        period: str = "",
        measure: str = "",
        line: str | None = None,
        parents: bool | None = None,
        key_share: float = 0.0,
    ) -> "Ledger":
        """The same data asked otherwise; what is not given stays as it is.

        `line` is one product line alone, "" all of them; `parents` says whether companies of a group count as one
        customer, `key_share` (0-1) from which share on a customer is key. Raises `SettingsError` for a period,
        measure or line that the data does not have, and for a share outside 0 to 1.
        """
        if not 0 <= key_share <= 1:
            raise SettingsError(f"key_share: expected 0 to 1, such as 0.1 for a tenth, got {key_share:g}; correct it")
        then = Ledger(self._inspection, self.as_of, period or self.period_as_written, measure or self.measure)
        rule = replace(self.settings.significance, share=key_share or self.settings.significance.share)
        grouped = self.settings.parents if parents is None else parents
        then.settings = replace(self.settings, parents=grouped, significance=rule)
        then._noticed, then.master, then.fingerprint = self._noticed, self.master, self.fingerprint
        then._all_lines, then.line = self._all_lines, self.line if line is None else line
        then._sums = self._sums if then.line == self.line else self._of_line(then.line)
        if then._sums is self._sums:
            then._kept = self._kept
        return then

    def _of_line(self, line: str) -> Sums:
        if not line:
            return self._all_lines
        column = self._line()
        if column is None:
            raise SettingsError(f'line: the data tells no product lines apart, got "{line}"; leave it empty')
        return self._all_lines.only(column, line)

    @cached_property
    def fingerprint(self) -> str:
        """Of the data: rows, days and exact totals; the same on every machine and engine."""
        total, there = self._whole(), self.overview
        seen = (there.rows, there.first, there.last, len(total), round(float(total["revenue"].sum()), 2))
        return sha256(repr(seen).encode()).hexdigest()[:16]

    def rows_after_as_of(self) -> int:
        """Rows dated after the as-of date; no figure counts them."""
        return self._sums.rows_after(self.as_of)

    def unknown_accounts(self) -> pd.DataFrame:
        """Legal entities with sales that the table accounts does not know: account_id, revenue, rows; largest revenue first."""
        seen = self.known_sums
        known = self._inspection.table("accounts")
        assert known is not None
        unknown = seen.loc[missing(seen["account_id"], known["account_id"]).index]
        return ranked(unknown, "revenue")[["account_id", "revenue", "rows"]]

    @cached_property
    def nearly_known(self) -> pd.DataFrame:
        """Accounts with sales that the customer list knows under an id written otherwise: id, known_id, rules, revenue,
        rows over all data; largest first. What the list says of them reaches no figure. Empty without a list."""
        known = self._inspection.table("accounts")
        ids = pd.Series(dtype="str") if known is None else known["account_id"]
        return nearly_known(self.known_sums, ids)

    @property
    def known_sums(self) -> pd.DataFrame:
        """All that was sold by legal entity up to the as-of date, excluded ones and rows without one left out:
        account_id, revenue, rows."""
        return self._customers.kept(self._whole())

    def identities(self, among: pd.Series | None = None) -> pd.DataFrame:
        """What tells companies apart, for whoever looks for one customer under two names; see `Master.identities`.

        `among`: only these account ids; all legal entities of master and data by default.
        """
        rows = self.master.identities(self._whole()["account_id"])
        return rows if among is None else rows[rows["account_id"].isin(among)].reset_index(drop=True)

    def __repr__(self) -> str:
        return shown.as_text(self.name, shown.lines(self))

    def _repr_html_(self) -> str:
        return shown.as_html(self.name, shown.lines(self))

    # Account-level frames

    def by_account(
        self, period: Period | None = None, level: Level | None = None, measures: Sequence[str] = ()
    ) -> pd.DataFrame:
        """One row per account that bought: account_id, account_name, a column per measure, rows.

        `measures` defaults to the ledger's own; amounts are in the reporting currency, net of credit
        notes, to the minor unit. Rows without an account and excluded ones are not in it; accounts
        at or below zero are. Sorted by the first measure, largest first; ties by account_id.
        """
        wanted = tuple(measures) or (self.measure,)
        frame = self._customers.kept(self._account_sums(period or self.period, wanted))
        grouped = self._customers.at_level(frame, ["account_id"], [*wanted, "rows"], level)
        grouped.insert(1, "account_name", self.master.named(grouped["account_id"]))
        return ranked(grouped, wanted[0])

    def by_account_month(
        self,
        account_ids: Iterable[str] | None,
        period: Period | None = None,
        level: Level | None = None,
        measure: str = "",
        filled: bool = True,
    ) -> pd.DataFrame:
        """Chosen accounts, all for None, by calendar month: account_id, month (first day), the measure, complete.

        Whole calendar months, also where the period begins or ends within one; months without a
        purchase are zero from an account's first purchase on, and not there without `filled`: of a million
        accounts most buy in few months. `complete` is False for the month that the as-of date cuts.
        """
        window, wanted = period or self.period, measure or self.measure
        chosen = None if account_ids is None else list(account_ids)
        members = self.master.members(chosen) if chosen and (level or self.level) == "parent" else chosen
        return self._months.by_account(members, level, wanted, (window.first, window.last), filled)

    def months_side_by_side(self, period: Period | None = None, measure: str = "") -> pd.DataFrame:
        """Every legal entity's complete calendar months beside each other: account_id, then a column per month by its
        first day, the measure to the minor unit, NaN where nothing is booked; by account_id. Of a million accounts a
        fifth of `by_account_month`, which has a row for each. Nobody who bought in none of these months is in it.
        """
        window = period or self.period
        return self._months.side_by_side(measure or self.measure, (window.first, window.last))

    def by_month(self, period: Period | None = None, level: Level | None = None, measure: str = "") -> pd.DataFrame:
        """All customers together by calendar month: month (first day), amount, accounts (above zero), complete.

        Excluded accounts and rows without one are not in it. Whole calendar months, also where the
        period begins or ends within one; a month without sales is zero. `complete` is False where days
        are missing: after the as-of date, or before the first or after the last row by more than a week.
        """
        window = period or self.period
        return self._months.totals(level, measure or self.measure, (window.first, window.last))

    def rolling(self, level: Level | None = None, measure: str = "", tops: Sequence[int] = (1, 5, 10)) -> pd.DataFrame:
        """How has concentration moved? One row per complete month that ends twelve complete months.

        month (first day), accounts (above zero in the twelve months), total (of those), squares (sum of
        their squared amounts), top_1 ... (sum of the n largest). Amounts per account are those of
        `by_account` over the twelve months. At most the last ten years; no rows before twelve months.
        """
        return self._months.rolling(level, measure or self.measure, tops)

    def month_statistics(self, level: Level | None = None, measure: str = "", recent: int = 6) -> pd.DataFrame:
        """How do accounts buy from month to month? One row per account that bought, by account_id.

        From complete calendar months alone, zero-filled from an account's first purchase; x_t is an
        account's amount in month t, money to the minor unit.

        account_id, account_name; first_month: of the first purchase, at the earliest the first complete
        month, or ten years ago. Over the last twelve complete months: months (since the first purchase,
        at most 12), amount (sum of x_t), squares (sum of x_t squared). Over the last `recent` (1 to 12):
        recent (sum of x_t), recent_squares (of x_t squared), recent_least (the least x_t), year_before (sum of
        x_{t-12}), worst_change (the most negative x_t - x_{t-12}
        of a single month, 0 where none is negative). Over the months t before those, from
        first_month + 12 on: changes (their number), changes_sum and changes_squares of x_t - x_{t-12}.
        A change from a month before first_month is none. No complete month: no rows.
        Raises `ValueError` where `recent` is out of its range.
        """
        frame = self._months.statistics(level, measure or self.measure, recent)
        frame.insert(1, "account_name", self.master.named(frame["account_id"]))
        return frame

    def habits(self, period: Period | None = None, level: Level | None = None, *, orders: bool = True) -> pd.DataFrame:
        """How does each account buy? One row per account with a row up to the as-of date, by account_id.

        account_id, account_name. Over all data up to the as-of date, a purchase day being one with revenue
        above zero in a row: first_day, last_day, purchase_days; mean_gap, typical_gap (geometric mean) and longest_gap
        between two of them in days (NaN with fewer than two), silence (days from the last one to the as-of date; NaN
        without one). In the period, else 0: orders (order numbers; a day for rows without), lines (rows,
        credit notes too), sold and credited (sums of the rows above and below zero, to the minor unit),
        products and product_lines bought, where the data tells them. Without `orders` they are not counted, which of a
        hundred million rows is half of the work. Totals by quarter or year tell no day: then
        purchase_days, gaps, sold and credited are NaN, orders and lines are not there, and silence is the least it can be.
        """
        known = (self.overview.first, self.as_of)
        frame = habits(self._sums, self._customers, known, period or self.period, level, self._line(), orders=orders)
        frame = frame if self.told_by_month else without_days(frame)
        frame.insert(1, "account_name", self.master.named(frame["account_id"]))
        return frame

    def held_by(self, period: Period | None = None, level: Level | None = None) -> pd.DataFrame:
        """Who sold to each account, and when? One row per account and manager, by their ids; all data by default.

        account_id, account_manager_id; first_day and last_day of rows with revenue above zero (missing without
        one), rows, revenue (net of credit notes, to the minor unit). Up to the as-of date; rows without an account
        or a manager are not in it. Raises `DataError` where transactions do not say who sold.
        """
        found = self._held_by(period, level)
        return found.assign(account_manager_id=self.people.code(found["account_manager_id"]))

    def staff(self) -> pd.DataFrame:
        """Our own people: the table managers, with manager_name as the settings allow; where only transactions name
        managers, manager_id and manager_name of those whom `traits` names, whose ids are their names. Empty where nobody is.
        """
        if self.has("managers") or not self.managers_are_sellers:
            return self.table("managers")
        ids = self.traits()["account_manager_id"].dropna().drop_duplicates().sort_values(ignore_index=True)
        return pd.DataFrame({"manager_id": ids, "manager_name": ids})

    def _held_by(self, period: Period | None, level: Level | None) -> pd.DataFrame:
        window = period or self.period_of("all")
        return held_by(self._sums, self._customers, (window.first, min(window.last, self.as_of)), level)

    def traits(self, level: Level | None = None, only: Sequence[str] = ()) -> pd.DataFrame:
        """What is known of each account beside its purchases? One row per account of master or data, by account_id.

        account_id, account_name, companies (legal entities); then what the tables have. Of the largest company
        by twelve months' revenue: latitude, longitude. The parent's own, else of the largest company that has
        one: industry, country, region, account_manager_id, deputy_id, bond, competitor, barrier_note,
        churn_probability. Of all companies: is_key (any; boolean, NA where none says), customer_since
        (earliest), left_on with left_reason (latest, only where all left by the as-of date), annual_spend,
        receivables and rebates (sums), satisfaction and barrier_* (means), service_complexity (largest). Where the master has no account_manager_id but
        transactions do: who sold most to the account in twelve months, else whoever sold last. Contracts: ends_on
        and notice_by (its last day for notice) of the one that can be given notice next, see `contracts`; where it is
        too late for all that run, of the one that ends first; contract_value (a year, of those in force). contacts: how many of
        strength 2 or more. nearest_site and distance_km of ours. Missing where not said. `only`: of the accounts table these
        columns alone and nothing of other tables, for whoever needs little of a million accounts.
        """
        if only:
            return self._traits_at(level, only)
        asked = level or self.level
        if asked not in self._traits:
            self._traits[asked] = self._traits_at(level)
        # A shallow copy is the caller's own: pandas copies a column when it is written to.
        return self._traits[asked].copy(deep=False)

    @cached_property
    def _traits(self) -> dict[Level, pd.DataFrame]:
        """By level: several pages ask for them, and of a million accounts they are a third of a gigabyte."""
        return {}

    def _traits_at(self, level: Level | None, only: Sequence[str] = ()) -> pd.DataFrame:
        recent = self._account_sums(self.period_of(LAST_12_MONTHS), ("revenue",)).set_index("account_id")["revenue"]
        ever = self._customers.kept(self._whole())["account_id"]
        bought = recent.reindex(ever, fill_value=0.0)
        frame = traits(self._inspection.table, self._customers, level, bought, self.as_of, only)
        if only:
            return frame
        if self.managers_are_sellers:
            sellers = sold_most(self._held_by(self.period_of(LAST_12_MONTHS), level), self._held_by(None, level))
            frame["account_manager_id"] = frame["account_id"].map(sellers).astype("str")
        for name in ("account_manager_id", "deputy_id"):
            if name in frame:
                frame[name] = self.people.code(frame[name])
        frame.insert(1, "account_name", self.master.named(frame["account_id"]))
        return frame

    def contracts(self, level: Level | None = None) -> pd.DataFrame:
        """Every contract on file of a customer, past ones too, in the table's order.

        account_id (at the level of figures), the table's columns as far as they are there, starts_on (NaT where not
        said), ends_on, and notice_by, the last day on which it can be given notice: ends_on less notice_days, the end
        itself without a period of notice, NaT for a contract without an end. No rows without the table.
        """
        table = self.table("contracts") if self.has("contracts") else pd.DataFrame(columns=["account_id", "ends_on"])
        kept = with_notice(table[~self._customers.is_excluded(table["account_id"])].reset_index(drop=True))
        ids = kept["account_id"].astype("str")
        return kept.assign(account_id=self.master.parent_of(ids) if self._customers.grouped(level) else ids)

    @property
    def has_prices(self) -> bool:
        """Whether the data has what prices are made of: product and quantity."""
        return has_prices(self._sums)

    def prices(self, period: Period | None = None, level: Level | None = None) -> pd.DataFrame:
        """What does each account pay against the other buyers of the same products? A row per account that bought.

        account_id; paid: for products with at least two other buyers; at_others: what these would have paid
        for the same quantities at their average price (their revenue by their quantity in the period);
        price_index: paid / at_others (below 1: it pays less; NaN where nothing is compared); compared: paid as
        a part of all that it bought (0-1). Rows with revenue above zero, and for a price quantity too; other
        buyers are accounts of the same level. Money to the minor unit. Empty without product or quantity.
        """
        window = period or self.period
        days = (window.first, min(window.last, self.as_of))
        return prices(self._sums, self._customers, days, level, self.digits("revenue"))

    @property
    def has_items(self) -> bool:
        """Whether the data has what price and volume are told apart by: quantities, and products or product lines."""
        return bool(item_columns(self._sums))

    def by_account_item(
        self, now: Period | None = None, before: Period | None = None, level: Level | None = None
    ) -> pd.DataFrame:
        """What did each account buy of each article, now and before? A row per account and article of either.

        `now` is the ledger's period and `before` the year before it by default. account_id; product and
        product_line, those that the data has: product lines alone where it names no products or has more than
        two million pairs of account and product, no rows where neither will do. Of either span (`_before` and
        without): revenue (in the reporting currency, net of credit notes, to the minor unit), quantity (net of
        what came back), unpriced (revenue of rows without a quantity, part of revenue). Rows without an account
        and what is excluded are not in it. Sorted by its keys. Raises `DataError` where there is no year before.
        """
        window, earlier = now or self.period, before or self.year_before(now)
        if earlier is None:
            raise DataError(f"{window.label}: the data does not cover the year before, so nothing is compared")
        days = [(each.first, min(each.last, self.as_of)) for each in (window, earlier)]
        return items(self._sums, self._customers, days[0], days[1], level)

    def by_account_year(self, last: date | None = None, level: Level | None = None, measure: str = "") -> pd.DataFrame:
        """What did each account buy in each year? One row per account and year of twelve months, by its ids.

        account_id; year (its last day: `last`, by default the period's, and the same day of earlier years, at most
        ten); the measure, net of credit notes, to the minor unit. The first year begins with the data, so it can be
        shorter, or longer where there are more than ten. Rows without an account and what is excluded are not in it.
        Empty where the data are totals that these years would cut.
        """
        years = years_to(min(last or self.period.last, self.as_of), self.overview.first)
        told = years if all(self.spans.covers(each) for each in years) else []
        return by_year(self._sums, self._customers, told, level=level, measure=measure or self.measure)

    def by_account_line(
        self, period: Period | None = None, level: Level | None = None, measure: str = "", named: bool = True
    ) -> pd.DataFrame:
        """Account by product line: account_id, product_line, the measure; account_name unless not `named`, for names are
        half of the frame of a million accounts. Raises `DataError` without lines."""
        return self._by_account_and("product_line", self._line(), period, level, measure, named)

    def by_account_region(
        self, period: Period | None = None, level: Level | None = None, measure: str = ""
    ) -> pd.DataFrame:
        """Account by region: account_id, region, the measure; region of the transaction, else of the account."""
        if not self.has("transactions", "region") and self.has("accounts", "region"):
            wanted = measure or self.measure
            sums = self._account_sums(period or self.period, (wanted,))
            regions = sums["account_id"].map(self.master.attribute("region"))
            return self._split(sums.assign(region=regions), "region", wanted, level)
        column = "region" if self.has("transactions", "region") else None
        return self._by_account_and("region", column, period, level, measure)

    def _by_account_and(
        self,
        name: str,
        column: str | None,
        period: Period | None,
        level: Level | None,
        measure: str,
        named: bool = True,
    ) -> pd.DataFrame:
        if column is None:
            raise DataError(f"transactions: no {name}, so no figures by {name}; add the column to the settings")
        wanted = measure or self.measure
        first, last = self._days(period or self.period)
        sums = self._sums.by({"account_id": "account_id", name: column}, (wanted,), first, last)
        return self._split(sums, name, wanted, level, named)

    def _split(
        self, sums: pd.DataFrame, name: str, measure: str, level: Level | None, named: bool = True
    ) -> pd.DataFrame:
        grouped = self._customers.at_level(self._customers.kept(sums), ["account_id", name], [measure], level)
        if named:
            grouped.insert(1, "account_name", self.master.named(grouped["account_id"]))
        return grouped

    def reconciliation(
        self, period: Period | None = None, level: Level | None = None, measure: str = ""
    ) -> Reconciliation:
        """Every source row of the period, by where its money went."""
        window, wanted = period or self.period, measure or self.measure
        key = (window.first, window.last, level or self.level, wanted)
        if key not in self._reconciled:
            sums = self._account_sums(window, (wanted,), rest=True)
            accounts = self._customers.at_level(self._customers.kept(sums), ["account_id"], [wanted], level)
            out = self._customers.is_excluded(sums["account_id"])
            # What lies before the first sale or after the last one belongs to a period that has all of them.
            first = None if window.first <= self.overview.first else window.first
            last = None if min(window.last, self.as_of) >= self.overview.last else min(window.last, self.as_of)
            left_out = self._sums.left_out(wanted, first, last)
            self._reconciled[key] = reconciled(window, wanted, sums, out, accounts, left_out, self.digits(wanted))
        return self._reconciled[key]

    @cached_property
    def _reconciled(self) -> dict[tuple[object, ...], Reconciliation]:
        return {}

    def controls(self) -> list[Control]:
        """All rows of each fiscal year of the settings beside finance's own total, and of the newest twelve months of
        which each has one; none for one product line."""
        found: list[Control] = []
        if self.line:
            return found
        for measure, totals in self.settings.control.items():
            for label, whole, total, months in told_by_finance(totals, self.settings.year_starts, self.as_of):
                outside = whole.first > self.as_of or whole.last < self.overview.first
                if measure not in self.measures or outside or not self.spans.covers(whole):
                    continue
                seen = Period(whole.first, min(whole.last, self.as_of), whole.label)
                sold = self._sums.total(measure, seen.first, seen.last)
                partly = whole.last > self.as_of or whole.first < self.overview.first
                found.append(Control(label, measure, round(sold, self.digits(measure)), float(total), partly, months))
        return found

    @cached_property
    def _months(self) -> Months:
        return Months(self._sums, self._customers, self.overview, self.as_of, told=self.told_by_month)

    @cached_property
    def _kept(self) -> KeptSums:
        """Usual are all data, the period with every measure, the year so far, and both a year before."""
        year = self.year_to_date()
        others = [each for each in (self.year_before(), year, self.year_before(year)) if each]
        everything = self.period_of("all")
        return KeptSums(self._sums, self.as_of, self.period, everything, others, self.measure, self.measures)

    def _account_sums(self, period: Period, measures: tuple[str, ...], rest: bool = False) -> pd.DataFrame:
        return self._kept.by_account(period, measures, rest)

    def _whole(self) -> pd.DataFrame:
        return self._account_sums(self.period_of("all"), ("revenue",))

    def _days(self, period: Period) -> tuple[date, date]:
        return period.first, min(period.last, self.as_of)
