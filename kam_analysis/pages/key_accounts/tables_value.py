"""What the value score is made of, how firm the list is, and the stages of all accounts."""

from collections.abc import Mapping, Sequence

import pandas as pd

from kam_analysis.analysis.segments import CRITERIA, STAGES, stages_in_words
from kam_analysis.pages import style
from kam_analysis.pages.html import Html, paragraph, table, together
from kam_analysis.pages.key_accounts.findings import SEED, Evidence


def criteria_table(left_out: Mapping[str, str], weights: Mapping[str, float], unit: str) -> Html:
    """Every criterion with its direction, unit and method, and what is not assessed."""
    columns = {"name": "Criterion|", "better": "Better if|", "method": "How|", "weight": "Weight"}
    given = {each.name: weights.get(each.name, 1.0) for each in CRITERIA}
    whole = sum(given.values())
    rows = [
        {
            "name": each.label,
            "better": each.direction,
            "method": f"not assessed: {left_out[each.name]}"
            if each.name in left_out
            else f"{each.method} ({(unit or 'amount') if each.unit == 'amount' else each.unit})",
            "weight": style.share(given[each.name] / whole),
        }
        for each in CRITERIA
    ]
    note = (
        "Each scaled from 0 (as our weakest twentieth) to 1 (as our strongest twentieth). Weights are equal unless [criteria] in the "
        "settings says otherwise; what is not assessed for a customer leaves its weight to the others."
    )
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
        if top is None or found.of(found.scores, each, "score") is None:
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
        f"{found.limit} by value; firm from 90{style.GAP}% on. After ±: the error of the draw in points (seed {SEED}). "
        f'"Rests on": the part of the weight for which its data is there.'
    )
    return together(table(columns, rows, "Firm or borderline"), paragraph(note, "note")) if rows else Html("")


def parts_table(found: Evidence) -> Html:
    """How each key account stands on each criterion: what its score is made of."""
    if found.criteria is None or not len(found.keys):
        return Html("")
    names = [each.name for each in CRITERIA if each.name in found.criteria]
    columns = {"name": "Customer|"} | {each.name: each.label for each in CRITERIA if each.name in names}
    rows = [
        {"name": found.name(each)} | {name: _part(found.of(found.criteria, each, name)) for name in names}
        for each in found.ordered
    ]
    return table(columns, rows, "How the key accounts stand on each (0-1)")


def _part(value: float | None) -> str:
    return style.NOT_ASSESSED if value is None else style.decimal(value, 2)


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
    if not keys:
        return Html("")
    if not rows:
        return paragraph(f"No key account enters or leaves the best {found.limit} when one weight moves by ten points.")
    columns = {"what": "Weight|", "entered": "Comes in|", "left": "Goes out|"}
    return table(columns, rows, f"Who changes place among the best {found.limit}")


def _told(found: Evidence, ids: Sequence[str], keys: set[str]) -> str:
    """Key accounts by name; of the others the best by name."""
    names = [found.name(each) for each in ids if each in keys]
    others = [found.name(each) for each in ids if each not in keys]
    if others:
        more = f" and {len(others) - 1} more" if len(others) > 1 else ""
        names.append(f"{others[0]}{more} (not key)")
    return ", ".join(names) or "nobody"


def stages_table(stages: pd.DataFrame, amounts: pd.Series, unit: str) -> Html:
    """How many accounts are in each stage, what they bought in the period, and where each stage begins."""
    columns = {"stage": "Stage|", "n": "Customers", "amount": unit or "Sales", "means": "Means|"}
    sums = stages["account_id"].map(amounts).fillna(0.0).groupby(stages["stage"]).agg(["size", "sum"])
    sums, words = sums.reindex(list(STAGES), fill_value=0), stages_in_words()
    rows = [
        {"stage": stage, "n": style.count(n), "amount": style.money(amount), "means": words[stage]}
        for stage, n, amount in zip(sums.index, sums["size"], sums["sum"], strict=True)
    ]
    return table(columns, rows, "Every customer that ever bought, by stage")
