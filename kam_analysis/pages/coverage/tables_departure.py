"""If one manager left: what that rests on, who is called by whom and when, who takes over, who could move."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from kam_analysis.pages import notices, style
from kam_analysis.pages.coverage.answer import leaves
from kam_analysis.pages.html import Html, folded, paragraph, together
from kam_analysis.pages.table import Table, columns_in
from kam_analysis.pages.words import listed, said_in, words_in

if TYPE_CHECKING:
    from kam_analysis.pages.coverage.found import Found

say, declared = said_in(__file__), columns_in(__file__)

_CALLS, _PLANNED, _NAMED = 15, 10, 3
_REASONS, _BLOCKED = words_in(__file__, "fit_reasons"), words_in(__file__, "in_the_way")
_YEARLY = say("occasions.yearly")


def cost_notes(found: "Found") -> Html:
    """What the departure costs and which last days for notice are near; folded, what that rests on."""
    cost, unit = found.leaving.cost, found.about.unit
    if cost is None:
        return Html("")
    told = {"customers": style.counted(len(cost.accounts), "customer"), "money": style.money(cost.revenue, unit)}
    rates = f"{style.share(cost.transition_rate.low)} to {style.share(cost.transition_rate.high)}"
    said = [say("departure.holds_and_leaves" if found.last_day else "departure.holds", **told, **_who(found))]
    loss = style.amounts(cost.transition.low, cost.transition.high, unit)
    said.append(say("departure.hand_over", rates=rates, loss=loss))
    if cost.further is not None and cost.follow_rate is not None:
        more = style.estimate(cost.further.value, cost.further.low, cost.further.high, unit)
        said.append(say("departure.followed", share=style.share(cost.follow_rate.value, 0), money=more))
    if cost.at_risk_margin is not None:
        margin = cost.at_risk_margin
        ends = style.amounts(margin.low, margin.high, unit)
        money = style.estimate(margin.value, margin.low, margin.high, unit)
        said.append(say("departure.margin_in_all" if cost.further else "departure.margin", money=money, range=ends))
    basis = [paragraph(each, "note") for each in (_follow(found), _resale(found), _own(found))]
    return together(paragraph(" ".join([*said, *_notices(found)])), folded(say("departure.how"), *basis))


def _who(found: "Found") -> dict[str, str]:
    """Who it is about, and what their last day on file says."""
    return {"who": found.leaver, "leaves": leaves(found) if found.last_day else ""}


def _notices(found: "Found") -> list[str]:
    near = found.leaving.notices.to_dict("records")
    named = [f"{row['account_name']} ({style.day(row['notice_by'].date())})" for row in near]
    return [say("departure.notice", customers=listed(named, _NAMED))] if named else []


def _follow(found: "Found") -> str:
    """How far the assumption of how many follow reaches, and whose it is."""
    cost = found.leaving.cost
    if cost is None or cost.further is None or cost.follow_rate is None:
        return ""
    rate, range_ = cost.follow_rate, style.amounts(cost.further.low, cost.further.high, found.about.unit)
    ends = {"low": style.share(rate.low, 0), "high": style.share(rate.high, 0)}
    return say("departure.follow_range", **ends, source=rate.source, range=range_)


def _resale(found: "Found") -> str:
    cost, unit = found.leaving.cost, found.about.unit
    if cost is None or "resale" not in cost.accounts or cost.accounts["resale"].isna().all():
        return ""
    again, new = (style.money(float(cost.accounts[each].sum()), unit) for each in ("resale", "new_sale"))
    return say("departure.resale", again=again, new=new)


def _own(found: "Found") -> str:
    own = found.own.told
    if own is None:
        return ""
    if own.rate is None:
        return say("departure.own_silent", reason=own.reason)
    told = {"handovers": own.handovers, "share": style.share(abs(own.rate.value), 0)}
    told["range"] = f"{_signed(-own.rate.high)} to {_signed(-own.rate.low)}"
    said = [say("departure.own_rose" if own.rate.value < 0 else "departure.own_fell", **told)]
    if not own.tells:
        said.append(say("departure.own_uncertain"))
    if found.own.unseen:
        said.append(say("departure.own_unseen", customers=style.counted(found.own.unseen, "customer")))
    return " ".join(said)


def _signed(change: float) -> str:
    return ("+" if change > 0 else "") + style.share(change, 0)


def calls(found: "Found") -> pd.DataFrame:
    """Calls if the manager leaves, by money at risk, then the yearly ones by their month."""
    left, due = found.leaving.calls, found.relations.due
    parts = [_leaving_calls(found)] if found.leaving.cost is not None and len(left) else []
    if len(due):
        who = [found.manager(each) or say("actions.superior") for each in due["caller_id"]]
        parts.append(due.assign(occasion=_YEARLY, caller=who, day=due["month"]))
    names = [each.name for each in _CALL_COLUMNS if each.name != "unit"]
    rows = [pd.DataFrame(columns=names), *(each.reindex(columns=names).astype(object) for each in parts)]
    return pd.concat(rows, ignore_index=True).assign(unit=found.about.unit or "amount")


def _leaving_calls(found: "Found") -> pd.DataFrame:
    assert found.leaving.cost is not None
    rows, bonds = found.leaving.calls, found.leaving.cost.accounts.set_index("account_id")["bond"]
    who = [found.manager(each) or level for each, level in zip(rows["caller_id"], rows["caller_level"], strict=True)]
    return rows.assign(
        occasion=say("occasions.leaves", who=found.leaver),
        caller=who,
        bond=rows["account_id"].map(bonds),
        reason=say("occasions.in_order"),
    )


def _caller(row: Mapping[Any, Any]) -> str:
    if isinstance(row["caller_id"], str):
        return str(row["caller"])
    return f"a{'n' if row['caller'] == 'executive' else ''} {row['caller']}"


_CALL_COLUMNS = declared("calls", written={"caller": _caller, "bond": lambda row: _bond(row)})


def all_calls_table(found: "Found") -> Table:
    """Every call, for the calendar and the workbook of tables."""
    return Table("Calls", _CALL_COLUMNS, found.calls, unit=found.about.unit)


def calls_table(found: "Found") -> Table:
    """Every account of the leaving manager in order of money at risk, who calls, and when."""
    rows = found.calls[found.calls["occasion"] != _YEARLY]
    more = len(rows) - _CALLS
    notes = [say("succession.more_calls", calls=style.counted(more, "more call"))] if more > 0 else []
    caption = say("succession.calls" if found.last_day else "succession.calls_if", **_who(found))
    return Table(caption, _CALL_COLUMNS, rows, unit=found.about.unit, shown=_CALLS, notes=notes)


def plan_table(found: "Found") -> Table:
    """The two lists as one: at each account of the leaving manager who calls by when, and who takes it over, on which day."""
    takes = found.handover[["account_id", "to_id", "day"]].rename(columns={"day": "takes_on"})
    rows = found.calls[found.calls["occasion"] != _YEARLY].merge(takes, "left", "account_id")
    rows = rows.assign(to=rows["to_id"].map(found.manager))
    columns = declared(
        "plan", written={"caller": _caller, "to": lambda row: row["to"] or ("nobody" if len(found.handover) else "")}
    )
    more, given = len(rows) - _PLANNED, found.leaving.takes
    notes = [say("succession.more_accounts", accounts=style.counted(more, "more account"))] if more > 0 else []
    notes += [each for each in (found.leaving.nobody if given is None else given.said,) if each]
    caption = say("succession.plan" if found.last_day else "succession.plan_if", **_who(found))
    return Table(caption, columns, rows, unit=found.about.unit, shown=_PLANNED, notes=notes)


def _bond(row: Mapping[Any, Any]) -> str:
    return f"the {row['bond']}" if isinstance(row["bond"], str) else ""


def handover_rows(found: "Found") -> Table:
    """Who takes which account, why, who would be next, and on which day."""
    rows = found.handover
    rows = rows.assign(
        to=rows["to_id"].map(found.manager),
        next_best=rows["runner_up_id"].map(found.manager),
        reasons=rows["reasons"].map(", ".join),
        with_them=rows["alongside_id"].map(found.manager),
    )
    columns = declared(
        "handover",
        written={"to": lambda row: row["to"] or "nobody", "reasons": _because, "late_reason": _note},
    )
    more, said = len(rows) - _CALLS, [_how_it_fits(found)] if len(rows) else []
    if more > 0:
        said.append(say("succession.more_accounts", accounts=style.counted(more, "more account")))
    caption = say("succession.takes", who=found.leaver)
    return Table(caption, columns, rows, found.about.unit, shown=_CALLS, notes=[" ".join(said)] if said else [])


HANDOVER = [
    "account_id", "account_name", "revenue", "loss", "to_id", "fit", "industry_fit", "region_fit", "contact_fit", "saved", "reasons", "runner_up_id",
    "runner_up_saved", "day", "late_reason", "alongside_id",
]  # fmt: skip


def handover_table(found: "Found") -> Html:
    """The same, with who finds nobody; where nobody could take over, why."""
    given = found.leaving.takes
    if given is None:
        return paragraph(found.leaving.nobody, "warning")
    return together(handover_rows(found).html(), paragraph(given.said, "warning"))


def _how_it_fits(found: "Found") -> str:
    given, unit = found.leaving.takes, found.about.unit
    assert given is not None
    saved, loss = style.money(given.saved, unit), style.money(given.loss, unit)
    accounts = style.counted(given.most_accounts, "account")
    return say("succession.fits", saved=saved, loss=loss, accounts=accounts, best=how_good(given.gap))


def how_good(gap: float) -> str:
    """The assignment beside the best there may be; `gap` as in `handover.Handover`."""
    if not gap:
        return say("succession.best")
    if gap == float("inf"):
        return say("succession.not_known")
    if gap < 0.0005:
        return say("succession.hardly")
    return say("succession.at_most", share=style.share(gap))


def _because(row: Mapping[Any, Any]) -> str:
    return ", ".join(_REASONS[each] for each in row["reasons"].split(", ") if each)


def _note(row: Mapping[Any, Any]) -> str:
    said = [row["late_reason"]] if isinstance(row["late_reason"], str) else []
    return "; ".join([*said, *([say("succession.joins", who=row["with_them"])] if row["with_them"] else [])])


def moves_table(found: "Found") -> Table:
    """At which key accounts the manager could change while no decision on the contract is near."""
    rows = found.moves if found.moves["can_move"].notna().any() else found.moves.iloc[:0]
    rows = rows.assign(manager=rows["account_manager_id"].map(found.manager))
    columns = declared(
        "moves",
        made={"notice": notices.columns(found.known.as_of)},
        written={"bond": _bond, "can_move": _can_move, "blocked_by": _blocked},
    )
    return Table(say("succession.moves"), columns, rows)


def _blocked(row: Mapping[Any, Any]) -> str:
    return ", ".join(_BLOCKED[each] for each in row["blocked_by"])


def _can_move(row: Mapping[Any, Any]) -> str:
    return "not known" if pd.isna(row["can_move"]) else "yes" if row["can_move"] else "no"
