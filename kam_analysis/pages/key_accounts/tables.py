"""The list of key accounts: why each is key, what to do, on which rule, and who is closest to the threshold."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from kam_analysis.analysis.segments import NOT_ASSESSED, PRESENCE, rules_in_words
from kam_analysis.pages import notices, style
from kam_analysis.pages.html import Html, paragraph
from kam_analysis.pages.key_accounts.answer import ROBUST, WORK_TONES, WORK_WORDS, served_or_why
from kam_analysis.pages.key_accounts.reasons import (
    NAMED,
    activity_name,
    briefly,
    is_firm,
    moved,
    not_key,
    reasons,
    robust,
    share_of,
    short_of,
    without_telling,
)
from kam_analysis.pages.table import Column, Table, columns_in, rows
from kam_analysis.pages.words import headed, listed, said_in

if TYPE_CHECKING:
    from kam_analysis.pages.key_accounts.found import Found

say, declared = (said_in(__file__), columns_in(__file__))

# The page gives the first reasons, whatever is published so many.
_REASONS_PUBLISHED = 5


def customer(found: "Found") -> Callable[[Mapping[str, Any]], str]:
    """How a column of names is written: as pages call each account; published is what the data has."""
    return lambda row: found.name(row["account_id"])


def of_keys(found: "Found", columns: Sequence[Column], *frames: pd.DataFrame, also: Sequence[str] = ()) -> pd.DataFrame:
    """A row per key account in the order of pages: its id, its name as the data has it, and its cells of the frames.

    `also`: cells that no column shows. What a frame does not have is None, and so is what it calls not assessed.
    """
    named = list(dict.fromkeys(["account_id", *(each.name for each in columns), *also]))
    names = [each for each in named if each not in ("account_id", "account_name")]
    records = []
    for account_id in found.ordered:
        cells = {name: found.of(frame, account_id, name) for name in names for frame in frames if name in frame}
        known = {name: None if cell == style.NOT_ASSESSED else cell for name, cell in cells.items()}
        records.append(_identity(found, account_id) | known)
    return pd.DataFrame(records, columns=named, dtype=object)


def _identity(found: "Found", account_id: str) -> dict[str, Any]:
    return {"account_id": account_id, "account_name": str(found.names.get(account_id, account_id))}


def named(found: "Found", frame: pd.DataFrame) -> pd.DataFrame:
    """A frame of accounts with their names as the data has them."""
    return frame.assign(account_name=[str(found.names.get(each, each)) for each in frame["account_id"]])


def keys_table(found: "Found") -> Table:
    """A row per key account, largest sales first; pills say where more than to maintain it is due."""
    # On one line, so that a row is one.
    columns = declared(
        "keys",
        of={"limit": found.limit, "measure": found.about.measure_words},
        made={"notice": _notice(found)},
        heading={"amount": say("keys.amount", measure=headed(found.about.measure_words))},
        written={
            "name": customer(found),
            "work": _action,
            "reasons": lambda row: briefly(reasons(found, row["account_id"], most=1)).replace(" ", style.GAP),
            "firm": lambda row: robust(found, row["account_id"]),
            "served": lambda row: served_or_why(found, row["account_id"]),
        },
        tones={"work": WORK_TONES},
        on_page={"served": len(found.keys) > found.limit},
    )
    ids = found.ordered
    frame = of_keys(found, columns, found.traits, found.keys, found.work, found.scores, found.matrix).assign(
        name=[_identity(found, each)["account_name"] for each in ids],
        reasons=[reasons(found, each, most=_REASONS_PUBLISHED) for each in ids],
        firm=[is_firm(found, each) for each in ids],
        on_list=None if found.listing is None else [each in found.listing.agreed for each in ids],
        served=[each in found.served for each in ids],
        amount=[found.of(found.book.accounts, each, "amount") or 0.0 for each in ids],
        revenue_share=[share_of(found, each) for each in ids],
        acceptability_share=[found.of(found.scores, each, "top") for each in ids],
    )
    notes = [say("keys.robust", limit=found.limit, robust=ROBUST)] if ids else []
    return Table(say("keys.caption"), columns, frame, unit=found.about.unit, notes=notes)


def _notice(found: "Found") -> list[Column]:
    """Until when each decides, where any of them has a contract that runs."""
    ends, last = notices.columns(found.about.as_of)
    if not any(found.of(found.traits, each, "ends_on") for each in found.ordered):
        return []
    return [replace(ends, on_page=False), replace(last, written=lambda row: _last_day(found, row))]


def _last_day(found: "Found", row: Any) -> str:
    return notices.last_day(row, found.about.as_of) or notices.end(row)


def _action(row: Any) -> str:
    """What to do, in words; where a fall in sales cannot be told, that is said."""
    action = WORK_WORDS[row["work"] or "review"]
    return say("work.fall_unknown", action=action) if row["rule"] == NOT_ASSESSED else action


def activities_table(found: "Found") -> Table:
    """On what each key account is key, for `tables.xlsx`."""
    columns = declared("activities", written={"account_name": customer(found)})
    return Table(say("keys.activities"), columns, named(found, found.significant))


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
    written = {"account_name": customer(found), "work": lambda row: WORK_WORDS[row["work"]]}
    columns = declared("work", written=written, tones={"work": WORK_TONES})
    order = list(WORK_WORDS)
    frame = of_keys(found, columns, found.work).assign(because=[_because(found, each) for each in found.ordered])
    frame["work"] = frame["work"].fillna("review")
    frame = frame.sort_values("work", key=lambda kinds: kinds.map(order.index), kind="stable", ignore_index=True)
    return Table(say("work.caption"), columns, frame)


def _because(found: "Found", account_id: str) -> str:
    rule, figures = ((found.of(found.work, account_id, name) or "") for name in ("rule", "figures"))
    figures = figures.replace("; ", ", ")
    if rule == NOT_ASSESSED:
        return f"{headed(rule)}{f' ({figures})' if figures else ''}."
    if found.of(found.work, account_id, "work") == "review":
        return f"{headed(figures or rule)}."
    return f"{headed(rule)}: {figures}."


def rules_table() -> Table:
    """Every rule for the recommended action, in the order in which they are tried."""
    records = [{"work": WORK_WORDS[work], "rule": headed(rule)} for work, rule in rules_in_words()]
    return Table(say("work.rules"), declared("rules"), pd.DataFrame(records))


def threshold_table(found: "Found") -> Table:
    """Both sides of the line between served and not, with what puts each there."""
    columns = declared("threshold", written={"account_name": customer(found)})
    records = [_inside(found, row) for row in found.cut.just_inside.to_dict("records")]
    records += [_outside(found, row) for row in found.cut.just_outside.to_dict("records")]
    notes = [_capacity(found), *_most_valuable(found)]
    frame = pd.DataFrame(records, columns=["account_id", *(each.name for each in columns)], dtype=object)
    return Table(say("closest.caption"), columns, frame, notes=notes, missing=style.NOT_ASSESSED)


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
    return _identity(found, account_id) | {"side": say("closest.inside"), "why": why, "score": row["score"]}


def _outside(found: "Found", row: Any) -> dict[str, Any]:
    account_id, side = row["account_id"], say("closest.not_served" if row["key"] else "closest.outside")
    if row["key"]:
        why = reasons(found, account_id)
        if _told(row["lead"]):
            why = say("closest.behind", why=why, lead=style.decimal(-row["lead"], 2))
    else:
        why = _how_short(found, row) if row["activity"] else ""
    return _identity(found, account_id) | {"side": side, "why": why, "score": row["score"]}


def _how_short(found: "Found", row: Any) -> str:
    share, activity = row["largest_share"], row["activity"]
    if share >= found.key_share:
        return say("closest.as_most", share=style.share(share), activity=activity_name(activity))
    return say("closest.short", short=short_of(found, {"share": share, "activity": activity}))


def _most_valuable(found: "Found") -> list[str]:
    """Whoever is more valuable than a key account without being key: a reader who sees the scores will ask."""
    key = found.scores["account_id"].isin(found.keys["account_id"])
    others = found.scores[~key].nlargest(1, "score")
    if others.empty or not others["score"].iloc[0] > found.scores.loc[key, "score"].min():
        return []
    best = others.iloc[0]
    return [say("closest.valuable", who=found.name(str(best["account_id"])), value=style.decimal(best["score"], 2))]


def outside_table(found: "Found") -> Table:
    """Who comes nearest without being served, for `tables.xlsx`."""
    columns = declared("outside", written={"account_name": customer(found)})
    return Table(say("closest.unserved"), columns, named(found, found.cut.just_outside))


def borders(found: "Found") -> Html:
    """Which key accounts are so near a border of the matrix that a small change moves them across."""
    near = set(found.matrix.loc[found.matrix["borderline"], "account_id"])
    names = [found.name(each) for each in found.ordered if each in near]
    return paragraph(say("closest.border", who=", ".join(names)) if names else "", "note")


def _told(number: float) -> bool:
    return number == number


def by_threshold_table(found: "Found") -> Table:
    """Who comes in and who goes out at half, three quarters, one and a quarter and one and a half of the threshold."""
    columns = declared(
        "by_threshold",
        written={
            "entered": lambda row: _names(found, row["entered"]),
            "left": lambda row: _names(found, row["left"]),
            "by_presence": lambda row: _names(found, row["by_presence"]),
        },
    )
    records: list[dict[str, Any]] = [
        {str(name): list(value) if isinstance(value, tuple) else value for name, value in each.items()}
        for each in found.by_threshold.to_dict("records")
    ]
    now = [at for at, each in enumerate(records) if each["times"] == 1]
    notes = [*_presence(found), *without_telling(found)]
    return Table(say("threshold.caption"), columns, rows(records, columns), strong=now, notes=notes)


def _names(found: "Found", ids: Sequence[str]) -> str:
    return listed(map(found.name, ids), NAMED)


def _presence(found: "Found") -> list[str]:
    """Whom buying in many regions alone makes key, with the share of sales that each has."""
    alone = [each for each in found.ordered if tuple(found.of(found.keys, each, "activities")) == (PRESENCE,)]
    if not alone:
        return []
    told = [say("balance.other", who=found.name(each), share=style.share(share_of(found, each))) for each in alone]
    of = {"number": style.count(len(alone)), "share": style.share(found.key_share, 0)}
    return [say("threshold.presence", who=listed(told, NAMED), **of)]


def common_table(found: "Found") -> Table:
    """What most customers meet and what therefore makes nobody key, for the results."""
    return Table(say("threshold.left_out"), declared("common"), found.common)
