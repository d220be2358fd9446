"""What is on file about the account, as the rules for the next actions take it."""

from datetime import date, timedelta
from typing import Any

import pandas as pd

from kam_analysis.analysis import plans, segments
from kam_analysis.analysis.coverage.attention import is_open
from kam_analysis.analysis.coverage.relationships import INFLUENCER, LIVE
from kam_analysis.analysis.plans import Offer, Opening, Situation, Task, is_done
from kam_analysis.ledger import Ledger
from kam_analysis.ledger.settings.period import Period
from kam_analysis.pages import style
from kam_analysis.pages.account_plan.company import Company
from kam_analysis.pages.account_plan.known import Known
from kam_analysis.pages.account_plan.sheet_room import EVENTS, LINE, short
from kam_analysis.pages.key_accounts.found import Found as Keys
from kam_analysis.pages.known_values import day_of, known_rows, row_of, text_of
from kam_analysis.pages.own_people import OurPeople
from kam_analysis.pages.words import said_in

say = said_in(__file__)

_COMPLAINT_DAYS = 90
_UPSET = ("complaint", "escalation")
_TABLES = ("contacts", "objectives", "opportunities", "interactions", "account_notes")


def situation_of(
    ledger: Ledger, company: Company, known: Known, *, account_id: str, openings: pd.DataFrame
) -> Situation:
    """All of it; `openings` as of `plans.white_space`, with `chance`."""
    keys, people, losses = company.keys, company.people, company.losses
    as_of = ledger.as_of
    traits, money = row_of(keys.traits, account_id), row_of(losses.accounts, account_id)
    margin, due = row_of(keys.invoices, account_id), row_of(people.relations.due, account_id)
    staff, manager_id = OurPeople(people.known.staff, as_of), text_of(traits, "account_manager_id")
    manager, above = staff.person(manager_id), staff.above(manager_id)
    leaves = manager is not None and manager.leaves is not None
    takes_over = row_of(people.handover, account_id) if people.leaving.cost is not None else {}
    work, why = kind_of_work(keys, account_id, as_of)
    return Situation(
        as_of=as_of,
        account_id=account_id,
        answered=frozenset(_answered(known.tasks)),
        at_stake=money.get("exposure", 0.0),
        sales=row_of(people.known.sold, account_id).get("revenue", 0.0),
        chance=money.get("probability"),
        manager=manager,
        successor=staff.person(text_of(takes_over, "to_id")) if leaves and manager and manager.told else None,
        superior=above[0] if above else None,
        sponsor=staff.sponsor(above, as_of),
        notice_on=day_of(traits, "notice_by"),
        ends_on=day_of(traits, "ends_on"),
        work=work,
        why=why,
        gone=_gone(keys, account_id, as_of),
        competitor=text_of(traits, "competitor"),
        hand_over_loss=_hand_over_loss(people, manager_id, account_id) if leaves else None,
        live=_live(known.contacts),
        strangers=tuple(_strangers(known.contacts)),
        call_due=(due["month"] + pd.offsets.MonthEnd(0)).date() if "month" in due else None,
        call_overdue=due.get("overdue", False),
        complaint_on=unanswered(known.interactions, as_of),
        tasks=tuple(_tasks(known.tasks, staff)),
        promised=tuple(_promised(known.objectives, account_id, as_of)),
        offers=tuple(_offers(known.offers)),
        openings=tuple(_openings(openings)),
        margin_points=margin.get("margin_change"),
        margin_share=margin.get("margin_share"),
        notes_on=None if known.notes is None or known.notes.empty else known.notes["written"].max().date(),
        collected=frozenset(_collected(ledger, known, traits)),
    )


def kind_of_work(keys: Keys, account_id: str, as_of: date) -> tuple[str, str]:
    """The kind of work that 02 recommends and its figures; for an account that is not key by the same rules."""
    row = row_of(keys.work, account_id)
    if not row:
        standing = keys.standing[keys.standing["account_id"] == account_id]
        row = row_of(segments.kinds_of_work(standing, as_of=as_of), account_id) if len(standing) else {}
    if row.get("rule") == segments.NOT_ASSESSED:
        return "", ""
    return text_of(row, "work"), text_of(row, "figures")


