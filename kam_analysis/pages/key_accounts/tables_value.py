"""What the value score is made of, how robust the list is, and the stages of all accounts."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from kam_analysis.analysis.segments import CRITERIA, FIRM, STAGES, stages_in_words
from kam_analysis.pages import style
from kam_analysis.pages.html import Html, paragraph
from kam_analysis.pages.key_accounts.parameters import SEED
from kam_analysis.pages.key_accounts.reasons import robust
from kam_analysis.pages.key_accounts.tables import customer, of_keys
from kam_analysis.pages.sentences import said_in
from kam_analysis.pages.table import Column, Table, columns_in, rows
from kam_analysis.pages.words import headed

if TYPE_CHECKING:
    from kam_analysis.pages.key_accounts.found import Found

say, declared = said_in(__file__), columns_in(__file__)

# More would only make the files heavy; the largest company's list is longer.
_MOST_PUBLISHED = 10_000


def criteria_table(found: "Found") -> Table:
    """Every criterion with its direction, unit and method, what it weighs, and what is not assessed."""
    weights = {each.name: found.weighed.get(each.name, 1.0) for each in CRITERIA}
    units, records = {"amount": found.about.unit or "amount"}, []
    for each in CRITERIA:
        method = f"{each.method} ({units.get(each.unit, each.unit)})"
        if each.name in found.left_out:
            method = say("value.not_assessed", why=found.left_out[each.name])
        weight = weights[each.name] / sum(weights.values())
        records.append({"name": each.label, "better": each.direction, "method": method, "weight": weight})
    return Table(say("value.criteria"), declared("criteria"), pd.DataFrame(records), notes=[say("value.criteria_note")])


def parts_table(found: "Found") -> Table:
    """How each key account stands on each criterion: what its score is made of."""
    assessed = [Column(each.name, each.label, "number") for each in CRITERIA if each.name in found.criteria]
    columns = declared("value_parts", made={"criteria": assessed}, written={"account_name": customer(found)})
    frame = of_keys(found, columns, found.criteria)
    return Table(say("value.parts"), columns, frame if assessed else frame.iloc[:0], missing=style.NOT_ASSESSED)


def firmness_table(found: "Found") -> Table:
    """In what part of all weightings each key account is among the best, with the simulation's error."""
    columns = declared(
        "firmness",
        of={"limit": found.limit},
        written={
            "account_name": customer(found),
            "top": _with_error,
            "badge": lambda row: robust(found, row["account_id"]),
        },
    )
    frame = of_keys(found, columns, found.scores, also=["error"]).dropna(subset=["top", "score"])
    of = {"draws": style.count(found.draws), "limit": found.limit, "firm": style.share(FIRM, 0), "seed": SEED}
    return Table(say("value.firmness"), columns, frame, notes=[say("value.firmness_note", **of)])


def _with_error(row: Any) -> str:
    return say("value.with_error", share=style.share(row["top"], 0), error=f"{100 * row['error']:.1f}")


def changes_table(found: "Found") -> Table | Html:
    """Which key accounts change place among the best when one weight moves by ten points."""
    labels, keys = {each.name: each.label for each in CRITERIA}, set(found.keys["account_id"])
    records = [
        {
            "what": say("value.step", criterion=labels[row["criterion"]], points=style.change(100 * row["step"])),
            "entered": _told(found, row["entered"], keys=keys),
            "left": _told(found, row["left"], keys=keys),
        }
        for row in found.changes.to_dict("records")
        if keys.intersection([*row["entered"], *row["left"]])
    ]
    if keys and not records:
        return paragraph(say("value.no_changes", limit=found.limit))
    columns = declared("changes")
    return Table(say("value.changes", limit=found.limit), columns, rows(records, columns))


def _told(found: "Found", ids: Sequence[str], *, keys: set[str]) -> str:
    """Key accounts by name; of the others the best by name."""
    names = [found.name(each) for each in ids if each in keys]
    others = [found.name(each) for each in ids if each not in keys]
    if len(others) == 1:
        names.append(say("value.not_key", who=others[0]))
    elif others:
        names.append(say("value.not_key_and_more", who=others[0], more=len(others) - 1))
    return ", ".join(names) or say("value.nobody")


def stages_table(found: "Found") -> Table:
    """How many accounts are in each stage, what they bought in the period, and where each stage begins."""
    columns = declared("stages", of={"measure": headed(found.about.measure_words)})
    amounts = found.standing["account_id"].map(found.book.accounts.set_index("account_id")["amount"]).fillna(0.0)
    sums = amounts.groupby(found.standing["stage"]).agg(n="size", amount="sum").reindex(list(STAGES), fill_value=0)
    frame = sums.rename_axis("stage").reset_index().assign(means=[stages_in_words()[each] for each in STAGES])
    frame = frame[(frame["n"] > 0) | (frame["stage"] != "not assessed")]  # two years of data assess everybody
    return Table(say("stages.caption"), columns, frame, unit=found.about.unit)


def lifecycle_table(found: "Found") -> Table:
    """The stage of each customer that ever bought, for `tables.xlsx`."""
    columns = declared("lifecycle", written={"account_name": customer(found)})
    stages = found.standing[["account_id", "account_name", "stage", "why"]].head(_MOST_PUBLISHED)
    return Table(say("stages.every"), columns, stages)
