"""What each manager looks after, whether it grew, where their hours go; and the basics of each key account."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from kam_analysis.analysis.coverage import Attended
from kam_analysis.pages import cells, style
from kam_analysis.pages.table import Column, Table, columns_in, in_its_range
from kam_analysis.pages.words import said_in, words_in

if TYPE_CHECKING:
    from kam_analysis.pages.coverage.found import Found

say, declared = said_in(__file__), columns_in(__file__)

# So many people a page lists: 800 took 1.2 MB of it, and are read by nobody.
MOST_PEOPLE = 100
_LISTED = 10
_VERDICTS, _WHY = words_in(__file__, "verdicts"), words_in(__file__, "slipped")
_BASICS, _CAPPED = words_in(__file__, "basics"), words_in(__file__, "capped")
_HOURS_LISTED = 12


def managers_table(found: "Found") -> Table:
    """What each manager looks after, and what it would cost if that changed hands; all of it is published."""
    unit, looked_at = found.about.unit, found.leaving.cost.manager_id if found.leaving.cost else None
    columns = declared(
        "managers",
        made={
            "rating": declared("rating") if found.rated.individuals else (),
            "alone": _range("transition", say("managers.alone") + cells.of(unit)),
            "margin_at_risk": _range("at_risk_margin", say("managers.margin_at_risk") + cells.of(unit), in_all=True),
        },
        written={"largest_account_id": lambda row: _largest(found, row)},
    )
    rows = _dearest_first(found.managers, looked_at)
    strong = [at for at, each in enumerate(rows["account_manager_id"]) if each == looked_at]
    notes = [" ".join(filter(None, [_beside(found), _more(rows)]))] if len(rows) else []
    return Table(say("managers.portfolio"), columns, rows, unit=unit, strong=strong, shown=MOST_PEOPLE, notes=notes)


def _dearest_first(managers: pd.DataFrame, looked_at: str | None) -> pd.DataFrame:
    """In their order, who holds most first; of more than a page lists those whose hand-over would cost most come first.

    The manager looked at is among these in any case.
    """
    if len(managers) <= MOST_PEOPLE:
        return managers
    dearest = managers.sort_values("transition", ascending=False, kind="stable", ignore_index=True)
    place = dearest["account_manager_id"].eq(looked_at).argmax() if looked_at else 0
    if place < MOST_PEOPLE:
        return dearest
    order = list(range(len(dearest)))
    order.insert(MOST_PEOPLE - 1, order.pop(place))
    return dearest.iloc[order].reset_index(drop=True)


def _more(rows: pd.DataFrame) -> str:
    """How many there are beside those that the page lists: a page of thousands of people is read by nobody."""
    more = len(rows) - MOST_PEOPLE
    return say("managers.more", managers=style.counted(more, "more account manager")) if more > 0 else ""


def _range(name: str, heading: str, *, in_all: bool = False) -> list[Column]:
    """A cost with its range, `in_all` after the cost itself: one column on the page, three in what is published."""

    def written(row: Mapping[Any, Any]) -> str:
        if pd.isna(row.get(name)):
            return ""
        low, high = row[f"{name}_low"], row[f"{name}_high"]
        ends = style.amounts(low, high)
        return f"{style.estimate(row[name], low, high)} ({ends})" if in_all else ends

    return in_its_range(name, heading, "money", written=written)


def _largest(found: "Found", row: Mapping[Any, Any]) -> str:
    if pd.isna(row["largest_account_id"]):
        return ""
    return f"{found.customer(row['largest_account_id'])}, {style.share(row['largest_share'], 0)}"


def _beside(found: "Found") -> str:
    own = found.ownership
    customers, managers = style.decimal(own.few.effective_accounts, 0), style.decimal(own.few.effective_managers)
    said = [say("managers.concentrated", customers=customers, managers=managers)]
    if len(own.unheld):
        money = style.money(float(own.unheld["revenue"].clip(lower=0).sum()), found.about.unit)
        told = {"money": money, "first": ", ".join(map(found.customer, own.unheld["account_id"].head(3))).rstrip(".")}
        number = len(own.unheld)
        said.append(say("managers.one_unheld" if number == 1 else "managers.unheld", **told, number=number))
    if idle := own.unheld_idle:
        said.append(say("managers.one_idle" if idle == 1 else "managers.idle", **{"number": idle}))
    if alone := len(own.without_deputy):
        said.append(
            say("managers.one_without_deputy" if alone == 1 else "managers.without_deputy", **{"number": alone})
        )
    return " ".join(said)


def short_table(found: "Found") -> Table:
    """The managers in three figures."""
    cost = _range("transition", say("managers.alone") + cells.of(found.about.unit))
    rows = _dearest_first(found.managers, None)
    return Table("In short", declared("short", made={"alone": cost}), rows, shown=MOST_PEOPLE)


def attention_table(found: "Found") -> Table:
    """Whose accounts grew, held or slipped: administering told from managing."""
    columns = declared(
        "attention",
        made={"verdicts": (Column(name, heading, "count", written=_part(name)) for name, heading in _VERDICTS.items())},
        heading={"rated_as": found.rated.word},
        written={"hours_recorded": _of_hours},
    )
    rows = found.rated.rows
    rows = rows if found.attended["verdict"].notna().any() else rows.iloc[:0]
    rules = Attended()
    grown, held = style.share(rules.grown - 1, 0), style.share(rules.protected, 0)
    notes = [say("managers.growing_note", grown=grown, held=held), *_others(rows)]
    return Table(say("managers.growing"), columns, rows, shown=MOST_PEOPLE, notes=notes)


def _others(rows: pd.DataFrame) -> list[str]:
    """The same of a table that is published nowhere else."""
    more = len(rows) - MOST_PEOPLE
    return [say("managers.not_shown", rows=style.counted(more, "more row"))] if more > 0 else []


def _part(verdict: str) -> Any:
    def written(row: Mapping[Any, Any]) -> str:
        whole = sum(row[f"money_{each}"] for each in _VERDICTS)
        part = f" ({style.share(row[f'money_{verdict}'] / whole, 0)})" if whole else ""
        return "" if pd.isna(row[verdict]) else f"{row[verdict]:.0f}{part}"

    return written


def _of_hours(row: Mapping[Any, Any]) -> str:
    recorded, capacity = row["hours_recorded"], row["hours_per_month"]
    if pd.isna(recorded):
        return ""
    return f"{recorded:.0f} of {capacity:.0f}" if pd.notna(capacity) else f"{recorded:.0f}"


def slipping_table(found: "Found") -> Table:
    """The largest accounts that neither grew nor held."""
    rows = found.attended[found.attended["verdict"] == "neither"].head(_LISTED)
    rows = rows.assign(
        account_name=[found.customer(each) for each in rows["account_id"]]
        if rows["account_name"].isna().any()
        else rows["account_name"],
        manager=rows["rated_as"].where(rows["rated_as"] != "", "nobody"),
        because=rows["why"].map(_WHY),
    )
    return Table(say("managers.slipping"), declared("slipping"), rows, unit=found.about.unit)


def hours_by_manager_table(found: "Found") -> Table:
    """What better hours bring with each manager or team, and what one more hour is worth."""
    best, caption = found.allocation, "By manager" if found.rated.individuals else "By team"
    if best is None or not best.assessed:
        return Table(caption, [], pd.DataFrame())
    moved = best.accounts["change"].clip(lower=0).groupby(best.accounts["account_manager_id"]).sum()
    rows = best.managers.dropna(subset="value")
    rows = rows.assign(moved=rows["account_manager_id"].map(moved).fillna(0.0), short=rows["short"].clip(lower=0))
    # An hour more is worth what it brings where it brings most.
    ways = dict.fromkeys(("capacity", "moved", "gain", "short"), "sum") | {"worth_of_an_hour": "max"}
    rows = rows.groupby(found.rated.names(rows["account_manager_id"]).rename("manager")).agg(ways).reset_index()
    rows = rows.sort_values("gain", ascending=False).assign(short=lambda each: each["short"].where(each["short"] > 0))
    columns = declared("hours_by_manager", heading={"manager": found.rated.word})
    notes = [_hours_said(found), *_others(rows)]
    return Table(caption, columns, rows, unit=found.about.unit, shown=MOST_PEOPLE, notes=notes)


def _hours_said(found: "Found") -> str:
    best, given, unit = found.allocation, found.assumptions["hours_elasticity"], found.about.unit
    assert best is not None
    recorded, there = found.rated.rows["hours_recorded"].sum(), found.rated.rows["hours_per_month"].sum()
    range_ = style.amounts(*_gain_range(found), unit)
    effect = {"value": f"{given.value:g}", "low": f"{given.low:g}", "high": f"{given.high:g}", "source": given.source}
    chance = style.share(best.kept_from or 1.0, 0)
    said = [
        say("managers.hours_gain", earned=found.earned, money=style.money(best.gain, unit), range=range_),
        say("managers.hours_effect", **effect),
        say("managers.hours_assumed"),
        say("managers.hours_limits", least=f"{best.key_hours:g}", chance=chance),
        say("managers.hours_contracts"),
        say("managers.hours_exact")
        if best.gap < 0.01
        else say("managers.hours_nearly", money=style.money(best.gap, unit)),
    ]
    if there:
        said.append(say("managers.hours_rest_on", recorded=style.count(recorded), all=style.count(there)))
    return " ".join(said)


def _gain_range(found: "Found") -> tuple[float, float]:
    """The least and the most that the better hours bring, with what hours bring and all chances at an end of their ranges."""
    best, given = found.allocation, found.assumptions["hours_elasticity"]
    assert best is not None
    chances = found.accounts.set_index("account_id")
    ends = [None, chances["low"], chances["high"]]
    gains = [best.gain_if(each, end) for each in (given.low, given.value, given.high) for end in ends]
    return min(gains), max(gains)


def hours_table(found: "Found") -> Table:
    """The accounts whose hours would change most."""
    best = found.allocation
    rows = found.hours.iloc[:0] if best is None or not best.assessed else found.hours.dropna(subset="hours_best")
    rows = rows.head(_HOURS_LISTED)
    if len(rows):
        rows = rows.assign(
            gain=rows["value_best"] - rows["value"],
            to_win=rows["to_win"].where(rows["to_win"] != 0),
            capped=rows["held_by"].map(_CAPPED),
            estimate=rows["account_id"].map(found.accounts.set_index("account_id")["estimate"]),
        )
    columns = declared(
        "hours",
        written={"probability": _chance},
        heading={"rated_as": "Manager" if found.rated.individuals else "Team"},
    )
    return Table(say("managers.hours_change"), columns, rows, unit=found.about.unit)


def _chance(row: Mapping[Any, Any]) -> str:
    """For whatever reason; what it would be but for what could take several at once stands beside it."""
    chance = style.share(row["probability"], 0)
    if row["probability"] > row["estimate"]:
        return say("managers.chance_alone", chance=chance, estimate=style.share(row["estimate"], 0))
    return chance


def practice_table(found: "Found") -> Table:
    """A row per key account, a column per basic, and how many are missing."""
    known, grid = found.practised.known, found.practice
    unknown = ", ".join(words for item, words in _BASICS.items() if item not in known)
    columns = declared(
        "practice",
        made={"basics": (Column(item, _BASICS[item], written=_mark(item)) for item in known)},
        heading={"missing": f"Missing, of {len(known)}"},
    )
    footer = {"account_name": "Accounts without it", "missing": grid["missing"].sum()}
    return Table(
        say("managers.basics"),
        columns,
        grid if known else grid.iloc[:0],
        footer=footer | {item: int(found.practised.missing[item]) for item in known},
        strong=[at for at, each in enumerate(grid["missing"]) if pd.notna(each) and each >= 3],
        notes=[say("managers.not_assessed", basics=unknown.lower())] if unknown else [],
    )


def _mark(item: str) -> Any:
    def written(row: Mapping[Any, Any]) -> str:
        value = row[item]
        return ("✓" if value else "missing") if isinstance(value, bool) else str(value)

    return written
