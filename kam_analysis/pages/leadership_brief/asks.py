"""At most three things to decide, each with its options, an owner, a day, and what not deciding costs.

Money stands in one of them only: what an earlier ask counts, a later one does not count again.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date

import pandas as pd

from kam_analysis.analysis.plans import ask_id, is_answered
from kam_analysis.ledger import Ledger
from kam_analysis.pages import style, words
from kam_analysis.pages.account_plan.found import Found as AccountPlan
from kam_analysis.pages.known_values import day_of, known_rows
from kam_analysis.pages.leadership_brief.other_pages import LOSSES, PEOPLE, Pages, plan_of
from kam_analysis.pages.words import listed, said_in

say = said_in(__file__)

MOST = 3
TO_BE_NAMED = say("asks.nobody")
_RESCUE = "rescue"


@dataclass(frozen=True, kw_only=True)
class Ask:
    """`what` is to be decided and `why`; the `options`; `owner`, `due` (None: no day on file); `cost` of not deciding in money
    a year, None where an earlier ask counts it or nothing tells it, and `cost_of` in words; the accounts it is about.
    `decision_id`: its number in the table `decisions`. `rescues`: the name of the account that is to be kept, empty for none."""

    what: str
    why: str
    options: list[str]
    owner: str
    due: date | None
    cost: float | None
    cost_of: str
    account_ids: tuple[str, ...] = field(default=())
    report: str = ""
    decision_id: str = ""
    rescues: str = ""


def asks(ledger: Ledger, now: Pages) -> list[Ask]:
    """The most pressing three: accounts that need a rescue plan, an announced departure, a loss that breaks us even.

    What came back as done or declined is not asked again; what was agreed keeps its owner and its day.
    """
    found: list[Ask] = []
    on_file = words.records(ledger, "decisions")
    known = {} if on_file is None else {each.get("decision_id"): each for each in known_rows(on_file)}
    for ask in [*_rescues(ledger, now), *_departure(now), *_worst_case(now), *_list(now)]:
        agreed = known.get(ask.decision_id, {})
        if len(found) < MOST and not is_answered(agreed.get("status")):
            kept = replace(ask, owner=agreed.get("owner", ask.owner), due=day_of(agreed, "due") or ask.due)
            found.append(_counted_once(kept, found, now))
    return found


def _counted_once(ask: Ask, found: list[Ask], now: Pages) -> Ask:
    """The ask without the money of accounts that an earlier one counts."""
    counted = {each for other in found for each in other.account_ids}
    if ask.cost is None or not counted & set(ask.account_ids):
        return ask
    rest = [each for each in ask.account_ids if each not in counted]
    cost = _hand_over(now, rest) if ask.report == PEOPLE and rest else None
    if cost is None:
        return replace(ask, cost=None, cost_of=say("asks.counted_above"))
    others = style.counted(len(rest), "customer")
    return replace(ask, cost=cost, cost_of=say("asks.not_counted_above", what=ask.cost_of, customers=others))


def _rescues(ledger: Ledger, now: Pages) -> Iterator[Ask]:
    """Key accounts that 02 says to rescue, the most money first."""
    if now.keys is None or now.losses is None:
        return
    work = now.keys.work
    ids = work.loc[work["work"] == _RESCUE, "account_id"]
    earned = now.losses.accounts[now.losses.accounts["account_id"].isin(ids)]
    for account_id in earned.nlargest(MOST, "exposure")["account_id"]:
        plan = plan_of(ledger, str(account_id))
        if plan is not None:
            yield _rescue(plan, now)


def _rescue(plan: AccountPlan, now: Pages) -> Ask:
    of = plan.situation
    assert now.losses is not None
    mine = next((each for each in plan.actions_found if each.rule == _RESCUE), None)
    owner = (mine.owner if mine and mine.owner else None) or of.sponsor or of.superior
    run = say("asks.let_run") if of.chance is None else say("asks.let_run_chance", chance=style.share(of.chance, 0))
    return Ask(
        what=say("asks.keep", who=plan.account_name),
        why=", ".join(plan.pressing),
        options=[*_options(now, plan.account_id), run],
        owner=owner.name if owner else TO_BE_NAMED,
        due=mine.due if mine else of.notice_on,
        cost=of.at_stake or None,
        cost_of=say("asks.a_year", earned=now.losses.earned),
        account_ids=(plan.account_id,),
        report=LOSSES,
        decision_id=ask_id(_RESCUE, [plan.account_id, of.notice_on]),
        rescues=plan.account_name,
    )


def _options(now: Pages, account_id: str) -> Iterator[str]:
    """What keeping it may cost and must bring, as 03 says; a chance is rounded down where it is the most that pays."""
    losses = now.losses
    assert losses is not None
    unit, cost = losses.about.unit, losses.assumed.get("keeping_cost")
    if cost is not None and len(losses.keeping):
        for row in losses.keeping[losses.keeping["account_id"] == account_id].to_dict("records"):
            if row["can_pay"]:
                before, then = style.share(row["probability"], 0), _down(row["probability"] - row["effect_needed"])
                told = {"money": style.money(cost.value, unit), "now": before}
                little = before == then
                yield say("asks.programme_little", **told) if little else say("asks.programme", **told, then=then)
    if len(losses.renewals):
        for row in losses.renewals[losses.renewals["account_id"] == account_id].to_dict("records"):
            money = style.money(row["cost"], unit)
            if pd.isna(row["pays_at"]):
                yield say("asks.concession", money=money)
            else:
                yield say("asks.concession_pays", money=money, chance=_down(row["pays_at"]))


def _down(chance: float) -> str:
    """A chance in whole per cent, never more than it is."""
    return style.share(math.floor(100 * chance + 1e-9) / 100, 0)


def _departure(now: Pages) -> Iterator[Ask]:
    """Who takes over from a manager whose announced last day is still to come."""
    leaver = announced(now)
    people = now.people
    if leaver is None or people is None:
        return
    cost, name = people.departing.of(leaver.manager_id), people.manager(leaver.manager_id)
    ids = tuple(cost.accounts["account_id"].astype(str))
    told = people.leaving.cost is not None and people.leaving.cost.manager_id == leaver.manager_id
    takes = people.handover if told else pd.DataFrame()
    first = None if takes.empty or takes["day"].isna().all() else takes["day"].min().date()
    options = []
    if len(takes):
        to = listed([people.manager(each) for each in dict.fromkeys(takes["to_id"].dropna())])
        saved = float(takes["saved"].sum())
        if saved > 0:
            options.append(say("asks.succession", who=to, money=style.money(saved, people.about.unit)))
        else:
            options.append(say("asks.succession_alone", who=to))
    options.append(say("asks.from_outside"))
    staff = people.known.staff
    above = staff.reindex(columns=["manager_id", "superior_id"]).dropna().set_index("manager_id")["superior_id"]
    owner = people.manager(above[leaver.manager_id]) if leaver.manager_id in above else ""
    yield Ask(
        what=say("asks.take_over", who=name, customers=style.counted(len(ids), "customer")),
        why=say("asks.leaves", who=name, day=style.day(leaver.last_day)),
        options=options,
        owner=owner or TO_BE_NAMED,
        due=min(first, leaver.last_day) if first else leaver.last_day,
        cost=_hand_over(now, list(ids)),
        cost_of=say("asks.a_year", earned=people.earned),
        account_ids=ids,
        report=PEOPLE,
        decision_id=ask_id("departure", [leaver.manager_id, leaver.last_day]),
    )


def _hand_over(now: Pages, account_ids: list[str]) -> float | None:
    """What 04 says is at risk at these of the leaver's accounts."""
    leaver, people = announced(now), now.people
    if leaver is None or people is None:
        return None
    rows = people.departing.of(leaver.manager_id).accounts
    rows = rows[rows["account_id"].isin(account_ids)]
    return float(rows["at_risk_margin" if "at_risk_margin" in rows else "at_risk"].sum())