def _gone(keys: Keys, account_id: str, as_of: date) -> str:
    """That the account is lost or quiet, in a sentence; empty where it is neither."""
    row = row_of(keys.traits, account_id)
    left, reason = day_of(row, "left_on"), text_of(row, "left_reason")
    if left is not None and left <= as_of:
        told = {"day": style.day(left), "reason": reason[:1].lower() + reason[1:]}
        return say("facts.left_because", **told) if reason else say("facts.left", day=told["day"])
    stage = row_of(keys.standing, account_id)
    return f"{stage['stage']}: {stage['why']}" if stage.get("stage") in ("quiet", "lost") else ""


def unanswered(interactions: pd.DataFrame | None, as_of: date) -> date | None:
    """The day of the newest complaint within 90 days after which nobody of ours got in touch."""
    if interactions is None or "kind" not in interactions or interactions.empty:
        return None
    upset = interactions["kind"].astype("str").str.casefold().isin(_UPSET)
    recent = interactions.loc[upset & (interactions["date"] >= pd.Timestamp(as_of - timedelta(days=_COMPLAINT_DAYS)))]
    if recent.empty:
        return None
    last = recent["date"].max()
    ours = interactions[~upset & (interactions["date"] >= last)]
    if "direction" in ours:
        ours = ours[ours["direction"].fillna("out") == "out"]
    return None if len(ours) else last.date()


def _hand_over_loss(people: Any, manager_id: str, account_id: str) -> float | None:
    rows = people.departing.of(manager_id).accounts
    return row_of(rows, account_id).get("at_risk_margin" if "at_risk_margin" in rows else "at_risk")


def _live(contacts: pd.DataFrame | None) -> int | None:
    if contacts is None or contacts.empty or "strength" not in contacts:
        return None
    return int((contacts["strength"].fillna(0) >= LIVE).sum())


def _strangers(contacts: pd.DataFrame | None) -> list[str]:
    """The roles of people who decide and to whom nobody speaks, the most influential first."""
    if contacts is None or not {"influence", "strength"} <= set(contacts):
        return []
    rows = contacts[(contacts["influence"] >= INFLUENCER) & (contacts["strength"].fillna(0) < LIVE)]
    rows = rows.sort_values("influence", ascending=False, kind="stable")
    return [text_of(each, "role") or say("facts.who_decides") for each in known_rows(rows)]


def _tasks(tasks: pd.DataFrame | None, staff: OurPeople) -> list[Task]:
    if tasks is None:
        return []
    return [
        Task(
            text=row["decision"],
            task_id=text_of(row, "decision_id"),
            owner=text_of(row, "owner"),
            person=staff.called(text_of(row, "owner")),
            due=day_of(row, "due"),
        )
        for row in known_rows(tasks)
        if not plans.is_answered(row.get("status"))
    ]


def _answered(tasks: pd.DataFrame | None) -> list[str]:
    """The numbers of what came back as done or declined."""
    if tasks is None or not {"decision_id", "status"} <= set(tasks):
        return []
    return tasks.loc[tasks["status"].map(plans.is_answered), "decision_id"].dropna().astype("str").tolist()


def _promised(objectives: pd.DataFrame | None, account_id: str, as_of: date) -> list[Task]:
    rows = plans.goals(objectives, account_id, as_of)
    theirs = rows[(rows["whose"] == "theirs") & ~rows["state"].isin(["done", "no date"])]
    return [Task(text=row["objective"], due=day_of(row, "due")) for row in known_rows(theirs)]


def _offers(offers: pd.DataFrame | None) -> list[Offer]:
    if offers is None or offers.empty:
        return []
    return [
        Offer(
            amount=row["amount"],
            line=text_of(row, "product_line"),
            stage=text_of(row, "stage"),
            chance=row.get("probability"),
            expected=day_of(row, "expected_close"),
        )
        for row in known_rows(offers[is_open(offers)])
    ]


