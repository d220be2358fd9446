"""The list of key accounts: why each is key, what to do, on which rule, and who is closest to the threshold."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from kam_analysis.analysis.segments import NOT_ASSESSED, rules_in_words
from kam_analysis.pages import notices, style
from kam_analysis.pages.html import Html, paragraph
from kam_analysis.pages.key_accounts.answer import ROBUST, WORK_TONES, WORK_WORDS, served_or_why
from kam_analysis.pages.key_accounts.compared import moved
from kam_analysis.pages.key_accounts.reasons import activity_name, is_firm, not_key, reasons, robust, share_of
from kam_analysis.pages.table import Column, Table, rows
from kam_analysis.pages.words import headed

if TYPE_CHECKING:
    from kam_analysis.pages.key_accounts.found import Found

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
    """A row per key account, largest sales first; marked where more than to maintain it is due."""
    columns = [
        IDENTITY,
        customer(found, "name"),
        Column("activities", "Key on", on_page=False),
        Column("reasons", "Why key", written=lambda row: reasons(found, row["account_id"])),
        Column("work", "Recommended action", written=_action, tones=WORK_TONES),
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
        Column("amount", headed(found.about.measure_words), "money"),
        Column("revenue_share", "Share", "share", bar=True),
        Column("score", "Value (0-1)", "number", on_page=False),
        Column("acceptability_share", f"Among the best {found.limit}, of weightings", "share", on_page=False),
        Column("quadrant", "Quadrant", on_page=False),
        Column("rule", "Rule for the action", on_page=False),
        Column("figures", "Figures for the action", on_page=False),
    ]
    records = [_key(found, each) for each in found.ordered]
    due = [at for at, each in enumerate(records) if each["work"] not in (None, "review")]
    unit = found.about.unit
    caption, notes = (
        "The key accounts, largest sales first",
        [f"Robust: among the best {found.limit} by value {ROBUST}."],
    )
    return Table(caption, columns, rows(records, columns), unit=unit, strong=due, notes=notes if records else [])


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
    return WORK_WORDS[row["work"] or "review"] + (" (a fall is not assessed)" if row["rule"] == NOT_ASSESSED else "")


def activities_table(found: "Found") -> Table:
    """On what each key account is key, for `tables.xlsx`."""
    columns = [
        IDENTITY,
        customer(found),
        Column("activity", "Key on"),
        Column("amount", "Amount", "number"),
        Column("share", "Share of it", "share"),
        Column("significant", "At or above the threshold?", "flag"),
    ]
    return Table("What each key account is key on", columns, _named(found, found.significant))


def moves(found: "Found") -> list[str]:
    """Who became key, who no longer is, and who is on the company's list without qualifying."""
    came, went = moved(found)
    said = [f"Became key since the year before: {found.name(each)} ({reasons(found, each)})." for each in came]
    said += [f"No longer key: {found.name(each)}." for each in went]
    if found.listing:
        habit = found.listing.habit
        said += [
            f"On your list but below every threshold: {found.name(each)} ({not_key(found, each)})." for each in habit
        ]
    if found.keys_before is not None and not came and not went:
        said.append("The same customers were key the year before.")
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
    columns = [Column("work", "Recommended action"), Column("rule", "If (the first match applies)")]
    records = [{"work": WORK_WORDS[work], "rule": headed(rule)} for work, rule in rules_in_words()]
    return Table("How the action is decided", columns, rows(records, columns))


def threshold_table(found: "Found") -> Table:
    """Both sides of the line between served and not, with what puts each there."""
    columns = [
        customer(found),
        Column("side", "Now"),
        Column("why", "Why"),
        Column("score", "Value (0-1)", "number"),
    ]
    records = [_inside(found, row) for row in found.cut.just_inside.to_dict("records")]
    records += [_outside(found, row) for row in found.cut.just_outside.to_dict("records")]
    notes = [_capacity(found), *_most_valuable(found)]
    caption = "Closest to the threshold, on either side"
    return Table(caption, columns, rows(records, [IDENTITY, *columns]), notes=notes, missing=style.NOT_ASSESSED)


def _capacity(found: "Found") -> str:
    n, limit = len(found.keys), found.limit
    if n > limit:
        return f"You have capacity for {limit} key accounts and {n} qualify, so the {limit} most valuable are served."
    verb = "qualifies" if n == 1 else "qualify"
    return (
        f"You have capacity for {limit} key accounts and {n} {verb}. To qualify, a customer needs "
        f"{style.share(found.key_share, 0)} of something that matters: all sales, the margin, a product line."
    )


def _inside(found: "Found", row: Any) -> dict[str, Any]:
    account_id, why = row["account_id"], reasons(found, row["account_id"])
    if len(found.keys) > found.limit and _told(row["lead"]):
        why += f", {style.decimal(row['lead'], 2)} of value ahead of the first outside"
    return identity(found, account_id) | {"side": "inside", "why": why, "score": row["score"]}


def _outside(found: "Found", row: Any) -> dict[str, Any]:
    account_id, side = row["account_id"], "key, not served" if row["key"] else "outside"
    if row["key"]:
        why = reasons(found, account_id)
        if _told(row["lead"]):
            why += f", {style.decimal(-row['lead'], 2)} of value behind the last inside"
    else:
        short = style.points(found.key_share - row["largest_share"]).lstrip("+")
        reached = f"highest share {style.share(row['largest_share'])} of {activity_name(row['activity'])}"
        if row["largest_share"] >= found.key_share:
            short = "as much as most customers; that makes nobody key"
        else:
            short += " short"
        why = f"{reached}, {short}" if row["activity"] else ""
    return identity(found, account_id) | {"side": side, "why": why, "score": row["score"]}


def _most_valuable(found: "Found") -> list[str]:
    """Whoever scores best without being key: a reader who sees the scores will ask."""
    others = found.scores[~found.scores["account_id"].isin(found.keys["account_id"])].nlargest(1, "score")
    if others.empty or not len(found.keys):
        return []
    best = others.iloc[0]
    who = f"{found.name(str(best['account_id']))} ({style.decimal(best['score'], 2)})"
    return [f"{who} is the most valuable of all who are not key: a high value alone does not make a customer key."]


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
        Column("lead", "Value ahead of the last inside", "number"),
    ]
    return Table("Closest to being served", columns, _named(found, found.cut.just_outside))


def borders(found: "Found") -> Html:
    """Which key accounts are so near a border of the matrix that a small change moves them across."""
    near = set(found.matrix.loc[found.matrix["borderline"], "account_id"])
    names = [found.name(each) for each in found.ordered if each in near]
    said = "Orange with a dark rim: so near a border that a small change moves it across"
    return paragraph(f"{said} ({', '.join(names)})." if names else "", "note")


def _named(found: "Found", frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(account_name=[str(found.names.get(each, each)) for each in frame["account_id"]])


def _told(number: float) -> bool:
    return number == number
