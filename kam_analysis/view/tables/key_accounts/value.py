"""What the value score is made of, how firm the list is, and the stages of all accounts."""

from collections.abc import Mapping, Sequence

import pandas as pd

from kam_analysis.analysis.segments import CRITERIA
from kam_analysis.view import style
from kam_analysis.view.blocks import Html, paragraph, table, together
from kam_analysis.view.findings.key_accounts import Evidence


def criteria_table(left_out: Mapping[str, str], weights: Mapping[str, float]) -> Html:
    """Every criterion with its direction, unit and method, and what is not assessed."""
    columns = {"name": "Criterion|", "better": "Better|", "method": "How|", "weight": "Weight"}
    given = {each.name: weights.get(each.name, 1.0) for each in CRITERIA}
    whole = sum(given.values())
    rows = [
        {
            "name": each.label,
            "better": each.direction,
            "method": f"not assessed: {left_out[each.name]}"
            if each.name in left_out
            else f"{each.method} ({each.unit})",
            "weight": style.share(given[each.name] / whole, 0),
        }
        for each in CRITERIA
    ]
    note = "Each scaled from 0 (as our weakest twentieth) to 1 (as our strongest). Weights are equal unless the settings say otherwise."
    return together(table(columns, rows, "What counts as value"), paragraph(note, "note"))


def firmness_table(found: Evidence) -> Html:
    """In what part of all weightings each key account is among the best, with the simulation's error."""
    columns = {
        "name": "Customer|",
        "score": "Value score",
        "rests": "Rests on",
        "top": f"Among the best {found.limit}",
        "badge": "|",
    }
    rows = []
    for each in found.ordered:
        top, error = found.of(found.scores, each, "top"), found.of(found.scores, each, "error")
        if top is None:
            continue
        rows.append(
            {
                "name": found.name(each),
                "score": style.decimal(found.of(found.scores, each, "score"), 2),
                "rests": style.share(found.of(found.scores, each, "assessed_weight"), 0),
                "top": f"{style.share(top, 0)} ± {100 * error:.1f}",
                "badge": found.of(found.scores, each, "badge"),
            }
        )
    note = (
        f"In how many of {found.draws:,} weightings, drawn evenly from all possible ones, the customer is among the best "
        f'{found.limit} by value; firm from 90{style.GAP}% on. "Rests on": the part of the weight for which its data is there.'
    )
    return together(table(columns, rows, "Firm or borderline"), paragraph(note, "note")) if rows else Html("")


def changes_table(found: Evidence) -> Html:
    """Which key accounts change place among the best when one weight moves by ten points."""
    labels, keys = {each.name: each.label for each in CRITERIA}, set(found.keys["account_id"])
    rows = [
        {
            "what": f"{labels[row['criterion']]} {'+' if row['step'] > 0 else '−'}{abs(row['step']) * 100:.0f} points",
            "entered": _told(found, row["entered"], keys),
            "left": _told(found, row["left"], keys),
        }
        for row in found.changes.to_dict("records")
        if keys.intersection([*row["entered"], *row["left"]])
    ]
    if not rows:
        return paragraph(f"No key account enters or leaves the best {found.limit} when one weight moves by ten points.")
    columns = {"what": "Weight|", "entered": "Comes in|", "left": "Goes out|"}
    return table(columns, rows, f"Who changes place among the best {found.limit}")


def _told(found: Evidence, ids: Sequence[str], keys: set[str]) -> str:
    """Key accounts by name, others by their number."""
    names = [found.name(each) for each in ids if each in keys]
    others = len(ids) - len(names)
    return ", ".join([*names, *([f"{others} not key"] if others else [])]) or "nobody"


def stages_table(stages: pd.DataFrame, amounts: pd.Series, unit: str) -> Html:
    """How many accounts are in each stage, and what they bought in the period."""
    columns = {"stage": "Stage|", "n": "Customers", "amount": unit or "Sales"}
    joined = stages.assign(amount=stages["account_id"].map(amounts).fillna(0.0))
    rows = [
        {"stage": stage, "n": style.count(len(rows)), "amount": style.money(rows["amount"].sum())}
        for stage, rows in joined.groupby("stage", sort=False)
    ]
    return table(columns, rows, "Every customer that ever bought, by stage")