def _openings(rows: pd.DataFrame) -> list[Opening]:
    return [
        Opening(
            line=row["product_line"],
            potential=row["potential"],
            low=row["potential_low"],
            high=row["potential_high"],
            chance=row.get("chance"),
        )
        for row in known_rows(rows.dropna(subset="potential"))
    ]


def _collected(ledger: Ledger, known: Known, traits: dict[str, Any]) -> list[str]:
    here = {"contacts": known.contacts, "objectives": known.objectives, "account_notes": known.notes}
    found = [name for name in _TABLES if name not in here and ledger.has(name)]
    # A table that is there and says nothing of this account leaves the question open; notes are asked for when they are kept.
    found += [name for name, rows in here.items() if rows is not None and (len(rows) or name == "account_notes")]
    return [*found, *(["annual_spend"] if "annual_spend" in traits else [])]


def lately(ledger: Ledger, known: Known, *, account_id: str, days: int) -> list[str]:
    """Sentences, the money first: what happened in the `days` up to the ledger's day."""
    since = ledger.as_of - timedelta(days=days)
    window = Period(since + timedelta(days=1), ledger.as_of, "")
    found = _sold(ledger, account_id, window, days)
    events = [
        *((row["date"], _heard(row)) for row in _since(known.feedback, "date", since)),
        *(
            (row["created"], _offer(ledger, row, say("lately.opened")))
            for row in _since(known.offers, "created", since)
        ),
        *(
            (row["closed"], _offer(ledger, row, row.get("status", say("lately.closed"))))
            for row in _since(known.offers, "closed", since)
        ),
        *((row["date"], _task(row)) for row in _since(known.tasks, "date", since)),
        *((row["written"], say("lately.notes")) for row in _since(known.notes, "written", since)),
    ]
    events.sort(key=lambda each: each[0], reverse=True)
    found += [f"{style.day(day.date())}: {said}" for day, said in events[:EVENTS]]
    if len(events) > EVENTS:
        more = style.counted(len(events) - EVENTS, "more entry", "more entries")
        found.append(say("lately.more", entries=more, days=days))
    return found


def _sold(ledger: Ledger, account_id: str, window: Period, days: int) -> list[str]:
    before = window.before()
    if before.first < ledger.overview.first or not ledger.spans.covers(window):
        return []
    now, then = (_amount(ledger, account_id, each) for each in (window, before))
    told: dict[str, object] = {"money": style.money(now, ledger.currency), "days": days}
    if then <= 0:
        return [say("lately.sold_first", **told)]
    share = style.share(abs(now / then - 1), 0)
    if abs(now / then - 1) < 0.005:
        return [say("lately.sold_same", **told)]
    return [say("lately.sold_up" if now > then else "lately.sold_down", **told, share=share)]


def _amount(ledger: Ledger, account_id: str, window: Period) -> float:
    rows = ledger.by_account(window, measures=["revenue"])
    return float(rows.loc[rows["account_id"] == account_id, "revenue"].sum())


def _since(rows: pd.DataFrame | None, column: str, since: date) -> list[dict[str, Any]]:
    if rows is None or column not in rows or rows.empty:
        return []
    days = pd.to_datetime(rows[column])
    return known_rows(rows.assign(**{column: days})[days > pd.Timestamp(since)])


def _heard(row: dict[str, Any]) -> str:
    said, who = short(row["said"], LINE), text_of(row, "by")
    return say("lately.heard_from", who=who, said=said) if who else say("lately.heard", said=said)


def _offer(ledger: Ledger, row: dict[str, Any], became: str) -> str:
    told = {"money": style.money(row["amount"], ledger.currency), "became": became}
    line = row.get("product_line")
    return say("lately.offer_line", **told, line=line) if line else say("lately.offer", **told)


def _task(row: dict[str, Any]) -> str:
    return say("lately.done" if is_done(row.get("status")) else "lately.decided", task=short(row["decision"], LINE))
