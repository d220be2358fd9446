"""The contingency plan of the first worst case: its signs, its steps with owners and days, the budget with and without."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd

from kam_analysis.analysis import recovery
from kam_analysis.ledger import Ledger
from kam_analysis.ledger.settings.period import Period
from kam_analysis.pages.churn_impact.this_year import Going, going
from kam_analysis.pages.own_people import OurPeople

if TYPE_CHECKING:
    from kam_analysis.pages.churn_impact.found import Found

_YEAR, _QUARTER = 12, 3
_SIGNS_OF = 5  # customers at most


@dataclass(frozen=True, kw_only=True)
class Contingency:
    """What is done if `case` happens, in full.

    `signs`: kind ("notice", "orders", "departure"), account_id, account_name, day, amount, now: what shows the loss; for
    "notice" the last day for it (NaT: on any day), for "orders" the sales of the weakest three months of two years and
    those of the last three, for "departure" the last day. `steps` as `recovery.contingency`. `by_month`: month, basis,
    and revenue, margin, result each as planned and `_without` them (NaN where not known), cash and cash_so_far as on the
    page. `of`: the facts that the steps go by.
    """

    case: recovery.Loss
    of: recovery.WorstCase
    signs: pd.DataFrame
    steps: list[recovery.Step]
    by_month: pd.DataFrame


def contingency_of(found: "Found", ledger: Ledger) -> Contingency | None:
    """The plan for the case that stands first; None where there is nothing to lose."""
    case = found.first_case
    if case is None or not case.account_ids:
        return None
    goes, traits = going(found, case), ledger.traits()
    by_month = _by_month(found, ledger, goes)
    signs = _signs(found, ledger, case, traits=traits)
    of = _worst_case(found, ledger, case=case, traits=traits, goes=goes, signs=signs, by_month=by_month)
    return Contingency(case=case, of=of, signs=signs, steps=recovery.contingency(of), by_month=by_month)


def _by_month(found: "Found", ledger: Ledger, goes: Going) -> pd.DataFrame:
    """The months to come as planned, and without what has gone by then; the margin lost is that of `found.cash`."""
    exposed, cash = found.exposed, found.cash
    budget = ledger.table("budget") if ledger.has("budget") else None
    earned = exposed.earned if exposed.has_margin else None
    rows = recovery.planned_months(budget, ledger.as_of, revenue=exposed.revenue, margin=earned)
    sold = goes.rows["revenue"].clip(lower=0).to_numpy(float) * goes.lost / _YEAR
    gone = [float(sold[goes.until < at].sum()) for at in range(1, len(rows) + 1)]
    rows["revenue_without"] = rows["revenue"] - gone
    nothing = pd.Series(float("nan"), rows.index)
    known = {name: cash[name] if len(cash) else nothing for name in ("margin_lost", "costs_cut", "cash", "cash_so_far")}
    rows["margin_without"] = rows["margin"] + known["margin_lost"]
    fixed = nothing if found.fixed is None else nothing.fillna(found.fixed.value / _YEAR)
    rows["result"] = rows["margin"] - fixed
    rows["result_without"] = rows["margin_without"] - fixed + known["costs_cut"]
    return rows.assign(cash=known["cash"], cash_so_far=known["cash_so_far"])


def _signs(found: "Found", ledger: Ledger, case: recovery.Loss, *, traits: pd.DataFrame) -> pd.DataFrame:
    """What shows that the case happens, each a fact that somebody can see."""
    named = found.exposed.known.set_index("account_id")["account_name"]
    ids = list(case.account_ids[:_SIGNS_OF])
    rows: list[dict[str, Any]] = []
    gone = found.leaving_case
    if gone is not None and case is gone.loss:
        rows.append({"kind": "departure", "account_name": gone.name, "day": pd.Timestamp(gone.last_day)})
    of = traits.set_index("account_id")
    for each in ids:
        known = of.loc[each]
        if "ends_on" in of and pd.notna(known["ends_on"]) and known["notice_by"] >= pd.Timestamp(ledger.as_of):
            day = {"day": known["notice_by"], "ends_on": known["ends_on"]}
            rows.append({"kind": "notice", "account_id": each, "account_name": named[each], **day})
    for each, (least, now) in _weakest(ledger, ids).items():
        rows.append({"kind": "orders", "account_id": each, "account_name": named[each], "amount": least, "now": now})
    columns = ["kind", "account_id", "account_name", "day", "ends_on", "amount", "now"]
    found_rows = pd.DataFrame(rows, columns=columns)
    return found_rows.assign(day=pd.to_datetime(found_rows["day"]), ends_on=pd.to_datetime(found_rows["ends_on"]))


def _weakest(ledger: Ledger, ids: list[str]) -> dict[str, tuple[float, float]]:
    """By account: the sales of its weakest three whole months in the two years before the last three, and of those.

    Empty where sales are not told by month, or there are not two years and a quarter of whole months.
    """
    if not ledger.told_by_month:
        return {}
    first = (pd.Timestamp(ledger.as_of) - pd.DateOffset(months=2 * _YEAR + 2 * _QUARTER)).date()
    window = Period(max(first, ledger.overview.first), ledger.as_of, "")
    months = ledger.by_account_month(ids, window, measure="revenue")
    found = {}
    for each, rows in months[months["complete"]].groupby("account_id", sort=False):
        sums = rows.sort_values("month")["revenue"].rolling(_QUARTER).sum().dropna()
        if len(sums) > _QUARTER and len(rows) >= 2 * _YEAR + _QUARTER:
            found[str(each)] = float(sums.iloc[:-_QUARTER].min()), float(sums.iloc[-1])
    return found


def _worst_case(
    found: "Found",
    ledger: Ledger,
    *,
    case: recovery.Loss,
    traits: pd.DataFrame,
    goes: Going,
    signs: pd.DataFrame,
    by_month: pd.DataFrame,
) -> recovery.WorstCase:
    row = found.cases[found.cases["label"] == case.label].iloc[0]
    staff, of = OurPeople(ledger.staff(), ledger.as_of), traits.set_index("account_id")
    manager_id = _looked_after(of, case.account_ids[0])
    above = staff.above(manager_id)
    left = found.exposed.known[~found.exposed.known["account_id"].isin(case.account_ids)]
    begins = pd.Period(ledger.as_of, "M") + 1 + int(goes.until.min() if len(goes.until) else 0)
    gone_from = begins.to_timestamp().date()
    cash = by_month["cash_so_far"].dropna()
    needed = recovery.pipeline_needed(case.revenue, found.selling) if found.selling is not None else None
    pace = found.pace.get("revenue")
    share = found.assumed.get("fixed_cost_cut")
    cover = recovery.cover(found.exposed, case, found.fixed)
    cut = None if share is None or cover is None else _times(cover.stranded.value, share)
    money = "margin" if found.exposed.has_margin else "revenue"
    return recovery.WorstCase(
        as_of=ledger.as_of,
        known_by=_known_by(signs, gone_from, ledger.as_of),
        gone_from=gone_from,
        cash_low=min(float(cash.min()), 0.0) if len(cash) else 0.0,
        cash_low_on=None if cash.empty else by_month["month"].iloc[int(cash.argmin())].date(),
        missing=float((by_month[money] - by_month[f"{money}_without"]).sum()),
        cut=cut,
        cut_months=found.assumed["fixed_cost_cut_months"].value if cut is not None else 0.0,
        owed=float(row["receivables"]) if pd.notna(row["receivables"]) else 0.0,
        line=str(row["worst_line"]),
        line_share=float(row["worst_line_share"]) if row["worst_line"] else 0.0,
        quotes=None if needed is None else needed.amount,
        half_year=None if pace is None else pace.new_customers.value / 2,
        next_largest=str(row["largest_left"]),
        next_share=float(row["largest_left_share"]) if row["largest_left"] else 0.0,
        manager=staff.person(manager_id),
        next_manager=staff.person(_looked_after(of, str(left["account_id"].iloc[0]))) if len(left) else None,
        superior=above[0] if above else None,
        lead=staff.sponsor(above, ledger.as_of + timedelta(days=recovery.AGREE_DAYS)),
    )


def _known_by(signs: pd.DataFrame, gone_from: date, as_of: date) -> date:
    """The last day on which the loss becomes known: the first last day for notice, else a last day; else today.

    Never after the first sales are missing: another customer of the case may be held by nothing.
    """
    for kind in ("notice", "departure"):
        days = signs.loc[signs["kind"] == kind, "day"].dropna()
        if len(days):
            return max(min(days.min().date(), gone_from - timedelta(days=1)), as_of)
    return as_of


def _looked_after(traits: pd.DataFrame, account_id: str) -> str:
    value = traits.loc[account_id].get("account_manager_id") if account_id in traits.index else None
    return "" if value is None or pd.isna(value) else str(value)


def _times(amount: float, share: Any) -> recovery.Range:
    return recovery.Range(amount * share.value, amount * share.low, amount * share.high)
