"""What a reader must know before trusting the figures, and what to do about the worst case."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from kam_analysis.analysis.coverage import RENEWAL_DAYS
from kam_analysis.pages import notices, style
from kam_analysis.pages.churn_impact.answer import BAD
from kam_analysis.pages.words import number_word

if TYPE_CHECKING:
    from kam_analysis.pages.churn_impact.found import Found

_NAMED = 3
# A customer carries the bad year from this part of it on, and what could take several makes it dearer from there.
_CARRIES, _DEARER = 0.02, 1.05
# Chances below this are next to nothing.
_LEAST = 0.001


def next_steps(found: "Found") -> list[str]:
    """What the figures call for, the most money first."""
    said = [*_plan(found), *_keep(found), *_ask(found), *_together(found)]
    return said or ["Estimate how likely your largest customers are to leave, and run this page again."]


def _plan(found: "Found") -> Iterator[str]:
    if not found.worst:
        return
    first, room = found.worst[0], found.absorbable
    part = ""
    if found.budget is not None:
        part = f", and with it {style.share(first.revenue / found.budget.revenue, 0)} of budgeted sales"
    costs = style.money(first.exposure, found.about.unit)
    yield f"Plan for the loss of {first.label} as the worst case: {costs} of {found.earned} a year{part}."
    if room is not None and first.exposure > room.margin.value:
        yield f"Decide what is cut first: losing {first.label} alone takes us below break-even."
    elif room is not None and room.largest < len(found.worst):
        together = number_word(room.largest + 1)
        yield f"Decide what is cut first: losing the {together} largest together takes us below break-even."


def _keep(found: "Found") -> Iterator[str]:
    cost = found.assumed.get("keeping_cost")
    if cost is None:
        return
    for row in found.keeping.head(_NAMED).to_dict("records"):
        if row["can_pay"]:
            costs = style.money(cost.value, found.about.unit)
            falls = risk_falls(row["probability"], row["effect_needed"])
            until = _until(found, str(row["account_id"]))
            yield f"Keep {row['account_name']}{until}: {costs} a year pays if the risk of losing it falls {falls}."


def _until(found: "Found", account_id: str) -> str:
    """Until when the customer decides, where that is known and soon."""
    if found.contracted is None:
        return ""
    rows = found.contracted.contracts
    rows = rows[(rows["account_id"] == account_id) & (rows["when"] == "by")]
    near = rows[rows["notice_by"] <= pd.Timestamp(found.about.as_of) + pd.Timedelta(days=RENEWAL_DAYS)]
    return f", by {notices.decided_by(near.iloc[0].to_dict())}" if len(near) else ""


def risk_falls(now: float, by: float) -> str:
    """How far a programme must lower a chance of leaving: from 16% to 15% or less."""
    then = now - by
    return f"from {style.share(now)} to " + (f"{style.share(then)} or less" if then >= _LEAST else "almost nothing")


def _ask(found: "Found") -> Iterator[str]:
    rows = found.accounts
    # Where a departure or a slump alone is likelier, an own figure would change nothing.
    counts = (rows["basis"] != "your figure") & ~(rows["by_causes"] > rows["estimate"])
    large = rows[counts & (rows["contribution"] >= _CARRIES)].head(_NAMED)
    if len(large):
        names = ", ".join(large["account_name"])
        yield f"Put your own estimate on the risk of losing {names}: it drives the bad year, and today {_tells(large)}."


def _tells(rows: pd.DataFrame) -> str:
    """What tells of these customers today."""
    if rows["basis"].isin(["company average", "your assumption"]).all():
        return "an average stands in for it"
    return "only what they bought tells it"


def _together(found: "Found") -> Iterator[str]:
    if found.bad_year is None or found.staying is None or not found.causes:
        return
    bad, staying = (each.joint.quantile(BAD) for each in (found.bad_year, found.staying))
    if found.may_go and bad > _DEARER * staying:
        adds = style.share(bad / staying - 1, 0)
        names = " or ".join(found.may_go)
        yield f"Prepare the handover before {names} leaves: the departure adds {adds} to a bad year's loss."
    elif bad > _DEARER * found.bad_year.alone.quantile(BAD):
        names = ", ".join(each.name for each in found.causes)
        yield f"Look at what could take several customers at once ({names}). It makes a bad year more expensive."


def caveats(found: "Found") -> list[str]:
    """What a reader must know before trusting the figures."""
    aside, changed = found.exposed.set_aside, found.overrides.said()
    said = [changed] if changed else []
    if not found.exposed.has_margin:
        said.append("without a cost what is lost is sales, not what we earn")
    if len(aside):
        count, amount = (
            style.counted(len(aside), "customer"),
            style.money(found.exposed.set_aside_amount, found.about.unit),
        )
        said.append(f"{count} at or below zero {found.earned} set aside ({amount}): losing them costs nothing")
    if found.lost_already:
        said.append(f"lost already and left out of what there is to lose: {_first(found.lost_already)}")
    return [*said, *_about_chances(found), *found.about.warnings]


def _about_chances(found: "Found") -> Iterator[str]:
    told = found.may_leave.told
    if told is None:
        yield f"chances of leaving are not told from each customer's own rhythm: {found.may_leave.reason}"
    elif told.reason:
        yield f"chances of leaving are told from each customer's own rhythm alone: {told.reason}"
    year = found.bad_year
    if year is None:
        yield "bad-year loss not assessed: no account has a chance of leaving; give your own figures or an assumption"
        return
    if year.exposure_left_out:
        amount = style.money(year.exposure_left_out, found.about.unit)
        yield f"customers with {amount} of {found.earned} have no chance of leaving and are not in the bad-year loss"
    rows = found.accounts
    floored = rows.loc[rows["by_causes"] > rows["estimate"], "account_name"]
    if len(floored):
        names = _first(floored.tolist())
        yield f"what could take several at once is by itself likelier than the figure of {names}: there the higher one counts"
    if found.may_go and "follow_rate" not in found.assumed:
        yield (
            "a manager may leave, and how many customers follow to a competitor was never measured: without your own "
            "assumption follow_rate the hand-over alone counts"
        )


def _first(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
