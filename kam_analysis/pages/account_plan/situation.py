"""What is on file about the account, as the rules for the next actions take it."""

from datetime import date, timedelta
from typing import Any

import pandas as pd

from kam_analysis.analysis import plans, segments
from kam_analysis.analysis.coverage.attention import is_open
from kam_analysis.analysis.coverage.relationships import INFLUENCER, LIVE
from kam_analysis.analysis.plans import Offer, Opening, Situation, Task
from kam_analysis.ledger import Ledger
from kam_analysis.pages import style
from kam_analysis.pages.account_plan.company import Company
from kam_analysis.pages.account_plan.known import Known
from kam_analysis.pages.key_accounts.found import Found as Keys
from kam_analysis.pages.own_people import OurPeople

_COMPLAINT_DAYS = 90
_UPSET = ("complaint", "escalation")
_TABLES = ("contacts", "objectives", "opportunities", "interactions", "account_notes")


def situation_of(
    ledger: Ledger, company: Company, known: Known, *, account_id: str, openings: pd.DataFrame
) -> Situation:
    """All of it; `openings` as of `plans.white_space`, with `chance`."""
    keys, people, losses = company.keys, company.people, company.losses
    as_of = ledger.as_of
    traits = _row(keys.traits, account_id)
    money = _row(losses.accounts, account_id)
    staff = OurPeople(people.known.staff, as_of)
    manager_id = _text(traits.get("account_manager_id"))
    manager = staff.person(manager_id)
    above = staff.above(manager_id)
    due = _row(people.relations.due, account_id)
    work, why = kind_of_work(keys, account_id, as_of)
    takes_over = _row(people.handover, account_id).get("to_id") if people.leaving.cost is not None else None
    margin = keys.invoices[keys.invoices["account_id"] == account_id]
    return Situation(
        as_of=as_of,
        account_id=account_id,
        answered=frozenset(_answered(known.tasks)),
        at_stake=_number(money.get("exposure")) or 0.0,
        sales=_number(_row(people.known.sold, account_id).get("revenue")) or 0.0,
        chance=_number(money.get("probability")),
        manager=manager,
        successor=staff.person(_text(takes_over)) if manager and manager.leaves and manager.told else None,
        superior=above[0] if above else None,
        sponsor=staff.sponsor(above, as_of),
        notice_on=_day(traits.get("notice_by")),
        ends_on=_day(traits.get("ends_on")),
        work=work,
        why=why,
        gone=_gone(keys, account_id, as_of),
        competitor=_text(traits.get("competitor")),
        hand_over_loss=_hand_over_loss(people, manager_id, account_id) if manager and manager.leaves else None,
        live=_live(known.contacts),
        strangers=tuple(_strangers(known.contacts)),
        call_due=_month_end(due.get("month")),
        call_overdue=bool(due.get("overdue", False)),
        complaint_on=unanswered(known.interactions, as_of),
        tasks=tuple(_tasks(known.tasks, staff)),
        promised=tuple(_promised(known.objectives, account_id, as_of)),
        offers=tuple(_offers(known.offers)),
        openings=tuple(_openings(openings)),
        margin_points=_number(margin["margin_change"].iloc[0]) if len(margin) and "margin_change" in margin else None,
        margin_share=_number(margin["margin_share"].iloc[0]) if len(margin) and "margin_share" in margin else None,
        notes_on=None if known.notes is None or known.notes.empty else known.notes["written"].max().date(),
        collected=frozenset(_collected(ledger, known, traits)),
    )


def kind_of_work(keys: Keys, account_id: str, as_of: date) -> tuple[str, str]:
    """The kind of work that 02 recommends and its figures; for an account that is not key by the same rules."""
    row = _row(keys.work, account_id)
    if not row:
        standing = keys.standing[keys.standing["account_id"] == account_id]
        row = _row(segments.kinds_of_work(standing, as_of=as_of), account_id) if len(standing) else {}
    if row.get("rule") == segments.NOT_ASSESSED:
        return "", ""
    return _text(row.get("work")), _text(row.get("figures"))


