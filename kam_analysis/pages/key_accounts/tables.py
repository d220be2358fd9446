"""The list of key accounts: why each is key, what to do, on which rule, and who is closest to the threshold."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from kam_analysis.analysis.segments import NOT_ASSESSED, rules_in_words
from kam_analysis.pages import notices, style
from kam_analysis.pages.html import Html, paragraph
from kam_analysis.pages.key_accounts.answer import ROBUST, WORK_TONES, WORK_WORDS, served_or_why
from kam_analysis.pages.key_accounts.compared import moved
from kam_analysis.pages.key_accounts.reasons import (
    activity_name,
    is_firm,
    not_key,
    reasons,
    robust,
    share_of,
    short_of,
)
from kam_analysis.pages.sentences import said_in
from kam_analysis.pages.table import Column, Table, rows
from kam_analysis.pages.words import headed

if TYPE_CHECKING:
    from kam_analysis.pages.key_accounts.found import Found

say = said_in(__file__)

# The page gives the first reasons, whatever is published so many.
_REASONS_PUBLISHED = 5


def customer(found: "Found", name: str = "account_name") -> Column:
    """The column of names: as pages call each account, published as the data has it."""
    return Column(name, "Customer", written=lambda row: found.name(row["account_id"]))


def identity(found: "Found", account_id: str) -> dict[str, Any]:
    """An account's id and its name as the data has it."""
    return {"account_id": account_id, "account_name": str(found.names.get(account_id, account_id))}


IDENTITY = Column("account_id", "Customer number", on_page=False)


def keys_table(found: "Found") -> Table:
    """A row per key account, largest sales first; pills say where more than to maintain it is due."""
    columns = [
        IDENTITY,
        customer(found, "name"),
        Column("activities", "Key on", on_page=False),
        Column("work", "Recommended action", written=_action, tones=WORK_TONES),
        Column("reasons", "Why key", written=lambda row: _first_reason(found, row["account_id"])),
        *_notice(found),
        Column("firm", "Robust?", "flag", written=lambda row: robust(found, row["account_id"])),
        Column("on_list", "On your list?", "flag"),
        Column(
            "served",
            f"Among the {found.limit} served?",
            "flag",
            written=lambda row: served_or_why(found, row["account_id"]),
            on_page=len(found.keys) > found.limit,
        ),
        Column("amount", headed(found.about.measure_words), "money", on_page=False),
        Column("revenue_share", f"Share of {found.about.measure_words}", "share", bar=True),
        Column("score", "Value (0-1)", "number", on_page=False),
        Column("acceptability_share", say("keys.among", limit=found.limit), "share", on_page=False),
        Column("quadrant", "Quadrant", on_page=False),
        Column("rule", "Rule for the action", on_page=False),
        Column("figures", "Figures for the action", on_page=False),
    ]
    records = [_key(found, each) for each in found.ordered]
    unit = found.about.unit
    notes = [say("keys.robust", limit=found.limit, robust=ROBUST)]
    return Table(say("keys.caption"), columns, rows(records, columns), unit=unit, notes=notes if records else [])


def _first_reason(found: "Found", account_id: str) -> str:
    """On one line, so that a row is one."""
    return reasons(found, account_id, most=1).removeprefix("buys in ").replace(" ", style.GAP)


def _notice(found: "Found") -> list[Column]:
    """Until when each decides, where any of them has a contract that runs."""
    ends, last = notices.columns(found.about.as_of)
    if not any(found.of(found.traits, each, "ends_on") for each in found.ordered):
        return []
    return [replace(ends, on_page=False), replace(last, written=lambda row: _last_day(found, row))]


def _last_day(found: "Found", row: Any) -> str:
    return notices.last_day(row, found.about.as_of) or notices.end(row)


def _key(found: "Found", account_id: str) -> dict[str, Any]:
    scores, work = found.scores, found.work
    days = {name: found.of(found.traits, account_id, name) for name in ("ends_on", "notice_by")}
    return days | {
        "account_id": account_id,
        "name": str(found.names.get(account_id, account_id)),
        "activities": list(found.of(found.keys, account_id, "activities") or ()),
        "reasons": reasons(found, account_id, most=_REASONS_PUBLISHED),
        "work": found.of(work, account_id, "work"),
        "firm": is_firm(found, account_id),
        "on_list": None if found.listing is None else account_id in found.listing.agreed,
        "served": account_id in found.served,
        "amount": found.of(found.book.accounts, account_id, "amount") or 0.0,
        "revenue_share": share_of(found, account_id),
        "score": found.of(scores, account_id, "score"),
        "acceptability_share": found.of(scores, account_id, "top"),
        "quadrant": found.of(found.matrix, account_id, "quadrant"),
        "rule": found.of(work, account_id, "rule"),
        "figures": found.of(work, account_id, "figures"),
    }


def _action(row: Any) -> str:
    """What to do, in words; where a fall in sales cannot be told, that is said."""
    action = WORK_WORDS[row["work"] or "review"]
    return say("work.fall_unknown", action=action) if row["rule"] == NOT_ASSESSED else action


def activities_table(found: "Found") -> Table:
    """On what each key account is key, for `tables.xlsx`."""
    columns = [
        IDENTITY,
        customer(found),
        Column("activity", "Key on"),
        Column("amount", "Amount", "number"),
        Column("share", "Share of it", "share"),
        Column("significant", say("keys.significant"), "flag"),
    ]
    return Table(say("keys.activities"), columns, _named(found, found.significant))


