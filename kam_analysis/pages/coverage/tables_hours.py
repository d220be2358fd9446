"""Where the hours go, and where they would keep and win most."""

import pandas as pd

from kam_analysis.pages import cells, style
from kam_analysis.pages.coverage.evidence import Evidence
from kam_analysis.pages.html import Html, paragraph, table, together

_LISTED = 12
_HELD = {
    "least": "at half of today's",
    "most": "at double today's",
    "key minimum": "the least for a key account",
    "": "",
}


def hours_table(found: Evidence, unit: str) -> Html:
    """The accounts whose hours would change most."""
    best = found.hours
    if best is None or not best.assessed:
        return Html("")
    rows = [
        {
            "name": row["account_name"], "manager": found.manager(row["account_manager_id"]), "stake": style.money(row["at_stake"]),
            "chance": style.share(row["probability"], 0), "win": style.money(row["to_win"]) if row["to_win"] else "", "now": style.decimal(row["hours"]), "best": style.decimal(row["hours_best"]),
            "gain": style.money(row["value_best"] - row["value"]), "held": _HELD[row["held_by"]],
        }
        for row in best.accounts.dropna(subset="hours_best").head(_LISTED).to_dict("records")
    ]  # fmt: skip
    columns = {
        "name": "Customer|", "now": "Hours a month now", "best": "Best", "gain": "Kept and won more a year", "stake": f"We earn there{cells.of(unit)}",
        "chance": "Chance of leaving", "win": "Could win", "manager": "Manager|", "held": "Held|",
    }  # fmt: skip
    shown = {key: title for key, title in columns.items() if any(row[key] for row in rows)}
    return table(shown, rows, "Where the hours would change most")


def hours_by_manager(found: Evidence, unit: str) -> Html:
    """What better hours bring with each manager, and what one more hour is worth."""
    best = found.hours
    if best is None or not best.assessed:
        return Html("")
    rows = [
        {
            "name": found.manager(row["account_manager_id"]), "capacity": style.decimal(row["capacity"], 0), "moved": _moved(best.accounts, row["account_manager_id"]),
            "gain": style.money(row["gain"]), "hour": cells.money(row["worth_of_an_hour"]), "short": style.decimal(row["short"], 0) if row["short"] > 0 else "",
        }
        for row in best.managers.dropna(subset="value").sort_values("gain", ascending=False).to_dict("records")
    ]  # fmt: skip
    columns = {"name": "Account manager|", "capacity": "Hours a month", "moved": "of them better elsewhere", "gain": f"Kept and won more a year{cells.of(unit)}", "hour": "One more hour a month is worth a year", "short": "Short of the least, hours"}  # fmt: skip
    shown = {key: title for key, title in columns.items() if any(row[key] for row in rows)}
    return together(table(shown, rows, "By manager"), paragraph(_said(found, unit), "note"))


def _moved(accounts: pd.DataFrame, manager_id: str) -> str:
    return style.decimal(float(accounts.loc[accounts["account_manager_id"] == manager_id, "change"].clip(lower=0).sum()), 0)  # fmt: skip


def _said(found: Evidence, unit: str) -> str:
    best = found.hours
    assert best is not None
    given = found.assumptions["hours_elasticity"]
    ends = best.sensitivity(given.low, given.high)["gain_of_these"]
    recorded, there = found.people["hours_recorded"].sum(), found.people["hours_per_month"].sum()
    pattern = f" {style.count(recorded)} of {style.count(there)} hours a month are on record: their pattern stands for the others." if there else ""  # fmt: skip
    gap = (
        "to the cent the best there is"
        if best.gap < 0.01
        else f"at most {style.money(best.gap, unit)} from the best there is"
    )
    return (
        f"Expected {found.earned} kept and won, {style.money(best.gain, unit)} more a year ({style.money(float(ends.iloc[0]))} to {style.money(float(ends.iloc[1]))} as hours bring less or more). One per cent more hours lower the chance of leaving, and raise what offers bring, "
        f"by {given.value:g} per cent ({given.low:g} to {given.high:g}; {given.source}); that keeping follows it as selling does is assumed. Hours at most halve or double, a key account gets at least {best.key_hours:g} a month. That a renewal is near is not in it. Computed, {gap}.{pattern}"
    )