def _gone(keys: Keys, account_id: str, as_of: date) -> str:
    """That the account is lost or quiet, in a sentence; empty where it is neither."""
    row = _row(keys.traits, account_id)
    left = _day(row.get("left_on"))
    if left is not None and left <= as_of:
        reason = _text(row.get("left_reason"))
        return f"left on {style.day(left)}" + (f" ({reason[:1].lower()}{reason[1:]})" if reason else "")
    stage = _row(keys.standing, account_id)
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
    row = _row(people.departing.of(manager_id).accounts, account_id)
    return _number(row.get("at_risk_margin", row.get("at_risk")))


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
    roles = rows["role"] if "role" in rows else pd.Series("", rows.index)
    return [_text(each) or "someone who decides" for each in roles]


def _tasks(tasks: pd.DataFrame | None, staff: OurPeople) -> list[Task]:
    if tasks is None:
        return []
    found = []
    for row in tasks.to_dict("records"):
        if not plans.is_answered(row.get("status")):
            owner, task_id = _text(row.get("owner")), _text(row.get("decision_id"))
            due, person = _day(row.get("due")), staff.called(owner)
            found.append(Task(text=str(row["decision"]), task_id=task_id, owner=owner, person=person, due=due))
    return found


def _answered(tasks: pd.DataFrame | None) -> list[str]:
    """The numbers of what came back as done or declined."""
    if tasks is None or not {"decision_id", "status"} <= set(tasks):
        return []
    return tasks.loc[tasks["status"].map(plans.is_answered), "decision_id"].dropna().astype("str").tolist()


def _promised(objectives: pd.DataFrame | None, account_id: str, as_of: date) -> list[Task]:
    rows = plans.goals(objectives, account_id, as_of)
    theirs = rows[(rows["whose"] == "theirs") & ~rows["state"].isin(["done", "no date"])]
    return [Task(text=str(row["objective"]), due=_day(row["due"])) for row in theirs.to_dict("records")]


def _offers(offers: pd.DataFrame | None) -> list[Offer]:
    if offers is None or offers.empty:
        return []
    return [
        Offer(
            amount=float(row["amount"]),
            line=_text(row.get("product_line")),
            stage=_text(row.get("stage")),
            chance=_number(row.get("probability")),
            expected=_day(row.get("expected_close")),
        )
        for row in offers[is_open(offers)].to_dict("records")
    ]


def _openings(rows: pd.DataFrame) -> list[Opening]:
    return [
        Opening(
            line=str(row["product_line"]),
            potential=float(row["potential"]),
            low=float(row["potential_low"]),
            high=float(row["potential_high"]),
            chance=_number(row.get("chance")),
        )
        for row in rows.dropna(subset="potential").to_dict("records")
    ]


def _collected(ledger: Ledger, known: Known, traits: dict[str, Any]) -> list[str]:
    here = {"contacts": known.contacts, "objectives": known.objectives, "account_notes": known.notes}
    found = [name for name in _TABLES if name not in here and ledger.has(name)]
    # A table that is there and says nothing of this account leaves the question open; notes are asked for when they are kept.
    found += [name for name, rows in here.items() if rows is not None and (len(rows) or name == "account_notes")]
    return [*found, *(["annual_spend"] if _number(traits.get("annual_spend")) is not None else [])]


def _row(frame: pd.DataFrame, account_id: str) -> dict[str, Any]:
    rows = frame[frame["account_id"] == account_id].head(1).to_dict("records") if "account_id" in frame else []
    return {str(name): value for name, value in rows[0].items()} if rows else {}


def _text(value: Any) -> str:
    return "" if value is None or pd.isna(value) else str(value).strip()


def _number(value: Any) -> float | None:
    return None if value is None or pd.isna(value) else float(value)


def _month_end(value: Any) -> date | None:
    return None if value is None or pd.isna(value) else (pd.Timestamp(value) + pd.offsets.MonthEnd(0)).date()


def _day(value: Any) -> date | None:
    return None if value is None or pd.isna(value) else pd.Timestamp(value).date()