def moves(found: "Found") -> list[str]:
    """Who became key, who no longer is, and who is on the company's list without qualifying."""
    came, went = moved(found)
    said = [say("moves.came", who=found.name(each), why=reasons(found, each)) for each in came]
    said += [say("moves.went", who=found.name(each)) for each in went]
    for each in found.listing.habit if found.listing else ():
        said.append(say("moves.habit", who=found.name(each), why=not_key(found, each)))
    if found.keys_before is not None and not came and not went:
        said.append(say("moves.same"))
    return said


def work_table(found: "Found") -> Table:
    """The rule that decided each key account's action, with the figures that fired; where none did, its figures."""
    columns = [
        customer(found),
        Column("work", "Recommended action", written=lambda row: WORK_WORDS[row["work"]], tones=WORK_TONES),
        Column("because", "Because"),
    ]
    order = list(WORK_WORDS)
    records = [
        identity(found, each)
        | {"work": found.of(found.work, each, "work") or "review", "because": _because(found, each)}
        for each in found.ordered
    ]
    records.sort(key=lambda each: order.index(each["work"]))
    return Table("Why this action", columns, rows(records, [IDENTITY, *columns]))


def _because(found: "Found", account_id: str) -> str:
    rule, figures = (found.of(found.work, account_id, name) or "" for name in ("rule", "figures"))
    if rule == NOT_ASSESSED:
        return f"{headed(rule)}{f' ({figures})' if figures else ''}."
    if found.of(found.work, account_id, "work") == "review":
        return f"{headed(figures or rule)}."
    return f"{headed(rule)}: {figures}."


def rules_table() -> Table:
    """Every rule for the recommended action, in the order in which they are tried."""
    columns = [Column("work", "Recommended action"), Column("rule", say("work.rule"))]
    records = [{"work": WORK_WORDS[work], "rule": headed(rule)} for work, rule in rules_in_words()]
    return Table(say("work.rules"), columns, rows(records, columns))


def threshold_table(found: "Found") -> Table:
    """Both sides of the line between served and not, with what puts each there."""
    columns = [
        customer(found),
        Column("side", "Now"),
        Column("score", "Value (0-1)", "number"),
        Column("why", "Why"),
    ]
    records = [_inside(found, row) for row in found.cut.just_inside.to_dict("records")]
    records += [_outside(found, row) for row in found.cut.just_outside.to_dict("records")]
    notes = [_capacity(found), *_most_valuable(found)]
    caption = say("closest.caption")
    return Table(caption, columns, rows(records, [IDENTITY, *columns]), notes=notes, missing=style.NOT_ASSESSED)


def _capacity(found: "Found") -> str:
    n, of = len(found.keys), {"limit": found.limit, "keys": len(found.keys)}
    if n > found.limit:
        return say("capacity.too_many", **of)
    share = style.share(found.key_share, 0)
    return say("capacity.one", share=share, **of) if n == 1 else say("capacity.room", share=share, **of)


def _inside(found: "Found", row: Any) -> dict[str, Any]:
    account_id, why = row["account_id"], reasons(found, row["account_id"])
    if len(found.keys) > found.limit and _told(row["lead"]):
        why = say("closest.ahead", why=why, lead=style.decimal(row["lead"], 2))
    return identity(found, account_id) | {"side": "inside", "why": why, "score": row["score"]}


def _outside(found: "Found", row: Any) -> dict[str, Any]:
    account_id, side = row["account_id"], "key, not served" if row["key"] else "outside"
    if row["key"]:
        why = reasons(found, account_id)
        if _told(row["lead"]):
            why = say("closest.behind", why=why, lead=style.decimal(-row["lead"], 2))
    else:
        why = _how_short(found, row) if row["activity"] else ""
    return identity(found, account_id) | {"side": side, "why": why, "score": row["score"]}


def _how_short(found: "Found", row: Any) -> str:
    share, activity = row["largest_share"], row["activity"]
    if share >= found.key_share:
        return say("closest.as_most", share=style.share(share), activity=activity_name(activity))
    return say("closest.short", short=short_of(found, {"share": share, "activity": activity}))


def _most_valuable(found: "Found") -> list[str]:
    """Whoever is more valuable than a key account without being key: a reader who sees the scores will ask."""
    others = found.scores[~found.scores["account_id"].isin(found.keys["account_id"])].nlargest(1, "score")
    keys = found.scores.loc[found.scores["account_id"].isin(found.keys["account_id"]), "score"]
    if others.empty or not others["score"].iloc[0] > keys.min():
        return []
    best = others.iloc[0]
    who = f"{found.name(str(best['account_id']))} ({style.decimal(best['score'], 2)})"
    return [say("closest.valuable", who=who)]


def outside_table(found: "Found") -> Table:
    """Who comes nearest without being served, for `tables.xlsx`."""
    columns = [
        Column("rank", "Rank by value", "count"),
        IDENTITY,
        customer(found),
        Column("key", "Key?", "flag"),
        Column("score", "Value (0-1)", "number"),
        Column("largest_share", "Largest share", "share"),
        Column("activity", "Of what"),
        Column("lead", say("closest.lead"), "number"),
    ]
    return Table("Closest to being served", columns, _named(found, found.cut.just_outside))


def borders(found: "Found") -> Html:
    """Which key accounts are so near a border of the matrix that a small change moves them across."""
    near = set(found.matrix.loc[found.matrix["borderline"], "account_id"])
    names = [found.name(each) for each in found.ordered if each in near]
    return paragraph(say("closest.border", who=", ".join(names)) if names else "", "note")


def _named(found: "Found", frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(account_name=[str(found.names.get(each, each)) for each in frame["account_id"]])


def _told(number: float) -> bool:
    return number == number