@dataclass(frozen=True, kw_only=True)
class Leaver:
    """A manager whose departure is announced, with the last day."""

    manager_id: str
    last_day: date
    revenue_share: float


def announced(now: Pages) -> Leaver | None:
    """Whose announced last day is still to come, the most sales first; None for nobody. Unannounced ones are nobody."""
    if now.people is None or not len(now.people.departing.managers):
        return None
    rows = now.people.departing.managers
    rows = rows[rows["announced"] & (rows["leaving_on"] >= pd.Timestamp(now.as_of))]
    for row in rows.sort_values("revenue", ascending=False).head(1).to_dict("records"):
        day = pd.Timestamp(row["leaving_on"]).date()
        return Leaver(
            manager_id=str(row["account_manager_id"]), last_day=day, revenue_share=float(row["revenue_share"])
        )
    return None


def _worst_case(now: Pages) -> Iterator[Ask]:
    """Which loss would take us below break-even, as far as no more than the three largest have to go."""
    losses = now.losses
    room = None if losses is None else losses.absorbable
    if losses is None or room is None or room.below_already or room.largest >= min(MOST, len(losses.worst)):
        return
    case = losses.worst[room.largest]
    row = losses.cases[losses.cases["label"] == case.label].iloc[0]
    after = style.money(float(row["result_after"]), losses.about.unit)
    plan = losses.contingency
    before = {"money": style.money(room.margin.value, losses.about.unit), "earned": losses.earned}
    agreed = say("asks.agree", **before) if plan is None else say("asks.agree_plan", **before, steps=len(plan.steps))
    yield Ask(
        what=say("asks.cut"),
        why=say("asks.below_break_even", who=case.label, after=after),
        options=[agreed, say("asks.wait")],
        owner=TO_BE_NAMED,
        due=None,
        cost=case.exposure,
        cost_of=say("asks.a_year", earned=losses.earned),
        account_ids=case.account_ids,
        report=LOSSES,
        decision_id=ask_id("worst_case", case.account_ids),
    )


def _list(now: Pages) -> Iterator[Ask]:
    """Whom the company's own list misses."""
    keys = now.keys
    if keys is None or keys.listing is None or not len(keys.listing.missing):
        return
    missing = [each for each in keys.ordered if each in keys.listing.missing]
    who, customers = listed([keys.name(each) for each in missing[:MOST]]), style.counted(len(missing), "customer")
    one = len(missing) == 1
    yield Ask(
        what=say("asks.join_one" if one else "asks.join", who=who),
        why=say("asks.not_listed_one") if one else say("asks.not_listed", customers=customers),
        options=[say("asks.add"), say("asks.leave_off")],
        owner=TO_BE_NAMED,
        due=None,
        cost=None,
        cost_of=say("asks.no_money"),
        account_ids=tuple(missing),
        report="02_key_accounts",
        decision_id=ask_id("list", sorted(missing)),
    )


def decided_by(ask: Ask) -> str:
    """The day in the page's words."""
    return say("asks.no_day") if ask.due is None else style.day(ask.due)
